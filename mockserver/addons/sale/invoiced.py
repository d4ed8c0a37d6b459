"""What invoices have of the lines of orders: quantities and amounts, by rows, since there are many of them.

Source: recorded in flow-sale-3 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from mockserver.addons.account import taxes as engine
from mockserver.addons.account.tax_records import TaxReader, method_of
from mockserver.addons.uom.conversion import quantity_in
from mockserver.orm.fields.numbers import round_to
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.storage.store import Row

_SIGNS = {"out_invoice": 1, "out_refund": -1}


def rows(records: Recordset) -> list[Row]:
    """Return the rows of records with what a form has not stored yet."""
    name, found = records._name, records._rows() if records else []
    for frame in records.env.db.frames:
        if frame.model == name and not frame.method:
            shown = frame.values.items()
            found = [{**row, **{f: values[row["id"]] for f, values in shown if row["id"] in values}} for row in found]
    return found


def is_confirmed(row: Row) -> bool:
    """Return whether a line is of an order that was confirmed; until 16 such an order may be locked as well."""
    return row.get("state") in ("sale", "done")


def is_counted(move: Row) -> bool:
    """Return whether what an invoice has counts as invoiced: a draft does."""
    return move.get("state") != "cancel" or move.get("payment_state") == "invoicing_legacy"


def is_posted(move: Row) -> bool:
    """Return whether an invoice was posted."""
    return move.get("state") == "posted" or move.get("payment_state") == "invoicing_legacy"


class Item(NamedTuple):
    """A line of an invoice or a credit note, with its document; `sign` is -1 for a credit note."""

    line: Row
    move: Row
    sign: int


class Books:
    """Reads what invoices have of the lines of orders; keep one for one computation."""

    def __init__(self, env: Environment) -> None:
        self.env = env.sudo()
        store = env.db.store
        self._old = "account.invoice" in env.db.registry  # until 12.0 invoices are documents of their own
        models = ("account.invoice.line", "account.invoice") if self._old else ("account.move.line", "account.move")
        self._lines, self._moves = (store.rows(model) for model in models)
        self._products, self._templates = store.rows("product.product"), store.rows("product.template")
        self._taxes = TaxReader(env)
        self._steps: dict[int, float] = {}
        fields = env.db.registry["sale.order.line"].fields
        self.unit = "product_uom_id" if "product_uom_id" in fields else "product_uom"
        self.taxes = "tax_ids" if "tax_ids" in fields else "tax_id"
        digits = fields["qty_to_invoice"].digits
        self.step = 10.0 ** -(digits[1] if isinstance(digits, (list, tuple)) else 2)

    def items(self, row: Row) -> Iterator[Item]:
        """Yield the lines of invoices and credit notes of an order line."""
        for id_ in row.get("invoice_lines") or ():
            line = self._lines.get(id_)
            if self._old:
                yield from self._old_item(line)
                continue
            move = self._moves.get(line.get("move_id") or 0) if line else None
            sign = _SIGNS.get(move.get("move_type") or "") if move else None
            if line and move and sign:
                yield Item(line, move, sign)

    def _old_item(self, line: Row | None) -> Iterator[Item]:
        """Yield a line of an invoice of 12.0 and before under the names of later versions."""
        document = self._moves.get(line.get("invoice_id") or 0) if line else None
        sign = _SIGNS.get(document.get("type") or "") if document else None
        if line and document and sign:
            state = document.get("state") if document.get("state") in ("draft", "cancel") else "posted"
            move = {"state": state, "invoice_date": document.get("date_invoice")}
            names = {"product_uom_id": line.get("uom_id"), "tax_ids": line.get("invoice_line_tax_ids")}
            yield Item({**line, **names, "currency_id": document.get("currency_id")}, move, sign)

    def quantity(self, row: Row, counts: Callable[[Row], bool] = is_counted) -> float:
        """Return the quantity that those invoices have which count, in the unit of the order line."""
        unit = row.get(self.unit)
        return sum(item.sign * self._in_unit(item.line, unit) for item in self.items(row) if counts(item.move))

    def _in_unit(self, line: Row, unit: int | None) -> float:
        own, quantity = line.get("product_uom_id"), float(line.get("quantity") or 0.0)
        if own is None or not quantity:
            return quantity
        units = self.env["uom.uom"]
        if own != unit:
            return quantity_in(units.browse(own), quantity, units.browse(unit or ()))
        if own not in self._steps:
            self._steps[own] = float(units.browse(own).rounding)
        return round_to(quantity, self._steps[own], "UP")

    def amount(self, row: Row, field: str) -> float:
        """Return what posted invoices come to in the order's currency; `field` says with or without taxes."""
        posted = (item for item in self.items(row) if item.move.get("state") == "posted")
        return sum(item.sign * self._converted(row, item, item.line.get(field) or 0.0) for item in posted)

    def _converted(self, row: Row, item: Item, value: float, *, exact: bool = False) -> float:
        """Return an amount of an invoice line in the order's currency, by the rate of the invoice's day."""
        own, wanted = item.line.get("currency_id"), row.get("currency_id")
        if own == wanted or not value:
            return value
        day = item.move.get("invoice_date") or item.line.get("date") or self.env.db.clock.today()
        currencies, company = self.env["res.currency"], self.env["res.company"].browse(row.get("company_id") or ())
        currency = currencies.browse(wanted or ())
        return float(currencies.browse(own or ())._convert(value, currency, company, str(day), round=not exact))

    def policy(self, row: Row) -> Any:
        """Return whether the product of an order line is invoiced by what was ordered or what was delivered."""
        product = self._products.get(row.get("product_id") or 0, {})
        return self._templates.get(product.get("product_tmpl_id") or 0, {}).get("invoice_policy")

    def untaxed_due(self, row: Row) -> float:
        """Return what is left to invoice without taxes, by the price rather than by the subtotal."""
        by_delivery = self.policy(row) == "delivery"
        quantity = row.get("qty_delivered" if by_delivery else "product_uom_qty") or 0.0
        discount = row.get("discount") or 0.0
        price = (row.get("price_unit") or 0.0) * (1 - discount / 100.0)
        subtotal = self._without_taxes(row, row.get(self.taxes) or (), price, quantity)
        items = list(self.items(row)) if row.get("invoice_lines") else []
        if all((item.line.get("discount") or 0.0) == discount for item in items):
            return subtotal - float(row.get("untaxed_amount_invoiced") or 0.0)
        # with another discount on an invoice, its own price counts
        known = 0.0
        for item in items:
            own = self._converted(row, item, item.line.get("price_unit") or 0.0, exact=True)
            known += self._without_taxes(row, item.line.get("tax_ids") or (), own, item.line.get("quantity") or 0.0)
        return max(subtotal - known, 0.0)

    def _without_taxes(self, row: Row, ids: tuple[int, ...], price: float, count: float) -> float:
        """Return a price times a quantity, without the taxes that the price includes."""
        taxes = self._taxes(ids)
        if not any(tax.included for tax in taxes):
            return price * count
        currency = self.env.db.store.get("res.currency", row.get("currency_id") or 0) or {}
        base = engine.BaseLine(taxes, price, count, step=float(currency.get("rounding") or 0.01))
        company = self.env["res.company"].browse(row.get("company_id") or ())
        return engine.compute_line(base, method_of(company)).excluded


def of_expenses(line: Recordset) -> float:
    """Return what the expenses of an order line come to in its unit."""
    costs = line.analytic_line_ids.filtered(lambda cost: cost.amount <= 0.0)
    unit = line["product_uom_id" if "product_uom_id" in line else "product_uom"]
    return sum(quantity_in(cost.product_uom_id, cost.unit_amount, unit, strict=False) for cost in costs)
