"""What goods that come in cost, and how the cost of their product follows."""

from __future__ import annotations

from typing import Any

from mockserver.addons.stock_account import layers, locations
from mockserver.orm.fields.numbers import compare
from mockserver.orm.records.environment import Recordset


def unit_price(move: Recordset) -> float:
    """Return what one unit of a move costs: of returned goods what they cost when they left, else its price or cost."""
    origin = move.origin_returned_move_id.sudo()
    if origin.stock_valuation_layer_ids:
        found = origin.stock_valuation_layer_ids
        if locations.is_dropshipped(origin) or locations.is_dropship_returned(origin):
            found = found.filtered(lambda layer: layer.value <= 0)
        found |= found.stock_valuation_layer_ids
        quantity = sum(found.mapped("quantity"))
        return sum(found.mapped("value")) / quantity if quantity else 0.0
    price = float(move.price_unit or 0.0)
    return price if compare(price, 0.0, 0.01) != 0 else float(move.product_id.standard_price)


def quantity_in(move: Recordset) -> float:
    """Return what comes into the company by a move, in the unit of the product."""
    return sum(map(locations.done_in_own_unit, locations.lines_in(move)))


def quantity_out(move: Recordset) -> float:
    """Return what leaves the company by a move, in the unit of the product."""
    return sum(map(locations.done_in_own_unit, locations.lines_out(move)))


def follow_costs(moves: Recordset, forced: Any = None) -> None:
    """Give products at average cost their new average, and products at FIFO cost without stock what comes in costs."""
    coming: dict[int, float] = {}
    for move in moves:
        move = move.with_company(move.company_id)
        product, step = move.product_id, move.product_id.uom_id.rounding
        if product.cost_method not in ("average", "fifo"):
            continue
        there = layers.totals_of(product).quantity + coming.get(product.id, 0.0)
        if product.cost_method == "fifo":
            if compare(there, 0.0, step) == 0:
                layers.set_cost(product, move._get_price_unit())
            continue
        if not locations.lines_in(move):
            continue
        quantity = forced or quantity_in(move)
        price = move._get_price_unit()
        if compare(there, 0.0, step) != 0 and compare(there + quantity, 0.0, step) != 0:
            price = (product.standard_price * there + price * quantity) / (there + quantity)
        coming[product.id] = coming.get(product.id, 0.0) + quantity_in(move)
        layers.set_cost(product, price)
