"""The names that versions have for the same fields of order lines."""

from __future__ import annotations

from mockserver.orm.records.environment import Recordset


def is_goods(product: Recordset) -> bool:
    """Return whether a product is no service."""
    return product.type in ("consu", "product")


def taxes_field(line: Recordset) -> str:
    """Return the field of the taxes of an order line."""
    return "tax_ids" if "tax_ids" in line._model.fields else "taxes_id"


def unit_field(line: Recordset) -> str:
    """Return the field of the unit of an order line."""
    return "product_uom_id" if "product_uom_id" in line._model.fields else "product_uom"


def unit_of(line: Recordset) -> Recordset:
    """Return the unit of an order line."""
    unit: Recordset = line[unit_field(line)]
    return unit
