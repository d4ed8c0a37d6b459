"""Moves of a transfer that are alike become one when they are confirmed."""

from __future__ import annotations

from typing import Any

from mockserver.orm.fields.numbers import compare
from mockserver.orm.records.environment import Recordset

# of these only moves with the same values merge; those that a version lacks are left out
_DISTINCT = (
    "product_id", "price_unit", "procure_method", "location_id", "location_dest_id", "product_uom",
    "restrict_partner_id", "scrapped", "origin_returned_move_id", "package_level_id", "propagate_cancel",
    "description_picking", "product_packaging_id", "date_deadline", "location_final_id", "sale_line_id",
    "purchase_line_id", "created_purchase_line_ids", "bom_line_id", "to_refund",
)  # fmt: skip


def merge(moves: Recordset, merge_into: Recordset | None = None) -> Recordset:
    """Merge moves with those of their transfers that are alike; return the moves that are left of `moves`."""
    env = moves.env
    gone: dict[int, int] = {}
    groups: dict[Any, Recordset] = {}
    for transfer in moves.picking_id:
        candidates = transfer._moves().filtered(lambda move: move.state not in ("done", "cancel", "draft"))
        for alike in candidates.grouped(_key).values():
            if len(alike) > 1 and any(move in moves for move in alike):
                groups[alike.ids[0], transfer.id] = alike
    if merge_into:
        for into in merge_into:
            alike = (into | moves).grouped(_key)[_key(into)]
            if len(alike) > 1:
                groups[into.id, 0] = alike
    for alike in groups.values():
        gone.update(_join(alike))
    if not gone:
        return moves
    left = dict.fromkeys(gone.get(id_, id_) for id_ in moves._ids)
    return env["stock.move"].browse(left)


def _key(move: Recordset) -> tuple[Any, ...]:
    fields = move._model.fields
    names = [name for name in move._prepare_merge_moves_distinct_fields() if name in fields]
    found: list[Any] = []
    for name in names:
        value = move[name]
        if name == "price_unit":
            value = round(value, move.company_id.currency_id.decimal_places or 2)
        found.append(value._ids if fields[name].relational else value)
    # moves of less than nothing are joined with each other only
    return (*found, compare(move.product_uom_qty, 0.0, move.product_uom.rounding) < 0)


def _join(alike: Recordset) -> dict[int, int]:
    """Make one move of several; return the ids of those that are gone with the id of the one that is left."""
    kept = alike.sorted(lambda move: (_is_new(move), move.id))[0]
    others = alike - kept
    transfer = kept.picking_id
    dates = alike.mapped("date")
    values: dict[str, Any] = {
        "product_uom_qty": sum(alike.mapped("product_uom_qty")),
        "date": min(dates) if transfer.move_type == "direct" else max(dates),
        "move_dest_ids": [(4, id_) for id_ in alike.move_dest_ids.ids],
        "move_orig_ids": [(4, id_) for id_ in alike.move_orig_ids.ids],
        "state": alike._get_relevant_state_among_moves(),
        "origin": "/".join(dict.fromkeys(text for text in alike.mapped("origin") if text)),
    }
    lines = others.move_line_ids
    if lines:
        lines.write({"move_id": kept.id})
    kept.with_context(do_not_unreserve=True).write(values)
    others.write({"propagate_cancel": False, "move_dest_ids": [(5, 0, 0)], "move_orig_ids": [(5, 0, 0)]})
    others.write({"state": "cancel"})
    others.sudo().unlink()
    return dict.fromkeys(others._ids, kept.id)


def _is_new(move: Recordset) -> bool:
    return bool(move.state == "draft")
