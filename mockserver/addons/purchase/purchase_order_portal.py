"""The page of a purchase order for its vendor.  Source: 17.0."""

from __future__ import annotations

from mockserver import models


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _compute_access_url(self) -> None:
        super()._compute_access_url()  # type: ignore[misc]
        for order in self:
            order.access_url = f"/my/purchase/{order.id}"
