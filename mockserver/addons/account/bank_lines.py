"""The journal items of a bank transaction: one on the account of the bank, one on the suspense account.

Source: 17.0; recorded in flow-entry-1 (17.0).
"""

from __future__ import annotations

from typing import Any

from mockserver.errors import UserError
from mockserver.orm.writing.commands import CREATE, DELETE, UPDATE


def currencies(line: Any) -> tuple[Any, Any, Any]:
    """Return the currencies of a transaction: of the other side, of its journal, of its company."""
    company = line.journal_id.company_id.currency_id
    journal = line.journal_id.currency_id or company
    return line.foreign_currency_id or journal, journal, company


def amounts(line: Any) -> tuple[float, float, float]:
    """Return what a transaction comes to in those currencies."""
    foreign, journal, company = currencies(line)
    amount = float(line.amount or 0.0)
    transaction = float(line.amount_currency or 0.0) if line.foreign_currency_id else amount
    if journal == company:
        own = amount
    elif foreign == company:
        own = transaction
    else:
        own = float(journal._convert(amount, company, line.journal_id.company_id, str(line.date)))
    return transaction, amount, own


def items(line: Any, counterpart: Any = None) -> list[dict[str, Any]]:
    """Return the values of the items of a transaction; raises UserError without a suspense account."""
    journal_account = line.journal_id.default_account_id
    account = counterpart or line.journal_id.suspense_account_id.id
    if not account:
        raise UserError(
            "You can't create a new statement line without a suspense account set on the"
            f" {line.journal_id.display_name} journal."
        )
    foreign, journal, _ = currencies(line)
    transaction, amount, own = amounts(line)
    common = {"name": line.payment_ref, "partner_id": line.partner_id.id}
    return [
        {
            **common,
            "account_id": journal_account.id,
            "currency_id": journal.id,
            "amount_currency": amount,
            "balance": own,
        },
        {
            **common,
            "account_id": account,
            "currency_id": foreign.id,
            "amount_currency": -transaction,
            "balance": -own,
        },
    ]


def sides(line: Any) -> tuple[Any, Any, Any]:
    """Return the items of the bank, of the suspense account, and others."""
    lines = line.move_id.line_ids
    journal = line.journal_id
    bank = lines.filtered(lambda item: item.account_id == journal.default_account_id)
    suspense = lines.filtered(lambda item: item.account_id == journal.suspense_account_id)
    if not bank:
        kinds = ("asset_cash", "liability_credit_card")
        bank = lines.filtered(lambda item: item.account_id.account_type in kinds)
    return bank, suspense - bank, lines - bank - suspense


def residual(line: Any) -> tuple[float, bool]:
    """Return what is still on the suspense account, and whether the transaction is reconciled."""
    _, suspense, _ = sides(line)
    unchecked = line.move_id.to_check if "to_check" in line.move_id else line.move_id.checked is False and False
    if unchecked:
        left = -(line.amount_currency if line.foreign_currency_id else line.amount)
    elif suspense.account_id.reconcile:
        left = sum(item.amount_residual_currency for item in suspense)
    else:
        left = sum(item.amount_currency for item in suspense)
    foreign, _, _ = currencies(line)
    if suspense:
        return left, bool(foreign.is_zero(left))
    return left, bool(line.move_id.line_ids)


def running_balance(line: Any) -> float:
    """Return the balance of the account after a transaction, from the last statement's start."""
    others = line.sudo().search([("journal_id", "=", line.journal_id.id)], order="internal_index, id")
    total = 0.0
    for other in others:
        statement = other.statement_id
        if statement and statement.first_line_index == other.internal_index:
            total = float(statement.balance_start)
        if other.move_id.state == "posted":
            total += float(other.amount)
        if other.id == line.id:
            break
    return total


def rewrite_entry(line: Any) -> None:
    """Write the items of a transaction anew."""
    bank, suspense, others = sides(line)
    values = items(line)
    commands: list[Any] = [(UPDATE, bank[:1].id, values[0]) if bank else (CREATE, 0, values[0])]
    commands.append((UPDATE, suspense[:1].id, values[1]) if suspense else (CREATE, 0, values[1]))
    commands += [(DELETE, other.id, 0) for other in others]
    foreign, _, _ = currencies(line)
    move = line.move_id.with_context(skip_account_move_synchronization=True, force_delete=True, dynamic_unlink=True)
    written: dict[str, Any] = {"currency_id": foreign.id, "line_ids": commands}
    if move.partner_id != line.partner_id:
        written["partner_id"] = line.partner_id.id
    move.write(written)


def follow_entry(line: Any) -> None:
    """Take over what the items of the entry say; raises UserError where they are no transaction any more."""
    bank, suspense, _ = sides(line)
    if len(bank) != 1:
        raise UserError(
            f"The journal entry {line.move_id.display_name} reached an invalid state regarding its related statement"
            " line.\nTo be consistent, the journal entry must always have exactly one journal item involving the"
            " bank/cash account."
        )
    if len(suspense) > 1:
        raise UserError(
            f"{line.move_id.display_name} reached an invalid state regarding its related statement line.\n"
            "To be consistent, the journal entry must always have exactly one suspense line."
        )
    _, journal, company = currencies(line)
    amount = bank.balance if journal == company else bank.amount_currency
    values = {"payment_ref": bank.name, "partner_id": bank.partner_id.id, "amount": amount}
    line.with_context(skip_account_move_synchronization=True).write(values)
