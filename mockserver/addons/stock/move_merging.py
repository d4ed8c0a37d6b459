"""Moves of a transfer that are alike become one when they are confirmed; moves of less than nothing reduce others."""

from __future__ import annotations

from typing import Any

from mockserver.addons.stock import units
from mockserver.orm.fields.numbers import compare, round_to
from mockserver.orm.records.environment import Recordset

# only moves with the same values merge; fields that a version lacks are left out
DISTINCT = (
    "product_id", "price_unit", "procure_method", "location_id", "location_dest_id", "product_uom",
    "restrict_partner_id", "scrapped", "origin_returned_move_id", "package_level_id", "propagate_cancel",
    "description_picking", "product_packaging_id", "date_deadline", "location_final_id",
)  # fmt: skip
# what moves that take back need not have in common with what they reduce
_NOT_OF_NEGATIVES = ("description_picking", "price_unit", "date_deadline")


def merge(moves: Recordset, merge_into: Recordset | None = None) -> Recordset:
    """Merge moves with those of their transfers that are alike; return the moves that are left of `moves`."""
    negative = moves.browse(row["id"] for row in moves._rows() if (row.get("product_uom_qty") or 0.0) < 0)
    if len(moves) == 1 and not negative and not merge_into and len(moves.picking_id._moves()) < 2:
        return moves
    left = dict.fromkeys(moves._ids)
    reducible: dict[Any, list[Recordset]] = {}
    for candidates in _candidate_sets(moves, merge_into):
        open_ = [row["id"] for row in candidates._rows() if row.get("state") not in ("done", "cancel", "draft")]
        candidates = candidates.browse(open_) - negative
        for ids in _keys(candidates).values():
            if len(ids) > 1 and any(id_ in left for id_ in ids):
                _join(moves.browse(ids))
                left = {id_: None for id_ in left if id_ not in ids} | {ids[0]: None}
        for key, ids in _keys(candidates.exists(), _NOT_OF_NEGATIVES).items() if negative else ():
            reducible.setdefault(key, []).extend(moves.browse(ids))
    for move in negative:
        [key] = _keys(move, _NOT_OF_NEGATIVES)
        left.update(dict.fromkeys(_reduce(move, reducible.get(key, []))))
        if not move.exists():
            del left[move.id]
    return moves.browse(left)


def _candidate_sets(moves: Recordset, merge_into: Recordset | None) -> list[Recordset]:
    if merge_into:
        return [merge_into | moves]
    return [transfer._moves() for transfer in moves.picking_id]


def _keys(moves: Recordset, without: tuple[str, ...] = ()) -> dict[Any, list[int]]:
    """Return the ids of moves by what they have in common where they are alike."""
    fields = moves._model.fields
    names = [
        name for name in dict.fromkeys(moves._prepare_merge_moves_distinct_fields())
        if name in fields and fields[name].column and name not in without and name != "price_unit"
    ]  # fmt: skip
    priced = "price_unit" not in without
    found: dict[Any, list[int]] = {}
    for row in moves._rows():
        price = round_to(row.get("price_unit") or 0.0, 0.0001) if priced else 0.0
        found.setdefault((price, *[row.get(name) or None for name in names]), []).append(row["id"])
    return found


def _join(alike: Recordset) -> None:
    """Make one move of several: the first, with the lines and the demand of all."""
    kept, others = alike[0], alike[1:]
    dates = alike.mapped("date")
    values: dict[str, Any] = {
        "product_uom_qty": sum(alike.mapped("product_uom_qty")),
        "date": min(dates) if kept.picking_id.move_type == "direct" else max(dates),
        "move_dest_ids": [(4, id_) for id_ in alike.move_dest_ids.ids],
        "move_orig_ids": [(4, id_) for id_ in alike.move_orig_ids.ids],
        "state": alike._get_relevant_state_among_moves(),
        "origin": "/".join(dict.fromkeys(text for text in alike.mapped("origin") if text)),
    }
    lines = others.move_line_ids
    if lines:
        lines.write({"move_id": kept.id})
    kept.with_context(do_not_unreserve=True).write(values)
    _discard(others)


def _reduce(move: Recordset, others: list[Recordset]) -> list[int]:
    """Take what a move of less than nothing takes back off others; return the ids of those that are less now."""
    reduced, emptied = [], []
    for other in others:
        unit, price = other.product_uom, move.company_id.currency_id.rounding
        if other.state == "cancel" or compare(other.price_unit, move.price_unit, price):
            continue
        reduced.append(other.id)
        if compare(other.product_uom_qty, -move.product_uom_qty, unit.rounding) >= 0:
            _take_back(move, other)
            if units.is_zero(other.product_uom_qty, unit):
                emptied.append(other.id)
            _discard(move)
            break
        move.write({"product_uom_qty": move.product_uom_qty + other.product_uom_qty})
        other.write({"product_uom_qty": 0.0})
        emptied.append(other.id)
    move.browse(emptied)._action_cancel()
    return reduced


def _take_back(move: Recordset, other: Recordset) -> None:
    following = move.move_dest_ids.filtered(lambda dest: dest.location_id == other.location_dest_id)
    before = move.move_orig_ids.filtered(lambda orig: orig.location_dest_id == other.location_id)
    other.write({"product_uom_qty": other.product_uom_qty + move.product_uom_qty})
    if following or before:
        other.write({
            "move_dest_ids": [(4, id_) for id_ in following.ids], "move_orig_ids": [(4, id_) for id_ in before.ids],
        })  # fmt: skip


def _discard(moves: Recordset) -> None:
    """Delete moves that are part of others now, without cancelling what follows them."""
    moves.write({"propagate_cancel": False, "move_dest_ids": [(5, 0, 0)], "move_orig_ids": [(5, 0, 0)]})
    moves.write({"state": "cancel"})
    moves.sudo().unlink()
