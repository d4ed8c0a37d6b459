"""Credit notes of invoices until 12.0: `refund`, and the wizard account.invoice.refund in its three forms.

Inferred: 12.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.account_invoices.kinds import REFUND_OF
from mockserver.errors import UserError

if TYPE_CHECKING:
    from typing_extensions import Self

_COPIED = ("partner_id", "currency_id", "account_id", "payment_term_id", "fiscal_position_id", "company_id", "user_id",
           "partner_bank_id", "comment")  # fmt: skip
_LINE = ("name", "origin", "sequence", "uom_id", "product_id", "account_id", "price_unit", "quantity", "discount",
         "account_analytic_id")  # fmt: skip


class InvoiceRefund(models.Model):
    _inherit = "account.invoice"

    @api.returns_id
    def refund(
        self, date_invoice: Any = None, date: Any = None, description: Any = None, journal_id: Any = None
    ) -> Self:
        """Create draft credit notes of invoices, and return them."""
        made = self.browse()
        for invoice in self:
            made |= self.create(invoice._refund_values(date_invoice, date, description, journal_id))
        return made

    def _refund_values(self, date_invoice: Any, date: Any, description: Any, journal_id: Any) -> dict[str, Any]:
        values = {name: _plain(self[name]) for name in _COPIED}
        lines = [(0, 0, _line_values(line)) for line in self.invoice_line_ids]
        return {
            **values,
            "type": REFUND_OF[self.type],
            "date_invoice": str(date_invoice or self.env.db.clock.today()),
            "date": date or False,
            "name": description or False,
            "origin": self.number,
            "payment_term_id": False,
            "refund_invoice_id": self.id,
            "journal_id": journal_id or self.journal_id.id,
            "invoice_line_ids": lines,
        }


def _plain(value: Any) -> Any:
    return value.id if hasattr(value, "_ids") else value


def _line_values(line: Any) -> dict[str, Any]:
    values = {name: _plain(line[name]) for name in (*_LINE, *(["display_type"] if "display_type" in line else []))}
    for name in ("invoice_line_tax_ids", "analytic_tag_ids"):
        values[name] = [(6, 0, line[name].ids)]
    return values


class RefundWizard(models.TransientModel):
    _inherit = "account.invoice.refund"

    def _default_description(self) -> Any:
        """The description of the invoice that the context names."""
        return self.env["account.invoice"].browse(self.env.context.get("active_id") or ()).name or False

    def _compute_refund_only(self) -> None:
        """Whether the invoice is paid in part."""
        invoice = self.env["account.invoice"].browse(self.env.context.get("active_id") or ())
        for wizard in self:
            wizard.refund_only = bool(invoice.payment_move_line_ids and invoice.state != "paid")

    def invoice_refund(self) -> Any:
        """Make the credit notes in the form that was chosen, and return the action that lists them."""
        return self.compute_refund(self.filter_refund)

    def compute_refund(self, mode: str = "refund") -> Any:
        """Make credit notes; `cancel` also opens and reconciles them, `modify` makes a new draft in addition."""
        invoices = self.env["account.invoice"].browse(self.env.context.get("active_ids", ()))
        made: list[int] = []
        for wizard in self:
            for invoice in invoices:
                _check_refundable(invoice, mode)
                day = str(wizard.date or wizard.date_invoice)
                refund = invoice.refund(wizard.date_invoice, day, wizard.description, invoice.journal_id.id)
                made.append(refund.id)
                if mode in ("cancel", "modify"):
                    refund.action_invoice_open()
                    lines = invoice._due_lines() | refund._due_lines()
                    lines.filtered(lambda line: not line.reconciled).reconcile()
                if mode == "modify":
                    made.append(_corrected(invoice, wizard).id)
        return {
            "type": "ir.actions.act_window",
            "name": "Credit Notes",
            "res_model": "account.invoice",
            "view_type": "form",
            "view_mode": "tree,kanban,form",
            "target": "current",
            "domain": [["id", "in", made]],
            "context": {},
        } if made else True  # fmt: skip


def _check_refundable(invoice: Any, mode: str) -> None:
    if invoice.state in ("draft", "cancel"):
        raise UserError("Cannot create credit note for the draft/cancelled invoice.")
    if invoice.reconciled and mode in ("cancel", "modify"):
        raise UserError(
            "Cannot create a credit note for the invoice which is already reconciled, invoice should be unreconciled"
            " first, then only you can add credit note for this invoice."
        )


def _corrected(invoice: Any, wizard: Any) -> Any:
    """Return a new draft with the content of an invoice."""
    return invoice.copy(
        {"date_invoice": str(wizard.date_invoice), "name": wizard.description, "origin": invoice.origin}
    )
