"""stock.move: the fields that follow from others.

Source: recorded in flow-stock-1, flow-stock-3 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.stock import forecast, move_quantities, storable, units
from mockserver.addons.stock.facts import Facts
from mockserver.orm.fields.numbers import round_to

_PLANNED = ("draft", "confirmed", "waiting", "partially_available")


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
        facts, found = Facts(self.env), dict[int, float]()
        for row in self._rows():
            unit, product, quantity = row.get("product_uom"), row.get("product_id"), row.get("product_uom_qty") or 0.0
            if unit and product:
                quantity = facts.converted(unit, quantity, facts.unit_of(product))
            found[row["id"]] = quantity
        self._assign_each("product_qty", found)

    def _compute_reference(self) -> None:
        if "name" in self._model.fields:
            self._take_from_transfer("reference", "name", "name")
            return
        self._take_from_transfer("reference", "name", "inventory_name")
        scrapped = [row["id"] for row in self._rows() if row.get("scrap_id") and not row.get("picking_id")]
        for move in self.browse(scrapped):
            move.reference = move.scrap_id.name

    def _compute_priority(self) -> None:
        self._take_from_transfer("priority", "priority", "priority", "0")

    @api.versions(since=17)
    def _compute_partner_id(self) -> None:
        self._take_from_transfer("partner_id", "partner_id", "partner_id")

    @api.versions(since=16)
    def _compute_picking_type_id(self) -> None:
        self._take_from_transfer("picking_type_id", "picking_type_id", "picking_type_id")

    def _take_from_transfer(self, name: str, source: str, own: str, default: Any = None) -> None:
        """Assign the value of a field of the transfer; without one, that of a field of the move."""
        transfers, found = self.env.db.store.rows("stock.picking"), dict[int, Any]()
        for row in self._rows():
            transfer = transfers.get(row.get("picking_id") or 0)
            value = row.get(own) if transfer is None else transfer.get(source)
            found[row["id"]] = value or default or False
        self._assign_each(name, found)

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
        kinds, found = self.env.db.store.rows("stock.picking.type"), dict[int, Any]()
        for row in self._rows():
            kind, date = kinds.get(row.get("picking_type_id") or 0) or {}, row.get("reservation_date")
            if kind.get("reservation_method") == "by_date" and row.get("state") in _PLANNED:
                urgent = "_priority" if row.get("priority") == "1" else ""
                days = kind.get("reservation_days_before" + urgent) or 0
                date = move_quantities.days_before(row["date"], days)
            elif kind.get("reservation_method") == "manual":
                date = None
            found[row["id"]] = date or False
        self._assign_each("reservation_date", found)

    def _compute_delay_alert_date(self) -> None:
        store, found = self.env.db.store, dict[int, Any]()
        rows, by_following = store.rows("stock.move"), store.index("stock.move", "move_dest_ids")
        for row in self._rows():
            before = by_following.get(row["id"])
            if not before or row.get("state") in ("done", "cancel"):
                found[row["id"]] = False
                continue
            dates = [rows[id_]["date"] for id_ in before if rows[id_].get("state") not in ("done", "cancel")]
            last = max(dates, default=None)
            late = last and row.get("date") and last > row["date"]
            found[row["id"]] = last if late else False
        self._assign_each("delay_alert_date", found)

    # -- quantities

    def _compute_quantity(self) -> None:
        self._assign_each("quantity", move_quantities.of_lines(self))

    def _inverse_quantity(self) -> None:
        move_quantities.set_quantities(self)

    def _compute_picked(self) -> None:
        store = self.env.db.store
        lines, by_move = store.rows("stock.move.line"), store.index("stock.move.line", "move_id")
        picked: dict[int, bool] = {}
        for row in self._rows():
            ids = by_move.get(row["id"])
            if row.get("state") == "done" or not ids:
                now = row.get("state") == "done" or bool(row.get("picked"))
            else:
                now = any(lines[id_].get("picked") for id_ in ids)
            picked[row["id"]] = now
        self._assign_each("picked", picked)

    def _inverse_picked(self) -> None:
        if not self.env.db.store.having("stock.move.line", "move_id", self._ids):
            return
        for picked, moves in self.grouped("picked").items():
            lines = moves.move_line_ids
            if lines:
                lines.write({"picked": picked})

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
