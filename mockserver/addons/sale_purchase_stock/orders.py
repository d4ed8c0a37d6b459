"""sale.order and purchase.order: the orders on the other side of goods that are bought to order.  Inferred: 17.0."""

from __future__ import annotations

from mockserver import models
from mockserver.addons.sale_stock import exceptions
from mockserver.orm.records.environment import Recordset

_OVER = ("done", "cancel")
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

    def _tell_smaller(self, lines: dict[int, tuple[float, float]], *, cancelled: bool = False) -> None:
        """Warn on purchase orders too, by which goods are bought for the lines."""
        super()._tell_smaller(lines, cancelled=cancelled)  # type: ignore[misc]
        changes = exceptions.Changes(self, lines)
        moves = self.env["sale.order.line"].browse(lines).move_ids.sudo().filtered(lambda move: move.state != "cancel")
        told: dict[Recordset, Recordset] = {}
        for move in moves:
            for order in _bought_by(move):
                told[order] = told.get(order, moves.browse()) | move
        for order, own in told.items():
            user = order.user_id or order.env["res.users"].browse(order.env.db.profile.superuser_id)
            text = exceptions.note(changes, own, cancelled=cancelled)
            order.activity_schedule(exceptions.WARNING, note=text, user_id=user.id)


def _bought_by(move: Recordset) -> Recordset:
    """Return the orders by which goods are bought that a move waits for, and that are not received or cancelled."""
    for name in _ASKED:
        if name in move._model.fields and move[name]:
            asked = move[name].filtered(lambda line: line.state not in _OVER)
            orders: Recordset = asked.order_id
            return orders
    if move.purchase_line_id:
        order: Recordset = move.purchase_line_id.order_id
        return order.browse() if move.state in _OVER else order
    found: Recordset = move.env["purchase.order"].sudo()
    for before in move.move_orig_ids:
        found |= _bought_by(before)
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
