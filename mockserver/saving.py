"""Write text files atomically."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO


class CannotWrite(OSError):
    """A file could not be written; the text names it and the reason."""

    def __init__(self, path: str | Path, cause: OSError) -> None:
        super().__init__(cause.errno, f"cannot write {path}: {cause.strerror or cause}")

    def __str__(self) -> str:
        return str(self.args[1])


def save(path: str | Path, text: str) -> None:
    """Write a text file, replacing an existing one only when all is written.  Raises `CannotWrite`."""
    target = Path(path)
    try:
        if target.exists() and not target.is_file():  # a device or a pipe
            target.write_text(text, encoding="utf-8")
        else:
            with replacing(target) as file:
                file.write(text)
    except OSError as error:
        raise CannotWrite(target, error) from None


@contextlib.contextmanager
def replacing(target: Path, *, durable: bool = False) -> Iterator[TextIO]:
    """Give a file to write the new content of another to, which it replaces at the end of the block.

    `durable`: it is on the disk then, even if the power fails.  Raises OSError.
    """
    part = part_of(target)
    try:
        with part.open("w", encoding="utf-8") as file:
            yield file
            if durable:
                file.flush()
                os.fsync(file.fileno())
        part.replace(target)
        if durable:
            settle(target.parent)
    finally:
        part.unlink(missing_ok=True)


def part_of(target: Path) -> Path:
    """Return the path of the new content of a file while it is written."""
    return target.with_name(f"{target.name}.part")


def settle(folder: Path) -> None:
    """Wait until the names of new files in a folder are on the disk; Windows offers no such thing."""
    if os.name == "posix":
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
