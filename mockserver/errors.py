"""Every error that can reach a client, and THE table of how each looks on the wire.

The classes carry the names of the real server's exception tree.  A Python built-in (`ValueError`,
`TypeError`, `KeyError` …) raised by a call travels as itself, as it does there.  An error is raised
in one form, that of the newest server; what older ones make of it is done here, when it goes out.
Source: versions.md §2.2, §3.2, §9, §11.4; recorded in core-errors (1.6, 15.0, 17.0) and json2 (19.0).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from mockserver.profiles import Profile

ACCESS_DENIED = "Access Denied"


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
    """Wrong credentials; the usual text is the server's own, which `arguments` puts in."""

    def __init__(self, message: str = ACCESS_DENIED) -> None:
        super().__init__(message)


class AccessError(UserError):
    """The user may not do that."""


class MissingError(UserError):
    """The record does not exist any more."""


class ValidationError(UserError):
    """A constraint refused the values; `driver` is what the database driver said, where it was one of its own."""

    def __init__(self, message: str, driver: str = "") -> None:
        super().__init__(message)
        self.driver = driver


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


class HTTPError(Exception):
    """What the real server's web framework says in place of a call's value; `description` is its text."""

    status: int
    title: str
    default_description = ""

    def __init__(self, description: str = "") -> None:
        super().__init__()
        self.description = description or self.default_description

    def __str__(self) -> str:
        # without a description as older servers write all of them; recorded with REST routes (1.6)
        told = f"{self.status} {self.title}: {self.description}"
        return told if self.description else f"{self.status}: {self.title}"


class BadRequest(HTTPError):
    """The body is not what the route reads."""

    status, title = 400, "Bad Request"


class Unauthorized(HTTPError):
    """The request carries no key of a user, where it needs one."""

    status, title = 401, "Unauthorized"


class Forbidden(HTTPError):
    """The request contradicts itself: its session is on another database than its header names."""

    status, title = 403, "Forbidden"


class NotFound(HTTPError):
    """A route was reached, and the model or method that it should act on is not there."""

    status, title = 404, "Not Found"
    default_description = (
        "The requested URL was not found on the server. "
        "If you entered the URL manually please check your spelling and try again."
    )


class MethodNotAllowed(HTTPError):
    """The route does not take this verb."""

    status, title = 405, "Method Not Allowed"
    default_description = "The method is not allowed for the requested URL."


class UnprocessableEntity(HTTPError):
    """The arguments do not fit the method."""

    status, title = 422, "Unprocessable Entity"


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
_SPECIAL_NAMES = {
    SessionExpired: "http.SessionExpiredException",
    DatabaseExists: "service.db.DatabaseExists",
}


def wire_name(error: BaseException, profile: Profile) -> str:
    """The dotted class name that `data.name` shows, such as `odoo.exceptions.UserError`."""
    if isinstance(error, DatabaseError):
        return f"psycopg2.{error.name}"
    if isinstance(error, HTTPError):
        return f"werkzeug.exceptions.{type(error).__name__}"
    own = _SPECIAL_NAMES.get(type(error))
    if own is not None:
        return f"{profile.package}.{own}"
    for cls in type(error).__mro__:
        if cls.__module__ == __name__ and issubclass(cls, OdooError):
            return f"{profile.package}.{cls.path}.{cls.__name__}"
        if not cls.__module__.startswith("mockserver"):
            return f"{cls.__module__}.{cls.__qualname__}"
    raise AssertionError("every exception has a base of Python's own")


def arguments(error: BaseException, profile: Profile) -> tuple[Any, ...]:
    """The `args` that the exception has on the real server."""
    args, rules = error.args, profile.rules
    if isinstance(error, AccessDenied):
        return (rules.access_denied,) if args == (ACCESS_DENIED,) else args
    if not rules.exceptions_carry_value:
        return args
    if isinstance(error, RedirectWarning):
        return args[:3]
    if isinstance(error, _VALUE_NONE):
        return *args, None
    return (*args, "") if isinstance(error, UserError) else args


