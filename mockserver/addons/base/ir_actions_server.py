"""ir.actions.server: actions that write or create records, or run other actions.

Differs: Python code is checked, but never run; an action with code that does more than `pass` is refused.
Source: 16.0, 17.0; recorded in misc-config (17.0).
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from mockserver import api, models
from mockserver.errors import AccessError, UserError, ValidationError
from mockserver.orm.fields.numbers import Boolean, Float, Integer
from mockserver.orm.fields.relational import Many2one
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.rights import record_rules
from mockserver.orm.rights.access import check_access, user_groups
from mockserver.orm.writing.commands import CLEAR, LINK, SET, UNLINK

# -- Python code


def _syntax_error(code: str) -> str | None:
    """Return the text for code that Python cannot read, or that imports; None for other code."""
    try:
        tree = ast.parse(code)
    except SyntaxError as error:
        line = (error.text or "").rstrip("\n")
        return f"{type(error).__name__} : {error.msg} at line {error.lineno}\n{line}\n"
    except (ValueError, MemoryError, RecursionError) as error:
        return str(error)
    imports = {type(node) for node in ast.walk(tree)} & {ast.Import, ast.ImportFrom}
    operations = "IMPORT_NAME, IMPORT_FROM" if ast.ImportFrom in imports else "IMPORT_NAME"
    return f"forbidden opcode(s) in {code!r}: {operations}" if imports else None


def _run_code(action: Recordset) -> None:
    """Do nothing for code that does nothing; refuse any other."""
    statements = ast.parse((action.code or "").strip()).body
    if not all(isinstance(statement, ast.Pass) for statement in statements):
        raise UserError(
            f"The server action {action.name!r} was not run: mockserver never runs the Python code of an action."
            " Let the test put a function in the place of ir.actions.server.run."
        )


def _literal(action_name: str, text: Any) -> Any:
    """Return the value of an expression that is a constant."""
    try:
        return ast.literal_eval(str(text).strip())
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        raise UserError(
            f"The server action {action_name!r} was not run: mockserver computes no Python expression but constants."
        ) from None


# -- what is written


def _target(action: Recordset) -> tuple[Recordset | None, str]:
    """Return the model that an action writes to, and the field: those at the end of its path, from 17."""
    *path, name = (action.update_path or "").split(".")
    model: Recordset | None = action.env[action.model_id.model] if action.model_id else None
    for step in path:
        field = model._model.fields.get(step) if model is not None else None
        model = action.env[field.comodel] if field is not None and field.comodel in action.env else None
    return model, name


def _row(env: Environment, table: str, **values: Any) -> int | bool:
    """Return the id of the row with these values, or False."""
    found = env.sudo()[table].search([(name, "=", value) for name, value in values.items()], limit=1)
    return found.id


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


def _mapped(action: Recordset, model: Recordset) -> dict[str, Any]:
    """Return the values of an action's lines, until 16."""
    values: dict[str, Any] = {}
    for line in action.fields_lines:
        kind = line["evaluation_type" if "evaluation_type" in line else "type"]
        name, value = line.col1.name, line.value
        values[name] = _literal(action.name, value) if kind == "equation" else _converted(model, name, value)
    return values


def _value(action: Recordset, model: Recordset, name: str) -> Any:
    """Return the value that an action writes to a field, from 17."""
    field, value = model._model.fields.get(name), action.value
    if action.evaluation_type == "equation":
        return _literal(action.name, value)
    if field is not None and field.x2many:
        operation = action.update_m2m_operation
        if operation == "clear":
            return [(CLEAR, 0, 0)]
        id_ = int(value)
        return [(SET, 0, [id_])] if operation == "set" else [(LINK if operation == "add" else UNLINK, id_, 0)]
    if isinstance(field, Boolean):
        return action.update_boolean_value == "true"
    return _converted(model, name, value)


def _write(action: Recordset) -> None:
    target = action.env[action.model_id.model].browse(action.env.context.get("active_id") or ())
    if "fields_lines" in action:
        target.write(_mapped(action, target))
        return
    *path, name = (action.update_path or action.update_field_id.name or "").split(".")
    for step in path:
        target = target[step]
    target.write({name: _value(action, target, name)})


def _create(action: Recordset) -> None:
    model = action.env[action.crud_model_id.model]
    mapped = "fields_lines" in action
    _link(action, model.create(_mapped(action, model)).id if mapped else model.name_create(action.value)[0])


