"""What invoices have of the lines of orders: quantities, amounts and texts.

Source: recorded in flow-sale-3 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mockserver.addons.account import taxes as engine
from mockserver.addons.account.tax_records import TaxReader, method_of
from mockserver.addons.sale.line_prices import unit_of
from mockserver.addons.uom.conversion import quantity_in
from mockserver.orm.records.environment import Recordset

_SIGNS = {"out_invoice": 1, "out_refund": -1}


def is_confirmed(line: Recordset) -> bool:
    """Return whether a line is of an order that was confirmed; until 16 such an order may be locked as well."""
    return line.state in ("sale", "done")


def step(line: Recordset) -> float:
    """Return the smallest quantity that counts."""
    digits = line._model.fields["qty_to_invoice"].digits
    return float(10 ** -(digits[1] if isinstance(digits, (list, tuple)) else 2))


def is_counted(move: Recordset) -> bool:
    """Return whether what an invoice has counts as invoiced: a draft does."""
    return bool(move.state != "cancel" or move.payment_state == "invoicing_legacy")


def is_posted(move: Recordset) -> bool:
    """Return whether an invoice was posted."""
    return bool(move.state == "posted" or move.payment_state == "invoicing_legacy")


def quantity(line: Recordset, counts: Callable[[Recordset], bool]) -> float:
    """Return the quantity that those invoices of a line have which count, in the unit of the line."""
    total, unit = 0.0, unit_of(line)
    for other in line.invoice_lines:
        move = other.move_id
        sign = _SIGNS.get(move.move_type)
        if sign and counts(move):
            total += sign * quantity_in(other.product_uom_id, other.quantity, unit)
    return total


def amount(line: Recordset, field: str) -> float:
    """Return what the posted invoices of a line come to in its currency; `field` says with or without taxes."""
    total = 0.0
    for other in line.invoice_lines:
        move = other.move_id
        sign = _SIGNS.get(move.move_type)
        if sign and move.state == "posted":
            total += sign * in_currency_of(line, other, other[field], rounded=True)
    return total


def in_currency_of(line: Recordset, other: Recordset, value: float, *, rounded: bool) -> float:
    """Return an amount of an invoice line in the currency of the order line, by the rate of the invoice's day."""
    currency, wanted = other.currency_id, line.currency_id
    if currency == wanted or not value:
        return value
    day = str(other.move_id.invoice_date or other.date or line.env.db.clock.today())
    return float(currency._convert(value, wanted, line.company_id, day, round=rounded))


def undiscounted(line: Recordset, other: Recordset) -> float:
    """Return the price times the quantity of an invoice line, without taxes and in the order's currency."""
    price = in_currency_of(line, other, other.price_unit, rounded=False)
    return without_taxes(other.tax_ids, price, other.quantity, line.currency_id)


def without_taxes(taxes: Recordset, price: float, count: float, currency: Recordset) -> float:
    """Return a price times a quantity, without the taxes that the price includes."""
    if not any(tax.price_include for tax in taxes):
        return price * count
    base = engine.BaseLine(TaxReader(taxes.env)(taxes._ids), price, count, step=float(currency.rounding or 0.01))
    return engine.compute_line(base, method_of(taxes[:1].company_id)).excluded


def of_expenses(line: Recordset) -> float:
    """Return what the expenses of a line come to in its unit."""
    costs = line.analytic_line_ids.filtered(lambda cost: cost.amount <= 0.0)
    unit = unit_of(line)
    return sum(quantity_in(cost.product_uom_id, cost.unit_amount, unit, strict=False) for cost in costs)


def text(line: Recordset) -> str:
    """Return what an invoice says of an order line: since 18 with the name of the product, if the text lacks it."""
    name, product = str(line.name or ""), str(line.product_id.display_name or "") if line.product_id else ""
    if not line.env.db.profile.rules.products_named_on_invoices or not product or product in name:
        return name
    return f"{product} {name}"


def analytic(line: Recordset) -> dict[str, Any]:
    """Return the values of an invoice line that say what its amount is for: by the line, and until 17 the order."""
    if line.display_type:
        return {}
    account = line.order_id.analytic_account_id.id if "analytic_account_id" in line.order_id else None
    if "analytic_distribution" not in line:
        return {"analytic_account_id": account, "analytic_tag_ids": [(6, 0, line.analytic_tag_ids.ids)]}
    shares = dict(line.analytic_distribution or {})
    if account:
        shares[str(account)] = shares.get(str(account), 0) + 100
    return {"analytic_distribution": shares} if shares else {}
