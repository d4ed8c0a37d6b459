"""The price of a product by a pricelist: which rule wins, and what it makes of the base price.

Source: recorded in flow-product-4 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mockserver.addons.uom.conversion import price_in, quantity_in
from mockserver.orm.fields.numbers import round_to
from mockserver.orm.records.environment import Recordset


class Wanted(NamedTuple):
    """What is bought: a variant or template, a quantity of a unit, and when; the price is in the currency."""

    product: Recordset
    quantity: float
    unit: Recordset
    date: str
    currency: Recordset

    def in_own_unit(self) -> float:
        """Return the quantity in the product's unit, which minimum quantities are about."""
        own = self.product.uom_id
        return self.quantity if self.unit == own else quantity_in(self.unit, self.quantity, own, strict=False)

    def converted(self, price: float) -> float:
        """Return a price of the product's unit for the wanted one."""
        return price_in(self.product.uom_id, price, self.unit)


def wanted(
    pricelist: Recordset, product: Recordset, quantity: float, *,
    unit: Recordset | None = None, date: str | None = None, currency: Recordset | None = None,
) -> Wanted:  # fmt: skip
    """Return what is asked of a pricelist, or of none; by default now, in the product's unit and its own currency."""
    env = product.env
    return Wanted(
        product,
        quantity,
        unit or product.uom_id,
        str(date or env.db.clock.now()),
        currency or pricelist.currency_id or env.company.currency_id,
    )


# -- which rule wins


def winning_rule(pricelist: Recordset, goods: Wanted) -> Recordset:
    """Return the first rule that applies, in their model's order: the most specific, for most, the newest."""
    quantity = goods.in_own_unit()
    for rule in _candidates(pricelist, goods):
        if _fits(rule, goods.product, quantity):
            return rule
    return pricelist.env["product.pricelist.item"]


def _candidates(pricelist: Recordset, goods: Wanted) -> Iterator[Recordset]:
    """Yield the rules of a pricelist that are valid on the date, in their order."""
    if not pricelist:
        return
    rules = pricelist.env["product.pricelist.item"].sudo()
    for rule in rules.with_context(active_test=False).search([("pricelist_id", "=", pricelist.id)]):
        if (rule.date_start or goods.date) <= goods.date <= (rule.date_end or goods.date):
            yield rule.with_context(pricelist.env.context)


def _fits(rule: Recordset, product: Recordset, quantity: float) -> bool:
    """Return whether a rule is about the product and quantity."""
    if rule.min_quantity and quantity < rule.min_quantity:
        return False
    is_template = product._name == "product.template"
    template = product if is_template else product.product_tmpl_id
    if rule.applied_on == "2_product_category":
        path = str(product.categ_id.parent_path or "")
        return bool(product.categ_id) and path.startswith(str(rule.categ_id.parent_path))
    if rule.applied_on == "1_product":
        return bool(template == rule.product_tmpl_id)
    if rule.applied_on == "0_product_variant":
        variant = template.product_variant_ids if is_template else product
        return len(variant) == 1 and bool(variant == rule.product_id)
    return True


# -- what it makes of the price


def price_by(rule: Recordset, goods: Wanted) -> float:
    """Return the price of one unit by a rule; without a rule, the sales price."""
    if rule.compute_price == "fixed":
        return goods.converted(rule.fixed_price)
    base = base_price(rule, goods)
    if rule.compute_price == "percentage":
        return base - base * (rule.percent_price / 100) or 0.0
    return _by_formula(rule, goods, base) if rule.compute_price == "formula" else base


def _by_formula(rule: Recordset, goods: Wanted, base: float) -> float:
    price = base - base * (rule.price_discount / 100) or 0.0
    if rule.price_round:
        price = round_to(price, rule.price_round)
    price += goods.converted(rule.price_surcharge)
    if rule.price_min_margin:
        price = max(price, base + goods.converted(rule.price_min_margin))
    if rule.price_max_margin:
        price = min(price, base + goods.converted(rule.price_max_margin))
    return price


def base_price(rule: Recordset, goods: Wanted) -> float:
    """Return the price that a rule begins with: that of another pricelist, the cost or the sales price."""
    product = goods.product
    if rule.base == "pricelist" and rule.base_pricelist_id:
        other = rule.base_pricelist_id
        price = price_of(other, wanted(other, product, goods.quantity, unit=goods.unit, date=goods.date))
        source = other.currency_id
    elif rule.base == "standard_price":
        price, source = own_price(product, "standard_price", goods.unit), product.cost_currency_id
    else:
        price, source = own_price(product, "list_price", goods.unit), product.currency_id
    return in_currency(price, source, goods)


def in_currency(price: float, source: Recordset, goods: Wanted) -> float:
    """Return a price in the wanted currency, not rounded."""
    if source == goods.currency:
        return price
    company = goods.product.env.company
    return float(source._convert(price, goods.currency, company, goods.date[:10], round=False))


def own_price(product: Recordset, field: str, unit: Recordset | None = None) -> float:
    """Return the sales price with the extras of the variant, or the cost, in the product's currency; of a unit."""
    seen = product.sudo() if field == "standard_price" else product
    price = float(seen[field] or 0.0)
    if field == "list_price":
        price += extra_price(product)
    return price_in(product.uom_id, price, unit) if unit else price


def extra_price(product: Recordset) -> float:
    """Return the extras of a variant, and of values that make no variant, which the context may have."""
    context = product.env.context
    values = product.env["product.template.attribute.value"]
    chosen = values.browse(context.get("no_variant_attributes_price_extra_ids") or ())
    given = sum(context.get("no_variant_attributes_price_extra") or ()) + sum(chosen.mapped("price_extra"))
    if product._name == "product.template":
        return float(sum(context.get("current_attributes_price_extra") or ()))
    return float(product.price_extra + given)


def price_of(pricelist: Recordset, goods: Wanted) -> float:
    """Return the price of one unit by a pricelist; without one, the sales price."""
    return price_by(winning_rule(pricelist, goods), goods)
