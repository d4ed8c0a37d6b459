"""Lines with the rows that their fields follow from: reading rows costs less than reading records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from mockserver.orm.storage.store import Row
from mockserver.orm.writing import recompute

LINES, MOVES = "account.move.line", "account.move"
_EMPTY: Row = {}


class Context(NamedTuple):
    """A line as a record and as a row, and the row of its entry."""

    line: Any
    row: Row
    move: Row


def each(lines: Any) -> Iterator[Context]:
    """Yield the lines with their rows and those of their entries."""
    store = lines.env.db.store
    table, moves = store.rows(LINES), store.rows(MOVES)
    for line in lines:
        row = table[line._ids[0]]
        yield Context(line, row, moves.get(row.get("move_id") or 0, _EMPTY))


def kind_of(row: Row) -> str:
    """Return the type of a line in the words of 16.0 and later: `product`, `tax`, `payment_term` …

    Before, a line has one only if it is a text; the generated lines of an invoice are kept out of its tab of lines.
    """
    found = row.get("display_type")
    if found:
        return str(found)
    if row.get("is_rounding_line"):
        return "rounding"
    if row.get("tax_repartition_line_id"):
        return "tax"
    return "payment_term" if row.get("exclude_from_invoice_tab") else "product"


def line_kind(line: Any) -> str:
    """Return the type of a line, as `kind_of` does."""
    return kind_of(line._rows()[0])


def as_kind(lines: Any, wanted: str) -> dict[str, Any]:
    """Return the values of a generated line that say of which type it is."""
    if "exclude_from_invoice_tab" in lines._model.fields:
        return {"exclude_from_invoice_tab": True, "is_rounding_line": wanted == "rounding"}
    return {"display_type": wanted}


def by_debit(lines: Any) -> bool:
    """Return whether debit and credit are what is stored of a line, and the balance follows: until 15.0."""
    return "exclude_from_invoice_tab" in lines._model.fields


def amounts(lines: Any, vals: Mapping[str, Any]) -> dict[str, Any]:
    """Return values with what is stored in the place of debit, credit and balance."""
    vals = dict(vals)
    if by_debit(lines):
        if "balance" in vals:
            balance = vals.pop("balance") or 0.0
            vals |= {"debit": max(balance, 0.0), "credit": max(-balance, 0.0)}
    elif "debit" in vals or "credit" in vals:
        debit, credit = vals.pop("debit", 0) or 0, vals.pop("credit", 0) or 0
        vals.setdefault("balance", debit - credit)
    return vals


def assign(lines: Any, found: Mapping[str, Mapping[int, Any]]) -> None:
    """Store `{field: {line: value}}`, and compute what follows from it."""
    if "balance" in found and by_debit(lines):
        balances = found["balance"]
        sides = {
            "debit": {id_: max(balance or 0.0, 0.0) for id_, balance in balances.items()},
            "credit": {id_: max(-(balance or 0.0), 0.0) for id_, balance in balances.items()},
        }
        found = {**{name: column for name, column in found.items() if name != "balance"}, **sides}
    recompute.assign(lines.env, LINES, found)


def follow_amounts(lines: Any) -> None:
    """Give lines the balances of the amounts that were written in their currencies; since 16.0.

    The balance of an invoice line in another currency follows from the rate when the invoice is brought in step.
    """
    if not lines or by_debit(lines):
        return
    found = {}
    for line, row, move in each(lines):
        amount = row.get("amount_currency") or 0.0
        if row.get("currency_id") == company_currency(lines, move):
            found[row["id"]] = amount
        elif move.get("move_type") == "entry":
            found[row["id"]] = line.company_currency_id.round(amount / (line.currency_rate or 1.0))
    assign(lines, {"balance": found})


def company_currency(lines: Any, move: Row) -> int | None:
    """Return the currency of the company of an entry."""
    company = lines.env.db.store.get("res.company", move.get("company_id") or 0)
    return company.get("currency_id") if company else None


def of_move(env: Any, move: int) -> list[Row]:
    """Return the rows of the lines of an entry, by id."""
    table = env.db.store.rows(LINES)
    return [table[id_] for id_ in sorted(env.db.store.having(LINES, "move_id", (move,)))]
