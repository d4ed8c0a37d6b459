"""ir.actions.server: actions that write or create records, send webhooks, or run other actions.

Differs: Python code is checked, but never run.  A call that runs such an action is refused; if an automation runs it,
the action is left out, and the journal entry of the call says so.
Source: 16.0, 17.0; recorded in misc-config (17.0).
"""

from __future__ import annotations

import ast
from typing import Any

from mockserver import api, models
from mockserver.addons.base import server_action_values as values, webhooks
from mockserver.errors import AccessError, UserError, ValidationError
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.rights import record_rules
from mockserver.orm.rights.access import check_access, user_groups
from mockserver.orm.writing.commands import LINK

# the key of the context in which automations run actions
AUTOMATED = "__action_done"
_NO_CODE = (
    "mockserver never runs the Python code of an action."
    " Let the test put a function in the place of ir.actions.server.run."
)
_NO_URL = "I'll be happy to send a webhook for you, but you really need to give me a URL to reach out to..."

# -- Python code

MAX_CODE = 100_000  # characters


def _syntax_error(code: str) -> str | None:
    """Return the text for code that Python cannot read, or that imports; None for other code."""
    if len(code) > MAX_CODE:  # Python lets nobody else work while it reads it
        return f"the code has more than {MAX_CODE} characters"
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


def _does_nothing(code: str) -> bool:
    return all(isinstance(statement, ast.Pass) for statement in ast.parse(code.strip()).body)


# -- running


def _row(env: Environment, table: str, **wanted: Any) -> int | bool:
    """Return the id of the row with these values, or False."""
    found = env.sudo()[table].search([(name, "=", value) for name, value in wanted.items()], limit=1)
    return found.id


def _link(action: Recordset, made: int) -> None:
    """Link the new record to the one that the action was run for."""
    field = action.link_field_id
    if field:
        many = field.ttype in ("one2many", "many2many")
        _active(action).write({field.name: [(LINK, made, 0)] if many else made})


def _active(action: Recordset) -> Recordset:
    """Return the record that the action is run for."""
    return action.env[action.model_id.model].browse(action.env.context.get("active_id") or ())


def _not_run(action: Recordset, why: object) -> None:
    """Refuse to run an action; if an automation runs it, note that it was left out."""
    text = f"The server action {action.name!r} was not run: {why}"
    if not action.env.context.get(AUTOMATED):
        raise UserError(text)
    action.env.db.unmet.append(text)


# the type of the written field → the field of the action that the form shows for the value
_VALUE_FIELDS = {
    "many2one": "resource_ref", "one2many": "resource_ref", "many2many": "resource_ref",
    "selection": "selection_value", "boolean": "update_boolean_value",
}  # fmt: skip
# the types of actions that are run once for each active record, with their methods; `mail` adds methods
_RUNNERS = {
    "object_write": "_run_action_object_write", "object_create": "_run_action_object_create",
    "object_copy": "_run_action_object_copy", "multi": "_run_action_multi", "webhook": "_run_action_webhook",
    "email": "_run_action_mail_post_multi", "mail_post": "_run_action_mail_post_multi",
    "followers": "_run_action_followers_multi", "remove_followers": "_run_action_remove_followers_multi",
    "next_activity": "_run_action_next_activity",
}  # fmt: skip


def _run(action: Recordset) -> Any:
    """Run one action; returns the next action, False if there was nothing to run, or None."""
    context = action.env.context
    if action.state == "code":
        return action._run_action_code_multi()
    active = context.get("active_id")
    answer: Any = False
    for id_ in context.get("active_ids", [active] if active else []):
        runner = getattr(type(action), _RUNNERS.get(action.state, ""), None)
        try:
            if runner is None:
                raise values.NotRun(f"mockserver does not perform server actions of the type {action.state!r}.")
            answer = runner(action.with_context(active_ids=[id_], active_id=id_))
        except values.NotRun as error:
            _not_run(action, error)
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

    # -- what each type does

    def _run_action_code_multi(self) -> Any:
        """Do nothing for code that does nothing; refuse any other."""
        if not _does_nothing(self.code or ""):
            _not_run(self, _NO_CODE)

    def _run_action_object_write(self) -> None:
        target = _active(self)
        if "fields_lines" in self:
            target.write(values.mapped(self, target))
            return
        *path, name = (self.update_path or self.update_field_id.name or "").split(".")
        for step in path:
            target = target[step]
        target.write({name: values.value(self, target, name)})

    def _run_action_object_create(self) -> None:
        model = self.env[self.crud_model_id.model]
        mapped = "fields_lines" in self
        made = model.create(values.mapped(self, model)).id if mapped else model.name_create(self.value)[0]
        _link(self, made)

    def _run_action_object_copy(self) -> None:
        _, _, id_ = (self.resource_ref or "").partition(",")
        _link(self, self.env[self.crud_model_id.model].browse(int(id_ or 0)).copy().id)

    def _run_action_multi(self) -> Any:
        answer: Any = False
        for child in self.child_ids.sorted(lambda child: (child.sequence, child.name)):
            answer = child.run() or answer
        return answer

    def _run_action_webhook(self) -> None:
        record = _active(self)
        if record:
            if not self.webhook_url:
                raise UserError(self.env._(_NO_URL))
            webhooks.post(self, record)

    # -- computed fields

    def _compute_webhook_sample_payload(self) -> None:
        for action in self:
            action.webhook_sample_payload = webhooks.sample(action) if action.state == "webhook" else False

    def _compute_update_field_id(self) -> None:
        for action in self:
            model, name = values.target(action)
            known = action.state == "object_write" and model is not None and name in model._model.fields
            found = known and model is not None and _row(self.env, "ir.model.fields", model=model._name, name=name)
            action.update_field_id = found

    def _compute_crud_model_id(self) -> None:
        for action in self:
            written = "update_path" in action and action.state in ("object_write", "object_create")
            model = values.target(action)[0] if written else None
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
