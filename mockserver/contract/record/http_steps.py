"""Build `http` steps: requests of no other kind, with the comparable parts of their answers."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote_plus, urlsplit

from mockserver.contract.http_steps import cookies
from mockserver.contract.normal import Normaliser
from mockserver.contract.paths import value_at
from mockserver.contract.placeholders import Placeholders
from mockserver.contract.record.accounts import SESSION, Account, credentials
from mockserver.contract.record.answers import AnswerParts
from mockserver.contract.record.decoding import RecordedRequest
from mockserver.contract.record.hiding import Secrets, is_secret_name
from mockserver.contract.record.labelling import Labelling

Step = dict[str, Any]

# headers that affect the answer of a server
_HEADERS_KEPT = ("content-type", "accept-language", "x-odoo-database", "sec-fetch-site", "x-requested-with")
_CREDENTIALS = ("authorization", "access-token", "x-openerp-session-id", "x-api-key", "token")
_IDS = re.compile(r"\d+(,\d+)*")
_MODEL = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z0-9_]+)+|x_[a-z0-9_]+")
_REF = re.compile(r"""\{['"]\$ref['"]: ['"](\w+)['"]\}""")
_PLACEHOLDER = re.compile(r"(\{\w+\})")
_DB, _LOGIN = ("db", "database", "db_name"), ("login", "username", "user")
_DOMAINS = ("domain", "filters", "filter")
ATTACHMENT = "ir.attachment"


class HttpSteps:
    """Builds `http` steps and binds values of answers that later requests need: sessions, tokens, ids."""

    def __init__(
        self,
        labelling: Labelling,
        normal: Normaliser,
        secrets: Secrets,
        placeholders: Placeholders,
        main: Account,
        used_later: set[tuple[str, int]],
    ) -> None:
        self.labelling = labelling
        self.secrets = secrets
        self.placeholders = placeholders
        self.main = main
        self.normal = normal
        self._answer_parts = AnswerParts(labelling, used_later)

    def step(self, recorded: RecordedRequest) -> Step:
        """Return the step of a request."""
        before = [self._login_step(recorded)] if self._has_earlier_session(recorded) else []
        model = self._model(recorded)
        request: Step = {"method": recorded.method, "path": self._path(recorded, model)}
        if headers := self._headers(recorded):
            request["headers"] = headers
        request |= self._body(recorded, model)
        payload = recorded.answer.json()
        keep, ids = self._answer_parts.of(recorded, payload, model)
        bind = {**self._cookie(recorded), **self._tokens(payload), **ids}
        step: Step = {"http": request}
        if keep:
            raw = all(shape == "raw" for shape in keep.values())
            step["keep"] = list(keep) if raw else keep
        if bind:
            step["bind"] = bind
            if self._answer_parts.bound_model:
                step["as_model"] = self._answer_parts.bound_model
        kept = {path: self.normal.result(value_at(payload, path), shape) for path, shape in keep.items()}
        step["expect"] = {
            "status": recorded.answer.status,
            "type": recorded.answer.kind,
            **self.placeholders.with_placeholders(kept),
        }
        return {**step, "_before": before} if before else step

    def complete(self, steps: list[Step]) -> list[Step]:
        """Return the steps with missing logins inserted, and without unused bindings."""
        steps = [one for step in steps for one in (*step.pop("_before", ()), step)]
        used = set(re.findall(r"\{(\w+)\}", json.dumps([_requests(step) for step in steps])))
        used |= set(re.findall(r'"\$ref": "(\w+)"', json.dumps([_requests(step) for step in steps])))
        expected = json.dumps([step["expect"] for step in steps])
        for step in steps:
            bind = step.get("bind", {})
            kept = {
                name: path
                for name, path in bind.items()
                if name in used or f'"{name}"' in expected or f"{{{name}}}" in expected
            }
            if kept:
                step["bind"] = kept
            else:
                step.pop("bind", None)
                step.pop("as_model", None) if "http" in step else None
        return steps

    # -- the request

    def _path(self, recorded: RecordedRequest, model: str | None) -> str:
        """Return path and query with placeholders."""
        path = urlsplit(recorded.target).path
        parts, before = [], ""
        for part in path.split("/"):
            found = self._text("", part)
            if found == part and _IDS.fullmatch(part):
                found = self._ids_in_path(part, before if _MODEL.fullmatch(before) else _model_of_route(path, model))
            parts.append(found)
            before = part
        query = self._pairs(recorded.query, model, recorded)
        return "/".join(parts) + (f"?{query}" if query else "")

    def _ids_in_path(self, part: str, model: str | None) -> str:
        return ",".join(self._id(int(item), model) for item in part.split(","))

    def _id(self, value: int, model: str | None) -> str:
        label = self.labelling.labels.known(model, value) or (None if model else self.labelling.labels.anywhere(value))
        if label is None and model:
            self.labelling.unlabelled.add((model, value))
        return f"{{{label}}}" if label else str(value)

    def _headers(self, recorded: RecordedRequest) -> dict[str, str]:
        found = {name.title(): recorded.headers[name] for name in _HEADERS_KEPT if name in recorded.headers}
        if recorded.text and "multipart/" in found.get("Content-Type", ""):
            found["Content-Type"] = recorded.headers["content-type"]
        if "X-Odoo-Database" in found and found["X-Odoo-Database"] == self.main.db:
            found["X-Odoo-Database"] = "{db}"
        for name in _CREDENTIALS:
            if name in recorded.headers:
                scheme, space, value = recorded.headers[name].rpartition(" ")
                found[name.title()] = f"{scheme}{space}{self._secret(value)}"
        if SESSION in recorded.cookies:
            found["Cookie"] = f"{SESSION}={self._secret(recorded.cookies[SESSION])}"
        return found

    def _body(self, recorded: RecordedRequest, model: str | None) -> Step:
        if recorded.json is not None:
            return {"json": self._json(recorded.json, model, recorded)}
        if recorded.form:
            return {"body": self._pairs(recorded.form, model, recorded)}
        return {"body": self.secrets.clean(recorded.text)} if recorded.text else {}

    def _json(self, value: Any, model: str | None, recorded: RecordedRequest, name: str = "") -> Any:
        if isinstance(value, dict):
            if isinstance(value.get("model"), str) and isinstance(value.get("args"), list):
                args, kwargs = self.labelling.arguments(
                    value["model"], str(value.get("method")), value["args"], _mapping(value.get("kwargs"))
                )
                rest = {k: self._json(v, model, recorded, k) for k, v in value.items() if k not in ("args", "kwargs")}
                named = {"kwargs": self.secrets.hide(kwargs, value["model"])} if "kwargs" in value else {}
                return {**rest, "args": self.secrets.hide(args, value["model"]), **named}
            if model and name in ("data", "values", "vals"):
                return self.secrets.hide(self.labelling.values(model, value), model)
            return {key: self._json(item, model, recorded, key) for key, item in value.items()}
        if isinstance(value, list) and model:
            if name in _DOMAINS:
                return self.secrets.hide(self.labelling.domain(model, value), model)
            return [self._json(item, model, recorded, "data" if name == "data" else "") for item in value]
        return self._text(name, value, recorded) if isinstance(value, str) else value

    def _pairs(self, pairs: list[tuple[str, str]], model: str | None, recorded: RecordedRequest) -> str:
        """Encode parameters for a query or a form, except for placeholders."""
        return "&".join(
            f"{quote_plus(name)}={_quote(self._parameter(name, value, model, recorded))}" for name, value in pairs
        )

    def _parameter(self, name: str, value: str, model: str | None, recorded: RecordedRequest) -> str:
        text = self._text(name, value, recorded)
        if text != value or not model:
            return text
        if name in ("id", "ids") and _IDS.fullmatch(value):
            return self._ids_in_path(value, model)
        for reads, writes in _NOTATIONS:
            try:
                parsed = reads(value)
            except (ValueError, SyntaxError, MemoryError, RecursionError):
                continue
            if isinstance(parsed, (dict, list)):
                plain = _with_lists(parsed)
                labelled = self.labelling.by_name(model, {name: plain})[name]
                labelled = self.secrets.hide(labelled, model)
                return _REF.sub(r"{\1}", writes(labelled)) if labelled != plain else value
        return value

    def _text(self, name: str, value: str, recorded: RecordedRequest | None = None) -> str:
        """Return a text of a request, with a placeholder or a stand-in if it must not be in a contract."""
        bound = next((key for key, text in self.placeholders.bound.items() if text == value), None)
        if bound is not None:
            return f"{{{bound}}}"
        if recorded is not None and credentials(recorded) is not None:
            if name in _LOGIN and value == self.main.login:
                return "{login}"
            if name in _DB and value == self.main.db:
                return "{db}"
        if name in _DB and value == self.main.db:
            return "{db}"
        if is_secret_name(name) and value:
            return self._secret(value)
        return self.secrets.clean(value)

    def _secret(self, value: str) -> str:
        bound = next((key for key, text in self.placeholders.bound.items() if text == value), None)
        if bound is not None:
            return f"{{{bound}}}"
        if value in self.main.passwords:
            return "{password}"
        return "{api_key}" if value == self.main.api_key else self.secrets.stand_in(value)

    def _model(self, recorded: RecordedRequest) -> str | None:
        """Return the model of a request: from its parameters, its path, or the default of a REST route."""
        params = (
            recorded.json.get("params", {})
            if isinstance(recorded.json, dict)
            else dict([*recorded.query, *recorded.form])
        )
        named = params.get("model") if isinstance(params, Mapping) else None
        if isinstance(named, str):
            return named
        found = next(
            (part for part in recorded.path.split("/") if _MODEL.fullmatch(part) and self.labelling.fields(part)), None
        )
        return found or ("res.partner" if "/api/" in recorded.path else None)

    # -- values for later requests

    def _cookie(self, recorded: RecordedRequest) -> dict[str, str]:
        """Return the binding of a new session in an answer."""
        sid = cookies(recorded.answer).get(SESSION)
        if not sid or sid in self.placeholders.bound.values():
            return {}
        return {self._bind("session", sid): f"cookie:{SESSION}"}

    def _tokens(self, payload: Any, path: str = "", depth: int = 4) -> dict[str, str]:
        """Return the bindings of secrets in an answer that later requests may send."""
        found: dict[str, str] = {}
        if depth and isinstance(payload, dict):
            for name, value in payload.items():
                place = f"{path}.{name}" if path else str(name)
                if isinstance(value, str) and len(value) >= 8 and is_secret_name(name) and "." not in str(name):
                    if value not in self.placeholders.bound.values():
                        found[self._bind("token", value)] = place
                else:
                    found |= self._tokens(value, place, depth - 1)
        return found

    def _bind(self, stem: str, text: str) -> str:
        number = sum(name.rstrip("0123456789") == stem for name in self.placeholders.bound) + 1
        name = stem if number == 1 else f"{stem}{number}"
        self.placeholders.bound[name] = text
        self.secrets.stand_in(text)
        return name

    def _has_earlier_session(self, recorded: RecordedRequest) -> bool:
        """Return whether the session of a request began before the recording."""
        sid = recorded.cookies.get(SESSION)
        fresh = bool(sid) and sid not in self.placeholders.bound.values() and credentials(recorded) is None
        return fresh and recorded.answer.status == 200 and self.main.login is not None

    def _login_step(self, recorded: RecordedRequest) -> Step:
        """Return the login step for a session that began before the recording."""
        name = self._bind("session", recorded.cookies[SESSION])
        params = {"db": "{db}", "login": "{login}", "password": "{password}"}
        request = {
            "method": "POST",
            "path": "/web/session/authenticate",
            "headers": {"Content-Type": "application/json"},
            "json": {"jsonrpc": "2.0", "method": "call", "params": params},
        }
        return {
            "http": request,
            "keep": ["result.uid.<type>"],
            "bind": {name: f"cookie:{SESSION}"},
            "expect": {"status": 200, "type": "application/json", "result.uid.<type>": "int"},
        }


# notations of structured parameters: their parser and writer
_NOTATIONS: tuple[tuple[Callable[[str], Any], Callable[[Any], str]], ...] = (
    (json.loads, json.dumps),
    (ast.literal_eval, repr),
)


def _model_of_route(path: str, model: str | None) -> str | None:
    """Return the model of an id in a path without a model before it."""
    return ATTACHMENT if path.startswith(("/web/content/", "/web/image/")) else model


def _quote(text: str) -> str:
    return "".join(part if _PLACEHOLDER.fullmatch(part) else quote_plus(part) for part in _PLACEHOLDER.split(text))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _with_lists(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_with_lists(item) for item in value]
    return {key: _with_lists(item) for key, item in value.items()} if isinstance(value, dict) else value


def _requests(step: Step) -> list[Any]:
    return [step.get(kind) for kind in ("call", "json2", "service", "http")]
