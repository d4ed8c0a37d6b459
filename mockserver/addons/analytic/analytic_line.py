"""account.analytic.line: the accounts of a line, one for each plan.

Source: 17.0; recorded in flow-entry-1 (17.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.analytic.analytic_plan import column, columns


class Line(models.Model):
    _inherit = "account.analytic.line"

    def _compute_partner_id(self) -> None:
        """Other modules say where the partner comes from."""
        for line in self:
            line.partner_id = line._rows()[0].get("partner_id")

    @api.versions(since=17)
    def _compute_auto_account_id(self) -> None:
        """The account of the plan that the context names."""
        plan = self.env["account.analytic.plan"].browse(self.env.context.get("analytic_plan_id") or ())
        for line in self:
            line.auto_account_id = line[column(plan)] if plan else None

    @api.versions(since=17)
    def _inverse_auto_account_id(self) -> None:
        for line in self:
            account = line.auto_account_id
            if account:
                line.write({column(account.plan_id): account.id})

    @api.versions(since=17)
    def _search_auto_account_id(self, operator: str, value: Any) -> list[Any]:
        names = columns(self.env)
        return [*["|"] * (len(names) - 1), *((name, operator, value) for name in names)]
