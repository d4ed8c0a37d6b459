"""The web client's session routes.

Source: versions.md §1.3, §1.4, §5; recorded in core-envelope (17.0).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from mockserver.dialects import Reply, Request, Route, to_json
from mockserver.dialects.web.session import SessionDialect, base_url
from mockserver.errors import AccessDenied, AccessError
from mockserver.services import Call
from mockserver.services.passwords import change_password
from mockserver.services.session_info import failed_login_info, session_info
from mockserver.services.sessions import SecondFactorNeeded

_READ = frozenset({"GET", "HEAD", "OPTIONS"})


class Web(SessionDialect):
    """The routes of sessions and versions."""

    routes = (
        Route("/web/session/authenticate", "authenticate"),
        Route("/web/session/get_session_info", "get_session_info"),
        Route("/web/session/check", "check"),
        Route("/web/session/destroy", "destroy"),
        Route("/web/session/modules", "modules"),
        Route("/web/session/get_lang_list", "get_lang_list"),
        Route("/web/session/account", "account"),
        Route("/web/session/change_password", "change_password", until=15),
        Route("/web/webclient/version_info", "version_info"),
        Route("/web/database/list", "database_list"),
        Route("/web/version", "version", _READ, since=19),
        Route("/json/version", "version", _READ, since=19),
    )

    # -- the request

    def parse(self, request: Request) -> Call:
        """Return the call; raises `SessionExpired` or NotFound if a login is needed and missing."""
        endpoint = request.route.endpoint
        if endpoint in _PAGES:
            return Call(self.name, "page", endpoint)
        if endpoint in _SERVICES:
            self.params(request)
            return Call(self.name, *_SERVICES[endpoint])
        if endpoint == "authenticate":
            names = ("db", "login", "password")
            params = self.params(request)
            db, login, password = self.required("Session.authenticate", names, params, ("base_location",))
            return Call(self.name, "session", endpoint, (password,), db=db, login=login)
        session, params = self.as_user(request)
        if endpoint == "change_password":
            return self.call(
                session, "session", endpoint, self.required("Session.change_password", ("fields",), params)
            )
        return self.call(session, "session", endpoint)

    # -- the call

    def perform(self, request: Request, call: Call) -> Any:
        """Perform the call and return its value, or a `Reply` with a page."""
        action = _ACTIONS.get(request.route.endpoint)
        return self.services.rpc(call) if action is None else action(self, request, call)

    def _authenticate(self, request: Request, call: Call) -> Any:
        sid = self.session_id(request)
        if self.knows_database and call.db not in self.services.databases:
            raise AccessError("Database not found.")
        try:
            session = self.services.sessions.open(call.db, call.login, call.args[0], sid)
        except SecondFactorNeeded:
            return self._half_logged_in(request, call)
        except AccessDenied:
            if not self.profile.rules.failed_login_is_an_answer:
                raise
            database = self.services.databases.connect(call.db)
            return failed_login_info(database, sid or self.services.sessions.new_id(), base_url(request))
        call.uid = session.uid
        request.session = session
        return self._get_session_info(request, call)

    def _half_logged_in(self, request: Request, call: Call) -> dict[str, Any]:
        """Return the answer to a right password that is not enough, `uid` null.

        Source: versions.md §5.  Inferred: until 15, what else it holds.
        """
        if not self.profile.rules.half_login_has_info:
            return {"uid": None}
        sid = self.session_id(request) or self.services.sessions.new_id()
        database = self.services.databases.connect(call.db)
        return failed_login_info(database, sid, base_url(request)) | {"uid": None}

    def _get_session_info(self, request: Request, call: Call) -> Any:
        assert request.session is not None
        return session_info(self.services.databases.connect(call.db), request.session, base_url(request))

    def _check(self, request: Request, call: Call) -> None:
        """Do nothing: `parse` has checked the session."""

    def _destroy(self, request: Request, call: Call) -> None:
        assert request.session is not None
        self.services.sessions.close(request.session.sid)

    def _modules(self, request: Request, call: Call) -> list[str]:
        rows = self.services.databases.connect(call.db).store.rows("ir.module.module").values()
        return sorted(row["name"] for row in rows if row.get("state") == "installed")

    def _account(self, request: Request, call: Call) -> str:
        """Return the address of the user's account with the vendor, which is not contacted."""
        query = {"response_type": "token", "client_id": "", "state": "{}", "scope": "userinfo"}
        return f"https://accounts.odoo.com/oauth2/auth?{urlencode(query)}"

    def _change_password(self, request: Request, call: Call) -> dict[str, str]:
        assert call.uid is not None
        return change_password(self.services.databases.connect(call.db), call.uid, call.args[0])

    def _version(self, request: Request, call: Call) -> Reply:
        version = {"version_info": list(self.profile.version_info), "version": self.profile.server_version}
        return Reply("200 OK", self.profile.rules.json_content_type, to_json(version, self.profile))

    # -- the answer

    def render(self, request: Request, value: Any) -> Reply:
        """Return the envelope, with the cookie if it has the session information."""
        if isinstance(value, Reply):
            return value
        reply = super().render(request, value)
        if request.route.endpoint in ("authenticate", "get_session_info"):
            return self.with_cookie(request, reply)
        return reply


_PAGES = ("version",)
# endpoint → service and method of the RPC services
_SERVICES = {
    "version_info": ("common", "version"),
    "database_list": ("db", "list"),
    "get_lang_list": ("db", "list_lang"),
}
_ACTIONS: dict[str, Callable[[Web, Request, Call], Any]] = {
    "authenticate": Web._authenticate,
    "get_session_info": Web._get_session_info,
    "check": Web._check,
    "destroy": Web._destroy,
    "modules": Web._modules,
    "account": Web._account,
    "change_password": Web._change_password,
    "version": Web._version,
}
