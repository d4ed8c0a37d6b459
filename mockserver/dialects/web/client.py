"""What the web client fetches by GET: menus, translations, its manifest, pictures; and the health of the server.

Differs: there are no other static files, and no translations of the client's own texts.
Source: versions.md §1.4; recorded in web-dataset, web-session (17.0).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.exceptions import NotFound

from mockserver.addons.base.ir_ui_menu import web_menus
from mockserver.dialects import HTML, Reply, Request, Route, to_json
from mockserver.dialects.web.form import query
from mockserver.dialects.web.pages import HttpDialect
from mockserver.services import Call
from mockserver.services.static import picture

_READ = frozenset({"GET", "HEAD", "OPTIONS"})
_PARAMETERS = (
    "name", "code", "direction", "date_format", "time_format", "grouping", "decimal_point", "thousands_sep",
    "week_start",
)  # fmt: skip
_ROBOTS = "User-agent: *\nDisallow: /\n"


class Client(HttpDialect):
    """Resources of the web client."""

    name = "web"
    routes = (
        Route("/web/webclient/load_menus/<unique>", "menus", _READ, since=13, until=18),
        Route("/web/webclient/load_menus", "menus", _READ, since=19),
        Route("/web/webclient/translations", "translations", _READ, since=13),
        Route("/web/webclient/translations/<unique>", "translations", _READ, since=13),
        Route("/web/manifest.webmanifest", "manifest", _READ, since=17),
        Route("/web/static/img/<file>", "static", _READ),
        Route("/web/health", "health", _READ, since=15),
        Route("/robots.txt", "robots", _READ, since=15),
    )

    def parse(self, request: Request) -> Call:
        """Return the call; raises the redirect to the login page for the menus of a user."""
        endpoint, params = request.route.endpoint, {**query(request), **request.arguments}
        if endpoint == "menus":
            session = self.require_session(request)
            return Call(self.name, "page", endpoint, (), params, session.db, session.uid)
        return Call(self.name, "page", endpoint, (), params)

    def perform(self, request: Request, call: Call) -> Reply:
        """Return the resource."""
        return _ACTIONS[request.route.endpoint](self, request, call)

    def _menus(self, request: Request, call: Call) -> Reply:
        assert call.uid is not None
        assert request.session is not None
        env = self.services.databases.connect(call.db).env(call.uid, request.session.context)
        with env.db.transaction():
            return self._json(web_menus(env))

    def _translations(self, request: Request, call: Call) -> Reply:
        env = self.session_env(request).sudo()
        code = call.kwargs.get("lang") or env.context.get("lang") or "en_US"
        with env.db.transaction():
            langs = env["res.lang"].search([])
            lang = langs.filtered(lambda one: one.code == code)
            told = {name: lang[name] for name in _PARAMETERS if name in lang._model.fields} if lang else {}
            if "week_start" in told:
                told["week_start"] = int(told["week_start"])
            modules = [name for name in str(call.kwargs.get("mods") or "").split(",") if name]
            messages: dict[str, Any] = {name: {"messages": []} for name in modules} if lang else {}
            return self._json(
                {"lang": code, "lang_parameters": told or None, "modules": messages, "multi_lang": len(langs) > 1}
            )

    def _manifest(self, request: Request, call: Call) -> Reply:
        env = self.session_env(request).sudo()
        named = env["ir.config_parameter"].get_param("web.web_app_name") if "ir.config_parameter" in env else ""
        home = self.profile.rules.web_client_address
        manifest: dict[str, Any] = {
            "name": named or self.profile.brand, "scope": home, "start_url": home, "display": "standalone",
            "background_color": "#714B67", "theme_color": "#714B67", "prefer_related_applications": False,
            "icons": [], "shortcuts": [],
        }  # fmt: skip
        return self._json(manifest, "application/manifest+json")

    def _static(self, request: Request, call: Call) -> Reply:
        found = picture(f"/web/static/img/{call.kwargs['file']}")
        if found is None:
            raise NotFound()
        return Reply("200 OK", "image/png", found)

    def _health(self, request: Request, call: Call) -> Reply:
        health: dict[str, Any] = {"status": "pass"}
        if call.kwargs.get("db_server_status") and self.profile.rules.health_of_database:
            health["db_server_status"] = True
        reply = self._json(health)
        return reply._replace(headers=(("Cache-Control", "no-store"),))

    def _robots(self, request: Request, call: Call) -> Reply:
        return Reply("200 OK", HTML, _ROBOTS.encode())

    def _json(self, value: Any, content_type: str = "") -> Reply:
        return Reply("200 OK", content_type or self.profile.rules.json_content_type, to_json(value, self.profile))

    def render(self, request: Request, value: Any) -> Reply:
        """Return the `Reply` of the call unchanged."""
        assert isinstance(value, Reply)
        return value


_ACTIONS: dict[str, Callable[[Client, Request, Call], Reply]] = {
    "menus": Client._menus,
    "translations": Client._translations,
    "manifest": Client._manifest,
    "static": Client._static,
    "health": Client._health,
    "robots": Client._robots,
}
