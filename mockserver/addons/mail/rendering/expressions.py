"""The expressions of templates: paths of fields, literals, `or`, `and`, `not`, comparisons, `a if b else c`.

A client that writes a template could call the public methods of records anyway, so expressions may too; private ones,
and names that are not given, are errors.
Differs: the real server computes any expression of Python; others raise `NotRendered` here.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

from mockserver.errors import UserError
from mockserver.orm.fields.texts import Html
from mockserver.orm.records.environment import Recordset

Names = Mapping[str, Any]
MAX_LENGTH = 4000  # characters of an expression

_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge, ast.In: lambda one, many: one in many, ast.NotIn: lambda one, many: one not in many,
    ast.Is: operator.is_, ast.IsNot: operator.is_not,
}  # fmt: skip
_COMPUTE: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip
# the methods of texts that expressions may call
_OF_TEXTS: dict[str, Callable[..., Any]] = {
    method.__name__: method
    for method in (str.capitalize, str.endswith, str.lower, str.replace, str.split, str.startswith, str.strip,
                   str.title, str.upper)
}  # fmt: skip
_OF_RECORDS = frozenset({"ids", "display_name", "id"})


class Markup(str):
    """A text that is HTML already, and is not escaped."""

    __slots__ = ()


class NotRendered(UserError):
    """An expression that the real server would compute, and the mock does not."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"The mock server does not render {text!r} in a template. It renders fields of the record, such as"
            " object.partner_id.name, with or, and, not, comparisons and literals; set the field of the template to"
            " such an expression, or write the mail without the template."
        )


def evaluate(text: str, names: Names) -> Any:
    """Return the value of an expression; raises `NotRendered` for what is not computed here, else Python's errors."""
    if len(text) > MAX_LENGTH:
        raise NotRendered(text[:80])
    tree = ast.parse(text.strip(), mode="eval")
    return _Evaluation(text.strip(), names).value(tree.body)


class _Evaluation:
    """One expression, with the names that it may use."""

    def __init__(self, text: str, names: Names) -> None:
        self._text = text
        self._names = names

    def value(self, node: ast.AST) -> Any:
        """Return the value of a part of the expression."""
        compute = _PARTS.get(type(node))
        if compute is None:
            raise NotRendered(self._text)
        return compute(self, node)

    def _constant(self, node: ast.Constant) -> Any:
        return node.value

    def _name(self, node: ast.Name) -> Any:
        if node.id not in self._names:
            raise NameError(f"name {node.id!r} is not defined")
        return self._names[node.id]

    def _tuple(self, node: ast.Tuple | ast.List) -> Any:
        return [self.value(part) for part in node.elts]

    def _boolop(self, node: ast.BoolOp) -> Any:
        wanted = isinstance(node.op, ast.Or)
        found: Any = None
        for part in node.values:
            found = self.value(part)
            if bool(found) is wanted:
                break
        return found

    def _unaryop(self, node: ast.UnaryOp) -> Any:
        found = self.value(node.operand)
        if isinstance(node.op, ast.Not):
            return not found
        if isinstance(node.op, ast.USub):
            return -found
        raise NotRendered(self._text)

    def _binop(self, node: ast.BinOp) -> Any:
        compute = _COMPUTE.get(type(node.op))
        left, right = self.value(node.left), self.value(node.right)
        texts = isinstance(left, str) and isinstance(right, str) and isinstance(node.op, ast.Add)
        numbers = isinstance(left, (int, float)) and isinstance(right, (int, float))
        if compute is None or not (texts or numbers):
            raise NotRendered(self._text)
        return compute(left, right)

    def _compare(self, node: ast.Compare) -> Any:
        left = self.value(node.left)
        for operation, part in zip(node.ops, node.comparators, strict=True):
            right = self.value(part)
            if not _COMPARE[type(operation)](left, right):
                return False
            left = right
        return True

    def _ifexp(self, node: ast.IfExp) -> Any:
        return self.value(node.body if self.value(node.test) else node.orelse)

    def _subscript(self, node: ast.Subscript) -> Any:
        holder, key = self.value(node.value), self.value(node.slice)
        if isinstance(holder, (Mapping, list, tuple, str)) or (isinstance(holder, Recordset) and type(key) is int):
            return holder[key]
        raise NotRendered(self._text)

    def _attribute(self, node: ast.Attribute) -> Any:
        holder = self.value(node.value)
        if isinstance(holder, Recordset):
            return field_value(holder, node.attr)
        raise AttributeError(f"{type(holder).__name__!r} object has no attribute {node.attr!r}")

    def _call(self, node: ast.Call) -> Any:
        if node.keywords and any(keyword.arg is None for keyword in node.keywords):
            raise NotRendered(self._text)
        args = [self.value(part) for part in node.args]
        options = {str(keyword.arg): self.value(keyword.value) for keyword in node.keywords}
        called = node.func
        if isinstance(called, ast.Name) and callable(self._names.get(called.id)):
            return self._names[called.id](*args, **options)
        if not isinstance(called, ast.Attribute):
            raise NotRendered(self._text)
        holder = self.value(called.value)
        if isinstance(holder, Recordset):
            return self._of_records(holder, called.attr, args, options)
        if isinstance(holder, Mapping) and called.attr == "get":
            return holder.get(*args)
        if isinstance(holder, str) and called.attr in _OF_TEXTS:
            return _OF_TEXTS[called.attr](holder, *args)
        raise NotRendered(self._text)

    def _of_records(self, records: Recordset, name: str, args: list[Any], options: dict[str, Any]) -> Any:
        """Call a public method of records, as a client could."""
        method = records.env.db.registry.method(records._name, name)
        if method is None or method.refused(records.env.db.profile.rules):
            raise NotRendered(self._text)
        return method.function(records, *args, **options)


_PARTS: dict[type[ast.AST], Callable[[_Evaluation, Any], Any]] = {
    ast.Attribute: _Evaluation._attribute, ast.BinOp: _Evaluation._binop, ast.BoolOp: _Evaluation._boolop,
    ast.Call: _Evaluation._call, ast.Compare: _Evaluation._compare, ast.Constant: _Evaluation._constant,
    ast.IfExp: _Evaluation._ifexp, ast.List: _Evaluation._tuple, ast.Name: _Evaluation._name,
    ast.Subscript: _Evaluation._subscript, ast.Tuple: _Evaluation._tuple, ast.UnaryOp: _Evaluation._unaryop,
}  # fmt: skip


def field_value(records: Recordset, name: str) -> Any:
    """Return the value of a field; HTML is marked as such."""
    if name in _OF_RECORDS:
        return {"ids": records.ids, "id": records.id, "display_name": records.display_name}[name]
    field = records._model.fields.get(name)
    if field is None:
        raise AttributeError(f"{records._name!r} object has no attribute {name!r}")
    found = records[name]
    return Markup(found) if isinstance(field, Html) and isinstance(found, str) else found
