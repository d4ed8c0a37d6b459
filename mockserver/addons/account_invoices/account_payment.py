"""account.payment until 12.0: payments that make a journal entry when posted, and settle their invoices with it.

Inferred: 12.0.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.account_invoices.due import difference, hides_method, of_invoices
from mockserver.addons.account_invoices.reconciling import amounts
from mockserver.errors import UserError, ValidationError

_SEQUENCES = {
    ("customer", "inbound"): "account.payment.customer.invoice",
    ("customer", "outbound"): "account.payment.customer.refund",
    ("supplier", "inbound"): "account.payment.supplier.refund",
    ("supplier", "outbound"): "account.payment.supplier.invoice",
}
_TITLES = {
    ("customer", "inbound"): "Customer Payment",
    ("customer", "outbound"): "Customer Credit Note",
    ("supplier", "inbound"): "Vendor Credit Note",
    ("supplier", "outbound"): "Vendor Payment",
}
DRAFT_NAME = "Draft Payment"


class Payment(models.Model):
    _inherit = "account.payment"
    _until = 12

    @api.model
    def default_get(self, fields_list: Any) -> dict[str, Any]:
        """Return the defaults, with those of the invoices that the context names."""
        of_context = {name: value for name, value in self._of_context().items() if name in fields_list}
        return {**super().default_get(fields_list), **of_context}

    def _of_context(self) -> dict[str, Any]:
        """Return the values that follow from the invoices that the context names."""
        context = self.env.context
        ids = [id_ for command in context.get("default_invoice_ids") or () for id_ in _ids(command)]
        if not ids and context.get("active_model") == "account.invoice":
            ids = list(context.get("active_ids") or ())
        invoices = self.env["account.invoice"].browse(ids)
        return {**of_invoices(invoices), "partner_id": invoices[:1].partner_id.id} if invoices else {}

    def _default_currency_id(self) -> Any:
        return self.env.company.currency_id

    @api.versions(since=12)
    def _compute_display_name(self) -> None:
        for payment in self:
            payment.display_name = payment.name or DRAFT_NAME

    def _compute_has_invoices(self) -> None:
        for payment in self:
            payment.has_invoices = bool(payment.invoice_ids)

    def _compute_hide_payment_method(self) -> None:
        for payment in self:
            payment.hide_payment_method = hides_method(payment)

    def _compute_payment_difference(self) -> None:
        for payment in self:
            payment.payment_difference = difference(payment)

    def _compute_move_reconciled(self) -> None:
        """Whether nothing is open of the payment's items on accounts that are reconciled."""
        for payment in self:
            lines = payment.move_line_ids.filtered(lambda line: bool(line.account_id.reconcile))
            payment.move_reconciled = all(line.reconciled for line in lines)

    def _compute_reconciled_invoice_ids(self) -> None:
        for payment in self:
            partials = payment.move_line_ids.matched_debit_ids | payment.move_line_ids.matched_credit_ids
            payment.reconciled_invoice_ids = (partials.debit_move_id | partials.credit_move_id).invoice_id

    def _compute_destination_account_id(self) -> None:
        """The account that the invoices are due on, or that of the partner."""
        for payment in self:
            partner = payment.partner_id
            if payment.invoice_ids:
                account = payment.invoice_ids[:1].account_id
            elif payment.payment_type == "transfer":
                account = payment.company_id.transfer_account_id
            elif payment.partner_type == "customer":
                account = partner.property_account_receivable_id
            else:
                account = partner.property_account_payable_id
            payment.destination_account_id = account

    def unlink(self) -> bool:
        """Delete payments that never were posted; return True."""
        if any(payment.move_line_ids for payment in self):
            raise UserError("You cannot delete a payment that is already posted.")
        if any(payment.move_name for payment in self):
            raise UserError("It is not allowed to delete a payment that already created a journal entry since it would"
                            " create a gap in the numbering. You should create the journal entry again and cancel it"
                            " thanks to a regular revert.")  # fmt: skip
        return super().unlink()

    # -- states

    def post(self) -> bool:
        """Give drafts a number and a journal entry, and settle their invoices; return True."""
        for payment in self:
            if payment.state != "draft":
                raise UserError(self.env.db.profile.rules.payment_posted_text.format(state=payment.state))
            if any(invoice.state != "open" for invoice in payment.invoice_ids):
                raise ValidationError("The payment cannot be processed because the invoice is not open!")
            if not payment.name or payment.name == DRAFT_NAME:
                payment.name = payment._next_number()
            move = payment._post_entry()
            payment.write({"state": "posted", "move_name": move.name})
        return True

    def _next_number(self) -> str:
        transfer = self.payment_type == "transfer"
        code = "account.payment.transfer" if transfer else _SEQUENCES.get((self.partner_type, self.payment_type), "")
        sequences = self.env["ir.sequence"].sudo().with_context(ir_sequence_date=str(self.payment_date))
        number: str | bool = sequences.next_by_code(code)
        if not number:
            raise UserError(f"You have to define a sequence for {code} in your company.")
        return str(number)

    def action_validate_invoice_payment(self) -> bool:
        """Post the payment of one invoice."""
        if any(len(payment.invoice_ids) != 1 for payment in self):
            raise UserError("This method should only be called to process a single invoice's payment.")
        return self.post()

    @api.versions(since=12)
    def action_draft(self) -> bool:
        """Make cancelled payments drafts."""
        return bool(self.write({"state": "draft"}))

    def unreconcile(self) -> bool:
        """Make payments that a bank statement confirmed posted ones, and undo their reconciliation."""
        for payment in self.filtered(lambda payment: payment.state == "reconciled"):
            payment.move_line_ids.remove_move_reconcile()
            payment.write({"state": "posted"})
        return True

    def cancel(self) -> bool:
        """Cancel payments and delete their journal entries; return True."""
        for payment in self:
            for move in payment.move_line_ids.move_id:
                if payment.invoice_ids:
                    move.line_ids.remove_move_reconcile()
                move.button_cancel()
                move.unlink()
            payment.write({"state": self.env.db.profile.rules.cancelled_payment_state, "move_name": False})
        return True

    # -- the journal entry

    def _post_entry(self) -> Any:
        """Post the entry of the payment, settle the invoices with it, and return it."""
        received = self.payment_type == "inbound"
        company, currency = self.company_id.currency_id, self.currency_id
        foreign = currency != company
        signed = self.amount if not received else -self.amount
        day = str(self.payment_date)
        own = currency._convert(signed, company, self.company_id, day) if foreign else signed
        common: dict[str, Any] = {
            "partner_id": self.partner_id.commercial_partner_id.id,
            "payment_id": self.id,
            "currency_id": currency.id if foreign else False,
        }
        due = {**common, **amounts(own), "name": self._due_name(), "account_id": self.destination_account_id.id,
               "amount_currency": signed if foreign else 0.0}  # fmt: skip
        items = [due, *self._write_off_items(common, due, foreign)]
        left = -sum(item["debit"] - item["credit"] for item in items)
        items.append(
            {**common, **amounts(left), "name": self.name, "account_id": self._money_account().id,
             "amount_currency": -signed if foreign else 0.0}
        )  # fmt: skip
        move = self.env["account.move"].create(
            {"date": day, "ref": self.communication or "", "journal_id": self.journal_id.id,
             "line_ids": [(0, 0, item) for item in items]}
        )  # fmt: skip
        move.post()
        settled = move.line_ids.filtered(lambda line: line.account_id == self.destination_account_id)
        self.invoice_ids.register_payment(settled)
        return move

    def _due_name(self) -> str:
        if self.payment_type == "transfer":
            return str(self.name)
        title = _TITLES.get((self.partner_type, self.payment_type), "")
        numbers = [str(invoice.number) for invoice in self.invoice_ids if invoice.move_id]
        return f"{title}: {', '.join(numbers)}" if numbers else title

    def _write_off_items(self, common: dict[str, Any], due: dict[str, Any], foreign: bool) -> list[dict[str, Any]]:
        """Return the item of a difference that is written off; what settles the invoices grows by it."""
        left = difference(self)
        if self.payment_difference_handling != "reconcile" or not left:
            return []
        company, currency = self.company_id.currency_id, self.currency_id
        sign = 1 if self.payment_type == "inbound" else -1
        amount = sign * left
        own = currency._convert(amount, company, self.company_id, str(self.payment_date)) if foreign else amount
        due |= amounts(due["debit"] - due["credit"] - own)
        if foreign:
            due["amount_currency"] -= amount
        return [
            {**common, **amounts(own), "name": self.writeoff_label, "account_id": self.writeoff_account_id.id,
             "amount_currency": amount if foreign else 0.0}
        ]  # fmt: skip

    def _money_account(self) -> Any:
        journal = self.journal_id
        pays = self.payment_type in ("outbound", "transfer")
        return journal.default_debit_account_id if pays else journal.default_credit_account_id


def _ids(command: Any) -> tuple[int, ...]:
    """Return the ids that a command of a relation names, or the id itself."""
    if isinstance(command, int):
        return (command,)
    if command[0] == 4:
        return (command[1],)
    return tuple(command[2]) if command[0] == 6 else ()
