"""What the bundled model classes say, kept beside the fixtures: a file for each add-on, a line for each module.

A line holds only for the source that it was written of, whose checksum it has.  Modules that have changed since are
imported, as all were if there were no such files: so they save time and change nothing else.

    python -m mockserver.report.classes

writes them; `make docs` does so, too.
"""

from __future__ import annotations

import importlib
import json
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mockserver import shipped
from mockserver.orm.methods import BaseModel
from mockserver.orm.schema.api import notes
from mockserver.orm.schema.composition import own_functions
from mockserver.orm.schema.summary import Summary

_HERE = os.path.dirname(__file__)
_PACKAGE = __package__ or ""
_LEFT_OUT = ("_", ".", "test", "conftest", "setup")  # beginnings of names of files


def folder() -> Path:
    """Return the folder of the files."""
    return shipped.folder() / "classes"


def of_add_on(name: str) -> Iterator[Summary]:
    """Yield the summaries of the classes of an add-on, in the order of its files."""
    kept = _read(folder() / f"{name}.json")
    for module, path in _modules(os.path.join(_HERE, name), name):
        line = kept.get(module)
        if line is not None and line["checksum"] == _checksum(path):
            for cls, data in line["classes"].items():
                yield Summary.read(f"{_PACKAGE}.{module}", cls, data)
        else:
            yield from of_module(f"{_PACKAGE}.{module}")


def of_module(module: str) -> Iterator[Summary]:
    """Import a module and yield the summaries of its classes."""
    for value in list(vars(importlib.import_module(module)).values()):
        if isinstance(value, type) and issubclass(value, BaseModel) and value.__module__ == module and not value._wraps:
            yield of_class(value)


def of_class(cls: type) -> Summary:
    """Return the summary of a bundled class."""
    model, *mixins = model_names(cls)
    functions = {name: notes(function) for name, function in own_functions(cls, BaseModel)}
    return Summary.of(cls, model, mixins, functions)


def model_names(cls: type) -> list[str]:
    """Return the name of the model that a class defines or extends, and those of the mixins that it names."""
    own = vars(cls)
    inherit = own.get("_inherit", ())
    named = (inherit,) if isinstance(inherit, str) else tuple(inherit)
    return list(dict.fromkeys((own.get("_name") or named[0], *named)))


def _modules(folder: str, name: str) -> Iterator[tuple[str, str]]:
    """Yield the modules of a package and of its subpackages by name, each with its file."""
    yield name, f"{folder}/__init__.py"
    for own, suffix in sorted(map(os.path.splitext, os.listdir(folder))):
        if own.startswith(_LEFT_OUT):
            continue
        if suffix == ".py":
            yield f"{name}.{own}", f"{folder}/{own}.py"
        elif not suffix and os.path.isfile(f"{folder}/{own}/__init__.py"):
            yield from _modules(f"{folder}/{own}", f"{name}.{own}")


def _checksum(path: str) -> int:
    """Return the checksum of a file.  Hundreds are read at the start, for which the layers of `open` take too long."""
    file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        return zlib.crc32(os.read(file, os.fstat(file).st_size))
    finally:
        os.close(file)


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def written(name: str) -> str:
    """Return the text of the file of an add-on."""
    lines = []
    for module, path in _modules(os.path.join(_HERE, name), name):
        classes = {summary.name: summary.written() for summary in of_module(f"{_PACKAGE}.{module}")}
        line = json.dumps({"checksum": _checksum(path), "classes": classes}, separators=(",", ":"))
        lines.append(f' "{module}": {line}')
    return "{\n" + ",\n".join(lines) + "\n}\n"
