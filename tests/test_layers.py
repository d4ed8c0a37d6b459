"""Imports go down only, and each library stays in its room."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "mockserver"

# the floors, from the ground up; a module imports from lower floors and from its own room.  A room that is named with
# a dot stands on a floor of its own, whatever the floor of the room around it.
FLOORS = [
    {"profiles", "clock", "json_files", "saving", "shipped", "media_types"},
    {"terms", "known_methods"},
    {"errors"},
    {"orm.storage"},
    {"orm.fields"},
    {"orm.schema"},
    {"orm.query"},
    {"orm.rights", "orm.writing"},
    {"orm.records"},
    {"orm.bulk"},
    {"orm.methods"},
    {"orm"},
    {"api", "fields", "models"},
    {"addons"},
    {"seed"},
    {"services"},
    {"durable"},
    {"dialects"},
    {"server.arrival", "server.exchange", "server.head", "server.listeners", "server.loopback"},
    {"server.webhooks"},
    {"server.app"},
    {"app"},
    {"server.handler"},
    {"server"},
    {"testing"},
    {"control"},
    {"server.server"},
    {"testing.pool"},  # it starts servers, as does the next one; the rest of `testing` is part of one
    {"testing.unittest"},
    {"report"},
    {"contract"},
    {"pytest_plugin", "cli"},
    {"__main__"},
]
ROOM_OF = {
    "werkzeug": {"dialects", "server", "testing", "control"},
    "tinydb": {"orm.storage"},
    "click": {"cli"},
    "PIL": {"orm.fields.pictures"},
    "pytest": {"pytest_plugin"},
    "hypothesis": {"testing.strategies"},
    "httpx": {"testing.transports.httpx", "testing.transports"},
    "anyio": {"testing.transports.httpx"},
    "requests": {"testing.transports.requests", "testing.transports"},
    "urllib3": {"testing.transports.requests"},
}
MAX_LINES = 400


def modules() -> dict[str, str]:
    """Module name, such as `orm.storage.store`, to source."""
    paths = (path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")
    return {
        ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): path.read_text("utf-8")
        for path in paths
    }


def imports(source: str) -> Iterator[str]:
    """Every module that the source imports when it runs, wherever the import stands; not those for the types alone."""
    pending: list[ast.AST] = [ast.parse(source)]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        pending += ast.iter_child_nodes(node)
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            if str(node.module).partition(".")[0] == "mockserver":  # a name may be a module too
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
            else:
                yield str(node.module)


def room(name: str) -> str:
    """The room of a module: the longest name of a floor that begins it."""
    named = [one for rooms in FLOORS for one in rooms if name == one or name.startswith(f"{one}.")]
    return max(named, key=len, default="")


def floor(name: str) -> int:
    """The number of a room's floor, counted from the ground."""
    return next(number for number, rooms in enumerate(FLOORS) if name in rooms)


def faults(name: str, source: str) -> list[str]:
    """What the imports of one module break."""
    found = []
    for imported in imports(source):
        top, _, rest = imported.partition(".")
        if top == "mockserver":
            target = room(rest)
            if target and target != room(name) and floor(target) >= floor(room(name)):
                found.append(f"{name} imports {imported}, which is not below it")
        elif top in ROOM_OF:
            if not any(name == owner or name.startswith(f"{owner}.") for owner in ROOM_OF[top]):
                found.append(f"{name} imports {imported}, which only {', '.join(sorted(ROOM_OF[top]))} may")
        elif top not in sys.stdlib_module_names and top not in ("typing_extensions", "_typeshed"):
            found.append(f"{name} imports {imported}, which is no dependency")
    return found


def test_modules_import_only_what_is_below_them() -> None:
    assert [fault for name, source in modules().items() for fault in faults(name, source)] == []


def test_every_module_has_a_floor() -> None:
    assert [name for name in modules() if not room(name)] == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("orm.storage.store", "from mockserver.services.call import Call"),
        ("orm.storage.store", "from mockserver.orm.fields import base"),
        ("orm.rights.access", "from mockserver.orm.writing import rows"),
        ("services.call", "def f():\n    import mockserver.server.app"),
        ("orm.query.domain", "import tinydb"),
        ("cli.serve", "from werkzeug.wrappers import Request"),
        ("seed.build", "import jsonschema"),
    ],
)
def test_a_wrong_import_is_found(name: str, source: str) -> None:
    assert len(faults(name, source)) == 1


def test_a_module_has_one_theme() -> None:
    assert [name for name, source in modules().items() if len(source.splitlines()) > MAX_LINES] == []
