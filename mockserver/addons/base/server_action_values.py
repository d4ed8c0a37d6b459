"""What a server action of the types `object_write` and `object_create` writes.

Differs: of Python expressions only constants are computed.
Source: 16.0, 17.0; recorded in misc-config (17.0).
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from mockserver.orm.fields.numbers import Boolean, Float, Integer
from mockserver.orm.fields.relational import Many2one
from mockserver.orm.records.environment import Recordset
from mockserver.orm.writing.commands import CLEAR, LINK, SET, UNLINK


class NotRun(Exception):
    """A server action that the mock does not run; the text says why."""


def _literal(text: Any) -> Any:
    """Return the value of an expression that is a constant; raises NotRun for another one."""
    try:
        return ast.literal_eval(str(text).strip())
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        raise NotRun(f"mockserver computes no Python expression but constants, not {str(text)!r}.") from None


def target(action: Recordset) -> tuple[Recordset | None, str]:
    """Return the model that an action writes to, and the field: those at the end of its path, from 17."""
    *path, name = (action.update_path or "").split(".")
    model: Recordset | None = action.env[action.model_id.model] if action.model_id else None
    for step in path:
        field = model._model.fields.get(step) if model is not None else None
        model = action.env[field.comodel] if field is not None and field.comodel in action.env else None
    return model, name


def _converted(model: Recordset, name: str, value: Any) -> Any:
    """Return a text as a value of the field, as far as it can be read."""
    field = model._model.fields.get(name)
    convert: Callable[[Any], Any] | None = None
    if isinstance(field, (Many2one, Integer)):
        convert = int
    elif isinstance(field, Float):
        convert = float
    try:
        found = convert(value) if convert else value
    except (TypeError, ValueError):
        return value
    return found or False if isinstance(field, Many2one) else found


def mapped(action: Recordset, model: Recordset) -> dict[str, Any]:
    """Return the values of an action's lines, until 16."""
    values: dict[str, Any] = {}
    for line in action.fields_lines:
        kind = line["evaluation_type" if "evaluation_type" in line else "type"]
        name, value = line.col1.name, line.value
        values[name] = _literal(value) if kind == "equation" else _converted(model, name, value)
    return values


def value(action: Recordset, model: Recordset, name: str) -> Any:
    """Return the value that an action writes to a field, from 17."""
    field, given = model._model.fields.get(name), action.value
    if action.evaluation_type == "equation":
        return _literal(given)
    if action.evaluation_type == "sequence":
        return action.sequence_id.next_by_id()
    if field is not None and field.type == "html" and "html_value" in action:
        return action.html_value
    if field is not None and field.x2many:
        operation = action.update_m2m_operation
        if operation == "clear":
            return [(CLEAR, 0, 0)]
        id_ = int(given)
        return [(SET, 0, [id_])] if operation == "set" else [(LINK if operation == "add" else UNLINK, id_, 0)]
    if isinstance(field, Boolean):
        return action.update_boolean_value == "true"
    return _converted(model, name, given)
