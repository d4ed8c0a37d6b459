"""sale.order and purchase.order: the orders on the other side of goods that are bought to order.  Inferred: 17.0."""

from __future__ import annotations

from mockserver import models
from mockserver.orm.records.environment import Recordset

# the order lines by which a move asked for goods; until 16 one
_ASKED = ("created_purchase_line_ids", "created_purchase_line_id")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_purchase_orders(self) -> Recordset:
        found: Recordset = super()._get_purchase_orders()  # type: ignore[misc]
        moves = self.order_line.move_ids
        while moves:
            for name in _ASKED:
                if name in moves._model.fields:
                    found |= moves[name].order_id
            found |= moves.purchase_line_id.order_id
            moves = moves.move_orig_ids
        return found


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _get_sale_orders(self) -> Recordset:
        found: Recordset = super()._get_sale_orders()  # type: ignore[misc]
        moves = self.order_line.move_dest_ids | self.order_line.move_ids.move_dest_ids
        while moves:
            found |= moves.sale_line_id.order_id
            moves = moves.move_dest_ids
        return found
