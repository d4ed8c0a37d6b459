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
    from mockserver.profiles.deprecations import MockserverDeprecationWarning
    from mockserver.server import MockServer

__version__ = "0.1.0"

__all__ = [
    "AccessDenied",
    "AccessError",
    "MissingError",
    "MockServer",
    "MockserverDeprecationWarning",
    "OdooError",
    "RedirectWarning",
    "SessionExpired",
    "UserError",
    "ValidationError",
    "__version__",
]

_MODULES = {
    "MockServer": "mockserver.server",
    "MockserverDeprecationWarning": "mockserver.profiles.deprecations",
}


def __getattr__(name: str) -> Any:
    # importing the server costs 0.1 s, and the pytest plugin imports this package in every run
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = _MODULES.get(name, "mockserver.errors")
    return getattr(importlib.import_module(module), name)
