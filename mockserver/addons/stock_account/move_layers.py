"""The layers of a move, by what it means for the company."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mockserver.addons.stock_account import layers, locations
from mockserver.addons.stock_account.costs import quantity_in, quantity_out
from mockserver.errors import UserError
from mockserver.orm.fields.numbers import compare
from mockserver.orm.records.environment import Recordset

KINDS = ("in", "out", "dropshipped")


def of(move: Recordset, kind: str) -> Iterator[dict[str, Any]]:
    """Yield the layers of a done move of a kind; none if it is of another."""
    move = move.with_company(move.company_id)
    if kind == "dropshipped":
        if locations.is_dropshipped(move) or locations.is_dropship_returned(move):
            yield from _dropshipped(move)
        return
    quantity = quantity_in(move) if kind == "in" else quantity_out(move)
    if compare(quantity, 0.0, move.product_id.uom_id.rounding) == 0:
        return
    _check_lines(move, kind)
    yield _layer(move, quantity, comes=kind == "in")


def correction(move: Recordset, quantity: float, *, comes: bool) -> dict[str, Any]:
    """Return the layer of a quantity by which a done move was changed."""
    move = move.with_company(move.company_id)
    text = f"Correction of {_document(move)} (modification of past move)"
    return {**_layer(move, quantity, comes=comes), "description": text}


def _layer(move: Recordset, quantity: float, *, comes: bool) -> dict[str, Any]:
    product = move.product_id
    if comes:
        standard = product.cost_method == "standard"
        cost = float(product.standard_price) if standard else abs(move._get_price_unit())
        found = layers.incoming(product, quantity, cost)
    else:
        found = layers.outgoing(product, quantity)
    note = found.pop("note", "")
    return {**found, **_common(move), "description": f"{_said(move)}{note}"}


def _dropshipped(move: Recordset) -> Iterator[dict[str, Any]]:
    """Yield what comes in and leaves again at once."""
    product = move.product_id
    lines = move.move_line_ids.filtered(lambda line: line.picked if "picked" in line._model.fields else True)
    quantity = sum(map(locations.done_in_own_unit, lines))
    cost = float(product.standard_price) if product.cost_method == "standard" else move._get_price_unit()
    for sign in (1, -1) if locations.is_dropshipped(move) else (-1, 1):
        value = layers.money(product, cost * quantity * sign)
        amounts = {"product_id": product.id, "unit_cost": cost, "value": value, "quantity": sign * quantity}
        yield {**amounts, **_common(move), "description": _said(move)}


def _common(move: Recordset) -> dict[str, Any]:
    return {"stock_move_id": move.id, "company_id": move.company_id.id}


def _said(move: Recordset) -> str:
    name = move.product_id.name
    return f"{move.reference} - {name}" if move.reference else str(name)


def _document(move: Recordset) -> str:
    return str(move.picking_id.name or (move.name if "name" in move._model.fields else move.reference))


def _check_lines(move: Recordset, kind: str) -> None:
    """Raise UserError for lines that go several ways."""
    if kind == "in" and locations.lines_out(move):
        raise UserError(
            "The move lines are not in a consistent state: some are entering and other are leaving the company."
        )
    place = "location_dest_id" if kind == "in" else "location_id"
    if len(move.move_line_ids.mapped(place).company_id) > 1:
        raise UserError(
            "The move lines are not in a consistent state: they do not share the same origin or destination company."
        )
