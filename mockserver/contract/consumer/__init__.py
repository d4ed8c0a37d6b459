"""Consumer contracts: the calls that a program makes in its tests, and the fields that it reads of the answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mockserver.contract.consumer.watcher import Event, Watcher
from mockserver.contract.format import write

if TYPE_CHECKING:
    from mockserver.server.server import MockServer


class Collector:
    """Collects the calls of tests, one test after the other, of all servers of a test.

    `consumer` is the name of the program.
    """

    def __init__(self, consumer: str) -> None:
        self.consumer = consumer
        self.fixtures: dict[str, None] = {}
        self.profile = ""
        self.left_out: Counter[str] = Counter()
        self._steps: list[dict[str, Any]] = []
        self._seen: set[str] = set()
        self._calls = 0
        self._fields: dict[str, dict[str, dict[str, str]]] = {}
        self.numbers: Counter[str] = Counter()  # number of labels for each model
        self._watchers: list[Watcher] = []

    def begin(self, server: MockServer, fixtures: Iterable[str] = ()) -> None:
        """Start to watch a server."""
        self.profile = self.profile or server.profile.name
        self.fixtures |= dict.fromkeys(fixtures)
        self._watchers.append(Watcher(server, self.numbers, self.left_out))

    def end(self) -> None:
        """End a test and keep those of its calls that are new."""
        for watcher in self._watchers:
            watcher.close()
            self._add_steps(watcher)
        self._watchers.clear()

    def _add_steps(self, watcher: Watcher) -> None:
        """Add the calls that no earlier test made, with the data changes before them."""
        events = watcher.events
        self._calls += sum(event.signature is not None for event in events)
        last = -1
        for number, event in enumerate(events):
            if event.signature is not None and event.signature not in self._seen:
                self._seen.add(event.signature)
                last = number
            elif event.signature is not None:
                event.scored = False
        kept = _needed(events[: last + 1])
        for event in kept:
            self._steps.append(event.step if event.scored and event.signature else {**event.step, "unscored": True})
        for model, label in reversed([made for event in kept for made in event.created]):
            call = {"model": model, "method": "unlink", "args": [[{"$ref": label}]]}
            self._steps.append({"call": call, "expect": {}, "unscored": True})
        for model, names in watcher.fields.items():
            self._fields.setdefault(model, {}).update(names)

    def data(self, beside: Path | None = None) -> dict[str, Any]:
        """Return the contract as data; the paths of fixtures are relative to the folder `beside`."""
        return {
            "consumer": self.consumer,
            "profile": self.profile,
            "fixtures": [_relative(name, beside) for name in self.fixtures],
            "fields": self._fields,
            "steps": self._steps,
        }

    def write(self, path: Path) -> str:
        """Write the contract and return a line about it; raises ValueError for a run without calls, and OSError."""
        scored = sum(not step.get("unscored") for step in self._steps)
        if not scored:
            raise ValueError("the tests made no calls that a contract could hold")
        write(path, self.data(path.parent))
        left = "".join(f"; left out: {reason} ({number})" for reason, number in self.left_out.most_common())
        return f"{path}: {scored} distinct calls of {self._calls}{left}"


def _needed(events: list[Event]) -> list[Event]:
    """Return the compared calls, those that change data, and those that find the records these use; in order."""
    kept: list[Event] = []
    needed: set[str] = set()
    for event in reversed(events):
        if (event.scored and event.signature) or event.changes or needed & event.labels:
            kept.insert(0, event)
            needed.update(labels_used(event.step))
    return kept


def labels_used(step: Any) -> Iterator[str]:
    """Yield the labels that a step uses."""
    if isinstance(step, Mapping):
        if step.keys() == {"$ref"}:
            yield str(step["$ref"])
        else:
            for item in step.values():
                yield from labels_used(item)
    elif isinstance(step, list):
        for item in step:
            yield from labels_used(item)


def _relative(name: str, beside: Path | None) -> str:
    path = Path(name)
    if beside is None or path.suffix != ".json" or not path.is_file():
        return name
    try:
        return str(path.resolve().relative_to(beside.resolve()))
    except ValueError:
        return str(path.resolve())
