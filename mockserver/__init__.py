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

__version__ = "0.1.0"

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
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_MODULES.get(name, "mockserver.errors")), name)
