"""The files of one set of tables: `NAME.json` with rows, and journals `NAME.1.journal` of what changed since.

`NAME.json` is what TinyDB writes: `{table: {id: row}}`; the table `_mockserver` says what the file is.  Its generation
is the number of the first journal that goes on from it.  To compact is to begin the next journal, to write `NAME.json`
anew, and to delete the journals before: whenever that is interrupted, what is there is complete.
"""

from __future__ import annotations

import functools
import json
import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from mockserver import saving
from mockserver.durable import DataFolderError, journal
from mockserver.durable.journal import Changes, Journal

FORMAT = 1
HEAD = "_mockserver"  # the table that says what a file is
LEAST = 16 << 20  # bytes of a journal that are not worth compacting
# rows by table and id
Tables = dict[str, dict[int, dict[str, Any]]]
Rows = Iterable[tuple[str, Iterable[tuple[int, Mapping[str, Any]]]]]
Wait = Callable[[], object]

_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_-.")
# names that Windows takes for devices, whatever follows a dot
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{kind}{n}" for kind in ("com", "lpt") for n in range(10))})


def stem_of(name: str) -> str:
    """Return a name as that of a file on any system; some know no capitals, so one is `%41`."""
    plain = "".join(chr(byte) if chr(byte) in _PLAIN else f"%{byte:02x}" for byte in name.encode())
    if plain.partition(".")[0] in _DEVICES or plain[:1] in ("", "."):
        plain = f"%{ord(plain[0]):02x}{plain[1:]}" if plain else "%"
    return plain


def free_stem(folder: Path, name: str) -> str:
    """Return the name of files that are not there yet: that of the database, or with a number behind it."""
    stem, number = stem_of(name), 1
    chosen = stem
    while base_of(folder, chosen).exists() or journals_of(folder, chosen):
        number += 1
        chosen = f"{stem}~{number}"
    return chosen


def base_of(folder: Path, stem: str) -> Path:
    """Return the path of the file with the rows."""
    return folder / f"{stem}.json"


def journals_of(folder: Path, stem: str) -> dict[int, Path]:
    """Return the journals by their generations, in order."""
    named = re.compile(re.escape(stem) + r"\.([0-9]{1,18})\.journal")
    found = {int(match[1]): path for path in folder.iterdir() if (match := named.fullmatch(path.name))}
    return dict(sorted(found.items()))


class Damage(NamedTuple):
    """The end of a journal that was cut: where it was put, its bytes, and how many whole lines are in it."""

    kept: Path
    size: int
    lines: int

    def __str__(self) -> str:
        whole = f", of them {self.lines} whole writes after the damage" if self.lines else ""
        return f"the end of a journal is damaged: {self.size} bytes are cut{whole}; they are in {self.kept}"


class Found(NamedTuple):
    """What was read: the rows, how many changes since they were compacted, and what could not be read."""

    tables: Tables
    changes: int
    damage: Sequence[Damage]
    last: tuple[int, int]  # the generation of the last journal, and its lines


def read(folder: Path, stem: str) -> Found:
    """Read the tables; cut damaged ends of journals, which are kept in other files.

    Raises `DataFolderError` for a file that cannot be used, and OSError.
    """
    base = base_of(folder, stem)
    saving.part_of(base).unlink(missing_ok=True)  # the process ended while it was written
    tables = read_base(base)
    generation = int(tables.pop(HEAD)[1]["generation"])
    journals = journals_of(folder, stem)
    changes, damage, last = 0, list[Damage](), (generation, 0)
    for number, path in journals.items():
        if number < generation:
            path.unlink()  # compacting was interrupted before this
            continue
        if number > generation and number - 1 not in journals:
            raise DataFolderError(f"{folder}: {stem}.{number - 1}.journal is missing, on which {path.name} goes on")
        content = journal.read(path, number)
        if damage:  # it goes on from what is not known
            damage.append(_set_aside(path, 0, len(content.changes) + content.later))
            continue
        for change in content.changes:
            _apply(change, tables)
        changes, last = changes + len(content.changes), (number, len(content.changes))
        if content.damaged:
            damage.append(_set_aside(path, content.size, content.later))
    return Found(tables, changes, damage, last)


def read_base(path: Path) -> Tables:
    """Read a file with rows; raises `DataFolderError` for any other."""
    try:
        data = json.loads(path.read_bytes())
        head = data[HEAD]["1"]
        if head["format"] != FORMAT:
            raise DataFolderError(
                f"{path} has the format {head['format']!r}; this is mockserver with the format {FORMAT}"
            )
        int(head["generation"])
        return {table: {int(id_): row for id_, row in rows.items()} for table, rows in data.items()}
    except DataFolderError:
        raise
    except OSError as error:
        raise DataFolderError(f"{path}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DataFolderError(
            f"{path} is damaged, or no file of mockserver ({type(error).__name__}: {error})"
        ) from None


