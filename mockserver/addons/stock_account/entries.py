"""The entries of automated valuation: what layers move between the accounts of stock.

Source: 17.0, whose texts these are; inferred: no recording has automated valuation.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from mockserver.addons.stock_account import locations
from mockserver.errors import UserError
from mockserver.orm.records.environment import Recordset

_NO_JOURNAL = (
    "You don't have any stock journal defined on your product category, check if you have installed a chart of"
    " accounts."
)
_NO_SIDE = (
    "Cannot find a stock {side} account for the product {product}. You must define one on the product category, or on"
    " the location, before processing this operation."
)
_NO_VALUATION = (
    "You don't have any stock valuation account defined on your product category. You must define one before"
    " processing this operation."
)


class Accounts(NamedTuple):
    """The accounts of a product's category, and what a move puts in their place; ids."""

    journal: int
    source: int
    target: int
    valuation: int


def post(layers: Recordset) -> None:
    """Make and post the entries of layers of products whose valuation is automated."""
    entries = []
    for company, own in layers.filtered("value").grouped("company_id").items():
        there = own.with_company(company)
        automated = there.product_id.filtered(is_automated)._ids
        entries += [vals for layer in there if layer.product_id.id in automated for vals in _entries(layer)]
    if entries:
        layers.env["account.move"].sudo().create(entries)._post()


def post_new_cost(layers: Recordset, products: Recordset, cost: float) -> None:
    """Make and post the entries of a new cost of products."""
    entries = []
    for layer in layers:
        product = layer.product_id.with_company(layer.company_id)
        if not is_automated(product):
            continue
        accounts = product.product_tmpl_id.get_product_accounts()
        if not accounts.get("expense"):
            raise UserError("You must set a counterpart account on your product category.")
        if not accounts.get("stock_valuation"):
            raise UserError(
                "You don't have any stock valuation account defined on your product category. You must define one"
                " before processing this operation."
            )
        text = f"{layers.env.user.name} changed cost from {product.standard_price} to {cost} - {product.display_name}"
        entries.append(revaluation(layer, accounts["expense"].id, accounts, text))
    if entries:
        layers.env["account.move"].sudo().create(entries)._post()


def revaluation(layer: Recordset, counterpart: int, accounts: Any, text: str) -> dict[str, Any]:
    """Return the entry of a layer that changes what is there without goods."""
    product, valuation = layer.product_id, accounts["stock_valuation"].id
    debit, credit = (valuation, counterpart) if layer.value > 0 else (counterpart, valuation)
    amount = abs(layer.value)
    return {
        "journal_id": accounts["stock_journal"].id, "company_id": layer.company_id.id, "ref": product.default_code,
        "stock_valuation_layer_ids": [(6, 0, [layer.id])], "move_type": "entry",
        "line_ids": [
            (0, 0, {"name": text, "account_id": debit, "debit": amount, "credit": 0, "product_id": product.id}),
            (0, 0, {"name": text, "account_id": credit, "debit": 0, "credit": amount, "product_id": product.id}),
        ],
    }  # fmt: skip


def is_automated(product: Recordset) -> bool:
    """Return whether movements of a product make entries."""
    stored = product.is_storable if "is_storable" in product._model.fields else product.type == "product"
    return bool(stored) and product.valuation == "real_time"


def _entries(layer: Recordset) -> list[dict[str, Any]]:
    """Return the entries of a layer that is worth something: between the stock and what waits for its document."""
    value = layer.value
    move = (layer.stock_move_id or layer.stock_valuation_layer_id.stock_move_id).with_company(layer.company_id)
    if not move:
        return []
    accounts = _accounts(move, layer.product_id)
    returned = locations.comes_back(move)
    flow = locations.flow(move)
    if flow.incoming:
        pair = (accounts.target if returned else accounts.source, accounts.valuation)
        return [_entry(layer, move, accounts, pair, value)]
    if flow.outgoing:
        pair = (accounts.valuation, accounts.source if returned else accounts.target)
        return [_entry(layer, move, accounts, pair, -value)]
    if not layer.company_id.anglo_saxon_accounting:
        return []
    if locations.is_dropshipped(move):
        pair = (accounts.source, accounts.valuation) if value > 0 else (accounts.valuation, accounts.target)
        return [_entry(layer, move, accounts, pair, abs(value))]
    if locations.is_dropship_returned(move):
        pair = (accounts.valuation, accounts.source) if value > 0 else (accounts.target, accounts.valuation)
        return [_entry(layer, move, accounts, pair, abs(value))]
    return []


def _accounts(move: Recordset, product: Recordset) -> Accounts:
    found = product.product_tmpl_id.get_product_accounts()
    source, target = found["stock_input"].id, found["stock_output"].id
    if "valuation_out_account_id" in move.location_id._model.fields:
        source = move.location_id.valuation_out_account_id.id or source
        if move.location_dest_id.usage in ("production", "inventory"):
            target = move.location_dest_id.valuation_in_account_id.id or target
    valuation, journal = found["stock_valuation"].id, found["stock_journal"].id
    if not journal:
        raise UserError(_NO_JOURNAL)
    for side, account in (("input", source), ("output", target)):
        if not account:
            raise UserError(_NO_SIDE.replace("{side}", side).replace("{product}", product.display_name))
    if not valuation:
        raise UserError(_NO_VALUATION)
    return Accounts(journal, source, target, valuation)


def _entry(
    layer: Recordset, move: Recordset, accounts: Accounts, pair: tuple[int, int], amount: float
) -> dict[str, Any]:
    """Return an entry that moves an amount from the first account of a pair to the second."""
    product, partner = layer.product_id, move.picking_id.partner_id.commercial_partner_id.id
    shared = {
        "name": layer.description, "product_id": product.id, "quantity": layer.quantity,
        "product_uom_id": product.uom_id.id, "ref": layer.description, "partner_id": partner,
    }  # fmt: skip
    credit, debit = pair
    day = move.env.context.get("force_period_date") or move.env.db.clock.today().isoformat()
    return {
        "journal_id": accounts.journal, "partner_id": partner, "date": day, "ref": layer.description,
        "stock_move_id": move.id, "stock_valuation_layer_ids": [(6, 0, [layer.id])], "move_type": "entry",
        "line_ids": [(0, 0, {**shared, **_side(credit, -amount)}), (0, 0, {**shared, **_side(debit, amount)})],
    }  # fmt: skip


def _side(account: int, balance: float) -> dict[str, Any]:
    return {"account_id": account, "debit": max(balance, 0.0), "credit": max(-balance, 0.0)}
