"""The amounts of an order and of its lines, by the tax engine.

Source: recorded in flow-product-4 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from mockserver.addons.account import order_totals, taxes as engine
from mockserver.addons.account.tax_records import TaxReader, method_of
from mockserver.orm.records.environment import Recordset


def taxes_field(lines: Recordset) -> str:
    """Return the name of the field that holds the taxes of order lines."""
    return "tax_ids" if "tax_ids" in lines._model.fields else "tax_id"


def taxes_of(line: Recordset) -> Recordset:
    """Return the taxes of an order line."""
    taxes: Recordset = line[taxes_field(line)]
    return taxes


def company_of(order: Recordset) -> Recordset:
    """Return the company of an order; a form may not have one yet."""
    company: Recordset = order.company_id or order.env.company
    return company


def base_line(line: Recordset, reader: TaxReader) -> engine.BaseLine:
    """Return an order line as the tax engine takes it."""
    order = line.order_id
    currency = line.currency_id or order.currency_id or company_of(order).currency_id
    return engine.BaseLine(
        taxes=reader(taxes_of(line)._ids),
        price=line.price_unit,
        quantity=line.product_uom_qty,
        discount=line.discount,
        step=float(currency.rounding or 0.01),
        rate=float(order.currency_rate or 1.0),
    )


def line_amounts(line: Recordset, reader: TaxReader) -> tuple[float, float]:
    """Return what an order line comes to without its taxes, and the taxes."""
    method = method_of(line.company_id or line.env.company)
    rounded = line.env.db.profile.rules.order_lines_rounded
    return order_totals.line_amounts(base_line(line, reader), method, rounded=rounded)


def totals_of(order: Recordset, reader: TaxReader) -> tuple[float, float]:
    """Return what the lines of an order come to without taxes, and the taxes."""
    lines = order.order_line.filtered(lambda line: not line.display_type)
    method = method_of(company_of(order))
    if order_totals.adds_up(method):
        return sum(lines.mapped("price_subtotal")), sum(lines.mapped("price_tax"))
    return order_totals.order_amounts([base_line(line, reader) for line in lines], method)
