"""The lines that the total of an invoice is due on: one, or one for each part that its payment term names.

Source: 17.0; recorded in flow-random-invoice-1 (17.0).
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

from mockserver.addons.account.line_rows import kind_of
from mockserver.addons.account.move_totals import totals
from mockserver.addons.account.move_types import INBOUND_OR_RECEIPT
from mockserver.addons.account.tax_lines import replace
from mockserver.orm.writing import recompute

if TYPE_CHECKING:
    from mockserver.addons.account.synchronise import Change

# what the parts of a total follow from
_SOURCES = (
    "invoice_payment_term_id", "invoice_date", "currency_id", "amount_total_in_currency_signed", "amount_total_signed",
    "amount_tax_signed", "invoice_date_due", "move_type", "invoice_cash_rounding_id",
)  # fmt: skip


def sync(change: Change, move: Any) -> None:
    """Bring the lines of the total in step, if anything that they follow from has changed."""
    rows = change.lines(move.id)
    old, row = change.before.moves.get(move.id), move._rows()[0]
    base_before = any(
        line.get("move_id") == move.id and kind_of(line) != "payment_term" for line in change.before.lines.values()
    )
    has_lines = any(kind_of(line) != "payment_term" for line in rows.values())
    if old is not None and has_lines == base_before and all(old.get(name) == row.get(name) for name in _SOURCES):
        return
    needed = _needed(move) if has_lines else {}
    present = {_key(line): id_ for id_, line in rows.items() if kind_of(line) == "payment_term"}
    due = max((str(values["date_maturity"]) for values in needed.values()), default="")
    if due and due != move.invoice_date_due:
        recompute.assign(move.env, "account.move", {"invoice_date_due": {move.id: due}})
    replace(move, needed, present, "payment_term")


def _key(row: dict[str, Any]) -> Hashable:
    return row.get("date_maturity"), row.get("discount_date")


def _needed(move: Any) -> dict[Hashable, dict[str, Any]]:
    """Return the values of the lines that an invoice needs, by key."""
    found: dict[Hashable, dict[str, Any]] = {}
    for values in _parts(move):
        known = found.setdefault(_key(values), values)
        if known is not values:
            known["balance"] += values["balance"]
            known["amount_currency"] += values["amount_currency"]
    return found


def _parts(move: Any) -> list[dict[str, Any]]:
    term = move.invoice_payment_term_id
    if not term:
        return [
            {
                "date_maturity": move.invoice_date_due or None,
                "balance": move.amount_total_signed,
                "amount_currency": totals(move)["amount_total_in_currency_signed"],
            }
        ]
    sign = 1 if move.move_type in INBOUND_OR_RECEIPT else -1
    parts: list[dict[str, Any]] = term._parts_due(
        date=str(move.invoice_date or move.date),
        currency=move.currency_id,
        company=move.company_id,
        tax_currency=move.amount_tax * sign,
        tax=move.amount_tax_signed,
        untaxed_currency=move.amount_untaxed * sign,
        untaxed=move.amount_untaxed_signed,
        cash_rounding=move.invoice_cash_rounding_id,
        sign=sign,
    )
    return parts
