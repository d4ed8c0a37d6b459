"""stock.move: the fields that follow from others.

Source: recorded in flow-stock-1, flow-stock-3 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.stock import forecast, move_quantities, storable, units
from mockserver.orm.fields.numbers import round_to


class Move(models.Model):
    _inherit = "stock.move"

    def _compute_display_name(self) -> None:
        for move in self:
            origin, code = move.picking_id.origin, move.product_id.code
            before = f"{origin}/" if origin else ""
            before += f"{code}: " if code else ""
            move.display_name = f"{before}{move.location_id.name}>{move.location_dest_id.name}"

    # -- what moves have from their transfer and product

    @api.versions(since=16)
    def _compute_product_uom(self) -> None:
        for move in self:
            move.product_uom = move.product_uom or move.product_id.uom_id

    def _compute_product_qty(self) -> None:
        for move in self:
            move.product_qty = units.converted(move.product_uom, move.product_uom_qty, move.product_id.uom_id)

    def _compute_reference(self) -> None:
        named = "name" in self._model.fields
        for move in self:
            if move.picking_id:
                move.reference = move.picking_id.name
            else:
                move.reference = move.name if named else move.reference

    def _compute_priority(self) -> None:
        for move in self:
            move.priority = move.picking_id.priority or move.priority or "0"

    @api.versions(since=17)
    def _compute_partner_id(self) -> None:
        for move in self:
            move.partner_id = move.picking_id.partner_id if move.picking_id else move.partner_id

    @api.versions(since=16)
    def _compute_picking_type_id(self) -> None:
        for move in self:
            move.picking_type_id = move.picking_id.picking_type_id if move.picking_id else move.picking_type_id

    @api.versions(since=18)
    def _compute_location_id(self) -> None:
        for move in self:
            if move.picking_id and (not move.location_id or move.location_id != move.picking_id.location_id):
                move.location_id = move.location_id or move.picking_id.location_id
            else:
                move.location_id = move.location_id or move.picking_type_id.default_location_src_id

    @api.versions(since=18)
    def _compute_location_dest_id(self) -> None:
        for move in self:
            move.location_dest_id = (
                move.location_dest_id
                or move.picking_id.location_dest_id
                or move.picking_type_id.default_location_dest_id
            )

    def _compute_reservation_date(self) -> None:
        for move in self:
            kind, found = move.picking_type_id, move.reservation_date
            if kind.reservation_method == "by_date" and move.state in (
                "draft", "confirmed", "waiting", "partially_available"
            ):  # fmt: skip
                urgent = move.priority == "1"
                days = kind.reservation_days_before_priority if urgent else kind.reservation_days_before
                found = move_quantities.days_before(move.date, days or 0)
            elif kind.reservation_method == "manual":
                found = False
            move.reservation_date = found

    def _compute_delay_alert_date(self) -> None:
        for move in self:
            open_ = move.move_orig_ids.filtered(lambda other: other.state not in ("done", "cancel"))
            last = max((date for date in open_.mapped("date") if date), default=False)
            late = move.state not in ("done", "cancel") and last and move.date and last > move.date
            move.delay_alert_date = last if late else False

    # -- quantities

    @api.versions(since=17)
    def _compute_quantity(self) -> None:
        for move in self:
            move.quantity = move_quantities.of_lines(move)

    @api.versions(since=17)
    def _inverse_quantity(self) -> None:
        move_quantities.set_quantities(self)

    @api.versions(since=17)
    def _compute_picked(self) -> None:
        for move in self:
            lines = move.move_line_ids
            if move.state == "done" or any(line.picked for line in lines):
                move.picked = True
            elif lines:
                move.picked = False
            else:
                move.picked = move.picked

    @api.versions(since=17)
    def _inverse_picked(self) -> None:
        for move in self:
            if move.move_line_ids:
                move.move_line_ids.write({"picked": move.picked})

    def _inverse_product_qty(self) -> None:
        move_quantities.refuse_product_quantity(self)

    def _compute_availability(self) -> None:
        quants = self.env["stock.quant"]
        for move in self:
            if move.state == "done":
                move.availability = move.product_qty
                continue
            free = quants.sudo()._get_available_quantity(move.product_id, move.location_id) if move.product_id else 0.0
            move.availability = min(move.product_qty, free) if storable.is_stored(move.product_id) else 0.0

    @api.computes("forecast_availability", "forecast_expected_date")
    def _compute_forecast_information(self) -> None:
        for move, (quantity, date) in zip(self, forecast.of_moves(self), strict=True):
            move.forecast_availability = quantity
            move.forecast_expected_date = date

    @api.versions(since=17, until=18)
    def _compute_product_packaging_qty(self) -> None:
        for move in self:
            size = move.product_packaging_id.qty
            move.product_packaging_qty = round_to(move.product_qty / size, 0.01) if size else False

    @api.versions(since=17, until=18)
    def _compute_product_packaging_quantity(self) -> None:
        for move in self:
            size = move.product_packaging_id.qty
            quantity = units.converted(move.product_uom, move.quantity, move.product_id.uom_id)
            move.product_packaging_quantity = round_to(quantity / size, 0.01) if size else False

    # -- what forms show

    @api.versions(since=16)
    def _compute_move_lines_count(self) -> None:
        for move in self:
            move.move_lines_count = len(move.move_line_ids)

    def _compute_is_locked(self) -> None:
        for move in self:
            move.is_locked = move.picking_id.is_locked if move.picking_id else False

    def _compute_is_initial_demand_editable(self) -> None:
        for move in self:
            move.is_initial_demand_editable = not move.picking_id.is_locked or move.state == "draft"

    def _compute_is_quantity_done_editable(self) -> None:
        for move in self:
            move.is_quantity_done_editable = bool(move.product_id)

    def _compute_show_details_visible(self) -> None:
        shows = self.env.user.has_group("stock.group_stock_multi_locations")
        shows = shows or self.env.user.has_group("stock.group_tracking_lot")
        for move in self:
            if not move.product_id:
                move.show_details_visible = False
            elif len(move.move_line_ids) > 1:
                move.show_details_visible = True
            else:
                move.show_details_visible = bool(shows or move.has_tracking != "none")

    @api.versions(since=17)
    @api.computes("show_quant", "show_lots_m2o", "show_lots_text")
    def _compute_show_info(self) -> None:
        for move in self:
            kind = move.picking_type_id
            traced, incoming = move.has_tracking != "none", move.picking_code == "incoming"
            move.show_quant = not incoming and storable.is_stored(move.product_id)
            move.show_lots_m2o = traced and (
                kind.use_existing_lots or move.state == "done" or bool(move.origin_returned_move_id)
            )
            move.show_lots_text = (
                traced and kind.use_create_lots and not kind.use_existing_lots and move.state != "done"
                and not move.origin_returned_move_id
            )  # fmt: skip

    @api.versions(since=17, until=17)
    def _compute_show_reserved(self) -> None:
        for move in self:
            move.show_reserved = bool(move.picking_type_id.show_reserved or move.origin_returned_move_id)

    @api.versions(since=17)
    @api.computes("display_assign_serial", "display_import_lot")
    def _compute_display_assign_serial(self) -> None:
        for move in self:
            kind = move.picking_type_id
            shown: Any = (
                move.has_tracking in ("serial", "lot") and move.picking_id.picking_type_id.use_create_lots
                and move.state in ("partially_available", "assigned", "confirmed")
                and not move.origin_returned_move_id.id and kind.use_create_lots and not kind.use_existing_lots
            )  # fmt: skip
            move.display_assign_serial = bool(shown)
            move.display_import_lot = bool(shown)

    def _compute_lot_ids(self) -> None:
        for move in self:
            move.lot_ids = move.move_line_ids.filtered(lambda line: line.quantity).lot_id
