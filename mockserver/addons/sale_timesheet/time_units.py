"""Units of working time."""

from __future__ import annotations

from mockserver.addons.uom.conversion import quantity_in
from mockserver.orm.records.environment import Recordset


def is_time(unit: Recordset) -> bool:
    """Return whether a unit is one of time, as hours are."""
    hour = unit.env.ref("uom.product_uom_hour", raise_if_not_found=False)
    if not hour or not unit:
        return False
    if "category_id" in unit:
        return bool(unit.category_id == hour.category_id)
    return _root(unit) == _root(hour)


def shown_total(entries: Recordset, company: Recordset) -> int:
    """Return how much working time there is, in whole units of those in which the company records it."""
    total = sum(entry.unit_amount or 0.0 for entry in entries)
    own = company.sudo()
    return round(quantity_in(own.project_time_mode_id, total, own.timesheet_encode_uom_id, method="HALF-UP"))


def _root(unit: Recordset) -> Recordset:
    """Return the unit that others are counted in, since 19."""
    while unit.relative_uom_id:
        unit = unit.relative_uom_id
    return unit
