"""Parses XML of a module with the line of each element; no DTD, no entities, limited in depth."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

_MAX_DEPTH = 200


class BadXml(ValueError):
    """A document is not read; the text says why, with the line."""


class Tree:
    """A document: its root, and the line on which an element begins."""

    def __init__(self, content: bytes) -> None:
        self._lines: dict[int, int] = {}
        self._builder = TreeBuilder()
        self._depth = 0
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._builder.data
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        parser.ExternalEntityRefHandler = self._refuse
        try:
            parser.Parse(content, True)
            self.root: Element = self._builder.close()
        except expat.ExpatError as error:
            raise BadXml(f"line {error.lineno}: {expat.ErrorString(error.code)}") from None

    def line(self, element: Element) -> int:
        """Return the line of an element."""
        return self._lines.get(id(element), 0)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise BadXml(f"line {self._parser.CurrentLineNumber}: elements are nested too deeply")
        self._lines[id(self._builder.start(tag, attributes))] = self._parser.CurrentLineNumber

    def _end(self, tag: str) -> None:
        self._depth -= 1
        self._builder.end(tag)

    def _refuse(self, *declared: Any) -> int:
        raise BadXml(f"line {self._parser.CurrentLineNumber}: a DTD or an entity is declared, which is not read")
