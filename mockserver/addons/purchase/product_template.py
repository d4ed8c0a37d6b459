"""What purchases add to products: by which quantities bills are checked.

Source: recorded in flow-product-1 (17.0, 18.0).
"""

from __future__ import annotations

from mockserver import api, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    @api.versions(since=16)
    def _compute_purchase_method(self) -> None:
        """Services by ordered quantities, everything else by the default."""
        usual = self.default_get(["purchase_method"]).get("purchase_method", "receive")
        for template in self:
            template.purchase_method = "purchase" if template.type == "service" else usual
