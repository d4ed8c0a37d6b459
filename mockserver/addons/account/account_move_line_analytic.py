"""The analytic side of journal items: how a line is shared out, and the analytic lines of posted ones.

Source: 17.0; recorded in flow-entry-1 (17.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.account.line_rows import each, line_kind
from mockserver.addons.account.move_types import INVOICE_OR_RECEIPT, PURCHASE, SALE
from mockserver.addons.analytic import analytic_distribution as distribution

_LINES = "account.analytic.line"


class Line(models.Model):
    _inherit = "account.move.line"
    _since = 13

    @api.versions(since=16)
    @api.depends("account_id", "partner_id", "product_id")
    def _compute_analytic_distribution(self) -> None:
        known = bool(self.env.db.store.rows("account.analytic.distribution.model"))
        for line in self:
            found = None
            if known and (line_kind(line) == "product" or line.move_id.move_type not in INVOICE_OR_RECEIPT):
                found = distribution.from_models(line.env, _wanted(line))
            line.analytic_distribution = found or line._rows()[0].get("analytic_distribution")

    @api.versions(since=16)
    def _inverse_analytic_distribution(self) -> None:
        posted = self.filtered(lambda line: line.parent_state == "posted")
        posted.analytic_line_ids.unlink()
        posted._create_analytic_lines()

    @api.versions(since=16)
    def _compute_distribution_analytic_account_ids(self) -> None:
        for line in self:
            accounts: Any = line.env["account.analytic.account"]
            for key in line.analytic_distribution or {}:
                accounts |= distribution.accounts_of(line.env, key)
            line.distribution_analytic_account_ids = accounts

    def _create_analytic_lines(self) -> None:
        """Create the analytic lines of items that are shared out to analytic accounts."""
        name = "analytic_distribution" if "analytic_distribution" in self else "analytic_account_id"
        values = [found for line, row, _ in each(self) if row.get(name) for found in _values(line)]
        if values:
            self.env[_LINES].sudo().create(values)


def _wanted(line: Any) -> dict[str, Any]:
    return {
        "product_id": line.product_id.id,
        "product_categ_id": line.product_id.categ_id.id,
        "partner_id": line.partner_id.id,
        "partner_category_id": line.partner_id.category_id.ids,
        "account_prefix": line.account_id.code,
        "company_id": line.company_id.id,
    }


def _values(line: Any) -> list[dict[str, Any]]:
    """Return the values of the analytic lines of an item."""
    move = line.move_id
    if "analytic_distribution" in line:
        step = float(line.company_currency_id.rounding or 0.01)
        found = distribution.parts(line.env, line.analytic_distribution or {}, -line.balance, step)
    else:
        account = line.analytic_account_id.id
        found = [{"account_id": account, "amount": -line.balance}] if account else []
    owner = "move_line_id" if "move_line_id" in line.env.db.registry[_LINES].fields else "move_id"
    common = {
        "name": line.name or f"{line.ref or '/'} -- {line.partner_id.name or '/'}",
        "date": line.date,
        "partner_id": line.partner_id.id,
        "unit_amount": line.quantity,
        "product_id": line.product_id.id,
        "product_uom_id": line.product_uom_id.id,
        "general_account_id": line.account_id.id,
        "ref": line.ref,
        owner: line.id,
        "user_id": move.invoice_user_id.id or line.env.uid,
        "company_id": line.company_id.id or line.env.company.id,
    }
    if "category" in line.env.db.registry[_LINES].fields:
        kind = "invoice" if move.move_type in SALE else "vendor_bill" if move.move_type in PURCHASE else "other"
        common["category"] = kind
    return [{**common, **part} for part in found]
