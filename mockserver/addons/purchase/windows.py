"""Windows of what was bought of products, and the catalogue of what can be.

Source: 17.0, from its public documentation; Inferred: the keys of windows.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.base.windows import stored_window
from mockserver.orm.records.environment import Recordset

_BOUGHT = ("state", "in", ["purchase", "done"])


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"
    _since = 17

    def _get_product_catalog_domain(self) -> list[Any]:
        """Return which products can be bought."""
        domain: list[Any] = super()._get_product_catalog_domain()  # type: ignore[misc]
        return [*domain, ("purchase_ok", "=", True)]

    def _get_action_add_from_catalog_extra_context(self) -> dict[str, Any]:
        context: dict[str, Any] = super()._get_action_add_from_catalog_extra_context()  # type: ignore[misc]
        places = self.env["decimal.precision"].precision_get("Product Unit of Measure")
        own = {"product_catalog_currency_id": self.currency_id.id, "precision": places}
        return {**context, **own, "search_default_seller_ids": self.partner_id.name}


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    @api.versions(since=17)
    def action_add_from_catalog(self) -> Any:
        """Return the window of products that can be added to the order of the context."""
        order = self.env["purchase.order"].browse(self.env.context.get("order_id") or ())
        return order.action_add_from_catalog()

    @api.versions(since=16, until=18)
    def action_purchase_history(self) -> dict[str, Any]:
        """Return the window of what was bought of the product, from this vendor first."""
        self.ensure_one()
        context = {"search_default_partner_id": self.partner_id.id}
        return _history(self.product_id, [("product_id", "=", self.product_id.id)], context)


class ProductProduct(models.Model):
    _inherit = "product.product"

    def action_view_po(self) -> dict[str, Any]:
        """Return the window of what was bought of the variants."""
        return _history(self, [("product_id", "in", self.ids)])


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def action_view_po(self) -> dict[str, Any]:
        """Return the window of what was bought of the variants."""
        variants = self.with_context(active_test=False).product_variant_ids
        return _history(self, [("product_id", "in", variants.ids)])


def _history(products: Recordset, leaves: list[Any], context: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the window of the confirmed order lines that a domain finds."""
    env, title = products.env, products.env._("Purchase History for %s")
    action = stored_window(
        env, "purchase.order.line", "Purchase History", "list,form,pivot,graph", domain=[_BOUGHT, *leaves],
        context=context or "{}",
    )  # fmt: skip
    return {**action, "display_name": title.replace("%s", ", ".join(str(one.display_name) for one in products))}
