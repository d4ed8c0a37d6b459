"""ir.cron: the job that runs the automation rules that depend on time."""

from __future__ import annotations

from mockserver import models

_CODES = ("model._check(True)", "model._check()", "model._cron_process_time_based_actions()")


class IrCron(models.Model):
    _inherit = "ir.cron"

    def method_direct_trigger(self) -> bool:
        """Run the rules that depend on time, if this is their job."""
        done: bool = super().method_direct_trigger()  # type: ignore[misc]
        for cron in self:
            if cron.model_id.model == "base.automation" and (cron.code or "").strip() in _CODES:
                self.env["base.automation"].with_user(cron.user_id)._check(True)
        return done
