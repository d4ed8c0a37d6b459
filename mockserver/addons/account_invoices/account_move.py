"""account.move until 12.0: journal entries, which are posted with a number of their journal's sequence.

Inferred: 12.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.account import account_kinds, locks
from mockserver.errors import UserError

if TYPE_CHECKING:
    from typing_extensions import Self

NUMBERLESS = "/"
_UNCHECKED = "check_move_validity"


class Move(models.Model):
    _inherit = "account.move"
    _until = 12

    def _default_journal_id(self) -> Any:
        """The first journal of the type that the context names."""
        kind = self.env.context.get("default_journal_type")
        domain = [("type", "=", kind), ("company_id", "=", self.env.company.id)]
        return self.env["account.journal"].search(domain, limit=1) if kind else False

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create entries with their items, which must be balanced."""
        made: Self = super(Move, self.with_context({**self.env.context, _UNCHECKED: False})).create(vals_list)
        moves = self.browse(made._ids)
        moves._check_balanced()
        return moves

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change entries, which must stay balanced; return True."""
        if "line_ids" not in vals:
            return super().write(vals)
        done = super(Move, self.with_context({**self.env.context, _UNCHECKED: False})).write(vals)
        self._check_balanced()
        return done

    def unlink(self) -> bool:
        """Delete entries with their items; return True."""
        moves = self.exists().with_context({**self.env.context, _UNCHECKED: False})
        moves.line_ids.unlink()
        return super(Move, moves).unlink()

    def _check_balanced(self) -> None:
        if not self.env.context.get(_UNCHECKED, True):
            return
        for move in self:
            left = sum(line.debit - line.credit for line in move.line_ids)
            if not move.company_id.currency_id.is_zero(left):
                raise UserError("Cannot create unbalanced journal entry.")

    def _copied_values(self, default: Mapping[str, Any] | None = None) -> dict[str, Any]:
        values = super()._copied_values(default)
        return {**values, "name": NUMBERLESS} if not (default or {}).get("name") else values

    # -- fields

    def _compute_currency_id(self) -> None:
        for move in self:
            move.currency_id = move.company_id.currency_id or self.env.company.currency_id

    def _compute_amount(self) -> None:
        for move in self:
            move.amount = sum(line.debit for line in move.line_ids)

    def _compute_partner_id(self) -> None:
        """The partner of the items, if they have only one."""
        for move in self:
            partners = move.line_ids.partner_id
            move.partner_id = partners if len(partners) == 1 else False

    def _compute_matched_percentage(self) -> None:
        """The part of what is owed by or to partners that is reconciled, from 0 to 1."""
        for move in self:
            lines = [line for line in move.line_ids if account_kinds.is_trade(line.account_id)]
            total = sum(abs(line.balance) for line in lines)
            settled = total - sum(abs(line.amount_residual) for line in lines)
            move.matched_percentage = settled / total if total else 1.0

    def _compute_display_name(self) -> None:
        """The number, or `* id` for drafts."""
        for move in self:
            move.display_name = f"* {move.id}" if move.state == "draft" else move.name

    # -- posting

    def post(self, invoice: Any = False) -> bool:
        """Post entries, with the next number of their journals; an invoice that was open before keeps its number."""
        self._check_postable()
        for move in self:
            if move.name != NUMBERLESS:
                continue
            document = _record(self.env["account.invoice"], invoice)
            if document and document.move_name and document.move_name != NUMBERLESS:
                move.name = document.move_name
            else:
                move.name = move._next_number(document)
        return bool(self.write({"state": "posted"}))

    @api.versions(since=12)
    def action_post(self) -> bool:
        """Post entries."""
        return self.post()

    def _check_postable(self) -> None:
        for move in self:
            if any(line.company_id != move.company_id for line in move.line_ids):
                raise UserError("Cannot create moves for different companies.")
        self._check_balanced()
        locks.check_moves(self)

    def _next_number(self, invoice: Any) -> str:
        journal = self.journal_id
        sequence = journal.sequence_id
        if not sequence:
            raise UserError("Please define a sequence on the journal.")
        if invoice and invoice.type in ("out_refund", "in_refund") and journal.refund_sequence:
            sequence = journal.refund_sequence_id
            if not sequence:
                raise UserError("Please define a sequence for the credit notes")
        number: str = sequence.sudo().with_context(ir_sequence_date=str(self.date)).next_by_id()
        return number

    def button_cancel(self) -> bool:
        """Make posted entries drafts again, where their journals allow it."""
        if any(not move.journal_id.update_posted for move in self):
            raise UserError(
                "You cannot modify a posted entry of this journal.\n"
                "First you should set the journal to allow cancelling entries."
            )
        locks.check_moves(self)
        super().write({"state": "draft"})
        return True

    # -- reversal

    def reverse_moves(self, date: Any = None, journal_id: Any = None, auto: bool = False) -> list[int]:
        """Post the opposites of entries, reconcile them with each other, and return the ids of the new ones."""
        reversals = self.browse()
        for move in self:
            lines = move.line_ids.filtered(lambda line: account_kinds.is_matched(line.account_id))
            lines.remove_move_reconcile()
            reversal = move._reversed(date, journal_id)
            for account in lines.account_id:
                both = lines | reversal.line_ids
                both.filtered(lambda line, account=account: line.account_id == account).reconcile()
            reversals |= reversal
        reversals.post()
        return list(reversals._ids)

    def _reversed(self, date: Any, journal_id: Any) -> Self:
        """Return a new entry with the debits and credits of this one exchanged."""
        journal = _record(self.env["account.journal"], journal_id) or self.journal_id
        day = str(date or self.env.db.clock.today())
        made: Self = self.copy({"date": day, "journal_id": journal.id, "ref": f"reversal of: {self.name}"})
        for line in made.line_ids.with_context({**self.env.context, _UNCHECKED: False}):
            line.write(
                {"debit": line.credit, "credit": line.debit, "amount_currency": -line.amount_currency,
                 "date_maturity": day}
            )  # fmt: skip
        return made


def _record(model: Any, given: Any) -> Any:
    """Return the record of an id, the record itself, or none."""
    return model.browse(given if isinstance(given, int) and given else given.id if given else ())


class MoveReversal(models.TransientModel):
    _inherit = "account.move.reversal"
    _until = 12

    def reverse_moves(self) -> dict[str, Any]:
        """Reverse the entries that the context names, and return the action that lists the new ones."""
        moves = self.env["account.move"].browse(self.env.context.get("active_ids", ()))
        made = moves.reverse_moves(self.date, self.journal_id)
        if not made:
            return {"type": "ir.actions.act_window_close"}
        return {
            "name": "Reverse Moves",
            "type": "ir.actions.act_window",
            "view_type": "form",
            "view_mode": "tree,form",
            "res_model": "account.move",
            "domain": [["id", "in", made]],
        }
