"""When and in which parts a total is due: pure functions over plain values, for orders and entries alike.

Source: 14.0, 16.0, 17.0, 18.0; recorded in flow-currency-1 and flow-random-invoice-1 (17.0).
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from mockserver.orm.fields.numbers import round_to


class Delay(NamedTuple):
    """How long after a day a part is due; `kind` is the `delay_type` since 17.0, or the `option` until 15.0."""

    kind: str = "days_after"
    days: int = 0
    months: int = 0
    day_of_month: int = 0
    end_of_month: bool = False
    days_after_month: int = 0


class Part(NamedTuple):
    """A line of a payment term: a share in percent, a fixed amount of the document's currency, or what is left."""

    value: str
    amount: float
    delay: Delay = Delay()
    discount: float = 0.0
    discount_days: int = 0


@dataclass
class Due:
    """A part of a total, in the currency of the document and in the company's."""

    day: date
    amount_currency: float
    balance: float


class Total(NamedTuple):
    """What a document comes to, in its currency and in the company's, and the rounding of both.

    `cash` rounds an amount to what can be paid in cash.  Fixed amounts are in the document's currency; before 17.0 they
    are taken for the same amount in the company's (`fixed_converted`).
    """

    amount_currency: float
    balance: float
    step: float = 0.01
    company_step: float = 0.01
    sign: int = 1
    cash: Callable[[float], float] | None = None
    fixed_converted: bool = True

    @property
    def rate(self) -> float:
        """The units of the document's currency for one of the company's; 0 without a total."""
        return abs(self.amount_currency / self.balance) if self.balance else 0.0


def day(text: object) -> date:
    """Return the day that a date or a time in a text names."""
    return date.fromisoformat(str(text)[:10])


def add_months(start: date, months: int, on: int | None = None) -> date:
    """Return the day of a later month, its last one if that month is shorter; `on` is another day of that month."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(on or start.day, last))


def end_of_month(start: date) -> date:
    """Return the last day of a month."""
    return add_months(start, 0, 31)


def due_day(start: date, delay: Delay) -> date:
    """Return when a part is due that counts from a day."""
    if delay.kind == "days_after_end_of_month":
        return end_of_month(start) + timedelta(days=delay.days)
    if delay.kind == "days_after_end_of_next_month":
        return end_of_month(add_months(start, 1)) + timedelta(days=delay.days)
    if delay.kind == "days_end_of_month_on_the":
        later = start + timedelta(days=delay.days)
        return add_months(later, 1, delay.day_of_month) if delay.day_of_month else end_of_month(later)
    if delay.kind == "after_invoice_month":
        return add_months(start, 1, 1) + timedelta(days=delay.days - 1)
    if delay.kind in ("day_following_month", "day_current_month"):
        return add_months(start, 1 if delay.kind == "day_following_month" else 0, delay.days)
    later = add_months(start, delay.months) + timedelta(days=delay.days)
    if delay.kind == "day_after_invoice_date" and delay.day_of_month > 0:
        return add_months(later, 1 if delay.day_of_month < later.day else 0, delay.day_of_month)
    return end_of_month(later) + timedelta(days=delay.days_after_month) if delay.end_of_month else later


def divided(parts: Sequence[Part], total: Total, start: date) -> Iterator[tuple[Due, Part]]:
    """Yield the parts of a total.  A part of the kind "balance", or else the last one, is all that is left."""
    ordered = sorted(parts, key=lambda part: part.value == "balance")
    left_currency, left = total.amount_currency, total.balance
    for part in ordered[:-1]:
        due = Due(due_day(start, part.delay), *_share(part, total))
        _round_cash(due, total, total.rate)
        left_currency = round_to(left_currency - due.amount_currency, total.step)
        left = round_to(left - due.balance, total.company_step)
        yield due, part
    for part in ordered[-1:]:
        yield Due(due_day(start, part.delay), left_currency, left), part


def _share(part: Part, total: Total) -> tuple[float, float]:
    """Return a part of a total in both currencies."""
    if part.value == "fixed":
        rate = total.rate if total.fixed_converted else 1.0
        own = round_to(part.amount / rate, total.company_step) if rate else 0.0
        return total.sign * round_to(part.amount, total.step), total.sign * own
    share = part.amount / 100
    return (
        round_to(total.amount_currency * share, total.step),
        round_to(total.balance * share, total.company_step),
    )


def _round_cash(due: Due, total: Total, rate: float) -> None:
    rounded = total.cash(due.amount_currency) if total.cash is not None else due.amount_currency
    if round_to(rounded - due.amount_currency, total.step):
        due.amount_currency = rounded
        due.balance = round_to(rounded / rate, total.company_step) if rate else 0.0


def discounted(total: Total, untaxed: Total, percent: float, *, taxes_kept: bool) -> tuple[float, float]:
    """Return what an early payment has to come to, in both currencies; `taxes_kept`: only the rest is reduced."""
    factor = percent / 100
    base = untaxed if taxes_kept else total
    due = Due(
        date.min,
        round_to(total.amount_currency - base.amount_currency * factor, total.step),
        round_to(total.balance - base.balance * factor, total.company_step),
    )
    _round_cash(due, total, abs(due.amount_currency / due.balance) if due.balance else 0.0)
    return due.amount_currency, due.balance
