"""A campaign on one profile: episode after episode, what they find, and what the process needs meanwhile."""

from __future__ import annotations

import gc
import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from tests.fuzz import episodes
from tests.fuzz.judge import Finding, Judge
from tests.fuzz.machine import Course
from tests.fuzz.sent import Sent
from tests.fuzz.shrink import shrunk
from tests.fuzz.target import Outcome, Target
from tests.fuzz.twin import KEPT, Twin

CORPUS = Path(__file__).parent / "corpus"
MEASURED_EVERY = 50  # episodes
TWINS, TWINNED = 8, ("fair", "hostile", "walk")  # one request in so many, of these kinds, is sent to a twin, too
MOST_FINDINGS = 40  # after which a campaign ends: something is wrong everywhere


@dataclass
class Report:
    """What a campaign did: requests by kind, answers by status, findings with the files that show them."""

    profile: str
    requests: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    findings: list[tuple[Finding, Path | None]] = field(default_factory=list)
    blocks: list[int] = field(default_factory=list)  # allocated by Python, after resets
    seconds: float = 0.0  # of the processor

    @property
    def total(self) -> int:
        """The number of requests."""
        return sum(self.requests.values())

    def lines(self) -> list[str]:
        """Return the report as lines of text."""
        kinds = ", ".join(f"{kind} {number}" for kind, number in sorted(self.requests.items()))
        statuses = ", ".join(f"{status}: {number}" for status, number in sorted(self.statuses.items()))
        rate = self.total / self.seconds if self.seconds else 0
        grown = f"{self.blocks[0]} to {self.blocks[-1]} blocks" if self.blocks else "not measured"
        told = [
            f"  {found.kind}: {found.place} -> {os.path.relpath(path) if path else '(no file)'}"
            for found, path in self.findings
        ]
        return [
            f"{self.profile}: {self.total} requests ({kinds}), {rate:.0f} a second of the processor",
            f"  statuses {statuses}; memory {grown}; {len(self.findings)} findings",
            *told,
        ]


