"""Reconcile journal items until 12.0: the oldest debit with the oldest credit, until nothing is open on one side.

Items are compared in their currency if they all have the same one, else in the company's.  When nothing of the items
that are connected by partial reconciliations is open in that currency, an entry books what is open in the other one,
and they get a full reconciliation.

Inferred: 12.0.
"""

from __future__ import annotations

from typing import Any

from mockserver.addons.account import account_kinds
from mockserver.errors import UserError
from mockserver.orm.records.recordset import Recordset
from mockserver.orm.writing.rows import write_rows

PARTIAL, FULL = "account.partial.reconcile", "account.full.reconcile"


def left(line: Any) -> tuple[float, float]:
    """Return what is open of an item, in the company's currency and in its own; credits are negative."""
    company, currency = line.company_id.currency_id, line.currency_id
    value = line.debit - line.credit
    amount = line.amount_currency if currency else 0.0
    for partial in partials_of(line):
        sign = 1 if partial.credit_move_id == line else -1
        value += sign * partial.amount
        if currency and partial.currency_id == currency:
            amount += sign * partial.amount_currency
        elif currency:
            amount += sign * company._convert(partial.amount, currency, line.company_id, str(line.date))
    return company.round(value) if company else value, currency.round(amount) if currency else 0.0


def partials_of(lines: Any) -> Any:
    """Return the partial reconciliations of items, oldest first."""
    store = lines.env.db.store
    found = {id_ for side in ("debit_move_id", "credit_move_id") for id_ in store.having(PARTIAL, side, lines._ids)}
    return lines.env[PARTIAL].browse(sorted(found))


def connected(lines: Any) -> Any:
    """Return all items that are connected with these by partial reconciliations."""
    known, pending = lines, lines
    while pending:
        partials = partials_of(pending)
        pending = (partials.debit_move_id | partials.credit_move_id) - known
        known |= pending
    return known


def check(lines: Any) -> None:
    """Raise UserError for items that cannot be reconciled with each other."""
    if any(line.reconciled for line in lines):
        raise UserError("You are trying to reconcile some entries that are already reconciled!")
    if len(lines.company_id) > 1:
        raise UserError("To reconcile the entries company should be the same for all entries!")
    if len(lines.account_id) > 1:
        raise UserError("Entries are not of the same account!")
    account = lines.account_id
    if not account_kinds.is_matched(account):
        raise UserError(lines.env.db.profile.rules.unmatched_account_text.format(name=account.name, code=account.code))


def reconcile(lines: Any) -> None:
    """Reconcile items with each other as far as they go."""
    same = len(lines.currency_id) == 1 and all(line.currency_id for line in lines)
    field = "amount_residual_currency" if same else "amount_residual"
    ordered = lines.sorted(key=lambda line: (line.date_maturity or line.date, line.id))
    debits, credits = ([line for line in ordered if sign * line[field] > 0] for sign in (1, -1))
    while debits and credits:
        debit, credit = debits[0], credits[0]
        _match(debit, credit, same)
        debits, credits = ([line for line in side if line[field]] for side in (debits, credits))
    _complete(connected(lines), same)
    follow(connected(lines))


def _match(debit: Any, credit: Any, same: bool) -> None:
    values = {
        "debit_move_id": debit.id,
        "credit_move_id": credit.id,
        "amount": min(debit.amount_residual, -credit.amount_residual),
    }
    if same:
        values |= {
            "amount_currency": min(debit.amount_residual_currency, -credit.amount_residual_currency),
            "currency_id": debit.currency_id.id,
        }
    debit.env[PARTIAL].sudo().create(values)


def _complete(lines: Any, same: bool) -> None:
    """Make the full reconciliation of items of which nothing is open, with the entry of what rates have changed."""
    field = "amount_residual_currency" if same else "amount_residual"
    if not partials_of(lines) or any(line[field] for line in lines):
        return
    values = {}
    open_lines = [line for line in lines if line.amount_residual or line.amount_residual_currency]
    if open_lines:
        move = _exchange_entry(open_lines)
        lines = connected(lines)
        values["exchange_move_id"] = move.id
    full = lines.env[FULL].sudo().create(values)
    write_rows(partials_of(lines), {"full_reconcile_id": full.id})
    write_rows(lines, {"full_reconcile_id": full.id})


def _exchange_entry(lines: list[Any]) -> Any:
    """Post the entry of what is left of items in one currency; return it."""
    env, company = lines[0].env, lines[0].company_id
    journal = company.currency_exchange_journal_id
    if not journal:
        raise UserError(
            "You should configure the 'Exchange Rate Journal' in the accounting settings, to manage automatically the"
            " booking of accounting entries related to differences between exchange rates."
        )
    move = env["account.move"].sudo().create({"date": max(line.date for line in lines), "journal_id": journal.id})
    for line in lines:
        amount, amount_currency = line.amount_residual, line.amount_residual_currency
        side = journal.default_debit_account_id if amount > 0 else journal.default_credit_account_id
        common = {
            "name": "Currency exchange rate difference",
            "move_id": move.id,
            "currency_id": line.currency_id.id,
            "partner_id": line.partner_id.id,
        }
        items = env["account.move.line"].sudo().with_context(check_move_validity=False)
        own = items.create({**common, **amounts(-amount), "account_id": line.account_id.id,
                            "amount_currency": -amount_currency})  # fmt: skip
        items.create({**common, **amounts(amount), "account_id": side.id, "amount_currency": amount_currency})
        debit, credit = (line, own) if (amount or amount_currency) > 0 else (own, line)
        env[PARTIAL].sudo().create(
            {"debit_move_id": debit.id, "credit_move_id": credit.id, "amount": abs(amount),
             "amount_currency": abs(amount_currency), "currency_id": line.currency_id.id}
        )  # fmt: skip
    move.post()
    return move


def amounts(balance: float) -> dict[str, float]:
    """Return a balance as a debit and a credit."""
    return {"debit": max(balance, 0.0), "credit": max(-balance, 0.0)}


def write_off(lines: Any, account: Any, journal: Any) -> Any:
    """Post an entry of what is left of items against another account, and reconcile it; return its item."""
    open_lines = lines.filtered(lambda line: not line.reconciled)
    env, balance = lines.env, sum(line.amount_residual for line in open_lines)
    currency = open_lines.currency_id if len(open_lines.currency_id) == 1 else None
    amount = sum(line.amount_residual_currency for line in open_lines) if currency else 0.0
    ids = [one if isinstance(one, int) else one.id for one in (account, journal)]
    common = {"name": "Write-Off", "partner_id": open_lines.partner_id[:1].id, "currency_id": currency and currency.id}
    items = [
        {**common, **amounts(-balance), "account_id": lines.account_id.id, "amount_currency": -amount},
        {**common, **amounts(balance), "account_id": ids[0], "amount_currency": amount},
    ]
    day = max(str(line.date) for line in open_lines)
    move = env["account.move"].create({"journal_id": ids[1], "date": day, "line_ids": [(0, 0, item) for item in items]})
    move.post()
    made = move.line_ids.filtered(lambda line: line.account_id == lines.account_id)
    reconcile(open_lines | made)
    return made


def follow(lines: Recordset) -> None:
    """Let the invoices of items become paid, or open again."""
    store, env = lines.env.db.store, lines.env
    ids = store.having("account.invoice", "move_id", lines.move_id._ids)
    env["account.invoice"].sudo().browse(sorted(ids))._follow_residual()
