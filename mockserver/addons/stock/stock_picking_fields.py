"""stock.picking: what forms and lists show of transfers.

Source: recorded in flow-stock-1, flow-stock-3, flow-walk-stock-1 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.stock import forecast, units
from mockserver.orm.fields.numbers import compare


class Picking(models.Model):
    _inherit = "stock.picking"

    @api.computes("products_availability", "products_availability_state")
    def _compute_products_availability(self) -> None:
        for transfer in self:
            text, state = False, False
            if transfer.state in ("waiting", "confirmed", "assigned") and transfer.picking_type_code == "outgoing":
                text, state = transfer._availability()
            transfer.products_availability = text
            transfer.products_availability_state = state

    def _availability(self) -> tuple[Any, Any]:
        moves = self._moves()
        found = forecast.of_moves(moves)
        for move, (quantity, _) in zip(moves, found, strict=True):
            needed = 0.0 if move.state == "draft" else move.product_qty
            if move.state != "cancel" and compare(quantity, needed, move.product_id.uom_id.rounding) < 0:
                return self.env._("Not Available"), "late"
        date = max((date for _, date in found if date), default=None)
        if date is None:
            return self.env._("Available"), "available"
        late = self.scheduled_date and self.scheduled_date < date
        return self.env._("Exp %s").replace("%s", _shown(date)), "late" if late else "expected"

    def _compute_show_check_availability(self) -> None:
        for transfer in self:
            moves = transfer._moves()
            open_ = transfer.state in ("confirmed", "waiting", "assigned")
            picked = "picked" in moves._model.fields and all(move.picked for move in moves)
            transfer.show_check_availability = bool(open_ and not picked) and any(
                move.state in ("waiting", "confirmed", "partially_available")
                and not units.is_zero(move.product_uom_qty, move.product_uom)
                for move in moves
            )

    def _compute_has_tracking(self) -> None:
        for transfer in self:
            transfer.has_tracking = any(move.has_tracking != "none" for move in transfer._moves())

    def _compute_has_packages(self) -> None:
        for transfer in self:
            transfer.has_packages = bool(transfer.move_line_ids.result_package_id)

    def _compute_has_scrap_move(self) -> None:
        for transfer in self:
            transfer.has_scrap_move = any(move._scrapped() for move in transfer._moves())

    def _compute_move_line_exist(self) -> None:
        for transfer in self:
            transfer.move_line_exist = bool(transfer.move_line_ids)

    @api.versions(since=17)
    def _compute_return_count(self) -> None:
        for transfer in self:
            transfer.return_count = len(transfer.return_ids)

    @api.versions(until=17)
    def _compute_hide_picking_type(self) -> None:
        for transfer in self:
            transfer.hide_picking_type = transfer.state != "draft" and bool(transfer.picking_type_id)

    @api.versions(since=16)
    def _compute_is_signed(self) -> None:
        for transfer in self:
            transfer.is_signed = bool(transfer.signature)

    def _compute_delay_alert_date(self) -> None:
        for transfer in self:
            dates = [move.delay_alert_date for move in transfer._moves() if move.delay_alert_date]
            transfer.delay_alert_date = max(dates, default=False)

    def _compute_json_popover(self) -> None:
        for transfer in self:
            transfer.json_popover = False

    def _compute_show_lots_text(self) -> None:
        for transfer in self:
            kind = transfer.picking_type_id
            traced = any(line.product_id.tracking != "none" for line in transfer.move_line_ids)
            shows = traced and kind.use_create_lots and not kind.use_existing_lots and transfer.state != "done"
            transfer.show_lots_text = bool(shows)

    @api.versions(since=16)
    def _compute_show_allocation(self) -> None:
        for transfer in self:
            transfer.show_allocation = False

    @api.versions(since=18)
    def _compute_show_next_pickings(self) -> None:
        for transfer in self:
            transfer.show_next_pickings = bool(transfer._moves().move_dest_ids)

    @api.versions(since=17, until=17)
    @api.computes("show_set_qty_button", "show_clear_qty_button")
    def _compute_show_qty_button(self) -> None:
        for transfer in self:
            transfer.show_set_qty_button = False
            transfer.show_clear_qty_button = False

    @api.versions(since=19)
    def _compute_is_date_editable(self) -> None:
        for transfer in self:
            transfer.is_date_editable = transfer.state not in ("done", "cancel") or not transfer.is_locked

    @api.versions(since=19)
    def _compute_packages_count(self) -> None:
        for transfer in self:
            transfer.packages_count = len(transfer.move_line_ids.result_package_id)


def _shown(moment: str) -> str:
    """Return the day of a moment as the server's English pages show it."""
    year, month, day = moment[:10].split("-")
    return f"{month}/{day}/{year}"
