"""Build the steps of a recording, with labels for ids, and stand-ins for secrets and times."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from mockserver.contract.labels import Labels
from mockserver.contract.normal import Normaliser
from mockserver.contract.placeholders import Placeholders
from mockserver.contract.record.accounts import Account, Accounts
from mockserver.contract.record.answers import CREATING, shape_of
from mockserver.contract.record.decoding import Json2Request, RecordedRequest, RpcRequest
from mockserver.contract.record.hiding import Secrets, hidden_parameter, texts, without_clock_times, without_user
from mockserver.contract.record.http_steps import HttpSteps
from mockserver.contract.record.labelling import FieldsOf, Labelling
from mockserver.contract.replay import id_of
from mockserver.contract.secrets import PARAMETERS

USERS = "res.users"
MAX_LABELLED = 80  # an answer with more records gets no labels for later requests
_LOGINS = ("login", "authenticate")
_NO_MASTER_PASSWORD = ("list", "db_exist", "server_version", "list_lang")  # methods of `db` without the master password

Step = dict[str, Any]


class Transcript:
    """One pass over the recorded requests.

    `used_later` are records that requests use and none creates: the first answer that contains one labels it.
    `everybody`: other users can log in on the next server too, with the stand-ins of their passwords.
    `notes` are for readers of the contract; `unlabelled` are records without a label.
    """

    def __init__(
        self,
        accounts: Accounts,
        secrets: Secrets,
        fields: FieldsOf,
        used_later: Iterable[tuple[str, int]] = (),
        everybody: bool = False,
    ) -> None:
        self.everybody = everybody
        self.accounts = accounts
        self.main = accounts.main or Account()
        self.secrets = secrets
        self.labels = Labels()
        self.labelling = Labelling(fields, self.labels)
        self.normal = Normaliser(_FieldsByModel(fields), self.labels)
        self.used_later = set(used_later)
        self.notes: dict[str, int] = {}
        self._sent: set[str] = set()
        placeholders = Placeholders(lambda name: getattr(self.main, name, None), self.labels.ids)
        self._http_steps = HttpSteps(self.labelling, self.normal, secrets, placeholders, self.main, self.used_later)

    @property
    def unlabelled(self) -> set[tuple[str, int]]:
        """Records that arguments refer to by id."""
        return self.labelling.unlabelled

    def steps(self, recorded: Iterable[RecordedRequest]) -> list[Step]:
        """Return the steps of the requests, without those that a contract cannot hold."""
        found = []
        for request in recorded:
            self._sent.update(
                texts(
                    [
                        request.json,
                        request.form,
                        request.text,
                        *([request.args] if isinstance(request, RpcRequest) else []),
                    ]
                )
            )
            try:
                step = self._step(request)
            except Exception:  # one unexpected request must not lose the whole recording
                self._note("requests that could not be turned into steps")
                continue
            if step is not None:
                found.append(step)
        return self._http_steps.complete(found)

    def _step(self, recorded: RecordedRequest) -> Step | None:
        if isinstance(recorded, RpcRequest):
            step = self._rpc(recorded)
        elif isinstance(recorded, Json2Request):
            step = self._json2(recorded)
        else:
            step = self._http_steps.step(recorded)
        if step is not None:
            request: dict[str, Any] = step.get("call") or step.get("json2") or {}
            model = request.get("model")
            step["expect"] = self._without_user(without_clock_times(step["expect"], recorded.moment, self._sent, model))
        return step

    def _note(self, text: str) -> None:
        self.notes[text] = self.notes.get(text, 0) + 1

    def _without_user(self, outcome: Any) -> Any:
        own = {"login": self.main.login, "username": self.main.login, "uid": self.main.uid}
        return without_user(outcome, own, self.secrets)

    # -- calls

    def _rpc(self, recorded: RpcRequest) -> Step | None:
        called = recorded.model_call
        if called is None:
            return self._service(recorded)
        account = self.accounts.find(*recorded.args[:3])
        if account is self.main:
            names_it = called[0] == USERS and self.main.login in list(texts(called[2:]))
            # only the arguments of a service have a placeholder for the login
            return self._service_call(recorded, *called) if names_it else self._call(recorded, *called)
        own = account is not None and (self.everybody or self.labels.known(USERS, account.uid) is not None)
        if account is None or own or account.db != self.main.db:
            return self._service_call(recorded, *called)
        self._note("calls of other users are carried out as the user of the contract, and not compared")
        return {
            **self._call(recorded, *called),
            "unscored": True,
            "about": f"Made by {account.login or 'another user'}.",
        }

    def _call(self, recorded: RpcRequest, model: str, method: str, args: list[Any], kwargs: Mapping[str, Any]) -> Step:
        request = self._arguments(model, method, args, kwargs)
        step: Step = {"call": {"model": model, "method": method, **request}}
        if recorded.via != "jsonrpc":
            step["via"] = recorded.via
        return self._with_outcome(step, recorded, model, method, args)

    def _arguments(self, model: str, method: str, args: list[Any], kwargs: Mapping[str, Any]) -> Step:
        sent, options = self.labelling.arguments(model, method, args, kwargs)
        if model == PARAMETERS and method == "set_param" and len(args) > 1 and hidden_parameter(*args[:2]) != args[1]:
            sent[1] = self.secrets.stand_in(args[1])
        found = {"args": self.secrets.hide(sent, model)}
        return {**found, "kwargs": self.secrets.hide(options, model)} if options else found

    def _service_call(
        self, recorded: RpcRequest, model: str, method: str, args: list[Any], kwargs: Mapping[str, Any]
    ) -> Step:
        """Return a call with another user or password than the contract's, as a `service` step."""
        db, uid, password, *_ = recorded.args
        who = [self._db(db), self._uid(uid), self._password(password)]
        request = self._arguments(model, method, args, kwargs)
        if model == USERS:
            request = self._with_login(request)
        rest = [request["args"], request.get("kwargs", {})] if recorded.name == "execute_kw" else request["args"]
        step: Step = {"service": {"name": "object", "method": recorded.name, "args": [*who, model, method, *rest]}}
        if recorded.via != "jsonrpc":
            step["via"] = recorded.via
        return self._with_outcome(step, recorded, model, method, args)

    def _with_login(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self._with_login(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self._with_login(item) for item in value]
        return "{login}" if isinstance(value, str) and value == self.main.login else value

    def _with_outcome(self, step: Step, recorded: RpcRequest, model: str, method: str, args: list[Any]) -> Step:
        """Add shape, labels and outcome to a step."""
        if "result" not in recorded.reply:
            return {**step, "expect": self.normal.reply(recorded.reply, "raw")}
        value = recorded.reply["result"]
        shape = shape_of(model, method, value)
        step |= self._labels(shape, model, method, value, "service" in step)
        if shape != "raw":
            step["shape"] = shape
        outcome = self.normal.reply(recorded.reply, shape)
        if model == PARAMETERS and method == "get_param" and args:
            known = self.secrets.clean(str(outcome["result"])) != outcome["result"]
            outcome["result"] = outcome["result"] if known else hidden_parameter(args[0], outcome["result"])
        return {**step, "expect": outcome}

    def _labels(self, shape: str, model: str, method: str, value: Any, is_service: bool) -> Step:
        """Return `as` for a step that creates records or whose answer contains records that are used later."""
        kind, _, shaped = shape.partition(":")
        of = shaped or model
        single = kind in ("id", "name", "record")
        items = value.get("ids") or [] if kind == "loaded" and isinstance(value, dict) else value
        ids = [id_of(item) for item in ([items] if single else items if isinstance(items, list) else [])]
        if method in CREATING and kind != "raw":
            labels = [
                self.labelling.new_label(of, id_) if id_ and not self._updates_existing(method, of, id_) else ""
                for id_ in ids
            ]
            labels = [
                label or (self.labelling.label(of, id_) if id_ else "") for label, id_ in zip(labels, ids, strict=True)
            ]
        elif (
            kind in ("ids", "records", "names", "record") and len(ids) <= MAX_LABELLED and self._any_used_later(of, ids)
        ):
            labels = [self.labelling.label(of, id_) if id_ else "" for id_ in ids]
        else:
            return {}
        if not labels or not all(labels):
            return {}
        return {"as": labels[0] if single else labels, **({"as_model": of} if of != model or is_service else {})}

    def _any_used_later(self, model: str, ids: Iterable[int | None]) -> bool:
        """Return whether one of the records is used later and has no label yet."""
        return any((model, id_) in self.used_later and self.labels.known(model, id_) is None for id_ in ids)

    def _updates_existing(self, method: str, model: str, id_: int) -> bool:
        """Return whether a method that may create a record wrote to an existing one."""
        return method == "web_save" and self.labels.known(model, id_) is not None

    # -- services

    def _service(self, recorded: RpcRequest) -> Step | None:
        if recorded.service == "db" and recorded.name not in _NO_MASTER_PASSWORD:
            self._note("calls that need the master password are left out")
            return None
        args, shape = self.secrets.hide(recorded.args), "raw"
        if recorded.service == "common" and recorded.name in _LOGINS and len(recorded.args) > 2:
            who = "{login}" if recorded.args[:2] == [self.main.db, self.main.login] else recorded.args[1]
            args, shape = [self._db(recorded.args[0]), who, self._password(recorded.args[2]), *args[3:]], "type"
        elif recorded.service == "object" and len(recorded.args) > 2:
            db, uid, password, *_ = recorded.args
            args = [self._db(db), self._uid(uid), self._password(password), *args[3:]]
        elif recorded.service == "db":
            args, shape = [self._db(arg) for arg in args], "type" if recorded.name == "list" else "raw"
        step: Step = {"service": {"name": recorded.service, "method": recorded.name, "args": args}}
        if recorded.via != "jsonrpc":
            step["via"] = recorded.via
        result = recorded.reply.get("result")
        if shape == "type":
            step["shape"] = shape
            other = self.everybody and result != self.main.uid
            if (
                type(result) is int
                and (other or (USERS, result) in self.used_later)
                and not self.labels.known(USERS, result)
            ):
                step |= {"as": self.labelling.label(USERS, result), "as_model": USERS}
        return {**step, "expect": self.normal.reply(recorded.reply, shape)}

    def _db(self, db: Any) -> Any:
        return "{db}" if db is not None and db == self.main.db else db

    def _uid(self, uid: Any) -> Any:
        if self.labels.known(USERS, uid) is not None:
            return self.labelling.ids(USERS, uid)
        return "{uid}" if uid is not None and uid == self.main.uid else uid

    def _password(self, password: Any) -> Any:
        if password in self.main.passwords:
            return "{password}"
        if password is not None and password == self.main.api_key:
            return "{api_key}"
        return self.secrets.stand_in(password) if isinstance(password, str) and password else password

    # -- JSON-2

    def _json2(self, recorded: Json2Request) -> Step:
        body: Any = recorded.text
        if isinstance(recorded.json, dict):
            body = self.secrets.hide(self.labelling.by_name(recorded.model, recorded.json), recorded.model)
        elif recorded.json is not None:
            body = self.secrets.clean(json.dumps(recorded.json))
        elif body is not None:
            body = self.secrets.clean(body)
        headers = self._json2_headers(recorded)
        request = {
            "model": recorded.model,
            "method": recorded.name,
            "body": body,
            **({"headers": headers} if headers else {}),
        }
        step: Step = {"json2": request}
        shape = "raw"
        if recorded.answer.status == 200:
            value = recorded.answer.json()
            shape = shape_of(recorded.model, recorded.name, value)
            step |= self._labels(shape, recorded.model, recorded.name, value, False)
        if shape != "raw":
            step["shape"] = shape
        step["expect"] = self.normal.answer(recorded.answer, shape)
        if (
            recorded.answer.status == 200
            and recorded.key
            and recorded.key not in (self.main.api_key, *self.main.passwords)
        ):
            self._note("calls of other users are carried out as the user of the contract, and not compared")
            step |= {"unscored": True, "about": "Made with another API key."}
        return step

    def _json2_headers(self, recorded: Json2Request) -> dict[str, str | None]:
        """Return the headers that differ from the usual ones of a JSON-2 call; None for a missing one."""
        found: dict[str, str | None] = {}
        key, db, kind = recorded.key, recorded.headers.get("x-odoo-database"), recorded.headers.get("content-type")
        if key is None:
            found["Authorization"] = None
        elif key not in (self.main.api_key, *self.main.passwords) and recorded.answer.status != 200:
            found["Authorization"] = f"bearer {self.secrets.stand_in(key)}"
        if db is None or db != self.main.db:
            found["X-Odoo-Database"] = db
        if kind is None or kind.partition(";")[0].strip() != "application/json":
            found["Content-Type"] = kind
        return found


class _FieldsByModel(Mapping[str, Mapping[str, Mapping[str, str]]]):
    """The fields of models, read on access."""

    def __init__(self, fields: FieldsOf) -> None:
        self._fields = fields

    def __getitem__(self, model: str) -> Mapping[str, Mapping[str, str]]:
        return self._fields(model)

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 0
