"""A folder that keeps the state: what a write costs with it, and a start."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from benchmarks.data import LARGE, SMALL, fill, run
from benchmarks.measuring import Figure, best
from mockserver import MockServer
from mockserver.orm.database import Database

WRITES = 10_000


def figures() -> Iterator[Figure]:
    """Writes beside those of a server without a folder, and the starts that follow."""
    with tempfile.TemporaryDirectory() as place, ExitStack() as stack:
        folder = Path(place)
        for size in (SMALL, LARGE):
            plain = _filled(stack, size)
            unsynced = _filled(stack, size, data=folder / f"off {size}", sync=False)
            synced = _filled(stack, size, data=folder / f"on {size}")
            alone = _line(stack, folder / f"line {size}")
            off, on, base, disk = best(_write(unsynced), _write(synced), _write(plain), alone, number=20, rounds=25)
            rows = f"{size:_} records".replace("_", " ")
            yield Figure(f"a write, --sync off, {rows}", off * 1e6, "µs", base * 1e6, "without a folder")
            yield Figure(f"a write, --sync on, {rows}", on * 1e6, "µs", disk * 1e6, "fdatasync of such a line alone")
    with tempfile.TemporaryDirectory() as place:
        yield from _starts(Path(place))


def _filled(stack: ExitStack, size: int, data: Path | None = None, sync: bool = True) -> Database:
    server = stack.enter_context(MockServer(data=data, sync=sync))
    database = server.database(server.db)
    fill(database, size)
    return database


def _line(stack: ExitStack, path: Path) -> Callable[[], object]:
    """The line of such a write added to a file, and on the disk: what a write costs at least."""
    file = stack.enter_context(path.open("wb", buffering=0))
    sync = getattr(os, "fdatasync", os.fsync)

    def add() -> None:
        file.write(b"x" * 1200 + b"\n")
        sync(file.fileno())

    return add


def _write(database: Database) -> Callable[[], object]:
    """A write of a contact's reference by `write`; the value differs each time."""
    ids = sorted(database.store.rows("res.partner"))[-1:]
    numbers = iter(range(1 << 30))
    return lambda: run(database, "write", ids, {"ref": f"R{next(numbers)}"})


def _starts(folder: Path) -> Iterator[Figure]:
    with MockServer(data=folder / "replayed", sync=False) as server:
        write = _write(server.database(server.db))
        for _ in range(WRITES):
            write()
    lines = (folder / "replayed" / "mock.1.journal").read_bytes().splitlines()
    started, parsed = best(
        lambda: MockServer(data=folder / "replayed").stop(), lambda: [json.loads(line[9:]) for line in lines], rounds=5
    )
    yield Figure(f"start with {WRITES} writes in the journal", started, "s", parsed, "json.loads of the lines")
    with MockServer(data=folder / "large") as server:
        large = MockServer().database("mock").clone("large")
        fill(large, LARGE)
        server.app.databases.add(large)
    text = (folder / "large" / "large.json").read_bytes()
    started, parsed = best(lambda: MockServer(data=folder / "large").stop(), lambda: json.loads(text), rounds=3)
    yield Figure(f"start with {LARGE} records", started, "s", parsed, "json.loads of the file")
