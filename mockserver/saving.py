"""Write text files atomically."""

from __future__ import annotations

from pathlib import Path


def save(path: str | Path, text: str) -> None:
    """Write a text file, replacing an existing one only when all is written.  Raises OSError."""
    target = Path(path)
    part = target.with_name(f"{target.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
