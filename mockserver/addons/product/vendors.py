"""Which vendor's entry counts for a product: by vendor, quantity, date and unit, the cheapest one.

Source: 17.0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mockserver.addons.uom.conversion import quantity_in
from mockserver.orm.fields.numbers import compare
from mockserver.orm.records.environment import Environment, Recordset


def unit_digits(env: Environment) -> int:
    """Return the decimal places of quantities."""
    usage = "Product Unit" if env.db.profile.rules.absolute_unit_factors else "Product Unit of Measure"
    digits: int = env["decimal.precision"].precision_get(usage)
    return digits


def vendor_field(env: Environment) -> str:
    """Return the name of the field of an entry that is its vendor: `name` until 15."""
    return "partner_id" if "partner_id" in env["product.supplierinfo"]._model.fields else "name"


def unit_of(entry: Recordset) -> Recordset:
    """Return the unit of an entry's price and quantity."""
    unit: Recordset = entry["product_uom_id" if "product_uom_id" in entry._model.fields else "product_uom"]
    return unit


def entries_of(product: Recordset) -> Recordset:
    """Return the entries for a variant of vendors that are not archived, the first in sequence first."""
    vendor = vendor_field(product.env)
    company = product.env.company.id
    entries = product.seller_ids.filtered(lambda entry: entry[vendor].active)
    usable = entries.filtered(lambda entry: entry.company_id.id in (False, company))
    found: Recordset = usable.sorted(lambda entry: (entry.sequence, -entry.min_qty, entry.price, entry.id))
    return found


def fitting(
    product: Recordset, vendor: Recordset, quantity: float | None, day: str, unit: Recordset | None
) -> Recordset:
    """Return the entries that fit a vendor or its company (none: any), a quantity (None: any) in a unit, and a day."""
    field = vendor_field(product.env)
    step = 10.0 ** -unit_digits(product.env)
    vendors = (*vendor._ids, *vendor.parent_id._ids)

    def fits(entry: Recordset) -> bool:
        if (entry.date_start or day) > day or (entry.date_end or day) < day:
            return False
        if vendors and entry[field].id not in vendors:
            return False
        if entry.product_id and entry.product_id != product:
            return False
        if quantity is None:
            return True
        own = quantity_in(unit, quantity, unit_of(entry)) if unit and unit != unit_of(entry) else quantity
        return compare(own, entry.min_qty, step) >= 0

    found: Recordset = entries_of(product).filtered(fits)
    return found


def best(entries: Recordset, price: Callable[[Recordset], Any]) -> Recordset:
    """Return the entry with the lowest price among those of the first one's vendor."""
    field = vendor_field(entries.env)
    same = entries.filtered(lambda entry: entry[field] == entries[:1][field])
    found: Recordset = same.sorted(lambda entry: (price(entry), entry.sequence, entry.id))[:1]
    return found
