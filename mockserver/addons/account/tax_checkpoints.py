"""The taxes of a line as servers until 17.0 compute them.

Going backwards through the taxes, those that the price contains are taken out of it, several at a time; the price
before a run of them is the total that the run has to reach again.  Going forwards, the taxes are computed on the price
that is left, and the last of each run gets what is missing to its total.

Source: 17.0, recorded in flow-tax-1.  `Inferred:` 14.0 to 16.0 are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mockserver.addons.account.tax_values import Applied, BaseLine, Method, Tax
from mockserver.orm.fields.numbers import round_to

_FINE = 1e-5  # how much finer than the currency amounts are kept that are rounded globally


@dataclass
class _Run:
    """The amounts of adjacent taxes that the price contains."""

    fixed: float = 0.0
    percent: float = 0.0
    division: float = 0.0

    def taken_out_of(self, price: float) -> float:
        """Return the price without the taxes, and forget them."""
        price = (price - self.fixed) / (1 + self.percent / 100) * (100 - self.division) / 100
        self.fixed = self.percent = self.division = 0.0
        return price


@dataclass
class Totals:
    """The price without and with taxes, and the taxes, all of the sign of the price."""

    excluded: float
    included: float
    applied: list[Applied]


def is_included(tax: Tax, line: BaseLine) -> bool:
    """Return whether the prices of a line contain a tax."""
    return tax.included if line.prices == "as the tax says" else line.prices == "included"


def compute(taxes: Sequence[Tax], line: BaseLine, method: Method) -> Totals:
    """Return what taxes, already in their order, come to on a line."""
    price = line.unit_price * line.quantity
    if line.round_base:
        price = round_to(price, line.step)
    negative = price < 0 and round_to(price, line.step) != 0
    excluded, goals = _without_included(taxes, line, -price if negative else price)
    if line.round_base:
        excluded = round_to(excluded, line.step)
    included, applied = _forwards(taxes, line, method, excluded, goals)
    if negative:
        for entry in applied:
            entry.base, entry.amount = -entry.base, -entry.amount
        excluded, included = -excluded, -included
    return Totals(excluded, included, applied)


def _factor(tax: Tax, line: BaseLine) -> float:
    return sum(share.factor for share in tax.repartition(line.refund).shares)


def _without_included(taxes: Sequence[Tax], line: BaseLine, price: float) -> tuple[float, dict[int, float]]:
    """Return the price without taxes, and by position of a tax the total that is reached with it."""
    goals: dict[int, float] = {}
    run, at_end, affected = _Run(), True, True
    for position in range(len(taxes) - 1, -1, -1) if line.prices != "excluded" else ():
        tax = taxes[position]
        if tax.affects_base and affected:
            price = run.taken_out_of(price)
            at_end = True
        if is_included(tax, line):
            amount = tax.amount * _factor(tax, line)
            if tax.kind == "fixed":
                run.fixed += abs(line.quantity) * amount
            elif tax.kind == "division":
                run.division += amount
            else:
                run.percent += amount
            if at_end and tax.amount:
                goals[position] = price
                at_end = False
        affected = tax.base_affected
    return run.taken_out_of(price), goals


def _forwards(
    taxes: Sequence[Tax], line: BaseLine, method: Method, excluded: float, goals: dict[int, float]
) -> tuple[float, list[Applied]]:
    """Return the price with taxes, and each tax on a price without them."""
    step = line.step * _FINE if method.globally else line.step
    base = total = excluded
    waiting = 0.0  # taxes of the present run that are in no base yet
    mixed = False  # a tax that no price contained has changed the base: totals cannot be reached any more
    applied = []
    for position, tax in enumerate(taxes):
        included = is_included(tax, line) or (tax.included and line.prices == "excluded")
        own_base = base if included or tax.base_affected else excluded
        factor = _factor(tax, line)
        goal = goals.get(position)
        if goal is not None and included and not mixed and factor:
            amount = goal - (base + waiting)
            waiting = 0.0
        else:
            amount = amount_on(tax, own_base, line.quantity)
        amount = round_to(amount, step)
        counted = round_to(amount * factor, step)
        if included and goal is None:
            waiting += counted
        later = tuple(other for other in taxes[position + 1 :] if other.base_affected) if tax.affects_base else ()
        applied.append(Applied(tax, round_to(own_base, step), amount, included, next_taxes=later))
        if tax.affects_base:
            base += counted
            mixed = mixed or not included
        total += counted
    return total, applied


def amount_on(tax: Tax, base: float, quantity: float) -> float:
    """Return the amount of a tax on a base that does not contain it."""
    if tax.kind == "fixed":
        return (abs(quantity) if base else quantity) * tax.amount
    if tax.kind == "division":
        rest = 1 - tax.amount / 100
        return base / rest - base if rest else 0.0
    return base * tax.amount / 100
