"""What receipts of purchases add to products: they are bought.

Source: recorded in flow-cross-2 (17.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    @api.versions(until=18)
    def _default_route_ids(self) -> Any:
        """The route by which products are bought."""
        return self.env.ref("purchase_stock.route_warehouse0_buy", raise_if_not_found=False) or None
