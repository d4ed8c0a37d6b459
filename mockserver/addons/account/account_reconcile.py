"""account.partial.reconcile and account.full.reconcile: what settled what, and how that is undone."""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.account import move_journals, reconciling
from mockserver.orm.records.recordset import Recordset


class PartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"
    _since = 13

    def _compute_company_id(self) -> None:
        for partial in self:
            partial.company_id = partial.debit_move_id.company_id or partial.credit_move_id.company_id

    @api.depends("debit_move_id.date", "credit_move_id.date")
    def _compute_max_date(self) -> None:
        """The date of the later item."""
        for partial in self:
            days = [day for day in (partial.debit_move_id.date, partial.credit_move_id.date) if day]
            partial.max_date = max(days) if days else False

    @api.depends("debit_move_id.currency_id")
    def _compute_debit_currency_id(self) -> None:
        for partial in self:
            partial.debit_currency_id = partial.debit_move_id.currency_id or partial.company_id.currency_id

    @api.depends("credit_move_id.currency_id")
    def _compute_credit_currency_id(self) -> None:
        for partial in self:
            partial.credit_currency_id = partial.credit_move_id.currency_id or partial.company_id.currency_id

    def unlink(self) -> bool:
        """Undo reconciliations: what they settled is open again, and their exchange differences are reversed."""
        known = self.exists()
        if not known:
            return True
        lines = (known.debit_move_id | known.credit_move_id).sudo()
        lines = reconciling.component(lines)
        moves = known.exchange_move_id if "exchange_move_id" in known._model.fields else None
        fulls = known.full_reconcile_id
        super(PartialReconcile, known).unlink()
        fulls.unlink()
        reconciling.number(lines.exists())
        if moves:
            _reverse(moves)
        return True


class FullReconcile(models.Model):
    _inherit = "account.full.reconcile"
    _since = 13

    @api.versions(until=16)
    def _default_name(self) -> Any:
        return self.env["ir.sequence"].sudo().next_by_code("account.reconcile")

    def unlink(self) -> bool:
        """Undo full reconciliations; their exchange differences are reversed."""
        known = self.exists()
        moves = known.exchange_move_id if "exchange_move_id" in known._model.fields else None
        lines = known.sudo().reconciled_line_ids
        super(FullReconcile, known).unlink()
        reconciling.number(lines.exists())
        if moves:
            _reverse(moves)
        return True


def _reverse(moves: Recordset) -> None:
    """Reverse the entries of exchange differences that are posted, and delete drafts."""
    moves = moves.exists()
    drafts = moves.filtered(lambda move: move.state == "draft")
    posted = moves - drafts
    values = [
        {"date": move_journals.accounting_date(move, str(move.date), taxed=False), "ref": f"Reversal of: {move.name}"}
        for move in posted
    ]
    if posted:
        posted._reverse_moves(values, cancel=True)
    drafts.unlink()
