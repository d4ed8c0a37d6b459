"""account.payment until 12.0: payments that make a journal entry when posted, and settle their invoices with it.

Inferred: 12.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.account_invoices.kinds import INBOUND, SALE
from mockserver.addons.account_invoices.reconciling import amounts
from mockserver.errors import UserError, ValidationError

if TYPE_CHECKING:
    from typing_extensions import Self

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


def total_due(invoices: Any, currency: Any, day: Any) -> float:
    """Return what is open of invoices in a currency: positive where it is received."""
    total = 0.0
    for invoice in invoices:
        sign = 1 if invoice.type in INBOUND else -1
        amount = invoice.residual
        if invoice.currency_id != currency:
            amount = invoice.currency_id._convert(amount, currency, invoice.company_id, str(day))
        total += sign * amount
    return float(currency.round(total)) if currency else total


def of_invoices(invoices: Any) -> dict[str, Any]:
    """Return the values of a payment of invoices that belong together."""
    first = invoices[:1]
    total = total_due(invoices, first.currency_id, first.env.db.clock.today())
    return {
        "amount": abs(total),
        "currency_id": first.currency_id.id,
        "payment_type": "inbound" if total > 0 else "outbound",
        "partner_id": first.commercial_partner_id.id,
        "partner_type": "customer" if first.type in SALE else "supplier",
        "communication": first.reference or first.name or first.number,
        "invoice_ids": [(6, 0, invoices.ids)],
    }


class Payment(models.Model):
    _inherit = "account.payment"
    _until = 12

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create payments; those of invoices that the context names have their amount, partner and so on."""
        several = [vals_list] if isinstance(vals_list, Mapping) else list(vals_list)
        made: Self = super().create([{**self._of_context(), **vals} for vals in several])
        return made

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
            payment.hide_payment_method = _hides_method(payment)

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


def difference(payment: Any) -> float:
    """Return what the invoices of a payment leave open: positive where too little is paid."""
    invoices = payment.invoice_ids
    if not invoices:
        return 0.0
    total = total_due(invoices, payment.currency_id, payment.payment_date)
    sign = 1 if payment.payment_type == "inbound" else -1
    return float(payment.currency_id.round(sign * total - payment.amount))


def _hides_method(payment: Any) -> bool:
    journal = payment.journal_id
    if not journal:
        return True
    name = "inbound" if payment.payment_type == "inbound" else "outbound"
    methods = journal[f"{name}_payment_method_ids"]
    return len(methods) == 1 and methods.code == "manual"


def _ids(command: Any) -> tuple[int, ...]:
    """Return the ids that a command of a relation names, or the id itself."""
    if isinstance(command, int):
        return (command,)
    if command[0] == 4:
        return (command[1],)
    return tuple(command[2]) if command[0] == 6 else ()


