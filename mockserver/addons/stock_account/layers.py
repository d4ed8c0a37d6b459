"""Valuation layers: what goods that come in are worth, and what goods that leave take of it.

Source: 17.0; the layers at standard cost of flow-cross-2 (17.0).  Layers at average and FIFO cost are inferred.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from mockserver.addons.stock_account.goods import LAYERS, Goods
from mockserver.orm.fields.numbers import compare, round_half_up
from mockserver.orm.records.environment import Recordset
from mockserver.orm.storage.store import Row
from mockserver.orm.writing.recompute import assign


class Totals(NamedTuple):
    """The sums of the layers of a product in a company."""

    quantity: float = 0.0
    value: float = 0.0


class Taken(NamedTuple):
    """What a quantity takes of the oldest goods: its value, the cost of one, and what was not there."""

    value: float
    unit_cost: float
    missing: float


def totals_of(goods: Goods, until: str | None = None) -> Totals:
    """Return the quantity and the value of a product in the company, at a moment if one is given."""
    if until:
        rows = [row for row in goods.layers() if str(row.get("create_date")) <= until]
        quantity = sum(row.get("quantity") or 0.0 for row in rows)
        value = sum(row.get("value") or 0.0 for row in rows)
    else:
        store, where = goods.product.env.db.store, {"product_id": goods.product.id, "company_id": goods.company.id}
        quantity, value = (store.total(LAYERS, name, **where) for name in ("quantity", "value"))
    return Totals(round_half_up(quantity, 10), goods.money(value))


def incoming(goods: Goods, quantity: float, unit_cost: float) -> dict[str, Any]:
    """Return the layer of goods that come in."""
    value = goods.money(unit_cost * quantity)
    found = {"product_id": goods.product.id, "value": value, "unit_cost": unit_cost, "quantity": quantity}
    if _is_queued(goods):
        found |= {"remaining_qty": quantity, "remaining_value": value}
    return found


def outgoing(goods: Goods, quantity: float) -> dict[str, Any]:
    """Return the layer of goods that leave, which takes from the oldest goods; the note mentions a rounding."""
    cost = goods.cost
    found: dict[str, Any] = {
        "product_id": goods.product.id, "value": goods.money(-quantity * cost), "unit_cost": cost,
        "quantity": -quantity,
    }  # fmt: skip
    if not _is_queued(goods):
        return found
    before = totals_of(goods) if goods.method == "average" else Totals()
    taken = take(goods, quantity)
    found["remaining_qty"] = -taken.missing or 0.0
    if goods.method == "average":
        found |= _rounded(goods, found["value"], before, quantity)
    elif goods.method == "fifo":
        found |= {"value": -taken.value, "unit_cost": taken.unit_cost}
    return found


def _is_queued(goods: Goods) -> bool:
    """Return whether layers keep what remains of them; until 15 not at standard cost."""
    return goods.method in ("average", "fifo") or bool(goods.product.env.db.profile.rules.standard_layers_remain)


def _rounded(goods: Goods, value: float, before: Totals, quantity: float) -> dict[str, Any]:
    """Return the value of goods at average cost with their part of what the rounded average left over."""
    if not before.quantity:
        return {}
    currency = goods.currency
    error = goods.money((goods.cost * before.quantity - before.value) * abs(quantity / before.quantity))
    if not error or abs(error) > max(quantity * currency.rounding / 2, currency.rounding):
        return {}
    sign, digits = "+" if error > 0 else "", int(currency.decimal_places)
    note = f"\nRounding Adjustment: {sign}{error:.{digits}f} {currency.symbol}"
    return {"value": goods.money(value + error), "note": note}


def take(goods: Goods, quantity: float) -> Taken:
    """Take a quantity from the layers with goods that remain, the oldest first.

    At FIFO cost the product's cost becomes that of the layer that is next.
    """
    left, value, cost = quantity, 0.0, 0.0
    queue = goods.queue()
    for row in queue:
        share = _shared(goods, row, left)
        cost, value, left = share.unit_cost, value + share.value, round_half_up(left - share.quantity, 10)
        if compare(left, 0.0, goods.step) == 0:
            emptied = compare(row["remaining_qty"], share.quantity, goods.step) == 0
            following = next(queue, None) if emptied else None
            cost = cost if following is None else following.get("unit_cost") or cost
            break
    if cost and goods.method == "fifo":
        goods.set_cost(cost)
    if compare(left, 0.0, goods.step) == 0:
        return Taken(goods.money(value), value / quantity if quantity else 0.0, 0.0)
    last = cost or goods.cost
    return Taken(goods.money(value + last * left), last, left)


class _Share(NamedTuple):
    quantity: float
    value: float
    unit_cost: float


def _shared(goods: Goods, row: Row, wanted: float) -> _Share:
    """Take up to a quantity of a layer."""
    there, worth = row["remaining_qty"], row.get("remaining_value") or 0.0
    quantity, cost = min(wanted, there), worth / there
    value = goods.money(quantity * cost)
    left = {"remaining_qty": round_half_up(there - quantity, 10), "remaining_value": goods.money(worth - value)}
    assign(goods.product.env, LAYERS, {name: {row["id"]: amount} for name, amount in left.items()})
    return _Share(quantity, value, cost)


def fill_gaps(products: Recordset) -> list[dict[str, Any]]:
    """Let goods that came in fill what left before there was any; return the layers that correct the values."""
    corrections = []
    for product in products:
        goods = Goods(product)
        short = [row for row in goods.short() if row.get("stock_move_id")]
        if not short:
            continue
        corrections += _filled(goods, short)
        now = totals_of(goods)
        if goods.method == "average" and now.quantity:
            goods.set_cost(now.value / now.quantity)
    return corrections


def _filled(goods: Goods, short: Iterable[Row]) -> list[dict[str, Any]]:
    corrections = []
    for row in short:
        wanted, value = -row["remaining_qty"], 0.0
        for later in goods.layers():
            if later["id"] > row["id"] and (later.get("remaining_qty") or 0.0) > 0 and wanted > 0:
                share = _shared(goods, later, wanted)
                wanted, value = round_half_up(wanted - share.quantity, 10), value + share.value
        filled = -row["remaining_qty"] - wanted
        if not filled:
            break
        goods.product.env[LAYERS].sudo().browse(row["id"]).remaining_qty = -wanted or 0.0
        correction = goods.money((row.get("unit_cost") or 0.0) * filled - value)
        if correction:
            corrections.append(_correction(goods.product, row, correction))
    return corrections


def _correction(product: Recordset, row: Row, value: float) -> dict[str, Any]:
    move = product.env["stock.move"].sudo().browse(row["stock_move_id"])
    named = move.picking_id.name or (move.name if "name" in move._model.fields else move.reference)
    return {
        "product_id": product.id, "value": value, "unit_cost": 0, "quantity": 0, "remaining_qty": 0,
        "stock_move_id": move.id, "company_id": move.company_id.id, "stock_valuation_layer_id": row["id"],
        "description": f"Revaluation of {named} (negative inventory)",
    }  # fmt: skip
