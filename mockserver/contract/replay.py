"""Send the steps of a contract through a client."""

from __future__ import annotations

import http.cookies
import json
from collections.abc import Iterator
from typing import Any

from mockserver.contract.labels import Labels
from mockserver.contract.live.client import Client, arguments_by_name
from mockserver.contract.live.connection import Answer
from mockserver.contract.live.errors import NotOdoo
from mockserver.contract.live.protocols import Reply
from mockserver.contract.normal import ABSENT, Normaliser, value_at
from mockserver.contract.placeholders import Placeholders, in_body, in_path
from mockserver.contract.steps import Call, Contract, Http, Json2, Outcome, Service, Step


class Replay:
    """Sends the steps of a contract in order, and keeps the values of answers that later steps need.

    `via`: the protocol for every call, in place of the recorded one.
    """

    def __init__(self, client: Client, contract: Contract, via: str | None = None) -> None:
        self.client = client
        self.contract = contract
        self.via = via
        self.labels = Labels()
        self.normal = Normaliser(contract.fields, self.labels)
        self.placeholders = Placeholders(lambda name: getattr(client, name), self.labels.ids)

    def outcomes(self) -> Iterator[Outcome]:
        """Yield the outcome of each step; `{"unbound": "'label'"}` where an earlier step did not make its record.

        Raises the errors of `live` when the server can no longer be used.
        """
        for step in self.contract.steps:
            try:
                yield self._run(step)
            except KeyError as missing:
                yield {"unbound": str(missing)}
            except NotOdoo as error:
                yield {"failed": str(error)}

    def _run(self, step: Step) -> Outcome:
        request = step.request
        if isinstance(request, Call):
            return self._call(step, request)
        if isinstance(request, Json2):
            return self._json2(step, request)
        if isinstance(request, Service):
            return self._service(step, request)
        return self._http(step, request)

    def _call(self, step: Step, call: Call) -> Outcome:
        args, kwargs = self.labels.fill([call.args, call.kwargs])
        via = self.via or step.via
        if via == "json2":
            reply = self._over_json2(call, args, kwargs)
        else:
            reply = self.client.reply(via, call.model, call.method, args, kwargs)
        if "result" in reply:
            self._bind(step, reply["result"])
        return self.normal.reply(reply, step.shape)

    def _over_json2(self, call: Call, args: list[Any], kwargs: dict[str, Any]) -> Reply:
        """Send a call over JSON-2 and return the reply that JSON-RPC would give."""
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

    def _json2(self, step: Step, call: Json2) -> Outcome:
        answer = self.client.json2(call.model, call.method, self.labels.fill(call.body), call.headers)
        if answer.status == 200:
            self._bind(step, answer.json())
        return self.normal.answer(answer, step.shape)

    def _service(self, step: Step, service: Service) -> Outcome:
        args = [self.client.uid if arg == "{uid}" else arg for arg in self.labels.fill(service.args)]
        via = self.via if self.via in ("jsonrpc", "xmlrpc") else step.via
        reply = self.client.service_reply(via, service.name, service.method, self.placeholders.fill(args))
        if "result" in reply:
            self._bind(step, reply["result"])
        return self.normal.reply(reply, step.shape)

    def _http(self, step: Step, request: Http) -> Outcome:
        headers = {name: value for name, value in request.headers.items() if value is not None}
        kind = next((value for name, value in headers.items() if name.lower() == "content-type"), None)
        body = self.placeholders.fill(request.body, in_body(kind))
        if request.has_json:
            body = json.dumps(self.placeholders.fill(self.labels.fill(request.json)))
        answer = self.client.send(
            request.method,
            self.placeholders.fill(request.path, in_path),
            self.placeholders.fill(headers),
            None if body is None else body.encode(),
        )
        for name, path in request.bind.items():
            self._bind_value(name, bound_value(answer, path), step.labels_of)
        payload = answer.json()
        kept = {path: self.normal.result(value_at(payload, path), shape) for path, shape in request.keep.items()}
        return {"status": answer.status, "type": answer.kind, **self.placeholders.with_placeholders(kept)}

    # -- values for later steps

    def _bind(self, step: Step, result: Any) -> None:
        """Remember the ids of the result under the step's labels, and the values that it binds by path."""
        for name, path in step.data.get("bind", {}).items():
            self._bind_value(name, value_at(result, path), step.labels_of)
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

    def _bind_value(self, name: str, value: Any, model: str) -> None:
        if isinstance(value, int) and not isinstance(value, bool):
            self.labels.bind(name, model, value)
        elif value not in (ABSENT, None):
            self.placeholders.bound[name] = str(value)


def id_of(value: Any) -> int | None:
    """Return the id in an id, `[id, name]` or the values of a record; None for anything else."""
    if isinstance(value, dict):
        value = value.get("id")
    elif isinstance(value, list) and value:
        value = value[0]
    return value if type(value) is int else None


def cookies(answer: Answer) -> dict[str, str]:
    """Return the cookies that an answer sets."""
    found: http.cookies.SimpleCookie = http.cookies.SimpleCookie()
    for name, value in answer.pairs or answer.headers.items():
        if name.lower() == "set-cookie":
            found.load(value)
    return {name: morsel.value for name, morsel in found.items()}


def bound_value(answer: Answer, path: str) -> Any:
    """Return the value at a path of `bind`: `result.id` of a JSON body, `header:X-Token`, or `cookie:session_id`."""
    kind, colon, name = path.partition(":")
    if colon and kind == "header":
        return answer.headers.get(name.lower(), ABSENT)
    if colon and kind == "cookie":
        return cookies(answer).get(name, ABSENT)
    return value_at(answer.json(), path)
