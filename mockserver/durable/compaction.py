"""Compacting a folder that no server uses: each database becomes one file, which TinyDB reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from mockserver.durable import DataFolderError
from mockserver.durable.files import Found, base_of, delete, free_stem, journals_of, read, stem_of, write_base
from mockserver.durable.lock import FolderLock
from mockserver.durable.own import DATABASES, NAME


class Compacted(NamedTuple):
    """The file of a database, and what was read: `found.tables` are those of the file."""

    name: str
    path: Path
    found: Found


def compact(folder: Path) -> Iterator[Compacted]:
    """Write every database into one file and delete its journals; yield them.

    Raises `DataFolderError` for a folder that cannot be used or is in use, and OSError.
    """
    if not base_of(folder, NAME).is_file():
        raise DataFolderError(f"{folder} is not a folder of --data: it has no {NAME}.json")
    lock = FolderLock(folder)
    try:
        own = read(folder, NAME)
        renamed: list[str] = []
        for row in own.tables.get(DATABASES, {}).values():
            name, stem = row["name"], row["file"]
            found = read(folder, stem)
            if stem.partition("~")[0] != stem_of(name):
                renamed.append(stem)
                row["file"] = free_stem(folder, name)
            _write(folder, row["file"], found)
            yield Compacted(name, base_of(folder, row["file"]), found)
        _write(folder, NAME, own)
        for stem in renamed:
            delete(folder, stem)
    finally:
        lock.release()


def _write(folder: Path, stem: str, found: Found) -> None:
    rows = ((table, sorted(rows.items())) for table, rows in found.tables.items())
    write_base(base_of(folder, stem), rows, found.last[0] + 1)
    for path in journals_of(folder, stem).values():
        path.unlink()
