"""What was not read of a module's source, with file and line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Place(NamedTuple):
    """A line of a file of the module; the file is relative to the folder around the module's."""

    file: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass
class Notes:
    """The notes of one module, in the order of their making; each is kept once."""

    found: dict[tuple[Place, str], None] = field(default_factory=dict)

    def add(self, place: Place, text: str) -> None:
        """Keep a note about a place."""
        self.found[place, text] = None

    def lines(self) -> list[str]:
        """Return the notes as lines of text, those of a file together and by line."""
        files = {place.file: number for number, (place, _) in reversed(list(enumerate(self.found)))}
        ordered = sorted(self.found, key=lambda note: (files[note[0].file], note[0].line))
        return [f"{place}: {text}" for place, text in ordered]
