"""Plain HTTP routes that look at a session: who asks, what a failure looks like, and conditional answers."""

from __future__ import annotations

from urllib.parse import quote

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from mockserver.dialects import Reply, Request
from mockserver.dialects.web.session import (
    SessionDialect,
    check_same_database,
    error_page,
    header_database,
    login_redirect,
)
from mockserver.orm.database import Database
from mockserver.orm.records.environment import Environment
from mockserver.services.sessions import Session

PUBLIC_USER = "base.public_user"


class HttpDialect(SessionDialect):
    """Base of routes that answer a page or a file, and whose failures are pages of HTML."""

    def session_env(self, request: Request) -> Environment:
        """Return the database as the session's user sees it, or as the public user without one.

        Raises werkzeug's NotFound when no database is known: there are several, and neither a session nor a header
        names one.
        """
        session = self.services.sessions.get(self.session_id(request))
        databases = self.services.databases
        named = header_database(request) if self.profile.rules.database_header else None
        if named is not None:
            check_same_database(request, session)
        if session is not None:
            return databases.connect(session.db).env(session.uid, session.context)
        if named is None and len(databases) == 1:
            named = next(iter(databases))
        database = databases.get(named) if named is not None else None
        public = _public_user(database) if database is not None else None
        if database is None or public is None:
            raise NotFound()
        return database.env(public)

    def require_session(self, request: Request) -> Session:
        """Return the session; raises the redirection to the login page without one."""
        session = request.session = self.services.sessions.get(self.session_id(request))
        if session is None:
            raise login_redirect(request, self.profile.rules)
        return session

    def render_error(self, request: Request, error: Exception) -> Reply:
        """Raises the page that tells the error, or hides it."""
        raise error_page(error, self.profile.rules) from error


def _public_user(database: Database) -> int | None:
    user = database.env(database.profile.superuser_id).ref(PUBLIC_USER, raise_if_not_found=False)
    return user._ids[0] if user else None


def conditional_reply(request: Request, response: Response) -> Reply:
    """Return the answer as the request's conditions have it: in full, 304 for what the client has, 206 for a range.

    The response has its ETag already.  Raises werkzeug's RequestedRangeNotSatisfiable.
    """
    length = len(response.get_data())
    response.make_conditional(request.environ, accept_ranges=True, complete_length=length)
    unchanged = response.status_code == 304
    content_type = "" if unchanged else response.headers["Content-Type"]
    # the date is for whoever sends the answer: werkzeug's is not that of the server's clock
    left_out = ("content-type", "content-length", "date")
    headers = tuple((name, value) for name, value in response.headers if name.lower() not in left_out)
    return Reply(response.status, content_type, b"" if unchanged else response.get_data(), headers)


def attachment_disposition(name: str) -> str:
    """Return the Content-Disposition of a download of that name."""
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}"
