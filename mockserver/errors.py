"""Every error that can reach a client, and the table of its form in each protocol.

The classes carry the names of the real server's exception tree.  A Python built-in (`ValueError`,
`TypeError`, `KeyError` …) raised by a call travels as itself, as it does there.  An error is raised
in one form, that of the newest server, and converted here to the form of older servers when it is sent.
Source: versions.md §2.2, §3.2, §9, §11.4; recorded in core-errors (1.6, 15.0, 17.0) and json2 (19.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from mockserver.profiles import Profile

ACCESS_DENIED = "Access Denied"


class OdooError(Exception):
    """Base of the errors that the server's own exception module defines."""

    path = "exceptions"

    # the value of `data.context` in the JSON error object
    context: Mapping[str, Any] = MappingProxyType({})


class NotDoneWarning(UserWarning):
    """A call through `env` asked for something that the real server does and the mock does not; see `docs/packs.md`.

    For calls of clients it is in the journal.
    """


class UserError(OdooError):
    """A rule of the application refused the call."""


class AccessDenied(UserError):
    """Wrong credentials; `arguments` replaces the default text by that of the profile's server."""

    def __init__(self, message: str = ACCESS_DENIED) -> None:
        super().__init__(message)


class AccessError(UserError):
    """The user may not do that."""


class MissingError(UserError):
    """The record does not exist any more."""


class ValidationError(UserError):
    """A constraint refused the values; `driver` is the driver's text for a constraint of the database."""

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
    """An error of the real server's web framework, sent in place of a call's value; `description` is its text."""

    status: int
    title: str
    default_description = ""

    def __init__(self, description: str = "") -> None:
        super().__init__()
        self.description = description or self.default_description

    def __str__(self) -> str:
        if self.description:
            return f"{self.status} {self.title}: {self.description}"
        # the form of older servers for all of these errors; recorded with REST routes (1.6)
        return f"{self.status}: {self.title}"


class BadRequest(HTTPError):
    """The body is not in the format that the route accepts."""

    status, title = 400, "Bad Request"


class Unauthorized(HTTPError):
    """The request needs a user's key and has none, or an invalid one."""

    status, title = 401, "Unauthorized"


class Forbidden(HTTPError):
    """The request's session and its header name different databases."""

    status, title = 403, "Forbidden"


class NotFound(HTTPError):
    """The route exists, but its model or method does not."""

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
    """An error that the real server's database driver raises; `name` is its class in `psycopg2`.

    Differs: the real text quotes the SQL statement; ours names the value and the type.
    """

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


class DatabaseExists(Exception):
    """`create_database`, `duplicate_database` or `rename` was given a name that is in use."""


# names sent for the classes that the real server defines outside of `exceptions` or under another name
_SPECIAL_NAMES = {
    SessionExpired: "http.SessionExpiredException",
    DatabaseExists: "service.db.DatabaseExists",
}


def wire_name(error: BaseException, profile: Profile) -> str:
    """Return the dotted class name that `data.name` shows, such as `odoo.exceptions.UserError`."""
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
    raise AssertionError("every exception has a base class outside of mockserver")


def arguments(error: BaseException, profile: Profile) -> tuple[Any, ...]:
    """Return the `args` that the exception has on the real server."""
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


# classes whose second argument is None in servers that add one; other user errors get an empty string
_VALUE_NONE = (AccessError, MissingError, ValidationError)


def message(error: BaseException, profile: Profile) -> str:
    """Return the text of `data.message`: the arguments, one per line."""
    args = arguments(error, profile)
    return "\n".join(str(arg) for arg in args) if args else _text(error, profile)


def debug(error: BaseException, profile: Profile) -> str:
    """Return the text sent in place of the real server's traceback: no frames, but the same last line."""
    name = wire_name(error, profile).removeprefix("builtins.")
    text = error_str(error, profile)
    return f"Traceback (most recent call last):\n  (frames are not sent)\n{name}: {text}\n"


def error_str(error: BaseException, profile: Profile) -> str:
    """Return `str(error)` as the real server gives it: several arguments appear as a tuple."""
    args = arguments(error, profile)
    return _text(error, profile) if args == error.args else str(Exception(*args))


def _text(error: BaseException, profile: Profile) -> str:
    if not isinstance(error, HTTPError):
        return str(error)
    wide = error.description.replace(". ", ".  ")
    template = profile.rules.http_error_text if error.description else "{status}: {title}"
    return template.format(status=error.status, title=error.title, description=error.description, wide=wide)


@dataclass(frozen=True)
class WireForm:
    """The form of one class: XML-RPC fault codes of both kinds, the JSON-2 status, `exception_type`.

    `v2` is the integer code of `/xmlrpc/2/…`; `v1` the beginning of the string code of `/xmlrpc/…`.
    With `v1` None the fault carries a traceback (v2 code 1, v1 code = the message).
    """

    v2: int
    v1: str | None
    json2: int
    kind: str = "internal_error"


# in the order in which the real server tests the classes; the first match counts
TABLE: tuple[tuple[type[BaseException], WireForm], ...] = (
    (RedirectWarning, WireForm(2, "warning -- Warning", 422, "warning")),
    (MissingError, WireForm(2, "warning -- MissingError", 404, "missing_error")),
    (AccessError, WireForm(4, "warning -- AccessError", 403, "access_error")),
    (AccessDenied, WireForm(3, "AccessDenied", 403, "access_denied")),
    (SessionExpired, WireForm(1, None, 403)),
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
    """Return the row of `TABLE` for this error."""
    form = next(form for cls, form in TABLE if isinstance(error, cls))
    if isinstance(error, ValidationError) and profile.rules.exceptions_carry_value:
        # no UserError in those servers
        return replace(form, v2=1, v1=None)
    return form


def xmlrpc_fault(error: BaseException, path: int, profile: Profile) -> tuple[int | str, str]:
    """Return `(faultCode, faultString)` for `/xmlrpc/2/…` (path 2) or `/xmlrpc/…` (path 1)."""
    form = wire_form(error, profile)
    if form.v1 is None:
        return (form.v2 if path == 2 else message(error, profile)), debug(error, profile)
    args = arguments(error, profile)
    # a user error with two arguments shows the first alone; other errors show both
    named = len(args) == 2 and args[1] == ""
    text = args[0] if named else str(args) if isinstance(error, RedirectWarning) else error_str(error, profile)
    if path == 2:
        return form.v2, text
    if isinstance(error, AccessDenied):
        return form.v1, text
    return (f"warning -- {text}\n\n" if named else f"{form.v1}\n\n{text}"), ""


def error_data(error: BaseException, profile: Profile) -> dict[str, Any]:
    """Return the `data` of a JSON-RPC error or the body of a JSON-2 error, keys in the server's order."""
    values = {
        "name": wire_name(error, profile),
        "debug": debug(error, profile),
        "message": message(error, profile),
        "arguments": list(arguments(error, profile)),
        "exception_type": wire_form(error, profile).kind,
        "context": dict(getattr(error, "context", {})),
    }
    return {key: values[key] for key in profile.rules.error_keys}