class RegisterPayments(models.TransientModel):
    """The wizard for the payments of several invoices."""

    _inherit = "account.register.payments"

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create wizards, with what follows from the invoices that the context names."""
        several = [vals_list] if isinstance(vals_list, Mapping) else list(vals_list)
        made: Self = super().create([{**self._of_context(), **vals} for vals in several])
        return made

    @api.model
    def default_get(self, fields_list: Any) -> dict[str, Any]:
        """Return the defaults, with what follows from the invoices that the context names."""
        of_context = {name: value for name, value in self._of_context().items() if name in fields_list}
        return {**super().default_get(fields_list), **of_context}

    def _of_context(self) -> dict[str, Any]:
        """Return the values that follow from the invoices that the context names, which must be open."""
        invoices = self.env["account.invoice"].browse(self.env.context.get("active_ids") or ())
        if not invoices or self.env.context.get("active_model", "account.invoice") != "account.invoice":
            return {}
        if any(invoice.state != "open" for invoice in invoices):
            raise UserError("You can only register payments for open invoices")
        if len(invoices.currency_id) > 1:
            raise UserError("In order to pay multiple invoices at once, they must use the same currency.")
        values = {**of_invoices(invoices), "multi": len(_groups(invoices)) > 1}
        values["communication"] = " ".join(
            str(text) for invoice in invoices if (text := invoice.reference or invoice.number)
        )
        return values

    def _compute_hide_payment_method(self) -> None:
        for wizard in self:
            wizard.hide_payment_method = _hides_method(wizard)

    def _compute_payment_difference(self) -> None:
        for wizard in self:
            wizard.payment_difference = difference(wizard)

    def _compute_show_communication_field(self) -> None:
        for wizard in self:
            wizard.show_communication_field = len(wizard.invoice_ids) == 1 or wizard.group_invoices

    def create_payments(self) -> dict[str, Any]:
        """Post a payment for each partner and account of the invoices; return the action that lists them."""
        payments = self.env["account.payment"].create(self._values_of_payments())
        payments.post()
        return {
            "name": "Payments",
            "domain": [["id", "in", payments.ids], ["state", "=", "posted"]],
            "view_type": "form",
            "view_mode": "tree,form",
            "res_model": "account.payment",
            "view_id": False,
            "type": "ir.actions.act_window",
        }

    def _values_of_payments(self) -> list[dict[str, Any]]:
        invoices = self.invoice_ids or self.env["account.invoice"].browse(self.env.context.get("active_ids") or ())
        single = "group_invoices" in self and not self.group_invoices and self.multi
        groups = [one for group in _groups(invoices) for one in (list(group) if single else [group])]
        chosen = {
            "journal_id": self.journal_id.id,
            "payment_method_id": self.payment_method_id.id,
            "payment_date": str(self.payment_date),
        }
        values = []
        for group in groups:
            own = {**of_invoices(group), **chosen}
            if len(groups) == 1:
                own |= {
                    "amount": self.amount, "currency_id": self.currency_id.id, "communication": self.communication,
                    "payment_difference_handling": self.payment_difference_handling,
                    "writeoff_account_id": self.writeoff_account_id.id, "writeoff_label": self.writeoff_label,
                }  # fmt: skip
            values.append(own)
        return values


def _groups(invoices: Any) -> list[Any]:
    """Return invoices by partner, account and kind."""
    found: dict[Any, Any] = {}
    for invoice in invoices:
        key = (invoice.commercial_partner_id, invoice.account_id, invoice.type in SALE, invoice.partner_bank_id)
        found[key] = found.get(key, invoices.browse()) | invoice
    return list(found.values())


class InvoicePayments(models.Model):
    """What payments do to invoices."""

    _inherit = "account.invoice"

    def register_payment(
        self, payment_line: Any, writeoff_acc_id: Any = False, writeoff_journal_id: Any = False
    ) -> Any:
        """Reconcile what is open of invoices with an item."""
        open_lines = self._due_lines().filtered(lambda line: not line.reconciled)
        lines = open_lines | payment_line
        lines = lines.filtered(lambda line: line.account_id == payment_line[:1].account_id)
        return lines.reconcile(writeoff_acc_id, writeoff_journal_id) if len(lines) > 1 else True

    def assign_outstanding_credit(self, credit_aml_id: int) -> Any:
        """Reconcile an open item with the invoice."""
        self.ensure_one()
        line = self.env["account.move.line"].browse(credit_aml_id)
        if line.payment_id:
            line.payment_id.write({"invoice_ids": [(4, self.id, 0)]})
        return self.register_payment(line)

    def pay_and_reconcile(
        self, pay_journal: Any, pay_amount: float | None = None, date: Any = None, writeoff_acc: Any = None
    ) -> bool:
        """Post a payment of an invoice by a journal, in full unless an amount is given; return True."""
        journal = self.env["account.journal"].browse(pay_journal if isinstance(pay_journal, int) else pay_journal.id)
        for invoice in self:
            inbound = invoice.type in INBOUND
            methods = journal.inbound_payment_method_ids if inbound else journal.outbound_payment_method_ids
            values: Mapping[str, Any] = {
                **of_invoices(invoice),
                "amount": pay_amount or invoice.residual,
                "journal_id": journal.id,
                "payment_date": str(date or self.env.db.clock.today()),
                "payment_method_id": methods[:1].id,
                "payment_difference_handling": "reconcile" if writeoff_acc else "open",
                "writeoff_account_id": writeoff_acc if isinstance(writeoff_acc, int) or not writeoff_acc
                else writeoff_acc.id,
            }  # fmt: skip
            self.env["account.payment"].create(values).post()
        return True
