"""sale.order.line: what was delivered and invoiced of a line, and what is left to invoice.

Source: recorded in flow-sale-3 (17.0, 18.0, 19.0), flow-walk-sale-1 and flow-cross-1 (17.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.sale import down_payments, invoice_lines
from mockserver.addons.sale.invoiced import Books, is_confirmed, is_posted, of_expenses, rows
from mockserver.orm.fields.numbers import compare
from mockserver.orm.records.environment import Recordset
from mockserver.orm.storage.store import Row


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
            line.qty_delivered = of_expenses(line) if by_expenses else line.qty_delivered

    def _delivered_by(self, method: str) -> Recordset:
        """Return the lines whose delivered quantity is found in one way."""
        return self.browse(row["id"] for row in rows(self) if row.get("qty_delivered_method") == method)

    @api.versions(until=15)
    def _inverse_qty_delivered(self) -> None:
        for line in self:
            by_hand = line.qty_delivered_method == "manual"
            line.qty_delivered_manual = line.qty_delivered if by_hand else 0.0

    # -- quantities

    @api.depends("invoice_lines", "invoice_lines.quantity", "invoice_lines.move_id.state")
    def _compute_qty_invoiced(self) -> None:
        """What all invoices have but cancelled ones, also drafts; what credit notes have is taken off."""
        books = Books(self.env)
        self._assign_each("qty_invoiced", {row["id"]: books.quantity(row) for row in rows(self)})

    @api.versions(since=18)
    def _compute_qty_invoiced_posted(self) -> None:
        books = Books(self.env)
        self._assign_each("qty_invoiced_posted", {row["id"]: books.quantity(row, is_posted) for row in rows(self)})

    @api.depends("qty_invoiced", "qty_delivered", "product_uom_qty", "state", "untaxed_amount_to_invoice")
    @api.computes("qty_to_invoice", "invoice_status")
    def _compute_to_invoice(self) -> None:
        books, left, statuses = Books(self.env), dict[int, float](), dict[int, str]()
        for row in rows(self):
            due = 0.0
            if is_confirmed(row) and not row.get("display_type"):
                counted = "product_uom_qty" if books.policy(row) == "order" else "qty_delivered"
                due = (row.get(counted) or 0.0) - (row.get("qty_invoiced") or 0.0)
            left[row["id"]], statuses[row["id"]] = due, _status(books, row, due)
        self._assign_each("qty_to_invoice", left)
        self._assign_each("invoice_status", statuses)

    # -- amounts

    @api.depends("invoice_lines", "invoice_lines.price_total", "invoice_lines.move_id.state")
    def _compute_untaxed_amount_invoiced(self) -> None:
        books = Books(self.env)
        found = {row["id"]: books.amount(row, "price_subtotal") for row in rows(self)}
        self._assign_each("untaxed_amount_invoiced", found)

    @api.depends("state", "product_id", "untaxed_amount_invoiced", "qty_delivered", "product_uom_qty", "price_unit")
    def _compute_untaxed_amount_to_invoice(self) -> None:
        books = Books(self.env)
        found = {row["id"]: books.untaxed_due(row) if is_confirmed(row) else 0.0 for row in rows(self)}
        self._assign_each("untaxed_amount_to_invoice", found)

    @api.versions(since=18)
    def _compute_amount_invoiced(self) -> None:
        books = Books(self.env)
        self._assign_each("amount_invoiced", {row["id"]: books.amount(row, "price_total") for row in rows(self)})

    @api.versions(since=18)
    def _compute_amount_to_invoice(self) -> None:
        """What posted invoices lack of the line's total, of what may be invoiced by the policy of its product."""
        books, found = Books(self.env), dict[int, float]()
        for row in rows(self):
            by_delivery, ordered = books.policy(row) == "delivery", row.get("product_uom_qty") or 0.0
            due = (row.get("qty_delivered") or 0.0 if by_delivery else ordered) - books.quantity(row, is_posted)
            found[row["id"]] = (row.get("price_total") or 0.0) / ordered * due if ordered else 0.0
        self._assign_each("amount_to_invoice", found)

    @api.versions(since=19)
    def _compute_qty_invoiced_at_date(self) -> None:
        """What was invoiced until the day that an accrual is made for; else what was invoiced."""
        for line in self:
            line.qty_invoiced_at_date = line.qty_invoiced

    @api.versions(since=19)
    def _compute_amount_to_invoice_at_date(self) -> None:
        for line in self:
            due = line.qty_delivered_at_date - line.qty_invoiced_at_date
            line.amount_to_invoice_at_date = due * line.price_unit

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
        values = invoice_lines.of_line(self)
        if values.get("is_downpayment"):
            account = self.invoice_lines.filtered("is_downpayment").account_id[:1]
            values |= {"account_id": account.id} if account else {}
        values |= more
        if "display_type" in values:
            values["account_id"] = False
        return values


def _status(books: Books, row: Row, due: float) -> str:
    """Return whether a line is to be invoiced; `due` is the quantity that is."""
    if not is_confirmed(row):
        return "no"
    if row.get("is_downpayment") and not row.get("untaxed_amount_to_invoice"):
        return "invoiced"
    if compare(due, 0.0, books.step):
        return "to invoice"
    ordered, delivered = row.get("product_uom_qty") or 0.0, row.get("qty_delivered") or 0.0
    exceeds = row.get("state") == "sale" and ordered >= 0.0 and compare(delivered, ordered, books.step) > 0
    if exceeds and books.policy(row) == "order":
        return "upselling"
    return "invoiced" if compare(row.get("qty_invoiced") or 0.0, ordered, books.step) >= 0 else "no"
