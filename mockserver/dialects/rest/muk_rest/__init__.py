"""muk_rest: a token as a parameter, JSON in parameters, records with every field.

Source: rest-muk, the document of muk_rest.
"""

from __future__ import annotations

import json
from datetime import date
from http import HTTPStatus
from typing import Any, ClassVar, cast

from werkzeug.exceptions import BadRequest, Forbidden

from mockserver import errors
from mockserver.addons.rest_muk.muk_rest_token import MODEL as TOKENS, Token
from mockserver.dialects import JSON_TYPES, Reply, Request, as_text
from mockserver.dialects.rest.dialect import Evidence, RestDialect, path_parts
from mockserver.dialects.rest.muk_rest import databases, files, records
from mockserver.dialects.rest.muk_rest.parameters import Parameters, Refusal
from mockserver.dialects.rest.muk_rest.routes import REQUIRED, ROUTES, VERBS, WORDS
from mockserver.dialects.web import csrf
from mockserver.orm.database import Database
from mockserver.orm.records.environment import Recordset
from mockserver.services import Call

_JSON = "application/json;charset=utf-8"
_SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
_TOKEN_ACTIONS = {"life": Token._life, "refresh": Token._refresh, "close": Token._close}


def _tokens(database: Database) -> Token:
    """Return the model of tokens with superuser rights."""
    return cast("Token", database.env().sudo()[TOKENS])


class MukRest(RestDialect):
    """The routes below `/api`; parameters, database and token are checked in this order before the call.

    Differs: a token in the path of `/api/life/<token>` is sufficient, as in the document; the add-on requires it in
    the query too.  `read` gives binary fields as base64, where the add-on writes the word "error" many times.
    """

    name = "muk_rest"
    packs = ("rest-muk",)
    routes = ROUTES
    api_version: ClassVar[int] = 1

    # -- the request

    def recognises(self, request: Request) -> Evidence:
        """Recognise `/api` alone and the add-on's words, with any HTTP method: models of other add-ons have a dot."""
        word = path_parts(request)[1:2]
        return Evidence.PATH if not word or word[0] in WORDS else super().recognises(request)

    def parse(self, request: Request) -> Call:
        """Return the call; raises `Refusal` for errors of the add-on, HTTP exceptions for those of the framework."""
        if request.media_type in JSON_TYPES:
            self.refuse_json(request)
        endpoint = request.route.endpoint
        if endpoint not in VERBS or request.method not in VERBS[endpoint]:
            raise Refusal(404, "unknown_command")
        if endpoint == "version":
            return self._version(request)
        params = Parameters.of(request)
        params.require(REQUIRED.get(endpoint, ()))
        request.session = self.services.sessions.get(self.session_id(request))
        if endpoint in databases.METHODS:
            method, args = databases.METHODS[endpoint](params, self.services.databases)
            return Call(self.name, "db", method, args)
        database = self._database(request, params)
        if endpoint == "authenticate":
            call = Call(self.name, "rest", endpoint, (params.get("password"),), db=database.name)
            call.login = params.get("login")
            return call
        return self._with_token(endpoint, params, database)

    def _version(self, request: Request) -> Call:
        if request.method not in _SAFE:
            raise BadRequest(csrf.INVALID)
        return Call(self.name, "common", "version")

    def _database(self, request: Request, params: Parameters) -> Database:
        """Return the database of the parameter `db` or of the session, or the only one; raises `Refusal`."""
        served, session = self.services.databases, request.session
        name = params.sent.get("db") or (session.db if session else None)
        if not name and len(served) == 1:
            name = next(iter(served))
        database = served.get(name) if name else None
        if database is None or TOKENS not in database.registry:
            raise Refusal(404, "invalid_db")
        return database

    def _with_token(self, endpoint: str, params: Parameters, database: Database) -> Call:
        """Return the call of a token's user; raises `Refusal`, and errors of reading the parameters."""
        uid = _tokens(database)._owner(params.sent.get("token") or params.path.get("token") or "")
        if uid is None:
            raise Refusal(403, "token_invalid")
        if endpoint in files.ENDPOINTS:
            return files.parse(self.name, endpoint, params, database, uid)
        call = Call(self.name, "rest", endpoint, db=database.name, uid=uid)
        if endpoint in _TOKEN_ACTIONS:
            call.args = (params.get("token"),)
            return call
        call.model = params.get("model", records.MODEL)
        call.method, call.args, kwargs = records.METHODS[endpoint](params, self.profile.generation)
        context = params.json("context")
        call.kwargs = kwargs if context is None else {**kwargs, "context": context}
        return call

    # -- the call

    def perform(self, request: Request, call: Call) -> Any:
        """Perform the call and return its value, or a `Reply` with a file."""
        endpoint, served = request.route.endpoint, self.services.databases
        if endpoint == "version":
            version = self.services.rpc(call)
            version.pop("protocol_version")
            return {"api_version": self.api_version, **version}
        if endpoint in databases.METHODS:
            return databases.answer(endpoint, call.args, self.services.rpc(call), served)
        if endpoint == "authenticate":
            return self._authenticate(request, call)
        database = served.connect(call.db)
        with database.transaction():
            if endpoint in _TOKEN_ACTIONS:
                return _TOKEN_ACTIONS[endpoint](_tokens(database), call.args[0])
            if endpoint in files.ENDPOINTS:
                return files.answer(database, call, request.environ.get("HTTP_IF_NONE_MATCH"))
            value = self.services.execute(call, direct=True)
            return records.serialise(value) if isinstance(value, Recordset) else value

    def _authenticate(self, request: Request, call: Call) -> dict[str, str]:
        """Return a new token; also logs in the session of the cookie."""
        sessions, sid = self.services.sessions, self.session_id(request)
        try:
            request.session = session = sessions.open(call.db, call.login, call.args[0], sid)
        except errors.AccessDenied:
            if self.profile.rules.failed_login_is_an_answer:
                raise Refusal(401, "invalid_login") from None
            raise Forbidden() from None
        call.uid = session.uid
        database = self.services.databases.connect(call.db)
        with database.transaction():
            return {"token": _tokens(database)._issue(session.uid)}

    # -- the answer

    def render(self, request: Request, value: Any) -> Reply:
        """Return the value as JSON, or a file; always with a session cookie."""
        reply = value if isinstance(value, Reply) else Reply("200 OK", _JSON, _body(value))
        return self.with_any_cookie(request, reply)

    def render_error(self, request: Request, error: Exception) -> Reply:
        """Return `{"error": text}`: the add-on's own text, or a traceback without frames."""
        if isinstance(error, errors.BadRequest):
            return self.with_any_cookie(request, super().render_error(request, error))
        if isinstance(error, Refusal):
            status, text = HTTPStatus(error.status), str(error)
        else:
            status, text = HTTPStatus.BAD_REQUEST, errors.debug(error, self.profile)
        return Reply(f"{status.value} {status.phrase}", _JSON, _body({"error": text}))


def _body(value: Any) -> bytes:
    return _ENCODER.encode(value).encode()


def _json_default(value: Any) -> str:
    """Return the text for a value that JSON cannot represent: "error" for anything but dates and bytes."""
    return as_text(value) if isinstance(value, (date, bytes, bytearray)) else "error"


_ENCODER = json.JSONEncoder(indent=4, sort_keys=True, default=_json_default)
