"""Field types for text: one line, several lines, and HTML.

Source: versions.md §7.3; recorded in core-types (17.0).
"""

from __future__ import annotations

from typing import Any

from mockserver.orm.fields import json_values, kind, spaces
from mockserver.orm.fields.base import Field
from mockserver.orm.fields.html import sanitize


class Char(Field):
    type = "char"
    sql_type = "character varying"
    aggregates = kind.ORDERED
    holds = "line"
    json_value = json_values.TEXT
    operators = kind.LIKES

    def to_store(self, value: Any, *, creating: bool = False) -> Any:
        if value is None or value is False:
            return None
        text = without_nul(value)
        return text[: self.size] if self.size else text

    def to_condition(self, value: Any) -> Any:
        return None if value is None or value is False else without_nul(value)

    def space(self, known: spaces.Known) -> spaces.Space | None:
        if self.size:  # mostly codes, which a model may convert to upper case
            return spaces.Codes(max_size=self.size)
        return spaces.Words() if self.required or self.name == "name" else spaces.Texts()

    def _describe_own(self) -> dict[str, Any]:
        described: dict[str, Any] = {"translate": self.translate, "trim": True}
        return described | {"size": self.size} if self.size else described


def without_nul(value: Any) -> str:
    """Return a value as text; raises the database driver's error for one with a NUL character."""
    text = str(value)
    if "\0" in text:
        raise ValueError("A string literal cannot contain NUL (0x00) characters.")
    return text


class Text(Char):
    type = "text"
    sql_type = "text"
    holds = "text"

    def space(self, known: spaces.Known) -> spaces.Space | None:
        return spaces.Texts()

    def _describe_own(self) -> dict[str, Any]:
        return {"translate": self.translate}


class Html(Char):
    type = "html"
    stored_alone = False
    sql_type = "text"
    holds = "markup"
    operators = ()

    def to_store(self, value: Any, *, creating: bool = False) -> Any:
        text = super().to_store(value)
        return sanitize(text, styles=self.sanitize_style) if text and self.sanitize else text

    def space(self, known: spaces.Known) -> spaces.Space | None:
        return spaces.Words(form=lambda text: f"<p>{text.replace('&', '&amp;')}</p>")

    def _describe_own(self) -> dict[str, Any]:
        return {"translate": self.translate, "sanitize": bool(self.sanitize), "sanitize_tags": True}
