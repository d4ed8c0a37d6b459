"""account.payment since 18: a payment has a number and a state of its own, and gets its entry when it is confirmed.

Source: recorded in flow-payment-1 (18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.account import account_kinds, payment_lines, payment_methods
from mockserver.addons.account.account_payment_entry import EXTRAS, SYNCHRONISED
from mockserver.errors import ValidationError

if TYPE_CHECKING:
    from typing_extensions import Self

DRAFT, IN_PROCESS, PAID, CANCELED, REJECTED = "draft", "in_process", "paid", "canceled", "rejected"


class PaymentStates(models.Model):
    _inherit = "account.payment"
    _since = 13

    @api.versions(since=18)
    @api.depends("move_id.name", "state")
    def _compute_name(self) -> None:
        """The number of the entry, once the payment is confirmed; it stays."""
        for payment in self:
            name = payment.name
            if not name and payment.state in (IN_PROCESS, PAID):
                name = payment.move_id.name if payment.move_id else None
                name = name or self.env["ir.sequence"].sudo().next_by_code("account.payment", payment.date)
            payment.name = name if name != "/" else False

    @api.versions(since=18)
    @api.depends(
        "invoice_ids.payment_state", "move_id.line_ids.amount_residual",
        "move_id.line_ids.matched_debit_ids.debit_move_id.move_id.payment_state",
        "move_id.line_ids.matched_credit_ids.credit_move_id.move_id.payment_state",
    )  # fmt: skip
    def _compute_state(self) -> None:
        """Paid when the bank statement has the payment, or when every invoice that it is for is paid."""
        matched = "reconciled_payment_ids" in self.env["account.move"]
        for payment in self:
            state = payment.state or DRAFT
            if payment.move_id and state in (PAID, IN_PROCESS):
                liquidity = payment_lines.parts(payment).liquidity
                open_ = sum(liquidity.mapped("amount_residual"))
                done = payment.company_id.currency_id.is_zero(open_)
                state = PAID if done or not any(account.reconcile for account in liquidity.account_id) else IN_PROCESS
            if state == IN_PROCESS:
                documents = payment.invoice_ids
                found = payment_lines.reconciled_with(payment) if matched else {}
                if found:
                    documents |= found["reconciled_invoice_ids"] | found["reconciled_bill_ids"]
                if documents and all(move.payment_state == PAID for move in documents):
                    state = PAID
            payment.state = state

    @api.versions(since=18)
    @api.constrains("state", "move_id")
    def _check_move_id(self) -> None:
        for payment in self:
            if payment.state not in (DRAFT, CANCELED) and not payment.move_id and payment.outstanding_account_id:
                raise ValidationError(
                    "A payment with an outstanding account cannot be confirmed without having a journal entry."
                )

    @api.model(since=18)
    def create(self, vals_list: Any) -> Self:
        """Create payments; one with items of its own, or a balance, gets its entry at once."""
        several = [vals_list] if isinstance(vals_list, Mapping) else list(vals_list)
        extras = [{name: vals[name] for name in (*EXTRAS, "line_ids") if name in vals} for vals in several]
        plain = [
            {name: value for name, value in vals.items() if name not in EXTRAS and name != "line_ids"}
            for vals in several
        ]
        payments: Self = super().create(plain)
        for payment, extra in zip(payments, extras, strict=True):
            if not payment.outstanding_account_id:
                account = payment_methods.default_outstanding_account(payment)
                if account:
                    payment.write({"outstanding_account_id": account.id})
            if any(value is not None for value in extra.values()):
                payment._generate_journal_entry(**extra)
        return payments

    def _generate_journal_entry(
        self, write_off_line_vals: Any = None, force_balance: float | None = None, line_ids: Any = None
    ) -> None:
        """Make the entries, as drafts, of payments that have an outstanding account."""
        for payment in self.filtered(lambda payment: bool(payment.outstanding_account_id)):
            made = payment_lines.values(payment, list(write_off_line_vals or ()), force_balance)
            move = self.env["account.move"].with_context(skip_invoice_sync=True).create(
                {
                    "move_type": "entry",
                    "ref": payment.memo,
                    "date": payment.date,
                    "journal_id": payment.journal_id.id,
                    "company_id": payment.company_id.id,
                    "partner_id": payment.partner_id.id,
                    "currency_id": payment.currency_id.id,
                    "partner_bank_id": payment.partner_bank_id.id,
                    "line_ids": line_ids or [(0, 0, vals) for vals in made],
                    "origin_payment_id": payment.id,
                }
            )  # fmt: skip
            payment.write({"move_id": move.id})

    @api.versions(since=18)
    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change payments; one that is confirmed gets its entry, which is posted."""
        if vals.get("state") in (IN_PROCESS, PAID) and not vals.get("move_id"):
            self.filtered(lambda payment: not payment.move_id)._generate_journal_entry()
            drafts = self.move_id.filtered(lambda move: move.state == "draft")
            if drafts:
                drafts.action_post()
        super().write(vals)
        if SYNCHRONISED & set(vals):
            rewritten = not self.env.db.profile.rules.posted_payment_entry_kept
            for payment in self.exists():
                if payment.move_id and (rewritten or payment.move_id.state == "draft"):
                    payment_lines.synchronise(payment)
        return True

    @api.versions(since=18)
    def unlink(self) -> bool:
        """Delete payments and their entries."""
        moves = self.exists().move_id
        moves.filtered(lambda move: move.state != "draft").button_draft()
        moves.with_context(force_delete=True).unlink()
        self.exists()._check_move_id()
        return super().unlink()

    @api.versions(since=18, name="_moved_values")
    def _moved_values_18(self) -> dict[str, Any]:
        moved = self.journal_id != self.move_id.journal_id
        return {"date": self.date, **({"name": "/", "journal_id": self.journal_id.id} if moved else {})}

    @api.versions(since=18)
    def action_post(self) -> None:
        """Confirm the payments: their entries are made and posted."""
        self._is_trusted()
        cash = self.filtered(
            lambda payment: account_kinds.kind(payment.outstanding_account_id) == account_kinds.LIQUIDITY
        )
        if cash:
            cash.write({"state": PAID})
        others = self.filtered(lambda payment: payment.state in (False, DRAFT, IN_PROCESS))
        if others:
            others.write({"state": IN_PROCESS})

    @api.versions(since=18)
    def action_validate(self) -> None:
        """Mark the payments as paid."""
        self.write({"state": PAID})

    @api.versions(since=18)
    def action_reject(self) -> None:
        """Mark the payments as rejected."""
        self.write({"state": REJECTED})

    @api.versions(since=18)
    def action_cancel(self) -> None:
        """Cancel the payments and their entries; entries that are drafts are deleted."""
        self.write({"state": CANCELED})
        moves = self.move_id
        drafts = moves.filtered(lambda move: move.state == "draft")
        if moves - drafts:
            (moves - drafts).button_cancel()
        drafts.unlink()

    @api.versions(since=18)
    def action_draft(self) -> None:
        """Make drafts of the payments and their entries again."""
        self.write({"state": DRAFT})
        if self.move_id:
            self.move_id.button_draft()
