"""Quantities of moves in the unit of their product and back."""

from __future__ import annotations

from mockserver.addons.uom.conversion import quantity_in
from mockserver.orm.fields.numbers import compare, round_to
from mockserver.orm.records.environment import Environment, Recordset


def step(env: Environment) -> float:
    """Return the smallest quantity that fields of quantities hold."""
    digits: int = env["decimal.precision"].precision_get(env.db.profile.rules.quantity_precision)
    return float(10**-digits)


def converted(unit: Recordset, quantity: float, target: Recordset) -> float:
    """Return a quantity in another unit, rounded half up to its precision."""
    return quantity_in(unit, quantity, target, method="HALF-UP")


def in_move_unit(move: Recordset, quantity: float) -> tuple[Recordset, float]:
    """Return the unit in which a line of a move has a quantity of the product's unit, and how much that is.

    It is the unit of the move unless the quantity would change on the way there and back.
    """
    own, asked = move.product_id.uom_id, move.product_uom
    if own == asked:
        return asked, quantity
    smallest = step(move.env)
    there = round_to(converted(own, quantity, asked), smallest)
    if compare(quantity, converted(asked, there, own), smallest):
        return own, quantity
    return asked, there


def is_zero(quantity: float, unit: Recordset) -> bool:
    """Return whether a quantity is nothing at the precision of its unit."""
    return compare(quantity, 0.0, unit.rounding) == 0
