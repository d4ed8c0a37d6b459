"""The routes of Flectra's add-on rest_api: tokens, and a model's records by HTTP method.

Source: rest-flectra; recorded with the REST routes of 1.6.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, ClassVar, NoReturn, cast

from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed

from mockserver import errors
from mockserver.addons.rest_flectra.oauth_access_token import MODEL as TOKENS, AccessToken
from mockserver.dialects import JSON_TYPES, Reply, Request, Route, as_text
from mockserver.dialects.rest.dialect import Evidence, RestDialect, path_parts
from mockserver.dialects.rest.flectra_rest import parameters
from mockserver.dialects.rest.flectra_rest.refusals import FAILURES, Refusal
from mockserver.dialects.web.form import FORM_TYPES, query
from mockserver.dialects.web.session import header_database
from mockserver.orm.database import Database
from mockserver.orm.schema.model import Model
from mockserver.services import Call
from mockserver.services.sessions import user_context

JSON = "application/json; charset=utf-8"
_NO_STORE = (("Cache-Control", "no-store"), ("Pragma", "no-cache"))
_VERBS = ("POST", "PUT", "HEAD", "GET", "DELETE")
_PARAMETERS = {"field", "filters"}  # which no other add-on reads
_METHODS = {"GET": "search_read", "POST": "create", "PUT": "write", "DELETE": "unlink"}


def _tokens(database: Database) -> AccessToken:
    """Return the model of tokens."""
    return cast("AccessToken", database.env()[TOKENS])


class FlectraRest(RestDialect):
    """Tokens in the header `access_token`, parameters of a form, values as flat text."""

    name = "flectra_rest"
    packs: ClassVar[tuple[str, ...]] = ("rest-flectra",)
    routes = (
        Route("/api/auth/get_tokens", "get_tokens"),
        Route("/api/auth/delete_tokens", "delete_tokens"),
        Route("/api/<model>", "data", frozenset(_VERBS)),
        Route("/api/<model>/<id>", "data", frozenset(_VERBS)),
    )

    def wrong_verb(self, methods: frozenset[str]) -> HTTPException:
        """Return 405, with the HTTP methods in the server's order."""
        return MethodNotAllowed(_VERBS)

    # -- the request

    def recognises(self, request: Request) -> Evidence:
        """Recognise the add-on's logins, its header, forms, and the names of its parameters."""
        _, *path = path_parts(request)
        if path in (["auth", "get_tokens"], ["auth", "delete_tokens"]) and request.method == "POST":
            return Evidence.PATH
        if "HTTP_ACCESS_TOKEN" in request.environ:
            return Evidence.HEADER
        if request.method in ("POST", "PUT") and request.media_type in FORM_TYPES:
            return Evidence.BODY
        return Evidence.PARAMETERS if query(request).keys() & _PARAMETERS else super().recognises(request)

    def parse(self, request: Request) -> Call:
        """Return the call; raises `Refusal`, or werkzeug's InternalServerError where the add-on crashes."""
        endpoint = request.route.endpoint
        sid = self.session_id(request)
        request.session = self.services.sessions.get(sid) if sid else None
        if request.media_type in JSON_TYPES:
            self.refuse_json(request)
        if endpoint == "data" or request.method != "POST":
            return self._data_call(request)
        sent = parameters.read(request)
        if endpoint == "get_tokens":
            return self._login_call(sent)
        token = request.environ.get("HTTP_ACCESS_TOKEN")
        if not token:
            raise Refusal.no_access_token()
        return Call(self.name, "rest", endpoint, (token,), db=self._database(request).name)

    def _login_call(self, sent: Mapping[str, Any]) -> Call:
        databases = self.services.databases
        only = next(iter(databases)) if len(databases) == 1 else None
        db, login, password = sent.get("db") or only, sent.get("username"), sent.get("password")
        if not (db and login and password):
            raise Refusal.empty_login()
        return Call(self.name, "rest", "get_tokens", (password,), db=db, login=login)

    def _database(self, request: Request) -> Database:
        """Return the database of the session, or the only one.  Without one the add-on crashes, even with a token."""
        databases = self.services.databases
        name = request.session.db if request.session else None
        if name is None and self.profile.rules.database_header:
            name = header_database(request)
        if name is None and len(databases) == 1:
            name = next(iter(databases))
        database = databases.get(name) if name else None
        if database is None:
            raise InternalServerError()
        return database

    def _data_call(self, request: Request) -> Call:
        """Return the call of a data route.

        The checks have the add-on's order: header, token, model, relational values, the model's flag, id.
        """
        if request.method not in _VERBS:
            raise self.wrong_verb(frozenset(_VERBS))
        token = request.environ.get("HTTP_ACCESS_TOKEN")
        if not token:
            raise Refusal.access_token_not_found()
        database = self._database(request)
        uid = _tokens(database)._owner(token)
        if uid is None:
            raise Refusal.invalid_token()
        # with another HTTP method than POST, the path of a login means a model "auth"
        name = request.arguments.get("model", "auth")
        model = database.registry.get(name)
        if model is None:
            raise Refusal.unknown_model(name)
        sent = parameters.read(request)
        sent = self._parsed(lambda: parameters.with_relations(model, sent))
        self._check_enabled(database, name)
        method, args, kwargs = self._operation(request, database, model, sent)
        return Call(self.name, "rest", method, args, kwargs, db=database.name, uid=uid, model=name)

    def _check_enabled(self, database: Database, name: str) -> None:
        rows = database.store.rows("ir.model")
        if not any(rows[id_].get("rest_api") for id_ in database.store.having("ir.model", "model", (name,))):
            raise Refusal.not_enabled(name)

    def _operation(
        self, request: Request, database: Database, model: Model, sent: dict[str, Any]
    ) -> tuple[str, list[Any], dict[str, Any]]:
        """Return the model method for the HTTP method, with its arguments."""
        verb = request.method
        if verb == "POST":
            return "create", [self._values(verb, model, sent)], {}
        if verb == "HEAD" or model.abstract:  # HEAD is not handled, and an abstract model has no table
            raise InternalServerError()
        if verb == "GET" and not sent.get("id"):
            return "search_read", [], self._parsed(lambda: parameters.page(model, sent))
        if verb == "DELETE" and sent.keys() - {"id"}:
            raise InternalServerError()
        id_ = parameters.record_id(sent)
        if id_ is None:
            raise Refusal.invalid_id()
        if database.store.get(model.name, id_) is None:
            raise Refusal.missing(model.name, id_)
        if verb == "GET":
            return "read", [[id_], self._parsed(lambda: parameters.names(model, sent))], {}
        if verb == "DELETE":
            return "unlink", [[id_]], {}
        del sent["id"]
        return "write", [[id_], self._values(verb, model, sent)], {}

    def _parsed(self, read: Callable[[], Any]) -> Any:
        """Return the result of reading parameters; the add-on crashes for invalid ones."""
        try:
            return read()
        except (TypeError, ValueError) as error:
            raise InternalServerError(original_exception=error) from None

    def _values(self, verb: str, model: Model, sent: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return parameters.values(model, sent)
        except TypeError as error:
            raise Refusal.failed(_METHODS[verb], str(error)) from None

    # -- the call

    def perform(self, request: Request, call: Call) -> Any:
        """Perform the call and return the body of the answer."""
        if call.method == "get_tokens":
            return self._get_tokens(request, call)
        if call.method == "delete_tokens":
            return self._delete_tokens(call)
        value = self.services.execute(call)
        if call.method == "search_read":
            if not value:
                raise Refusal.nothing_found(call.model)
            return {"count": len(value), "results": value}
        if call.method == "create":
            return {"id": value}
        return _ANSWERS.get(call.method, value)

    def _get_tokens(self, request: Request, call: Call) -> dict[str, Any]:
        try:
            session = self.services.sessions.open(call.db, call.login, call.args[0], self.session_id(request))
            database = self.services.databases.connect(session.db)
            with database.transaction():
                tokens = _tokens(database)
                token, life = tokens._issue(session.uid), tokens._life()
        except errors.AccessDenied:
            raise Refusal.login_failed() from None
        except Exception as error:
            raise Refusal.invalid_database() from error
        request.session, call.uid = session, session.uid
        env = database.env(session.uid)
        return {
            "uid": session.uid,
            "user_context": user_context(env),
            "company_id": env.user.company_id.id,
            "access_token": token,
            "expires_in": life,
        }

    def _delete_tokens(self, call: Call) -> dict[str, Any]:
        database = self.services.databases.connect(call.db)
        with database.transaction():
            if not _tokens(database)._forget(call.args[0]):
                raise Refusal.no_access_token()
        return {"desc": "Token Successfully Deleted", "delete": True}

    # -- the answer

    def render(self, request: Request, value: Any) -> Reply:
        """Return the value as JSON, with a cookie."""
        headers = _NO_STORE if request.route.endpoint == "get_tokens" and request.method == "POST" else ()
        return self._reply(request, HTTPStatus.OK, value, headers)

    def render_error(self, request: Request, error: Exception) -> Reply:
        """Return `{"error", "error_descrip"}`; raises InternalServerError where the add-on does not handle an error."""
        call = request.call
        if isinstance(error, errors.BadRequest):
            reply = super().render_error(request, error)
            return self.with_any_cookie(request, reply._replace(content_type="application/json"))
        if not isinstance(error, Refusal):
            method = call.method if call is not None else ""
            if method not in FAILURES:
                self._break_down(error)
            error = Refusal.failed(method, self._error_text(error))
        return self._reply(request, error.status, {"error": error.code, "error_descrip": error.text})

    def _error_text(self, error: Exception) -> str:
        """Return the text of an exception as the add-on quotes it: the database driver's, if there is one."""
        if isinstance(error, errors.ValidationError) and error.driver:
            return error.driver
        return errors.error_str(error, self.profile)

    def _break_down(self, error: Exception) -> NoReturn:
        raise InternalServerError(original_exception=error) from error

    def _reply(
        self, request: Request, status: HTTPStatus, value: Any, headers: tuple[tuple[str, str], ...] = ()
    ) -> Reply:
        body = json.dumps(value, default=as_text).encode()
        reply = Reply(f"{status.value} {status.phrase}", JSON, body, headers)
        return self.with_any_cookie(request, reply)


_ANSWERS = {
    "write": {"desc": "Record Updated successfully!", "update": True},
    "unlink": {"desc": "Record Successfully Deleted!", "delete": True},
}