class Campaign:
    """Attacks one target; `seed` makes it the same again."""

    def __init__(
        self,
        target: Target,
        seed: int,
        corpus: Path | None = CORPUS,
        *,
        survey: bool = False,
        say: Callable[[str], object] = print,
    ) -> None:
        self.target = target
        self.seed = seed
        self.corpus = corpus
        self.survey = survey
        self.say = say
        self.judge = Judge(target)
        self.history: list[Sent] = []  # the requests of the latest episode
        self.report = Report(target.profile.name)
        self._known: set[tuple[str, str]] = set()

    def run(self, most: int | None = None, seconds: float | None = None) -> Report:
        """Play episodes until there were as many requests, or the time is over."""
        ends = time.monotonic() + seconds if seconds is not None else None
        number = 0
        while self.survey or len(self.report.findings) < MOST_FINDINGS:
            if (most is not None and self.report.total >= most) or (ends is not None and time.monotonic() >= ends):
                break
            self.episode(number)
            number += 1
            if number % MEASURED_EVERY == 0:
                self.target.reset()
                gc.collect()
                self.report.blocks.append(sys.getallocatedblocks())
        self._check_growth()
        return self.report

    def episode(self, number: int) -> None:
        """Play one episode, and keep what it finds."""
        started = time.process_time()
        random = Random(f"{self.target.profile.name} {self.seed} {number}")
        kind = random.choices(list(episodes.KINDS), [kind.weight for kind in episodes.KINDS.values()])[0]
        episodes.play(kind, random, self.target, Judged(self, kind, number))
        self.report.seconds += time.process_time() - started

    def keep(self, found: Sequence[Finding], kind: str, number: int) -> None:
        """Write down what was not found before, with the requests that led to it."""
        for finding in found:
            if finding.key in self._known:
                continue
            self._known.add(finding.key)
            self.say(
                f"{self.target.profile.name} episode {number} ({kind}): {finding.kind}: {finding.place}\n{finding.text}"
            )
            self.report.findings.append((finding, self._write(finding, list(self.history), kind)))
            self.judge.begin()  # looking for the shortest requests left another state

    def _write(self, finding: Finding, history: list[Sent], kind: str) -> Path | None:
        """Write the shortest requests that show a finding; None if they do not show it again, or nothing is written."""
        if self.corpus is None:
            return None
        shortest = history if self.survey else shortest_of(self.target, history, finding.key, kind)
        name = re.sub(r"[^a-z0-9]+", "-", f"{finding.kind} {finding.place}".lower()).strip("-")[:80]
        path = self.corpus / f"{self.target.profile.name}-{name}.json"
        write_entry(path, self.target.profile.name, finding.key, shortest or history, kind)
        return path

    def _check_growth(self) -> None:
        """Compare the memory of the second half of the campaign, when every cache is full."""
        blocks = self.report.blocks
        half = blocks[len(blocks) // 2 :]
        if len(half) >= 8 and min(half[-3:]) > max(half[:3]) * 1.02:
            finding = Finding("growth", "memory", f"allocated blocks after resets: {half}")
            self.report.findings.append((finding, None))
            self.say(finding.text)


class Judged(Course):
    """The course of an episode of a campaign, which keeps what it finds."""

    def __init__(self, campaign: Campaign, kind: str, number: int) -> None:
        self.campaign = campaign
        self.kind = kind
        self.number = number

    def begin(self) -> None:
        campaign = self.campaign
        campaign.history = []
        campaign.target.reset()
        campaign.judge.begin()

    def send(self, sent: Sent) -> Outcome:
        campaign = self.campaign
        campaign.history.append(sent)
        twin = Twin(campaign.target, sent) if self._has_twin(sent) else None
        outcome = campaign.target.send(sent)
        campaign.report.statuses[outcome.status] += 1
        campaign.report.requests[self.kind] += 1
        found = campaign.judge.answer(sent, outcome)
        campaign.keep([*found, *(twin.differences(outcome) if twin else ())], self.kind, self.number)
        return outcome

    def _has_twin(self, sent: Sent) -> bool:
        return self.kind in TWINNED and not sent.raw and len(self.campaign.history) % TWINS == 0

    def look(self) -> None:
        campaign = self.campaign
        campaign.keep(campaign.judge.state(Random(self.number), flows=self.kind == "walk"), self.kind, self.number)


def replay(target: Target, requests: Sequence[Sent], kind: str = "", *, twins: bool = False) -> list[Finding]:
    """Play requests from the first state on, with `twins` also to one of each state; return what is found."""
    target.reset()
    judge = Judge(target)
    judge.begin()
    found: list[Finding] = []
    for sent in requests:
        twin = Twin(target, sent) if twins else None
        outcome = target.send(sent)
        found += [*judge.answer(sent, outcome), *(twin.differences(outcome) if twin else ())]
    return found + judge.state(Random(0), flows=kind == "walk")


def shortest_of(target: Target, requests: Sequence[Sent], key: tuple[str, str], kind: str) -> list[Sent]:
    """Return the shortest part of requests that shows the finding with this key; none if not even all of them do."""
    twins = key[0] == KEPT
    return shrunk(requests, lambda some: key in {finding.key for finding in replay(target, some, kind, twins=twins)})


def write_entry(path: Path, profile: str, key: tuple[str, str], requests: Sequence[Sent], kind: str) -> None:
    """Write an entry of the corpus."""
    data: dict[str, Any] = {"profile": profile, "kind": kind, "found": list(key),
                            "requests": [sent.to_data() for sent in requests]}  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, indent=1) + "\n")


class Entry(NamedTuple):
    """An entry of the corpus: requests to a profile, of a kind of episode, and what they found."""

    profile: str
    kind: str
    key: tuple[str, str]
    requests: list[Sent]


def read_entry(path: Path) -> Entry:
    """Return an entry of the corpus."""
    data = json.loads(path.read_text())
    requests = [Sent.of(item) for item in data["requests"]]
    return Entry(data["profile"], data["kind"], (data["found"][0], data["found"][1]), requests)
