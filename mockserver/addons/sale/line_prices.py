"""The price of an order line by the order's pricelist, and the discount that is shown beside it.

Source: recorded in flow-product-4 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from mockserver.addons.base.res_groups import is_feature_enabled
from mockserver.addons.product.prices import Wanted, base_price, price_by, wanted, winning_rule
from mockserver.orm.records.environment import Recordset


def unit_of(line: Recordset) -> Recordset:
    """Return the unit of an order line."""
    unit: Recordset = line["product_uom_id" if "product_uom_id" in line._model.fields else "product_uom"]
    return unit


def goods_of(line: Recordset) -> Wanted:
    """Return what an order line asks of a pricelist."""
    order = line.order_id
    extras = line.product_no_variant_attribute_value_ids.mapped("price_extra")
    product = line.product_id.with_context(
        {**line.env.context, "no_variant_attributes_price_extra": tuple(extra for extra in extras if extra)}
    ).with_company(order.company_id)
    return wanted(
        order.pricelist_id, product, line.product_uom_qty or 1.0, unit=unit_of(line), date=order.date_order,
        currency=order.currency_id,
    )  # fmt: skip


def rule_of(line: Recordset) -> Recordset:
    """Return the rule of the order's pricelist that gives the price; none without a pricelist or product."""
    pricelist = line.order_id.pricelist_id
    if not line.product_id or line.display_type or not pricelist:
        return line.env["product.pricelist.item"]
    return winning_rule(pricelist, goods_of(line))


def display_price(line: Recordset) -> float:
    """Return the price before the discount that is shown, in the currency of the order."""
    goods, rule = goods_of(line), rule_of(line)
    price = price_by(rule, goods)
    return max(base_price(_shown_rule(rule, goods), goods), price) if _shows_discount(rule) else price


def discount(line: Recordset) -> float | None:
    """Return the discount that the pricelist gives in percent; None where it shows none."""
    rule = rule_of(line)
    if not line.product_id or line.display_type:
        return 0.0
    if not _shows_discounts(line, rule):
        return None
    goods = goods_of(line)
    price, before = price_by(rule, goods), base_price(_shown_rule(rule, goods), goods)
    found = (before - price) / before * 100 if before and _shows_discount(rule) else 0.0
    return found if found * before > 0 else 0.0


def _shows_discounts(line: Recordset, rule: Recordset) -> bool:
    """Return whether the line's discount is that of the pricelist rather than what was typed."""
    if line.env.db.profile.rules.discounts_switched_on:
        return bool(rule) and is_feature_enabled(line.env, "sale.group_discount_per_so_line")
    return bool(line.order_id.pricelist_id.discount_policy == "without_discount")


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
