"""What selling services adds to order lines: the product of a confirmed service stays.

Source: 17.0; recorded in flow-sale-2 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from mockserver import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _compute_product_updatable(self) -> None:
        super()._compute_product_updatable()  # type: ignore[misc]
        for line in self:
            if line.product_id.type == "service" and line.state == "sale":
                line.product_updatable = False
