"""account.analytic.line: what accounting adds to the lines of journal items."""

from __future__ import annotations

from mockserver import api, models


class AnalyticLine(models.Model):
    _inherit = "account.analytic.line"

    @api.versions(since=16)
    @api.depends("move_line_id")
    def _compute_general_account_id(self) -> None:
        for line in self:
            own = line._rows()[0].get("general_account_id")
            line.general_account_id = line.move_line_id.account_id.id or own

    @api.depends("move_line_id.partner_id")
    def _compute_partner_id(self) -> None:
        for line in self:
            own = line._rows()[0].get("partner_id")
            item = line.move_line_id if "move_line_id" in line else line.move_id
            line.partner_id = item.partner_id.id or own


class AnalyticAccount(models.Model):
    _inherit = "account.analytic.account"

    def _compute_invoice_count(self) -> None:
        for account in self:
            account.invoice_count = account._count_moves("invoice")

    def _compute_vendor_bill_count(self) -> None:
        for account in self:
            account.vendor_bill_count = account._count_moves("vendor_bill")

    def _count_moves(self, category: str) -> int:
        """Return how many posted documents of a category an account has a part in."""
        lines = self._lines().filtered(lambda line: line.category == category)
        return len(lines.move_line_id.move_id.filtered(lambda move: move.state == "posted"))
