"""Invoices of orders until 12.0, which are `account.invoice`.

Leaves out: invoices of down payments.

Inferred: 12.0.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.base.windows import stored_window
from mockserver.addons.sale.origin_links import post_origin
from mockserver.errors import UserError
from mockserver.orm.records.environment import Recordset

Values = dict[str, Any]


class SaleOrder(models.Model):
    _inherit = "sale.order"
    _until = 12

    @api.depends("order_line.invoice_lines", "order_line.invoice_lines.invoice_id")
    def _compute_invoices(self) -> None:
        for order in self:
            invoices = order.order_line.invoice_lines.invoice_id
            order.invoice_ids, order.invoice_count = invoices, len(invoices)

    def _search_invoice_ids(self, operator: str, value: Any) -> list[Any]:
        """An order has no invoices if none of its lines has any."""
        if value is False or value is None:
            known = self.env["sale.order"].sudo().search([("order_line.invoice_lines", "!=", False)]).ids
            return [("id", "in" if operator == "!=" else "not in", known)]
        return [("order_line.invoice_lines.invoice_id", operator, value)]

    def action_invoice_create(self, grouped: bool = False, final: bool = False) -> list[int]:
        """Make invoices of what is to be invoiced; return their ids."""
        return list(self._create_invoices(grouped=grouped, final=final)._ids)

    def _create_invoices(self, grouped: bool = False, final: bool = False, date: Any = None) -> Recordset:
        """Make invoices of what is to be invoiced, and return them; `grouped`: one for each order."""
        groups: dict[Any, Values] = {}
        owners: dict[Any, Recordset] = {}
        for order in self:
            lines = order._get_invoiceable_lines(final)
            if not any(not line.display_type for line in lines):
                continue
            key = order.id if grouped else (order.partner_invoice_id.id, order.currency_id.id)
            values = groups.setdefault(key, order._prepare_invoice())
            owners[key] = owners.get(key, self.browse()) | order
            values["origin"] = ", ".join(owners[key].mapped("name"))
            values["invoice_line_ids"] += [(0, 0, line._prepare_invoice_line()) for line in lines]
        invoices: Recordset = self.env["account.invoice"]
        if not groups:
            raise UserError(self._nothing_to_invoice_error_message())
        for key, values in groups.items():
            invoice = invoices.sudo().create(values)
            if invoice.amount_untaxed < 0:
                _turn(invoice)
            invoices |= invoices.browse(invoice._ids)
            post_origin(invoice, owners[key])
        return invoices

    def _prepare_invoice(self) -> Values:
        """Return the values of an invoice of the order, without lines."""
        customer = self.partner_invoice_id
        domain = [("type", "=", "sale"), ("company_id", "=", self.company_id.id)]
        journal = self.env["account.journal"].search(domain, limit=1)
        if not journal:
            raise UserError(self.env._("Please define an accounting sales journal for this company."))
        position = self.fiscal_position_id or customer.property_account_position_id
        return {
            "name": self.client_order_ref or "",
            "origin": self.name,
            "type": "out_invoice",
            "account_id": customer.property_account_receivable_id.id,
            "partner_id": customer.id,
            "partner_shipping_id": self.partner_shipping_id.id,
            "journal_id": journal.id,
            "currency_id": self.currency_id.id,
            "comment": self.note,
            "payment_term_id": self.payment_term_id.id,
            "fiscal_position_id": position.id,
            "company_id": self.company_id.id,
            "user_id": self.user_id.id,
            "team_id": self.team_id.id,
            "invoice_line_ids": [],
        }

    def action_view_invoice(self, invoices: Any = False) -> dict[str, Any]:
        """Return the window that shows the invoices of the orders."""
        shown = self.invoice_ids
        if not shown:
            return {"type": "ir.actions.act_window_close"}
        action = stored_window(self.env, "account.invoice", "Customer Invoices", "list,form")
        if len(shown) > 1:
            return {**action, "domain": [("id", "in", shown.ids)]}
        return {**action, "views": [[False, "form"]], "res_id": shown.id}


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"
    _until = 12

    @api.depends("invoice_lines", "invoice_lines.quantity", "invoice_lines.invoice_id.state")
    def _compute_qty_invoiced(self) -> None:
        super()._compute_qty_invoiced()  # type: ignore[misc]

    @api.depends("invoice_lines", "invoice_lines.price_subtotal", "invoice_lines.invoice_id.state")
    def _compute_untaxed_amount_invoiced(self) -> None:
        super()._compute_untaxed_amount_invoiced()  # type: ignore[misc]

    def _prepare_invoice_line(self, **more: Any) -> Values:
        """Return the values of the invoice line for what is left to invoice."""
        common = {"name": self.name, "sequence": self.sequence, "sale_line_ids": [(6, 0, self.ids)]}
        if self.display_type:
            return {**common, "display_type": self.display_type}
        product = self.product_id
        account = product.property_account_income_id or product.categ_id.property_account_income_categ_id
        if product and not account:
            text = f'Please define income account for this product: "{product.name}" (id:{product.id})'
            raise UserError(f'{text} - or for its category: "{product.categ_id.name}".')
        position = self.order_id.fiscal_position_id or self.order_id.partner_id.property_account_position_id
        return {
            **common,
            "origin": self.order_id.name,
            "account_id": position.map_account(account).id if position else account.id,
            "price_unit": self.price_unit,
            "quantity": self.qty_to_invoice,
            "discount": self.discount,
            "uom_id": self.product_uom.id,
            "product_id": product.id,
            "invoice_line_tax_ids": [(6, 0, self.tax_id.ids)],
            **more,
        }


class AdvancePayment(models.TransientModel):
    _inherit = "sale.advance.payment.inv"
    _until = 12

    def _create_invoices(self, sale_orders: Recordset) -> Recordset:
        """Make invoices of what is due."""
        method = self.advance_payment_method
        if method not in ("delivered", "all"):
            raise UserError("This mock makes no invoices of down payments of 12.0 and before.")
        final = method == "all" or bool("deduct_down_payments" in self and self.deduct_down_payments)
        found: Recordset = sale_orders._create_invoices(final=final)
        return found


def _turn(invoice: Recordset) -> None:
    """Make an invoice with a negative total a credit note."""
    invoice.write({"type": "out_refund"})
    for line in invoice.invoice_line_ids:
        line.write({"quantity": -line.quantity})
    invoice.call("compute_taxes")
