"""Another way of valuing: what is there leaves as it was valued, and comes in again as it is valued now.

Source: 17.0; inferred.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from mockserver.addons.stock_account import entries, layers
from mockserver.addons.stock_account.goods import LAYERS, Goods
from mockserver.orm.records.environment import Recordset


class Change(NamedTuple):
    """Products whose way of valuing changes, with what their layers say of it."""

    products: Recordset
    text: str


class Emptied(NamedTuple):
    """A product whose layers were emptied, and the quantity that was there."""

    product: Recordset
    quantity: float
    text: str


def of_templates(templates: Recordset, category: Recordset) -> list[Change]:
    """Return the changes of products that get another category."""
    changes = []
    for template in templates:
        old, new = template.categ_id, category
        if old == new or (
            old.property_cost_method == new.property_cost_method and old.property_valuation == new.property_valuation
        ):
            continue
        text = (
            f"Due to a change of product category (from {old.display_name} to {new.display_name}), the costing method"
            f"                                has changed for product template {template.display_name}: from"
            f" {old.property_cost_method} to {new.property_cost_method}."
        )
        changes.append(Change(template.product_variant_ids, " ".join(text.split())))
    return changes


def of_categories(categories: Recordset, vals: Any) -> list[Change]:
    """Return the changes of products whose category is valued in another way."""
    changes = []
    for category in categories:
        for name, what in (("property_cost_method", "Costing"), ("property_valuation", "Valuation")):
            old, new = category[name], vals.get(name, category[name])
            if old != new:
                products = category.env["product.product"].search([("categ_id", "=", category.id)])
                text = f"{what} method change for product category {category.display_name}: from {old} to {new}."
                changes.append(Change(products, text))
                break
    return changes


def empty(changes: list[Change]) -> list[Emptied]:
    """Make the layers by which what is there leaves."""
    emptied, made = [], []
    for change in changes:
        for product in change.products:
            goods = Goods(product)
            sums = layers.totals_of(goods)
            if not sums.quantity:
                continue
            if sums.quantity > 0:
                vals = layers.outgoing(goods, sums.quantity)
            else:
                vals = layers.incoming(goods, -sums.quantity, sums.value / sums.quantity)
            made.append(_finished(product, vals, change.text))
            emptied.append(Emptied(product, sums.quantity, change.text))
    _store(made)
    return emptied


def fill(emptied: list[Emptied]) -> None:
    """Make the layers by which it comes in again."""
    made = []
    for product, quantity, text in emptied:
        if quantity > 0:
            vals = layers.incoming(Goods(product), quantity, product.standard_price)
        else:
            vals = layers.outgoing(Goods(product), -quantity)
        made.append(_finished(product, vals, text))
    _store(made)


def _finished(product: Recordset, vals: dict[str, Any], text: str) -> tuple[Recordset, dict[str, Any]]:
    note = vals.pop("note", "")
    return product, {**vals, "description": f"{text}{note}", "company_id": product.env.company.id}


def _store(made: list[tuple[Recordset, dict[str, Any]]]) -> None:
    """Store layers; with automated valuation the value goes to the output account, or comes from the input account."""
    for product, vals in made:
        layer = product.env[LAYERS].sudo().create(vals)
        if not layer.value or not entries.is_automated(product):
            continue
        accounts = product.product_tmpl_id.get_product_accounts()
        counterpart = accounts["stock_output" if layer.value < 0 else "stock_input"]
        vals = entries.revaluation(layer, counterpart.id, accounts, layer.description)
        product.env["account.move"].sudo().create(vals)._post()
