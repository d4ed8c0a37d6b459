"""Packagings of order lines, until 18.0: the biggest that the quantity fills, and the quantity of so many of one.

Source: 17.0.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.sale.line_prices import unit_of
from mockserver.orm.fields.numbers import compare


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.versions(since=16, until=18)
    def _compute_product_packaging_id(self) -> None:
        """The biggest packaging that the quantity fills; else the chosen one, if it is of the product."""
        for line in self:
            kept = line.product_packaging_id
            if kept.product_id != line.product_id:
                kept = kept.browse()
            line.product_packaging_id = _suggested(line) or kept

    @api.versions(since=16, until=18)
    def _compute_product_packaging_qty(self) -> None:
        for line in self:
            packaging, unit = line.product_packaging_id, unit_of(line)
            whole = _quantity_in(packaging, unit) if packaging and unit else 0.0
            line.product_packaging_qty = line.product_uom_qty / whole if whole else 0.0

    @api.versions(since=16, until=18)
    def _compute_product_uom_qty(self) -> None:
        """That of the packagings; without one, what was typed; none for texts."""
        super()._compute_product_uom_qty()  # type: ignore[misc]
        for line in self:
            packaging, unit = line.product_packaging_id, unit_of(line)
            if line.display_type or not packaging or not unit:
                continue
            found = line.product_packaging_qty * _quantity_in(packaging, unit)
            if compare(found, line.product_uom_qty, float(unit.rounding)) != 0:
                line.product_uom_qty = found


def _suggested(line: Any) -> Any:
    """Return the biggest packaging for sale of which the line's quantity is a multiple."""
    unit = unit_of(line)
    packagings = line.product_id.packaging_ids.filtered("sales")
    if not (packagings and line.product_uom_qty and unit):
        return packagings.browse()
    for packaging in packagings.sorted(lambda one: -one.qty):
        whole = _quantity_in(packaging, unit)
        count = line.product_uom_qty / whole if whole else 0.0
        fits = packaging.company_id in (packaging.company_id.browse(), line.company_id)
        if fits and count and compare(count, round(count), 0.00001) == 0:
            return packaging
    return packagings.browse()


def _quantity_in(packaging: Any, unit: Any) -> float:
    """Return what a packaging holds, in a unit."""
    return float(packaging.product_uom_id._compute_quantity(packaging.qty, unit))
