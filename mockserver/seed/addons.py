"""The user's own add-ons in folders: model classes in Python files, field facts and data in JSON files.

A folder is named by its path (`"./my_addon"`) or by its import name (`"my_project.my_addon"`).  Its Python files are
imported like any code of the user; the JSON files in it, or in its folder `fixtures` or `data`, are fixtures.
A list `requires` in its `__init__.py` names what is loaded first.

A folder with a manifest is a module of the real server, whose Python is not for this process: it is scanned, never
imported.
"""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from mockserver import addons
from mockserver.seed import scan
from mockserver.seed.files import Fixture, FixtureError, read as read_file

_OF_RECORDS = ("packs", "records", "calls", "names", "deleted", "sequences")  # keys of a fixture but its models
_DATA = (".", "fixtures", "data")


def files(folder: Path) -> list[Path]:
    """Return the files of an add-on that are watched for changes."""
    if scan.is_module(folder):
        return sorted(path for path in folder.rglob("*") if path.suffix in (".py", ".xml", ".csv"))
    return [path for part in _DATA for path in sorted((folder / part).glob("*.json"))] + sorted(folder.rglob("*.py"))


def read(folder: Path) -> Fixture:
    """Return an add-on as a fixture: `{"requires", "parts": {file: fixture}, "classes", "module"}`.

    That of a module of the real server is `{"requires", "scanned"}`; see `scanned`.  Raises FixtureError for Python
    that cannot be imported.
    """
    if scan.is_module(folder):
        module = scan.read(folder)
        return {"requires": [*module.packs, *map(str, module.siblings)], "scanned": module}
    package = _import(folder)
    requires = getattr(package, "requires", ())
    if not isinstance(requires, (list, tuple)) or not all(isinstance(name, str) for name in requires):
        raise FixtureError(f"{folder / '__init__.py'}: requires is a list of packs and paths, not {requires!r}")
    parts = {path: read_file(path) for path in files(folder) if path.suffix == ".json"}
    classes = tuple(addons.model_classes(package.__name__))
    if not classes and not parts:
        raise FixtureError(f"{folder}: an add-on has model classes in .py files or fixtures in .json files")
    needed = dict.fromkeys((*requires, *(name for part in parts.values() for name in part.get("requires", ()))))
    absent = sorted({name for part in parts.values() for name in part.get("absent", ())})
    return {"requires": list(needed), "absent": absent, "parts": parts, "classes": classes, "module": folder.name}


def in_steps(folder: Path, fixture: Fixture) -> Iterator[tuple[str, Fixture]]:
    """Yield `(source, fixture)`: first the models of the files, then the classes, then the records of the files."""
    for path, part in fixture["parts"].items():
        models = {"models": part.get("models", {}), "absent": fixture["absent"]}
        yield f"{path} (models)", {"packs": part.get("packs", []), **models}
    yield str(folder), {"classes": fixture["classes"], "module": fixture["module"]}
    for path, part in fixture["parts"].items():
        yield str(path), {key: part[key] for key in _OF_RECORDS if key in part}


def _import(folder: Path) -> ModuleType:
    """Return the folder as a package: the one that is imported already, or one under a generated name."""
    for module in list(sys.modules.values()):
        if folder in [Path(path) for path in getattr(module, "__path__", ()) or () if isinstance(path, str)]:
            return module
    name = f"mockserver_addon_{hashlib.sha1(str(folder).encode()).hexdigest()[:12]}"
    init = folder / "__init__.py"
    try:
        if init.is_file():
            spec = importlib.util.spec_from_file_location(name, init, submodule_search_locations=[str(folder)])
            assert spec is not None
            assert spec.loader is not None
            package = importlib.util.module_from_spec(spec)
            sys.modules[name] = package
            spec.loader.exec_module(package)
        else:
            package = ModuleType(name)
            package.__path__ = [str(folder)]
            sys.modules[name] = package
        list(addons.model_classes(name))  # raises here for a file that cannot be imported
    except (Exception, SystemExit) as error:
        for known in [known for known in sys.modules if known == name or known.startswith(f"{name}.")]:
            del sys.modules[known]
        raise FixtureError(f"{folder}: cannot be imported: {type(error).__name__}: {error}") from error
    return package
