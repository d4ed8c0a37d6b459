"""The databases of one test run on a shared server: named after the run, copied for each process or test, dropped."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from mockserver.contract.live.errors import LiveError
from mockserver.contract.shared.control import ControlClient, NoDatabase
from mockserver.seed.files import find, packs, read

IDLE_SECONDS = 3600.0  # after which the server drops a database of a run that was killed
MAX_TEMPLATE = 30  # characters of the database that names those of a run


def new_base(template: str) -> str:
    """Return a name for the databases of a new run: each begins with it."""
    return f"{template[:MAX_TEMPLATE]}-{secrets.token_hex(3)}"


def begin(control: ControlClient, template: str, base: str) -> None:
    """Copy the template for a run, so that what others write to it meanwhile makes no difference."""
    control.copy(template, base, IDLE_SECONDS)


def sweep(control: ControlClient, base: str) -> list[str]:
    """Drop all databases of a run, those of processes that have crashed too; return their names."""
    found = [name for name in control.databases() if name == base or name.startswith(f"{base}-")]
    for name in found:
        control.drop(name)
    return found


class ProcessDatabases:
    """The databases of one process of a run, `base` and its worker's name, each a copy with unchanged data."""

    def __init__(self, control: ControlClient, template: str, base: str, worker: str) -> None:
        self._control, self._template, self._base = control, template, base
        self._prefix = f"{base}-{worker}"
        self._with_fixtures: dict[tuple[str, ...], str] = {}  # fixtures → the database to copy for them
        self._made: set[str] = set()

    def make(self, suffix: str, fixtures: Sequence[str]) -> str:
        """Return the name of a database with unchanged data and these fixtures; it replaces an earlier one."""
        name = f"{self._prefix}{suffix}"
        try:
            self._control.copy(self._source(tuple(fixtures)), name, IDLE_SECONDS)
        except NoDatabase:  # the server was started anew, or the run slept for an hour
            self._with_fixtures.clear()
            begin(self._control, self._template, self._base)
            self._control.copy(self._source(tuple(fixtures)), name, IDLE_SECONDS)
        self._made.add(name)
        return name

    def drop(self, name: str) -> None:
        """Drop one of them."""
        self._made.discard(name)
        self._control.drop(name)

    def close(self) -> None:
        """Drop them all."""
        for name in sorted(self._made | {*self._with_fixtures.values()}):
            self._control.drop(name)
        self._made.clear()
        self._with_fixtures.clear()

    def _source(self, fixtures: tuple[str, ...]) -> str:
        """Return the database to copy, which has the fixtures."""
        if not fixtures:
            return self._base
        if fixtures not in self._with_fixtures:
            name = f"{self._prefix}-data{len(self._with_fixtures) + 1}"
            self._control.copy(self._base, name, IDLE_SECONDS)
            self._made.add(name)
            there = self._control.packs(name)
            for fixture in fixtures:
                if fixture not in there:
                    self._control.load(name, _content(fixture))
            self._with_fixtures[fixtures] = name
        return self._with_fixtures[fixtures]


def _content(fixture: str) -> object:
    """Return what the control API takes for a fixture: the name of a pack, or the content of a file.

    Raises `LiveError` for a folder, which only a server in this process can read, and FixtureError for a bad file and
    an unknown name.
    """
    if fixture in packs():
        return fixture
    path = find(fixture)
    if path.is_dir():
        raise LiveError(f"the fixture {fixture} is a folder, and a shared server takes packs and JSON files only")
    return read(path)
