"""What purchases add to moves: those of different order lines do not become one; what comes in costs what was ordered.

Source: 17.0.
"""

from __future__ import annotations

from mockserver import api, models
from mockserver.addons.purchase_stock.move_values import Planner


class Move(models.Model):
    _inherit = "stock.move"

    def _prepare_merge_moves_distinct_fields(self) -> tuple[str, ...]:
        found: tuple[str, ...] = super()._prepare_merge_moves_distinct_fields()  # type: ignore[misc]
        return (*found, "purchase_line_id", "created_purchase_line_ids")

    @api.versions(until=18)
    def _get_price_unit(self) -> float:
        """Return the price of the order line now, at today's rate; that of a return is the price of what it returns.

        Differs: a bill that comes before the goods does not change it.
        """
        line = self.purchase_line_id
        if not line or self.origin_returned_move_id:
            found: float = super()._get_price_unit()  # type: ignore[misc]
            return found
        order, company = line.order_id, line.company_id
        price = Planner(order, self.picking_id).gross(line)
        if order.currency_id == company.currency_id:
            return price
        today = str(self.env.db.clock.today())
        converted: float = order.currency_id._convert(price, company.currency_id, company, today, round=False)
        return converted
