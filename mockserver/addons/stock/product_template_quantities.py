"""product.template: the quantities of its variants together.

Source: recorded in flow-stock-2 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.stock import product_quantities as stocked

_SUMMED = ("qty_available", "virtual_available", "incoming_qty", "outgoing_qty")


class ProductTemplateQuantities(models.Model):
    _inherit = "product.template"

    @api.computes(*_SUMMED)
    def _compute_quantities(self) -> None:
        """Of services there is nothing."""
        variants = self.product_variant_ids.filtered(lambda product: product.type != "service")
        found = stocked.quantities(variants) if variants else {}
        for template in self:
            own = [found.get(id_, stocked.NOTHING) for id_ in template.product_variant_ids._ids]
            for name in _SUMMED:
                template[name] = sum(quantities[name] for quantities in own)

    def _search_qty_available(self, operator: str, value: Any) -> list[Any]:
        return self._with_variant("qty_available", operator, value)

    def _search_virtual_available(self, operator: str, value: Any) -> list[Any]:
        return self._with_variant("virtual_available", operator, value)

    def _search_incoming_qty(self, operator: str, value: Any) -> list[Any]:
        return self._with_variant("incoming_qty", operator, value)

    def _search_outgoing_qty(self, operator: str, value: Any) -> list[Any]:
        return self._with_variant("outgoing_qty", operator, value)

    def _with_variant(self, name: str, operator: str, value: Any) -> list[Any]:
        """Return the domain of the templates with a variant whose quantity compares so with a number."""
        found = self.env["product.product"].search([(name, operator, value)], order="id")
        return [("product_variant_ids", "in", found.ids)]
