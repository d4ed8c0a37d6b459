"""account.move.reversal: the wizard that makes credit notes and reversed entries.

Source: 17.0; recorded in flow-bill-1 and flow-entry-1 (17.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.account.line_rows import kind_of
from mockserver.addons.account.move_types import INVOICE_OR_RECEIPT, TEXT_LINES
from mockserver.errors import UserError

Action = dict[str, Any]


class Reversal(models.TransientModel):
    _inherit = "account.move.reversal"
    _since = 13

    def _default_move_ids(self) -> Any:
        moves = self._chosen_moves()
        if any(move.state != "posted" for move in moves):
            raise UserError(self.env.db.profile.rules.only_posted_reversed_text)
        return moves

    def _default_company_id(self) -> Any:
        moves = self._chosen_moves()
        if len(moves.company_id) > 1:
            raise UserError("All selected moves for reversal must belong to the same company.")
        return moves.company_id or self.env.company

    def _default_date(self) -> str:
        return self.env.db.clock.today().isoformat()

    def _chosen_moves(self) -> Any:
        moves = self.env["account.move"]
        chosen = self.env.context.get("active_ids") if self.env.context.get("active_model") == moves._name else ()
        return moves.browse(chosen)

    @api.depends("move_ids")
    def _compute_journal_id(self) -> None:
        for wizard in self:
            own = wizard._rows()[0].get("journal_id")
            journals = wizard.move_ids.journal_id.filtered(lambda journal: journal.active)
            wizard.journal_id = own or journals[:1].id

    @api.computes("residual", "currency_id", "move_type")
    def _compute_from_moves(self) -> None:
        for wizard in self:
            moves = wizard.move_ids
            wizard.residual = moves.amount_residual if len(moves) == 1 else 0.0
            wizard.currency_id = moves.currency_id if len(moves.currency_id) == 1 else None
            several = any(move.move_type in ("in_invoice", "out_invoice") for move in moves)
            wizard.move_type = moves.move_type if len(moves) == 1 else "some_invoice" if several else False

    def _compute_available_journal_ids(self) -> None:
        for wizard in self:
            types = list({journal.type for journal in wizard.move_ids.journal_id})
            company = wizard.company_id.id
            leaves = [("company_id", "=", company), ("type", "in", types)]
            wizard.available_journal_ids = wizard.env["account.journal"].search(leaves)

    @api.constrains("journal_id", "move_ids")
    def _check_journal_type(self) -> None:
        for wizard in self:
            if wizard.journal_id.type not in wizard.move_ids.journal_id.mapped("type"):
                raise UserError("Journal should be the same type as the reversed entry.")

    @api.versions(until=16)
    def _default_refund_method(self) -> str:
        moves = self._chosen_moves()
        return "cancel" if len(moves) > 1 or moves.move_type == "entry" else "refund"

    @api.versions(since=17)
    def refund_moves(self) -> Action:
        """Make drafts that reverse the entries; return the action that shows them."""
        return self.reverse_moves(is_modify=False)

    @api.versions(since=17)
    def modify_moves(self) -> Action:
        """Reverse the entries, and make drafts in their place; return the action that shows those."""
        return self.reverse_moves(is_modify=True)

    @api.versions(until=16, name="reverse_moves")
    def reverse_moves_11(self) -> Action:
        """Reverse the entries by the method that was chosen; return the action that shows what is to be looked at."""
        return self._reverse(cancel=self.refund_method in ("cancel", "modify"), modify=self.refund_method == "modify")

    @api.versions(since=17)
    def reverse_moves(self, is_modify: bool = False) -> Action:
        """Reverse the entries; return the action that shows what is to be looked at."""
        return self._reverse(cancel=is_modify or self.move_type == "entry", modify=is_modify)

    def _reverse(self, *, cancel: bool, modify: bool) -> Action:
        """Reverse the entries; `cancel`: post the reversals and match them, `modify`: make drafts in their place."""
        self.ensure_one()
        today = self.env.db.clock.today().isoformat()
        waits = str(self.date or "") > today
        cancelled = cancel and not waits
        moves = self.move_ids
        shown = moves._reverse_moves([self._values_of_reversal(move, waits) for move in moves], cancel=cancelled)
        if modify:
            shown = self.env["account.move"].browse(self._fresh_copy(move).id for move in moves)
        self.write({"new_move_ids": [(6, 0, shown.ids)]})
        return self._show(shown)

    def _values_of_reversal(self, move: Any, waits: bool) -> dict[str, Any]:
        reason = f"{move.name}, {self.reason}" if self.reason else move.name
        term = move.invoice_payment_term_id
        mixed = "early_pay_discount_computation" in term and term.early_pay_discount_computation == "mixed"
        invoiced = move.move_type in INVOICE_OR_RECEIPT
        return {
            "ref": f"Reversal of: {reason}",
            "date": move.date if "date_mode" in self and self.date_mode == "entry" else self.date,
            "invoice_date_due": self.date,
            "invoice_date": (self.date or move.date) if invoiced else False,
            "journal_id": self.journal_id.id,
            "invoice_payment_term_id": term.id if mixed else False,
            "invoice_user_id": move.invoice_user_id.id,
            "auto_post": _waiting(move, waits),
        }

    def _fresh_copy(self, move: Any) -> Any:
        """Return a draft with the lines of an entry that a user wrote."""
        values = move.with_context(include_business_fields=True)._copied_values({"date": self.date})
        written = ("product", *TEXT_LINES)
        values["line_ids"] = [line for line in values.get("line_ids", ()) if kind_of(line[2]) in written]
        return self.env["account.move"].create(values)

    def _show(self, moves: Any) -> Action:
        action: Action = {"name": "Reverse Moves", "type": "ir.actions.act_window", "res_model": "account.move"}
        types = set(moves.mapped("move_type"))
        if len(moves) == 1:
            action |= {"view_mode": "form", "res_id": moves.id}
        else:
            mode = self.env.db.profile.rules.list_view
            action |= {"view_mode": f"{mode},form", "domain": [("id", "in", moves.ids)]}
        if len(types) == 1:
            action["context"] = {"default_move_type": types.pop()}
        return action


def _waiting(move: Any, waits: bool) -> Any:
    """Return whether an entry is posted on its day, in the words of its version."""
    return ("at_date" if waits else "no") if move._model.fields["auto_post"].type == "selection" else waits
