"""account.move: payments and credits of invoices, and whether they are paid."""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.account import payment_states, payment_widgets, reconciling
from mockserver.addons.account.move_types import INVOICE_OR_RECEIPT
from mockserver.errors import UserError
from mockserver.orm.records.recordset import Recordset


class MovePayments(models.Model):
    _inherit = "account.move"
    _since = 13

    @api.depends("amount_residual", "move_type", "state", "company_id")
    def _compute_payment_state(self) -> None:
        for move in self:
            move.payment_state = payment_states.state_of(move)

    def _compute_has_reconciled_entries(self) -> None:
        for move in self:
            move.has_reconciled_entries = len(reconciling.component(move.line_ids)) > 1

    @api.versions(since=18)
    def _compute_status_in_payment(self) -> None:
        """The payment state of posted entries, the state of others."""
        for move in self:
            move.status_in_payment = move.payment_state if move.state == "posted" else move.state

    def _compute_reconciled_payment_ids(self) -> None:
        """The payments that were reconciled with the invoice, and those registered for it."""
        for move in self:
            found = reconciling.payment_of(payment_states.counterparts(move)) | move.matched_payment_ids
            move.reconciled_payment_ids = found

    def _compute_payment_count(self) -> None:
        for move in self:
            name = "reconciled_payment_ids" if "reconciled_payment_ids" in move._model.fields else "matched_payment_ids"
            move.payment_count = len(move[name])

    def _compute_invoice_payments_widget(self) -> None:
        for move in self:
            move.invoice_payments_widget = payment_widgets.payments(move)

    @api.computes("invoice_outstanding_credits_debits_widget", "invoice_has_outstanding")
    @api.depends("payment_state", "state")
    def _compute_invoice_outstanding_credits_debits_widget(self) -> None:
        for move in self:
            found = payment_widgets.outstanding(move)
            move.invoice_outstanding_credits_debits_widget = found
            move.invoice_has_outstanding = bool(found)

    def js_assign_outstanding_line(self, line_id: int) -> Any:
        """Reconcile the invoice with an open item, such as that of a payment in advance."""
        self.ensure_one()
        line = self.env["account.move.line"].browse(line_id)
        lines = line + self.line_ids.filtered(lambda own: own.account_id == line.account_id and not own.reconciled)
        return lines.reconcile()

    def js_remove_outstanding_partial(self, partial_id: int) -> bool:
        """Undo one reconciliation of the invoice."""
        self.ensure_one()
        return bool(self.env["account.partial.reconcile"].browse(partial_id).unlink())

    @api.versions(until=17)
    def action_register_payment(self) -> dict[str, Any]:
        """Return the action that opens the wizard for payments of these entries."""
        return {
            "name": "Register Payment",
            "res_model": "account.payment.register",
            "view_mode": "form",
            "context": {"active_model": "account.move", "active_ids": self.ids},
            "target": "new",
            "type": "ir.actions.act_window",
        }

    @api.versions(since=18, name="action_register_payment")
    def action_register_payment_18(self) -> dict[str, Any]:
        """Return the action that opens the wizard for payments of these entries; drafts are refused."""
        if any(move.state != "posted" for move in self):
            raise UserError("You can only register payment for posted journal entries.")
        return {**self.line_ids.action_register_payment(), "name": "Pay"}

    @api.versions(since=18)
    def action_force_register_payment(self) -> dict[str, Any]:
        """Return the action that opens the wizard for payments of these entries, which may be drafts."""
        if any(move.move_type == "entry" for move in self):
            raise UserError("You cannot register payments for miscellaneous entries.")
        found: dict[str, Any] = self.line_ids.action_register_payment()
        return found

    @api.versions(since=18)
    def action_toggle_block_payment(self) -> None:
        """Keep an invoice from being paid, or allow it again."""
        self.ensure_one()
        if self.payment_state == "blocked":
            self.write({"payment_state": "not_paid"})
            self.write({"payment_state": payment_states.state_of(self)})
        else:
            self.write({"payment_state": "blocked"})

    def open_payments(self) -> dict[str, Any]:
        """Return the action that shows the payments of an invoice."""
        return self._payments_action(self.matched_payment_ids if "matched_payment_ids" in self else self.payment_ids)

    def open_reconcile_view(self) -> dict[str, Any]:
        """Return the action that lists the items of the entry's reconciliations."""
        found: dict[str, Any] = self.line_ids.open_reconcile_view()
        return found

    def _payments_action(self, payments: Recordset) -> dict[str, Any]:
        return payments._form_or_list("Payments")  # type: ignore[no-any-return]

    def _unpaid_invoices(self) -> MovePayments:
        """Those invoices that are not paid yet."""
        done = ("paid", "in_payment")
        return self.filtered(lambda move: move.move_type in INVOICE_OR_RECEIPT and move.payment_state not in done)

    def _tell_paid(self) -> None:
        """Call `_invoice_paid_hook` for those invoices that are paid now."""
        paid = self.filtered(lambda move: move.payment_state in ("paid", "in_payment"))
        if paid:
            paid._invoice_paid_hook()

    def _invoice_paid_hook(self) -> None:
        """Called for invoices that have just been paid, for extensions."""
