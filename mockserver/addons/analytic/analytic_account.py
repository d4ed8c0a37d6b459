"""account.analytic.account: names, and balances from the lines of its plan's column.

Source: 17.0; recorded in flow-entry-1 (17.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.analytic.analytic_plan import LINES, column


class Account(models.Model):
    _inherit = "account.analytic.account"

    def _compute_display_name(self) -> None:
        """`[code] name - customer`."""
        for account in self:
            code = f"[{account.code}] " if account.code else ""
            customer = account.partner_id.commercial_partner_id.name
            account.display_name = f"{code}{account.name}" + (f" - {customer}" if customer else "")

    @api.depends("line_ids.amount")
    @api.computes("balance", "debit", "credit")
    def _compute_debit_credit_balance(self) -> None:
        for account in self:
            amounts = [line.amount for line in account._lines()]
            account.credit = sum(amount for amount in amounts if amount >= 0)
            account.debit = -sum(amount for amount in amounts if amount < 0)
            account.balance = sum(amounts)

    @api.versions(since=17)
    def _compute_line_ids(self) -> None:
        for account in self:
            account.line_ids = account._lines()

    def _lines(self) -> Any:
        """Return the lines of one account in the chosen companies, and between the dates of the context."""
        lines: Any = self.env[LINES].sudo()
        name = column(self.plan_id) if "plan_id" in self and "root_id" in self.plan_id else "account_id"
        leaves: list[Any] = [(name, "=", self.id), ("company_id", "in", [False, *self.env.companies.ids])]
        context = self.env.context
        leaves += [("date", ">=", context["from_date"])] if context.get("from_date") else []
        leaves += [("date", "<=", context["to_date"])] if context.get("to_date") else []
        return lines.search(leaves)
