"""Webhooks that come in: the record that `record_getter` finds in the payload.

It is Python on the real server.  Here it is read, not run: `model.env[…].browse(int(…))` and `model.browse(…)`, with
texts, numbers, `payload.get('…')` and `payload['…']` in the places of the dots.
"""

from __future__ import annotations

import ast
from typing import Any, TypeGuard

from mockserver.orm.records.environment import Recordset

MAX_LENGTH = 10_000  # characters


class Unreadable(ValueError):
    """A `record_getter` that the mock does not understand."""


def record(model: Recordset, getter: str, payload: Any) -> Recordset:
    """Return the records that an expression finds; raises Unreadable, or what Python raises for a wrong payload."""
    if len(getter) > MAX_LENGTH:
        raise Unreadable(f"it has more than {MAX_LENGTH} characters")
    try:
        tree = ast.parse(getter.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Unreadable(str(error)) from None
    if not (_is_call(tree) and isinstance(tree.func, ast.Attribute) and tree.func.attr == "browse"):
        raise Unreadable(f"it is not of the form model.env[…].browse(…): {getter!r}")
    owner = _model(model, tree.func.value, payload)
    return owner.browse(_value(tree.args[0], payload))


def _is_call(node: ast.expr) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords


def _model(model: Recordset, node: ast.expr, payload: Any) -> Recordset:
    """Return the model of `model`, `model.env[…]` or `env[…]`."""
    if isinstance(node, ast.Name) and node.id == "model":
        return model
    if isinstance(node, ast.Subscript) and ast.unparse(node.value) in ("model.env", "env"):
        return model.env[_value(node.slice, payload)]
    raise Unreadable(f"{ast.unparse(node)} is no model")


def _value(node: ast.expr, payload: Any) -> Any:
    if isinstance(node, ast.Constant):
        return node.value
    if _is_call(node) and ast.unparse(node.func) == "int":
        return int(_value(node.args[0], payload))
    if isinstance(node, ast.Call) and not node.keywords and ast.unparse(node.func) == "payload.get":
        return payload.get(*(_value(argument, payload) for argument in node.args))
    if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "payload":
        return payload[_value(node.slice, payload)]
    raise Unreadable(f"{ast.unparse(node)} is not supported here")
