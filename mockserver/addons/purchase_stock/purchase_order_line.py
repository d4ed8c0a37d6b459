"""purchase.order.line: the moves that bring its goods, and what they have brought.

Source: 17.0; recorded in flow-purchase-1, flow-purchase-2, flow-walk-purchase-1 (17.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.purchase.names import is_goods, unit_of
from mockserver.addons.purchase_stock.directions import brings, takes_back
from mockserver.addons.purchase_stock.move_values import Planner
from mockserver.addons.stock.product_quantities import in_warehouse
from mockserver.addons.uom.conversion import quantity_in
from mockserver.errors import UserError
from mockserver.orm.fields.numbers import compare
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

_CLOSED = ("done", "cancel")
_NOT_CANCELLED = ("draft", "waiting", "confirmed", "partially_available", "assigned", "done")
_LESS_THAN_BILLED = "The quantities on your purchase order indicate less than billed. You should ask for a refund."


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    # -- create, write, delete

    def create(self, vals_list: Any) -> Self:
        """Create lines; those of confirmed orders are planned at once."""
        lines: Self = super().create(vals_list)
        lines.filtered(lambda line: line.order_id.state == "purchase")._create_or_update_picking()
        return lines

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change lines; the moves of confirmed orders follow."""
        if vals.get("date_planned"):
            self.exists().filtered(lambda line: not line.display_type)._follow_day(vals["date_planned"])
        watched = {"product_qty", "price_unit"} & vals.keys()
        lines = self.exists().filtered(_is_confirmed) if watched else self.browse()
        before = {line.id: line.product_qty for line in lines}
        super().write(vals)
        if "price_unit" in vals:
            for line in lines:
                line._own_moves().write({"price_unit": line._get_stock_move_price_unit()})
        if "product_qty" in vals:
            changed = lines.filtered(
                lambda line: compare(before[line.id], line.product_qty, float(unit_of(line).rounding))
            )
            changed._create_or_update_picking()
        return True

    def unlink(self) -> bool:
        """Delete lines; their moves are cancelled, and what waits for those, unless that is to be served otherwise."""
        for moves in (self.move_ids, self.filtered("propagate_cancel").move_dest_ids):
            if moves:
                moves._action_cancel()
        served = self.filtered(lambda line: not line.propagate_cancel).move_dest_ids
        if served:
            served.write({"procure_method": "make_to_stock"})
            served._recompute_state()
        return super().unlink()

    def _own_moves(self) -> Recordset:
        """Return the open moves of the product of a line."""
        found: Recordset = self.move_ids.filtered(
            lambda move: move.state not in _CLOSED and move.product_id == self.product_id
        )
        return found

    def _follow_day(self, day: Any) -> None:
        """Let open moves have a new deadline; without any those that wait for them."""
        open_ = self.move_ids.filtered(lambda move: move.state not in _CLOSED)
        if not open_:
            open_ = self.move_dest_ids.filtered(lambda move: move.state not in _CLOSED)
        if open_:
            open_.write({"date_deadline": day})

    # -- received

    def _compute_qty_received_method(self) -> None:
        """By moves for goods."""
        super()._compute_qty_received_method()  # type: ignore[misc]
        for line in self:
            if not line.display_type and line.product_id and is_goods(line.product_id):
                line.qty_received_method = "stock_moves"

    def _compute_qty_received(self) -> None:
        """What moves have brought, less what was returned and is to be refunded."""
        by_moves = self.filtered(lambda line: line.qty_received_method == "stock_moves")
        super(PurchaseOrderLine, self - by_moves)._compute_qty_received()  # type: ignore[misc]
        for line in by_moves:
            received = line._brought(done=True)
            line._tell_received(received)
            line.qty_received = received

    def _brought(self, *, done: bool) -> float:
        """Return what the moves of a line have brought in its unit; of all open ones too, unless `done`."""
        counted = _moves_of(self, ("done",) if done else _NOT_CANCELLED)
        if not counted:
            return 0.0
        unit, total = unit_of(self), 0.0
        for move in counted:
            if move.product_id != self.product_id:
                continue
            sign = -1 if takes_back(move) else 1 if brings(move) else 0
            if sign:
                moved = _moved(move) if move.state == "done" else move.product_uom_qty
                total += sign * quantity_in(move.product_uom, moved, unit, method="HALF-UP")
        return total

    # -- moves

    def _create_or_update_picking(self) -> None:
        """Plan what lines of confirmed orders need more, in an open receipt if there is one, or less."""
        refused = self.env.db.profile.rules.purchase_below_received_text
        for line in self:
            step = float(unit_of(line).rounding)
            if not line.product_id or not is_goods(line.product_id):
                continue
            if refused and compare(line.product_qty, line.qty_received, step) < 0:
                raise UserError(self.env._(refused))
            if line.invoice_lines and compare(line.product_qty, line.qty_invoiced, step) < 0:
                bill = line.invoice_lines[0].move_id
                bill.activity_schedule("mail.mail_activity_data_warning", note=self.env._(_LESS_THAN_BILLED))
            receipt = _open_receipt(line.move_ids.picking_id) or _open_receipt(line.order_id.picking_ids)
            if not receipt:
                if line.product_qty <= line.qty_received:
                    continue
                receipt = line.order_id._new_receipt()
            line._create_stock_moves(receipt)._action_confirm()._action_assign()

    def _create_stock_moves(self, picking: Recordset) -> Recordset:
        """Create the moves that lines of an order need besides those that they have."""
        values: list[dict[str, Any]] = []
        planner = Planner(self.order_id, picking)
        for line in self.filtered(lambda line: not line.display_type):
            values += planner.moves(line)
            _forget_demands(line)
        found: Recordset = picking.env["stock.move"].create(values)
        return found

    def _get_stock_move_price_unit(self) -> float:
        """Return the price of one of the product's unit without taxes, in the currency of the company."""
        self.ensure_one()
        return Planner(self.order_id, self.env["stock.picking"]).price(self)

    @api.versions(since=16)
    def _compute_forecasted_issue(self) -> None:
        """Whether the stock that is expected on the day of arrival is negative."""
        for line in self:
            warehouse = line.order_id.picking_type_id.warehouse_id
            line.forecasted_issue = False
            if line.product_id and warehouse:
                there = in_warehouse(line.product_id, warehouse, to_date=line.date_planned)
                expected = there.virtual_available
                if line.state == "draft":
                    expected += line.product_uom_qty
                line.forecasted_issue = expected < 0


