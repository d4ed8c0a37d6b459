"""The totals of an entry, from its lines.

Source: 17.0; recorded in flow-invoice-1 and flow-entry-1 (17.0).
"""

from __future__ import annotations

from typing import Any

from mockserver.addons.account import account_kinds
from mockserver.addons.account.line_rows import kind_of, of_move
from mockserver.addons.account.move_types import INVOICE_OR_RECEIPT, direction
from mockserver.orm.storage.store import Row

FIELDS = (
    "amount_untaxed", "amount_tax", "amount_total", "amount_residual", "amount_untaxed_signed", "amount_tax_signed",
    "amount_total_signed", "amount_residual_signed", "amount_total_in_currency_signed",
    "amount_untaxed_in_currency_signed",
)  # fmt: skip


def has_term_accounts(move: Any) -> bool:
    """Return whether a line of an entry is on a receivable or payable account."""
    ids = dict.fromkeys(row["account_id"] for row in of_move(move.env, move.id) if row.get("account_id"))
    return any(account_kinds.is_trade(account) for account in move.env["account.account"].browse(ids))


def totals(move: Any) -> dict[str, float]:
    """Return the totals of an entry by field: the signed ones are those of the company's books."""
    rows, move_type = of_move(move.env, move.id), move.move_type
    sums = _invoiced(rows) if move_type in INVOICE_OR_RECEIPT else _entered(rows)
    untaxed, tax, whole, residual = sums
    sign = direction(move_type)
    entry = move_type == "entry"
    amount_total = sign * whole[0]
    return {
        "amount_untaxed": sign * untaxed[0],
        "amount_tax": sign * tax[0],
        "amount_total": amount_total,
        "amount_residual": -sign * residual[0],
        "amount_untaxed_signed": -untaxed[1],
        "amount_untaxed_in_currency_signed": -untaxed[0],
        "amount_tax_signed": -tax[1],
        "amount_total_signed": abs(whole[1]) if entry else -whole[1],
        "amount_residual_signed": residual[1],
        "amount_total_in_currency_signed": abs(amount_total) if entry else -sign * amount_total,
    }


# amounts in the currency of the entry, and in that of the company
_Pair = list[float]


def _add(pair: _Pair, row: Row, currency: str = "amount_currency", company: str = "balance") -> None:
    pair[0] += row.get(currency) or 0.0
    pair[1] += row.get(company) or 0.0


def _invoiced(rows: list[Row]) -> tuple[_Pair, _Pair, _Pair, _Pair]:
    untaxed, tax, whole, residual = [0.0, 0.0], [0.0, 0.0], [0.0, 0.0], [0.0, 0.0]
    for row in rows:
        kind = kind_of(row)
        if kind == "tax" or (kind == "rounding" and row.get("tax_repartition_line_id")):
            _add(tax, row)
            _add(whole, row)
        elif kind in ("product", "rounding"):
            _add(untaxed, row)
            _add(whole, row)
        elif kind == "payment_term":
            _add(residual, row, "amount_residual_currency", "amount_residual")
    return untaxed, tax, whole, residual


def _entered(rows: list[Row]) -> tuple[_Pair, _Pair, _Pair, _Pair]:
    whole = [0.0, 0.0]
    for row in rows:
        if row.get("debit"):
            _add(whole, row)
    return [0.0, 0.0], [0.0, 0.0], whole, [0.0, 0.0]
