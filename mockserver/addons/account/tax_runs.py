"""The taxes of a line as servers until 17.0 compute them.

Taxes are cut into *runs*: a run ends where the next tax is computed on a price that contains the one before it.  What
the prices of a run contain is taken out at once, from the last run to the first; then each run is computed from the
price before it, and the last tax in it that the price contains gets whatever is missing to the price after it.

Source: 17.0, recorded in flow-tax-1.  `Inferred:` 14.0 to 16.0 are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from mockserver.addons.account.tax_values import Applied, BaseLine, Method, Tax, Totals, amount_on, is_included
from mockserver.orm.fields.numbers import round_to

_FINE = 1e-5  # how much finer than the currency amounts are kept that are rounded globally


class _Run(NamedTuple):
    """Taxes of a line, the first of them at `start`, that are taken out of a price together."""

    taxes: Sequence[Tax]
    start: int
    line: BaseLine

    @property
    def last_included(self) -> int | None:
        """The position in the line of the tax that makes the run reach its total, if a price contains any."""
        for position in range(len(self.taxes) - 1, -1, -1):
            if self.taxes[position].amount and is_included(self.taxes[position], self.line):
                return self.start + position
        return None

    def before(self, price: float) -> float:
        """Return the price without what it contains of the run: fixed amounts, then percentages, then divisions."""
        whole = {"fixed": 0.0, "percent": 0.0, "division": 0.0}
        for tax in reversed(self.taxes):
            if is_included(tax, self.line):
                whole[tax.kind] += tax.amount * _factor(tax, self.line)
        price -= whole["fixed"] * abs(self.line.quantity)
        return price / (1 + whole["percent"] / 100) * (100 - whole["division"]) / 100


def _runs(taxes: Sequence[Tax], line: BaseLine) -> list[_Run]:
    ends = [
        position + 1
        for position, tax in enumerate(taxes[:-1])
        if tax.affects_base and taxes[position + 1].base_affected
    ]  # fmt: skip
    bounds = [0, *ends, len(taxes)]
    return [_Run(taxes[start:end], start, line) for start, end in pairwise(bounds)]


def compute(taxes: Sequence[Tax], line: BaseLine, method: Method) -> Totals:
    """Return what taxes, already in their order, come to on a line."""
    price = line.unit_price * line.quantity
    if line.round_base:
        price = round_to(price, line.step)
    sign = -1 if price < 0 and round_to(price, line.step) != 0 else 1
    price *= sign
    reached: dict[int, float] = {}
    for run in reversed(_runs(taxes, line) if line.prices != "excluded" else ()):
        if run.last_included is not None:
            reached[run.last_included] = price
        price = run.before(price)
    if line.round_base:
        price = round_to(price, line.step)
    upwards = _Upwards(line, line.step * _FINE if method.globally else line.step, price)
    applied = []
    for position, tax in enumerate(taxes):
        later = tuple(other for other in taxes[position + 1 :] if other.base_affected) if tax.affects_base else ()
        base, amount = upwards.add(tax, reached.get(position))
        applied.append(Applied(tax, sign * base, sign * amount, upwards.contains(tax), next_taxes=later))
    return Totals(sign * price, sign * upwards.total, applied)


class _Upwards:
    """A price that grows by one tax after the other.

    `base` is the price with the taxes that later ones are computed on, `total` the price with all of them, `unplaced`
    what the price contained of the present run so far.
    """

    def __init__(self, line: BaseLine, step: float, excluded: float) -> None:
        self.line, self.step = line, step
        self.excluded = self.base = self.total = excluded
        self.unplaced = 0.0
        self.exact = True  # whether no tax has changed the base that no price contained

    def contains(self, tax: Tax) -> bool:
        """Return whether a tax counts as a part of the price, on lines without included taxes too."""
        return is_included(tax, self.line) or (tax.included and self.line.prices == "excluded")

    def add(self, tax: Tax, reached: float | None) -> tuple[float, float]:
        """Add a tax, or what is missing to the total that is reached with it; return its base and amount."""
        contained, factor = self.contains(tax), _factor(tax, self.line)
        base = self.base if contained or tax.base_affected else self.excluded
        if reached is not None and contained and self.exact and factor:
            amount, self.unplaced = round_to(reached - (self.base + self.unplaced), self.step), 0.0
        else:
            amount = round_to(amount_on(tax, base, self.line.quantity), self.step)
        counted = round_to(amount * factor, self.step)
        self.total += counted
        if contained and reached is None:
            self.unplaced += counted
        if tax.affects_base:
            self.base += counted
            self.exact = self.exact and contained
        return round_to(base, self.step), amount


def _factor(tax: Tax, line: BaseLine) -> float:
    return sum(share.factor for share in tax.repartition(line.refund).shares)
