"""The Python files that a module imports, in the order in which it imports them."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from mockserver.seed.scan.literals import Literals, NotLiteral, constants
from mockserver.seed.scan.manifest import NAMES, Folder, Refused
from mockserver.seed.scan.notes import Notes

# folders whose Python is not the module's at run time
_APART = frozenset({"tests", "migrations", "upgrades", "static", "scripts", "setup", "doc", "docs"})


def read(folder: Folder, notes: Notes) -> Iterator[tuple[Path, ast.Module]]:
    """Yield the files that the module's `__init__.py` leads to; others that look like a part of it are noted."""
    seen: set[Path] = set()
    yield from _follow(folder, folder.path / "__init__.py", seen, notes)
    for path in sorted(folder.path.rglob("*.py")):
        apart = not _APART.isdisjoint(path.relative_to(folder.path).parts) or path.name in NAMES
        if path not in seen and not apart and path.name != "__init__.py":
            notes.add(folder.place(path), "no file imports it, so it was not read")


def _follow(folder: Folder, path: Path, seen: set[Path], notes: Notes) -> Iterator[tuple[Path, ast.Module]]:
    if path in seen or not path.is_file():
        return
    seen.add(path)
    try:
        tree = folder.parse(path)
    except Refused as refused:
        notes.add(folder.place(path), f"not read: {refused}")
        return
    for statement in ast.walk(tree):
        for parts, _ in _imported(folder, path, statement):
            if "tests" in parts:
                continue
            target = folder.path.joinpath(*parts)
            yield from _follow(folder, target / "__init__.py", seen, notes)
            yield from _follow(folder, target.with_name(f"{target.name}.py") if parts else path, seen, notes)
    yield path, tree


def _imported(folder: Folder, path: Path, statement: ast.AST) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield what a statement imports of the module: parts of a path in it, and the name that it gets in the file."""
    if not isinstance(statement, ast.ImportFrom):
        return
    module = tuple((statement.module or "").split(".")) if statement.module else ()
    if statement.level:
        here = path.parent.relative_to(folder.path).parts
        if statement.level - 1 > len(here):
            return
        base = (*here[: len(here) - statement.level + 1], *module)
    elif len(module) >= 3 and module[1:3] == ("addons", folder.name):
        base = module[3:]
    else:
        return
    yield base, ""
    for alias in statement.names:
        yield (*base, alias.name), alias.asname or alias.name


def imported_constants(folder: Folder, path: Path, files: Mapping[Path, ast.Module]) -> dict[str, ast.expr]:
    """Return the constants that a file imports from others of the module: `NAME`, or `file.NAME`."""
    found: dict[str, ast.expr] = {}
    for statement in files[path].body:
        for parts, name in _imported(folder, path, statement):
            if not parts or not name:
                continue
            *within, last = parts
            whole = files.get(folder.path.joinpath(*within, f"{last}.py"))
            for key, value in _plain_constants(whole).items() if whole else ():
                found[f"{name}.{key}"] = value
            holder = folder.path.joinpath(*within)
            tree = files.get(holder.with_name(f"{holder.name}.py")) if within else None
            for one in (tree, files.get(holder / "__init__.py")):
                if one is not None and last in (known := _plain_constants(one)):
                    found[name] = known[last]
    return found


def _plain_constants(tree: ast.Module) -> dict[str, ast.expr]:
    """Return the constants of a file as expressions that name nothing."""
    known = constants(tree.body)
    literals = Literals(known)
    found: dict[str, ast.expr] = {}
    for name, node in known.items():
        with contextlib.suppress(NotLiteral):
            found[name] = ast.parse(repr(literals.value(node)), mode="eval").body
    return found
