"""The user's own add-ons in folders: model classes in Python files, field facts and data in JSON files.

A folder is named by its path (`"./my_addon"`) or by its import name (`"my_project.my_addon"`).  Its Python files are
imported like any code of the user; the JSON files in it, or in its folder `fixtures` or `data`, are fixtures.
A list `requires` in its `__init__.py` names what is loaded first.  Its Python is run only if it says that it is an
add-on: by this list, even an empty one, or by a file that imports `models` from mockserver.

A folder with a manifest is a module of the real server, whose Python is not for this process: it is scanned, never
imported.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import pkgutil
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from mockserver import addons
from mockserver.seed import scan
from mockserver.seed.files import Fixture, FixtureError, read as read_file

_OF_RECORDS = ("packs", "records", "calls", "names", "deleted", "sequences")  # keys of a fixture but its models
_DATA = (".", "fixtures", "data")
_MODELS = "mockserver.models"
_REQUIRES = re.compile(rb"^requires\b", re.MULTILINE)


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
    _check_meant(folder)
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


def _check_meant(folder: Path) -> None:
    """Raise FixtureError for a folder with Python that does not say that it is an add-on."""
    code = [path for path in _modules(folder) if path.is_file() and path.stat().st_size]
    init = folder / "__init__.py"
    if code and not (init in code and _REQUIRES.search(init.read_bytes())) and not any(map(_has_models, code)):
        raise FixtureError(
            f"{folder} is not run as an add-on, as none of its Python files imports `models` from mockserver; "
            f"if it is one, write `requires = []` into {init}; if not, name the JSON files in it"
        )


def _modules(folder: Path) -> Iterator[Path]:
    """Yield the files that `addons.model_classes` imports."""
    yield folder / "__init__.py"
    for found in pkgutil.iter_modules([str(folder)]):
        if not found.name.startswith(addons.NOT_MODELS):
            yield from _modules(folder / found.name) if found.ispkg else [folder / f"{found.name}.py"]


def _has_models(path: Path) -> bool:
    """Return whether a file imports `mockserver.models`."""
    source = path.read_bytes()
    if b"mockserver" not in source:
        return False
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return True  # importing it tells what is wrong
    return any(map(_imports_models, ast.walk(tree)))


def _imports_models(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom) and node.module is not None and not node.level:
        return node.module == _MODELS or any(f"{node.module}.{alias.name}" == _MODELS for alias in node.names)
    return isinstance(node, ast.Import) and any(alias.name in ("mockserver", _MODELS) for alias in node.names)
