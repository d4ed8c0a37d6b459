"""Reads the records of CSV data files; the name of a file is that of its model."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from mockserver.seed.scan.manifest import Folder, Refused
from mockserver.seed.scan.notes import Notes
from mockserver.seed.scan.values import DeclaredRecord, Ref, Text, qualified


def records(folder: Folder, path: Path, notes: Notes, *, demo: bool) -> Iterator[DeclaredRecord]:
    """Yield the records of a file; what it has besides is noted."""
    try:
        reader = csv.reader(io.StringIO(folder.read(path).decode("utf-8-sig"), newline=""), strict=True)
        rows = [(reader.line_num, row) for row in reader]
    except (Refused, UnicodeDecodeError, csv.Error) as error:
        notes.add(folder.place(path), f"not read: {error}")
        return
    if not rows:
        return
    header = [name.strip() for name in rows[0][1]]
    columns = _columns(header)
    for position, name in enumerate(header):
        if position not in columns and name != "id":
            notes.add(folder.place(path, 1), f"the column {name!r} is not read")
    for line, row in rows[1:]:
        if any(cell.strip() for cell in row):
            record = _record(folder, path, line, header, row)
            record.demo = demo
            record.values = {
                columns[position]: _cell(header[position], cell, folder.name)
                for position, cell in enumerate(row[: len(header)])
                if position in columns and cell != ""
            }
            yield record


def _columns(header: Sequence[str]) -> dict[int, str]:
    """Return the positions of the columns that are read, with their fields."""
    found: dict[int, str] = {}
    for position, name in enumerate(header):
        field, _, rest = name.replace(":", "/").partition("/")
        if field and name != "id" and rest in ("", "id"):
            found[position] = field
    return found


def _record(folder: Folder, path: Path, line: int, header: Sequence[str], row: Sequence[str]) -> DeclaredRecord:
    given = row[header.index("id")].strip() if "id" in header and header.index("id") < len(row) else ""
    xmlid = qualified(given, folder.name) if given else None
    return DeclaredRecord(path.stem.partition("-")[0], xmlid, folder.place(path, line))


def _cell(column: str, cell: str, module: str) -> Any:
    """Return the value of a cell: of a column `field/id` or `field:id` references, one or several."""
    if not column.replace(":", "/").endswith("/id"):
        return Text(cell)
    found = [Ref(qualified(name.strip(), module)) for name in cell.split(",") if name.strip()]
    return found[0] if len(found) == 1 else found
