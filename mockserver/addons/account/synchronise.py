"""Keep an entry in step with its lines: amounts of lines, tax lines, lines of the total, and the balance.

    with synchronise.kept(moves) as change:
        ...                    # create, write or delete moves or their lines
        change.moves = made    # if the entries are new

At the end of the block the lines that follow from others are brought in step.  What did not change stays as it is, so
amounts that a user wrote on generated lines are kept until something that they follow from changes.
Source: 17.0; recorded in flow-invoice-1 and flow-entry-1 (17.0).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from mockserver.addons.account import cash_rounding_lines, line_prices, move_terms
from mockserver.addons.account.balancing import add_balancing_lines, check_balanced
from mockserver.addons.account.line_rows import assign, kind_of
from mockserver.addons.account.move_types import INVOICE_OR_RECEIPT, direction
from mockserver.addons.account.tax_lines import sync_tax_lines
from mockserver.orm.records.environment import Recordset
from mockserver.orm.storage.store import Row
from mockserver.orm.writing import recompute

# the context in which entries and lines are written without anything following from it
DONE: dict[str, Any] = {"skip_invoice_sync": True, "check_move_validity": False}
_LINES = "account.move.line"
Records = TypeVar("Records", bound=Recordset)


@dataclass
class Before:
    """The rows of entries and of their lines before a change, and the rates of entries in other currencies."""

    moves: Mapping[int, Row]
    lines: Mapping[int, Row]
    rates: Mapping[int, float]


@dataclass
class Change:
    """The entries that a block changes; the block adds those that it makes."""

    moves: Any
    before: Before = field(default_factory=lambda: Before({}, {}, {}))

    def lines(self, move: int) -> dict[int, Row]:
        """Return the present rows of the lines of an entry, by id."""
        store = self.moves.env.db.store
        table = store.rows(_LINES)
        return {id_: table[id_] for id_ in sorted(store.having(_LINES, "move_id", (move,)))}


def quiet(records: Records) -> Records:
    """Return entries or lines that are written without anything following from it."""
    return records.with_context({**records.env.context, **DONE})


def _rows_of(moves: Any) -> Before:
    store, ids = moves.env.db.store, moves._ids
    table, lines = store.rows("account.move"), store.rows(_LINES)
    found = {id_: table[id_] for id_ in ids if id_ in table}
    own = {id_: lines[id_] for id_ in store.having(_LINES, "move_id", ids)} if ids else {}
    return Before(found, own, {id_: _rate(moves.browse(id_)) for id_ in found})


def _rate(move: Any) -> float:
    """Return the units of the currency of an entry for one of the company's."""
    return line_prices.move_rate(move)


@contextlib.contextmanager
def kept(moves: Any) -> Iterator[Change]:
    """Bring the entries in step at the end of the block, and check that they are balanced; see the module."""
    context = moves.env.context
    checked = context.get("check_move_validity", True)
    if context.get("skip_invoice_sync"):
        change = Change(moves)
        yield change
    else:
        moves = moves.sudo()
        change = Change(moves, _rows_of(moves))
        with recompute.postponed(moves.env):
            yield change
        change.moves = quiet(change.moves.sudo()).exists()
        checked_moves = change.moves
        _bring_in_step(change)
        change.moves = checked_moves
    if checked:
        check_balanced(change.moves)


def _bring_in_step(change: Change) -> None:
    env = change.moves.env
    if not env.db.profile.rules.posted_kept_in_step:
        change.moves = change.moves.filtered(lambda move: move.state != "posted")
    invoices = change.moves.filtered(lambda move: move.move_type in INVOICE_OR_RECEIPT)
    with recompute.postponed(env):
        for move in invoices:
            _settle_lines(change, move)
            _settle_partner(change, move)
        for move in change.moves:
            sync_tax_lines(change, move)
    with recompute.postponed(env):
        for move in invoices:
            cash_rounding_lines.sync(change, move)
    for move in change.moves - invoices:
        add_balancing_lines(change, move)
    with recompute.postponed(env):
        for move in invoices:
            move_terms.sync(change, move)


def _changed(change: Change, name: str) -> Callable[[Row], bool]:
    """Return a function that tells whether a value of a line is another than before the block, or the line new."""
    before = change.before.lines
    return lambda row: row["id"] not in before or before[row["id"]].get(name) != row.get(name)


def _settle_lines(change: Change, move: Any) -> None:
    """Give lines the amounts that follow from their prices, unless an amount was written itself."""
    old = change.before
    rows = change.lines(move.id)
    if not rows:
        return
    sign, company_currency = direction(move.move_type), move.company_currency_id.id
    rate = _rate(move)
    revalued = move.id not in old.moves or old.rates.get(move.id) != rate
    turned = move.id not in old.moves or old.moves[move.id].get("move_type") != move.move_type
    # lines may have changed while it was posted
    reopened = not turned and old.moves[move.id].get("state") != move.state
    amount_changed, balance_changed = _changed(change, "amount_currency"), _changed(change, "balance")
    subtotal_changed, by_document = _changed(change, "price_subtotal"), move.env.db.profile.rules.bases_from_taxes
    amounts: dict[int, float] = {}
    balances: dict[int, float] = {}
    for id_, row in rows.items():
        new = id_ not in old.lines
        amount, balance = row.get("amount_currency") or 0.0, row.get("balance") or 0.0
        own_currency = row.get("currency_id") == company_currency
        amount_differs, balance_differs = amount_changed(row), balance_changed(row)
        # rounded with the taxes of the whole document, an amount may differ from the subtotal
        stays = by_document and not (new or turned or reopened or subtotal_changed(row))
        if kind_of(row) == "product" and (new or not amount_differs) and not stays:
            amount = amounts[id_] = sign * (row.get("price_subtotal") or 0.0)
            amount_differs = new or old.lines[id_].get("amount_currency") != amount
            if own_currency:
                balances[id_] = amount
                balance_differs = new or old.lines[id_].get("balance") != amount
        if (amount_differs or revalued or turned) and (not balance_differs or (new and not balances.get(id_, balance))):
            line_rate = 1.0 if own_currency else rate
            balances[id_] = line_prices.rounded(amount / line_rate, move.company_currency_id)
    assign(move.env[_LINES], {"amount_currency": amounts, "balance": balances})


def _settle_partner(change: Change, move: Any) -> None:
    """Give the lines of an invoice its commercial partner, where that has changed."""
    partner = move.commercial_partner_id.id or None
    old = change.before.moves.get(move.id)
    if old is None or old.get("commercial_partner_id") != partner:
        lines = [id_ for id_, row in change.lines(move.id).items() if row.get("partner_id") != partner]
        assign(move.env[_LINES], {"partner_id": dict.fromkeys(lines, partner)})
        move.env[_LINES].browse(lines)._follow_partner()
