"""Finds and reads fixture files.

A fixture is a JSON file.  A *pack* is one that comes with the package, named without `.json`.
"""

from __future__ import annotations

import difflib
import importlib.util
import json
import sys
from collections.abc import Collection, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from mockserver import json_files
from mockserver.shipped import folder as folder

# {"about", "profile", "requires", "models", "records", …}; see docs/fixtures.md.  Of an add-on's folder: {"requires",
# "absent", "parts", "classes", "module"}; see seed/addons.py
Fixture = dict[str, Any]

DEMO = "demo"
KEYS = (
    "$schema", "about", "profile", "requires", "packs", "absent", "stored", "demo", "models", "records", "calls",
    "names", "deleted", "sequences",
)  # fmt: skip


class FixtureError(ValueError):
    """A fixture is wrong; the text is one line and names file, record, field and the nearest right name."""


def nearest(name: object, known: Iterable[str]) -> str:
    """Return `; did you mean 'x'?` with the most similar known name, or an empty text."""
    near = difflib.get_close_matches(str(name), list(known), n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else ""


def packs() -> list[str]:
    """Return the names of the packs, without the parts that packs consist of (`data-states`)."""
    return sorted(p.stem for p in folder().glob("*.json") if _may_name_pack(p.stem))


def _may_name_pack(stem: str) -> bool:
    return stem != "schema" and "-" not in stem


def _is_pack_name(name: Any) -> bool:
    """Return whether `packs` has a name, without looking for all of them."""
    plain = isinstance(name, str) and _may_name_pack(name) and Path(name).name == name
    return plain and (folder() / f"{name}.json").is_file()


def main_packs() -> list[str]:
    """Return the names of the packs that users name, without those that come with them."""
    return sorted({"base", "business", DEMO, *read(folder() / "business.json")["requires"]})


def suggested(name: str) -> str:
    """Return the name of an unknown pack with the most similar one, or with the main ones."""
    return f"{name!r}{nearest(name, packs()) or '; the packs are ' + ', '.join(main_packs())}"


def is_pack(path: Path) -> bool:
    """Return whether a file is a pack or part of one."""
    return path.parent == folder() and not is_demo(path)


def is_demo(path: Path) -> bool:
    """Return whether a file is one of the bundled demonstration data, which are loaded as files of users are."""
    return path.parent == folder() and path.stem.partition("-")[0] == DEMO


def find(fixture: str | Path, beside: Path | None = None) -> Path:
    """Return the file of a pack name, or the file or folder of a path or an import name.

    A relative path may also be relative to `beside`.  Raises FixtureError.
    """
    if isinstance(fixture, str) and "/" not in fixture and "\\" not in fixture:
        pack = folder() / f"{fixture}.json"
        if pack.is_file():
            return pack
    for path in (Path(fixture), *([beside / fixture] if beside else [])):
        if path.is_file() or path.is_dir():
            return path.resolve()
    package = package_folder(fixture) if isinstance(fixture, str) else None
    if package is not None:
        return package
    if isinstance(fixture, str) and not fixture.endswith(".json") and Path(fixture).name == fixture:
        raise FixtureError(
            f"unknown fixture pack {suggested(fixture)} (a file of your own is named by its path, with its .json, "
            f"an add-on by its folder or import name)"
        )
    raise FixtureError(f"{fixture}: no such fixture file or folder")


def listed(names: Iterable[str]) -> list[str]:
    """Return fixtures that were named on a command line, where one text may name several: `sale,crm`."""
    return [one for name in names for one in ((name,) if Path(name).exists() else name.split(",")) if one]


def package_folder(name: str) -> Path | None:
    """Return the folder of a package that can be imported under a name, or None; none of the standard library."""
    parts = name.split(".")
    if not all(part.isidentifier() for part in parts) or parts[0] in sys.stdlib_module_names:
        return None
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return None
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations))).resolve()


def read(path: Path) -> Fixture:
    """Return the parsed file with its top level checked, or an add-on's folder as a fixture."""
    if path.is_dir():
        from mockserver.seed import addons

        return addons.read(path)
    twice: list[tuple[Any, str]] = []
    try:
        data = json.loads(path.read_bytes()) if is_pack(path) else json_files.read(path, partial(_unique, twice))
    except json_files.NotJson as error:
        raise FixtureError(str(error)) from None
    for holder, key in twice:
        raise FixtureError(f"{path}: {_place_of(holder, data)}the key {key!r} stands twice")
    return check_top(data, str(path))


def _unique(twice: list[tuple[Any, str]], pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of JSON; note in `twice` that it has a key two times, of which one value would be lost."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice.append((found, next(key for key in keys if keys.count(key) > 1)))
    return found


def _place_of(wanted: Any, data: Any) -> str:
    """Return where in the data an object stands, such as `models, sale.order, fields: `."""
    pending: list[tuple[Any, tuple[str, ...]]] = [(data, ())]
    while pending:
        value, path = pending.pop()
        if value is wanted:
            return f"{', '.join(path)}: " if path else ""
        if isinstance(value, dict):
            pending += [(item, (*path, key)) for key, item in value.items()]
        elif isinstance(value, list):
            pending += [(item, (*path[:-1], f"{path[-1]} {n}" if path else str(n))) for n, item in enumerate(value, 1)]
    return ""


def check_top(data: Any, source: str) -> Fixture:
    """Return the fixture; raises FixtureError if its top level is malformed."""
    if not isinstance(data, dict):
        raise FixtureError(f"{source}: a fixture is a JSON object with the keys {', '.join(KEYS)}")
    for key in data:
        if key not in KEYS:
            raise FixtureError(f"{source}: unknown key {key!r}{nearest(key, KEYS)} (keys: {', '.join(KEYS)})")
    for key, kind, shape in (
        ("requires", list, "a list"), ("packs", list, "a list"), ("absent", list, "a list"),
        ("models", dict, "an object"), ("records", list, "a list"), ("calls", list, "a list"),
        ("names", list, "a list"), ("deleted", list, "a list"), ("sequences", list, "a list"),
        ("stored", bool, "true or false"), ("demo", bool, "true or false"),
    ):  # fmt: skip
        if not isinstance(data.get(key, kind()), kind):
            raise FixtureError(f"{source}: {key!r} is {shape}, not {_kind(data[key])}")
    for name in data.get("packs", ()):
        if not _is_pack_name(name):
            raise FixtureError(f"{source}: 'packs': unknown pack {suggested(name)}")
    return data


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def closure(fixtures: Sequence[str | Path], known: Collection[Path] = ()) -> dict[Path, Fixture]:
    """Return the files of these fixtures and of all that they require, each once, required ones first.

    `known`: files that are loaded already; they are left out.
    """
    found: dict[Path, Fixture] = {}
    in_progress: list[Path] = []

    def add(path: Path) -> None:
        if path in found or path in known:
            return
        if path in in_progress:
            raise FixtureError(f"{path}: requires itself, by way of {in_progress[-1].name}")
        in_progress.append(path)
        data = read(path)
        for required in data.get("requires", ()):
            try:
                add(find(required, beside=path.parent))
            except FixtureError as error:
                raise FixtureError(f"{path}: requires: {error}") from None
        in_progress.pop()
        found[path] = data

    for fixture in fixtures:
        add(find(fixture))
    return found
