"""ir.rule: validation of record rules, and which are global.  `record_rules.py` applies them.

Source: 17.0.
"""

from __future__ import annotations

from mockserver import api, models
from mockserver.errors import ValidationError
from mockserver.orm.query import domain as domains
from mockserver.orm.rights import record_rules


class IrRule(models.Model):
    _inherit = "ir.rule"

    @api.depends("groups")
    def _compute_global(self) -> None:
        for record in self:
            record["global"] = not record._rows()[0].get("groups")

    @api.constrains("model_id")
    def _check_not_on_rules(self) -> None:
        if any(rule.model_id.model == "ir.rule" for rule in self):
            raise ValidationError("Rules can not be applied on the Record Rules model.")

    @api.constrains("active", "domain_force", "model_id")
    def _check_readable(self) -> None:
        """Raise ValidationError unless the text is a domain of the model."""
        env = self.env
        for rule in self._rows():
            model = env.db.registry.get((env.db.store.get("ir.model", rule["model_id"]) or {}).get("model", ""))
            if not rule.get("active", True) or not rule.get("domain_force") or model is None:
                continue
            tokens = record_rules.rule_domain(env, rule["domain_force"], set())
            try:
                domains.compile_tokens(env.sudo(), model, tokens)
            except Exception as error:  # whatever a bad domain raises in this generation
                raise ValidationError(f"Invalid domain: {error}") from error
