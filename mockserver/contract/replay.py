"""Send the steps of a contract through a client."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mockserver.contract import http_steps
from mockserver.contract.arguments import Arguments
from mockserver.contract.http_steps import CookieJars
from mockserver.contract.labels import Labels
from mockserver.contract.live.client import Client, arguments_by_name
from mockserver.contract.live.connection import Answer
from mockserver.contract.live.errors import NotOdoo
from mockserver.contract.live.protocols import Reply, read_json
from mockserver.contract.masks import in_order
from mockserver.contract.normal import Normaliser
from mockserver.contract.paths import ABSENT, value_at
from mockserver.contract.placeholders import Placeholders, in_body, in_path
from mockserver.contract.steps import Call, Contract, Http, Json2, Outcome, Service, Step, Web

MAIN_SESSION = "main"  # the web session of the contract's own user, for calls by `web`


class Replay:
    """Sends the steps of a contract in order, and keeps the values of answers that later steps need.

    `via`: the protocol for every call, in place of the recorded one.  `normal`: what makes outcomes of answers.
    """

    def __init__(
        self, client: Client, contract: Contract, via: str | None = None, normal: Normaliser | None = None
    ) -> None:
        self.contract = contract
        self.via = via
        self.normal = normal or Normaliser(contract.fields, Labels())
        self.labels = self.normal.labels
        self.placeholders = Placeholders(lambda name: getattr(self.client, name), self.labels.ids)
        self.arguments = Arguments(self.labels, self.placeholders.values, self.normal.now)
        self.client = self._main = client  # of the user of the present step
        self._others: dict[str, Client] = {}
        self._jars = CookieJars()

    def outcomes(self) -> Iterator[Outcome]:
        """Yield the outcome of each step; `{"unbound": "'label'"}` where an earlier step did not make its record.

        Raises the errors of `live` when the server can no longer be used.
        """
        for step in self.contract.steps:
            self.client = self._client_of(step)
            try:
                yield self.finished(step, self._run(step))
            except KeyError as missing:
                yield {"unbound": str(missing)}
            except NotOdoo as error:
                yield {"failed": str(error)}

    def finished(self, step: Step, outcome: Outcome) -> Outcome:
        """Return the outcome as it is compared."""
        return {**outcome, "result": in_order(outcome["result"], step.sort)} if "result" in outcome else outcome

    def _client_of(self, step: Step) -> Client:
        """Return the client of the user who makes a step; other users log in at their first one."""
        if step.user is None:
            return self._main
        if step.relogin or step.user not in self._others:
            self._others[step.user] = self._main.of_other_user(**self.contract.users[step.user])
        return self._others[step.user]

    def _run(self, step: Step) -> Outcome:
        request = step.request
        if isinstance(request, Call):
            return self._call(step, request)
        if isinstance(request, Json2):
            return self._json2(step, request)
        if isinstance(request, Service):
            return self._service(step, request)
        return self._web(step, request) if isinstance(request, Web) else self._http(step, request)

    # -- the kinds of requests

    def _call(self, step: Step, call: Call) -> Outcome:
        args, kwargs = self.arguments.fill([call.args, call.kwargs])
        via = self.via or step.via
        if via == "web":
            return self._over_web(step, {"model": call.model, "method": call.method, "args": args, "kwargs": kwargs})
        if via == "json2":
            return self._outcome(step, self._over_json2(step, call, args, kwargs))
        return self._outcome(step, self.client.reply(via, call.model, call.method, args, kwargs))

    def _over_json2(self, step: Step, call: Call, args: list[Any], kwargs: dict[str, Any]) -> Reply:
        """Send a call over JSON-2 and return the reply that JSON-RPC would give."""
        if step.user is not None:
            raise NotOdoo(f"there is no API key of {self.client.login!r}, which JSON-2 needs")
        try:
            answer = self.client.json2(
                call.model, call.method, arguments_by_name(call.model, call.method, args, kwargs)
            )
        except ValueError as error:  # arguments without names
            raise NotOdoo(str(error)) from None
        value = answer.json({})
        if answer.status != 200:
            return {"error": {"code": answer.status, "data": value if isinstance(value, dict) else {}}}
        one = call.method == "create" and args and isinstance(args[0], dict)
        return {"result": value[0] if one and isinstance(value, list) and value else value}

    def _over_web(self, step: Step, params: dict[str, Any]) -> Outcome:
        """Make a call in a web session of the step's user, who logs in at the first one."""
        session = step.user or MAIN_SESSION
        if not self._jars.cookies(session):
            login = {"db": self.client.db, "login": self.client.login, "password": self.client.password}
            self._ask(session, "/web/session/authenticate", login)
        answer = self._ask(session, "/web/dataset/call_kw", params)
        reply = read_json(answer)
        if reply is None:
            raise NotOdoo(f"/web/dataset/call_kw answers {answer.status} {answer.kind or 'without a content type'}")
        if _succeeded(reply):
            self._save(step, reply["result"], answer, session)
        return self._outcome(step, reply, saves=False)

    def _json2(self, step: Step, call: Json2) -> Outcome:
        headers = self.placeholders.fill(call.headers)
        answer = self.client.json2(call.model, call.method, self.arguments.fill(call.body), headers)
        if answer.status == 200:
            self._keep(step, answer.json())
            self._save(step, answer.json(), answer)
        return self.normal.answer(answer, step.shape, step.masks)

    def _service(self, step: Step, service: Service) -> Outcome:
        args = [self.client.uid if arg == "{uid}" else arg for arg in self.arguments.fill(service.args)]
        via = self.via if self.via in ("jsonrpc", "xmlrpc") else step.via
        reply = self.client.service_reply(via, service.name, service.method, self.placeholders.fill(args))
        return self._outcome(step, reply)

    def _web(self, step: Step, request: Web) -> Outcome:
        params = self.placeholders.fill(self.arguments.fill(request.params))
        answer = self._ask(request.session, self.placeholders.fill(request.path, in_path), params)
        payload, reply = answer.json(), read_json(answer)
        self._save(step, payload, answer, request.session)
        if reply is None:
            return {"status": answer.status, "type": answer.kind}
        outcome = self._outcome(step, reply, saves=False)
        if step.keep:
            outcome = {"status": answer.status, **self._kept(step, payload)}
        return self._without_secrets(outcome)

    def _http(self, step: Step, request: Http) -> Outcome:
        headers = {name: value for name, value in request.headers.items() if value is not None}
        headers = self._jars.header(request.session) | self.placeholders.fill(headers)
        body, kind = self._body(request, headers)
        if kind:
            headers.setdefault("Content-Type", kind)
        answer = self.client.send(request.method, self.placeholders.fill(request.path, in_path), headers, body)
        self._jars.keep(request.session, answer)
        for name, path in step.bind.items():
            self._bind_value(step, name, path, lambda path: bound_value(answer, path))
        payload = answer.json()
        self._save(step, payload, answer, request.session)
        outcome = {"status": answer.status, "type": answer.kind, **self._kept(step, payload)}
        outcome.update(http_steps.part(answer, wanted, self.client.db) for wanted in request.want)
        return self._without_secrets(outcome)

    def _body(self, request: Http, headers: Mapping[str, str]) -> tuple[bytes | None, str | None]:
        """Return the body of a request, and the content type that comes with it, if any."""
        if request.form is not None:
            return http_steps.form({name: self.placeholders.fill(str(text)) for name, text in request.form.items()})
        if request.multipart is not None:
            return http_steps.multipart(self.placeholders.fill(request.multipart))
        if request.has_json:
            return json.dumps(self.placeholders.fill(self.arguments.fill(request.json))).encode(), None
        kind = next((value for name, value in headers.items() if name.lower() == "content-type"), None)
        body = self.placeholders.fill(request.body, in_body(kind))
        return None if body is None else body.encode(), None

    def _ask(self, session: str, path: str, params: Any) -> Answer:
        """Send a JSON-RPC request of the web client, with the cookies of a session."""
        request = {"jsonrpc": "2.0", "method": "call", "id": 1, "params": params}
        headers = {"Content-Type": "application/json", **self._jars.header(session)}
        answer = self.client.send("POST", path, headers, json.dumps(request).encode())
        self._jars.keep(session, answer)
        return answer

    # -- outcomes, and the values that later steps need

    def _outcome(self, step: Step, reply: Reply, saves: bool = True) -> Outcome:
        if _succeeded(reply):
            self._keep(step, reply["result"])
            if saves:
                self._save(step, reply["result"])
        return self.normal.reply(reply, step.shape, step.masks)

    def _kept(self, step: Step, payload: Any) -> Outcome:
        return {path: self.normal.result(value_at(payload, path), shape) for path, shape in step.keep.items()}

    def _without_secrets(self, outcome: Outcome) -> Outcome:
        found: Outcome = self.placeholders.with_placeholders(outcome)
        return found

    def _keep(self, step: Step, result: Any) -> None:
        """Keep the ids of a result under the step's labels, and the values that the step binds."""
        for name, path in step.bind.items():
            self._bind_value(step, name, path, lambda path: value_at(result, path))
        if step.labels is None:
            return
        labels = [step.labels] if isinstance(step.labels, str) else step.labels
        alone = [result] if isinstance(step.labels, str) else []
        if isinstance(result, dict) and "ids" in result:  # of `load`
            result = result["ids"]
        ids = result if isinstance(result, list) else alone
        for label, found in zip(labels, ids, strict=False):
            record_id = id_of(found)
            if record_id is not None:
                self.labels.bind(label, step.labels_of, record_id)

    def _bind_value(self, step: Step, name: str, path: str | list[str], find: Callable[[str], Any]) -> None:
        path, model = path if isinstance(path, list) else (path, step.labels_of)
        value = find(path)
        if type(value) is int:
            self.labels.bind(name, model, value)
        elif value not in (ABSENT, None):
            self.placeholders.bound[name] = str(value)

    def _save(self, step: Step, value: Any, answer: Answer | None = None, session: str = "") -> None:
        """Save the values that later steps send; a third element is the value if the result has none there."""
        for name, (source, told, *instead) in step.save.items():
            if source == "json":
                found = value_at(value, told)
                found = instead[0] if found == ABSENT and instead and isinstance(value, dict) else found
            elif source == "cookie":
                found = self._jars.cookies(session).get(told, ABSENT)
            else:
                found = _of_answer(answer, source, told)
            if found not in (ABSENT, None):
                self.placeholders.saved[name] = found


def _succeeded(reply: Reply) -> bool:
    return "result" in reply and "error" not in reply


def _of_answer(answer: Answer | None, source: str, told: str) -> Any:
    """Return a header, or what the group of a pattern finds in the body."""
    if answer is None:
        return ABSENT
    if source == "header":
        return answer.headers.get(told.lower(), ABSENT)
    match = re.search(told, answer.body.decode("utf-8", "replace"))
    return match[1] if match else ABSENT


def id_of(value: Any) -> int | None:
    """Return the id in an id, `[id, name]` or the values of a record; None for anything else."""
    if isinstance(value, dict):
        value = value.get("id")
    elif isinstance(value, list) and value:
        value = value[0]
    return value if type(value) is int else None


def bound_value(answer: Answer, path: str) -> Any:
    """Return the value at a path of `bind`: `result.id` of a JSON body, `header:X-Token`, or `cookie:session_id`."""
    kind, colon, name = path.partition(":")
    if colon and kind == "header":
        return answer.headers.get(name.lower(), ABSENT)
    if colon and kind == "cookie":
        return http_steps.cookies(answer).get(name, ABSENT)
    return value_at(answer.json(), path)
