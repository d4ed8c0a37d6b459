"""How many steps of which recordings do not end as on the real server yet.

A recording with such steps has a file beside it, `web-session.not_yet`, which holds their number.  The tests fail if
more steps differ; `make conformance` fails too if fewer do, until the smaller number is written down.  So the numbers
only become smaller; the aim is that there is no such file.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mockserver.saving import save
from tests.conformance import HERE

SUFFIX = ".not_yet"
LOWER = "python -m tests.conformance --lower"


def name_of(path: Path) -> str:
    """Return the name of a recording: `odoo-17.0/web-session`."""
    return f"{path.parent.name}/{path.stem}"


def known(folder: Path = HERE) -> dict[str, int]:
    """Return recording → number of steps that differ; those without any are not in it."""
    return {name_of(path): int(path.read_text("utf-8")) for path in sorted(folder.glob(f"*/*{SUFFIX}"))}


def lower(differing: Mapping[str, int], folder: Path = HERE) -> None:
    """Write down the numbers that have become smaller."""
    for name, before in known(folder).items():
        number, file = differing.get(name, before), folder / (name + SUFFIX)
        if number == 0:
            file.unlink()
        elif number < before:
            save(file, f"{number}\n")


def loss(name: str, differing: int, numbers: Mapping[str, int]) -> str | None:
    """Return a sentence on a recording in which more steps differ than are written down."""
    before = numbers.get(name, 0)
    return f"{name}: {differing} steps differ, {before} did before" if differing > before else None


def gain(name: str, differing: int, numbers: Mapping[str, int]) -> str | None:
    """Return a sentence on a recording in which fewer steps differ."""
    before = numbers.get(name, 0)
    told = f"{name}: {differing} steps differ, {name}{SUFFIX} still says {before}; write it down: {LOWER}"
    return told if differing < before else None
