"""Databases that were built once in this process, which new ones are copied from: those that were used last."""

from __future__ import annotations

import contextlib
import gc
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from mockserver.clock import Clock
from mockserver.orm.database import Database
from mockserver.seed.files import is_pack

# of the templates, those that were used last are kept: so many, with so many bytes of files beside the packs
MAX_TEMPLATES, MAX_BYTES = 32, 64 * 1024 * 1024
MAX_FROZEN = 8  # of moments at which a clock stood still: there may be any number of them
_blocks = 0  # of memory after the last search for garbage

# profile, whether with its demonstration data, fixtures; the clock if its rows depend on it
Key = tuple[str, bool, tuple[str, ...], Clock | datetime | None]


class _Template(NamedTuple):
    database: Database
    stamp: tuple[tuple[Path, int], ...]  # its files, and when each was changed last
    size: int  # of the files that are no packs


class Templates:
    """Databases by what they were built from; not for several threads at once."""

    def __init__(self) -> None:
        self._by_key: dict[Key, _Template] = {}  # that which was used last is the last one

    def get(self, key: Key) -> Database | None:
        """Return a database; None if it was not built, has gone, or one of its files has changed since."""
        template = self._by_key.pop(key, None)
        if template is None or any(_modified(path) != modified for path, modified in template.stamp):
            return None
        self._by_key[key] = template
        return template.database

    def keep(self, key: Key, files: Iterable[Path], database: Database) -> None:
        """Keep a database that was built from these files; others may go."""
        stamp = tuple((path, _modified(path)) for path in files)
        self._by_key.pop(key, None)
        self._by_key[key] = _Template(database, stamp, sum(_size(path) for path, _ in stamp if not is_pack(path)))
        self._let_go()

    def _let_go(self) -> None:
        """Forget those that were not used for long; databases that were copied from them stay as they are."""
        number = frozen = size = 0
        for key, template in list(reversed(self._by_key.items())):
            own, stands = template.size, key[-1] is not None
            beyond = number >= MAX_TEMPLATES or (own and size + own > MAX_BYTES) or (stands and frozen >= MAX_FROZEN)
            if beyond and number:
                del self._by_key[key]
            else:
                number, frozen, size = number + 1, frozen + stands, size + own

    def __iter__(self) -> Iterator[Key]:
        """Yield what the databases were built from, that which was used last at the end."""
        return iter(self._by_key)

    def clear(self) -> None:
        """Forget all of them."""
        self._by_key.clear()


def _modified(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return -1


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


@contextlib.contextmanager
def collecting_nothing() -> Iterator[None]:
    """Let Python look for no garbage meanwhile, which takes a sixth of the time: nearly all objects are kept.

    They become old ones at once, which are looked at least often.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.freeze()
            gc.unfreeze()
            gc.enable()
            _look_for_garbage()


def _look_for_garbage() -> None:
    """Look for garbage once the process has grown by half and a million blocks of memory since the last time.

    Python does so by what it counts itself, and what is built here is not counted: the databases that are not used any
    more, which refer to their parts and these to them, would stay.
    """
    global _blocks
    if sys.getallocatedblocks() > _blocks * 1.5 + 1_000_000:
        gc.collect()
        _blocks = sys.getallocatedblocks()
