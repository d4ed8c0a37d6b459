"""Down payments: the lines that an order gets for one, and that invoices add up to the cent.

Source: recorded in flow-sale-3 (17.0, 18.0, 19.0), flow-walk-sale-1 (17.0).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mockserver.addons.account import account_kinds, line_prices, taxes as engine
from mockserver.addons.account.line_rows import line_kind
from mockserver.addons.account.tax_groups import by_group
from mockserver.addons.account.tax_records import TaxReader, method_of
from mockserver.addons.account.tax_values import Tax
from mockserver.addons.base.money import date_text
from mockserver.addons.sale.totals import taxes_of
from mockserver.orm.fields.numbers import compare, round_to
from mockserver.orm.records.environment import Recordset

Values = dict[str, Any]
# the taxes of a part of an order, its analytic accounts and its amount without taxes
Part = tuple[tuple[int, ...], Values, float]


def parts(order: Recordset, share: float) -> list[Values]:
    """Return the taxes, price and analytic accounts of the lines of a down payment: one for each set of taxes."""
    prices: dict[tuple[int, ...], float] = {}
    analytic: dict[tuple[int, ...], dict[str, float]] = {}
    reader = TaxReader(order.env)
    for line in order.order_line.filtered(lambda line: not line.display_type and not line.is_downpayment):
        for taxes, shares, amount in _parts(line, reader):
            key = tuple(sorted(taxes))
            prices[key] = prices.get(key, 0.0) + amount
            weights = analytic.setdefault(key, {})
            for account, percent in shares.items():
                weights[account] = weights.get(account, 0.0) + amount * percent
    step = float(order.currency_id.rounding or 0.01)
    return [
        {
            "taxes": key,
            "price_unit": round_to(price * share, step),
            "analytic_distribution": {account: weight / price for account, weight in analytic[key].items()},
        }
        for key, price in prices.items()
        if round_to(price, step)
    ]


def _parts(line: Recordset, reader: TaxReader) -> Iterable[Part]:
    """Yield a line's amount with its taxes; a fixed tax, which cannot be a part of itself, is an amount of its own."""
    step = float((line.currency_id or line.order_id.currency_id).rounding or 0.01)
    shares = dict(line.analytic_distribution or {}) if "analytic_distribution" in line else {}
    taxes = [tax for tax, _ in engine.flattened(reader(taxes_of(line)._ids))]
    fixed = [tax for tax in taxes if tax.kind == "fixed"]
    price = line.price_unit * (1 - (line.discount or 0.0) / 100.0) * line.product_uom_qty
    method = method_of(line.order_id.company_id)
    exact = method.batches or method.globally
    yield _ids(tax for tax in taxes if tax.kind != "fixed"), shares, price if exact else round_to(price, step)
    for tax in fixed:
        if not tax.included:
            after = taxes[taxes.index(tax) + 1 :] if tax.affects_base else ()
            due = _ids(other for other in after if other.base_affected and other.kind != "fixed")
            yield due, shares, line.product_uom_qty * tax.amount


def _ids(taxes: Iterable[Tax]) -> tuple[int, ...]:
    return tuple(tax.id for tax in taxes)


def settle(orders: Recordset, move: Recordset) -> None:
    """Make a final invoice take off exactly what the down payments were, though taxes are rounded."""
    if "is_downpayment" not in move.line_ids:
        return
    lines = move.line_ids.filtered(lambda line: line_kind(line) == "product" and line.is_downpayment)
    if lines:
        globally = method_of(move.company_id).globally
        surplus = _surplus_of_total(move, lines) if globally else _surplus_of_lines(orders, move)
        adjust(move, lines, surplus, -1 if move.is_inbound() else 1)


def _surplus_of_lines(orders: Recordset, move: Recordset) -> float:
    """Return how much a final invoice takes off too little, line by line."""
    surplus = 0.0
    for line in orders.order_line.filtered("is_downpayment"):
        own = taken = 0.0
        for other in line.invoice_lines:
            amount = other.price_total * (1 if other.move_id.is_inbound() else -1)
            if other.move_id == move:
                own += amount
            elif other.move_id.state != "cancel":
                taken += amount
        surplus += own + taken if own and taken else 0.0
    return surplus


