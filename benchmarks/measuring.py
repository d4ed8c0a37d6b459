"""Two things timed in turn, and the table of figures."""

from __future__ import annotations

import gc
import platform
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

Action = Callable[[], object]


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    `ours` and `baseline` are in `unit`; `at_most` limits the ratio of the two, `within` limits `ours`.
    """

    name: str
    ours: float
    unit: str
    baseline: float | None = None
    against: str = ""
    at_most: float | None = None
    within: float | None = None

    @property
    def ratio(self) -> float | None:
        """Ours by the baseline."""
        return self.ours / self.baseline if self.baseline else None

    @property
    def reached(self) -> bool | None:
        """Whether every aim is reached; None without one."""
        limits = [(self.ratio, self.at_most), (self.ours, self.within)]
        tests = [value <= limit for value, limit in limits if value is not None and limit is not None]
        return all(tests) if tests else None

    def cells(self) -> list[str]:
        """The line as texts."""
        ratio, unit = self.ratio, self.unit
        aims = [f"≤ {self.within:g} {unit}"] if self.within is not None else []
        aims += [f"≤ {self.at_most:g}×"] if self.at_most is not None else []
        return [
            self.name,
            _number(self.ours, unit),
            "-" if self.baseline is None else _number(self.baseline, unit),
            "-" if ratio is None else f"{ratio:.2f}×",
            " and ".join(aims) or "-",
            {True: "ok", False: "NOT", None: ""}[self.reached],
            self.against,
        ]


HEAD = ["figure", "ours", "baseline", "ratio", "aim", "", "baseline is"]


def _number(value: float, unit: str) -> str:
    return f"{value:.{0 if value >= 100 else 1 if value >= 10 else 2 if value >= 1 else 3}f} {unit}"


def table(figures: Iterable[Figure]) -> str:
    """The figures in columns, as Markdown."""
    lines = [HEAD, *(figure.cells() for figure in figures)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEAD))]
    lines.insert(1, ["-" * (width - 1) + (":" if 0 < i < 4 else "-") for i, width in enumerate(widths)])
    return "\n".join("| " + " | ".join(_aligned(line, widths)) + " |" for line in lines)


def _aligned(line: list[str], widths: list[int]) -> list[str]:
    sides = zip(line, widths, strict=True)
    return [text.rjust(width) if 0 < i < 4 else text.ljust(width) for i, (text, width) in enumerate(sides)]


def best(*actions: Action, number: int = 1, rounds: int = 15, before: Action | None = None) -> list[float]:
    """Seconds that one run of each action takes, the best of `rounds`; the actions take turns.

    An action runs `number` times a round; `before` runs, untimed, before each round of each action.
    What else the machine does slows a round down, never up, so the best is what repeats.
    """
    found = [float("inf")] * len(actions)
    gc.collect()
    for _ in range(rounds):
        for i, action in enumerate(actions):
            if before is not None:
                before()
            started = time.perf_counter()
            for _ in range(number):
                action()
            found[i] = min(found[i], (time.perf_counter() - started) / number)
    return found


def machine() -> str:
    """What the figures were measured on, as one line.

    A call of an empty function tells machines and builds of Python apart: one that was compiled with a profile, as
    distributions do, is a quarter faster.
    """
    model = platform.processor() or platform.machine()
    described = Path("/proc/cpuinfo")
    if described.exists():
        names = [line.partition(":")[2].strip() for line in described.read_text().splitlines() if "model name" in line]
        model = f"{names[0]}, {len(names)} cores" if names else model
    (call,) = best(_calls, rounds=20)
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{python}, an empty call {call / 1000 * 1e9:.0f} ns, {model}, {sys.platform}"


def _calls() -> None:
    for _ in range(1000):
        _nothing()


def _nothing() -> None:
    pass
