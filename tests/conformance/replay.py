"""Replays a recording step by step and compares every outcome, error texts included.

A recording is a JSON object: `fields` (what `fields_get` told) and `steps`.  A step is one `call` of a model
method, the same over JSON-2 (`json2`), one `service` method or one raw `http` request; it may bind the id that
comes back to a label (`as`), and holds the real server's outcome (`expect`) in the form that `normal` describes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mockserver import MockServer
from tests.conformance.client import Client
from tests.conformance.normal import Labels, Normaliser, picked

HERE = Path(__file__).parent
Step = dict[str, Any]
Outcome = dict[str, Any]


@dataclass
class Difference:
    """One step that ended otherwise than on the real server."""

    number: int
    step: Step
    got: Outcome

    def __str__(self) -> str:
        request = next(self.step[key] for key in ("call", "json2", "service", "http") if key in self.step)
        rows = {
            f"step {self.number}": f"{self.step.get('via', '')} {_text(request)}",
            "  expected": _text(self.step["expect"]),
            "  got": _text(self.got),
        }
        return "\n".join(f"{head:<11}{text[:600]}" for head, text in rows.items())


@dataclass
class Report:
    """What came of one recording."""

    path: Path
    steps: int
    differences: list[Difference]

    def line(self) -> str:
        """Such as `core-crud: 106 of 106`."""
        return f"{self.path.stem}: {self.steps - len(self.differences)} of {self.steps}"

    def details(self, limit: int = 10) -> str:
        """The first differences, readable."""
        left = len(self.differences) - limit
        tail = [f"… and {left} more"] if left > 0 else []
        return "\n".join([*map(str, self.differences[:limit]), *tail])


def recordings(profile: str) -> list[Path]:
    """The recordings of that server which this project holds."""
    return sorted((HERE / profile).glob("*.json"))


def replay(path: Path, profile: str) -> Report:
    """Replay one recording on a fresh database of a server that is started for it."""
    scenario = json.loads(path.read_text(encoding="utf-8"))
    with MockServer(profile=profile) as server:
        api_key = server.api_key if server.profile.api_keys else None
        client = Client(server.url, server.db, server.login, server.password, api_key)
        try:
            outcomes = list(Replay(client, scenario).outcomes())
        finally:
            client.close()
    steps = [step for step in scenario["steps"] if not step.get("unscored")]
    differences = [
        Difference(number, step, got)
        for number, (step, got) in enumerate(zip(scenario["steps"], outcomes, strict=True))
        if not step.get("unscored") and not agrees(step["expect"], got)
    ]
    return Report(path, len(steps), differences)


class Replay:
    """One run of one scenario through one client."""

    def __init__(self, client: Client, scenario: dict[str, Any]) -> None:
        self.client = client
        self.steps: list[Step] = scenario["steps"]
        self.labels = Labels()
        self.normal = Normaliser(scenario.get("fields", {}), self.labels)

    def outcomes(self) -> Iterator[Outcome]:
        """What each step gives, in order."""
        for step in self.steps:
            try:
                yield self._run(step)
            except KeyError as missing:  # the step that should have made the record failed
                yield {"unbound": str(missing)}

    def _run(self, step: Step) -> Outcome:
        if "call" in step:
            return self._call(step)
        if "json2" in step:
            return self._json2(step)
        if "service" in step:
            return self._service(step)
        return self._http(step)

    def _call(self, step: Step) -> Outcome:
        call = step["call"]
        args, kwargs = self.labels.fill([call.get("args", []), call.get("kwargs", {})])
        reply = self.client.call(step.get("via", "jsonrpc"), call["model"], call["method"], args, kwargs)
        if "as" in step and "result" in reply:
            self._bind(step["as"], step.get("as_model", call["model"]), reply["result"])
        return self.normal.reply(reply, step.get("shape", "raw"))

    def _json2(self, step: Step) -> Outcome:
        call = step["json2"]
        answer = self.client.json2(
            call["model"], call["method"], self.labels.fill(call.get("body")), call.get("headers", {})
        )
        payload = answer.json()
        outcome: Outcome = {"status": answer.status, "type": answer.kind}
        if answer.status == 200:
            if "as" in step:
                self._bind(step["as"], call["model"], payload)
            outcome["result"] = self.normal.result(payload, step.get("shape", "raw"))
        elif isinstance(payload, dict):
            text = self.labels.scrub(str(payload.get("message")))
            outcome["error"] = {"name": payload.get("name"), "text": text, "keys": sorted(payload)}
        return outcome

    def _bind(self, names: str | list[str], model: str, result: Any) -> None:
        many = isinstance(names, list)
        ids = result if isinstance(result, list) else [] if many else [result]
        for label, record_id in zip(names if many else [names], ids, strict=False):
            if isinstance(record_id, int):
                self.labels.bind(label, model, record_id)

    def _service(self, step: Step) -> Outcome:
        service = step["service"]
        args = [self.client.uid if arg == "{uid}" else arg for arg in self.labels.fill(service["args"])]
        reply = self.client.service(
            step.get("via", "jsonrpc"), service["name"], service["method"], self.client.fill(args)
        )
        return self.normal.reply(reply, step.get("shape", "raw"))

    def _http(self, step: Step) -> Outcome:
        request = self.client.fill(step["http"])
        body = request.get("body")
        if "json" in request:
            body = json.dumps(request["json"])
        answer = self.client.send(
            request["method"], request["path"], request.get("headers", {}), None if body is None else body.encode()
        )
        payload = answer.json()
        kept = {path: picked(payload, path) for path in step.get("keep", [])}
        return {"status": answer.status, "type": answer.kind, **self._with_db_placeholder(kept)}

    def _with_db_placeholder(self, value: Any) -> Any:
        """Where the recorder met the database's own name as a value it wrote `{db}`."""
        return json.loads(json.dumps(value).replace(json.dumps(self.client.db), '"{db}"'))


def agrees(expected: Outcome, got: Outcome) -> bool:
    """Whether two outcomes are the same value of the same JSON types (1, 1.0 and true differ).

    Where the real server let its database driver's own error through, any error will do.
    """
    if _text(expected) == _text(got):
        return True
    if str(expected.get("error", {}).get("name", "")).startswith("psycopg2."):
        return "error" in got
    return "psycopg2" in str(expected.get("fault", {}).get("text", "")) and "fault" in got


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