# those whose second argument is None where exceptions have one; that of other user errors is an empty text
_VALUE_NONE = (AccessError, MissingError, ValidationError)


def message(error: BaseException, profile: Profile) -> str:
    """The text of `data.message`: the arguments, one a line."""
    args = arguments(error, profile)
    return "\n".join(str(arg) for arg in args) if args else str(error)


def debug(error: BaseException, profile: Profile) -> str:
    """What stands where the real server sends its traceback: no frames, and the same last line."""
    name = wire_name(error, profile).removeprefix("builtins.")
    text = error_str(error, profile)
    return f"Traceback (most recent call last):\n  (frames are not sent)\n{name}: {text}\n"


def error_str(error: BaseException, profile: Profile) -> str:
    """What Python's `str` makes of the error on the real server: several arguments are a tuple."""
    args = arguments(error, profile)
    return str(error) if args == error.args else str(Exception(*args))


@dataclass(frozen=True)
class WireForm:
    """How one class is written: XML-RPC fault codes of both kinds, the JSON-2 status, `exception_type`.

    `v2` is the integer of `/xmlrpc/2/…`; `v1` the head of the string code of `/xmlrpc/…`.
    `None` means: the fault carries a traceback (v2 code 1, v1 code = the message).
    """

    v2: int
    v1: str | None
    json2: int
    kind: str = "internal_error"


# the order is the order in which the real server tests; the first match counts
TABLE: tuple[tuple[type[BaseException], WireForm], ...] = (
    (RedirectWarning, WireForm(2, "warning -- Warning", 422, "warning")),
    (MissingError, WireForm(2, "warning -- MissingError", 404, "missing_error")),
    (AccessError, WireForm(4, "warning -- AccessError", 403, "access_error")),
    (AccessDenied, WireForm(3, "AccessDenied", 403, "access_denied")),
    (ValidationError, WireForm(2, "warning -- UserError", 422, "validation_error")),
    (UserError, WireForm(2, "warning -- UserError", 422, "user_error")),
    (BadRequest, WireForm(1, None, 400)),
    (Unauthorized, WireForm(1, None, 401)),
    (Forbidden, WireForm(1, None, 403)),
    (NotFound, WireForm(1, None, 404)),
    (UnprocessableEntity, WireForm(1, None, 422)),
    (Exception, WireForm(1, None, 500)),
)


def wire_form(error: BaseException, profile: Profile) -> WireForm:
    """The row of `TABLE` for this error."""
    form = next(form for cls, form in TABLE if isinstance(error, cls))
    if isinstance(error, ValidationError) and profile.rules.exceptions_carry_value:
        # no UserError in those servers
        return replace(form, v2=1, v1=None)
    return form


def xmlrpc_fault(error: BaseException, path: int, profile: Profile) -> tuple[int | str, str]:
    """`(faultCode, faultString)` for `/xmlrpc/2/…` (path 2) or `/xmlrpc/…` (path 1)."""
    form = wire_form(error, profile)
    if form.v1 is None:
        return (form.v2 if path == 2 else message(error, profile)), debug(error, profile)
    args = arguments(error, profile)
    # of a user error that has two arguments the first is told; of others both
    named = len(args) == 2 and args[1] == ""
    text = args[0] if named else str(args) if isinstance(error, RedirectWarning) else error_str(error, profile)
    if path == 2:
        return form.v2, text
    if isinstance(error, AccessDenied):
        return form.v1, text
    return (f"warning -- {text}\n\n" if named else f"{form.v1}\n\n{text}"), ""


def error_data(error: BaseException, profile: Profile) -> dict[str, Any]:
    """The `data` of a JSON-RPC error, and the body of a JSON-2 error; the keys in the server's order."""
    values = {
        "name": wire_name(error, profile),
        "debug": debug(error, profile),
        "message": message(error, profile),
        "arguments": list(arguments(error, profile)),
        "exception_type": wire_form(error, profile).kind,
        "context": getattr(error, "context", {}),
    }
    return {key: values[key] for key in profile.rules.error_keys}
