"""What a vendor asks for a product: the entry that counts, its price, the day of arrival, and the text of a line.

Source: 17.0; recorded in flow-purchase-1 and flow-walk-purchase-1 (17.0).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from mockserver.addons.product.vendors import entries_of, unit_of, vendor_field
from mockserver.addons.purchase.names import taxes_field, unit_field
from mockserver.addons.uom.conversion import price_in
from mockserver.orm.fields.numbers import round_half_up
from mockserver.orm.records.environment import Recordset

# what the form of a line fills in for a product; the others are computed with them
FILLED = ("name", "price_unit", "product_qty", "date_planned")


def day_of(order: Recordset) -> str:
    """Return the day by which the prices of an order are found."""
    return str(order.date_order or order.env.db.clock.today())[:10]


def seller_for(order: Recordset, product: Recordset, quantity: float, unit: Recordset) -> Recordset:
    """Return the entry of the order's vendor for a quantity of a product."""
    found: Recordset = product._select_seller(
        partner_id=order.partner_id, quantity=quantity, date=day_of(order), uom_id=unit
    )
    return found


def has_offers(order: Recordset, product: Recordset) -> bool:
    """Return whether the order's vendor has an entry for the product, for whatever quantity and day."""
    vendor = vendor_field(order.env)
    return any(entry[vendor] == order.partner_id for entry in product.seller_ids)


def arrival(order: Recordset, seller: Recordset) -> str:
    """Return when a vendor's goods arrive: so many days after the day of the order."""
    start = datetime.fromisoformat(str(order.date_order or order.env.db.clock.now()))
    return str(start + timedelta(days=int(seller.delay) if seller else 0))


def position_of(order: Recordset) -> Recordset:
    """Return the fiscal position of an order, or that of its vendor."""
    positions = order.env["account.fiscal.position"].with_company(order.company_id)
    found: Recordset = order.fiscal_position_id or positions._get_fiscal_position(order.partner_id)
    return found


def mapped_taxes(order: Recordset, product: Recordset, position: Recordset) -> Recordset:
    """Return the taxes of a purchase of a product, as a fiscal position maps them."""
    company = order.company_id
    taxes: Recordset = product.with_company(company).supplier_taxes_id.filtered(lambda tax: tax.company_id == company)
    mapped: Recordset = position.map_tax(taxes) if position and taxes else taxes
    return mapped


def seller_price(order: Recordset, product: Recordset, seller: Recordset, unit: Recordset, taxes: Recordset) -> float:
    """Return what a vendor asks for one of a unit, in the currency of the order."""
    price = _without_missing_taxes(order, product, seller.price, taxes)
    return price_in(unit_of(seller), _in_order_currency(order, price, seller.currency_id), unit)


def cost_price(order: Recordset, product: Recordset, unit: Recordset, taxes: Recordset) -> float:
    """Return the cost of one of a unit, in the currency of the order."""
    own = product.with_company(order.company_id)
    price = price_in(product.uom_id, own.standard_price, unit or buying_unit(product))
    return _in_order_currency(order, _without_missing_taxes(order, product, price, taxes), own.cost_currency_id)


def _without_missing_taxes(order: Recordset, product: Recordset, price: float, taxes: Recordset) -> float:
    """Return a price without those of the product's taxes that it includes and the line does not have."""
    company = order.company_id
    missing = product.supplier_taxes_id.filtered(
        lambda tax: tax.company_id == company and tax not in taxes and tax.price_include
    )
    return float(missing.compute_all(price)["total_excluded"]) if missing else price


def _in_order_currency(order: Recordset, price: float, currency: Recordset) -> float:
    price = currency._convert(price, order.currency_id, order.company_id, day_of(order), round=False)
    places = order.env["decimal.precision"].precision_get("Product Price")
    return round_half_up(price, max(order.currency_id.decimal_places, places))


def buying_unit(product: Recordset) -> Recordset:
    """Return the unit that a product is bought in; from 19 on that which it is kept in."""
    unit: Recordset = product.uom_po_id if "uom_po_id" in product._model.fields else product.uom_id
    return unit or product.uom_id


def description(order: Recordset, product: Recordset, seller: Recordset | None = None) -> str:
    """Return the text of a line: the product as the entry of a vendor calls it, and its text for purchases."""
    context: dict[str, Any] = {"seller_id": seller.id if seller else None, "partner_id": None}
    lang = order.partner_id.lang
    named = product.with_context({**order.env.context, **context, **({"lang": lang} if lang else {})})
    texts = (named.display_name, named.description_purchase)
    return "\n".join(str(text) for text in texts if text)


def descriptions(order: Recordset, product: Recordset) -> Iterator[str]:
    """Yield the texts that a line may have got by itself, without a vendor's entry and with each of them."""
    yield description(order, product)
    for seller in entries_of(product):
        yield description(order, product, seller)


def filled(line: Recordset, order: Recordset, product: Recordset, position: Recordset) -> dict[str, Any]:
    """Return what the form fills in for a product: the smallest quantity that the vendor sells, and what that costs."""
    vendor = vendor_field(order.env)
    entries = product.seller_ids.filtered(
        lambda entry: entry[vendor] == order.partner_id and entry.product_id.id in (False, product.id)
    )
    least = entries.sorted("min_qty")[:1]
    quantity, unit = (least.min_qty or 1.0, unit_of(least)) if least else (1.0, buying_unit(product))
    taxes = mapped_taxes(order, product, position)
    seller = seller_for(order, product, quantity, unit)
    price = seller_price(order, product, seller, unit, taxes) if seller else cost_price(order, product, unit, taxes)
    technical = {"technical_price_unit": price} if "technical_price_unit" in line._model.fields else {}
    return {
        **technical,
        "name": description(order, product, seller),
        "price_unit": price,
        "product_qty": quantity,
        unit_field(line): unit.id,
        taxes_field(line): [(6, 0, taxes.ids)],
        "date_planned": arrival(order, seller),
    }
