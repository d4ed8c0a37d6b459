"""The REST add-on odoo-rest-api (yezyilomo): sessions, plain GET and DELETE, POST and PUT in JSON-RPC's envelope.

Source: rest-yezy; recorded in yezy-odoo-17.0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from werkzeug.exceptions import HTTPException, InternalServerError, NotFound
from werkzeug.wrappers import Response

from mockserver import errors
from mockserver.dialects import JSON_TYPES, Reply, Request, Route
from mockserver.dialects.rest.dialect import Evidence, RestDialect, path_parts
from mockserver.dialects.rest.odoo_rest_api import answers, enveloped, plain
from mockserver.dialects.rest.odoo_rest_api.calls import PlannedCall
from mockserver.dialects.rest.odoo_rest_api.query import QuerySyntaxError
from mockserver.dialects.web.form import query as query_parameters
from mockserver.dialects.web.session import check_same_database, error_page, login_redirect
from mockserver.orm.records.environment import Recordset
from mockserver.services import Call
from mockserver.services.sessions import Session

_ID = re.compile(r"-?[0-9]{1,18}")
_PARAMETERS = {"query", "filter", "page", "page_size"}  # which no other add-on reads
_PLAIN_ONLY = "{path}: the function handles requests of type 'http' but was called with a request of type 'json'"


class Action(NamedTuple):
    """The action of one HTTP method on a path; `bare` answers have no envelope."""

    parse: Callable[[OdooRestApi, Request], PlannedCall]
    bare: bool = False


class OdooRestApi(RestDialect):
    """The routes of the add-on; each path has an action per HTTP method."""

    name = "odoo_rest_api"
    roots = ("api", "auth", "object")
    keeps_context = True
    routes = (
        Route("/auth", "auth"),
        Route("/api/<model>", "many"),
        Route("/api/<model>/<id>", "one"),
        Route("/api/<model>/<id>/<field>", "field"),
        Route("/object/<model>/<function>", "function"),
        Route("/object/<model>/<id>/<function>", "record_function"),
    )

    # -- the request

    def recognises(self, request: Request) -> Evidence:
        """Recognise the add-on's roots, a field of a record in the path, JSON, and the names of its parameters."""
        root, *path = path_parts(request)
        if root != "api":
            return Evidence.PATH
        if len(path) > 2:
            return Evidence.DEPTH
        if request.method in ("POST", "PUT") and request.media_type in JSON_TYPES:
            return Evidence.BODY
        return Evidence.PARAMETERS if query_parameters(request).keys() & _PARAMETERS else super().recognises(request)

    def parse(self, request: Request) -> Call:
        """Return the call; raises NotFound for an invalid id, MethodNotAllowed, and what its action raises."""
        if "id" in request.arguments:
            self.record_id(request)
        action = self._action(request)
        if action.bare and not self._bare(request):
            self.session(request)
            self.params(request)
            raise errors.BadRequest(_PLAIN_ONLY.format(path=request.path))
        return action.parse(self, request)

    def perform(self, request: Request, call: Call) -> Any:
        """Perform the call and return its value, or a `Reply` with a file."""
        assert isinstance(call, PlannedCall)
        return call.work(self, call)

    def _action(self, request: Request) -> Action:
        """Return the action of the HTTP method; raises MethodNotAllowed, or the answer to OPTIONS."""
        actions = ACTIONS[request.route.endpoint]
        verb = "GET" if request.method == "HEAD" else request.method
        if verb in actions:
            return actions[verb]
        verbs = frozenset(actions) | {"OPTIONS"} | ({"HEAD"} if "GET" in actions else set())
        if verb != "OPTIONS" or not self.profile.rules.options_needs_login:
            raise self.wrong_verb(verbs)
        if "GET" in actions and self.services.sessions.get(self.session_id(request)) is None:
            raise login_redirect(request, self.profile.rules)
        raise HTTPException(response=Response(headers={"Allow": ", ".join(sorted(verbs))}))

    def _bare(self, request: Request) -> bool:
        """Return whether the answer has no envelope; older servers check the content type first."""
        if self.profile.rules.plain_routes_refuse_json and request.media_type in JSON_TYPES:
            return False
        return self._action(request).bare

    def session(self, request: Request) -> Session:
        """Return the session of the request; raises `SessionExpired`."""
        sid = self.session_id(request)
        session = request.session = self.services.sessions.get(sid) if sid else None
        if self.profile.rules.database_header:
            check_same_database(request, session)
        if session is None:
            raise errors.SessionExpired()
        return session

    def as_user(self, request: Request) -> tuple[Session, dict[str, Any]]:
        """Return the session and the params; checks the content type before both."""
        self.check_content_type(request)
        return super().as_user(request)

    def record_id(self, request: Request) -> int:
        """Return the id of the path; raises NotFound for anything but a number."""
        text = request.arguments["id"]
        if _ID.fullmatch(text) is None:
            raise NotFound()
        return int(text)

    def known_model(self, request: Request, session: Session) -> str:
        """Return the model of the path; raises `UnknownModel`."""
        model = request.arguments["model"]
        if model not in self.services.databases.connect(session.db).registry:
            raise answers.UnknownModel(model)
        return model

    def records(self, call: Call) -> Recordset:
        """Return an empty recordset of the call's model, in the environment of its user."""
        assert call.uid is not None
        assert call.model is not None
        return self.services.databases.connect(call.db).env(call.uid, call.kwargs["context"])[call.model]

    def owns_session(self, sid: str) -> bool:
        """Return whether there is a session with that id, which may be one of the web client."""
        return self.services.sessions.get(sid) is not None

    def path_in_errors(self, request: Request) -> str:
        """Return the path that error texts show: in newer servers, the add-on's URL rule."""
        if not self.profile.rules.errors_show_rule:
            return request.path
        return RULES[request.route.endpoint]

    # -- the answer

    def render(self, request: Request, value: Any) -> Reply:
        """Return the value, with or without the envelope; the answer to a login sets the cookie."""
        if isinstance(value, Reply):
            return value
        if self._action(request).bare:
            return answers.bare(value)
        reply = super().render(request, value)
        return self.with_cookie(request, reply) if request.route.endpoint == "auth" else reply

    def render_error(self, request: Request, error: Exception) -> Reply:
        """Return a JSON-RPC error in the envelope; without it the login redirect, the add-on's own error, or a page."""
        if not self._bare(request):
            return super().render_error(request, error)
        if isinstance(error, errors.SessionExpired):
            raise login_redirect(request, self.profile.rules)
        if isinstance(error, (answers.UnknownModel, QuerySyntaxError)):
            return answers.error_reply(error, self.profile)
        if request.method != "DELETE" or request.call is None:
            raise error_page(error, self.profile.rules)
        if getattr(error, "driver", "") and request.call.model == "res.partner":
            # recorded for the partner of a company; the recording does not show the reason
            raise InternalServerError(original_exception=error)
        return answers.error_reply(error, self.profile)


ACTIONS: Mapping[str, Mapping[str, Action]] = {
    "auth": {"POST": Action(enveloped.authenticate)},
    "many": {
        "GET": Action(plain.get_many, bare=True),
        "POST": Action(enveloped.create),
        "PUT": Action(enveloped.update_many),
        "DELETE": Action(plain.delete_many, bare=True),
    },
    "one": {
        "GET": Action(plain.get_one, bare=True),
        "PUT": Action(enveloped.update_one),
        "DELETE": Action(plain.delete_one, bare=True),
    },
    "field": {"GET": Action(plain.get_field, bare=True)},
    "function": {"POST": Action(enveloped.function)},
    "record_function": {"POST": Action(enveloped.record_function)},
}
# the URL rules as the add-on writes them
RULES = {
    "auth": "/auth/",
    "many": "/api/<string:model>/",
    "one": "/api/<string:model>/<int:rec_id>/",
    "function": "/object/<string:model>/<string:function>",
    "record_function": "/object/<string:model>/<int:rec_id>/<string:function>",
}
