"""A journal: a file to which lines are added, each with a checksum, so that a line that is not complete is recognised.

A line is `checksum content`: the CRC-32 of the content in eight hexadecimal digits, and the content as JSON.  The first
one says what the file is, each of the others has its number, and no number is missing:

    1c291ca3 {"journal":1,"generation":3}
    8f2a60b1 {"n":1,"rows":{"res.partner":{"7":{"id":7,"name":"Azure"},"8":null}}}
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from mockserver import saving

FORMAT = 1
_BINARY = getattr(os, "O_BINARY", 0)  # Windows would change the ends of lines
_sync_data = getattr(os, "fdatasync", os.fsync)
# rows by table and id; None for a row that was deleted
Changes = Mapping[str, Mapping[int, "Mapping[str, Any] | None"]]


def line_of(content: Mapping[str, Any]) -> bytes:
    """Return the line of a content."""
    text = json.dumps(content, separators=(",", ":")).encode()
    return b"%08x %s\n" % (zlib.crc32(text), text)


def content_of(line: bytes) -> dict[str, Any] | None:
    """Return the content of a line; None for one that is not whole or is damaged."""
    if line[8:9] != b" " or not line.endswith(b"\n"):
        return None
    text = line[9:-1]
    try:
        content = json.loads(text) if int(line[:8], 16) == zlib.crc32(text) else None
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


class Content(NamedTuple):
    """What a journal has: the changes in order, its good bytes, and how many bytes follow that cannot be read on.

    `later` is how many of the lines after the first damaged one are whole.
    """

    changes: list[dict[str, dict[str, Any]]]
    size: int
    damaged: int
    later: int


def read(path: Path, generation: int) -> Content:
    """Read a journal up to the first line that is damaged or missing."""
    data = path.read_bytes()
    lines = data.splitlines(keepends=True)
    head = content_of(lines[0]) if lines else None
    changes: list[dict[str, dict[str, Any]]] = []
    if head != {"journal": FORMAT, "generation": generation}:
        return Content(changes, 0, len(data), sum(content_of(line) is not None for line in lines))
    size = len(lines[0])
    for number, line in enumerate(lines[1:], 1):
        content = content_of(line)
        if content is None or content.get("n") != number:
            later = sum(content_of(other) is not None for other in lines[number:])
            return Content(changes, size, len(data) - size, later)
        changes.append(content["rows"])
        size += len(line)
    return Content(changes, size, 0, 0)


class Journal:
    """A journal that is written; several threads may wait for the disk, one line is added at a time.

    `generation` is its number among those of the same tables.  With `sync` a line is on the disk when `wait`
    returns; without, it survives the end of the process, not that of the machine.  A failure to write a line leaves the
    journal as it was; if it cannot be left so, or if the disk does not confirm a line, every later call raises the same
    OSError.
    """

    def __init__(self, path: Path, generation: int, *, sync: bool, lines: int = 0) -> None:
        """Go on with a journal of so many lines, or begin a new one.  Raises OSError."""
        self.path = path
        self.failed: OSError | None = None
        self._sync = sync
        self._number = lines
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | _BINARY, 0o600)
        self.size = self._synced = os.fstat(self._file).st_size
        self._appending = threading.Lock()
        self._syncing = threading.Lock()
        try:
            if not self.size:
                self._write(line_of({"journal": FORMAT, "generation": generation}))
                saving.settle(path.parent)
            if sync:
                os.fsync(self._file)
        except OSError:
            os.close(self._file)
            raise

    def append(self, changes: Changes) -> int:
        """Add a line and return the position to wait for.  Raises OSError."""
        with self._appending:
            self._check()
            self._write(line_of({"n": self._number + 1, "rows": changes}))
            self._number += 1
            return self.size

    def _check(self) -> None:
        if self.failed is not None:
            raise self.failed

    def _write(self, line: bytes) -> None:
        left = memoryview(line)
        try:
            while left:
                left = left[os.write(self._file, left) :]
        except OSError as error:
            try:
                os.ftruncate(self._file, self.size)
            except OSError:
                self.failed = error
            raise
        self.size += len(line)

    def wait(self, position: int) -> None:
        """Wait until all up to a position is on the disk; one thread asks for all that wait.  Raises OSError."""
        if not self._sync or self._synced >= position:
            return
        with self._syncing:
            if self._synced >= position:
                return
            self._check()
            written = self.size
            try:
                _sync_data(self._file)
            except OSError as error:
                self.failed = error  # what the disk holds is unknown from now on
                raise
            self._synced = written

    def close(self) -> None:
        """Put all of it on the disk and close the file."""
        with self._appending:
            if self.failed is None:
                with contextlib.suppress(OSError):
                    self.wait(self.size)
                self.failed = OSError(f"{self.path.name} is closed")
                os.close(self._file)
