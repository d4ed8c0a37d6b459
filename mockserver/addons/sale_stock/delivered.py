"""What of an order line is on its way or delivered, by its moves."""

from __future__ import annotations

from mockserver.addons.sale.line_prices import unit_of
from mockserver.orm.records.environment import Recordset

_GOODS = ("consu", "product")


def is_goods(product: Recordset) -> bool:
    """Return whether deliveries are made of a product."""
    return product.type in _GOODS


def moves_out_and_in(line: Recordset, *, strict: bool) -> tuple[Recordset, Recordset]:
    """Return the moves that deliver a line, and those that bring back what is to be refunded.

    Not `strict`: a delivery in several steps counts with its first one, not with the one that reaches the customer.
    """
    moves = line.move_ids.filtered(
        lambda move: move.state != "cancel" and move.product_id == line.product_id and not _is_scrap(move)
    )
    asked = None if strict else _asking_rules(moves)
    out, back = [], []
    for move in moves:
        if _delivers(move, asked):
            if not move.origin_returned_move_id or move.to_refund:
                out.append(move.id)
        elif move.location_id.usage == "customer" and move.to_refund:
            back.append(move.id)
    return moves.browse(out), moves.browse(back)


def delivered_by(line: Recordset) -> float:
    """Return what done moves delivered, less what came back, in the unit of the line."""
    out, back = moves_out_and_in(line, strict=True)
    return sum(_done(move, line) for move in out) - sum(_done(move, line) for move in back)


def quantity_done(move: Recordset) -> float:
    """Return the quantity of a move that is done, or reserved from 17 on, in its unit."""
    name = "quantity" if "quantity" in move._model.fields else "quantity_done"
    return float(move[name])


def in_unit_of_line(move: Recordset, line: Recordset, quantity: float) -> float:
    """Return a quantity of a move in the unit of its line."""
    return float(move.product_uom._compute_quantity(quantity, unit_of(line), rounding_method="HALF-UP"))


def _done(move: Recordset, line: Recordset) -> float:
    return in_unit_of_line(move, line, quantity_done(move)) if move.state == "done" else 0.0


def _is_scrap(move: Recordset) -> bool:
    return bool(move.scrapped) if "scrapped" in move._model.fields else move.location_dest_id.usage == "inventory"


def _delivers(move: Recordset, asked: set[int] | None) -> bool:
    if asked is None:
        return bool(move.location_dest_id.usage == "customer")
    last = move.location_dest_id
    if "location_final_id" in move._model.fields:
        last = move.location_final_id or last
    return move.rule_id.id in asked and last.usage == "customer"


def _asking_rules(moves: Recordset) -> set[int]:
    """Return the rule of the first move in each warehouse: the others follow from it."""
    first: dict[int, int] = {}
    for move in moves.sorted(lambda move: move.id):
        first.setdefault(move.warehouse_id.id, move.rule_id.id)
    return set(first.values())
