"""sale.order.line: delivered quantities by stock moves, and the deliveries that confirmed quantities ask for.

Source: recorded in flow-sale-2 (17.0, 18.0, 19.0), flow-cross-1 (17.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.sale_stock import procurement
from mockserver.addons.sale_stock.delivered import (
    delivered_by,
    in_unit_of_line,
    is_goods,
    moves_of,
    moves_out_and_in,
    of_row,
)
from mockserver.errors import UserError
from mockserver.orm.fields.numbers import compare

if TYPE_CHECKING:
    from typing_extensions import Self

_OPEN = ("done", "cancel")


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    # -- delivered quantities

    def _compute_qty_delivered_method(self) -> None:
        super()._compute_qty_delivered_method()  # type: ignore[misc]
        for line in self:
            if not line.is_expense and is_goods(line.product_id):
                line.qty_delivered_method = "stock_move"

    def _compute_qty_delivered(self) -> None:
        by_moves = self._delivered_by("stock_move")
        if by_moves != self:
            super(SaleOrderLine, self - by_moves)._compute_qty_delivered()  # type: ignore[misc]
        for quantity, alike in by_moves.grouped(delivered_by).items():
            alike.qty_delivered = quantity

    def _compute_product_updatable(self) -> None:
        """The product of a line with moves stays."""
        super()._compute_product_updatable()  # type: ignore[misc]
        for line in self:
            if any(move.state != "cancel" for move in line.move_ids):
                line.product_updatable = False

    @api.versions(since=16)
    def _compute_customer_lead(self) -> None:
        for line in self:
            line.customer_lead = line.product_id.sale_delay

    @api.versions(since=18)
    def _compute_warehouse_id(self) -> None:
        for line in self:
            line.warehouse_id = line.order_id.warehouse_id

    # -- what confirmed quantities ask for

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create lines; those of a confirmed order are delivered too."""
        lines = super().create(vals_list)
        lines.filtered(lambda line: line.state == "sale")._action_launch_stock_rule()
        return lines

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change lines; the deliveries of a confirmed order follow its quantities and lead times."""
        known: dict[int, float] = {}
        if "product_uom_qty" in vals:
            lines = self.filtered(lambda line: line.state == "sale" and not line.is_expense)
            known = {line.id: line.product_uom_qty for line in lines}
        if "product_packaging_id" in vals:
            open_moves = self.move_ids.filtered(lambda move: move.state not in _OPEN)
            open_moves.write({"product_packaging_id": vals["product_packaging_id"]})
        done = super().write(vals)
        if known:
            self.browse(known)._action_launch_stock_rule(known)
        if "customer_lead" in vals:
            for line in self.filtered(lambda line: line.state == "sale" and not line.order_id.commitment_date):
                line.move_ids.write({"date_deadline": line._expected_date()})
        return done

    def _update_line_quantity(self, values: Mapping[str, Any]) -> None:
        """Refuse less than was delivered."""
        goods = self.filtered(lambda line: is_goods(line.product_id))
        delivered = [line.qty_delivered for line in goods]
        if any(delivered) and compare(values["product_uom_qty"], max(delivered), 0.01) < 0:
            raise UserError(self.env._(self.env.db.profile.rules.less_than_delivered_text))
        super()._update_line_quantity(values)  # type: ignore[misc]

    def _action_launch_stock_rule(self, previous_product_uom_qty: Any = False) -> bool:
        """Ask for the delivery of what is ordered and not yet on its way; of less if less is ordered now."""
        return procurement.launch(self)

    def _prepare_procurement_values(self, group_id: Any = False) -> dict[str, Any]:
        return procurement.values_of(self, group_id)

    def _get_qty_procurement(self, previous_product_uom_qty: Any = False) -> float:
        """Return how much of the line is on its way or delivered already, in its unit."""
        if not moves_of(self):
            return 0.0
        out, back = moves_out_and_in(self, strict=False)
        return in_unit_of_line(self, map(of_row, out)) - in_unit_of_line(self, map(of_row, back))

    def has_valued_move_ids(self) -> Any:
        """Return the moves that count for the value of the lines."""
        return self.move_ids
