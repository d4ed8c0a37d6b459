"""ir.rule: what a record rule must be, and which are for everybody.  What rules do is in `record_rules.py`.

Source: 17.0.
"""

from __future__ import annotations

from mockserver.errors import ValidationError
from mockserver.orm.query import domain as domains
from mockserver.orm.records.environment import Recordset
from mockserver.orm.rights import record_rules
from mockserver.orm.rights.access import MODES
from mockserver.orm.schema.compute import check, compute
from mockserver.orm.writing.constraints import constrains


@compute("ir.rule", "global", depends=("groups",))
def _for_everybody(self: Recordset) -> bool:
    return not self._rows()[0].get("groups")


@check("rule_mode")
def _has_mode(self: Recordset) -> bool:
    row = self._rows()[0]
    return any(row.get(f"perm_{mode}") for mode in MODES)


@constrains("ir.rule", "model_id")
def _not_on_rules(self: Recordset) -> None:
    if any(rule.model_id.model == "ir.rule" for rule in self):
        raise ValidationError("Rules can not be applied on the Record Rules model.")


@constrains("ir.rule", "active", "domain_force", "model_id")
def _readable(self: Recordset) -> None:
    """The text can be read, and is a domain of the model."""
    env = self.env
    for rule in self._rows():
        model = env.db.registry.get((env.db.store.get("ir.model", rule["model_id"]) or {}).get("model", ""))
        if not rule.get("active", True) or not rule.get("domain_force") or model is None:
            continue
        tokens = record_rules.rule_domain(env, rule, set())
        try:
            domains.compile_tokens(env.sudo(), model, tokens)
        except Exception as error:  # whatever a bad domain raises in this generation
            raise ValidationError(f"Invalid domain: {error}") from error
