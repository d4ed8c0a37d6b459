"""sale.order: the header of a quotation, its totals, and new prices.

Source: recorded in flow-product-4 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.account.tax_records import TaxReader
from mockserver.addons.sale.totals import totals_of

if TYPE_CHECKING:
    from typing_extensions import Self

NEW = "New"


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create quotations with the next number of their company."""
        orders = self.browse()
        for vals in vals_list if isinstance(vals_list, (list, tuple)) else [vals_list]:
            given = dict(vals)
            if given.get("name", NEW) == NEW:
                company = given.get("company_id") or self.env.company.id
                numbers = self.env["ir.sequence"].with_company(company)
                given["name"] = numbers.next_by_code("sale.order", given.get("date_order")) or NEW
            orders |= super().create(given)
        return orders

    # -- what follows from the customer

    @api.versions(since=16)
    def _compute_partner_invoice_id(self) -> None:
        for order in self:
            order.partner_invoice_id = (
                order.partner_id.address_get(["invoice"])["invoice"] if order.partner_id else None
            )

    @api.versions(since=16)
    def _compute_partner_shipping_id(self) -> None:
        for order in self:
            found = order.partner_id.address_get(["delivery"])["delivery"] if order.partner_id else None
            order.partner_shipping_id = found

    @api.versions(since=16)
    def _compute_fiscal_position_id(self) -> None:
        for order in self:
            positions = self.env["account.fiscal.position"].with_company(order.company_id)
            partner = order.partner_id
            found = positions._get_fiscal_position(partner, order.partner_shipping_id) if partner else positions
            order.fiscal_position_id = found

    @api.versions(since=16)
    def _compute_payment_term_id(self) -> None:
        for order in self:
            order.payment_term_id = order.partner_id.with_company(order.company_id).property_payment_term_id

    @api.versions(since=16)
    def _compute_pricelist_id(self) -> None:
        """The customer's; that of a confirmed order stays."""
        for order in self:
            if order.state == "draft":
                order.pricelist_id = order.partner_id.with_company(order.company_id).property_product_pricelist
            else:
                order.pricelist_id = order.pricelist_id

    @api.versions(since=16)
    def _compute_user_id(self) -> None:
        """The salesperson of the customer, else the user who is one."""
        for order in self:
            partner = order.partner_id
            own = partner.user_id or partner.commercial_partner_id.user_id
            seller = self.env.user.has_group("sales_team.group_sale_salesman")
            order.user_id = own or order.user_id or (self.env.user if seller else self.env["res.users"])

    @api.versions(since=16)
    def _compute_team_id(self) -> None:
        for order in self:
            teams = self.env["crm.team"]
            if order.partner_id.team_id:
                teams = teams.with_context(default_team_id=order.partner_id.team_id.id)
            company = ["|", ("company_id", "=", order.company_id.id), ("company_id", "=", False)]
            order.team_id = teams._get_default_team_id(order.user_id.id, company)

    # -- money

    def _compute_currency_id(self) -> None:
        for order in self:
            order.currency_id = order.pricelist_id.currency_id or order.company_id.currency_id

    def _compute_currency_rate(self) -> None:
        """The units of the order's currency for one of the company's, on its day."""
        for order in self:
            company = order.company_id
            day = str(order.date_order or self.env.db.clock.now())[:10]
            order.currency_rate = company.currency_id._get_conversion_rate(order.currency_id, company, day)

    @api.computes("amount_untaxed", "amount_tax", "amount_total")
    def _compute_amounts(self) -> None:
        reader = TaxReader(self.env)
        for order in self:
            untaxed, tax = totals_of(order, reader)
            order.amount_untaxed, order.amount_tax, order.amount_total = untaxed, tax, untaxed + tax

    # -- new prices

    @api.versions(since=16)
    def action_update_prices(self) -> None:
        """Compute the prices and discounts of the lines anew by the pricelist, and say so in the chatter."""
        self.ensure_one()
        lines = self.order_line.filtered(lambda line: not line.display_type)
        lines._reset_prices()
        text = self.env._("Product prices have been recomputed.")
        if self.pricelist_id:
            name = html.escape(str(self.pricelist_id.display_name))
            link = f'<a href="#" data-oe-model="product.pricelist" data-oe-id="{self.pricelist_id.id}">{name}</a>'
            text = self.env._("Product prices have been recomputed according to pricelist %s.").replace("%s", link)
        self.message_post(body=text, body_is_html=True)
