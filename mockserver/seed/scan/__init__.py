"""Fixtures from the source of a module of the real server: read as text, never imported and never run.

`manifest`, `sources`, `model_classes`, `field_calls`, `literals`, `defaults`, `xml_data` and `csv_data` read what
stands there; `models` and `records` make it fit a database with what the module requires; everything else is noted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mockserver import profiles
from mockserver.orm.database import Database
from mockserver.seed.files import Fixture, packs
from mockserver.seed.scan import csv_data, manifest, model_classes, models, records, sources
from mockserver.seed.scan.manifest import Folder, Manifest, Refused
from mockserver.seed.scan.model_classes import DeclaredModel
from mockserver.seed.scan.notes import Notes
from mockserver.seed.scan.values import DeclaredRecord
from mockserver.seed.scan.xml_data import XmlData

__all__ = ["Module", "fixture", "is_module", "profile_of", "read", "read_with_siblings", "unread"]

# modules of which every database has what counts
_EVERYWHERE = frozenset({"base", "web"})

# how the text begins that says what a scanned fixture is, and each line of what was not read
_ABOUT, _NOT_READ = "Read from the source of ", "Not read: "

is_module = manifest.is_module


@dataclass(frozen=True)
class Module:
    """What the source of one module says."""

    folder: Folder
    manifest: Manifest
    models: tuple[DeclaredModel, ...]
    records: tuple[DeclaredRecord, ...]
    packs: tuple[str, ...]  # those that it depends on
    siblings: tuple[Path, ...]  # modules that it depends on, in folders beside its own
    notes: Notes


def read(path: Path) -> Module:
    """Return what the module in a folder says; raises FixtureError for a manifest that cannot be read."""
    notes = Notes()
    folder = Folder(path)
    said = manifest.read(folder, notes)
    known = packs()
    required, siblings = [], []
    for name in said.depends:
        if name in known:
            required.append(name)
        elif "/" not in name and ".." not in name and manifest.is_module(beside := folder.path.parent / name):
            siblings.append(beside)
        elif name not in _EVERYWHERE and folder.manifest:
            notes.add(
                folder.place(folder.manifest, said.lines.get(name, 0)), f"depends on {name}, of which there is no pack"
            )
    files = dict(sources.read(folder, notes))
    declared = [model for file in files for model in model_classes.read(folder, file, files, notes)]
    data = [record for demo in (False, True) for record in _records(folder, said, notes, demo=demo)]
    return Module(
        folder, said, tuple(declared), tuple(data), tuple(p for p in required if p != "base"), tuple(siblings), notes
    )


def read_with_siblings(path: Path) -> list[Module]:
    """Return the module in a folder after those beside it that it depends on, each once."""
    found: dict[Path, Module] = {}

    def add(folder: Path, pending: tuple[Path, ...]) -> None:
        folder = folder.resolve()
        if folder in found or folder in pending:
            return
        module = read(folder)
        for sibling in module.siblings:
            add(sibling, (*pending, folder))
        found[folder] = module

    add(path, ())
    return list(found.values())


def _records(folder: Folder, said: Manifest, notes: Notes, *, demo: bool) -> Iterator[DeclaredRecord]:
    """Yield the records of the data files that the manifest names."""
    assert folder.manifest is not None
    for name in said.demo if demo else said.data:
        place = folder.place(folder.manifest, said.lines.get(name, 0))
        try:
            path = folder.find(name)
        except Refused as refused:
            notes.add(place, f"{name} is not read: {refused}")
            continue
        if path.suffix == ".xml":
            yield from XmlData(folder, path, notes, demo=demo).records()
        elif path.suffix == ".csv":
            yield from csv_data.records(folder, path, notes, demo=demo)
        else:
            notes.add(place, f"{name} is not read: it is no .xml and no .csv")


def profile_of(modules: Sequence[Module]) -> str:
    """Return the profile that the version in the last module's manifest means, or the default one."""
    generation = modules[-1].manifest.generation
    name = f"odoo-{generation}.0"
    return name if name in profiles.PROFILES else profiles.DEFAULT


def fixture(modules: Sequence[Module], database: Database, load: Callable[..., None]) -> tuple[Fixture, list[str]]:
    """Return what modules say as a fixture for a database that has what they require, and what was not read.

    `load(database, fixture, source=…)` loads a fixture; it is called on a copy of the database.
    """
    names = ", ".join(module.folder.name for module in modules)
    trial = database.clone("scan")
    notes = Notes({note: None for module in modules for note in module.notes.found})
    declared = [model for module in modules for model in module.models]
    defined = models.assemble(declared, trial, notes)
    load(trial, defined, source=names)
    data = [record for module in modules for record in module.records]
    made = records.assemble(data, trial, notes)
    required = list(dict.fromkeys(pack for module in modules for pack in module.packs))
    lines = notes.lines()
    version = modules[-1].manifest.version
    about = [
        f"Read from the source of {names}{f' {version}' if version else ''}.",
        *(f"{_NOT_READ}{one}" for one in lines),
    ]
    found: Fixture = {"about": "\n".join(about), "profile": database.profile.name, "requires": required, **defined}
    return {**found, "records": made}, lines


def unread(fixture: Fixture) -> int:
    """Return how many notes on what was not read a fixture has; 0 for one that was not scanned."""
    about = str(fixture.get("about") or "")
    return about.count(f"\n{_NOT_READ}") if about.startswith(_ABOUT) else 0
