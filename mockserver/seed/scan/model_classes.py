"""Reads the model classes of a Python file: what they say of models, without running anything."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mockserver.orm.schema.model import Constraint
from mockserver.seed.classes import table_constraint
from mockserver.seed.scan import field_calls
from mockserver.seed.scan.field_calls import DeclaredField, Scope
from mockserver.seed.scan.literals import Literals, NotLiteral, constants
from mockserver.seed.scan.manifest import Folder
from mockserver.seed.scan.notes import Notes, Place
from mockserver.seed.scan.sources import imported_constants

# base class → what it makes of the model
_BASES: Mapping[str, dict[str, bool]] = {
    "Model": {}, "BaseModel": {"abstract": True}, "AbstractModel": {"abstract": True},
    "TransientModel": {"transient": True},
}  # fmt: skip
# attribute of a class → key of a model in a fixture, and the kind of its value
_ATTRIBUTES: Mapping[str, tuple[str, type]] = {
    "_description": ("description", str), "_order": ("order", str), "_rec_name": ("rec_name", str),
    "_rec_names_search": ("rec_names_search", list), "_parent_name": ("parent_name", str),
    "_parent_store": ("parent_store", bool), "_auto": ("auto", bool), "_log_access": ("log_access", bool),
    "_abstract": ("abstract", bool), "_transient": ("transient", bool), "_inherits": ("inherits", dict),
}  # fmt: skip
_OTHERS = frozenset({"_name", "_inherit", "_sql_constraints"})
# attributes that change nothing for clients of the external API
_WITHOUT_EFFECT = frozenset({"_table", "_check_company_auto", "_fold_name", "_module", "_mail_post_access", "_depends"})
_NAME = re.compile(r"[a-z0-9_.]+")
_INDEX = re.compile(r"\s*\(([^()]*)\)\s*(?:where\s+(.*))?$", re.IGNORECASE | re.DOTALL)


@dataclass
class DeclaredModel:
    """What one class says of a model."""

    name: str
    place: Place
    module: str
    inherit: tuple[str, ...]  # without the model's own name
    extends: bool  # whether it is of a model that exists already
    attributes: dict[str, Any] = field(default_factory=dict)
    fields: dict[str, DeclaredField] = field(default_factory=dict)
    constraints: list[tuple[Place, Constraint]] = field(default_factory=list)
    depends: dict[str, list[str]] = field(default_factory=dict)  # method → what it is said to depend on


def read(folder: Folder, path: Path, files: Mapping[Path, ast.Module], notes: Notes) -> Iterator[DeclaredModel]:
    """Yield what the classes of one of the files say; what they say otherwise is noted."""
    tree = files[path]
    literals = Literals({**imported_constants(folder, path, files), **constants(tree.body)})
    functions = {one.name: one for one in tree.body if isinstance(one, ast.FunctionDef)}
    for statement in tree.body:
        if isinstance(statement, ast.ClassDef):
            yield from _ClassReader(folder, path, statement, literals, functions, notes).read()
        elif isinstance(statement, (ast.If, ast.Try, ast.With, ast.For, ast.While)):
            for inner in ast.walk(statement):
                if isinstance(inner, ast.ClassDef) and _bases(inner):
                    notes.add(folder.place(path, inner.lineno), f"class {inner.name} stands in a condition: not read")


def _bases(node: ast.ClassDef) -> list[str]:
    """Return the bases of a class that make it a model."""
    names = [base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in node.bases]
    return [name for name in names if name in _BASES]


class _ClassReader:
    """Reads one class."""

    def __init__(
        self, folder: Folder, path: Path, node: ast.ClassDef, literals: Literals,
        functions: Mapping[str, ast.FunctionDef], notes: Notes,
    ) -> None:  # fmt: skip
        own = {one.name: one for one in node.body if isinstance(one, ast.FunctionDef)}
        self._scope = Scope(literals.within(constants(node.body)), {**functions, **own})
        self._folder, self._path, self._node, self._notes = folder, path, node, notes
        self._methods = own

    def read(self) -> Iterator[DeclaredModel]:
        """Yield the model, unless the class is not a model or has no name that can be read."""
        bases = _bases(self._node)
        if not bases:
            self._note_other_class()
            return
        model = self._named()
        if model is None:
            return
        if not model.extends:
            model.attributes |= _BASES[bases[0]]
        for statement in self._node.body:
            self._take(model, statement)
        if self._methods:
            for name, function in self._methods.items():
                model.depends[name] = list(_depends(function))
            listed = ", ".join(self._methods)
            self._note(self._node, f"{model.name}: methods are not taken over: {listed}")
        yield model

    def _note(self, node: ast.AST, text: str) -> None:
        self._notes.add(self._folder.place(self._path, getattr(node, "lineno", 0)), text)

    def _note_other_class(self) -> None:
        for base in self._node.bases:
            if ast.unparse(base).endswith("Controller"):
                self._note(self._node, f"the routes of {self._node.name} are not served")
        declares = [one for one in self._node.body if isinstance(one, ast.Assign) and _field_class(one.value)]
        if declares:
            self._note(self._node, f"class {self._node.name} is no model by its bases: its fields were not read")

    def _named(self) -> DeclaredModel | None:
        said: dict[str, Any] = {}
        for statement in self._node.body:
            for key, value in _assigned(statement):
                if key in ("_name", "_inherit"):
                    try:
                        said[key] = self._scope.literals.value(value)
                    except NotLiteral as error:
                        self._note(statement, f"class {self._node.name}: {key} is not a literal: {error}; not read")
                        return None
        inherit = said.get("_inherit") or []
        inherited = [inherit] if isinstance(inherit, str) else [one for one in inherit if isinstance(one, str)]
        name: Any = said.get("_name")
        if name and not (isinstance(name, str) and _NAME.fullmatch(name)):
            self._note(self._node, f"class {self._node.name}: {name!r} is no name of a model: not read")
            return None
        if not name and len(inherited) == 1:
            name = inherited[0]
        if not isinstance(name, str) or not name:  # until 18 each model has a name, from 19 on it may be the class's
            name = re.sub(r"(?<=[^_])([A-Z])", r".\1", self._node.name).lower()
        return DeclaredModel(
            name, self._folder.place(self._path, self._node.lineno), self._folder.name,
            tuple(one for one in inherited if one != name), name in inherited,
        )  # fmt: skip

    # -- the body

    def _take(self, model: DeclaredModel, statement: ast.stmt) -> None:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Pass, ast.ClassDef)):
            return
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):  # a docstring
            return
        assigned = list(_assigned(statement))
        if not assigned:
            text = ast.unparse(statement).partition("\n")[0]
            self._note(statement, f"{model.name}: not read: {text[:60]}")
        for name, value in assigned:
            cls = _field_class(value)
            if cls is not None and isinstance(value, ast.Call):
                self._take_field(model, name, cls, value)
            elif name.startswith("_") and not name.startswith("__"):
                self._take_attribute(model, name, value)
            elif isinstance(value, ast.Call) and "fields." in ast.unparse(value.func):
                self._note(statement, f"{model.name}.{name}: unknown type of field: {ast.unparse(value.func)}")

    def _take_field(self, model: DeclaredModel, name: str, cls: Any, call: ast.Call) -> None:
        place = self._folder.place(self._path, call.lineno)
        found = field_calls.read(cls, call, place, self._scope)
        for problem in found.problems:
            self._notes.add(place, f"{model.name}.{name}: {problem}")
        if name in model.fields:
            self._notes.add(place, f"{model.name}.{name}: it stands twice in the class; the last one counts")
        model.fields[name] = found

    def _take_attribute(self, model: DeclaredModel, name: str, value: ast.expr) -> None:
        called = value.func if isinstance(value, ast.Call) else None
        kind = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        try:
            if isinstance(value, ast.Call) and kind in ("Constraint", "UniqueIndex", "Index"):
                self._take_constraint(model, name, kind, value)
            elif name == "_sql_constraints":
                for given in value.elts if isinstance(value, (ast.List, ast.Tuple)) else [value]:
                    self._constraint(model, given, *self._texts(given))
            elif name in _ATTRIBUTES:
                key, wanted = _ATTRIBUTES[name]
                said = self._scope.literals.value(value)
                if (said is not None and said is not False) or key in ("auto", "log_access"):
                    if not isinstance(said, wanted):
                        raise NotLiteral(value)
                    model.attributes[key] = said
            elif name not in _OTHERS | _WITHOUT_EFFECT and not name.isupper():
                self._note(value, f"{model.name}: {name} has no meaning here")
        except NotLiteral as error:
            self._note(value, f"{model.name}: {name} is not a literal: {error}")

    def _texts(self, node: ast.expr) -> tuple[str, str, str]:
        parts = self._scope.literals.value(node)
        if not isinstance(parts, list) or len(parts) != 3 or not all(isinstance(part, str) for part in parts):
            raise NotLiteral(node)
        return parts[0], parts[1], parts[2]

    def _take_constraint(self, model: DeclaredModel, name: str, kind: str, call: ast.Call) -> None:
        if kind == "Index":  # it makes queries faster
            return
        texts = [self._scope.literals.value(node) for node in call.args]
        if not texts or not all(isinstance(text, str) for text in texts):
            raise NotLiteral(call)
        message = texts[1] if len(texts) > 1 else ""
        if kind == "Constraint":
            self._constraint(model, call, name.lstrip("_"), texts[0], message)
            return
        index = _INDEX.match(texts[0])
        columns = tuple(column.strip(' "') for column in index[1].split(",")) if index else ()
        if index is None or not all(column.isidentifier() for column in columns):
            self._note(call, f"{model.name}: unique index {name}: not read: {texts[0]}")
            return
        made = Constraint(name.lstrip("_"), message, unique=columns, where=index[2])
        model.constraints.append((self._folder.place(self._path, call.lineno), made))

    def _constraint(self, model: DeclaredModel, node: ast.expr, name: str, text: str, message: str) -> None:
        try:
            made = table_constraint(name, text, message)
        except ValueError as error:
            self._note(node, f"{model.name}: constraint {name!r}{error}")
            return
        model.constraints.append((self._folder.place(self._path, node.lineno), made))


def _assigned(statement: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names that a statement assigns, with their value."""
    if isinstance(statement, ast.Assign):
        yield from ((target.id, statement.value) for target in statement.targets if isinstance(target, ast.Name))
    elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value:
        yield statement.target.id, statement.value


def _field_class(value: ast.expr) -> Any:
    """Return the type of field that an expression declares, or None."""
    if not isinstance(value, ast.Call):
        return None
    if isinstance(value.func, ast.Attribute) and ast.unparse(value.func.value) in ("fields", "odoo.fields"):
        return field_calls.CLASSES.get(value.func.attr)
    return field_calls.CLASSES.get(value.func.id) if isinstance(value.func, ast.Name) else None


def _depends(function: ast.FunctionDef) -> Iterator[str]:
    """Yield the paths that `@api.depends` of a method names."""
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) in ("api.depends", "depends"):
            for given in decorator.args:
                if isinstance(given, ast.Constant) and isinstance(given.value, str):
                    yield given.value
