"""The amounts of a purchase order and of its lines, by the tax engine.

Source: recorded in flow-purchase-1 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from mockserver.addons.account import order_totals, taxes as engine
from mockserver.addons.account.tax_records import TaxReader, method_of
from mockserver.addons.purchase.names import taxes_field
from mockserver.orm.records.environment import Recordset


def base_line(line: Recordset, reader: TaxReader) -> engine.BaseLine:
    """Return an order line as the tax engine takes it."""
    order = line.order_id
    return engine.BaseLine(
        taxes=reader(line[taxes_field(line)]._ids),
        price=line.price_unit,
        quantity=line.product_qty,
        discount=line.discount if "discount" in line._model.fields else 0.0,
        step=float(order.currency_id.rounding or 0.01),
        rate=float(order.currency_rate or 1.0),
    )


def line_amounts(line: Recordset, reader: TaxReader) -> tuple[float, float]:
    """Return what an order line comes to without its taxes, and the taxes."""
    method = method_of(line.company_id or line.env.company)
    rounded = line.env.db.profile.rules.order_lines_rounded
    return order_totals.line_amounts(base_line(line, reader), method, rounded=rounded)


def billable(order: Recordset) -> Recordset:
    """Return the lines of an order that are no sections and notes."""
    found: Recordset = order.order_line.filtered(lambda line: not line.display_type)
    return found


def totals_of(order: Recordset, reader: TaxReader) -> tuple[float, float]:
    """Return what the lines of an order come to without taxes, and the taxes."""
    lines, method = billable(order), method_of(order.company_id)
    if order_totals.adds_up(method):
        return sum(lines.mapped("price_subtotal")), sum(lines.mapped("price_tax"))
    return order_totals.order_amounts([base_line(line, reader) for line in lines], method)
