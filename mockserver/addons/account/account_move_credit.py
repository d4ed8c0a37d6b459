"""account.move: what the customer of an invoice owes, and the warning that it is too much.  Source: 17.0."""

from __future__ import annotations

from mockserver import api, models
from mockserver.addons.account import credit_limits


class Move(models.Model):
    _inherit = "account.move"
    _since = 13

    @api.versions(since=16)
    def _compute_partner_credit_warning(self) -> None:
        """That the customer of a draft invoice owes too much, where the company limits that."""
        for move in self:
            drafted = move.state == "draft" and move.move_type == "out_invoice"
            amount = abs(move.amount_total_signed)
            move.partner_credit_warning = credit_limits.warning(move, amount) if drafted else ""

    @api.versions(since=17)
    def _compute_partner_credit(self) -> None:
        for move in self:
            move.partner_credit = move.partner_id.commercial_partner_id.credit