def _surplus_of_total(move: Recordset, lines: Recordset) -> float:
    """Return how much a final invoice takes off too little, where taxes are rounded for a whole invoice.  Inferred."""
    paid = lines.sale_line_ids.invoice_lines.move_id.filtered(lambda other: other != move and other.state != "cancel")
    if not all(line.is_downpayment for line in paid.invoice_line_ids):
        return 0.0
    others = [line for line in move.line_ids if line_kind(line) == "product" and not line.is_downpayment]
    reader, method = TaxReader(move.env), method_of(move.company_id)
    bases = [line_prices.base_line(line, reader) for line in others]
    whole = by_group(bases, [engine.compute_line(base, method) for base in bases], method, {}).whole
    wanted = (whole.base + whole.amount) * _sign(move)
    return float(_sign(move) * move.amount_total - wanted + sum(_sign(other) * other.amount_total for other in paid))


def _sign(move: Recordset) -> int:
    return 1 if move.is_inbound() else -1


def adjust(move: Recordset, products: Recordset, surplus: float, sign: int) -> None:
    """Take an amount off the total of an invoice: off its tax lines, and off what is due.

    `sign` says which way the totals of the product lines go.
    """
    currency = move.currency_id
    surplus = currency.round(surplus)
    due = move.line_ids.filtered(lambda line: account_kinds.is_trade(line.account_id))[:1]
    taxes = move.line_ids.filtered(lambda line: line.tax_line_id.amount_type not in (False, "fixed"))
    if not surplus or not (due and products and taxes):
        return
    commands = [(1, due.id, {"amount_currency": due.amount_currency - surplus})]
    for lines, name, way in ((products, "price_total", sign), (taxes, "amount_currency", 1)):
        for line, amount in zip(lines, _shared(surplus, len(lines), float(currency.rounding)), strict=False):
            commands.append((1, line.id, {name: line[name] + amount * way}))
    move.write({"line_ids": commands})


def _shared(amount: float, count: int, step: float) -> Iterable[float]:
    """Yield shares of an amount, at least one step each, until nothing is left."""
    way, rest = (1 if amount > 0 else -1), amount
    while compare(rest, 0.0, step) == way:
        share = way * max(step, abs(round_to(rest / count, step)))
        rest -= share
        yield share


def values_of_line(order: Recordset, part: Values) -> Values:
    """Return the values of the order line of a part of a down payment."""
    lines = order.env["sale.order.line"]
    last = order.order_line[-1:]
    values: Values = {
        "product_uom_qty": 0.0,
        "order_id": order.id,
        "discount": 0.0,
        "price_unit": part["price_unit"],
        "is_downpayment": True,
        "sequence": last.sequence + 1 if last else 10,
        "tax_ids" if "tax_ids" in lines else "tax_id": [(6, 0, part["taxes"])],
    }
    if part.get("analytic_distribution"):
        values["analytic_distribution"] = part["analytic_distribution"]
    return values


def name_of(line: Recordset) -> str:
    """Return what an order says of a down payment: with the number and the day of its invoice when that is posted."""
    language = line.order_id.partner_id.lang
    line = line.with_context(lang=language) if language else line
    text = line.env._("Down Payment")
    if line.product_id:
        text = str(line.product_id.get_product_multiline_description_sale())
    states = set(line.invoice_lines.mapped("parent_state"))
    if states <= {"draft"}:
        return text + line.env._(" (Draft)")
    if states == {"cancel"}:
        return text + line.env._(" (Canceled)")
    others = line.invoice_lines.filtered(lambda other: other.quantity >= 0)
    move = others.move_id.filtered(lambda move: move.move_type == "out_invoice")
    if len(move) != 1 or not move.payment_reference or not move.invoice_date:
        return text
    day = date_text(line.env, move.invoice_date)
    return f"{text} (ref: {move.payment_reference} on {day})"
