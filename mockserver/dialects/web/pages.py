"""Plain HTTP routes with a session: the user, error pages, and conditional answers."""

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
    """Base of routes that answer with a page or a file, and with HTML pages for errors."""

    def session_env(self, request: Request) -> Environment:
        """Return the environment of the session's user, or of the public user without a session.

        Raises werkzeug's NotFound if the database is unknown: there are several, and neither a session nor a header
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
        """Return the session; without one raises the redirect to the login page."""
        session = request.session = self.services.sessions.get(self.session_id(request))
        if session is None:
            raise login_redirect(request, self.profile.rules)
        return session

    def render_error(self, request: Request, error: Exception) -> Reply:
        """Raise the page for an error, with or without its text."""
        raise error_page(error, self.profile.rules) from error


def _public_user(database: Database) -> int | None:
    user = database.env(database.profile.superuser_id).ref(PUBLIC_USER, raise_if_not_found=False)
    return user._ids[0] if user else None


def conditional_reply(request: Request, response: Response) -> Reply:
    """Return the answer under the request's conditions: complete, 304 if the client has it, 206 for a range.

    The response must have its ETag.  Raises werkzeug's RequestedRangeNotSatisfiable.
    """
    length = len(response.get_data())
    response.make_conditional(request.environ, accept_ranges=True, complete_length=length)
    unchanged = response.status_code == 304
    content_type = "" if unchanged else response.headers["Content-Type"]
    # the HTTP server adds the date, content type and length
    left_out = ("content-type", "content-length", "date")
    headers = tuple((name, value) for name, value in response.headers if name.lower() not in left_out)
    return Reply(response.status, content_type, b"" if unchanged else response.get_data(), headers)


def attachment_disposition(name: str) -> str:
    """Return the Content-Disposition of a download with that file name."""
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}"
