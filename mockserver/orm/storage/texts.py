"""Equal texts of many rows as one object each: a city of a thousand contacts takes the memory of one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

FEW = 1_000  # different texts of a field; with more of them, they are not compared any longer


class Texts:
    """The texts of fields that have few different ones."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, str] | None] = {}

    def one(self, field: str, text: str) -> str:
        """Return the text, or the same object for an equal one of the same field."""
        try:
            known = self._known[field]
        except KeyError:
            known = self._known[field] = {}
        if known is None:
            return text
        if len(known) > FEW:
            self._known[field] = None
        return known.setdefault(text, text)

    def all(self, field: str, texts: list[str]) -> list[str]:
        """Return the texts of a field, each the same object as an equal one; the list itself if many are different."""
        known = self._known.setdefault(field, {})
        if known is None:
            return texts
        if len(known) > FEW:
            self._known[field] = None
        return [known.setdefault(text, text) for text in texts]

    def share(self, rows: Iterable[dict[str, Any]]) -> None:
        """Let rows that are not stored yet share their texts."""
        one = self.one
        for row in rows:
            for field, value in row.items():
                if type(value) is str:
                    row[field] = one(field, value)
