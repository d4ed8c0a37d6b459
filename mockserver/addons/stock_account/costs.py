"""What goods that come in cost, and how the cost of their product follows."""

from __future__ import annotations

from typing import Any

from mockserver.addons.stock_account import layers, locations
from mockserver.addons.stock_account.goods import Book
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


def follow_costs(moves: Recordset, forced: Any = None) -> None:
    """Give products at average cost their new average, and products at FIFO cost without stock what comes in costs."""
    book, coming = Book(), dict[int, float]()
    for move in moves:
        if book.method(move.product_id, move.company_id) not in ("average", "fifo"):
            continue
        goods = book.goods(move.product_id, move.company_id)
        own, product = move.with_company(move.company_id), goods.product.id
        there = layers.totals_of(goods).quantity + coming.get(product, 0.0)
        if goods.method == "fifo":
            if compare(there, 0.0, goods.step) == 0:
                goods.set_cost(own._get_price_unit())
            continue
        arriving = locations.flow(own).incoming
        if not arriving:
            continue
        quantity, price = forced or arriving, own._get_price_unit()
        if compare(there, 0.0, goods.step) != 0 and compare(there + quantity, 0.0, goods.step) != 0:
            price = (goods.cost * there + price * quantity) / (there + quantity)
        coming[product] = coming.get(product, 0.0) + arriving
        goods.set_cost(price)
