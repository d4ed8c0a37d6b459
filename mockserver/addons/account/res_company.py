"""res.company: the dates up to which the books are locked.

Source: 17.0, and of the hard lock 18.0, res.company; recorded in flow-entry-1 (17.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver import api, models
from mockserver.errors import RedirectWarning, UserError

_FIRST_DAY = "0001-01-01"
_YEAR, _HARD = "fiscalyear_lock_date", "hard_lock_date"
# what is said of drafts in the days that a lock date would lock, and their name
_DRAFTS = {
    _YEAR: ("There are still unposted entries in the period you want to lock.", "unposted entries"),
    _HARD: ("There are still draft entries in the period you want to hard lock.", "draft entries"),
}
_EARLIER = "A new Hard Lock Date must be posterior (or equal) to the previous one."


class Company(models.Model):
    _inherit = "res.company"

    @api.versions(since=17, until=17)
    def _compute_max_tax_lock_date(self) -> None:
        """The last tax lock of a company and of those above it.  Inferred: the first of all days if there is none."""
        for company in self:
            above = company.sudo().parent_id.max_tax_lock_date
            company.max_tax_lock_date = max(str(company.tax_lock_date or _FIRST_DAY), str(above or _FIRST_DAY))

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change companies, and their lock dates where nothing is open up to those.  Returns True."""
        locked = str(vals.get(_HARD) or "")
        if _HARD in vals and _HARD in self and any(str(company[_HARD] or "") > locked for company in self):
            raise UserError(_EARLIER if locked else "The Hard Lock Date cannot be removed.")
        strict = self.env.db.profile.rules.lock_without_drafts
        for company in self:
            if vals.get(strict):
                _check_posted(company, strict, str(vals[strict]))
            if any(vals.get(lock) for lock in (_YEAR, _HARD)):
                _check_reconciled(company, max(str(vals.get(lock) or "") for lock in (_YEAR, _HARD)))
        return super().write(vals)


def _check_posted(company: Any, lock: str, day: str) -> None:
    """Raise RedirectWarning for drafts up to a day."""
    leaves = [("company_id", "child_of", company.id), ("date", "<=", day), ("state", "=", "draft")]
    if company.env["account.move"].sudo().search(leaves, limit=1):
        text, name = _DRAFTS[lock]
        action = {
            "view_mode": company.env.db.profile.rules.list_view,
            "name": name.title(),
            "res_model": "account.move",
            "type": "ir.actions.act_window",
            "domain": [["state", "=", "draft"], ["date", "<=", day]],
            "target": "current",
        }
        raise RedirectWarning(f"{text} You should either post or delete them.", action, f"Show {name}")


def _check_reconciled(company: Any, day: str) -> None:
    """Raise RedirectWarning for bank transactions up to a day that are not reconciled."""
    leaves = [("company_id", "child_of", company.id), ("date", "<=", day)]
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
