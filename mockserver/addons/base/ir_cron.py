"""ir.cron: scheduled actions, none of which runs here.

Source: 17.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.orm.rights.access import check_access

if TYPE_CHECKING:
    from typing_extensions import Self


class IrCron(models.Model):
    _inherit = "ir.cron"
    _declared_by = "ir_cron"

    @api.depends("ir_actions_server_id.name")
    def _compute_cron_name(self) -> None:
        for record in self:
            record.cron_name = record.ir_actions_server_id.name or None

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create scheduled actions, each with a server action of the type `code` by default."""
        made = []
        for vals in vals_list if isinstance(vals_list, (list, tuple)) else [vals_list]:
            state = self.env.context.get("default_state") or "code"
            made.append({"state": state, **vals, "usage": "ir_cron"})
        return super().create(made if isinstance(vals_list, (list, tuple)) else made[0])

    def method_direct_trigger(self) -> bool:
        """Return True.  Differs: only the time of the last run is written, the action's code is not run."""
        check_access(self, "write")
        for cron in self:
            cron.write({"lastcall": self.env.db.clock.now()})
        return True

    @api.model
    def toggle(self, model: str, domain: Any) -> bool:
        """Activate these jobs if a record of `model` matches the domain; a remote call has no jobs."""
        active = bool(self.env[model].search_count(domain))
        return self.write({"active": active})
