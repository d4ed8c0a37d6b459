"""A stateful mock of Odoo's external API."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mockserver.errors import (
        AccessDenied,
        AccessError,
        MissingError,
        OdooError,
        RedirectWarning,
        SessionExpired,
        UserError,
        ValidationError,
    )
    from mockserver.orm.schema.model import ModelError
    from mockserver.profiles.deprecations import MockserverDeprecationWarning
    from mockserver.server.server import MockServer
    from mockserver.testing.faults import (
        Delay,
        Garbage,
        HttpError,
        Reset,
        SerializationFailure,
        ServerError,
        SlowBody,
        Timeout,
        Truncate,
    )

__version__ = "0.2.0"
# tells this package from another one of the same name; see odoo_mockserver.py
DISTRIBUTION = "odoo-mockserver"

__all__ = [
    "AccessDenied",
    "AccessError",
    "Delay",
    "Garbage",
    "HttpError",
    "MissingError",
    "MockServer",
    "MockserverDeprecationWarning",
    "ModelError",
    "OdooError",
    "RedirectWarning",
    "Reset",
    "SerializationFailure",
    "ServerError",
    "SessionExpired",
    "SlowBody",
    "Timeout",
    "Truncate",
    "UserError",
    "ValidationError",
    "__version__",
]

_FAULTS = (
    "Delay",
    "Garbage",
    "HttpError",
    "Reset",
    "SerializationFailure",
    "ServerError",
    "SlowBody",
    "Timeout",
    "Truncate",
)
_MODULES = {
    "MockServer": "mockserver.server.server",
    "MockserverDeprecationWarning": "mockserver.profiles.deprecations",
    "ModelError": "mockserver.orm.schema.model",
    **dict.fromkeys(_FAULTS, "mockserver.testing.faults"),
}


def __getattr__(name: str) -> Any:
    # importing the server costs 0.1 s, and the pytest plugin imports this package in every run
    if name not in __all__:
        if name[:1].isupper():
            _refuse_foreign()
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_MODULES.get(name, "mockserver.errors")), name)


def _refuse_foreign() -> None:
    """Raise ImportError when the package that has the name that was asked for may lie in our folder."""
    from pathlib import Path

    from odoo_mockserver import mixed

    problem = mixed(Path(__file__).parent)
    if problem:
        raise ImportError(problem)
