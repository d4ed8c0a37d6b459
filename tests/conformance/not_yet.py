"""How many steps of which recordings do not end as on the real server yet.

`not_yet.json` is `{"odoo-17.0/web-session": 11}`.  The tests fail if more steps of a recording differ; `make
conformance` fails too if fewer do, until the smaller number is written down.  So the numbers only become smaller; the
aim is an empty file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from mockserver.saving import save
from tests.conformance import HERE

FILE = HERE / "not_yet.json"
LOWER = "python -m tests.conformance --lower"


def name_of(path: Path) -> str:
    """Return the name of a recording: `odoo-17.0/web-session`."""
    return f"{path.parent.name}/{path.stem}"


def known() -> dict[str, int]:
    """Return recording → number of steps that differ; those without any are not in it."""
    found: dict[str, int] = json.loads(FILE.read_text("utf-8"))
    return found


def lower(differing: Mapping[str, int]) -> None:
    """Write down the numbers that have become smaller."""
    numbers = {name: min(number, differing.get(name, number)) for name, number in known().items()}
    kept = {name: number for name, number in sorted(numbers.items()) if number}
    save(FILE, json.dumps(kept, indent=1) + "\n")


def loss(name: str, differing: int, numbers: Mapping[str, int]) -> str | None:
    """Return a sentence on a recording in which more steps differ than are written down."""
    before = numbers.get(name, 0)
    return f"{name}: {differing} steps differ, {before} did before" if differing > before else None


def gain(name: str, differing: int, numbers: Mapping[str, int]) -> str | None:
    """Return a sentence on a recording in which fewer steps differ."""
    before = numbers.get(name, 0)
    told = f"{name}: {differing} steps differ, not_yet.json still says {before}; write it down: {LOWER}"
    return told if differing < before else None
