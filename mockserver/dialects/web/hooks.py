"""`/web/hook/<uuid>`: webhooks that come in and run an automation rule.

Source: 17.0, 18.0; https://www.odoo.com/documentation/17.0/applications/studio/automated_actions/webhooks.html
"""

from __future__ import annotations

from typing import Any

from werkzeug.exceptions import NotFound

from mockserver.dialects import Reply, Request, Route, to_json
from mockserver.dialects.volume import json_value
from mockserver.dialects.web.form import query
from mockserver.dialects.web.pages import HttpDialect
from mockserver.services import Call
from mockserver.services.call import execute

_RULES = "base.automation"


class Hooks(HttpDialect):
    """Runs the rule with the identifier in the path for the record in the JSON body, or in the query string."""

    name = "hook"
    routes = (Route("/web/hook/<string:uuid>", "hook", frozenset({"GET", "POST", "HEAD"}), since=17),)

    def parse(self, request: Request) -> Call:
        """Return the call that runs the rule; with no ids if there is none."""
        env = self.session_env(request)
        if _RULES not in env:
            raise NotFound()
        ids = env.sudo()[_RULES].search([("webhook_uuid", "=", request.arguments["uuid"])], limit=1).ids
        args = [ids, _payload(request)]
        return Call(self.name, "webhook", "_execute_webhook", args, {}, env.db.name, env.uid, model=_RULES)

    def perform(self, request: Request, call: Call) -> Any:
        """Run the rule, as the public user without access checks; return the status of the answer."""
        if not call.args[0]:
            return "404 NOT FOUND"
        execute(self.services.databases.connect(call.db), call, direct=True)
        return "200 OK"

    def render(self, request: Request, value: Any) -> Reply:
        """Return the answer with the status."""
        return self._reply(value, "ok" if value == "200 OK" else "error")

    def render_error(self, request: Request, error: Exception) -> Reply:
        """Return the answer for any error, without its text."""
        return self._reply("500 INTERNAL SERVER ERROR", "error")

    def _reply(self, status: str, word: str) -> Reply:
        return Reply(status, self.profile.rules.json_content_type, to_json({"status": word}, self.profile))


def _payload(request: Request) -> Any:
    try:
        return json_value(request.body())
    except (ValueError, RecursionError):
        return query(request)
