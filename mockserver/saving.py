"""Write text files atomically."""

from __future__ import annotations

from pathlib import Path


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
            _replace(target, text)
    except OSError as error:
        raise CannotWrite(target, error) from None


def _replace(target: Path, text: str) -> None:
    part = target.with_name(f"{target.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
