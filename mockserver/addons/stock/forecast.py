"""Whether what a move needs is there, or when it will be.

Source: recorded in flow-stock-1, flow-stock-3, flow-walk-stock-1 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from typing import Any

from mockserver.addons.stock import storable, units
from mockserver.addons.stock.product_quantities import in_warehouse
from mockserver.orm.fields.numbers import compare
from mockserver.orm.records.environment import Recordset

Forecast = tuple[float, Any]
_OPEN = ("waiting", "confirmed", "partially_available", "assigned")


def of_moves(moves: Recordset) -> list[Forecast]:
    """Return for each move the quantity of its product that is or will be there, and when the last of it comes."""
    found: dict[int, Forecast] = {}
    waiting: dict[int, list[Recordset]] = {}
    for move in moves:
        code = move.picking_type_id.code
        if not storable.is_stored(move.product_id):
            found[move.id] = (move.product_qty, False)
        elif code == "incoming":
            there = _expected(move, move.location_dest_id._warehouse())
            found[move.id] = (there + (move.product_qty if move.state == "draft" else 0.0), False)
        elif not _consumes(move):
            found[move.id] = (0.0, False)
        elif move.state == "assigned":
            found[move.id] = (units.converted(move.product_uom, move.quantity, move.product_id.uom_id), False)
        elif move.state == "draft":
            found[move.id] = (_left(move), False)
        elif move.state in _OPEN:
            waiting.setdefault(move.location_id._warehouse().id or 0, []).append(move)
    for warehouse, group in waiting.items():
        if warehouse:
            found.update(_allotted(moves.env["stock.warehouse"].browse(warehouse), group))
    return [found.get(move.id, (0.0, False)) for move in moves]


def _consumes(move: Recordset) -> bool:
    """Return whether a move takes goods out of a warehouse."""
    return bool(move.picking_type_id.code == "outgoing" or move.location_dest_id.usage == "production")


def _expected(move: Recordset, warehouse: Recordset) -> float:
    """Return how much of the product will be in a warehouse on the day of a move."""
    date = max(move.date or "", move.env.db.clock.now())
    product = in_warehouse(move.product_id, warehouse, to_date=date)
    return float(product.virtual_available)


def _left(move: Recordset) -> float:
    """Return how much will be left in the warehouse of a draft, less than 0 if there is not enough."""
    warehouse = move.location_id._warehouse()
    if move.env.db.profile.rules.drafts_forecast_what_is_free:
        free = float(in_warehouse(move.product_id, warehouse).free_qty)
        return free if free >= move.product_qty else free - move.product_qty
    return float(_expected(move, warehouse) - move.product_qty)


def _allotted(warehouse: Recordset, moves: list[Recordset]) -> dict[int, Forecast]:
    """Share what is in a warehouse and what will come among all moves that take from it, in their order."""
    env = warehouse.env
    found: dict[int, Forecast] = {}
    places = env["stock.location"].with_context(active_test=False).search([
        ("id", "child_of", warehouse.view_location_id.id)
    ])  # fmt: skip
    for product in {move.product_id.id: move.product_id for move in moves}.values():
        found.update(_allotted_of(product, set(places.ids), warehouse))
    return {move.id: found.get(move.id, (0.0, False)) for move in moves}


def _allotted_of(product: Recordset, places: set[int], warehouse: Recordset) -> dict[int, Forecast]:
    env, rounding = product.env, product.uom_id.rounding
    open_ = env["stock.move"].sudo().search(
        [("product_id", "=", product.id), ("state", "in", list(_OPEN))], order="priority desc, date, id"
    )  # fmt: skip
    leaving = [move for move in open_ if move.location_id.id in places and move.location_dest_id.id not in places]
    leaving.sort(key=lambda move: move.reservation_date or "9999" if "reservation_date" in move._model.fields else "")
    coming = {
        move.id: [move, move.product_qty] for move in open_
        if move.location_dest_id.id in places and move.location_id.id not in places
    }  # fmt: skip
    reserved = {move.id: _reserved(move) for move in leaving}
    free = in_warehouse(product, warehouse).free_qty
    found: dict[int, Forecast] = {}
    for move in leaving:
        missing, filled, date = move.product_qty - reserved[move.id], reserved[move.id], False
        taken = min(max(free, 0.0), missing)
        free, missing, filled = free - taken, missing - taken, filled + taken
        for entry in coming.values():
            if compare(missing, 0.0, rounding) <= 0:
                break
            part = min(entry[1], missing)
            if part > 0:
                entry[1] -= part
                missing, filled = missing - part, filled + part
                date = max(date or "", entry[0].date)
        if compare(missing, 0.0, rounding) > 0:
            filled -= missing
        found[move.id] = (filled, date)
    return found


def _reserved(move: Recordset) -> float:
    return units.converted(move.product_uom, move.quantity, move.product_id.uom_id)
