"""The pages of a browser: the start page, the login form, the web client's page, and the way out.

There is no web client: its page names the addresses of the API, and has what scripts read from the real one, the
session information and the CSRF token.
Source: versions.md §1.4; recorded in web-session (17.0).
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from werkzeug.http import dump_cookie

from mockserver.dialects import HTML, Reply, Request, Route, page, to_json
from mockserver.dialects.web import csrf
from mockserver.dialects.web.form import parameters, query
from mockserver.dialects.web.pages import HttpDialect
from mockserver.dialects.web.session import base_url
from mockserver.errors import AccessDenied
from mockserver.orm.rights.access import in_group
from mockserver.services import Call
from mockserver.services.session_info import session_info
from mockserver.services.sessions import SecondFactorNeeded, Session

LOGIN, LOGGED_IN, SELECTOR = "/web/login", "/web/login_successful", "/web/database/selector"
SECOND_FACTOR = "/web/login/totp"
_READ = frozenset({"GET", "HEAD", "OPTIONS"})
_WRONG = "Wrong login/password"
_ONLY_EMPLOYEES = "Only employees can access this database. Please contact the administrator."


class Login(HttpDialect):
    """The pages that a browser opens first."""

    name = "web"
    routes = (
        Route("/", "root", _READ),
        Route("/web", "client", _READ),
        Route("/odoo", "client", _READ, since=18),
        Route("/odoo/<path:path>", "client", _READ, since=18),
        Route(LOGIN, "login"),
        Route(LOGGED_IN, "logged_in", _READ, since=15),
        Route(SECOND_FACTOR, "second_factor", _READ, since=14),
        Route("/web/session/logout", "logout", _READ),
    )

    # -- the request

    def parse(self, request: Request) -> Call:
        """Return the call: a login, or a page."""
        endpoint = request.route.endpoint
        sid = self.session_id(request)
        if endpoint == "login" and request.method == "POST":
            values = parameters(request)
            csrf.check(request, sid, values)
            password = (values.get("password", ""),)
            return Call(
                self.name, "session", "authenticate", password, values, self._database(request, values),
                login=values.get("login", ""),
            )  # fmt: skip
        request.session = self.services.sessions.get(sid)
        params = query(request)
        return Call(self.name, "page", endpoint, kwargs=params, db=self._database(request, params))

    def _database(self, request: Request, params: Mapping[str, str]) -> str:
        """Return the database: as the request names it, or of the session, or the only one; else an empty text."""
        databases = self.services.databases
        if params.get("db") in databases:
            return params["db"]
        session = self.services.sessions.get(self.session_id(request))
        if session is not None:
            return session.db
        return next(iter(databases)) if len(databases) == 1 else ""

    # -- the call

    def perform(self, request: Request, call: Call) -> Any:
        """Perform the call and return the `Reply`."""
        if not call.db and request.route.endpoint in ("client", "login"):
            return _moved(SELECTOR)
        if call.service == "session":
            return self._authenticate(request, call)
        return _PAGES[request.route.endpoint](self, request, call)

    def _authenticate(self, request: Request, call: Call) -> Reply:
        try:
            session = self.services.sessions.open(call.db, call.login, call.args[0], self.session_id(request))
        except SecondFactorNeeded:
            return _moved(SECOND_FACTOR)
        except AccessDenied:
            return self._form(request, call.kwargs, _WRONG)
        call.uid, request.session = session.uid, session
        target = _local(call.kwargs.get("redirect", "")) or (self._home if self._internal(session) else LOGGED_IN)
        return self.with_cookie(request, _moved(target))

    def _login(self, request: Request, call: Call) -> Reply:
        params = call.kwargs
        target = _local(params.get("redirect", ""))
        if target and request.session is not None:
            return _moved(target)
        return self._form(request, params, _ONLY_EMPLOYEES if params.get("error") == "access" else "")

    def _client(self, request: Request, call: Call) -> Reply:
        session, rules = request.session, self.profile.rules
        if session is None:
            if rules.login_page_returns:
                back = f"{request.path}?{request.environ.get('QUERY_STRING', '')}"
                return _moved(f"{LOGIN}?{urlencode({'redirect': back})}")
            return _moved(LOGIN, call.kwargs)
        if not self._internal(session):
            return _moved(LOGGED_IN, call.kwargs)
        database = self.services.databases.connect(session.db)
        info = to_json(session_info(database, session, base_url(request))).decode().replace("<", "\\u003c")
        script = (
            f'<script>var odoo = {{csrf_token: "{csrf.token(session.sid)}", debug: ""}};\n'
            f"odoo.__session_info__ = {info};</script>"
        )
        return page("mockserver", script + self._about())

    def _about(self) -> str:
        """Return HTML that names the addresses of the API."""
        names = ", ".join(f"<code>{html.escape(name)}</code>" for name in sorted(self.services.databases)) or "none"
        json2 = "JSON-2: <code>/json/2/&lt;model&gt;/&lt;method&gt;</code>. " if self.profile.rules.json2 else ""
        return (
            f"<p>A mock of the external API of {self.profile.brand} {self.profile.server_version}; "
            "there is no web client here.</p>"
            "<p>XML-RPC: <code>/xmlrpc/2/common</code>, <code>/xmlrpc/2/object</code>, <code>/xmlrpc/2/db</code>. "
            f"{json2}JSON-RPC: <code>/jsonrpc</code>, <code>/web/session/authenticate</code>, "
            f"<code>/web/dataset/call_kw</code>.</p><p>Databases: {names}.</p>"
        )

    def _form(self, request: Request, params: Mapping[str, Any], error: str) -> Reply:
        """Return the login page; a visitor without a session id gets one."""
        sid = self.session_id(request)
        known = bool(sid)
        sid = sid or self.services.sessions.new_id()
        said = f'<p class="alert alert-danger" role="alert">{html.escape(error)}</p>' if error else ""
        kept = "".join(
            f'<input type="hidden" name="{name}" value="{html.escape(params[name])}"/>'
            for name in ("db", "redirect")
            if params.get(name)
        )
        text = (
            f'<form class="oe_login_form" role="form" method="post" action="{LOGIN}">'
            f'<input type="hidden" name="{csrf.FIELD}" value="{csrf.token(sid)}"/>{kept}'
            f'<p>Email: <input type="text" name="login" value="{html.escape(params.get("login", ""))}"/></p>'
            f'<p>Password: <input type="password" name="password"/></p>{said}'
            '<p><button type="submit">Log in</button></p></form>'
        )
        reply = page("mockserver", text + self._about())
        return reply if known else self.with_sid(request, reply, sid)

    def _logged_in(self, request: Request, call: Call) -> Reply:
        return page("mockserver", "<p>You are logged in.</p>") if request.session else _moved(LOGIN)

    def _second_factor(self, request: Request, call: Call) -> Reply:
        """Return the page after the password.  Differs: it takes no code, since programs use an API key."""
        return page("mockserver", "<p>Two-factor authentication takes no code here: use an API key, over RPC.</p>")

    def _root(self, request: Request, call: Call) -> Reply:
        if request.session is not None and not self._internal(request.session):
            return _moved(LOGGED_IN, call.kwargs)
        return _moved(self._home, call.kwargs)

    def _logout(self, request: Request, call: Call) -> Reply:
        if request.session is not None:
            self.services.sessions.close(request.session.sid)
            request.session = None
        reply = self.with_sid(
            request, _moved(_local(call.kwargs.get("redirect", "")) or self._home), self.services.sessions.new_id()
        )
        gone = dump_cookie("cids", "", max_age=0, expires=0, path="/")
        return reply._replace(headers=(*reply.headers, ("Set-Cookie", gone)))

    @property
    def _home(self) -> str:
        return self.profile.rules.web_client_address

    def _internal(self, session: Session) -> bool:
        return in_group(self.services.databases.connect(session.db).env(session.uid), "base.group_user")

    # -- the answer

    def render(self, request: Request, value: Any) -> Reply:
        """Return the `Reply` of the call unchanged."""
        assert isinstance(value, Reply)
        return value


def _moved(target: str, params: Mapping[str, Any] | None = None) -> Reply:
    location = f"{target}?{urlencode(params)}" if params else target
    return Reply("303 See Other", HTML, b"", (("Location", location),))


def _local(target: str) -> str:
    """Return the part of an address that is on this server, so that a link cannot lead elsewhere; empty for none."""
    if not target:
        return ""
    try:
        parts = urlsplit(target)
    except ValueError:
        return ""
    path = parts._replace(scheme="", netloc="").geturl().lstrip("/\\")
    return "/" + "".join(char for char in path if " " < char <= "~")


_PAGES: dict[str, Callable[[Login, Request, Call], Reply]] = {
    "root": Login._root,
    "client": Login._client,
    "login": Login._login,
    "logged_in": Login._logged_in,
    "second_factor": Login._second_factor,
    "logout": Login._logout,
}
