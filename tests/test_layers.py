"""Imports go down only, and each library stays in its room."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "mockserver"

# the floors, from the ground up; a module imports from lower floors and from its own room, and one that is named
# by itself stands on a floor of its own
FLOORS = [
    {"errors", "profiles", "clock", "saving"},
    {"orm"},
    {"services"},
    {"dialects"},
    {"fixture_versions", "fixture_files", "fixture_check", "fixture_records", "fixture_export"},
    {"seed"},
    {"exchange"},
    {"app"},
    {"serving", "handler"},
    {"testing"},
    {"control"},
    {"server"},
    {"testing.pool", "testing.unittest"},  # which start servers; the rest of `testing` is part of one
    {"profile_report", "upgrade"},
    {"contract"},
    {"plugin", "upstream_plugin", "record_plugin", "cli"},
    {"__main__"},
]
ROOM_OF = {
    "werkzeug": {"dialects", "app", "handler", "serving", "testing", "control"},
    "tinydb": {"orm.store"},
    "click": {"cli"},
    "PIL": {"services.images"},
    "pytest": {"plugin", "upstream_plugin", "record_plugin"},
    "hypothesis": {"testing.strategies"},
    "httpx": {"testing.transports.httpx", "testing.transports"},
    "anyio": {"testing.transports.httpx"},
    "requests": {"testing.transports.requests", "testing.transports"},
    "urllib3": {"testing.transports.requests"},
}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def module_name(path: Path) -> str:
    """Such as `orm.store`, without the package's own name."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


def imports(source: str) -> Iterator[str]:
    """Every module that the source names in an import, wherever it stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            if node.module == "mockserver":  # `from mockserver import profiles`
                yield from (f"mockserver.{alias.name}" for alias in node.names)
            else:
                yield str(node.module)


def floor(name: str) -> int:
    """The floor of a module, counted from the ground."""
    room = name if any(name in rooms for rooms in FLOORS) else name.partition(".")[0]
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


def faults(name: str, source: str) -> list[str]:
    """What the imports of one module break."""
    found = []
    for imported in imports(source):
        top, _, rest = imported.partition(".")
        if top == "mockserver":
            same_room = rest.partition(".")[0] == name.partition(".")[0]
            if rest != "__version__" and not same_room and floor(rest) > floor(name):
                found.append(f"{name} imports {imported}, which is above it")
        elif top in ROOM_OF:
            if not any(name == room or name.startswith(f"{room}.") for room in ROOM_OF[top]):
                found.append(f"{name} imports {imported}, which only {', '.join(sorted(ROOM_OF[top]))} may")
        elif top not in sys.stdlib_module_names and top not in ("typing_extensions", "_typeshed"):
            found.append(f"{name} imports {imported}, which is no dependency")
    return found


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_a_module_imports_only_what_is_below_it(path: Path) -> None:
    assert faults(module_name(path), path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("orm.store", "from mockserver.services.call import Call"),
        ("services.call", "def f():\n    import mockserver.app"),
        ("orm.domain", "import tinydb"),
        ("server", "from werkzeug.wrappers import Request"),
        ("seed", "import jsonschema"),
    ],
)
def test_a_wrong_import_is_found(name: str, source: str) -> None:
    assert len(faults(name, source)) == 1


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_a_module_has_one_theme(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
