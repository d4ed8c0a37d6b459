"""What of an order line is on its way or delivered, by its moves.

Read from rows: every change of a move asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable

from mockserver.addons.sale.line_prices import unit_of
from mockserver.orm.fields.numbers import round_to
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.storage.store import Row

MOVES = "stock.move"
_GOODS = ("consu", "product")


def is_goods(product: Recordset) -> bool:
    """Return whether deliveries are made of a product."""
    return product.type in _GOODS


def moves_out_and_in(line: Recordset, *, strict: bool) -> tuple[list[Row], list[Row]]:
    """Return the moves that deliver a line, and those that bring back what is to be refunded; as rows.

    Not `strict`: a delivery in several steps counts with its first one, not with the one that reaches the customer.
    """
    env, product = line.env, line._rows()[0].get("product_id")
    rows = [row for row in moves_of(line) if row.get("state") != "cancel" and row.get("product_id") == product]
    rows = [row for row in rows if not _is_scrap(env, row)]
    asked = None if strict else _asking_rules(rows)
    out, back = [], []
    for row in rows:
        if _delivers(env, row, asked):
            if not row.get("origin_returned_move_id") or row.get("to_refund"):
                out.append(row)
        elif row.get("to_refund") and _usage(env, row.get("location_id")) == "customer":
            back.append(row)
    return out, back


def moves_of(line: Recordset) -> list[Row]:
    """Return the moves of a line, the oldest first."""
    store = line.env.db.store
    ids = store.index(MOVES, "sale_line_id").get(line._ids[0]) if line else None
    table = store.rows(MOVES) if ids else {}
    return [table[id_] for id_ in sorted(ids or ())]


def delivered_by(line: Recordset) -> float:
    """Return what done moves delivered, less what came back, in the unit of the line."""
    moves, ids = line.env.db.store.rows(MOVES), line.env.db.store.index(MOVES, "sale_line_id").get(line._ids[0], ())
    if not any(moves[id_].get("state") == "done" for id_ in ids):
        return 0.0
    out, back = moves_out_and_in(line, strict=True)
    return in_unit_of_line(line, map(_done, out)) - in_unit_of_line(line, map(_done, back))


def quantity_done(move: Recordset) -> float:
    """Return the quantity of a move that is done, or reserved from 17 on, in its unit."""
    return float(move["quantity" if "quantity" in move._model.fields else "quantity_done"])


def of_row(move: Row) -> tuple[int, float]:
    """Return the unit of a move and what it did, or what it asks for if it is open.

    Until 16 the quantity of a done move that is stored is what it asked for, which is what it did.
    """
    name = "quantity" if move.get("state") == "done" and "quantity" in move else "product_uom_qty"
    return move["product_uom"], float(move.get(name) or 0.0)


def in_unit_of_line(line: Recordset, quantities: Iterable[tuple[int, float]]) -> float:
    """Return the sum of quantities that are given with their units, in the unit of the line."""
    several = list(quantities)
    if not several:
        return 0.0
    unit, total = unit_of(line), 0.0
    for own, quantity in several:
        if own == unit.id:
            total += round_to(quantity, unit.rounding)
        elif quantity:
            total += line.env["uom.uom"].browse(own)._compute_quantity(quantity, unit, rounding_method="HALF-UP")
    return total


def _done(move: Row) -> tuple[int, float]:
    return of_row(move) if move.get("state") == "done" else (move["product_uom"], 0.0)


def _is_scrap(env: Environment, move: Row) -> bool:
    if "scrapped" in env.db.registry[MOVES].fields:
        return bool(move.get("scrapped"))
    return _usage(env, move.get("location_dest_id")) == "inventory"


def _usage(env: Environment, location: int | None) -> str:
    return str(env.db.store.rows("stock.location").get(location or 0, {}).get("usage"))


def _delivers(env: Environment, move: Row, asked: set[int] | None) -> bool:
    if asked is None:
        return _usage(env, move.get("location_dest_id")) == "customer"
    last = move.get("location_final_id") or move.get("location_dest_id")
    return (move.get("rule_id") or 0) in asked and _usage(env, last) == "customer"


def _asking_rules(moves: Iterable[Row]) -> set[int]:
    """Return the rule of the first move in each warehouse: the others follow from it."""
    first: dict[int, int] = {}
    for move in moves:
        first.setdefault(move.get("warehouse_id") or 0, move.get("rule_id") or 0)
    return set(first.values())
