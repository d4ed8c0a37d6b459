"""The price of an order line by the order's pricelist, and the discount that is shown beside it.

Source: recorded in flow-product-4 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from mockserver.addons.account import taxes as engine
from mockserver.addons.account.tax_records import TaxReader, method_of
from mockserver.addons.base.res_groups import is_feature_enabled
from mockserver.addons.product.prices import Wanted, base_price, price_by, wanted, winning_rule
from mockserver.orm.records.environment import Recordset


class Asked(NamedTuple):
    """What the price of is asked: a product, how much of it, and the order that it is for."""

    order: Recordset
    product: Recordset
    quantity: float
    unit: Recordset
    extras: tuple[float, ...] = ()

    def goods(self) -> Wanted:
        """Return what is asked of the pricelist."""
        order = self.order
        context = {**order.env.context, "no_variant_attributes_price_extra": self.extras}
        product = self.product.with_context(context).with_company(order.company_id)
        return wanted(
            order.pricelist_id, product, self.quantity or 1.0, unit=self.unit, date=order.date_order,
            currency=order.currency_id,
        )  # fmt: skip


def unit_name(lines: Recordset) -> str:
    """Return the name of the field with the unit of order lines."""
    return "product_uom_id" if "product_uom_id" in lines._model.fields else "product_uom"


def unit_of(line: Recordset) -> Recordset:
    """Return the unit of an order line."""
    unit: Recordset = line[unit_name(line)]
    return unit


def asked(line: Recordset) -> Asked:
    """Return what an order line asks the price of; no product for a line of text."""
    product = line.product_id if not line.display_type else line.product_id.browse()
    extras = line.product_no_variant_attribute_value_ids.mapped("price_extra")
    found = tuple(extra for extra in extras if extra)
    return Asked(line.order_id, product, line.product_uom_qty, unit_of(line), found)


def rule_of(what: Asked, goods: Wanted | None = None) -> Recordset:
    """Return the rule of the order's pricelist that gives the price; none without a pricelist or product."""
    pricelist = what.order.pricelist_id
    if not what.product or not pricelist:
        return what.order.env["product.pricelist.item"]
    return winning_rule(pricelist, goods or what.goods())


_Found = TypeVar("_Found")


def once(find: Callable[[Asked], _Found]) -> Callable[[Asked], _Found]:
    """Return the function that finds a price or a discount once for all lines that ask for the same."""
    known: dict[tuple[Any, ...], _Found] = {}

    def of(what: Asked) -> _Found:
        key = what.order._ids, what.product._ids, what.quantity, what.unit._ids, what.extras
        if key not in known:
            known[key] = find(what)
        return known[key]

    return of


def unit_price(what: Asked) -> float:
    """Return the price of one unit, before the discount that is shown, with the taxes that the order's has in it."""
    if not what.product or not what.unit:
        return 0.0
    return _with_other_taxes(_display_price(what), what)


def discount(what: Asked) -> float | None:
    """Return the discount that the pricelist gives in percent; None where it shows none."""
    if not what.product:
        return 0.0
    goods = what.goods()
    rule = rule_of(what, goods)
    if not _shows_discounts(what.order, rule):
        return None
    price, before = price_by(rule, goods), base_price(_shown_rule(rule, goods), goods)
    found = (before - price) / before * 100 if before and _shows_discount(rule) else 0.0
    return found if found * before > 0 else 0.0


def _display_price(what: Asked) -> float:
    """Return the price before the discount that is shown, in the currency of the order."""
    goods = what.goods()
    rule = rule_of(what, goods)
    price = price_by(rule, goods)
    return max(base_price(_shown_rule(rule, goods), goods), price) if _shows_discount(rule) else price


def _with_other_taxes(price: float, what: Asked) -> float:
    """Return the price with the included taxes of the order's fiscal position in the place of the product's."""
    order = what.order
    position, company = order.fiscal_position_id, order.company_id or order.env.company
    before = what.product.taxes_id.filtered(lambda tax: tax.company_id == company)
    after = position.map_tax(before) if position else before
    if not before or before == after:
        return price
    reader, method = TaxReader(order.env), method_of(company)
    step = float(order.currency_id.rounding or 0.01)
    old, new = reader(before._ids), reader(after._ids)
    if any(tax.included for tax, _ in engine.flattened(old)):
        price = engine.compute_line(engine.BaseLine(taxes=old, price=price, step=step), method).excluded
    included = {tax.id for tax, _ in engine.flattened(new) if tax.included}
    if included:
        added = tuple(tax._replace(included=False) for tax in new)
        found = engine.compute_line(engine.BaseLine(taxes=added, price=price, step=step), method)
        price += sum(applied.amount for applied in found.applied if applied.tax.id in included)
    return price


def _shows_discounts(order: Recordset, rule: Recordset) -> bool:
    """Return whether the discount of a line is that of the pricelist rather than what was typed."""
    if order.env.db.profile.rules.discounts_switched_on:
        return bool(rule) and is_feature_enabled(order.env, "sale.group_discount_per_so_line")
    return bool(order.pricelist_id.discount_policy == "without_discount")


def _shows_discount(rule: Recordset) -> bool:
    """Return whether a rule tells the price and the discount apart."""
    if not rule:
        return False
    if rule.env.db.profile.rules.discounts_switched_on:
        enabled = is_feature_enabled(rule.env, "sale.group_discount_per_so_line")
        return enabled and bool(rule.compute_price == "percentage")
    return bool(rule.pricelist_id.discount_policy == "without_discount")


def _shown_rule(rule: Recordset, goods: Wanted) -> Recordset:
    """Return the lowest rule in a chain of pricelists that show discounts: its base is the price before them."""
    while rule.base == "pricelist" and rule.base_pricelist_id:
        lower = winning_rule(rule.base_pricelist_id, goods)
        if not lower or not _shows_discount(lower):
            break
        rule = lower
    return rule
