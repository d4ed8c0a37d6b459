"""account.payment.register: creates the payments, posts them and reconciles them with the items.

Source: recorded in flow-payment-1, flow-currency-1, flow-invoice-2 and flow-random-invoice-1 (17.0–19.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.account import account_kinds, early_discount, payment_batches, payment_lines, payment_methods
from mockserver.addons.account.payment_batches import Batch
from mockserver.orm.records.recordset import Recordset
from mockserver.orm.writing.rows import write_rows


class PaymentRegisterCreation(models.TransientModel):
    _inherit = "account.payment.register"
    _since = 13

    def action_create_payments(self) -> Any:
        """Create the payments, and return the action that shows them."""
        payments = self._create_payments()
        if self.env.context.get("dont_redirect_to_payments"):
            return True
        return payments._form_or_list("Payments")

    def _title(self) -> str:
        return self.env.db.profile.rules.payment_wizard_title

    def _create_payments(self) -> Recordset:
        self.ensure_one()
        batches = self._batches()
        edited = self.can_edit_wizard and (len(batches[0].lines) == 1 or self.group_payment)
        if edited:
            made = [(batches[0], self._values_of_wizard(batches[0]))]
        else:
            parts = batches if self.group_payment else self._single_batches(batches)
            made = [(batch, self._values_of_batch(batch)) for batch in parts]
        payments: Recordset = self.env["account.payment"].create([vals for _, vals in made])
        if edited:
            self._correct_balance(payments, batches[0])
        payments.action_post()
        for payment, (batch, _) in zip(payments, made, strict=True):
            _reconcile(payment, batch.lines)
        return payments

    @api.versions(until=17)
    def _single_batches(self, batches: list[Batch]) -> list[Batch]:
        return payment_batches.one_by_one(batches)

    @api.versions(since=18, name="_single_batches")
    def _single_batches_18(self, batches: list[Batch]) -> list[Batch]:
        """One batch for each document, with the items that are proposed."""
        found = self._totals() if self.installments_mode in ("overdue", "next", "before_date") else None
        wanted: Recordset = found.lines if found else self.line_ids
        return payment_batches.one_by_one(batches, wanted)

    def _values_of_wizard(self, batch: Batch) -> dict[str, Any]:
        """Return the values of the payment as the wizard shows it."""
        values = {
            "date": self.payment_date,
            "amount": self.amount,
            "payment_type": self.payment_type,
            "partner_type": self.partner_type,
            self._memo_field(): self.communication,
            "journal_id": self.journal_id.id,
            "currency_id": self.currency_id.id,
            "partner_id": self.partner_id.id,
            "partner_bank_id": self.partner_bank_id.id,
            **self._method(self.payment_type),
            "destination_account_id": self.line_ids[0].account_id.id,
        }
        rules = self.env.db.profile.rules
        handled = self.payment_difference_handling == "reconcile"
        if not handled or (rules.drafts_payable and any(move.state == "draft" for move in batch.lines.move_id)):
            return values
        if "early_payment_discount_mode" in self and self.early_payment_discount_mode:
            lines = self._discounted(batch, self.currency_id)
            return {**values, "write_off_line_vals": self._discount_items(lines, self.payment_difference)}
        if not self.currency_id.is_zero(self.payment_difference):
            return {**values, **self._written_off(batch)}
        return values

    def _written_off(self, batch: Batch) -> dict[str, Any]:
        """Return the item of the difference; one on an account of exchange differences changes the balance instead."""
        company = self.company_id
        if "writeoff_is_exchange_account" in self and self.writeoff_is_exchange_account:
            if self.currency_id == company.currency_id:
                return {}
            return {"force_balance": sum(batch.lines.mapped("amount_residual"))}
        inbound = self.payment_type == payment_methods.INBOUND
        amount = self.payment_difference if inbound else -self.payment_difference
        item = {
            "name": self.writeoff_label,
            "account_id": self.writeoff_account_id.id,
            "partner_id": self.partner_id.id,
            "currency_id": self.currency_id.id,
            "amount_currency": amount,
            "balance": self.currency_id._convert(amount, company.currency_id, company, self.payment_date),
        }
        return {"write_off_line_vals": [item]}

    def _values_of_batch(self, batch: Batch) -> dict[str, Any]:
        """Return the values of a payment of a batch of its own."""
        currency = self.env["res.currency"].browse(batch.key.currency)
        amount, discounted = payment_batches.same_currency(batch, currency, self.payment_date)
        inbound = batch.payment_type == payment_methods.INBOUND
        values = {
            "date": self.payment_date,
            "amount": amount if discounted else batch.residual_currency,
            "payment_type": batch.payment_type,
            "partner_type": batch.key.partner_type,
            self._memo_field(): self._communication(batch.lines),
            "journal_id": self.journal_id.id,
            "currency_id": batch.key.currency,
            "partner_id": batch.key.partner or False,
            "partner_bank_id": self.journal_id.bank_account_id.id if inbound else batch.bank or False,
            **self._method(batch.payment_type),
            "destination_account_id": batch.lines[0].account_id.id,
        }
        if discounted:
            lines = self._discounted(batch, currency)
            left = batch.residual_currency - amount
            values["write_off_line_vals"] = self._discount_items(lines, left, batch.payment_type, currency)
        return values

    def _discounted(self, batch: Batch, currency: Recordset) -> list[Recordset]:
        return [line for line in batch.lines if early_discount.is_open(line.move_id, currency, self.payment_date)]

    def _discount_items(
        self, lines: list[Recordset], amount: float, payment_type: str = "", currency: Recordset | None = None
    ) -> list[dict[str, Any]]:
        """Return the items that book the discounts of open items, which come to an amount of the payment's currency."""
        sign = -1 if (payment_type or self.payment_type) == payment_methods.OUTBOUND else 1
        company, own = self.company_id, currency or self.currency_id
        balance = own._convert(sign * amount, company.currency_id, company, self.payment_date)
        return early_discount.writeoff(lines, balance)

    def _memo_field(self) -> str:
        return "memo" if "memo" in self.env["account.payment"] else "ref"

    def _method(self, payment_type: Any) -> dict[str, Any]:
        """Return the method of the payment: the chosen one, or the journal's first for the other direction."""
        if "payment_method_line_id" not in self:
            return {"payment_method_id": self.payment_method_id.id}
        line = self.payment_method_line_id
        if line.payment_type != payment_type:
            line = payment_methods.lines_of(self.journal_id, payment_type)[:1]
        return {"payment_method_line_id": line.id}

    def _correct_balance(self, payments: Recordset, batch: Batch) -> None:
        """Make the balance of a payment in another currency that of the items, if the rounded amounts are equal.

        0.12 of a currency at 0.01 pays 12.15: it stands for all that rounds to 0.12.
        """
        payment = payments[0]
        if payment.currency_id.id == batch.key.currency or not payment.move_id:
            return
        found = payment_lines.parts(payment)
        liquidity = found.liquidity[:1]
        rate = liquidity.amount_currency / liquidity.balance if liquidity and liquidity.balance else 0.0
        paid = abs(sum(found.counterpart.mapped("amount_currency")))
        delta = batch.residual - abs(sum(found.counterpart.mapped("balance")))
        if not payment.currency_id.is_zero(batch.residual * rate - paid) or self.company_id.currency_id.is_zero(delta):
            return
        lines = found.liquidity | found.counterpart
        debits, credits = lines.filtered(lambda ln: ln.debit > 0), lines.filtered(lambda ln: ln.credit > 0)
        if debits and credits:
            commands = [
                (1, debits[0].id, {"debit": debits[0].debit + delta}),
                (1, credits[0].id, {"credit": credits[0].credit + delta}),
            ]
            payment.move_id.with_context(skip_account_move_synchronization=True).write({"line_ids": commands})


def _reconcile(payment: Recordset, lines: Recordset) -> None:
    """Reconcile a payment with the items that it pays."""
    rules = payment.env.db.profile.rules
    if "invoice_ids" in payment._model.fields:
        write_rows(payment, {"invoice_ids": [(4, move.id) for move in lines.move_id]})
    allowed = ("posted", "draft") if rules.drafts_reconciled else ("posted",)
    own = payment.move_id.line_ids.filtered(
        lambda line: line.parent_state == "posted" and account_kinds.is_trade(line.account_id) and not line.reconciled
    )
    for account in own.account_id:
        paired = (own + lines).filtered(
            lambda line, account=account: (
                line.account_id == account and not line.reconciled and line.parent_state in allowed
            )
        )
        paired.reconcile()
