"""Entries that book what settled items gained or lost by changed exchange rates.

Source: recorded in flow-currency-1 (17.0); Inferred: the texts of a company that has no journal or accounts for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mockserver.addons.account import move_journals
from mockserver.addons.account.matching import Difference
from mockserver.errors import UserError
from mockserver.orm.records.environment import Environment
from mockserver.orm.records.recordset import Recordset

LABEL = "Currency exchange rate difference"
_FOR = (
    " in your company settings, to manage automatically the booking of accounting entries "
    "related to differences between exchange rates."
)


def book(env: Environment, differences: Sequence[Difference], day: str) -> tuple[Recordset, list[Recordset]]:
    """Post an entry for the differences; return it, and the pairs of items that are to be reconciled."""
    lines = env["account.move.line"].browse([one.item for one in differences])
    company = lines[:1].company_id
    journal = company.currency_exchange_journal_id
    _check(company)
    day = max(day, *(line.date for line in lines))
    commands: list[Any] = []
    for position, one in enumerate(differences):
        commands += _items(lines.browse(one.item), one, company, 2 * position)
    move: Recordset = (
        env["account.move"]
        .with_context(skip_invoice_sync=True)
        .create({"move_type": "entry", "date": day, "journal_id": journal.id, "line_ids": commands})
    )
    booked_on = max(day, move_journals.accounting_date(move, day, taxed=False))
    if booked_on != day:
        move.write({"date": booked_on})
    move._post(soft=False)
    booked = move.line_ids.sorted(key=lambda line: line._ids[0])
    return move, [lines.browse(one.item) | booked[2 * position] for position, one in enumerate(differences)]


def _check(company: Recordset) -> None:
    for name, missing in (
        ("currency_exchange_journal_id", "You have to configure the 'Exchange Gain or Loss Journal'"),
        ("expense_currency_exchange_account_id", "You should configure the 'Loss Exchange Rate Account'"),
        ("income_currency_exchange_account_id", "You should configure the 'Gain Exchange Rate Account'"),
    ):
        if not company[name]:
            raise UserError(missing + _FOR)


def _items(line: Recordset, one: Difference, company: Recordset, sequence: int) -> list[Any]:
    """Return the two items of a difference: one that settles the line, and the gain or the loss."""
    value = 0.0 if one.in_currency else one.amount
    amount = one.amount if one.in_currency or line.currency_id == company.currency_id else 0.0
    result = company.expense_currency_exchange_account_id if one.amount > 0 else None
    result = result or company.income_currency_exchange_account_id
    common = {"name": LABEL, "currency_id": line.currency_id.id, "partner_id": line.partner_id.id}
    return [
        (0, 0, {**common, **_sides(-value), "amount_currency": -amount, "account_id": line.account_id.id,
                "sequence": sequence}),
        (0, 0, {**common, **_sides(value), "amount_currency": amount, "account_id": result.id,
                "sequence": sequence + 1}),
    ]  # fmt: skip


def _sides(balance: float) -> dict[str, float]:
    return {"debit": max(balance, 0.0), "credit": max(-balance, 0.0)}
