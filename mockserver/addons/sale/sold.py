"""How much was sold: the figures of products, sales teams and campaigns.

Source: 17.0.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any

from mockserver import api, models
from mockserver.addons.sale.line_prices import unit_of
from mockserver.clock import DATETIME_FORMAT
from mockserver.orm.fields.numbers import round_to
from mockserver.orm.rights.access import in_group

CONFIRMED = ("sale", "done")
QUOTATIONS = ("draft", "sent")
DAYS = 365


class Product(models.Model):
    _inherit = "product.product"

    def _compute_sales_count(self) -> None:
        """What was ordered within a year, in the product's unit, for users who sell."""
        sums: dict[int, float] = defaultdict(float)
        if in_group(self.env, "sales_team.group_sale_salesman"):
            since = (self.env.db.clock.moment() - timedelta(days=DAYS)).strftime(DATETIME_FORMAT)
            leaves = [("product_id", "in", self.ids), ("state", "in", CONFIRMED), ("order_id.date_order", ">=", since)]
            for line in self.env["sale.order.line"].search(leaves):
                product, unit = line.product_id, unit_of(line)
                sums[product.id] += unit._compute_quantity(line.product_uom_qty, product.uom_id)
        for product in self:
            product.sales_count = round_to(sums[product.id], float(product.uom_id.rounding or 0.01))


class Template(models.Model):
    _inherit = "product.template"

    def _compute_sales_count(self) -> None:
        for template in self:
            total = sum(template.with_context(active_test=False).product_variant_ids.mapped("sales_count"))
            template.sales_count = round_to(total, float(template.uom_id.rounding or 0.01))


class Team(models.Model):
    _inherit = "crm.team"

    @api.versions(until=18)
    @api.computes("quotations_count", "quotations_amount")
    def _compute_quotations_to_invoice(self) -> None:
        """The open quotations and what they come to, in the currency of the company."""
        for team in self:
            orders = self.env["sale.order"].search([("team_id", "=", team.id), ("state", "in", QUOTATIONS)])
            team.quotations_count = len(orders)
            team.quotations_amount = sum(order.amount_total / (order.currency_rate or 1.0) for order in orders)

    @api.versions(until=18)
    def _compute_sales_to_invoice_count(self) -> None:
        for team in self:
            leaves = [("team_id", "=", team.id), ("invoice_status", "=", "to invoice")]
            team.sales_to_invoice_count = self.env["sale.order"].search_count(leaves)

    @api.versions(since=16)
    def _compute_sale_order_count(self) -> None:
        for team in self:
            leaves = [("team_id", "=", team.id), ("state", "!=", "cancel")]
            team.sale_order_count = self.env["sale.order"].search_count(leaves)

    def _compute_invoiced(self) -> None:
        """What customers paid of this month's invoices, without taxes."""
        today = self.env.db.clock.today()
        for team in self:
            leaves: list[Any] = [
                ("team_id", "=", team.id), ("move_type", "in", ("out_invoice", "out_refund", "out_receipt")),
                ("payment_state", "in", ("in_payment", "paid", "reversed")), ("state", "=", "posted"),
                ("date", ">=", today.replace(day=1).isoformat()), ("date", "<=", today.isoformat()),
            ]  # fmt: skip
            team.invoiced = sum(self.env["account.move"].sudo().search(leaves).mapped("amount_untaxed_signed"))


class Campaign(models.Model):
    _inherit = "utm.campaign"

    def _compute_quotation_count(self) -> None:
        for campaign in self:
            campaign.quotation_count = self.env["sale.order"].sudo().search_count([("campaign_id", "=", campaign.id)])

    def _compute_invoiced_amount(self) -> None:
        for campaign in self:
            leaves = [("campaign_id", "=", campaign.id), ("state", "not in", ("draft", "cancel"))]
            invoices = self.env["account.move"].sudo().search(leaves)
            campaign.invoiced_amount = int(sum(invoices.mapped("amount_untaxed_signed")))
