"""Replay a contract against a server and compare the outcomes."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from mockserver import profiles
from mockserver.contract.compare import Difference, across_protocols, differences
from mockserver.contract.live.client import Client
from mockserver.contract.live.errors import LiveError
from mockserver.contract.replay import Replay
from mockserver.contract.steps import Call, Contract, Json2, Outcome, Step

_NO_MODEL = re.compile(r"(?:Object|the model) '?([\w.]+?)'? (?:doesn't|does not) exist|KeyError: '([\w.]+)'")


@dataclass(frozen=True)
class Verdict:
    """The outcome of one step; it passed if there are no differences."""

    step: Step
    got: Outcome
    differences: list[Difference]


class Mock(NamedTuple):
    """Settings of the mock: a profile in place of the contract's, more fixtures, other REST add-ons."""

    profile: str | None = None
    fixtures: Sequence[str] = ()
    rest: Sequence[str] = ()


@dataclass
class Report:
    """The results of one contract; `against` is the displayed name of the server."""

    contract: Contract
    against: str
    verdicts: list[Verdict] = field(default_factory=list)
    unscored: int = 0
    seconds: float = 0.0

    @property
    def failures(self) -> list[Verdict]:
        """The steps with another outcome than recorded."""
        return [verdict for verdict in self.verdicts if verdict.differences]

    @property
    def failed(self) -> int:
        """The number of failures."""
        return len(self.failures)

    @property
    def passed(self) -> int:
        """The number of steps with the recorded outcome."""
        return len(self.verdicts) - self.failed

    def reasons(self) -> list[tuple[str, int]]:
        """Return the errors that replaced results in several steps, with their number, the most frequent first."""
        found: Counter[str] = Counter()
        for verdict in self.failures:
            got = verdict.got
            if "unbound" in got:
                found["not sent: a step that they need did not succeed"] += 1
            elif "error" in got and "result" in verdict.step.expect:
                found[str(got["error"].get("text"))] += 1
            elif "fault" in got and "result" in verdict.step.expect:
                found[str(got["fault"].get("text"))] += 1
        return [(text, number) for text, number in found.most_common() if number > 1]

    def missing_models(self) -> dict[str, int]:
        """Return the models that the server lacks although the contract expects them: name to number of steps."""
        found: Counter[str] = Counter()
        for verdict in self.failures:
            request = verdict.step.request
            error = verdict.got.get("error") or verdict.got.get("fault") or {}
            match = _NO_MODEL.search(f"{error.get('name')}: {error.get('text')}".replace("builtins.", ""))
            if match and isinstance(request, Call | Json2) and request.model in match.groups():
                found[request.model] += 1
        return dict(found)


class Interrupted(LiveError):
    """The server could no longer be used in the middle of a contract; the message names the step."""


def verify(
    client: Client,
    contract: Contract,
    against: str,
    ignore: Iterable[str] = (),
    via: str | None = None,
    on_step: Callable[[Step], object] = lambda step: None,
) -> Report:
    """Log a client in, replay a contract on its server, and compare every outcome.

    `via`: the protocol for every call, in place of the recorded ones; only the text of errors is compared then.
    `on_step` is called with each step before it is sent.
    Raises `Interrupted`, and the other errors of `live` for a login that fails.
    """
    _ = client.uid
    started = time.perf_counter()
    report = Report(contract, against)
    outcomes = Replay(client, contract, via).outcomes()
    for step in contract.steps:
        on_step(step)
        try:
            got = next(outcomes)
        except LiveError as error:
            raise Interrupted(f"{contract.source}: step {step.number} ({step}): {error}") from None
        if step.scored:
            report.verdicts.append(judge(step, got, (*ignore, *contract.ignore), via))
        else:
            report.unscored += 1
    report.seconds = time.perf_counter() - started
    return report


def judge(step: Step, got: Outcome, ignore: Iterable[str] = (), via: str | None = None) -> Verdict:
    """Compare an outcome with that of the step."""
    expected, found = step.expect, got
    if via is not None and isinstance(step.request, Call) and via != step.via:
        expected, found = across_protocols(expected), across_protocols(got)
    return Verdict(step, got, differences(expected, found, (*ignore, *step.ignore), step.at_least))


DEFAULT_MOCK = Mock()


@contextmanager
def fresh(contract: Contract, mock: Mock = DEFAULT_MOCK) -> Iterator[tuple[Client, str]]:
    """Start a mock for one contract; yield a client of it and its name.

    The fixtures are loaded after those of the contract, whose paths are relative to its file.
    Raises ValueError (`UnknownProfile`, `UnknownFlavour`, `FixtureError`).
    """
    from mockserver.server.server import MockServer  # imported here because a live server does not need it

    beside = Path(contract.source).parent
    own = [str(beside / name) if (beside / name).is_file() else name for name in contract.fixtures]
    profile = mock.profile or contract.profile or profiles.DEFAULT
    with MockServer(profile=profile, fixtures=[*own, *mock.fixtures], rest=mock.rest or None) as server:
        api_key = server.api_key if server.profile.api_keys else None
        with Client(server.url, server.db, server.login, server.password, api_key) as client:
            yield client, server.profile.name
