"""product.product and product.template: windows of price rules and labels, and the one variant of a template.

Source: 17.0, from its public documentation; Inferred: the keys of windows.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.base.windows import stored_window, window
from mockserver.orm.records.environment import Recordset


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.versions(until=18)
    def open_pricelist_rules(self) -> dict[str, Any]:
        """Return the window of the price rules of the variant and of its template."""
        self.ensure_one()
        domain = [
            "|", "&", ("product_tmpl_id", "=", self.product_tmpl_id.id), ("applied_on", "=", "1_product"),
            "&", ("product_id", "=", self.id), ("applied_on", "=", "0_product_variant"),
        ]  # fmt: skip
        context = {"default_product_id": self.id, "default_applied_on": "0_product_variant"}
        return _price_rules(self, domain, context)

    def open_product_template(self) -> dict[str, Any]:
        """Return the window of the template."""
        self.ensure_one()
        template = self.product_tmpl_id
        action = {"type": "ir.actions.act_window", "res_model": "product.template", "view_mode": "form"}
        return {**action, "res_id": template.id, "target": "new"}

    @api.versions(since=16)
    def action_open_label_layout(self) -> dict[str, Any]:
        """Return the window that prints labels."""
        return _labels(self, {"default_product_ids": self.ids})


class ProductTemplate(models.Model):
    _inherit = "product.template"

    @api.versions(until=18)
    def open_pricelist_rules(self) -> dict[str, Any]:
        """Return the window of the price rules of the template and of its variants."""
        self.ensure_one()
        domain = ["|", ("product_tmpl_id", "=", self.id), ("product_id", "in", self.product_variant_ids.ids)]
        context = {
            "default_product_tmpl_id": self.id, "default_applied_on": "1_product",
            "product_without_variants": self.product_variant_count == 1,
        }  # fmt: skip
        return _price_rules(self, domain, context)

    @api.versions(since=16)
    def action_open_label_layout(self) -> dict[str, Any]:
        """Return the window that prints labels."""
        return _labels(self, {"default_product_tmpl_ids": self.ids})

    def get_single_product_variant(self) -> dict[str, Any]:
        """Return the id and the name of the only variant; nothing if there are several, or if one is to be chosen."""
        self.ensure_one()
        variants = self.product_variant_ids
        if len(variants) != 1 or self.has_configurable_attributes:
            return {}
        return {"product_id": variants.id, "product_name": variants.display_name}


class CatalogMixin(models.AbstractModel):
    _inherit = "product.catalog.mixin"
    _since = 17

    def action_add_from_catalog(self) -> dict[str, Any]:
        """Return the window of products that can be added to the document."""
        action = window(self.env, "product.product", "Products", "kanban,form")
        del action["view_mode"]
        return {
            **action,
            "views": [(False, "kanban"), (False, "form")],
            "search_view_id": [False, "search"],
            "domain": self._get_product_catalog_domain(),
            "context": {**self.env.context, **self._get_action_add_from_catalog_extra_context()},
        }

    def _get_product_catalog_domain(self) -> list[Any]:
        """Return which products can be added."""
        return [("company_id", "in", [self.company_id.id, False]), ("type", "!=", "combo")]

    def _get_action_add_from_catalog_extra_context(self) -> dict[str, Any]:
        return {"product_catalog_order_id": self.id, "product_catalog_order_model": self._name}


def _price_rules(products: Recordset, domain: list[Any], context: dict[str, Any]) -> dict[str, Any]:
    """Return the window of the price rules that a domain finds."""
    listed = products.env.db.profile.rules.list_view
    return window(
        products.env, "product.pricelist.item", "Price Rules", "list,form", target="current", domain=domain,
        views=[(False, listed), (False, "form")], context={**context, "search_default_visible": True},
    )  # fmt: skip


def _labels(products: Recordset, context: dict[str, Any]) -> dict[str, Any]:
    return stored_window(
        products.env, "product.label.layout", "Choose Labels Layout", "form", target="new", context=context
    )
