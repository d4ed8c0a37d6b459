"""Lines with the rows that their fields follow from: reading rows costs less than reading records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from mockserver.orm.storage.store import Row

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
    if row.get("tax_repartition_line_id"):
        return "tax"
    if row.get("exclude_from_invoice_tab"):
        return "rounding" if row.get("is_rounding_line") else "payment_term"
    return "product"


def line_kind(line: Any) -> str:
    """Return the type of a line, as `kind_of` does."""
    return kind_of(line._rows()[0])


def as_kind(lines: Any, wanted: str) -> dict[str, Any]:
    """Return the values of a generated line that say of which type it is."""
    if "exclude_from_invoice_tab" in lines._model.fields:
        return {"exclude_from_invoice_tab": True, "is_rounding_line": wanted == "rounding"}
    return {"display_type": wanted}


def company_currency(lines: Any, move: Row) -> int | None:
    """Return the currency of the company of an entry."""
    company = lines.env.db.store.get("res.company", move.get("company_id") or 0)
    return company.get("currency_id") if company else None


def of_move(env: Any, move: int) -> list[Row]:
    """Return the rows of the lines of an entry, by id."""
    table = env.db.store.rows(LINES)
    return [table[id_] for id_ in sorted(env.db.store.having(LINES, "move_id", (move,)))]
