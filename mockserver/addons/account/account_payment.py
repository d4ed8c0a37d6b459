"""account.payment: a payment and what it proposes: journal, method, accounts, currency.

Until 17 a payment is also an entry (`_inherits`) and shares its number and state; since 18 it has its own, and its
entry is made when it is confirmed.
Source: recorded in flow-payment-1 and flow-currency-1 (17.0–19.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.account import payment_lines, payment_methods
from mockserver.errors import UserError, ValidationError
from mockserver.orm.records.recordset import Recordset


class Payment(models.Model):
    _inherit = "account.payment"
    _since = 13

    # -- proposals

    @api.versions(since=18)
    def _default_date(self) -> str:
        return self.env.db.clock.today().isoformat()

    @api.versions(since=18)
    def _compute_company_id(self) -> None:
        for payment in self:
            payment.company_id = payment.journal_id.company_id or payment.company_id or self.env.company

    @api.versions(since=18)
    def _compute_journal_id(self) -> None:
        """The journal of the partner's usual method, else the first bank or cash journal."""
        for payment in self:
            company = payment.company_id or self.env.company
            usual = payment_methods.usual_line(payment)
            if usual and usual.journal_id:
                payment.journal_id = usual.journal_id
            elif payment.journal_id and payment.journal_id.company_id == company:
                payment.journal_id = payment.journal_id
            else:
                payment.journal_id = payment_methods.first_journal(self.env, company)

    def _compute_available_journal_ids(self) -> None:
        for payment in self:
            company = payment.company_id or self.env.company
            payment.available_journal_ids = payment_methods.journals(self.env, company, payment.payment_type)

    def _compute_available_payment_method_line_ids(self) -> None:
        for payment in self:
            payment.available_payment_method_line_ids = payment_methods.lines_of(
                payment.journal_id, payment.payment_type
            )

    @api.versions(until=15)
    @api.depends("payment_type", "journal_id")
    def _compute_available_payment_method_ids(self) -> None:
        for payment in self:
            payment.available_payment_method_ids = payment_methods.methods_of(payment.journal_id, payment.payment_type)

    @api.versions(until=15)
    def _compute_hide_payment_method(self) -> None:
        for payment in self:
            payment.hide_payment_method = payment_methods.only_manual(payment.available_payment_method_ids)

    @api.depends("available_payment_method_line_ids", "journal_id", "payment_type")
    def _compute_payment_method_line_id(self) -> None:
        """The method that was chosen if the journal has it; else the partner's usual one, else the first."""
        for payment in self:
            lines, usual = payment.available_payment_method_line_ids, payment_methods.usual_line(payment)
            if usual and usual in lines:
                payment.payment_method_line_id = usual
            elif payment.payment_method_line_id in lines:
                payment.payment_method_line_id = payment.payment_method_line_id
            else:
                payment.payment_method_line_id = lines[:1]

    @api.versions(until=15)
    @api.depends("payment_type", "journal_id")
    def _compute_payment_method_id(self) -> None:
        for payment in self:
            methods = payment.available_payment_method_ids
            known = payment.payment_method_id in methods
            payment.payment_method_id = payment.payment_method_id if known else methods[:1]

    @api.depends("journal_id")
    def _compute_currency_id(self) -> None:
        for payment in self:
            journal = payment.journal_id
            payment.currency_id = journal.currency_id or (journal.company_id or self.env.company).currency_id

    def _compute_is_internal_transfer(self) -> None:
        for payment in self:
            own = payment.partner_id and payment.partner_id == payment.journal_id.company_id.partner_id
            aim = "destination_journal_id"
            payment.is_internal_transfer = bool(own and (aim not in payment or payment[aim]))

    @api.versions(until=17)
    @api.depends("is_internal_transfer")
    def _compute_partner_id(self) -> None:
        """The company itself for a transfer between its journals."""
        for payment in self:
            own = payment.journal_id.company_id.partner_id
            partner = payment.partner_id
            payment.partner_id = own if payment.is_internal_transfer else partner - own

    @api.versions(since=18, until=18, name="_compute_partner_id")
    def _compute_partner_id_18(self) -> None:
        for payment in self:
            payment.partner_id = payment.partner_id - payment.journal_id.company_id.partner_id

    def _compute_available_partner_bank_ids(self) -> None:
        for payment in self:
            payment.available_partner_bank_ids = payment_methods.banks(payment)

    def _compute_partner_bank_id(self) -> None:
        for payment in self:
            banks = payment.available_partner_bank_ids
            known = payment.partner_bank_id in banks
            payment.partner_bank_id = payment.partner_bank_id if known else banks[:1]

    @api.versions(until=17)
    @api.depends("journal_id", "payment_type", "payment_method_line_id")
    def _compute_outstanding_account_id(self) -> None:
        for payment in self:
            payment.outstanding_account_id = payment_methods.outstanding_account(payment)

    @api.versions(since=18, name="_compute_outstanding_account_id")
    @api.depends("payment_method_line_id")
    def _compute_outstanding_account_id_18(self) -> None:
        for payment in self:
            payment.outstanding_account_id = payment.payment_method_line_id.payment_account_id

    @api.depends("journal_id", "partner_id", "partner_type")
    def _compute_destination_account_id(self) -> None:
        """The partner's receivable or payable account; that of transfers for a transfer."""
        for payment in self:
            payment.destination_account_id = payment_methods.destination_account(payment)

    # -- what became of it

    @api.computes("is_reconciled", "is_matched")
    def _compute_reconciliation_status(self) -> None:
        for payment in self:
            payment.is_reconciled, payment.is_matched = payment_lines.status(payment)

    @api.computes(
        "reconciled_invoice_ids", "reconciled_invoices_count", "reconciled_invoices_type", "reconciled_bill_ids",
        "reconciled_bills_count", "reconciled_statement_line_ids", "reconciled_statement_lines_count",
        "reconciled_statement_ids", "reconciled_statements_count",
    )  # fmt: skip
    def _compute_stat_buttons_from_reconciliation(self) -> None:
        for payment in self:
            found = payment_lines.reconciled_with(payment)
            for name, value in found.items():
                if name in payment:
                    payment[name] = value

    def _compute_amount_signed(self) -> None:
        for payment in self:
            payment.amount_signed = -payment.amount if payment.payment_type == "outbound" else payment.amount

    @api.depends("amount", "payment_type", "move_id.line_ids.balance", "currency_id")
    def _compute_amount_company_currency_signed(self) -> None:
        for payment in self:
            payment.amount_company_currency_signed = payment_lines.company_amount(payment)

    @api.computes("show_partner_bank_account", "require_partner_bank_account")
    def _compute_show_require_partner_bank(self) -> None:
        for payment in self:
            journal = payment.journal_id
            payment.show_partner_bank_account = bool(journal) and journal.type != "cash"
            payment.require_partner_bank_account = False

    def _compute_qr_code(self) -> None:
        for payment in self:
            payment.qr_code = False

    def _compute_duplicate_payment_ids(self) -> None:
        """Other payments of the partner of that day and amount."""
        for payment in self:
            payment.duplicate_payment_ids = payment_methods.duplicates(payment)

    def _compute_payment_receipt_title(self) -> None:
        for payment in self:
            payment.payment_receipt_title = "Payment Receipt"

    def _compute_display_name(self) -> None:
        for payment in self:
            payment.display_name = payment.name if payment.name and payment.name != "/" else "Draft Payment"

    # -- guards

    @api.constrains("payment_method_line_id", "payment_method_id", "journal_id")
    def _check_payment_method_line_id(self) -> None:
        name = "payment_method_line_id" if "payment_method_line_id" in self else "payment_method_id"
        for payment in self:
            method: Recordset = payment[name]
            if not method:
                raise ValidationError(self.env.db.profile.rules.payment_method_missing_text)
            if name == "payment_method_line_id" and method.journal_id and method.journal_id != payment.journal_id:
                raise ValidationError(
                    "The selected payment method is not available for this payment, please select the payment method"
                    " again."
                )

    # -- what is shown of it

    def button_open_invoices(self) -> dict[str, Any]:
        """Return the action that shows the invoices that the payment was reconciled with."""
        return _form_or_list(self.reconciled_invoice_ids.with_context(create=False), "Paid Invoices")

    def button_open_bills(self) -> dict[str, Any]:
        """Return the action that shows the bills that the payment was reconciled with."""
        return _form_or_list(self.reconciled_bill_ids.with_context(create=False), "Paid Bills")

    def button_open_statement_lines(self) -> dict[str, Any]:
        """Return the action that shows the bank statement lines that the payment was reconciled with."""
        return _form_or_list(self.reconciled_statement_line_ids, "Matched Transactions")

    def button_open_journal_entry(self) -> dict[str, Any]:
        """Return the action that shows the entry."""
        self.ensure_one()
        return {"name": "Journal Entry", "type": "ir.actions.act_window", "res_model": "account.move",
                "context": {"create": False}, "view_mode": "form", "res_id": self.move_id.id}  # fmt: skip

    def _form_or_list(self, name: str) -> dict[str, Any]:
        return _form_or_list(self, name)

    @api.versions(since=16, until=17)
    def action_open_destination_journal(self) -> dict[str, Any]:
        """Return the action that shows the journal that an internal transfer goes to."""
        self.ensure_one()
        return {"name": "Destination journal", "type": "ir.actions.act_window", "res_model": "account.journal",
                "context": {"create": False}, "view_mode": "form", "target": "new",
                "res_id": self.destination_journal_id.id}  # fmt: skip

    def mark_as_sent(self) -> None:
        """Note that the payment was sent."""
        self.write({"is_move_sent" if "is_move_sent" in self else "is_sent": True})

    def unmark_as_sent(self) -> None:
        """Note that the payment was not sent."""
        self.write({"is_move_sent" if "is_move_sent" in self else "is_sent": False})

    @api.versions(since=17)
    def button_request_cancel(self) -> Any:
        """Ask for the cancellation of the entry."""
        return self.move_id.button_request_cancel()

    def _is_trusted(self) -> None:
        """Raise UserError for a payment to a bank account that must be validated first."""
        for payment in self:
            if payment.require_partner_bank_account and not payment.partner_bank_id.allow_out_payment:
                method = payment.payment_method_line_id.name
                raise UserError(
                    f"To record payments with {method}, the recipient bank account must be manually validated. "
                    f"You should go on the partner bank account of {payment.partner_id.display_name} in order to"
                    " validate it."
                )


def _form_or_list(records: Recordset, name: str) -> dict[str, Any]:
    action: dict[str, Any] = {
        "name": name,
        "type": "ir.actions.act_window",
        "res_model": records._name,
        "context": {"create": False},
    }
    if len(records) == 1:
        return {**action, "view_mode": "form", "res_id": records.id}
    view = records.env.db.profile.rules.list_view
    return {**action, "view_mode": f"{view},form", "domain": [["id", "in", records.ids]]}
