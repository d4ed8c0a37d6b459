"""The values of expressions that say them outright: parsed, never run.

Literals, names of constants of the same file, texts in `_()`, and sums of these.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from typing import Any

_MAX_STEPS = 200_000  # of one file: names that stand for names could grow without end
_MAX_DEPTH = 60
_TRANSLATORS = frozenset({"_", "_lt", "_t"})
_PLAIN = (str, int, float, bool, type(None))


class NotLiteral(ValueError):
    """An expression would have to be run to know its value; the text is the expression."""

    def __init__(self, node: ast.AST) -> None:
        text = " ".join(ast.unparse(node).split())
        super().__init__(text if len(text) <= 60 else f"{text[:57]}…")


class Literals:
    """Values of expressions of one file; `names` are the constants that they may name."""

    def __init__(self, names: Mapping[str, ast.expr] | None = None) -> None:
        self.names = dict(names or {})
        self._steps = 0

    def within(self, names: Mapping[str, ast.expr]) -> Literals:
        """Return the literals of an inner scope, such as the body of a class."""
        return type(self)({**self.names, **names})

    def value(self, node: ast.expr, depth: int = 0) -> Any:
        """Return the value; raises NotLiteral."""
        self._steps += 1
        if self._steps > _MAX_STEPS or depth > _MAX_DEPTH:
            raise NotLiteral(node)
        read = _READERS.get(type(node))
        if read is None:
            raise NotLiteral(node)
        return read(self, node, depth + 1)

    def call(self, node: ast.Call, depth: int) -> Any:
        """Return the value of a call: of `_("text")` the text."""
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in _TRANSLATORS and len(node.args) == 1 and not node.keywords:
            return self.value(node.args[0], depth)
        raise NotLiteral(node)

    def _constant(self, node: ast.Constant, depth: int) -> Any:
        if not isinstance(node.value, _PLAIN) or node.value in (math.inf, -math.inf):
            raise NotLiteral(node)
        return node.value

    def _name(self, node: ast.Name, depth: int) -> Any:
        if node.id not in self.names:
            raise NotLiteral(node)
        return self.value(self.names[node.id], depth)

    def _attribute(self, node: ast.Attribute, depth: int) -> Any:
        """Return a constant of a file that is imported by its name."""
        name = ast.unparse(node)
        if name not in self.names:
            raise NotLiteral(node)
        return self.value(self.names[name], depth)

    def _item(self, node: ast.Subscript, depth: int) -> Any:
        value, key = self.value(node.value, depth), self.value(node.slice, depth)
        try:
            return value[key]
        except (TypeError, LookupError):
            raise NotLiteral(node) from None

    def _list(self, node: ast.List | ast.Tuple, depth: int) -> list[Any]:
        found: list[Any] = []
        for item in node.elts:
            if isinstance(item, ast.Starred):
                found += self._sequence(item.value, depth)
            else:
                found.append(self.value(item, depth))
        return found

    def _sequence(self, node: ast.expr, depth: int) -> list[Any]:
        value = self.value(node, depth)
        if not isinstance(value, list):
            raise NotLiteral(node)
        return value

    def _dict(self, node: ast.Dict, depth: int) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for key, item in zip(node.keys, node.values, strict=True):
            name = self.value(key, depth) if key is not None else None
            if not isinstance(name, (str, int)):
                raise NotLiteral(node)
            found[name] = self.value(item, depth)
        return found

    def _unary(self, node: ast.UnaryOp, depth: int) -> Any:
        value = self.value(node.operand, depth)
        if isinstance(node.op, ast.USub) and isinstance(value, (int, float)):
            return -value
        if isinstance(node.op, ast.Not) and isinstance(value, bool):
            return not value
        raise NotLiteral(node)

    def _sum(self, node: ast.BinOp, depth: int) -> Any:
        left, right = self.value(node.left, depth), self.value(node.right, depth)
        if isinstance(node.op, ast.Add) and type(left) is type(right) and isinstance(left, (str, list, int)):
            if isinstance(left, (str, list)):
                self._steps += len(left) + len(right)
            return left + right
        raise NotLiteral(node)


_READERS: dict[type[ast.AST], Callable[[Literals, Any, int], Any]] = {
    ast.Constant: Literals._constant,
    ast.Name: Literals._name,
    ast.Attribute: Literals._attribute,
    ast.Subscript: Literals._item,
    ast.List: Literals._list,
    ast.Tuple: Literals._list,
    ast.Dict: Literals._dict,
    ast.UnaryOp: Literals._unary,
    ast.BinOp: Literals._sum,
    ast.Call: lambda literals, node, depth: literals.call(node, depth),
}


def constants(body: list[ast.stmt]) -> dict[str, ast.expr]:
    """Return the names that statements give a value once; one that is assigned twice is no constant."""
    found: dict[str, ast.expr | None] = {}
    for statement in body:
        targets: list[ast.expr] = []
        if isinstance(statement, ast.Assign):
            targets = statement.targets
        elif isinstance(statement, (ast.AnnAssign, ast.AugAssign)):
            targets = [statement.target]
        value = getattr(statement, "value", None)
        for target in targets:
            if isinstance(target, ast.Name):
                found[target.id] = None if target.id in found or isinstance(statement, ast.AugAssign) else value
    return {name: node for name, node in found.items() if node is not None}
