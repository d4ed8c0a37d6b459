"""sale.order: adding products from their catalogue; product: what was sold of it.

Source: 17.0, from its public documentation; Inferred: the keys of windows.
"""

from __future__ import annotations

from typing import Any

from mockserver import models
from mockserver.addons.base.windows import stored_window


class SaleOrder(models.Model):
    _inherit = "sale.order"
    _since = 17

    def _get_product_catalog_domain(self) -> list[Any]:
        """Return which products can be sold."""
        domain: list[Any] = super()._get_product_catalog_domain()  # type: ignore[misc]
        return [*domain, ("sale_ok", "=", True)]

    def _get_action_add_from_catalog_extra_context(self) -> dict[str, Any]:
        context: dict[str, Any] = super()._get_action_add_from_catalog_extra_context()  # type: ignore[misc]
        digits = self.env["sale.order.line"]._model.fields["price_unit"].digits
        own = {"product_catalog_currency_id": self.currency_id.id, "product_catalog_digits": digits or (16, 2)}
        return {**context, **own}


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"
    _since = 17

    def action_add_from_catalog(self) -> Any:
        """Return the window of products that can be added to the order of the context."""
        order = self.env["sale.order"].browse(self.env.context.get("order_id") or ())
        return order.action_add_from_catalog()


class ProductProduct(models.Model):
    _inherit = "product.product"

    def action_view_sales(self) -> dict[str, Any]:
        """Return the report of what was sold of the variants."""
        return _report(self, "product_id")


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def action_view_sales(self) -> dict[str, Any]:
        """Return the report of what was sold of the templates."""
        return _report(self, "product_tmpl_id")


def _report(products: Any, field: str) -> dict[str, Any]:
    context = {
        "pivot_measures": ["product_uom_qty"],
        "active_id": products.env.context.get("active_id"),
        "search_default_Sales": 1,
        "active_model": "sale.report",
        "search_default_filter_order_date": 1,
    }
    domain = [(field, "in", products.ids)]
    return stored_window(products.env, "sale.report", "Sales Analysis", "graph,pivot", domain=domain, context=context)
