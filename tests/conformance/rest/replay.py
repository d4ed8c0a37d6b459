"""Replays the recorded exchanges in their order on a server of the same product, and compares every answer.

A recording is a JSON list of `{"name", "request": {method, path, headers, body}, "response": {status, headers,
body}}`; a body that begins with `base64:` is bytes.  What the recorded client had from an answer — a token, a
session id — is replaced in later requests by what it had from ours.  Ids of new records need no replacing: the
sequence of our table is set so that the record gets the id that it had there.

`exceptions.json` says of each recording what cannot be compared exactly, and why: `shape` and `fields` (the modes of
`compare.differences`), `no_cookie` (exactly, but for the session cookie), `left_out`; besides `before`, what the
recorder did by other means before an exchange, and `paths`, which path of ours stands for a recorded one.  An
exchange that is named nowhere there is compared exactly.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from mockserver.clock import Clock
from mockserver.orm.records.environment import Environment
from mockserver.server.app import App, create_app
from tests.conformance.rest.compare import CUT, differences, page_text, parsed
from tests.conformance.rest.report import Outcome, Report
from tests.dialects.wire import Answer, Wire

HERE = Path(__file__).parent
Exchange = dict[str, Any]
_COOKIE = re.compile(r"session_id=(\w+)")
_TOKEN_KEYS = ("access_token", "token")
_RECORDSET = re.compile(r"[\w.]+\((\d+),\)")
# headers of an answer that clients read, besides its type; a cookie is looked at by itself
_HEADERS = ("Location", "Cache-Control", "Pragma", "Allow")


# in `exceptions.json`: reason → names of exchanges
MODES = ("left_out", "no_cookie", "shape", "fields")


@dataclass(frozen=True)
class Server:
    """Which server of ours stands for the recorded one."""

    profile: str
    rest: str
    db: tuple[str, ...]
    fixtures: tuple[str, ...] = ()


SERVERS = {
    "flectra-1.6": Server("flectra-1.6", "flectra_rest", ("flectra16",), ("sale",)),
    "flectra-1.6-multidb": Server("flectra-1.6", "flectra_rest", ("flectra16", "other"), ("sale",)),
    "yezy-odoo-17.0": Server("odoo-17.0", "odoo_rest_api", ("yezy17",), ("product",)),
    "yezy-odoo-17.0-extra": Server("odoo-17.0", "odoo_rest_api", ("yezy17",), ("product",)),
    "framework-odoo-11-generation": Server("flectra-1.6", "muk_rest", ("flectra16",)),
}


class AdjustableClock(Clock):
    """The clock of the machine, ahead by `ahead`."""

    ahead = timedelta()

    def moment(self) -> datetime:
        return super().moment() + self.ahead


def exceptions(recording: str) -> dict[str, Any]:
    """The entry of `exceptions.json`."""
    held: dict[str, dict[str, Any]] = json.loads((HERE / "exceptions.json").read_text(encoding="utf-8"))
    return held[recording]


def exchanges(recording: str) -> list[Exchange]:
    """The exchanges as they were recorded."""
    held: list[Exchange] = json.loads((HERE / f"{recording}.json").read_text(encoding="utf-8"))
    return held


def replay(recording: str) -> Report:
    """Replay one recording on a fresh server."""
    server, clock = SERVERS[recording], AdjustableClock()
    app = create_app(server.fixtures, demo=True, profile=server.profile, rest=server.rest, db=server.db, clock=clock)
    return Report(recording, list(Replay(app, clock, exceptions(recording)).outcomes(exchanges(recording))))


class Replay:
    """One run against one app."""

    def __init__(self, app: App, clock: AdjustableClock, exceptional: dict[str, Any]) -> None:
        self.app = app
        self.wire = Wire(app)
        self.clock = clock
        self.exceptional = exceptional
        # what the recorded client had or asked for → what ours has or asks for
        self._ours: dict[str, str] = dict(exceptional.get("paths", {}))

    def outcomes(self, recorded: list[Exchange]) -> Iterator[Outcome]:
        """What each exchange gives, in order."""
        for number, exchange in enumerate(recorded):
            name, request = exchange["name"], exchange["request"]
            mode, reason = self._mode(name)
            shown = f"{request['method']} {request['path']} {(request['body'] or '')[:200]}"
            found: list[str] = []
            if mode != "left_out":
                self._prepare(name, exchange)
                answer = self._send(request)
                self._bind(exchange["response"], answer)
                found = list(self._compare(exchange, answer, mode))
            yield Outcome(number, name, mode, reason, found, shown)

    def _mode(self, name: str) -> tuple[str, str]:
        for mode in MODES:
            for reason, names in self.exceptional.get(mode, {}).items():
                if name in names:
                    return mode, reason
        return "exact", ""

    # -- before a request

    def _prepare(self, name: str, exchange: Exchange) -> None:
        for step in self.exceptional.get("before", {}).get(name, []):
            self._do(step)
        made = _created(exchange)
        if made is not None:
            model, id_ = made
            store = self.app.databases[next(iter(self.app.databases))].store
            if not any(row >= id_ for row in store.rows(model)):
                store.sequences = {**store.sequences, model: id_ - 1}

    def _do(self, step: dict[str, Any]) -> None:
        """`advance`: seconds that pass; by the superuser `write` and `unlink`, `[model, domain, values]`, and
        `create`, `[model, {name: [value, external id that is the value]}]`;
        `same`: `[path, model, domain]`, the recorded path and the record of ours that is meant by its id."""
        env = next(iter(self.app.databases.values())).env(1)
        if "advance" in step:
            self.clock.ahead += timedelta(seconds=step["advance"])
        elif "write" in step:
            model, domain, values = step["write"]
            records = env[model].search(self._filled(domain))
            assert records, f"nothing to write: {step}"
            with env.db.transaction():
                records.write(values)
        elif "create" in step:
            with env.db.transaction():
                model, values = step["create"]
                env[model].create({name: _id(env, ref) if ref else value for name, (value, ref) in values.items()})
        elif "unlink" in step:
            model, domain = step["unlink"]
            with env.db.transaction():
                env[model].search(domain).unlink()
        else:
            recorded, model, domain = step["same"]
            path = recorded.rpartition("/")[0]
            self._ours[recorded] = f"{path}/{env[model].search(domain).id}"

    def _filled(self, domain: Any) -> Any:
        return json.loads(self._fill(json.dumps(domain)))

    def _fill(self, text: str) -> str:
        for recorded, ours in self._ours.items():
            text = text.replace(recorded, ours)
        return text

    def _as_recorded(self, text: str) -> str:
        for recorded, ours in self._ours.items():
            text = text.replace(ours, recorded)
        return text

    # -- the request

    def _send(self, request: dict[str, Any]) -> Answer:
        path, _, query = self._fill(request["path"]).partition("?")
        body = request["body"] or ""
        data = base64.b64decode(body[7:]) if body.startswith("base64:") else self._fill(body).encode()
        headers = {name: self._fill(value) for name, value in request["headers"].items()}
        content_type = headers.pop("Content-Type", "")
        extra = {"HTTP_" + name.upper().replace("-", "_"): value for name, value in headers.items()}
        # WSGI has the bytes of a path as latin-1
        decoded = unquote(path, "latin-1")
        return self.wire.http(request["method"], decoded, data, content_type, QUERY_STRING=query, **extra)

    # -- the answer

    def _bind(self, response: dict[str, Any], answer: Answer) -> None:
        there = _COOKIE.search(_header(response["headers"], "Set-Cookie"))
        here = _COOKIE.search(answer.headers.get("Set-Cookie", ""))
        if there and here:
            self._ours[there.group(1)] = here.group(1)
        for key in _TOKEN_KEYS:
            pattern = re.compile(rf'"{key}": "([^"]+)"')
            tokens = pattern.search(response["body"]), pattern.search(answer.body.decode("latin-1"))
            if tokens[0] and tokens[1]:
                self._ours[tokens[0].group(1)] = tokens[1].group(1)

    def _compare(self, exchange: Exchange, answer: Answer, mode: str) -> Iterator[str]:
        response = exchange["response"]
        if answer.status != response["status"]:
            text = answer.body.decode("utf-8", "replace")[-300:]
            yield f"status: {response['status']} recorded, {answer.status} here: {text}"
            return
        yield from self._headers(response["headers"], answer.headers, mode)
        if exchange["request"]["method"] == "HEAD":
            return
        recorded, ours = response["body"], answer.body.decode()
        if "json" in answer.media_type:
            how = "fields" if recorded.endswith(CUT) else "exact" if mode == "no_cookie" else mode
            yield from differences(parsed(recorded), json.loads(ours), how)
            return
        texts = page_text(recorded), self._as_recorded(page_text(ours))
        if mode in ("exact", "no_cookie") and texts[0] != texts[1]:
            yield f"text: {texts[0][:300]!r} recorded, {texts[1][:300]!r} here"

    def _headers(self, recorded: dict[str, Any], ours: dict[str, str], mode: str) -> Iterator[str]:
        kinds = recorded["Content-Type"], ours.get("Content-Type", "")
        if "json" not in kinds[0]:  # werkzeug's pages name their charset in later releases
            kinds = kinds[0].partition(";")[0], kinds[1].partition(";")[0]
        if kinds[0] != kinds[1]:
            yield f"content type: {kinds[0]!r} recorded, {kinds[1]!r} here"
        for name in _HEADERS:
            there, here = _header(recorded, name), self._as_recorded(ours.get(name, ""))
            if set(there.split(", ")) != set(here.split(", ")):
                yield f"{name}: {there!r} recorded, {here!r} here"
        cookies = ["session_id=" in _header(headers, "Set-Cookie") for headers in (recorded, ours)]
        if cookies[0] != cookies[1] and mode != "no_cookie":
            yield f"session cookie: {cookies[0]} recorded, {cookies[1]} here"


def _id(env: Environment, xmlid: str) -> int:
    record = env.ref(xmlid)
    assert record is not None
    return int(record.id)


def _header(headers: dict[str, Any], name: str) -> str:
    """The header's text; the recorder made a list of one that came twice."""
    value = headers.get(name, "")
    return ", ".join(value) if isinstance(value, list) else str(value)


def _created(exchange: Exchange) -> tuple[str, int] | None:
    """`(model, id)` of the record that the recorded exchange made."""
    request, response = exchange["request"], exchange["response"]
    root, _, rest = request["path"].partition("?")[0].strip("/").partition("/")
    model, _, tail = rest.partition("/")
    if request["method"] != "POST" or response["status"] != 200 or root not in ("api", "object"):
        return None
    try:
        body = json.loads(response["body"])
    except ValueError:
        return None
    if root == "api" and isinstance(body.get("id"), int) and "jsonrpc" not in body:
        return model, body["id"]
    result = body.get("result")
    if root == "api" and isinstance(result, int):
        return model, result
    text = _RECORDSET.fullmatch(result) if tail.rpartition("/")[2] in ("create", "copy") else None
    return (model, int(text.group(1))) if text else None