def _moves_of(line: Recordset, states: tuple[str, ...]) -> Recordset:
    """Return the moves of a line in one of these states; read from rows, since every change of a move asks for it."""
    store = line.env.db.store
    rows = store.rows("stock.move")
    ids = [
        id_ for id_ in store.having("stock.move", "purchase_line_id", (line.id,)) if rows[id_].get("state") in states
    ]
    found: Recordset = line.env["stock.move"].sudo().browse(sorted(ids))
    return found


def _is_confirmed(line: Recordset) -> bool:
    return bool(line.order_id.state == "purchase" and not line.display_type)


def _moved(move: Recordset) -> float:
    """Return what a move has moved."""
    return float(move.quantity if "quantity" in move._model.fields else move.quantity_done)


def _open_receipt(pickings: Recordset) -> Recordset:
    """Return the first transfer that is open and brings goods to the company or to a customer."""
    found: Recordset = pickings.filtered(
        lambda picking: (
            picking.state not in _CLOSED and picking.location_dest_id.usage in ("internal", "transit", "customer")
        )
    )[:1]
    return found


def _forget_demands(line: Recordset) -> None:
    """The moves that wait for a line wait for its moves from now on."""
    moves = line.move_dest_ids
    if not moves:
        return
    if "created_purchase_line_ids" in moves._model.fields:
        moves.write({"created_purchase_line_ids": [(5, 0, 0)]})
    else:
        moves.write({"created_purchase_line_id": False})
