"""Replays a recording of a real server on a fresh server of ours.

A recording is a contract (docs/contracts.md), with what `recorded` describes besides.
"""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass, field
from pathlib import Path

from mockserver.clock import Clock
from mockserver.contract.format import parse
from mockserver.contract.live.client import Client
from mockserver.contract.live.connection import Connection
from mockserver.contract.steps import Contract
from mockserver.contract.verify import Report, judge
from mockserver.server.server import MockServer
from tests.conformance import is_flow
from tests.conformance.not_yet import name_of
from tests.conformance.recorded import RecordedNormaliser, RecordedReplay

_NOW = "2026-11-18 10:30:00"
API_KEY = "0123456789abcdef0123456789abcdef01234567"
SECOND_DB = "other"
_OF_SEVERAL = ("odoo-19.0/json2-dbs", "odoo-17.0/core-envelope")  # recorded on servers with several databases
# recorded on databases without demonstration data, which the outcomes show: the company's country, rates, tags, users
_WITHOUT_DEMO = ("companies", "i18n", "rights", "web-session")
# recordings of JSON-2 and of the years since, whose servers had an API key of the administrator
_WITH_KEY = ("temporal", "web", "i18n")

# what recordings tell their readers only
_ABOUT = ("packs", "adapted_from")

Pairs = list[list[str]]


@dataclass(frozen=True)
class Scenario:
    """One recording; `replace` are its pairs of pattern and text, `own` those of single steps by number."""

    contract: Contract
    norms: frozenset[str]
    replace: Pairs = field(default_factory=list)
    own: dict[int, Pairs] = field(default_factory=dict)


def read(path: Path) -> Scenario:
    """Read a recording."""
    data = json.loads(path.read_text("utf-8").replace("{db2}", SECOND_DB))
    data["profile"] = path.parent.name
    for key in _ABOUT:
        data.pop(key, None)
    norms, replace = data.pop("normalise", ()), data.pop("replace", [])
    own = {number: step.pop("replace") for number, step in enumerate(data["steps"], 1) if "replace" in step}
    return Scenario(parse(data, str(path)), frozenset(norms), replace, own)


def _clock() -> Clock:
    """Return a clock that shows the same time in every run, since dates in recordings are relative."""
    clock = Clock("recordings")
    clock.freeze(_NOW)
    clock.remember()
    return clock


class InProcess(Connection):
    """A connection to an app in this process: the bytes are those of the wire, but there is no socket."""

    def __init__(self, server: MockServer) -> None:
        super().__init__(server.base_url)
        self._server = server

    def _open(self) -> http.client.HTTPConnection:
        return self._server.http_connection()


def replay(path: Path) -> Report:
    """Replay a recording on a fresh server, set up as the real one was."""
    scenario = read(path)
    of_flow = is_flow(path)
    with_key = path.stem.startswith("json2") or path.stem in _WITH_KEY
    server = MockServer(
        profile=path.parent.name,
        db=("mock", SECOND_DB) if name_of(path) in _OF_SEVERAL else "mock",
        fixtures=["business"] if of_flow else [],
        demo=not (of_flow or (path.parent.name == "odoo-17.0" and path.stem.startswith(_WITHOUT_DEMO))),
        api_key=API_KEY if with_key else None,
        journal=False,
        clock=_clock(),
    )
    connection = InProcess(server)
    client = Client(server.base_url, server.db, server.login, server.password, API_KEY, connection=connection)
    normal = RecordedNormaliser(scenario.contract, server, scenario.norms)
    outcomes = RecordedReplay(client, scenario.contract, normal, scenario.replace, scenario.own).outcomes()
    report = Report(scenario.contract, server.profile.name)
    report.verdicts = [
        judge(step, got) for step, got in zip(scenario.contract.steps, outcomes, strict=True) if step.scored
    ]
    server.raise_errors()
    return report
