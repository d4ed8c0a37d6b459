"""account.invoice: from draft to open, paid and cancelled, and the journal entry that is made on the way.

Inferred: 12.0; what 11.0 does not check is left out there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mockserver import api, models
from mockserver.addons.account_invoices.kinds import direction
from mockserver.addons.account_invoices.reconciling import amounts
from mockserver.errors import UserError


class InvoiceStates(models.Model):
    _inherit = "account.invoice"

    def action_invoice_open(self) -> bool:
        """Open drafts: they get dates, a journal entry and with it a number."""
        opened = self.filtered(lambda invoice: invoice.state != "open")
        for invoice in opened:
            _check_openable(invoice)
        opened.action_date_assign()
        opened.action_move_create()
        return opened.invoice_validate()

    def action_date_assign(self) -> bool:
        """Set the dates that are missing; the due date follows from the payment terms."""
        today = self.env.db.clock.today().isoformat()
        for invoice in self:
            day = str(invoice.date_invoice or today)
            due = str(invoice.date_due or "")
            if invoice.payment_term_id:
                due = max(part for part, _ in invoice.payment_term_id.compute(1, day))
            elif not due or due < day:
                due = day
            invoice.write({"date_invoice": day, "date_due": due})
        return True

    def action_move_create(self) -> bool:
        """Post the journal entries of invoices that have none."""
        for invoice in self:
            if not invoice.journal_id.sequence_id:
                raise UserError("Please define sequence on the journal related to this invoice.")
            lines = invoice.invoice_line_ids
            if not lines.filtered(lambda line: bool(line.account_id)):
                raise UserError(self.env.db.profile.rules.invoice_lines_missing_text)
            if invoice.move_id:
                continue
            move = self.env["account.move"].create(
                {
                    "ref": invoice.reference,
                    "journal_id": invoice.journal_id.id,
                    "date": str(invoice.date or invoice.date_invoice),
                    "narration": invoice.comment,
                    "line_ids": [(0, 0, values) for values in _items(invoice)],
                }
            )
            move.post(invoice=invoice)
            invoice.write({"move_id": move.id, "date": move.date, "move_name": move.name})
        return True

    def invoice_validate(self) -> bool:
        """Open invoices that have a journal entry; a vendor's reference may be used once.  Returns True."""
        for invoice in self.filtered(lambda invoice: bool(invoice.partner_id)):
            partner = invoice.partner_id
            invoice.message_subscribe([partner.id])
            if invoice.type in ("in_invoice", "in_refund") and invoice.reference:
                leaves = [
                    ("type", "=", invoice.type), ("reference", "=", invoice.reference), ("id", "!=", invoice.id),
                    ("company_id", "=", invoice.company_id.id),
                    ("commercial_partner_id", "=", invoice.commercial_partner_id.id),
                ]  # fmt: skip
                if self.search(leaves, limit=1):
                    raise UserError(
                        "Duplicated vendor reference detected. You probably encoded twice the same vendor bill/credit"
                        " note."
                    )
        self.write({"state": "open"})
        self._follow_residual()
        return True

    def action_invoice_paid(self) -> bool:
        """Mark invoices as paid of which nothing is open."""
        open_ones = self.filtered(lambda invoice: invoice.state != "paid")
        if any(invoice.state not in ("open", "in_payment") for invoice in open_ones):
            raise UserError("Invoice must be validated in order to set it to register payment.")
        if any(not invoice.reconciled for invoice in open_ones):
            raise UserError(
                "You cannot pay an invoice which is partially paid. You need to reconcile payment entries first."
            )
        return bool(open_ones.write({"state": "paid"}))

    def action_invoice_re_open(self) -> bool:
        """Mark paid invoices as open."""
        if any(invoice.state not in ("in_payment", "paid") for invoice in self):
            raise UserError("Invoice must be paid in order to set it to register payment.")
        return bool(self.write({"state": "open"}))

    def _follow_residual(self) -> None:
        """Let open invoices of which nothing is left become paid, and paid ones of which something is left open."""
        self.filtered(lambda invoice: invoice.reconciled and invoice.state == "open").action_invoice_paid()
        left = self.filtered(lambda invoice: not invoice.reconciled and invoice.state in ("in_payment", "paid"))
        left.action_invoice_re_open()

    @api.versions(since=12)
    def action_invoice_cancel(self) -> bool:
        """Cancel invoices; those that are cancelled already are left alone."""
        return self.filtered(lambda invoice: invoice.state != "cancel").action_cancel()

    @api.versions(until=11, name="action_invoice_cancel")
    def action_invoice_cancel_11(self) -> bool:
        """Cancel drafts and open invoices."""
        if any(invoice.state not in ("draft", "open") for invoice in self):
            raise UserError("Invoice must be in draft or open state in order to be cancelled.")
        return self.action_cancel()

    def action_cancel(self) -> bool:
        """Cancel invoices and delete their journal entries; return True."""
        moves = self.move_id
        if any(invoice.payment_move_line_ids for invoice in self):
            raise UserError(
                "You cannot cancel an invoice which is partially paid. You need to unreconcile related payment entries"
                " first."
            )
        self.write({"state": "cancel", "move_id": False})
        if moves:
            moves.button_cancel()
            moves.unlink()
        return True

    def action_invoice_draft(self) -> bool:
        """Make cancelled invoices drafts; return True."""
        if any(invoice.state != "cancel" for invoice in self):
            raise UserError("Invoice must be cancelled in order to reset it to draft.")
        return bool(self.write({"state": "draft", "date": False}))


