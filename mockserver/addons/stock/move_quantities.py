"""The quantity of a move: what its lines say together, and lines for a quantity that is written."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from mockserver.addons.stock import lots, move_reserving, units
from mockserver.addons.stock.facts import Facts
from mockserver.addons.uom.conversion import quantity_in
from mockserver.errors import UserError
from mockserver.orm.fields.numbers import compare, round_to
from mockserver.orm.records.environment import Recordset

LINE = "stock.move.line"
_PRODUCT_QUANTITY = (
    "The requested operation cannot be processed because of a programming error setting the `product_qty` field"
    " instead of the `product_uom_qty`."
)
_ROUNDING = (
    "The quantity done for the product {product} doesn't respect the rounding precision defined on the unit of measure"
    " {unit}. Please change the quantity done or the rounding precision of your unit of measure."
)


def refuse_product_quantity(moves: Recordset) -> None:
    """Raise UserError: the demand is written in the unit of the move."""
    raise UserError(moves.env._(_PRODUCT_QUANTITY))


def days_before(moment: str, days: int) -> str:
    """Return the date so many days before a moment, both as texts."""
    return str((datetime.strptime(moment[:10], "%Y-%m-%d") - timedelta(days=days)).date())


def of_lines(moves: Recordset) -> dict[int, float]:
    """Return the quantities of the lines of moves, each in the unit of its move."""
    store, smallest = moves.env.db.store, units.step(moves.env)
    lines, by_move, units_ = store.rows(LINE), store.index(LINE, "move_id"), moves.env["uom.uom"]
    found: dict[int, float] = {}
    for row in moves._rows():
        unit, total = row.get("product_uom"), 0.0
        for id_ in by_move.get(row["id"], ()):
            own, quantity = lines[id_].get("product_uom_id"), lines[id_].get("quantity") or 0.0
            if own != unit:
                target = units_.browse(unit or ())
                quantity = quantity_in(units_.browse(own or ()), quantity, target, method=None)
            total += quantity
        found[row["id"]] = round_to(total, smallest) if total else 0.0
    return found


def set_quantities(moves: Recordset) -> None:
    """Change the lines of moves so that they have the quantities that the moves show; raises UserError for odd ones."""
    errors = []
    smallest = units.step(moves.env)
    for move in moves:
        asked, unit = move.quantity, move.product_uom
        if compare(round_to(asked, unit.rounding), asked, smallest):
            names = {"product": move.product_id.display_name, "unit": unit.display_name}
            errors.append(moves.env._(_ROUNDING, **names))
            continue
        delta = asked - of_lines(move)[move.id]
        sign = compare(delta, 0.0, unit.rounding)
        if sign > 0:
            _add(move, delta)
        elif sign < 0:
            _take(move, -delta)
    if errors:
        raise UserError("\n".join(errors))


def _take(move: Recordset, quantity: float) -> None:
    """Take a quantity off the lines of a move, the last line first."""
    unit, doomed = move.product_uom, []
    for line in reversed(list(move.move_line_ids.sorted("id"))):
        if units.is_zero(quantity, unit):
            break
        wanted = quantity_in(unit, quantity, line.product_uom_id, method=None)
        part = min(line.quantity, wanted)
        if units.is_zero(part, line.product_uom_id):
            continue
        if not compare(line.quantity, part, line.product_uom_id.rounding) and line.state not in ("done", "cancel"):
            doomed.append(line.id)
        else:
            line.write({"quantity": round_to(line.quantity - part, line.product_uom_id.rounding)})
        quantity -= quantity_in(line.product_uom_id, part, unit, method=None)
    move.env["stock.move.line"].browse(doomed).unlink()


def _add(move: Recordset, quantity: float) -> None:
    """Make lines for a quantity that is forced, whether it is there or not."""
    lines = move.env["stock.move.line"]
    values: dict[str, Any] = move_reserving.line_values(move._rows()[0], 0.0, Facts(move.env))
    if move.product_id.tracking != "serial":
        lines.create({**values, "quantity": quantity, "product_uom_id": move.product_uom.id})
        return
    own = move.product_id.uom_id
    pieces = lots.pieces(units.converted(move.product_uom, quantity, own))
    lines.create([{**values, "quantity": 1.0, "product_uom_id": own.id} for _ in pieces])
