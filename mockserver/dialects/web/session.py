"""Session cookies: reading and setting the session id, and the answers to requests without a session.

Source: versions.md §1.2, §1.3, §1.4; recorded in core-envelope, web-session (17.0).

Differs: a server with several databases, which does not know the one of a request, answers 404 to a cookie without a
valid session too.  In all versions but 17.0 the mock answers a request without a cookie as such a server does, even if
it has only one database, since only such servers were recorded.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, quote, urlencode

from werkzeug.exceptions import BadRequest, Forbidden, HTTPException, InternalServerError, NotFound
from werkzeug.http import dump_cookie
from werkzeug.utils import redirect

from mockserver import errors
from mockserver.dialects import Reply, Request
from mockserver.dialects.rpc.envelope import JsonRpcDialect
from mockserver.profiles import Rules
from mockserver.services import Call
from mockserver.services.sessions import Session

COOKIE = "session_id"
_TWO_DATABASES = "Cannot use both the session_id cookie and the x-odoo-database header."


def header_database(request: Request) -> str | None:
    """Return the database that the header `X-Odoo-Database` names."""
    return request.environ.get("HTTP_X_ODOO_DATABASE") or None


def check_same_database(request: Request, session: Session | None) -> None:
    """Raise werkzeug's Forbidden if the session and the header name different databases."""
    named = header_database(request)
    if session is not None and named is not None and session.db != named:
        raise Forbidden(_TWO_DATABASES)


def base_url(request: Request) -> str:
    """Return the server's address as the client used it."""
    environ = request.environ
    host = environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"
    return f"{environ['wsgi.url_scheme']}://{host}"


def login_redirect(request: Request, rules: Rules) -> HTTPException:
    """Return a plain HTTP route's answer without a session: 303 to the login page, with the address to return to.

    Source: rest-yezy §1 and its recordings.
    """
    query = request.environ.get("QUERY_STRING", "")
    path = request.path.encode("latin-1", "replace").decode("utf-8", "replace")  # WSGI decodes paths as Latin-1
    if rules.login_page_absolute:
        root = base_url(request)
        back = root + quote(path) + (f"?{query}" if query else "")
    else:
        root, back = "", f"{path}?{query}"
    location = f"{root}/web/login?{urlencode({'redirect': back})}"
    return HTTPException(response=redirect(location, 303))


def error_page(error: Exception, rules: Rules) -> HTTPException:
    """Return a plain HTTP route's answer to an error: a page with or without the error's text.

    Source: rest-yezy §1.
    """
    if isinstance(error, HTTPException):
        return error
    if rules.plain_errors_told and isinstance(error, errors.UserError):
        text = str(error.args[0]) if error.args else ""
        denied = isinstance(error, (errors.AccessError, errors.AccessDenied))
        return Forbidden(text) if denied else BadRequest(text)
    return InternalServerError(original_exception=error)


class SessionDialect(JsonRpcDialect):
    """Base of JSON-RPC routes with a session."""

    name = "web"

    def session_id(self, request: Request) -> str:
        """Return the session id of the cookie; in older servers also of the query string or a header."""
        environ = request.environ
        if self.profile.rules.session_in_header:
            query = parse_qs(environ.get("QUERY_STRING", ""))
            sid = query.get("session_id", [""])[0] or environ.get("HTTP_X_OPENERP_SESSION_ID")
            if sid:
                request.no_cookie = True
                return str(sid)
        return request.cookie(COOKIE)

    def session(self, request: Request) -> Session:
        """Return the session of the request; raises `SessionExpired`, or NotFound if no database is known."""
        rules = self.profile.rules
        sid = self.session_id(request)
        session = request.session = self.services.sessions.get(sid) if sid else None
        if rules.database_header:
            check_same_database(request, session)
        if session is not None:
            return session
        if sid or (rules.database_header and header_database(request)):
            raise errors.SessionExpired()
        shown = rules.session_info_without_login and request.route.endpoint == "get_session_info"
        if shown or rules.login_missing_expires or self.knows_database:
            raise errors.SessionExpired()
        raise errors.NotFound() if rules.json_errors_for_unknown_urls else NotFound()

    @property
    def knows_database(self) -> bool:
        """Whether the server knows the database of every request, since it has only one."""
        return self.profile.rules.one_database_known and len(self.services.databases) == 1

    def as_user(self, request: Request) -> tuple[Session, dict[str, Any]]:
        """Return the session and the params; newer servers check the session first, so its errors have no id."""
        if self.profile.rules.expired_keeps_id:
            params = self.params(request)
            return self.session(request), params
        return self.session(request), self.params(request)

    def call(self, session: Session, service: str, method: str, args: Any = ()) -> Call:
        """Return a call of the session's user."""
        return Call(self.name, service, method, args, db=session.db, uid=session.uid)

    def with_cookie(self, request: Request, reply: Reply) -> Reply:
        """Return the answer with the cookie of the request's session, unless the client sent the id another way."""
        return reply if request.session is None else self.with_sid(request, reply, request.session.sid)

    def with_any_cookie(self, request: Request, reply: Reply) -> Reply:
        """Return the answer with the cookie of the request's session, or of an unused session id if there is none."""
        session = request.session
        return self.with_sid(request, reply, session.sid if session else self.services.sessions.new_id())

    def with_sid(self, request: Request, reply: Reply, sid: str) -> Reply:
        """Return the answer with a cookie of that session id."""
        if request.no_cookie:
            return reply
        cookie = dump_cookie(COOKIE, sid, max_age=self.profile.session_seconds, path="/", httponly=True)
        return reply._replace(headers=(*reply.headers, ("Set-Cookie", cookie)))