def _apply(changes: Mapping[str, Mapping[str, Any]], tables: Tables) -> None:
    for table, rows in changes.items():
        known = tables.setdefault(table, {})
        for id_, row in rows.items():
            if row is None:
                known.pop(int(id_), None)
            else:
                known[int(id_)] = row


def _set_aside(path: Path, size: int, lines: int) -> Damage:
    """Move what follows the first bytes of a journal to a file of its own, and cut it."""
    number = 1
    while (kept := path.with_name(f"{path.name}.cut-{number}")).exists():
        number += 1
    data = path.read_bytes()[size:]
    with kept.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    saving.settle(path.parent)
    if size:
        with path.open("r+b") as file:
            file.truncate(size)
    else:
        path.unlink()
    return Damage(kept, len(data), lines)


def write_base(path: Path, rows: Rows, generation: int) -> None:
    """Write a file with rows, one in each line; it is on the disk when it takes the place of the former one."""
    with saving.replacing(path, durable=True) as file:
        file.write(f'{{"{HEAD}": {{"1": {json.dumps({"format": FORMAT, "generation": generation})}}}')
        for table, documents in rows:
            texts = _documents(documents)
            first = next(texts, None)
            if first is not None:
                file.write(f",\n{json.dumps(table)}: {{{first}")
                for text in texts:
                    file.write(f",\n{text}")
                file.write("}")
        file.write("}\n")


def _documents(rows: Iterable[tuple[int, Mapping[str, Any]]]) -> Iterator[str]:
    encode = json.JSONEncoder().encode
    for id_, row in rows:
        yield f'"{id_}": {encode(row)}'


class StateFiles:
    """The files of tables that change: `append` keeps a change, `compact` writes all rows anew in a thread.

    `tell` is called with a sentence when the latter fails.
    """

    def __init__(self, folder: Path, stem: str, found: Found, *, sync: bool, tell: Callable[[str], object]) -> None:
        """Go on with files that were read.  Raises OSError."""
        self.folder, self.stem = folder, stem
        self._sync, self._tell = sync, tell
        generation, lines = found.last
        self._generation = generation
        self._journal = Journal(self._path(generation), generation, sync=sync, lines=lines)
        self._compacting: threading.Thread | None = None
        self._due = max(LEAST, base_of(folder, stem).stat().st_size)  # the size of the journal that is too long

    @classmethod
    def create(cls, folder: Path, stem: str, rows: Rows, *, sync: bool, tell: Callable[[str], object]) -> StateFiles:
        """Write the files of new tables, or none of them.  Raises OSError."""
        try:
            write_base(base_of(folder, stem), rows, 1)
            return cls(folder, stem, Found({}, 0, (), (1, 0)), sync=sync, tell=tell)
        except OSError:
            delete(folder, stem)
            raise

    def _path(self, generation: int) -> Path:
        return self.folder / f"{self.stem}.{generation}.journal"

    def append(self, changes: Changes) -> Wait:
        """Keep a change, after those before; it is on the disk once the returned function is done.  Raises OSError."""
        return functools.partial(self._journal.wait, self._journal.append(changes))

    @property
    def due(self) -> bool:
        """Whether the journal has become so long that it is time to compact."""
        return self._journal.size > self._due and not self.compacting

    @property
    def compacting(self) -> bool:
        """Whether the rows are being written."""
        return self._compacting is not None and self._compacting.is_alive()

    def compact(self, rows: Rows) -> None:
        """Write these rows, which are all there are and do not change, in a thread; go on with the next journal."""
        generation = self._generation + 1
        try:
            self._journal.wait(self._journal.size)
            following = Journal(self._path(generation), generation, sync=self._sync)
        except OSError as error:
            self._due = self._journal.size + LEAST
            self._tell(f"{self.stem}.json is not compacted: {error.strerror}")
            return
        self._journal.close()
        self._journal, self._generation = following, generation
        self._compacting = threading.Thread(target=self._write, args=(rows, generation), daemon=True)
        self._compacting.start()

    def _write(self, rows: Rows, generation: int) -> None:
        path = base_of(self.folder, self.stem)
        try:
            write_base(path, rows, generation)
            self._due = max(LEAST, path.stat().st_size)
            for number, older in journals_of(self.folder, self.stem).items():
                if number < generation:
                    older.unlink()
        except OSError as error:
            self._tell(f"{path.name} is not compacted: {error.strerror}")

    def close(self) -> None:
        """Put all on the disk; wait until the rows are written, if they are being."""
        if self._compacting is not None:
            self._compacting.join()
        self._journal.close()

    def remove(self) -> None:
        """Delete the files."""
        self.close()
        delete(self.folder, self.stem)


def delete(folder: Path, stem: str) -> None:
    """Delete the files of tables.  Raises OSError."""
    base = base_of(folder, stem)
    for path in (base, saving.part_of(base), *journals_of(folder, stem).values()):
        path.unlink(missing_ok=True)
