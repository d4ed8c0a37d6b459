"""ir.actions.server: the actions of automation rules, from 17."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.errors import ValidationError
from mockserver.orm.query import values
from mockserver.orm.records.environment import Recordset
from mockserver.orm.writing.defaults import default_value

if TYPE_CHECKING:
    from typing_extensions import Self

_OTHER_MODEL = "Model of action {action_name} should match the one from automated rule {rule_name}."


class IrActionsServer(models.Model):
    _inherit = "ir.actions.server"
    _since = 17

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create actions; one of a rule has a name that tells what it does, unless a name is given."""
        single = isinstance(vals_list, Mapping)
        given = [vals_list] if single else list(vals_list)
        named = [
            {**vals, "name": _name(self, vals)} if vals.get("base_automation_id") and not vals.get("name") else vals
            for vals in given
        ]
        return super().create(named[0] if single else named)

    @api.constrains("model_id", "base_automation_id")
    @api.versions(until=18)
    def _check_model_coherency_with_automation(self) -> None:
        for action in self:
            rule = action.base_automation_id
            if rule and action.model_id != rule.model_id:
                raise ValidationError(self.env._(_OTHER_MODEL, action_name=action.name, rule_name=rule.name))


def _name(actions: Recordset, vals: Mapping[str, Any]) -> str:
    """Return the name of an action with these values.  Inferred: from 19 that of its type.

    Differs: the name stays when the action changes.
    """
    state = vals.get("state") or default_value(actions, "state", actions._model.defaults.get("state"))
    if state == "object_write" and vals.get("update_path"):
        kind = "Compute" if vals.get("evaluation_type") == "equation" else "Update"
        return f"{kind} {' > '.join(_labels(actions, vals))}"
    if state == "webhook":
        return "Send Webhook Notification"
    return str(dict(values.selection(actions.env, actions._model.fields["state"]) or ()).get(state, state or ""))


def _labels(actions: Recordset, vals: Mapping[str, Any]) -> Iterator[str]:
    """Yield the labels of the fields along the path that an action writes."""
    registry = actions.env.db.registry
    at = registry.get(actions.env["ir.model"].sudo().browse(vals.get("model_id")).model)
    for name in str(vals["update_path"]).split("."):
        field = at.fields.get(name) if at is not None else None
        if field is None:
            return
        yield field.string
        at = registry.get(field.comodel)
