"""account.invoice.line and account.invoice.tax: the amounts of lines, and the taxes of an invoice.

The taxes of an invoice are rows of their own.  They are made when it is created; later a client asks for them by
`compute_taxes`.

Inferred: 12.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.account import taxes as engine
from mockserver.addons.account.tax_records import TaxReader, method_of
from mockserver.addons.account_invoices.kinds import REFUNDS
from mockserver.errors import UserError

if TYPE_CHECKING:
    from typing_extensions import Self


class InvoiceLine(models.Model):
    _inherit = "account.invoice.line"

    @api.versions(since=12)
    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create lines; sections and notes have no price, quantity or account."""
        several = [vals_list] if isinstance(vals_list, Mapping) else list(vals_list)
        empty = {"price_unit": 0.0, "quantity": 0.0, "account_id": False}
        return super().create([{**vals, **empty} if vals.get("display_type") else vals for vals in several])

    @api.versions(since=12)
    def unlink(self) -> bool:
        """Delete lines of drafts; return True."""
        if any(line.invoice_id and line.invoice_id.state != "draft" for line in self.exists()):
            raise UserError("You can only delete an invoice line if the invoice is in draft state.")
        return super().unlink()

    def _default_account_id(self) -> Any:
        """The account of the journal that the context names."""
        journal = self.env["account.journal"].browse(self.env.context.get("journal_id") or ())
        if self.env.context.get("type") in ("out_invoice", "in_refund"):
            return journal.default_credit_account_id
        return journal.default_debit_account_id

    @api.computes("price_subtotal", "price_total", "price_tax", "price_subtotal_signed")
    @api.depends(
        "price_unit", "discount", "invoice_line_tax_ids", "quantity", "product_id", "invoice_id.partner_id",
        "invoice_id.currency_id", "invoice_id.company_id", "invoice_id.date_invoice", "invoice_id.date",
    )  # fmt: skip
    def _compute_price(self) -> None:
        """The amounts without and with taxes, and that without taxes in the company's currency, negative in refunds."""
        reader = TaxReader(self.env)
        for line in self:
            invoice = line.invoice_id
            company = invoice.company_id or self.env.company
            found = engine.compute_line(base_line(line, reader), method_of(company))
            line.price_subtotal, line.price_total = found.excluded, found.included
            if "price_tax" in line:
                line.price_tax = found.included - found.excluded
            amount, currency = found.excluded, invoice.currency_id
            if currency and currency != company.currency_id:
                day = str(invoice.date or invoice.date_invoice or self.env.db.clock.today())
                amount = currency._convert(amount, company.currency_id, company, day)
            line.price_subtotal_signed = amount * (-1 if invoice.type in REFUNDS else 1)


def base_line(line: Any, reader: TaxReader) -> engine.BaseLine:
    """Return an invoice line as the tax engine takes it; amounts have the sign of the price."""
    invoice = line.invoice_id
    currency = invoice.currency_id or line.env.company.currency_id
    return engine.BaseLine(
        taxes=reader(line.invoice_line_tax_ids._ids),
        price=line.price_unit,
        quantity=line.quantity,
        discount=line.discount,
        step=float(currency.rounding),
        refund=invoice.type in REFUNDS,
        account=line.account_id.id or None,
        analytic=line.account_analytic_id.id or None,
    )


class InvoiceTax(models.Model):
    _inherit = "account.invoice.tax"

    def _compute_amount_total(self) -> None:
        for line in self:
            line.amount_total = line.amount + line.amount_rounding


class InvoiceTaxes(models.Model):
    """The taxes of an invoice."""

    _inherit = "account.invoice"

    def compute_taxes(self) -> bool:
        """Make the tax lines that follow from the lines, in place of those that are not by hand; return True."""
        for invoice in self:
            invoice.tax_line_ids.filtered(lambda line: not line.manual).unlink()
            for values in invoice._tax_values():
                self.env["account.invoice.tax"].create(values)
        return True

    def _tax_values(self) -> list[dict[str, Any]]:
        """Return the values of the tax lines: one for each tax, account and analytic account."""
        reader = TaxReader(self.env)
        method = method_of(self.company_id or self.env.company)
        found: dict[Any, dict[str, Any]] = {}
        for line in self.invoice_line_ids:
            if not line.account_id:
                continue
            base = base_line(line, reader)
            for part in engine.compute_line(base, method).parts:
                account = part.account or base.account
                analytic = base.analytic if part.tax.analytic else None
                values = found.setdefault(
                    (part.tax.id, account, analytic),
                    {
                        "invoice_id": self.id, "name": part.tax.name, "tax_id": part.tax.id, "amount": 0.0, "base": 0.0,
                        "manual": False, "sequence": part.tax.sequence, "account_analytic_id": analytic or False,
                        "account_id": account,
                    },
                )  # fmt: skip
                values["amount"] += part.amount
                values["base"] += self.currency_id.round(part.base)
        for values in found.values():
            values["amount"] = self.currency_id.round(values["amount"])
        return list(found.values())
