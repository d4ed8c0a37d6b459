"""base.automation: the rules.  Until 16 a rule is a server action itself, by delegation; from 17 it has actions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.base_automation import running, timed, wrapping
from mockserver.orm.storage.store import Row

if TYPE_CHECKING:
    from typing_extensions import Self

_CRON = "base_automation.ir_cron_data_base_automation_check"
# minutes of the units of delays
_MINUTES = {"minutes": 1, "hour": 60, "day": 24 * 60, "month": 30 * 24 * 60}
_LONGEST = 4 * 60


class BaseAutomation(models.Model):
    _inherit = "base.automation"
    _writes_at_commit = True

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create rules, which hold from now on; new actions are those of automations."""
        given = [vals_list] if isinstance(vals_list, Mapping) else list(vals_list)
        if "action_server_id" in self:
            given = [{**vals, "usage": "base_automation"} for vals in given]
        made = super(BaseAutomation, self.with_context(default_usage="base_automation")).create(given)
        self._register_hook()
        return self.browse(made._ids)

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change rules; the change holds from now on."""
        done = super(BaseAutomation, self.with_context(default_usage="base_automation")).write(vals)
        self._register_hook()
        return done

    def unlink(self) -> bool:
        """Delete rules, which hold no longer."""
        done = super().unlink()
        self._register_hook()
        return done

    @api.model
    def _register_hook(self) -> None:
        """Let the rules of the database hold, and activate the job for those that depend on time."""
        wrapping.install(self.env.db)
        cron = self.env.sudo().ref(_CRON, raise_if_not_found=False)
        if cron:
            rules = self.sudo().search([("trigger", "in", list(running.TIME))])
            minutes = self._minutes(rules) if rules else _LONGEST
            cron.write({"active": bool(rules), "interval_type": "minutes", "interval_number": minutes})

    def _minutes(self, rules: Self) -> int:
        """Return how often to look for records whose time has come: a tenth of the shortest delay."""
        delays = [abs(rule.trg_date_range) * _MINUTES.get(rule.trg_date_range_type, 0) for rule in rules]
        shortest = min(delays, default=0)
        return min(max(1, shortest // 10), _LONGEST) if shortest else _LONGEST

    @api.model
    def _at_commit(self, touched: Mapping[tuple[str, int], Row | None]) -> None:
        running.after_computing(self.env, touched)

    def _check(self, automatic: bool = False) -> None:
        """Run the rules that depend on time for the records whose time has come since the last time."""
        timed.run(self.search([("trigger", "in", list(running.TIME))]))

    def _compute_least_delay_msg(self) -> None:
        minutes = self._minutes(self.search([("trigger", "in", list(running.TIME))]))
        self.least_delay_msg = self.env._(
            "Note that this automation rule can be triggered up to %d minutes after its schedule."
        ).replace("%d", str(minutes))
