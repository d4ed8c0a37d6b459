"""Which debits pay which credits, and how much of them: plain arithmetic over the open amounts of journal items.

Items are taken by due date.  The first debit meets the first credit, the smaller of the two is used up, and the next
item takes its place.  Two amounts are compared in a foreign currency if both items are open in it, else in the
company's; an item of a receivable or payable account that is in the company's currency counts as open in the other
item's currency, at the rate of the payment or else of the day.  What an item that is used up keeps in the company's
currency (or, where the company's currency was compared, in its own) is a difference of exchange rates.

Source: recorded in flow-currency-1 and flow-payment-1 (17.0).  Inferred: an item that is not used up keeps the rate
that it was posted at, so a worse rate of the other item makes a difference too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from mockserver.orm.fields.numbers import round_to


class Money(NamedTuple):
    """A currency: its id and the step to which its amounts are rounded."""

    id: int
    step: float

    def round(self, amount: float) -> float:
        return round_to(amount, self.step)

    def is_zero(self, amount: float) -> bool:
        return self.round(amount) == 0.0


@dataclass
class Item:
    """A journal item.  `open` and `open_currency` are what is left of it; matching reduces them."""

    id: int
    balance: float
    amount_currency: float
    open: float
    open_currency: float
    company: Money
    currency: Money
    due: str  # the due date, or the date
    trade: bool = True  # of a receivable or payable account
    paying: bool = False  # of a payment or a bank statement
    # the rate from the company's currency into another one, on the day that counts for the item
    rates: Callable[[Money], float] = lambda _: 1.0

    @property
    def foreign(self) -> bool:
        return self.currency.id != self.company.id

    @property
    def posted_rate(self) -> float | None:
        """Units of the item's currency for one of the company's, as it was posted; None without one of the amounts."""
        if self.company.is_zero(self.balance) or self.currency.is_zero(self.amount_currency):
            return None
        return abs(self.amount_currency / self.balance)


class Difference(NamedTuple):
    """An amount that an exchange difference takes off an item: in the company's currency or in the item's own."""

    item: int
    amount: float
    in_currency: bool


@dataclass
class Match:
    """What a debit and a credit settle of each other; amounts are positive."""

    debit: int
    credit: int
    amount: float  # in the company's currency
    debit_currency: float  # in the debit's currency
    credit_currency: float
    differences: list[Difference] = field(default_factory=list)


class _Available(NamedTuple):
    """What is open of an item in one currency, and the rate from the company's currency into it."""

    amount: float
    rate: float | None


def match(items: Iterable[Item], *, differences: bool = True) -> list[Match]:
    """Return what the items settle of each other; reduces what is open of them."""
    ordered = sorted(items, key=lambda item: (item.due, item.currency.id, item.amount_currency))
    debits = (item for item in ordered if item.balance > 0 or item.amount_currency > 0)
    credits = (item for item in ordered if item.balance < 0 or item.amount_currency < 0)
    return list(_pairs(debits, credits, differences))


def _pairs(debits: Iterator[Item], credits: Iterator[Item], differences: bool) -> Iterator[Match]:
    debit, credit = next(debits, None), next(credits, None)
    while debit is not None and credit is not None:
        found, debit_done, credit_done = _settle(debit, credit, differences)
        if found is not None:
            yield found
        if debit_done:
            debit = next(debits, None)
        if credit_done:
            credit = next(credits, None)


