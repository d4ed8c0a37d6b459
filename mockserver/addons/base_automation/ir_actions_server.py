"""ir.actions.server: the actions of automation rules, from 17."""

from __future__ import annotations

from mockserver import api, models
from mockserver.errors import ValidationError

_OTHER_MODEL = "Model of action {action_name} should match the one from automated rule {rule_name}."


class IrActionsServer(models.Model):
    _inherit = "ir.actions.server"
    _since = 17

    @api.constrains("model_id", "base_automation_id")
    @api.versions(until=18)
    def _check_model_coherency_with_automation(self) -> None:
        for action in self:
            rule = action.base_automation_id
            if rule and action.model_id != rule.model_id:
                raise ValidationError(self.env._(_OTHER_MODEL, action_name=action.name, rule_name=rule.name))
