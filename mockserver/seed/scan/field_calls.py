"""Reads the declaration of a field: `fields.Char("Name", required=True)`."""

from __future__ import annotations

import ast
import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mockserver.orm.fields.base import TYPES, Field
from mockserver.seed.check import FIELD_KEYS
from mockserver.seed.scan.defaults import default, returned
from mockserver.seed.scan.literals import Literals, NotLiteral
from mockserver.seed.scan.notes import Place

CLASSES: Mapping[str, type[Field]] = {cls.__name__: cls for cls in TYPES.values()}
_METHODS = ("compute", "inverse", "search")
# attributes of older generations
_OLD = {"track_visibility": "tracking"}
# what a keyword means that is also the name of another attribute here
_TABLES = {("many2many", "relation"): "relation_table"}
_KINDS = {attribute.name: str(attribute.type) for attribute in dataclasses.fields(Field)}


@dataclass
class DeclaredField:
    """A field as a class declares it: attributes under the names of fixtures, and methods by their kind."""

    type: str
    place: Place
    given: dict[str, Any] = field(default_factory=dict)
    methods: dict[str, str] = field(default_factory=dict)
    has_default: bool = False
    default: Any = None
    delegate: bool = False
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Scope:
    """What a declaration may name: the constants and the functions of its class and file."""

    literals: Literals
    functions: Mapping[str, ast.FunctionDef]


def read(cls: type[Field], call: ast.Call, place: Place, scope: Scope) -> DeclaredField:
    """Return the field that a call declares; what of it cannot be read stands in its `problems`."""
    found = DeclaredField(cls.type, place)
    for name, node in _arguments(cls, call, found):
        try:
            _take(cls, found, _OLD.get(name, name), node, scope)
        except NotLiteral as error:
            found.problems.append(f"{name} is not a literal: {error}")
    return found


def _arguments(cls: type[Field], call: ast.Call, found: DeclaredField) -> Iterator[tuple[str, ast.expr]]:
    for position, node in enumerate(call.args):
        if isinstance(node, ast.Starred) or position >= len(cls.positional):
            found.problems.append(f"argument {position + 1} was not read: {ast.unparse(node)}")
            return
        yield cls.positional[position], node
    for keyword in call.keywords:
        if keyword.arg is None:
            found.problems.append(f"arguments were not read: **{ast.unparse(keyword.value)}")
        else:
            yield _TABLES.get((cls.type, keyword.arg), keyword.arg), keyword.value


def _take(cls: type[Field], found: DeclaredField, name: str, node: ast.expr, scope: Scope) -> None:
    """Put one argument into the field; raises NotLiteral."""
    if name in _METHODS:
        given = node.value if isinstance(node, ast.Constant) else node
        if given:
            found.methods[name] = given if isinstance(given, str) else ast.unparse(node)
    elif name == "default":
        found.default = default(node, scope.literals, scope.functions)
        found.has_default = found.default is not None
    elif name == "delegate":
        found.delegate = bool(scope.literals.value(node))
    else:
        _put(cls, found, name, _value(name, node, scope, found))


def _value(name: str, node: ast.expr, scope: Scope, found: DeclaredField) -> Any:
    read_value = _VALUES.get(name)
    return read_value(node, scope, found) if read_value else scope.literals.value(node)


def _put(cls: type[Field], found: DeclaredField, name: str, value: Any) -> None:
    """Put a value into the field under the name that fixtures have for it, unless it is of a wrong kind."""
    if value is None or (name == "ondelete" and isinstance(value, dict)):  # of the choices that an extension adds
        return
    try:
        given = cls(**{name: value}).given
    except (TypeError, ValueError) as error:
        found.problems.append(f"{name} was not read: {error}")
        return
    for known, converted in given.items():
        if known not in FIELD_KEYS and known != "selection_add":  # it says nothing that a fixture could keep
            continue
        kind = _KINDS[known]
        if kind == "bool":
            converted = bool(converted)
        if (kind.startswith("str") and not isinstance(converted, str)) or (
            kind.startswith("int") and not isinstance(converted, int)
        ):
            found.problems.append(f"{name} was not read: {value!r}")
        else:
            found.given[known] = list(converted) if isinstance(converted, tuple) else converted


# -- attributes that are not plain literals


def _selection(node: ast.expr, scope: Scope, found: DeclaredField) -> Any:
    """Return the choices; of a method that only returns them, what it returns."""
    name = node.id if isinstance(node, ast.Name) else node.value if isinstance(node, ast.Constant) else ""
    if isinstance(name, str) and name in scope.functions and name not in scope.literals.names:
        node = returned(scope.functions[name])
    elif isinstance(node, ast.Lambda):
        node = node.body
    value = scope.literals.value(node)
    if not isinstance(value, list) or not all(isinstance(pair, list) and 0 < len(pair) <= 2 for pair in value):
        raise NotLiteral(node)
    keys = Counter(str(pair[0]) for pair in value)
    found.problems += [f"the key {key!r} of the selection stands twice" for key, times in keys.items() if times > 1]
    return [[str(part) for part in (pair if len(pair) == 2 else pair * 2)] for pair in value]


def _added(node: ast.expr, scope: Scope, found: DeclaredField) -> Any:
    value = scope.literals.value(node)
    if not isinstance(value, list) or not all(isinstance(pair, list) and 0 < len(pair) <= 2 for pair in value):
        raise NotLiteral(node)
    return [[str(part) for part in pair] for pair in value]  # one that is there already may stand without a label


def _translate(node: ast.expr, scope: Scope, found: DeclaredField) -> bool:
    if isinstance(node, (ast.Name, ast.Attribute)) and ast.unparse(node).endswith("_translate"):
        return True
    return bool(scope.literals.value(node))


def _digits(node: ast.expr, scope: Scope, found: DeclaredField) -> Any:
    name = node
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("get_precision") and node.args:
        name = node.args[0]
    value = scope.literals.value(name)
    if isinstance(value, str):
        found.problems.append(f"digits: the precision {value!r} is taken for two places")
        return [16, 2]
    if not isinstance(value, list) or len(value) != 2 or not all(isinstance(item, int) for item in value):
        raise NotLiteral(node)
    return value


def _related(node: ast.expr, scope: Scope, found: DeclaredField) -> str:
    value = scope.literals.value(node)
    path = ".".join(map(str, value)) if isinstance(value, list) else value
    if not isinstance(path, str):
        raise NotLiteral(node)
    return path


def _shown(kind: type) -> Callable[[ast.expr, Scope, DeclaredField], Any]:
    def read_value(node: ast.expr, scope: Scope, found: DeclaredField) -> Any:
        value = scope.literals.value(node)
        if isinstance(value, str):  # a text that clients evaluate
            try:
                value = Literals().value(ast.parse(value.strip(), mode="eval").body)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                raise NotLiteral(node) from None
        if not isinstance(value, kind):
            raise NotLiteral(node)
        return value

    return read_value


_VALUES: Mapping[str, Callable[[ast.expr, Scope, DeclaredField], Any]] = {
    "selection": _selection, "selection_add": _added, "translate": _translate, "digits": _digits,
    "related": _related, "domain": _shown(list), "context": _shown(dict),
    "tracking": lambda node, scope, found: scope.literals.value(node) or None,
}  # fmt: skip
