"""The number of an entry, in the sequence of its journal, and the names that it is shown by.

Source: 17.0; recorded in flow-invoice-1, flow-bill-1 and flow-entry-1 (17.0).
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Set
from datetime import date
from typing import Any

from mockserver.addons.account.move_types import REFUND
from mockserver.addons.account.numbering import Period, bounds, parsed
from mockserver.orm.storage.store import Row

_MOVES = "account.move"
# forms that are not looked at where numbers count in longer periods
_SHORTER: dict[Period, tuple[Period, ...]] = {
    "year": ("month",),
    "year range": ("month",),
    "never": ("month", "year", "year range"),
}
_DRAFTS = {
    "entry": "Draft Entry",
    "out_invoice": "Draft Invoice",
    "out_refund": "Draft Credit Note",
    "in_invoice": "Draft Bill",
    "in_refund": "Draft Vendor Credit Note",
    "out_receipt": "Draft Sales Receipt",
    "in_receipt": "Draft Purchase Receipt",
}


def is_named(name: Any) -> bool:
    """Return whether an entry has a number."""
    return bool(name) and name != "/"


def split(name: Any) -> tuple[str, int]:
    """Return what stands before the digits of a number, and the digits."""
    number = parsed(name or "")
    return number.prefix, number.count


def fits_date(name: Any, day: Any) -> bool:
    """Return whether a number belongs to the period of a date."""
    return not is_named(name) or not day or parsed(name).fits(date.fromisoformat(str(day)))


def name_of(move: Any) -> Any:
    """Return the number of an entry: a draft has one only if it is the first of its period, or was posted before.

    Since 18.0 no draft has one that was not posted before.
    """
    own = move._rows()[0].get("name")
    if move.state == "cancel":
        return own
    if move.env.db.profile.rules.numbered_when_posted:
        return _name_once_posted(move, own)
    named, fits = is_named(own), fits_date(own, move.date)
    if named or move.state != "posted":
        if not move.posted_before and not fits:
            if last(move):
                return "/"
        elif (named and move.posted_before) or (not named and last(move)):
            return own or "/"
    if move.date and (not named or not fits):
        return following(move)
    return own or "/"


def _name_once_posted(move: Any, own: Any) -> Any:
    if not move.posted_before and not fits_date(own, move.date):
        return None
    return following(move) if move.date and not is_named(own) and move.state != "draft" else own


def following(move: Any) -> str:
    """Return the next number for an entry."""
    day = date.fromisoformat(str(move.date))
    known = last(move)
    number = parsed(known) if known else parsed(last(move, relaxed=True) or first(move)).at_start(day)
    number = number.after()
    while move.state == "posted" and is_taken(move, str(number)):
        number = number.after()
    return str(number)


def is_taken(move: Any, name: str) -> bool:
    """Return whether another posted entry of the journal has a number."""
    store = move.env.db.store
    rows = store.rows(_MOVES)
    return any(
        rows[id_].get("state") == "posted" and rows[id_].get("journal_id") == move.journal_id.id
        for id_ in store.having(_MOVES, "name", (name,)) - set(move._ids)
    )


def first(move: Any) -> str:
    """Return the number before the first one of a journal."""
    journal, day = move.journal_id, date.fromisoformat(str(move.date))
    yearly = journal.type in move.env.db.profile.rules.yearly_journals
    number = f"{journal.code}/{day.year:04}/" + ("00000" if yearly else f"{day.month:02}/0000")
    if journal.refund_sequence and move.move_type in REFUND:
        return f"R{number}"
    return f"P{number}" if _by_payments(move) and _is_payment(move) else number


def _is_payment(move: Any) -> bool:
    payment = "origin_payment_id" if "origin_payment_id" in move else "payment_id"
    return bool(move._rows()[0].get(payment) or move.env.context.get("is_payment"))


def _by_payments(move: Any) -> bool:
    return "payment_sequence" in move.journal_id and bool(move.journal_id.payment_sequence)


class _Peers:
    """The numbered entries that share a sequence with an entry.

    Journals have thousands of entries, so they are found by indexes and looked at one by one, from the newest or the
    highest on, until one answers the question.
    """

    def __init__(self, move: Any) -> None:
        store, journal = move.env.db.store, move.journal_id
        self._store, self._rows, self._own = store, store.rows(_MOVES), frozenset(move._ids)
        self._ids: Set[int] = store.index(_MOVES, "journal_id").get(journal.id, set())
        self._refund = (move.move_type in REFUND) if journal.refund_sequence else None
        self._payment = _is_payment(move) if _by_payments(move) else None
        self._payments = "origin_payment_id" if "origin_payment_id" in move else "payment_id"

    def newest_first(self, ids: Set[int] | None = None) -> Iterator[Row]:
        """Yield the rows of the peers, or of those of some entries that are."""
        ids = self._ids if ids is None else self._ids & ids
        return filter(self._is_one, map(self._rows.__getitem__, sorted(ids, reverse=True)))

    def highest_first(self, prefix: Any) -> Iterator[Row]:
        """Yield the rows of the peers whose numbers begin with this."""
        alike = self._store.index(_MOVES, "sequence_prefix").get(prefix, set())
        numbers = self._store.index(_MOVES, "sequence_number") if alike else {}
        for number in sorted(numbers, reverse=True):
            if found := numbers[number] & alike:
                yield from self.newest_first(found)

    def period(self, day: str) -> Period | None:
        """Return the period in which the number of the newest peer until a day counts; None without peers."""
        by_day = self._store.index(_MOVES, "date")
        before = sorted((other for other in by_day if other <= day), reverse=True)
        found = next((row for other in before for row in self.newest_first(by_day[other])), None)
        if found is None:
            after = sorted(other for other in by_day if other > day)
            found = next((row for other in after for row in reversed([*self.newest_first(by_day[other])])), None)
        return None if found is None else parsed(found["name"]).period

    def _is_one(self, row: Row) -> bool:
        if row["id"] in self._own or not is_named(row.get("name")):
            return False
        if self._refund is not None and (row.get("move_type") in REFUND) != self._refund:
            return False
        return self._payment is None or bool(row.get(self._payments)) == self._payment


def last(move: Any, *, relaxed: bool = False) -> str:
    """Return the highest number in the period of an entry, `relaxed` in any; empty without one.

    The numbers that begin as the newest entry's does are compared.
    """
    peers, day = _Peers(move), str(move.date or "")
    start, end = "", "9999-12-31"
    shorter: tuple[Period, ...] = ()
    if day and not relaxed:
        period = peers.period(day)
        if period is None:
            return ""
        (start, end), shorter = bounds(period, date.fromisoformat(day)), _SHORTER.get(period, ())

    def is_within(row: Row) -> bool:
        return start <= str(row.get("date", "")) <= end

    within = filter(is_within, peers.newest_first())
    newest = next((row for row in within if not shorter or parsed(row["name"]).period not in shorter), None)
    if newest is None:
        return ""
    return str(next(filter(is_within, peers.highest_first(newest.get("sequence_prefix"))), newest)["name"])


def ends_chain(moves: Any) -> bool:
    """Return whether no number is left out in a sequence if the entries are deleted."""
    for move in moves:
        if not is_named(move.name):
            continue
        alike = _Peers(move).highest_first(move.sequence_prefix)
        highest = next((row for row in alike if row["id"] not in moves._ids), None)
        if highest is not None and (highest.get("sequence_number") or 0) > move.sequence_number:
            return False
    return True


def period_of(move: Any) -> str:
    """Return the period that the last number of the journal counts in; `month` without any."""
    known = move.highest_name if "highest_name" in move else ""
    known = known or last(move, relaxed=True)
    return parsed(known).period if known else "month"


def payment_reference(move: Any) -> Any:
    """Return the reference that the customer is to pay with, as the journal makes it.  Inferred: all but the number."""
    journal = move.journal_id
    kind, model = journal.invoice_reference_type, journal.invoice_reference_model
    if kind == "none":
        return None
    if model == "euro":
        base = f"{move.id if kind == 'invoice' else move.partner_id.id}"
        return _with_check_digits(base)
    if kind == "partner":
        return f"CUST/{move.partner_id.ref or move.partner_id.id % 97:02}" if move.partner_id else None
    return move.name


def _with_check_digits(base: str) -> str:
    """Return a creditor reference of ISO 11649."""
    digits = "".join(str(int(letter, 36)) for letter in f"{base}RF00")
    text = f"RF{98 - int(digits) % 97:02}{base}"
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def display_name(move: Any) -> str:
    """Return how an entry is shown: what it is while it is a draft, its number, and its reference."""
    kind = f"{_DRAFTS[move.move_type]} " if move.state == "draft" else ""
    unnamed = "" if move.env.db.profile.rules.numbered_when_posted else f"(* {move.id})"
    number = move.name if is_named(move.name) else unnamed
    more = ""
    if is_named(move.name) and move.env.context.get("input_full_display_name"):
        more = "".join(f", {part}" for part in (move.partner_id.name, move.date) if part)
    ref = textwrap.shorten(str(move.ref), 50) if move.ref else ""
    return f"{kind}{number}{more}".strip() + (f" ({ref})" if ref else "")