def _settle(debit: Item, credit: Item, differences: bool) -> tuple[Match | None, bool, bool]:
    """Match two items; return the match, if there is one, and whether debit and credit are used up."""
    debits, credits = _available(debit, credit), _available(credit, debit)
    money = _compared(debit, credit, debits, credits)
    ours, theirs = debits.get(money.id), credits.get(money.id)
    if ours is None or theirs is None:
        return None, ours is None, theirs is None
    least = min(ours.amount, -theirs.amount)
    order = money.round(ours.amount) - money.round(-theirs.amount)
    debit_done, credit_done = order <= 0, order >= 0
    if money.id == debit.company.id:
        # items without an amount in their common currency correct its counter-value only
        bare = debit.currency.id == credit.currency.id and not (
            debits.get(debit.currency.id) and credits.get(credit.currency.id)
        )
        found = Match(
            debit.id, credit.id, least,
            0.0 if bare else _own_amount(debit, debits, least),
            0.0 if bare else _own_amount(credit, credits, least),
        )  # fmt: skip
        if differences:
            found.differences = _currency_differences(debit, credit, found, debit_done, credit_done)
    else:
        of_debit, of_credit = _counter_value(debit, ours, least), _counter_value(credit, theirs, least)
        amount = min(of_debit, of_credit)
        found = Match(
            debit.id, credit.id, amount, least if debit.foreign else amount, least if credit.foreign else amount
        )
        if differences:
            found.differences = [
                *_value_differences(debit, 1, amount, of_debit, debit_done),
                *_value_differences(credit, -1, amount, of_credit, credit_done),
            ]
    debit.open, credit.open = debit.open - found.amount, credit.open + found.amount
    debit.open_currency -= found.debit_currency
    credit.open_currency += found.credit_currency
    return found, debit_done, credit_done


def _available(item: Item, other: Item) -> Mapping[int, _Available]:
    """Return what is open of an item by the id of the currency; the other item's may be one of them."""
    found: dict[int, _Available] = {}
    left, left_currency = not item.company.is_zero(item.open), not item.currency.is_zero(item.open_currency)
    if left:
        found[item.company.id] = _Available(item.open, 1.0)
    if item.foreign:
        if left_currency:
            found[item.currency.id] = _Available(item.open_currency, item.posted_rate)
    elif other.foreign and item.trade and left:
        rate = (other.posted_rate if other.paying and not item.paying else None) or item.rates(other.currency)
        amount = other.currency.round(item.open * rate)
        if not other.currency.is_zero(amount):
            found[other.currency.id] = _Available(amount, rate)
    return found


def _compared(debit: Item, credit: Item, debits: Mapping[int, _Available], credits: Mapping[int, _Available]) -> Money:
    """Return the currency in which two items are compared."""
    for item in (debit, credit):
        if item.foreign and item.currency.id in debits and item.currency.id in credits:
            return item.currency
    return debit.company


def _own_amount(item: Item, available: Mapping[int, _Available], amount: float) -> float:
    """Return an amount of the company's currency in the item's own, at most what is open of it."""
    own = available.get(item.currency.id)
    if own is None or not own.rate:
        return 0.0
    return min(item.currency.round(own.rate * amount), abs(item.open_currency))


def _counter_value(item: Item, available: _Available, amount: float) -> float:
    """Return an amount of the compared currency in the company's, at most what is open of the item."""
    return min(item.company.round(amount / available.rate), abs(item.open)) if available.rate else 0.0


def _currency_differences(
    debit: Item, credit: Item, found: Match, debit_done: bool, credit_done: bool
) -> list[Difference]:
    """Return what items that are used up keep in their own currency; the items lose it."""
    differences = []
    for item, done, amount in (
        (debit, debit_done, found.debit_currency),
        (credit, credit_done, -found.credit_currency),
    ):
        left = item.open_currency - amount
        if done and not item.currency.is_zero(left):
            differences.append(Difference(item.id, left, True))
            item.open_currency -= left
    return differences


def _value_differences(item: Item, sign: int, amount: float, own: float, done: bool) -> Iterator[Difference]:
    """Yield what an item keeps of the company's currency beside its share of the compared one; the item loses it."""
    left = item.open - sign * amount if done else sign * (own - amount)
    if not item.company.is_zero(left):
        yield Difference(item.id, left, False)
        item.open -= left
        if not item.foreign:
            item.open_currency -= left
