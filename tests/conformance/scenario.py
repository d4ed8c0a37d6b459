"""Recordings with several users, replacements and shapes that contracts do not have, replayed step by step.

Beyond a contract they have `users`, `{key: {"login", "password"}}`, which a step names as its `user`; `replace`,
pairs of a pattern and a text for the outcome as JSON, of the scenario and of a step; `bind` with `[path, model]`;
the shapes `xref`, `len`, `translations` and `action`; and `demo`: false, without demonstration data.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from mockserver.contract.labels import Labels
from mockserver.contract.live.client import Client
from mockserver.contract.normal import Normaliser, value_at
from mockserver.contract.replay import id_of
from mockserver.contract.steps import Fields
from mockserver.server.server import MockServer

Data = dict[str, Any]
_ACTION = ("type", "name", "res_model", "view_mode", "target", "tag", "url", "report_name", "report_type")


class _Shapes(Normaliser):
    """The shapes of contracts and four more; users have their labels, floats six places."""

    def result(self, value: Any, shape: str) -> Any:
        kind = shape.partition(":")[0]
        if kind == "xref" and isinstance(value, list):
            return [value[0], "#" if isinstance(value[1], int) else value[1]]
        if kind == "len" and isinstance(value, (list, dict, str)):
            return f"{type(value).__name__} of {len(value)}"
        if kind == "translations" and isinstance(value, list):
            return [sorted(value[0], key=lambda told: (str(told["source"]), told["lang"])), value[1]]
        if kind == "action" and isinstance(value, dict):
            found = {key: value[key] for key in _ACTION if key in value}
            label = self.labels.of(value.get("res_model"), value.get("res_id"))
            return {**found, "res_id": label} if label else found
        return _rounded(value if kind in ("xref", "len", "translations", "action") else super().result(value, shape))

    def _field_value(self, model: str, name: str, value: Any) -> Any:
        told = self.fields.get(model, {}).get(name, {})
        if told.get("type") == "many2one" and told.get("relation") == "res.users" and value:
            return self.labels.known("res.users", value[0] if isinstance(value, list) else value) or "<user>"
        return super()._field_value(model, name, value)


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    return round(value, 6) + 0.0 if isinstance(value, float) else value


class Replayed:
    """One run of a scenario on a fresh server of ours."""

    def __init__(self, data: Data, server: MockServer) -> None:
        self.data = data
        self.server = server
        self.labels = Labels()
        fields: Fields = data.get("fields", {})
        self.shapes = _Shapes(fields, self.labels)
        self._clients: dict[str | None, Client] = {}

    def differences(self) -> Iterator[str]:
        """A text for each step that ends in another way than it was recorded."""
        with ExitStack() as self._open:
            yield from self._differences()

    def _differences(self) -> Iterator[str]:
        for number, step in enumerate(self.data["steps"], 1):
            got = self._outcome(step)
            if got != step["expect"]:
                yield f"step {number}: {step['call']}\n  recorded {step['expect']}\n  here     {got}"

    def _client(self, user: str | None) -> Client:
        if user not in self._clients:
            of_user = self.data.get("users", {}).get(user)
            told = of_user or {"login": self.server.login, "password": self.server.password}
            login, password = told["login"], told["password"]
            client = Client(self.server.url, self.server.db, login, password)
            self._clients[user] = self._open.enter_context(client)
        return self._clients[user]

    def _outcome(self, step: Data) -> Any:
        call = step["call"]
        try:
            args, kwargs = self.labels.fill([call["args"], call["kwargs"]])
        except KeyError as missing:
            return {"unbound": str(missing)}
        client = self._client(step.get("user"))
        reply = client.reply(step.get("via", "jsonrpc"), call["model"], call["method"], args, kwargs)
        if "result" in reply:
            self._bind(step, reply["result"])
        return self._replaced(step, self.shapes.reply(reply, step.get("shape", "raw")))

    def _bind(self, step: Data, result: Any) -> None:
        for label, (path, model) in step.get("bind", {}).items():
            self.labels.bind(label, model, value_at(result, path))
        wanted, alone = step.get("as", []), [result]
        labels = [wanted] if isinstance(wanted, str) else wanted
        for label, found in zip(labels, result if isinstance(result, list) else alone, strict=False):
            if (record_id := id_of(found)) is not None:
                self.labels.bind(label, step.get("as_model", step["call"]["model"]), record_id)

    def _replaced(self, step: Data, outcome: Any) -> Any:
        text = json.dumps(outcome, ensure_ascii=False)
        for pattern, by in (*step.get("replace", ()), *self.data.get("replace", ())):
            text = re.sub(pattern, by, text)
        return json.loads(text)


def is_scenario(path: Path) -> bool:
    """Whether a recording needs more than a contract has."""
    return bool(json.loads(path.read_text("utf-8")).keys() & {"users", "replace"})


def differences(path: Path, profile: str) -> list[str]:
    """What is otherwise on a fresh server of ours."""
    data = json.loads(path.read_text("utf-8"))
    with MockServer(profile=profile, demo=data.get("demo", True)) as server:
        return list(Replayed(data, server).differences())
