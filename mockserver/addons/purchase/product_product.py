"""What purchases add to variants and templates: how much of them was bought in the last year.

Source: 17.0.
"""

from __future__ import annotations

from datetime import date, timedelta

from mockserver import api, models
from mockserver.orm.fields.numbers import round_to
from mockserver.orm.records.environment import Recordset


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _compute_purchased_product_qty(self) -> None:
        for product in self:
            product.purchased_product_qty = _bought(product)

    @api.versions(since=18)
    def _compute_is_in_purchase_order(self) -> None:
        """Whether the order of the context has the product."""
        lines = self.env["purchase.order.line"]
        order = self.env.context.get("order_id")
        for product in self:
            leaves = [("order_id", "=", order), ("product_id", "=", product.id)]
            product.is_in_purchase_order = bool(order) and bool(lines.search_count(leaves))


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def _compute_purchased_product_qty(self) -> None:
        for template in self:
            variants = template.with_context(active_test=False).product_variant_ids
            total = sum(_bought(variant) for variant in variants)
            template.purchased_product_qty = round_to(total, float(template.uom_id.rounding or 0.01))


def _bought(product: Recordset) -> float:
    """Return the quantity of a variant in its unit in the orders that were confirmed in the last year."""
    today = date.fromisoformat(str(product.env.db.clock.today()))
    start = today.replace(year=today.year - 1) if (today.month, today.day) != (2, 29) else today - timedelta(days=366)
    leaves = [
        ("product_id", "=", product.id),
        ("order_id.state", "in", ["purchase", "done"]),
        ("order_id.date_approve", ">=", f"{start} 00:00:00"),
    ]
    lines = product.env["purchase.order.line"].search(leaves)
    return round_to(sum(lines.mapped("product_uom_qty")), float(product.uom_id.rounding or 0.01))
