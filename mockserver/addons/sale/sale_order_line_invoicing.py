"""sale.order.line: what was delivered and invoiced of a line, and what is left to invoice.

Source: recorded in flow-sale-3 (17.0, 18.0, 19.0), flow-walk-sale-1 and flow-cross-1 (17.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.sale import down_payments, invoiced
from mockserver.addons.sale.line_prices import unit_of
from mockserver.addons.sale.totals import taxes_of
from mockserver.orm.fields.numbers import compare
from mockserver.orm.records.environment import Recordset


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    # -- deliveries

    @api.depends("product_id")
    def _compute_is_service(self) -> None:
        for line in self:
            line.is_service = line.product_id.type == "service"

    @api.depends("is_expense")
    def _compute_qty_delivered_method(self) -> None:
        """By hand, unless the line is an expense that is passed on to the customer."""
        for line in self:
            line.qty_delivered_method = "analytic" if line.is_expense else "manual"

    @api.depends("qty_delivered_method")
    def _compute_qty_delivered(self) -> None:
        """What the expenses of a line come to, in its unit; a quantity that was written by hand stays."""
        for line in self:
            by_expenses = line.qty_delivered_method == "analytic"
            line.qty_delivered = invoiced.of_expenses(line) if by_expenses else line.qty_delivered

    @api.versions(until=15)
    def _inverse_qty_delivered(self) -> None:
        for line in self:
            by_hand = line.qty_delivered_method == "manual"
            line.qty_delivered_manual = line.qty_delivered if by_hand else 0.0

    # -- quantities

    @api.depends("invoice_lines", "invoice_lines.quantity", "invoice_lines.move_id.state")
    def _compute_qty_invoiced(self) -> None:
        """What all invoices have but cancelled ones, also drafts; what credit notes have is taken off."""
        for line in self:
            line.qty_invoiced = invoiced.quantity(line, invoiced.is_counted)

    @api.versions(since=18)
    def _compute_qty_invoiced_posted(self) -> None:
        for line in self:
            line.qty_invoiced_posted = invoiced.quantity(line, invoiced.is_posted)

    @api.depends("qty_invoiced", "qty_delivered", "product_uom_qty", "state")
    def _compute_qty_to_invoice(self) -> None:
        for line in self:
            due = 0.0
            if invoiced.is_confirmed(line) and not line.display_type:
                ordered = line.product_id.invoice_policy == "order"
                due = (line.product_uom_qty if ordered else line.qty_delivered) - line.qty_invoiced
            line.qty_to_invoice = due

    @api.depends("state", "product_uom_qty", "qty_delivered", "qty_to_invoice", "qty_invoiced")
    def _compute_invoice_status(self) -> None:
        for line in self:
            line.invoice_status = _status(line)

    # -- amounts

    @api.depends("invoice_lines", "invoice_lines.price_total", "invoice_lines.move_id.state")
    def _compute_untaxed_amount_invoiced(self) -> None:
        for line in self:
            line.untaxed_amount_invoiced = invoiced.amount(line, "price_subtotal")

    @api.depends("state", "product_id", "untaxed_amount_invoiced", "qty_delivered", "product_uom_qty", "price_unit")
    def _compute_untaxed_amount_to_invoice(self) -> None:
        for line in self:
            line.untaxed_amount_to_invoice = _untaxed_due(line) if invoiced.is_confirmed(line) else 0.0

    @api.versions(since=18)
    def _compute_amount_invoiced(self) -> None:
        for line in self:
            line.amount_invoiced = invoiced.amount(line, "price_total")

    @api.versions(since=18)
    def _compute_amount_to_invoice(self) -> None:
        """What posted invoices lack of the line's total, of what may be invoiced by the policy of its product."""
        for line in self:
            ordered = line.product_uom_qty
            due = _quantity_due(line) - line.qty_invoiced_posted
            line.amount_to_invoice = line.price_total / ordered * due if ordered else 0.0

    # -- down payments

    @api.versions(since=16)
    def _compute_name(self) -> None:
        """A down payment tells what has become of its invoice."""
        prepaid = self.filtered(lambda line: line.is_downpayment and not line.display_type)
        super(SaleOrderLine, self - prepaid)._compute_name()  # type: ignore[misc]
        for line in prepaid:
            line.name = down_payments.name_of(line)

    def _reset_names(self) -> None:
        """Name lines of down payments anew."""
        for line in self:
            line.write({"name": down_payments.name_of(line)})

    # -- invoices

    def _get_invoice_lines(self) -> Recordset:
        """Return the lines of invoices of order lines."""
        lines: Recordset = self.invoice_lines
        return lines

    def _can_be_invoiced_alone(self) -> bool:
        """Return whether the line is worth an invoice of its own; a discount is not."""
        company = self.company_id
        if "sale_discount_product_id" not in company:
            return True
        return bool(self.product_id != company.sale_discount_product_id or not self.product_id)

    def _prepare_invoice_line(self, **more: Any) -> dict[str, Any]:
        """Return the values of the invoice line for what is left to invoice; `more` replaces some of them."""
        self.ensure_one()
        values: dict[str, Any] = {
            "sequence": self.sequence,
            "name": invoiced.text(self),
            "product_id": self.product_id.id,
            "product_uom_id": unit_of(self).id,
            "quantity": self.qty_to_invoice,
            "discount": self.discount,
            "price_unit": self.price_unit,
            "tax_ids": [(6, 0, taxes_of(self)._ids)],
            "sale_line_ids": [(4, self.id, 0)],
            **invoiced.analytic(self),
        }
        if "is_downpayment" in self.env["account.move.line"]:
            values["is_downpayment"] = self.is_downpayment
        if self.is_downpayment:
            account = self.invoice_lines.filtered("is_downpayment").account_id[:1]
            values |= {"account_id": account.id} if account else {}
        values |= more
        if self.display_type:
            values |= {"display_type": self.display_type, "account_id": False}
        return values


def _status(line: Recordset) -> str:
    """Return whether a line is to be invoiced."""
    step = invoiced.step(line)
    if not invoiced.is_confirmed(line):
        return "no"
    if line.is_downpayment and line.untaxed_amount_to_invoice == 0:
        return "invoiced"
    if compare(line.qty_to_invoice, 0.0, step):
        return "to invoice"
    ordered, by_order = line.product_uom_qty, line.product_id.invoice_policy == "order"
    if by_order and ordered >= 0.0 and line.state == "sale" and compare(line.qty_delivered, ordered, step) > 0:
        return "upselling"
    return "invoiced" if compare(line.qty_invoiced, ordered, step) >= 0 else "no"


def _quantity_due(line: Recordset) -> float:
    """Return the quantity that may be invoiced by the policy of the product."""
    by_delivery = line.product_id.invoice_policy == "delivery"
    return float(line.qty_delivered if by_delivery else line.product_uom_qty)


def _untaxed_due(line: Recordset) -> float:
    """Return what is left to invoice without taxes, by the price rather than by the subtotal."""
    quantity, price = _quantity_due(line), line.price_unit * (1 - (line.discount or 0.0) / 100.0)
    subtotal = invoiced.without_taxes(taxes_of(line), price, quantity, line.currency_id)
    lines = line.invoice_lines
    if all(other.discount == line.discount for other in lines):
        return subtotal - float(line.untaxed_amount_invoiced)
    # with another discount on an invoice, its own price counts
    known = sum(invoiced.undiscounted(line, other) for other in lines)
    return max(subtotal - known, 0.0)