def _copy(action: Recordset) -> None:
    _, _, id_ = (action.resource_ref or "").partition(",")
    _link(action, action.env[action.crud_model_id.model].browse(int(id_ or 0)).copy().id)


def _link(action: Recordset, made: int) -> None:
    """Link the new record to the one that the action was run for."""
    if action.link_field_id:
        record, name = (
            action.env[action.model_id.model].browse(action.env.context.get("active_id")),
            action.link_field_id,
        )
        many = name.ttype in ("one2many", "many2many")
        record.write({name.name: [(LINK, made, 0)] if many else made})


def _run_children(action: Recordset) -> Any:
    answer: Any = False
    for child in action.child_ids.sorted(lambda child: (child.sequence, child.name)):
        answer = child.run() or answer
    return answer


# the type of the written field → the field of the action that the form shows for the value
_VALUE_FIELDS = {
    "many2one": "resource_ref", "one2many": "resource_ref", "many2many": "resource_ref",
    "selection": "selection_value", "boolean": "update_boolean_value",
}  # fmt: skip
# the kinds of actions that are run once for each active record
_EACH = {"object_write": _write, "object_create": _create, "object_copy": _copy, "multi": _run_children}


def _run(action: Recordset) -> Any:
    """Run one action; returns the next action, False if there was nothing to run, or None."""
    context = action.env.context
    if action.state == "code":
        return _run_code(action)
    active = context.get("active_id")
    answer: Any = False
    for id_ in context.get("active_ids", [active] if active else []):
        if action.state not in _EACH:
            raise UserError(f"mockserver does not perform server actions of the type {action.state!r}.")
        answer = _EACH[action.state](action.with_context(active_ids=[id_], active_id=id_))
    return answer


def _check_rights(self: Recordset, action: Recordset) -> None:
    """Raise AccessError unless the user may run the action on the active records."""
    model = self.env[action.model_id.model]
    groups: list[int] = next((action[name].ids for name in ("groups_id", "group_ids") if name in action), [])
    if not groups:
        check_access(model, "write")
    elif not set(groups) & user_groups(self.env):
        raise AccessError("You don't have enough access rights to run this action.")
    context = self.env.context
    if context.get("active_model") == model._name:
        active = context.get("active_ids") or [id_ for id_ in (context.get("active_id"),) if id_]
        record_rules.check(model.browse(active), "write")


class IrActionsServer(models.Model):
    _inherit = "ir.actions.server"

    def run(self) -> Any:
        """Run the actions for the `active_ids` of the context; return the next action, or False."""
        answer: Any = False
        for action in self.sudo():
            _check_rights(self, action)
            answer = _run(action)
        return answer if self.env.db.profile.rules.server_action_none else answer or False

    def _compute_update_field_id(self) -> None:
        for action in self:
            model, name = _target(action)
            known = action.state == "object_write" and model is not None and name in model._model.fields
            found = known and model is not None and _row(self.env, "ir.model.fields", model=model._name, name=name)
            action.update_field_id = found

    def _compute_crud_model_id(self) -> None:
        for action in self:
            written = "update_path" in action and action.state in ("object_write", "object_create")
            model = _target(action)[0] if written else None
            action.crud_model_id = model is not None and _row(self.env, "ir.model", model=model._name)

    def _compute_update_related_model_id(self) -> None:
        for action in self:
            relation = action.evaluation_type == "value" and action.update_field_id.relation
            action.update_related_model_id = bool(relation) and _row(self.env, "ir.model", model=relation)

    def _compute_value_field_to_show(self) -> None:
        for action in self:
            action.value_field_to_show = _VALUE_FIELDS.get(action.update_field_id.ttype, "value")

    def _inverse_resource_ref(self) -> None:
        for action in self:
            if action.resource_ref and action.value_field_to_show == "resource_ref":
                action.value = str(action.resource_ref).partition(",")[2]

    def _inverse_selection_value(self) -> None:
        for action in self:
            if action.selection_value and action.value_field_to_show == "selection_value":
                action.value = action.selection_value.value

    def create_action(self) -> bool:
        """Offer the actions in the menu of their model's views."""
        for action in self:
            action.write({"binding_model_id": action.model_id.id, "binding_type": "action"})
        return True

    def unlink_action(self) -> bool:
        """Offer the actions in no menu."""
        check_access(self, "write")
        self.write({"binding_model_id": False})
        return True

    @api.constrains("code")
    def _check_python_code(self) -> None:
        for action in self:
            text = _syntax_error(action.code.strip()) if action.code else None
            if text:
                raise ValidationError(text)
