"""`/json/2/<model>/<method>`: named arguments and plain JSON, with an API key in the header.

Source: versions.md §11.2-11.4; recorded in json2 (19.0).
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from werkzeug.exceptions import InternalServerError, NotFound as PageNotFound, Unauthorized, UnsupportedMediaType

from mockserver import errors
from mockserver.dialects import Reply, Request, Route, to_json, with_header
from mockserver.dialects.volume import json_value
from mockserver.dialects.web.session import SessionDialect, check_same_database, header_database, login_redirect
from mockserver.orm.database import Database
from mockserver.services import Call
from mockserver.services.auth import key_owner
from mockserver.services.named_arguments import execute_named

_NO_KEY = "User not authenticated, use an API Key with a Bearer Authorization header."
_WRONG_KEY = "Invalid apikey"
_NO_BROWSER = 'Missing "Authorization" or Sec-headers for interactive usage.'
_NO_DATABASE = (
    "<p>No database is selected and the requested URL was not found in the server-wide controllers.</p>"
    "<p>Please verify the hostname, or name the database in the header X-Odoo-Database.</p>"
)
_DID_YOU_MEAN = "Did you mean POST /json/2/<model>/<method>?"


class BearerDialect(SessionDialect):
    """Routes whose user is known from an API key, or from the session of a browser."""

    def database(self, request: Request) -> Database:
        """Return the database named by the header or the session, or the only one; raises werkzeug's NotFound."""
        databases = self.services.databases
        session = request.session = self.services.sessions.get(self.session_id(request))
        check_same_database(request, session)
        name = header_database(request) or (session.db if session else None)
        if name is None and len(databases) == 1:
            name = next(iter(databases))
        database = databases.get(name) if name else None
        if database is None:
            raise PageNotFound(_NO_DATABASE)
        return database

    def user(self, request: Request, database: Database) -> int:
        """Return the id of the user; raises Unauthorized."""
        key, session = request.bearer, request.session
        if key is not None:
            uid = key_owner(database, key)
            if uid is None:
                raise errors.Unauthorized(_WRONG_KEY)
            if session is not None and session.uid != uid:
                raise errors.AccessDenied("Session user does not match the used apikey")
            return uid
        if session is None:
            raise errors.Unauthorized(_NO_KEY)
        if not _typed_in_a_browser(request):
            raise errors.Unauthorized(_NO_BROWSER)
        return session.uid

    def render(self, request: Request, value: Any) -> Reply:
        """Return the value as JSON, without an envelope."""
        return Reply("200 OK", self.profile.rules.json_content_type, self._json(value))

    def render_error(self, request: Request, error: Exception) -> Reply:
        """Return the description of the error, with the status of its class."""
        status = HTTPStatus(errors.wire_form(error, self.profile).json2)
        body = errors.error_data(error, self.profile)
        if isinstance(error, errors.HTTPError):
            body |= {"message": error.description, "arguments": [error.description, error.status]}
        headers = (("WWW-Authenticate", "bearer"),) if isinstance(error, errors.Unauthorized) else ()
        text = self._json(body)
        return Reply(f"{status.value} {status.phrase}", self.profile.rules.json_content_type, text, headers)

    def _json(self, value: Any) -> bytes:
        """Return the text of a value; raises InternalServerError for bytes that are no text."""
        try:
            return to_json(value, self.profile)
        except UnicodeDecodeError:
            raise InternalServerError() from None


class Json2(BearerDialect):
    """The route for calls, and routes whose 404 names it."""

    name = "json2"
    routes = (
        Route("/json/2/<model>/<method>", "call", since=19),
        Route("/json/2", "elsewhere", since=19),
        Route("/json/2/<path:path>", "elsewhere", since=19),
    )

    def parse(self, request: Request) -> Call:
        """Return the call; every key of the body other than `ids` and the names in the path is an argument."""
        database = self.database(request)
        if request.route.endpoint != "call" or request.method not in ("POST", "OPTIONS"):
            raise errors.NotFound(_DID_YOU_MEAN)
        text = request.body()
        if text and request.media_type != "application/json":
            refusal = UnsupportedMediaType(f"{request.path} wants the Content-Type application/json.")
            raise with_header(refusal, "Accept", "application/json")
        uid = self.user(request, database)
        arguments = _arguments(text)
        ids = arguments.pop("ids", ())
        model, method = request.arguments["model"], request.arguments["method"]
        call = Call(self.name, "json2", method, db=database.name, uid=uid, model=model)
        call.args, call.kwargs = [ids], arguments
        if b"\\ud" in text.lower() and not _is_encodable(arguments):
            raise InternalServerError()  # the server fails to write the error of its database
        return call

    def perform(self, request: Request, call: Call) -> Any:
        """Call the method and return its value."""
        return execute_named(self.services.databases.connect(call.db), call, call.args[0])


class Json1(BearerDialect):
    """The data of a page as JSON, which an administrator must enable; here it is always disabled.

    Source: versions.md §11.5; recorded in json2-calls (19.0).
    """

    name = "json1"
    routes = (
        Route("/json/1/<path:path>", "bearer", since=18),
        Route("/json/<path:path>", "user", since=18),
    )

    def parse(self, request: Request) -> Call:
        """Raise the answer: 401, the login page, or 404."""
        database = self.database(request)
        if request.route.endpoint == "user" and request.session is None:
            raise login_redirect(request, self.profile.rules)
        if request.route.endpoint == "bearer":
            try:
                self.user(request, database)
            except errors.Unauthorized as error:
                raise with_header(Unauthorized(error.description), "WWW-Authenticate", "bearer") from None
        raise PageNotFound()


def _typed_in_a_browser(request: Request) -> bool:
    """Return whether the headers are those of an address that a person typed or followed on the server's own pages."""
    site, *others = (request.environ.get(f"HTTP_SEC_FETCH_{name}") for name in ("SITE", "DEST", "MODE", "USER"))
    return site in ("same-origin", "none") and others == ["document", "navigate", "?1"]


def _is_encodable(value: Any) -> bool:
    """Return whether no text has half of a surrogate pair."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _arguments(text: bytes) -> dict[str, Any]:
    """Return the named arguments of a body; none if it is not an object."""
    if not text:
        return {}
    try:
        body = json_value(text.decode("utf-8", "replace"))
    except ValueError as error:
        raise errors.BadRequest(f"could not parse the body as json: {error}") from None
    if not isinstance(body, dict):
        return {}
    # the names in the path have priority over these in the body
    return {name: value for name, value in body.items() if name not in ("__model__", "__method__")}
