"""What selling services adds to order lines: the product of a confirmed service stays, and it makes its task.

Source: 17.0; recorded in flow-sale-2 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.sale_project import services

if TYPE_CHECKING:
    from typing_extensions import Self


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model(since=16)
    def create(self, vals_list: Any) -> Self:
        """Create lines; a service of a confirmed order makes its project and task."""
        lines = super().create(vals_list)
        confirmed = lines.filtered(lambda line: line.state == "sale" and not line.is_expense)
        if confirmed:
            services.generate(confirmed)
        return lines

    def _compute_product_updatable(self) -> None:
        super()._compute_product_updatable()  # type: ignore[misc]
        for line in self:
            if line.product_id.type == "service" and line.state == "sale":
                line.product_updatable = False