class InvoiceConfirm(models.TransientModel):
    _inherit = "account.invoice.confirm"

    def invoice_confirm(self) -> dict[str, Any]:
        """Open the drafts that the context names."""
        invoices = self.env["account.invoice"].browse(self.env.context.get("active_ids", ()))
        if any(invoice.state != "draft" for invoice in invoices):
            raise UserError("Selected invoice(s) cannot be confirmed as they are not in 'Draft' state.")
        invoices.action_invoice_open()
        return {"type": "ir.actions.act_window_close"}


class InvoiceCancel(models.TransientModel):
    _inherit = "account.invoice.cancel"

    def invoice_cancel(self) -> dict[str, Any]:
        """Cancel the invoices that the context names."""
        invoices = self.env["account.invoice"].browse(self.env.context.get("active_ids", ()))
        if any(invoice.state in ("cancel", "paid") for invoice in invoices):
            raise UserError(
                "Selected invoice(s) cannot be cancelled as they are already in 'Cancelled' or 'Done' state."
            )
        invoices.action_invoice_cancel()
        return {"type": "ir.actions.act_window_close"}


def _check_openable(invoice: Any) -> None:
    """Raise UserError for an invoice that cannot be opened."""
    if not invoice.partner_id:
        raise UserError("The field Vendor is required, please complete it to validate the Vendor Bill.")
    if invoice.state != "draft":
        raise UserError("Invoice must be in draft state in order to validate it.")
    if invoice.amount_total < 0:
        raise UserError(
            "You cannot validate an invoice with a negative total amount. You should create a credit note instead."
        )
    if not invoice.account_id:
        raise UserError("No account was found to create the invoice, be sure you have installed a chart of account.")


# -- the items of the journal entry


def _items(invoice: Any) -> list[dict[str, Any]]:
    """Return the values of the items: those of lines and taxes, then what is due."""
    found = [*_line_items(invoice), *_tax_items(invoice)]
    sign = direction(invoice.type)
    for item in found:
        item |= _in_currencies(invoice, sign * item.pop("price"))
    found += _due_items(invoice, found)
    common = {"partner_id": invoice.commercial_partner_id.id, "invoice_id": invoice.id}
    return [{**common, **item} for item in found]


def _line_items(invoice: Any) -> Iterator[dict[str, Any]]:
    for line in invoice.invoice_line_ids:
        if line.account_id and line.quantity:
            yield {
                "name": str(line.name).split("\n")[0][:64],
                "price": line.price_subtotal,
                "account_id": line.account_id.id,
                "quantity": line.quantity,
                "product_id": line.product_id.id,
                "product_uom_id": line.uom_id.id,
                "analytic_account_id": line.account_analytic_id.id,
                "analytic_tag_ids": [(6, 0, line.analytic_tag_ids.ids)],
                "tax_ids": [(6, 0, line.invoice_line_tax_ids.ids)],
            }


def _tax_items(invoice: Any) -> Iterator[dict[str, Any]]:
    for line in invoice.tax_line_ids.sorted(lambda line: (-line.sequence, -line.id)):
        if line.amount + line.amount_rounding:
            yield {
                "name": line.name,
                "price": line.amount + line.amount_rounding,
                "quantity": 1.0,
                "account_id": line.account_id.id,
                "analytic_account_id": line.account_analytic_id.id,
                "tax_line_id": line.tax_id.id,
            }


def _in_currencies(invoice: Any, amount: float) -> dict[str, Any]:
    """Return an amount of the invoice as an item has it: in the company's currency, and in another one beside it."""
    company, currency = invoice.company_id.currency_id, invoice.currency_id
    if currency == company:
        return {**amounts(currency.round(amount)), "currency_id": False, "amount_currency": 0.0}
    day = str(invoice.date or invoice.date_invoice)
    value = currency._convert(amount, company, invoice.company_id, day)
    return {**amounts(value), "currency_id": currency.id, "amount_currency": currency.round(amount)}


def _due_items(invoice: Any, items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield what is due: in one part, or in those of the payment terms."""
    company, currency = invoice.company_id.currency_id, invoice.currency_id
    total = -company.round(sum(item["debit"] - item["credit"] for item in items))
    total_currency = -sum(item["amount_currency"] for item in items)
    common = {"name": invoice.name or "/", "account_id": invoice.account_id.id}
    foreign = currency != company
    parts = [(str(invoice.date_due), total, total_currency)]
    if invoice.payment_term_id:
        day = str(invoice.date_invoice)
        own = invoice.payment_term_id.compute(total, day, company)
        other = invoice.payment_term_id.compute(total_currency, day, currency) if foreign else own
        parts = [(due, amount, second) for (due, amount), (_, second) in zip(own, other, strict=True)]
    for due, amount, second in parts:
        yield {
            **common,
            **amounts(amount),
            "date_maturity": due,
            "currency_id": currency.id if foreign else False,
            "amount_currency": second if foreign else 0.0,
        }
