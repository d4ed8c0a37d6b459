"""Reads the records of XML data files."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, tostring

from mockserver.seed.scan.literals import NotLiteral
from mockserver.seed.scan.manifest import Folder, Refused
from mockserver.seed.scan.notes import Notes
from mockserver.seed.scan.values import DeclaredRecord, Evaluated, Ref, Text, qualified
from mockserver.seed.scan.xml_tree import BadXml, Tree

_GROUPS = ("odoo", "openerp", "data")
# the search for the row of a model, which has an external id
_MODEL_BY_NAME = re.compile(
    r"\s*\[\s*\(\s*['\"]model['\"]\s*,\s*['\"]=['\"]\s*,\s*['\"]([a-z0-9_.]+)['\"]\s*\)\s*,?\s*\]\s*$"
)
_TRUE = ("1", "true", "True")


class Unread(ValueError):
    """A value is not read; the text says why."""


class XmlData:
    """One XML file of a module."""

    def __init__(self, folder: Folder, path: Path, notes: Notes, *, demo: bool) -> None:
        self._folder, self._path, self._notes, self._demo = folder, path, notes, demo
        self._evaluated = Evaluated(folder.name)
        self._tree: Tree | None = None

    def records(self) -> Iterator[DeclaredRecord]:
        """Yield the records of the file; what it has besides is noted."""
        place = self._folder.place(self._path)
        try:
            self._tree = Tree(self._folder.read(self._path))
        except (BadXml, Refused) as error:
            self._notes.add(place, f"not read: {error}")
            return
        if self._tree.root.tag in _GROUPS:
            yield from self._of(self._tree.root, False)
        else:
            self._notes.add(place, f"not read: its root is <{self._tree.root.tag}>, not <odoo>")

    def _note(self, element: Element, text: str) -> None:
        assert self._tree is not None
        self._notes.add(self._folder.place(self._path, self._tree.line(element)), text)

    def _of(self, group: Element, noupdate: bool) -> Iterator[DeclaredRecord]:
        noupdate = group.get("noupdate") in _TRUE if "noupdate" in group.attrib else noupdate
        for element in group:
            if element.tag in _GROUPS:
                yield from self._of(element, noupdate)
            elif element.tag == "record":
                record = self._record(element)
                if record is not None:
                    yield replace(record, noupdate=noupdate)
            elif element.tag == "menuitem" and element.get("id"):
                yield from self._menu(element, None)
            else:
                name = element.get("id") or element.get("name") or element.get("model") or ""
                self._note(element, f"not read: <{element.tag}> {name}".rstrip())

    def _menu(self, element: Element, parent: Ref | None) -> Iterator[DeclaredRecord]:
        """Yield the record of a menu and of those in it."""
        assert self._tree is not None
        module = self._folder.name
        xmlid = qualified(element.get("id", ""), module)
        place = self._folder.place(self._path, self._tree.line(element))
        values: dict[str, Any] = {"name": Text(element.get("name") or xmlid)}
        if above := element.get("parent"):
            parent = Ref(qualified(above, module))
        if parent is not None:
            values["parent_id"] = parent
        if action := element.get("action"):
            values["action"] = Ref(qualified(action, module))
        values |= {
            key: Text(element.attrib[key]) for key in ("sequence", "active", "web_icon") if key in element.attrib
        }
        if "groups" in element.attrib:
            self._note(element, f"{xmlid}: the groups that see the menu are not read")
        yield DeclaredRecord("ir.ui.menu", xmlid, place, values, demo=self._demo)
        for inner in element:
            if inner.get("id"):
                yield from self._menu(inner, Ref(xmlid))

    def _record(self, element: Element) -> DeclaredRecord | None:
        assert self._tree is not None
        model, xmlid = element.get("model"), element.get("id")
        if not model:
            self._note(element, "not read: a <record> without a model")
            return None
        if xmlid is not None and qualified(xmlid, self._folder.name).count(".") != 1:
            self._note(element, f"not read: the external id {xmlid!r} has more than one point")
            return None
        place = self._folder.place(self._path, self._tree.line(element))
        name = qualified(xmlid, self._folder.name) if xmlid else None
        record = DeclaredRecord(model, name, place, demo=self._demo)
        for field in element:
            field_name = field.get("name")
            if field.tag != "field" or not field_name:
                self._note(field, f"{xmlid or model}: not read: <{field.tag}>")
                continue
            try:
                record.values[field_name] = self._value(field)
            except (Unread, NotLiteral) as error:
                reason = f"eval is not a literal: {error}" if isinstance(error, NotLiteral) else str(error)
                self._note(field, f"{xmlid or model}, field {field_name}: {reason}")
        return record

    def _value(self, field: Element) -> Any:
        kind = field.get("type", "char")
        if "ref" in field.attrib:
            return Ref(qualified(field.attrib["ref"], self._folder.name))
        if "search" in field.attrib:
            if named := _MODEL_BY_NAME.match(field.attrib["search"]):
                return Ref(qualified(f"model_{named[1].replace('.', '_')}", self._folder.name))
            raise Unread(f"a search is not made: {field.attrib['search']}")
        if "eval" in field.attrib:
            return self._evaluated.text(field.attrib["eval"])
        if "file" in field.attrib:
            return self._file(field.attrib["file"], kind)
        if any(inner.tag == "record" for inner in field):
            return [record for inner in field if (record := self._record(inner)) is not None]
        if kind in ("xml", "html"):
            inner = "".join(tostring(child, "unicode").replace(" />", "/>") for child in field).strip()
            if "%(" in inner:
                self._note(field, f"field {field.get('name')}: ids in it, %(…)d, are not filled in")
            return f'<?xml version="1.0"?>\n{inner}' if kind == "xml" else inner
        return self._text(field.text or "", kind)

    def _text(self, text: str, kind: str) -> Any:
        if kind in ("list", "tuple"):
            raise Unread(f"the type {kind!r} is not read")
        if kind == "base64":
            return base64.b64encode(text.encode()).decode()
        return Text(text.strip() if kind in ("int", "float") else text)

    def _file(self, name: str, kind: str) -> Any:
        """Return the content of a file of the module, which data files name beginning with the module's name."""
        module, _, rest = name.partition("/")
        try:
            if module != self._folder.name:
                raise Refused("it is outside the module's folder")
            content = self._folder.read(self._folder.find(rest))
        except Refused as refused:
            raise Unread(f"the file {name} is not read: {refused}") from None
        if kind == "base64":
            return base64.b64encode(content).decode()
        try:
            return content.decode()
        except UnicodeDecodeError:
            raise Unread(f"the file {name} is not UTF-8") from None
