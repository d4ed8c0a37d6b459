"""Quantities and prices in other units.

Until 18 the factor of a unit is how many of it make one reference unit of its category, from 19 on how many reference
units it is.
"""

from __future__ import annotations

from mockserver.errors import UserError
from mockserver.orm.fields.numbers import round_to
from mockserver.orm.records.environment import Recordset

_WRONG_CATEGORY = (
    "The unit of measure %s defined on the order line doesn't belong to the same category as the unit of measure %s"
    " defined on the product. Please correct the unit of measure defined on the order line or on the product, they"
    " should belong to the same category."
)


def size(unit: Recordset) -> float:
    """Return how many reference units one of a unit is."""
    factor = float(unit.factor)
    return factor if unit.env.db.profile.rules.absolute_unit_factors else 1 / factor if factor else 0.0


def convertible(unit: Recordset, target: Recordset) -> bool:
    """Return whether both units are of one category; from 19 on there are none."""
    return unit.env.db.profile.rules.absolute_unit_factors or bool(unit.category_id == target.category_id)


def quantity_in(
    unit: Recordset, quantity: float, target: Recordset, *, method: str | None = "UP", strict: bool = True
) -> float:
    """Return a quantity of a unit in the target unit, rounded to its precision; not rounded without a method.

    Raises UserError for units of different categories if `strict`; else the quantity is returned as it is.
    """
    if not unit or not quantity:
        return quantity
    if unit != target and target and not convertible(unit, target):
        if strict:
            text = unit.env._(_WRONG_CATEGORY)
            raise UserError(text.replace("%s", unit.name, 1).replace("%s", target.name, 1))
        return quantity
    amount = quantity if unit == target else _scaled(unit, quantity, target)
    return round_to(amount, target.rounding, method) if target and method else amount


def _scaled(unit: Recordset, quantity: float, target: Recordset) -> float:
    # in the server's order, because the last digits depend on it
    factor = float(target.factor) if target else 1.0
    if unit.env.db.profile.rules.absolute_unit_factors:
        return quantity * float(unit.factor) / factor
    return quantity / float(unit.factor) * factor


def price_in(unit: Recordset, price: float, target: Recordset) -> float:
    """Return the price of one of a unit as the price of one of the target unit."""
    if not unit or not price or not target or unit == target or not convertible(unit, target):
        return price
    if unit.env.db.profile.rules.absolute_unit_factors:
        return float(price * target.factor / unit.factor)
    return float(price * unit.factor / target.factor)
