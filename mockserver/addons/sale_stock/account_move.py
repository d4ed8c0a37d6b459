"""account.move: when what an invoice sells was delivered, and what it cost.

Source: 17.0; inferred.
"""

from __future__ import annotations

from mockserver import api, models
from mockserver.addons.sale.line_prices import unit_of
from mockserver.orm.records.environment import Recordset


class Move(models.Model):
    _inherit = "account.move"
    _since = 13

    @api.versions(since=17)
    def _compute_delivery_date(self) -> None:
        """The day of the last delivery of the orders that are invoiced."""
        for move in self:
            days = [day for day in move.line_ids.sale_line_ids.order_id.mapped("effective_date") if day]
            move.delivery_date = max(days)[:10] if days else move.delivery_date

    def _stock_moves_of_costs(self) -> Recordset:
        moves: Recordset = super()._stock_moves_of_costs()  # type: ignore[misc]
        delivered: Recordset = self.line_ids.sale_line_ids.move_ids
        return moves | delivered


class MoveLine(models.Model):
    _inherit = "account.move.line"
    _since = 13

    def _cost_of_one(self) -> float:
        """Return what one unit cost when it was delivered: at FIFO cost that is not what the product costs now."""
        found: float = super()._cost_of_one()  # type: ignore[misc]
        line = self.sale_line_ids[:1]
        layers = line.move_ids.sudo().stock_valuation_layer_ids.filtered(
            lambda layer: layer.product_id == self.product_id and layer.quantity < 0
        )
        quantity = sum(layers.mapped("quantity"))
        if not quantity or self.product_id.cost_method != "fifo":
            return found
        return float(line.product_id.uom_id._compute_price(sum(layers.mapped("value")) / quantity, unit_of(line)))
