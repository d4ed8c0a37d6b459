"""ir.access: who may do what with which records; `orm/rights/tables.py` applies it.

Inferred: odoo-20 §4.
"""

from __future__ import annotations

from mockserver import api, models
from mockserver.errors import ValidationError
from mockserver.orm.query import domain as domains
from mockserver.orm.rights import record_rules
from mockserver.orm.rights.tables import LETTERS

_FLAGS = tuple(f"for_{mode}" for mode in LETTERS)


class IrAccess(models.Model):
    _inherit = "ir.access"

    @api.depends("group_id")
    def _compute_kind(self) -> None:
        for access in self:
            access.kind = "permission" if access.group_id else "restriction"

    @api.computes(*_FLAGS)
    @api.depends("operation")
    def _compute_flags(self) -> None:
        for access in self:
            for mode, letter in LETTERS.items():
                access[f"for_{mode}"] = letter in (access.operation or "")

    @api.constrains("model_id", "domain")
    def _check_not_on_accesses(self) -> None:
        if any(access.domain and access.model_id.model == "ir.access" for access in self):
            raise ValidationError("Accesses with domain can not be applied on model Access itself.")

    @api.constrains("active", "domain", "model_id")
    def _check_readable(self) -> None:
        """Raise ValidationError unless the text is a domain of the model."""
        env = self.env
        for access in self.filtered("active"):
            model = env.db.registry.get(access.model_id.model or "")
            if not access.domain or model is None:
                continue
            try:
                domains.compile_tokens(env.sudo(), model, record_rules.rule_domain(env, access.domain, set()))
            except Exception as error:  # whatever a bad domain raises
                raise ValidationError(f"Invalid domain {access.domain}: {error}") from error
