"""sale.advance.payment.inv: the wizard that makes invoices of orders, and down payments.

Source: recorded in flow-sale-3 (17.0, 18.0, 19.0), flow-walk-sale-1 (17.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.account.line_rows import line_kind
from mockserver.addons.base.windows import window
from mockserver.addons.sale import down_payments
from mockserver.addons.sale.origin_links import link, post_origin
from mockserver.errors import UserError
from mockserver.orm.records.environment import Recordset

Action = dict[str, Any]


class AdvancePayment(models.TransientModel):
    _inherit = "sale.advance.payment.inv"

    @api.versions(since=16)
    def _default_sale_order_ids(self) -> list[int]:
        return list(self.env.context.get("active_ids") or ())

    @api.versions(until=15)
    def _default_count(self) -> int:
        return len(self._orders())

    @api.versions(until=15)
    def _default_has_down_payments(self) -> bool:
        return any(self._orders().order_line.mapped("is_downpayment"))

    @api.versions(until=15)
    def _default_currency_id(self) -> Recordset:
        currency: Recordset = self._orders()[:1].currency_id
        return currency

    def _orders(self) -> Recordset:
        """Return the orders to invoice; until 15 those that were chosen when the wizard was opened."""
        chosen = self.env["sale.order"].browse(self.env.context.get("active_ids") or ())
        orders: Recordset = self.sale_order_ids if "sale_order_ids" in self else chosen
        return orders

    # -- what the wizard shows

    @api.versions(since=16)
    def _compute_count(self) -> None:
        for wizard in self:
            wizard.count = len(wizard.sale_order_ids)

    @api.versions(since=16)
    def _compute_has_down_payments(self) -> None:
        for wizard in self:
            wizard.has_down_payments = any(wizard.sale_order_ids.order_line.mapped("is_downpayment"))

    @api.versions(since=16)
    @api.computes("currency_id", "company_id")
    def _compute_from_order(self) -> None:
        for wizard in self:
            orders = wizard.sale_order_ids
            one = orders if len(orders) == 1 else orders.browse()
            wizard.currency_id, wizard.company_id = one.currency_id, one.company_id

    @api.versions(since=16, until=17)
    def _compute_product_id(self) -> None:
        for wizard in self:
            wizard.product_id = wizard.company_id.sale_down_payment_product_id

    @api.versions(since=17)
    def _compute_amount_invoiced(self) -> None:
        for wizard in self:
            wizard.amount_invoiced = sum(wizard.sale_order_ids.mapped("amount_invoiced"))

    @api.versions(since=17, until=18)
    def _compute_amount_to_invoice(self) -> None:
        for wizard in self:
            wizard.amount_to_invoice = sum(wizard.sale_order_ids.mapped("amount_to_invoice"))

    @api.versions(since=17)
    def _compute_display_draft_invoice_warning(self) -> None:
        for wizard in self:
            states = wizard.sale_order_ids.invoice_ids.mapped("state")
            wizard.display_draft_invoice_warning = "draft" in states

    @api.versions(since=17, until=18)
    def _compute_display_invoice_amount_warning(self) -> None:
        for wizard in self:
            amount = wizard.fixed_amount
            if wizard.advance_payment_method == "percentage":
                amount = wizard.amount / 100 * sum(wizard.sale_order_ids.mapped("amount_total"))
            wizard.display_invoice_amount_warning = amount > wizard.amount_to_invoice

    @api.versions(until=17)
    @api.constrains("product_id")
    def _check_down_payment_product_is_valid(self) -> None:
        for wizard in self:
            product: Any = wizard.product_id
            if not product or len(wizard._orders()) > 1:
                continue
            if product.invoice_policy != "order":
                raise UserError(
                    "The product used to invoice a down payment should have an invoice policyset to"
                    ' "Ordered quantities". Please update your deposit product to be able to create a deposit invoice.'
                )
            if product.type != "service":
                raise UserError(
                    "The product used to invoice a down payment should be of type 'Service'. Please use another"
                    " product or update this product."
                )

    # -- what its buttons do

    @api.versions(until=16, name="create_invoices")
    def create_invoices_16(self) -> Action:
        """Make the invoices; return the window that shows them, if the context asks for it."""
        self._check_amount_is_positive()
        orders = self._orders()
        self._create_invoices(orders)
        if self.env.context.get("open_invoices"):
            action: Action = orders.action_view_invoice()
            return action
        return {"type": "ir.actions.act_window_close"}

    @api.versions(since=17)
    def create_invoices(self) -> Action:
        """Make the invoices; return the window that shows them."""
        self._check_amount_is_positive()
        action: Action = self.sale_order_ids.action_view_invoice(invoices=self._create_invoices(self.sale_order_ids))
        return action

    @api.versions(since=17)
    def view_draft_invoices(self) -> Action:
        """Return the window that shows the drafts of the orders."""
        domain = [("line_ids.sale_line_ids.order_id", "in", self.sale_order_ids.ids), ("state", "=", "draft")]
        views = [(False, "list"), (False, "form")]
        return window(self.env, "account.move", "Draft Invoices", "list", views=views, domain=domain)

    def _check_amount_is_positive(self) -> None:
        for wizard in self:
            amounts = {"percentage": wizard.amount, "fixed": wizard.fixed_amount}
            if amounts.get(wizard.advance_payment_method, 1.0) <= 0.0:
                raise UserError(self.env._("The value of the down payment amount must be positive."))

    def _create_invoices(self, sale_orders: Recordset) -> Recordset:
        """Make invoices of what is due, or one for a down payment."""
        self.ensure_one()
        if self.advance_payment_method == "delivered":
            grouped = "consolidated_billing" in self and not self.consolidated_billing
            invoices: Recordset = sale_orders._create_invoices(final=self.deduct_down_payments, grouped=grouped)
            return invoices
        sale_orders.ensure_one()
        return self.with_company(sale_orders.company_id)._create_down_payment(sale_orders)

    def _create_down_payment(self, order: Recordset) -> Recordset:
        """Add the lines of a down payment to an order, and make the invoice of it."""
        quiet = order.env["sale.order.line"].with_context(sale_no_log_for_new_lines=True)
        sections = self.env.db.profile.rules.down_payments_have_section
        if sections and not any(line.display_type and line.is_downpayment for line in order.order_line):
            quiet.create(self._prepare_down_payment_section_values(order))
        product = self._down_payment_product()
        parts = self._down_payment_parts(order, product)
        lines = quiet.create([{**down_payments.values_of_line(order, part), **product} for part in parts])
        name = self._get_down_payment_description(order)
        values = order._prepare_invoice()
        values["invoice_line_ids"] = [(0, 0, line._prepare_invoice_line(name=name, quantity=1.0)) for line in lines]
        move = self.env["account.move"].sudo().create(values)
        if self.advance_payment_method == "fixed" and self.env.db.profile.rules.down_payments_have_taxes:
            surplus = (move.amount_total - self.fixed_amount) * (1 if move.is_inbound() else -1)
            products = move.invoice_line_ids.filtered(lambda line: line_kind(line) == "product")
            down_payments.adjust(move, products, surplus, -1)
        post_origin(move, order)
        made = self.env._("%s has been created").replace("%s", link(move, self.env._("Down payment invoice")))
        order.message_post(body=made, body_is_html=True)
        invoice: Recordset = self.env["account.move"].browse(move._ids)
        return invoice

    def _down_payment_parts(self, order: Recordset, product: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the price and the taxes of each line of a down payment; until 16 there is one, with its product's."""
        if self.env.db.profile.rules.down_payments_have_taxes:
            return down_payments.parts(order, self._share(order))
        taxes = self.env["product.product"].browse(product["product_id"]).taxes_id
        price = float(self.fixed_amount)
        if self.advance_payment_method == "percentage":
            included = bool(taxes) and all(tax.price_include for tax in taxes)
            price = (order.amount_total if included else order.amount_untaxed) * self.amount / 100
        position = order.fiscal_position_id
        return [{"taxes": (position.map_tax(taxes) if position else taxes)._ids, "price_unit": price}]

    def _share(self, order: Recordset) -> float:
        """Return the part of an order that is paid in advance."""
        if self.advance_payment_method == "percentage":
            return float(self.amount) / 100
        return float(self.fixed_amount) / order.amount_total if order.amount_total else 1.0

    def _get_down_payment_description(self, order: Recordset) -> str:
        """Return what the invoice of a down payment says, in the language of the customer."""
        env = order.with_context(lang=order.partner_id.lang).env if order.partner_id.lang else order.env
        if self.advance_payment_method == "percentage":
            return env._("Down payment of %s%%").replace("%s", str(self.amount)).replace("%%", "%")
        return env._("Down Payment")

    def _prepare_down_payment_section_values(self, order: Recordset) -> dict[str, Any]:
        last = order.order_line[-1:]
        return {
            "name": self.env._("Down Payments"),
            "product_uom_qty": 0.0,
            "order_id": order.id,
            "display_type": "line_section",
            "is_downpayment": True,
            "sequence": last.sequence + 1 if last else 10,
        }

    def _down_payment_product(self) -> dict[str, Any]:
        """Return the value that names the product of down payments, which is made once for a company; until 17."""
        if "product_id" not in self:
            return {}
        product: Any = self.product_id
        if not product:
            product = self.env["product.product"].sudo().create(self._prepare_down_payment_product_values())
            self.env.company.sudo().write({"sale_down_payment_product_id": product.id})
            self.write({"product_id": product.id})
        return {"product_id": product.id}

    def _prepare_down_payment_product_values(self) -> dict[str, Any]:
        return {
            "name": self.env._("Down payment"),
            "type": "service",
            "invoice_policy": "order",
            "company_id": self.env.company.id,
            "property_account_income_id": self.deposit_account_id.id,
            "taxes_id": [(6, 0, self.deposit_taxes_id.ids)],
        }
