"""Discounts for early payment: whether one can still be had, and what books it.

Source: recorded in flow-payment-1 (17.0) and rules of 17.0: 490 of 500.  Inferred: the split over base and taxes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mockserver.addons.account import reconciling
from mockserver.addons.account.line_rows import line_kind
from mockserver.addons.account.move_types import INBOUND_OR_RECEIPT
from mockserver.orm.records.recordset import Recordset

LABEL = "Early Payment Discount"
_TYPES = frozenset({"out_invoice", "out_receipt", "in_invoice", "in_receipt"})


def is_open(move: Recordset, currency: Recordset, day: str) -> bool:
    """Return whether a payment in a currency on a day gets the discount: the whole invoice must still be open."""
    if move.move_type not in _TYPES or move.currency_id != currency:
        return False
    lines = _term_lines(move)
    if "discount_date" not in lines._model.fields or reconciling.partials_of(lines):
        return False
    return any(line.discount_date and (not day or str(day) <= str(line.discount_date)) for line in lines)


def due_after(move: Recordset) -> float:
    """Return the amount of an invoice that is due after the discount, without a sign."""
    return abs(float(sum(_term_lines(move).mapped("discount_amount_currency"))))


def _term_lines(move: Recordset) -> Recordset:
    found: Recordset = move.line_ids.filtered(lambda line: line_kind(line) == "payment_term")
    return found


def writeoff(lines: Iterable[Recordset], open_balance: float) -> list[dict[str, Any]]:
    """Return the items that book the discounts of open items: `open_balance` is what they come to in the books.

    What the exchange rates make of them goes to the account of exchange differences.
    """
    made: list[dict[str, Any]] = []
    last: Recordset | None = None
    for line in lines:
        made += _of_line(line)
        last = line
    if last is None or not made:
        return made
    company = last.company_id
    left = company.currency_id.round(open_balance - sum(vals["balance"] for vals in made))
    if left:
        account = (
            company.expense_currency_exchange_account_id if left > 0 else company.income_currency_exchange_account_id
        )
        made.append(
            {
                "name": f"{LABEL} (Exchange Difference)", "account_id": account.id, "partner_id": last.partner_id.id,
                "currency_id": last.currency_id.id, "amount_currency": 0.0, "balance": left,
            }
        )  # fmt: skip
    return made


def _of_line(line: Recordset) -> list[dict[str, Any]]:
    move = line.move_id
    company = line.company_id
    inbound = move.move_type in INBOUND_OR_RECEIPT
    account = company[f"account_journal_early_pay_discount_{'loss' if inbound else 'gain'}_account_id"]
    amount = line.currency_id.round(line.amount_currency - line.discount_amount_currency)
    balance = company.currency_id.round(line.balance - line.discount_balance)
    common = {"partner_id": line.partner_id.id, "currency_id": line.currency_id.id}
    whole = {**common, "name": LABEL, "account_id": account.id, "amount_currency": amount, "balance": balance}
    if _computation(move) != "included" or not move.invoice_line_ids.tax_ids or not line.amount_currency:
        return [whole]
    return _split(move, whole, amount / line.amount_currency, common)


def _computation(move: Recordset) -> Any:
    for owner in (move.invoice_payment_term_id, move.company_id):
        if "early_pay_discount_computation" in owner._model.fields:
            return owner.early_pay_discount_computation
    return "included"


def _split(move: Recordset, whole: dict[str, Any], share: float, common: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the discount divided over the bases of taxes and the taxes, as the lines of the invoice are."""
    currency, company = move.currency_id, move.company_id.currency_id
    bases: dict[Any, dict[str, Any]] = {}
    taxes: list[dict[str, Any]] = []
    for line in move.line_ids:
        amounts = {
            "amount_currency": currency.round(-line.amount_currency * share),
            "balance": company.round(-line.balance * share),
        }
        if line_kind(line) == "product":
            key = (line.tax_ids._ids, line.tax_tag_ids._ids)
            tags = {"tax_ids": [(6, 0, line.tax_ids.ids)], "tax_tag_ids": [(6, 0, line.tax_tag_ids.ids)]}
            known = bases.setdefault(key, {**whole, **tags, "amount_currency": 0.0, "balance": 0.0})
            for name, value in amounts.items():
                known[name] = round(known[name] + value, 6)
        elif line_kind(line) == "tax":
            name = f"{LABEL} ({line.name})"
            taxes.append(
                {**common, **amounts, "name": name, "account_id": line.account_id.id,
                 "tax_repartition_line_id": line.tax_repartition_line_id.id,
                 "tax_ids": [(6, 0, line.tax_ids.ids)], "tax_tag_ids": [(6, 0, line.tax_tag_ids.ids)]}
            )  # fmt: skip
    made = [*bases.values(), *taxes]
    largest = max(bases.values(), key=lambda vals: abs(vals["amount_currency"]))
    for name, money in (("amount_currency", currency), ("balance", company)):
        largest[name] = money.round(largest[name] + whole[name] - sum(vals[name] for vals in made))
    return made
