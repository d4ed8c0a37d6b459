"""What is left of the goods that came in, from 19 on: the oldest leave first.

Inferred: see move_values.
"""

from __future__ import annotations

from typing import NamedTuple

from mockserver.addons.stock_account.locations import flow
from mockserver.orm.records.environment import Recordset


class Left(NamedTuple):
    """What is left of a move."""

    quantity: float
    value: float


class Ahead:
    """What moves that are done together still bring: of all of them the quantities are there already."""

    def __init__(self, moves: Recordset) -> None:
        self._quantities: dict[int, float] = {}
        for move in moves:
            product = move.product_id.id
            self._quantities[product] = self._quantities.get(product, 0.0) + _signed(move)

    def passes(self, move: Recordset) -> None:
        """Count a move as one of the past."""
        self._quantities[move.product_id.id] -= _signed(move)

    def of(self, product: Recordset) -> float:
        """Return the quantity of a product that later moves bring, less what they take."""
        return self._quantities.get(product.id, 0.0)


def _signed(move: Recordset) -> float:
    found = flow(move)
    return found.incoming - found.outgoing


def by_move(product: Recordset, less: float = 0.0) -> dict[int, Left]:
    """Return what is left of each move in, once `less` more has left: the newest moves that make up what is there."""
    found: dict[int, Left] = {}
    wanted = float(product.qty_available) - less
    for move in _moves_in(product):
        if wanted <= 0:
            break
        quantity = flow(move).incoming
        if quantity <= 0:
            continue
        share = min(quantity, wanted)
        found[move.id] = Left(share, float(move.value or 0.0) * share / quantity)
        wanted -= share
    return found


def left_by(product: Recordset, move: Recordset) -> float:
    """Return the value of what a move took, at FIFO cost."""
    after = by_move(product)
    before = by_move(product, less=-flow(move).outgoing)
    value = sum(left.value for left in before.values()) - sum(left.value for left in after.values())
    missing = flow(move).outgoing - sum(left.quantity for left in before.values())
    missing += sum(left.quantity for left in after.values())
    cost = max(missing, 0.0) * float(product.standard_price)
    return float(product.env.company.currency_id.round(value + cost))


def follow(product: Recordset, move: Recordset, ahead: float) -> None:
    """Give a product the cost that follows from a move that was done, before what is `ahead`."""
    quantity = float(product.qty_available) - ahead
    if product.cost_method == "average" and move.is_in:
        there = quantity - flow(move).incoming
        if there > 0 and quantity > 0:
            cost = (float(product.standard_price) * there + float(move.value)) / quantity
        else:
            cost = float(move.value) / flow(move).incoming
        _set_cost(product, cost)
    elif product.cost_method == "fifo":
        value = sum(left.value for left in by_move(product).values())
        if quantity > 0:
            _set_cost(product, value / quantity)


def _moves_in(product: Recordset) -> Recordset:
    """Return the done moves in of a product in the current company, the newest first."""
    domain = [("product_id", "=", product.id), ("is_in", "=", True), ("company_id", "=", product.env.company.id)]
    found: Recordset = product.env["stock.move"].sudo().search(domain, order="date desc, id desc")
    return found


def _set_cost(product: Recordset, cost: float) -> None:
    product.sudo().with_context(disable_auto_revaluation=True).standard_price = cost
