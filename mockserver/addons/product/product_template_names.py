"""product.template: display names, and the search by what its variants are found by.

Source: recorded in flow-product-1, flow-product-2 (17.0, 18.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.product.product_product_names import with_code
from mockserver.orm.query.operators import is_negative


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def _compute_display_name(self) -> None:
        for template in self:
            name = template.name
            template.display_name = with_code(template, name, template.default_code) if name else False

    @api.model(until=17)
    def _name_search(
        self, name: Any, domain: Any = (), operator: str = "ilike", limit: Any = None, order: Any = None
    ) -> list[int]:
        """Return the ids of the templates of variants that a name finds, and of those without variants by name."""
        known = list(domain or [])
        if not name or any(leaf[0] == "id" for leaf in known):
            return super()._name_search(name, known, operator, limit, order)
        products, found = self.env["product.product"], self.browse()
        while True:
            others = [("product_tmpl_id", "not in", found.ids)] if found else []
            ids = products._name_search(name, [*known, *others], operator, limit)
            new = products.browse(ids).mapped("product_tmpl_id")
            if not new or new & found:  # the search by a vendor's code takes no notice of the domain
                break
            found |= new
            if not limit or len(found) > limit:
                break
        if not limit or len(found) < limit:
            with_variants = self.search([("product_variant_ids.active", "=", True)])
            without = ("id", "in", (self.search([]) - with_variants).ids)
            found |= self.browse(super()._name_search(name, [*known, without], operator, limit, order))
        return super()._name_search("", [("id", "in", found.ids)], "ilike", limit, order)

    @api.versions(since=18)
    def _search_display_name(self, operator: str, value: Any) -> list[Any]:
        """Return the domain of the templates with such a name, or with a variant that has it."""
        own = super()._search_display_name(operator, value)
        if not self.env.context.get("search_product_product", bool(value)):
            return own
        return ["&" if is_negative(operator) else "|", *own, ("product_variant_ids", operator, value)]
