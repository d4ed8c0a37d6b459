"""The layers of a move, by what it means for the company."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mockserver.addons.stock_account import layers, locations
from mockserver.addons.stock_account.goods import Book, Goods
from mockserver.errors import UserError
from mockserver.orm.fields.numbers import compare
from mockserver.orm.records.environment import Recordset


def of_moves(moves: Recordset) -> list[dict[str, Any]]:
    """Return the layers of done moves: of all that come in, then of all that leave, then of those that do both."""
    book = Book()
    flows = [(move, locations.flow(move)) for move in moves]
    made = []
    for comes in (True, False):
        for move, flow in flows:
            quantity = flow.incoming if comes else flow.outgoing
            if not quantity:
                continue
            goods = book.goods(move.product_id, move.company_id)
            if compare(quantity, 0.0, goods.step) != 0:
                _check(flow, comes=comes)
                made.append(_layer(move, goods, quantity, comes=comes))
    for move, flow in flows:
        if not flow.incoming and not flow.outgoing:
            made += _dropshipped(move, book)
    return made


def correction(move: Recordset, quantity: float, *, comes: bool) -> dict[str, Any]:
    """Return the layer of a quantity by which a done move was changed."""
    goods = Book().goods(move.product_id, move.company_id)
    text = f"Correction of {_document(move)} (modification of past move)"
    return {**_layer(move, goods, quantity, comes=comes), "description": text}


def _layer(move: Recordset, goods: Goods, quantity: float, *, comes: bool) -> dict[str, Any]:
    if comes:
        standard = goods.method == "standard"
        cost = goods.cost if standard else abs(move.with_company(move.company_id)._get_price_unit())
        found = layers.incoming(goods, quantity, cost)
    else:
        found = layers.outgoing(goods, quantity)
    note = found.pop("note", "")
    return {**found, **_common(move), "description": f"{_said(move, goods)}{note}"}


def _dropshipped(move: Recordset, book: Book) -> Iterator[dict[str, Any]]:
    """Yield what comes in and leaves again at once, if a move is of that kind."""
    there, back = locations.is_dropshipped(move), locations.is_dropship_returned(move)
    if not (there or back):
        return
    goods = book.goods(move.product_id, move.company_id)
    quantity = locations.quantity_moved(move)
    standard = goods.method == "standard"
    cost = goods.cost if standard else move.with_company(move.company_id)._get_price_unit()
    for sign in (1, -1) if there else (-1, 1):
        amounts = {"unit_cost": cost, "value": goods.money(cost * quantity * sign), "quantity": sign * quantity}
        yield {"product_id": goods.product.id, **amounts, **_common(move), "description": _said(move, goods)}


def _common(move: Recordset) -> dict[str, Any]:
    return {"stock_move_id": move.id, "company_id": move.company_id.id}


def _said(move: Recordset, goods: Goods) -> str:
    reference = move.reference
    return f"{reference} - {goods.name}" if reference else goods.name


def _document(move: Recordset) -> str:
    return str(move.picking_id.name or (move.name if "name" in move._model.fields else move.reference))


def _check(flow: locations.Flow, *, comes: bool) -> None:
    """Raise UserError for lines that go several ways."""
    if comes and flow.outgoing:
        raise UserError(
            "The move lines are not in a consistent state: some are entering and other are leaving the company."
        )
    if len(flow.targets if comes else flow.sources) > 1:
        raise UserError(
            "The move lines are not in a consistent state: they do not share the same origin or destination company."
        )
