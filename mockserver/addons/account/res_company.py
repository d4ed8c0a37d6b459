"""res.company: the dates up to which the books are locked.

Source: 17.0; recorded in flow-entry-1 (17.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver import api, models
from mockserver.errors import RedirectWarning

_FIRST_DAY = "0001-01-01"


class Company(models.Model):
    _inherit = "res.company"

    @api.versions(since=17, until=17)
    def _compute_max_tax_lock_date(self) -> None:
        """The last tax lock of a company and of those above it.  Inferred: the first of all days if there is none."""
        for company in self:
            above = company.sudo().parent_id.max_tax_lock_date
            company.max_tax_lock_date = max(str(company.tax_lock_date or _FIRST_DAY), str(above or _FIRST_DAY))

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change companies; a day that drafts are left on cannot be locked, until 17.0.  Returns True."""
        if vals.get("fiscalyear_lock_date") and self.env.db.profile.rules.lock_needs_posted:
            for company in self:
                _check_nothing_open(company, str(vals["fiscalyear_lock_date"]))
        return super().write(vals)


def _check_nothing_open(company: Any, day: str) -> None:
    """Raise RedirectWarning for drafts and open bank transactions up to a day."""
    leaves = [("company_id", "child_of", company.id), ("date", "<=", day)]
    drafts = company.env["account.move"].sudo().search([*leaves, ("state", "=", "draft")], limit=1)
    if drafts:
        action = {
            "view_mode": company.env.db.profile.rules.list_view,
            "name": "Unposted Entries",
            "res_model": "account.move",
            "type": "ir.actions.act_window",
            "domain": [["state", "=", "draft"], ["date", "<=", day]],
            "target": "current",
        }
        raise RedirectWarning(
            "There are still unposted entries in the period you want to lock. You should either post or delete them.",
            action,
            "Show unposted entries",
        )
    lines = company.env["account.bank.statement.line"].sudo()
    open_lines = lines.search([*leaves, ("is_reconciled", "=", False), ("move_id.state", "!=", "cancel")])
    if open_lines:
        action = {
            "type": "ir.actions.act_window",
            "name": "Unreconciled Transactions",
            "res_model": "account.bank.statement.line",
            "view_mode": f"{company.env.db.profile.rules.list_view},form",
            "domain": [["id", "in", open_lines.ids]],
        }
        raise RedirectWarning(
            "There are still unreconciled bank statement lines in the period you want to lock."
            "You should either reconcile or delete them.",
            action,
            "Show Unreconciled Bank Statement Line",
        )
