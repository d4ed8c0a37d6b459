"""That the debits and credits of an entry are equal.

Source: 17.0; recorded in flow-entry-1 (17.0).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockserver.addons.base.money import amount_text
from mockserver.errors import UserError
from mockserver.orm.fields.numbers import round_to

if TYPE_CHECKING:
    from mockserver.addons.account.synchronise import Change

_BALANCING = "Automatic Balancing Line"


def sums(move: Any) -> tuple[float, float]:
    """Return the debits and the credits of an entry."""
    store = move.env.db.store
    table = store.rows("account.move.line")
    rows = [table[id_] for id_ in store.having("account.move.line", "move_id", move._ids)]
    debit = sum(row.get("debit") or 0.0 for row in rows)
    return debit, sum(row.get("credit") or 0.0 for row in rows)


def difference(move: Any) -> float:
    """Return how much an entry has too much on the side of credits."""
    debit, credit = sums(move)
    return round_to(credit - debit, float(move.company_currency_id.rounding or 0.01))


def check_balanced(moves: Any) -> None:
    """Raise UserError for entries whose debits and credits differ."""
    told = ""
    for move in moves:
        if difference(move):
            debit, credit = sums(move)
            currency = move.company_currency_id
            told += moves.env.db.profile.rules.unbalanced_text.format(
                name=move.display_name, debit=amount_text(move.env, debit, currency),
                credit=amount_text(move.env, credit, currency), journal=move.journal_id.name,
            )  # fmt: skip
    if told:
        raise UserError(f"An error has occurred.{told}" if told.startswith("\n") else told)


def add_balancing_lines(change: Change, move: Any) -> None:
    """Balance a draft entry that has taxes by a line of its own, on the suspense account."""
    had_taxes = any(row.get("tax_ids") for row in change.before.lines.values() if row.get("move_id") == move.id)
    if move.state == "posted" or not (had_taxes or move.line_ids.tax_ids):
        return
    own = move.line_ids.filtered(lambda line: line.name == _BALANCING)[:1]
    missing = difference(move) + own.balance
    if own:
        own.write({"balance": missing})
    elif missing:
        account = move.company_id.account_journal_suspense_account_id
        move.env["account.move.line"].create(
            {"name": _BALANCING, "move_id": move.id, "account_id": account.id, "balance": missing}
        )
