"""Every error that can reach a client, and THE table of how each looks on the wire.

The classes carry the names of the real server's exception tree.  A Python built-in (`ValueError`,
`TypeError`, `KeyError` …) raised by a call travels as itself, as it does there.
Source: versions.md §2.2, §3.2, §9; recorded in core-errors (17.0).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class OdooError(Exception):
    """Base of the errors that the server's own exception module defines."""

    path = "exceptions"

    @property
    def context(self) -> dict[str, Any]:
        """What the JSON error object shows under `data.context`."""
        return {}


class UserError(OdooError):
    """A rule of the application refused the call."""


class AccessDenied(UserError):
    """Wrong credentials."""

    def __init__(self, message: str = "Access Denied") -> None:
        super().__init__(message)


class AccessError(UserError):
    """The user may not do that."""


class MissingError(UserError):
    """The record does not exist any more."""


class ValidationError(UserError):
    """A constraint refused the values."""


class RedirectWarning(OdooError):
    """An error that offers an action: `(text, action or its id, button label, additional context)`."""

    def __init__(
        self,
        message: str,
        action: int | dict[str, Any],
        button_text: str,
        additional_context: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message, action, button_text, additional_context)


class SessionExpired(OdooError):
    """A route that needs a login was called without one."""

    path = "http"

    def __init__(self, message: str = "Session expired") -> None:
        super().__init__(message)


class DatabaseError(Exception):
    """What the database driver would have said; `name` is its class below `psycopg2`.

    Differs: the real text quotes the SQL statement; ours names the value and the type.
    """

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


class DatabaseExists(Exception):
    """`create_database`, `duplicate_database` or `rename` met a taken name."""


# wire names of the classes whose module below the product's package is not `exceptions`,
# or whose name there is another one
_OWN_NAMES = {
    SessionExpired: "http.SessionExpiredException",
    DatabaseExists: "service.db.DatabaseExists",
}


def wire_name(error: BaseException, package: str = "odoo") -> str:
    """The dotted class name that `data.name` shows, such as `odoo.exceptions.UserError`.

    `package` is the product's root package (`Profile.package`).
    """
    if isinstance(error, DatabaseError):
        return f"psycopg2.{error.name}"
    own = _OWN_NAMES.get(type(error))
    if own is not None:
        return f"{package}.{own}"
    for cls in type(error).__mro__:
        if cls.__module__ == __name__ and issubclass(cls, OdooError):
            return f"{package}.{cls.path}.{cls.__name__}"
        if not cls.__module__.startswith("mockserver"):
            return f"{cls.__module__}.{cls.__qualname__}"
    raise AssertionError("every exception has a base of Python's own")


def message(error: BaseException) -> str:
    """The text of `data.message`: the arguments, one a line."""
    return "\n".join(str(arg) for arg in error.args)


def debug(error: BaseException, package: str = "odoo") -> str:
    """What stands where the real server sends its traceback: no frames, and the same last line."""
    name = wire_name(error, package).removeprefix("builtins.")
    text = str(error)
    return f"Traceback (most recent call last):\n  (frames are not sent)\n{name}: {text}\n"


@dataclass(frozen=True)
class WireForm:
    """How one class is written: XML-RPC fault codes of both generations, and the JSON-2 status.

    `v2` is the integer of `/xmlrpc/2/…`; `v1` the head of the string code of `/xmlrpc/…`.
    `None` means: the fault carries a traceback (v2 code 1, v1 code = the message).
    """

    v2: int
    v1: str | None
    json2: int


# the order is the order in which the real server tests; the first match counts
TABLE: tuple[tuple[type[BaseException], WireForm], ...] = (
    (RedirectWarning, WireForm(2, "warning -- Warning", 422)),
    (MissingError, WireForm(2, "warning -- MissingError", 404)),
    (AccessError, WireForm(4, "warning -- AccessError", 403)),
    (AccessDenied, WireForm(3, "AccessDenied", 403)),
    (UserError, WireForm(2, "warning -- UserError", 422)),
    (Exception, WireForm(1, None, 500)),
)


def wire_form(error: BaseException) -> WireForm:
    """The row of `TABLE` for this error."""
    return next(form for cls, form in TABLE if isinstance(error, cls))


def xmlrpc_fault(error: BaseException, generation: int, package: str = "odoo") -> tuple[int | str, str]:
    """`(faultCode, faultString)` for `/xmlrpc/2/…` (generation 2) or `/xmlrpc/…` (generation 1)."""
    form = wire_form(error)
    text = str(error.args) if isinstance(error, RedirectWarning) else str(error)
    if generation == 2:
        return form.v2, debug(error, package) if form.v1 is None else text
    if form.v1 is None:
        return message(error), debug(error, package)
    if isinstance(error, AccessDenied):
        return form.v1, text
    return f"{form.v1}\n\n{text}", ""
