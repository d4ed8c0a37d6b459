"""What is wrong with a fixture: all mistakes, while loading it reports only the first one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from mockserver.clock import Clock
from mockserver.orm.database import Database
from mockserver.profiles import Profile
from mockserver.seed.build import build
from mockserver.seed.check import check_model, check_record
from mockserver.seed.files import Fixture, FixtureError, find, read
from mockserver.seed.links import Links
from mockserver.seed.packs import define
from mockserver.seed.versions import present, resolve


def mistakes(path: str | Path, *, profile: Profile, fixtures: Sequence[str | Path] = ()) -> list[str]:
    """Return the mistakes of a fixture for a profile, a line each; `fixtures` are loaded before it.

    All models and records are looked at.  Of what is found only when they are stored, such as a reference that leads
    nowhere or a value of a wrong type, the first mistake is returned.
    """
    try:
        file = find(path)
        build("check", profile=profile, fixtures=[*fixtures, file], clock=Clock())
    except FixtureError as error:
        found = _all(find(path), profile, fixtures) if Path(path).is_file() else ()
        return list(dict.fromkeys(found)) or [_line(error)]
    except ValueError as error:  # a mistake in a class of an add-on, or what the real server says of the records
        return [f"{path}: {_line(error)}"]
    return []


def _all(file: Path, profile: Profile, fixtures: Sequence[str | Path]) -> Iterator[str]:
    """Yield the mistakes of the models, or of the records if there are none; nothing for those of other kinds."""
    try:
        fixture = read(file)
        required = [find(name, beside=file.parent) for name in fixture.get("requires", ())]
        database = build("check", profile=profile, fixtures=[*fixtures, *required], clock=Clock())
        resolved = resolve({str(file): fixture}, profile)[str(file)]
    except ValueError:
        return
    wrong_models = list(_of_models(str(file), resolved, database))
    yield from wrong_models or _of_records(str(file), resolved, database)


def _of_models(source: str, fixture: Fixture, database: Database) -> Iterator[str]:
    """Yield the mistakes of the models, and add the right ones to the database."""
    right = {}
    for name, definition in fixture.get("models", {}).items():
        try:
            check_model(source, name, definition, database.registry)
            database.add_model(define(database, name, definition, database.registry.get(name)))
            right[name] = definition
        except ValueError as error:
            yield _line(error)
    for problem in Links.of(database, [fixture]).problems(right):
        yield problem.at(source)


def _of_records(source: str, fixture: Fixture, database: Database) -> Iterator[str]:
    for index, data in present(fixture):
        try:
            check_record(source, index, data, database.registry)
        except FixtureError as error:
            yield _line(error)


def _line(error: Exception) -> str:
    return " ".join(str(error).split())
