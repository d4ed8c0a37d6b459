"""stock.picking: the sales order of a transfer, and goods that were delivered without having been ordered."""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.sale_stock.delivered import quantity_done
from mockserver.orm.records.environment import Recordset


class Picking(models.Model):
    _inherit = "stock.picking"

    @api.versions(since=18, until=18)
    def _compute_sale_id(self) -> None:
        for picking in self:
            picking.sale_id = picking.group_id.sale_id

    @api.versions(since=19, name="_compute_sale_id")
    def _compute_sale_id_by_moves(self) -> None:
        """That of the moves: a receipt of what was bought to order shares the reference, and is no delivery."""
        for picking in self:
            picking.sale_id = picking.move_ids.sale_line_id.order_id[:1]

    @api.versions(since=19)
    def _compute_move_type(self) -> None:
        """The transfer of an order leaves as the order says."""
        super()._compute_move_type()  # type: ignore[misc]
        for picking in self:
            order = picking._moves().sale_line_id.order_id[:1]
            if order:
                picking.move_type = order.picking_policy

    def _action_done(self) -> Any:
        """Add what was delivered without having been ordered to the order."""
        done = super()._action_done()  # type: ignore[misc]
        lines = [_line_of(move) for move in self._moves() if _is_extra(move)]
        if lines:
            self.env["sale.order.line"].with_context(skip_procurement=True).create(lines)
        return done


def _is_extra(move: Recordset) -> bool:
    [row] = move._rows()
    return bool(
        not row.get("sale_line_id")
        and row.get("state") == "done"
        and move.location_dest_id.usage == "customer"
        and move.picking_id.sale_id
        and quantity_done(move)
    )


def _line_of(move: Recordset) -> dict[str, Any]:
    """Return the order line of an extra move: at the known price if deliveries are invoiced, else at none."""
    order, product = move.picking_id.sale_id, move.product_id
    unit = "product_uom_id" if "product_uom_id" in order.order_line._model.fields else "product_uom"
    vals: dict[str, Any] = {
        "move_ids": [(4, move.id)], "name": product.display_name, "order_id": order.id, "product_id": product.id,
        "product_uom_qty": 0, "qty_delivered": quantity_done(move), unit: move.product_uom.id,
    }  # fmt: skip
    if product.invoice_policy == "order":
        vals["price_unit"] = 0
    else:
        known = order.order_line.filtered(lambda line: line.product_id == product)
        vals |= {"price_unit": known[0].price_unit} if known else {}
    return vals
