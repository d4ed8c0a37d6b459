"""The manifest of a module, and the files that belong to the module."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mockserver.seed.files import FixtureError
from mockserver.seed.scan.literals import Literals, NotLiteral, constants
from mockserver.seed.scan.notes import Notes, Place

NAMES = ("__manifest__.py", "__openerp__.py")
MAX_BYTES = 1024 * 1024  # of a file: a longer one takes seconds to read
_DATA = ("init_xml", "update_xml", "data")
_DEMO = ("demo_xml", "demo")
_HOOKS = ("pre_init_hook", "post_init_hook", "post_load")


class Refused(ValueError):
    """A file is not read; the text says why."""


@dataclass(frozen=True)
class Manifest:
    """What a manifest says that matters here; files are named as it names them."""

    depends: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    demo: tuple[str, ...] = ()
    version: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)  # of the texts in it

    @property
    def generation(self) -> int | None:
        """The generation of the server in a version such as 17.0.1.2.0, or None."""
        found = re.match(r"(\d+)\.0(\.\d+){0,3}$", self.version)
        return int(found[1]) if found and int(found[1]) >= 6 else None


class Folder:
    """The folder of a module; nothing outside it is read."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.name = self.path.name
        self.manifest = next((self.path / name for name in NAMES if (self.path / name).is_file()), None)

    def place(self, path: Path, line: int = 0) -> Place:
        """Return a place in a file of the module."""
        return Place(f"{self.name}/{path.relative_to(self.path).as_posix()}", line)

    def find(self, name: str) -> Path:
        """Return a file that the module names, relative to it; raises Refused for one outside it."""
        path = Path(name)
        if "\0" in name or path.is_absolute() or ".." in path.parts or not self._holds(self.path / path):
            raise Refused("it is outside the module's folder")
        if not (self.path / path).is_file():
            raise Refused("there is no such file")
        return self.path / path

    def read(self, path: Path) -> bytes:
        """Return the content of a file; raises Refused for one that is too large or leads out of the folder."""
        if not self._holds(path):
            raise Refused("it is outside the module's folder")
        try:
            if path.stat().st_size > MAX_BYTES:
                raise Refused(f"it has more than {MAX_BYTES // 1024} KiB")
            return path.read_bytes()
        except OSError as error:
            raise Refused(str(error.strerror or error)) from None

    def parse(self, path: Path) -> ast.Module:
        """Return the syntax tree of a Python file; raises Refused."""
        source = self.read(path)
        try:
            return ast.parse(source)
        except SyntaxError as error:
            place = f"line {error.lineno}: " if error.lineno else ""
            raise Refused(f"{place}it is no Python 3: {error.msg}") from None
        except ValueError as error:
            raise Refused(f"it is no Python 3: {error}") from None
        except (RecursionError, MemoryError):
            raise Refused("it is nested too deeply") from None

    def _holds(self, path: Path) -> bool:
        return path.resolve().is_relative_to(self.path)


def is_module(path: Path) -> bool:
    """Return whether a folder is a module of the real server, whose Python is not for this process."""
    return any((path / name).is_file() for name in NAMES)


def read(folder: Folder, notes: Notes) -> Manifest:
    """Return the manifest of a module; raises FixtureError if there is none that can be read."""
    path = folder.manifest
    if path is None:
        raise FixtureError(f"{folder.path}: a module has a {' or '.join(NAMES)}")
    try:
        body = folder.parse(path).body
    except Refused as refused:
        raise FixtureError(f"{path}: {refused}") from None
    given = next((one.value for one in body if isinstance(one, ast.Expr) and isinstance(one.value, ast.Dict)), None)
    if given is None:
        raise FixtureError(f"{path}: a manifest is a dict")
    said = _literal_items(folder, path, given, Literals(constants(body)), notes)
    texts_in_it = [node for node in ast.walk(given) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    lines = {str(node.value): node.lineno for node in texts_in_it}
    for hook in _HOOKS:
        if said.get(hook):
            notes.add(folder.place(path, lines.get(hook, 0)), f"{hook} is not run")

    def texts(*keys: str) -> tuple[str, ...]:
        found = [item for key in keys if isinstance(said.get(key), list) for item in said[key]]
        return tuple(dict.fromkeys(item for item in found if isinstance(item, str)))

    return Manifest(texts("depends"), texts(*_DATA), texts(*_DEMO), str(said.get("version") or ""), lines)


def _literal_items(folder: Folder, path: Path, given: ast.Dict, literals: Literals, notes: Notes) -> dict[str, Any]:
    """Return the items of the manifest that are literals; the others are noted."""
    said: dict[str, Any] = {}
    for key, value in zip(given.keys, given.values, strict=True):
        try:
            name = literals.value(key) if key is not None else None
            said[str(name)] = literals.value(value)
        except NotLiteral as error:
            notes.add(folder.place(path, value.lineno), f"manifest: not a literal: {error}")
    return said
