"""The line that rounds the total of an invoice to coins: of its own, or with the largest tax.

Source: 17.0, account.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

from mockserver.addons.account.account_kinds import is_trade
from mockserver.addons.account.line_rows import kind_of, line_kind
from mockserver.addons.account.tax_lines import replace
from mockserver.orm.fields.numbers import round_to

if TYPE_CHECKING:
    from mockserver.addons.account.synchronise import Change


def sync(change: Change, move: Any) -> None:
    """Bring the rounding line of an invoice in step with the other lines."""
    present = {_strategy(row): id_ for id_, row in change.lines(move.id).items() if kind_of(row) == "rounding"}
    if present or move.invoice_cash_rounding_id:
        replace(move, _needed(move) if move.invoice_cash_rounding_id else {}, present, "rounding")


def _strategy(row: dict[str, Any]) -> Hashable:
    return "biggest_tax" if row.get("tax_repartition_line_id") else "add_invoice_line"


def _needed(move: Any) -> dict[Hashable, dict[str, Any]]:
    """Return the values of the rounding line by strategy; none if the total needs no rounding."""
    rounding, currency, own = move.invoice_cash_rounding_id, move.currency_id, move.company_id.currency_id
    others = move.line_ids.filtered(lambda line: line_kind(line) != "rounding" and not is_trade(line.account_id))
    total = sum(line.amount_currency for line in others)
    difference = rounding.compute_difference(currency, total)
    rate = 1.0
    if currency != own:
        day = str(move.invoice_date or move.date)
        rate = own._get_conversion_rate(currency, move.company_id, day)
    balance = round_to(difference / rate, float(own.rounding))
    values = {
        "balance": balance, "amount_currency": difference, "partner_id": move.partner_id.id or None,
        "currency_id": currency.id,
    }  # fmt: skip
    more = _of_largest_tax(move) if rounding.strategy == "biggest_tax" else _of_rounding(move, rounding, balance)
    return {rounding.strategy: {**values, **more}} if difference and more else {}


def _of_largest_tax(move: Any) -> dict[str, Any]:
    taxes = move.line_ids.filtered(lambda line: line_kind(line) == "tax")
    if not taxes:
        return {}
    line = max(taxes, key=lambda line: abs(line.balance))
    return {
        "name": move.env._("%s (rounding)").replace("%s", str(line.name)),
        "account_id": line.account_id.id,
        "tax_repartition_line_id": line.tax_repartition_line_id.id,
        "tax_tag_ids": line.tax_tag_ids._ids or None,
        "tax_ids": line.tax_ids._ids or None,
    }


def _of_rounding(move: Any, rounding: Any, balance: float) -> dict[str, Any]:
    lost = balance > 0 and rounding.loss_account_id
    return {
        "name": rounding.name,
        "account_id": (rounding.loss_account_id if lost else rounding.profit_account_id).id or None,
        "tax_ids": None,
    }
