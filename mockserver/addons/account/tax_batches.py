"""The taxes of a line as servers since 18.0 compute them.

Adjacent taxes of one kind form a *batch*, which is taken out of a price, or added to it, as a whole.  Whether the
amount of a tax belongs to the base of another is a matter of their places and settings alone (`_sign`); so amounts
are found one after the other, each on the price with the amounts that are known by then.

Source: 18.0, 19.0, recorded in flow-tax-1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mockserver.addons.account.tax_values import Applied, BaseLine, Method, Tax, Totals, is_included
from mockserver.orm.fields.numbers import round_to


class _Placed(NamedTuple):
    """A tax of a line with the number of its batch; `batch_rate` are the rates of the batch together."""

    tax: Tax
    included: bool
    batch: int
    batch_rate: float

    @property
    def rate(self) -> float:
        return self.tax.amount / 100


def compute(taxes: Sequence[Tax], line: BaseLine, method: Method) -> Totals:
    """Return what taxes, already in their order and each once, come to on a line."""
    price = line.unit_price * line.quantity
    if not method.globally:
        price = round_to(price, line.step)
    placed = _placed(taxes, line)
    amounts: dict[int, float] = {}
    for at in _order(placed):
        base = price + sum(_sign(placed[other], placed[at], line) * amount for other, amount in amounts.items())
        amount = _amount(placed[at], base, line)
        amounts[at] = amount if method.globally else round_to(amount, line.step)
    applied = _applied(placed, amounts, price, line)
    excluded = applied[0].base if applied else price
    return Totals(excluded, excluded + sum(entry.amount for entry in applied), applied)


def _order(placed: Sequence[_Placed]) -> list[int]:
    """Return the positions in the order in which amounts are found: what the price contains from the last one."""
    backwards = range(len(placed) - 1, -1, -1)
    fixed = [at for at in backwards if placed[at].tax.kind == "fixed"]
    contained = [at for at in backwards if placed[at].tax.kind != "fixed" and placed[at].included]
    return [*fixed, *contained, *(at for at in reversed(backwards) if at not in {*fixed, *contained})]


def _placed(taxes: Sequence[Tax], line: BaseLine) -> list[_Placed]:
    """Cut taxes into batches, from the last one."""
    batches: list[list[Tax]] = []  # the last first, in each the last tax first
    for tax in reversed(taxes):
        if not batches or not _joins(tax, batches[-1], line):
            batches.append([])
        batches[-1].append(tax)
    return [
        # a charge that takes itself back is never part of a price
        _Placed(tax, is_included(tax, line) and not tax.reversed_charge, number, sum(t.amount / 100 for t in batch))
        for number, batch in enumerate(reversed(batches))
        for tax in reversed(batch)
    ]


def _joins(tax: Tax, batch: Sequence[Tax], line: BaseLine) -> bool:
    """Return whether a tax belongs to the batch after it, whose last tax is its first item."""
    same_side = line.prices != "as the tax says" or tax.included == batch[0].included
    alike = tax.kind == batch[0].kind and tax.affects_base == batch[0].affects_base
    return same_side and alike and not (tax.affects_base and batch[-1].base_affected)


def _sign(tax: _Placed, on: _Placed, line: BaseLine) -> int:
    """Return how the amount of one tax counts in the base of another: added (1), taken out (-1) or not at all (0)."""
    if tax.batch == on.batch:
        return 0
    affects, later = tax.tax.affects_base, on.batch > tax.batch
    if line.prices == "included" or (tax.tax.included and line.prices != "excluded"):
        stays = later and affects and not (tax.tax.included and not on.tax.base_affected)
        return 0 if stays else -1
    return 1 if affects and later and on.tax.base_affected else 0


def _amount(placed: _Placed, base: float, line: BaseLine) -> float:
    """Return the amount of a tax on a base that contains it, or not."""
    if placed.tax.kind == "fixed":
        return (-line.quantity if line.price < 0 else line.quantity) * placed.tax.amount
    if (placed.tax.kind == "division") == placed.included:
        return base * placed.rate
    whole = 1 - placed.batch_rate if placed.tax.kind == "division" else 1 + placed.batch_rate
    if not whole:
        return 0.0 if placed.included else base * placed.rate
    return base / whole * placed.rate


def _applied(placed: Sequence[_Placed], amounts: Mapping[int, float], price: float, line: BaseLine) -> list[Applied]:
    """Return the taxes with their bases, a reversed charge with the half that takes it back."""
    found: list[Applied] = []
    for at, own in enumerate(placed):
        base = price + sum(_sign(placed[other], own, line) * amount for other, amount in amounts.items())
        if own.included:
            batch = [other for other in amounts if placed[other].batch == own.batch]
            base -= sum(amounts[other] for other in batch if not placed[other].tax.reversed_charge)
        later = tuple(other.tax for other in placed[at + 1 :] if other.tax.base_affected)
        next_taxes = later if own.tax.affects_base else ()
        found.append(Applied(own.tax, base, amounts[at], own.included, next_taxes=next_taxes))
        if own.tax.reversed_charge:
            found.append(Applied(own.tax, base, -amounts[at], own.included, True, next_taxes))
    return found
