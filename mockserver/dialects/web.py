"""The web client's routes: sessions behind a cookie, model methods, and two pages for people.

Source: versions.md §1.3, §1.4, §5; recorded in core-envelope (17.0).

Differs: the real server answers a cookie of no valid session this way only while it serves one database;
with more it knows no database then, and answers 404.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.exceptions import NotFound
from werkzeug.http import dump_cookie, parse_cookie

from mockserver.dialects import HTML, JsonRpcDialect, Reply, Request, Route, page, required
from mockserver.errors import SessionExpired
from mockserver.services import Call
from mockserver.services.session_info import session_info
from mockserver.services.sessions import Session

COOKIE = "session_id"
_READ = frozenset({"GET", "HEAD", "OPTIONS"})


class Web(JsonRpcDialect):
    """JSON-RPC routes of their own parameters; a login is a session."""

    name = "web"
    routes = (
        Route("/web/session/authenticate", "authenticate"),
        Route("/web/session/get_session_info", "get_session_info"),
        Route("/web/session/check", "check"),
        Route("/web/session/destroy", "destroy"),
        Route("/web/dataset/call_kw", "call_kw"),
        Route("/web/dataset/call_kw/<path:path>", "call_kw"),
        Route("/web/dataset/call_button", "call_button"),
        Route("/web/webclient/version_info", "version_info"),
        Route("/web/database/list", "database_list"),
        Route("/", "root", _READ),
        Route("/web", "home", _READ),
        Route("/web/login", "home"),
    )

    # -- the request

    def parse(self, request: Request) -> Call:
        """The call; raises `SessionExpired` (or NotFound without a cookie) where a login is needed."""
        endpoint = request.route.endpoint
        if endpoint in ("root", "home"):
            return Call(self.name, "page", endpoint)
        if endpoint == "version_info":
            self.params(request)
            return Call(self.name, "common", "version")
        if endpoint == "database_list":
            self.params(request)
            return Call(self.name, "db", "list")
        if endpoint == "authenticate":
            names = ("db", "login", "password")
            db, login, password = required("Session.authenticate", names, self.params(request))
            return Call(self.name, "session", endpoint, (password,), db=db, login=login)
        return self._parse_as_user(request, endpoint)

    def _parse_as_user(self, request: Request, endpoint: str) -> Call:
        session = self._session(request)
        params = self.params(request)
        call = Call(self.name, "session", endpoint, db=session.db, uid=session.uid)
        if endpoint in ("call_kw", "call_button"):
            call.service = "dataset"
            names = ("model", "method", "args", "kwargs")
            call.model, call.method, call.args, call.kwargs = required(f"DataSet.{endpoint}", names, params)
        return call

    def _session(self, request: Request) -> Session:
        """The session of the cookie, which is looked at before the body is: so an error has no id."""
        sid = parse_cookie(request.environ).get(COOKIE)
        if not sid:
            raise NotFound()
        session = request.session = self.services.sessions.get(sid)
        if session is None:
            raise SessionExpired()
        return session

    # -- the call

    def perform(self, request: Request, call: Call) -> Any:
        """The value of the call; a `Reply` for a page."""
        action = _ACTIONS.get(request.route.endpoint)
        return self.services.rpc(call) if action is None else action(self, request, call)

    def _authenticate(self, request: Request, call: Call) -> Any:
        sessions = self.services.sessions
        session = sessions.open(call.db, call.login, call.args[0])
        call.uid = session.uid
        # a login gives a fresh id, and the one that came with the request ends
        sessions.close(parse_cookie(request.environ).get(COOKIE, ""))
        request.session = session
        return self._get_session_info(request, call)

    def _get_session_info(self, request: Request, call: Call) -> Any:
        assert request.session is not None
        environ = request.environ
        host = environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"
        database = self.services.databases.connect(call.db)
        return session_info(database, request.session, f"{environ['wsgi.url_scheme']}://{host}")

    def _check(self, request: Request, call: Call) -> None:
        """The session was looked at already."""

    def _destroy(self, request: Request, call: Call) -> None:
        assert request.session is not None
        self.services.sessions.close(request.session.sid)

    def _call_kw(self, request: Request, call: Call) -> Any:
        if self.services.databases.connect(call.db).registry.get(call.model or "") is None:
            # other than over /jsonrpc: versions.md §1.4
            raise KeyError(call.model)
        return self.services.execute(call)

    def _call_button(self, request: Request, call: Call) -> Any:
        action = self._call_kw(request, call)
        return action if isinstance(action, dict) and action.get("type") != "" else False

    def _home(self, request: Request, call: Call) -> Reply:
        names = ", ".join(f"<code>{name}</code>" for name in sorted(self.services.databases)) or "none"
        return page(
            "mockserver",
            f"<p>A mock of the external API of {self.profile.brand} {self.profile.server_version}; "
            "there is no web client here.</p>"
            "<p>XML-RPC: <code>/xmlrpc/2/common</code>, <code>/xmlrpc/2/object</code>, <code>/xmlrpc/2/db</code>. "
            "JSON-RPC: <code>/jsonrpc</code>, <code>/web/session/authenticate</code>, "
            f"<code>/web/dataset/call_kw</code>.</p><p>Databases: {names}.</p>",
        )

    def _root(self, request: Request, call: Call) -> Reply:
        return Reply("303 See Other", HTML, b"", (("Location", "/web"),))

    # -- the answer

    def render(self, request: Request, value: Any) -> Reply:
        """The envelope; with the cookie where the session information is told."""
        if isinstance(value, Reply):
            return value
        reply = super().render(request, value)
        if request.route.endpoint in ("authenticate", "get_session_info") and request.session is not None:
            seconds = self.profile.session_seconds
            cookie = dump_cookie(COOKIE, request.session.sid, max_age=seconds, path="/", httponly=True)
            return reply._replace(headers=(("Set-Cookie", cookie),))
        return reply


# the rest are calls of the RPC services
_ACTIONS: dict[str, Callable[[Web, Request, Call], Any]] = {
    "authenticate": Web._authenticate,
    "get_session_info": Web._get_session_info,
    "check": Web._check,
    "destroy": Web._destroy,
    "call_kw": Web._call_kw,
    "call_button": Web._call_button,
    "home": Web._home,
    "root": Web._root,
}
