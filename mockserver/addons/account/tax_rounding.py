"""The amounts of a document's lines, rounded so that they add up: as servers since 18.0 round them.

What is rounded for a line and what is rounded for the document differ by cents when taxes are computed globally.  The
cents go to the taxes, then to the lines, in proportion to their amounts, the largest first.

Source: 19.0; recorded in flow-tax-1, flow-sale-1 (18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mockserver.addons.account.tax_values import Applied, BaseLine, LineTaxes, Method
from mockserver.orm.fields.numbers import round_to


@dataclass
class Rounded:
    """A line in one currency: the price without taxes, and amount and base of each tax.

    `added` are the cents that the document adds to the price.
    """

    excluded: float
    amounts: list[float]
    bases: list[float]
    raw_excluded: float
    raw_amounts: list[float]
    raw_bases: list[float]
    applied: list[Applied] = field(default_factory=list)
    added: float = 0.0

    @property
    def total(self) -> float:
        """The price without taxes, with the added cents."""
        return self.excluded + self.added


# one tax of one line
Spot = tuple[Rounded, int]


def rounded(lines: Sequence[BaseLine], found: Sequence[LineTaxes], method: Method, *, company: bool) -> list[Rounded]:
    """Return the lines of a document in its own currency, or in the company's."""
    pairs = [_raw(line, taxes, method, company=company) for line, taxes in zip(lines, found, strict=True)]
    steps = {method.company_step if company else line.step for line in lines}
    for step in steps:
        chosen = [
            (line, entry)
            for line, entry in zip(lines, pairs, strict=True)
            if company or line.step == step
        ]  # fmt: skip
        _settle_taxes(chosen, step)
        _settle_prices(chosen, step)
    return pairs


def _raw(line: BaseLine, taxes: LineTaxes, method: Method, *, company: bool) -> Rounded:
    step = method.company_step if company else line.step
    scale = 1 / line.rate if company and line.rate else 1.0

    def own(amount: float) -> float:
        return amount * scale if method.globally else round_to(amount * scale, step)

    raw = own(taxes.excluded)
    amounts, bases = [own(entry.amount) for entry in taxes.applied], [own(entry.base) for entry in taxes.applied]
    return Rounded(
        round_to(raw, step), [round_to(a, step) for a in amounts], [round_to(b, step) for b in bases],
        raw, amounts, bases, list(taxes.applied),
    )  # fmt: skip


def _grouped(entries: Sequence[tuple[BaseLine, Rounded]]) -> Iterator[list[Spot]]:
    """Yield the places of each tax in all lines."""
    groups: dict[Hashable, list[Spot]] = {}
    for line, entry in entries:
        for position, applied in enumerate(entry.applied):
            key = (applied.tax.id, line.refund, applied.takes_back, applied.included)
            groups.setdefault(key, []).append((entry, position))
    yield from groups.values()


def _settle_taxes(entries: Sequence[tuple[BaseLine, Rounded]], step: float) -> None:
    """Make the amounts of each tax, and their bases, add up to what is rounded once."""
    for spots in _grouped(entries):
        raw_amount = sum(entry.raw_amounts[at] for entry, at in spots)
        raw_base = sum(entry.raw_bases[at] for entry, at in spots)
        amount = round_to(raw_amount, step)
        missing = amount - sum(entry.amounts[at] for entry, at in spots)
        for (entry, at), share in _shares(missing, spots, [entry.raw_amounts[at] for entry, at in spots], step):
            entry.amounts[at] += share
        included = spots[0][0].applied[spots[0][1]].included
        base = round_to(raw_base + raw_amount, step) - amount if included else round_to(raw_base, step)
        missing = base - sum(entry.bases[at] for entry, at in spots)
        for (entry, at), share in _shares(missing, spots, [entry.raw_bases[at] for entry, at in spots], step):
            entry.bases[at] += share


def _shares(
    missing: float, spots: Sequence[Spot], weights: Sequence[float], step: float
) -> Iterator[tuple[Spot, float]]:
    return zip(spots, spread(missing, weights, step), strict=True)


def _settle_prices(entries: Sequence[tuple[BaseLine, Rounded]], step: float) -> None:
    """Make the prices of a document add up to what is rounded once: with the taxes where all are included."""
    for refund in (False, True):
        chosen = [entry for line, entry in entries if line.refund is refund]
        separate = any(not applied.included for entry in chosen for applied in entry.applied)
        weigh: Callable[[Rounded], float] = (
            (lambda entry: entry.raw_excluded)
            if separate
            else (lambda entry: entry.raw_excluded + sum(entry.raw_amounts))
        )
        present = sum(entry.excluded + (0.0 if separate else sum(entry.amounts)) for entry in chosen)
        missing = round_to(sum(weigh(entry) for entry in chosen), step) - present
        for entry, share in zip(chosen, spread(missing, [weigh(entry) for entry in chosen], step), strict=True):
            entry.added += share


def spread(missing: float, weights: Sequence[float], step: float) -> list[float]:
    """Return how much of an amount each weight gets: whole steps, the largest weights first."""
    shares = [0.0] * len(weights)
    count = round(abs(missing) / step)
    if not count:
        return shares
    order = sorted(range(len(weights)), key=lambda position: -abs(weights[position]))
    whole = sum(abs(weight) for weight in weights)
    left, unit = count, step if missing > 0 else -step
    for position in order:
        part = abs(weights[position]) / whole if whole else 1 / len(weights)
        steps = min(round(part * count), left)
        shares[position] += steps * unit
        left -= steps
    for position in order[:left]:
        shares[position] += unit
    return shares


def follow_tax_lines(
    entries: Sequence[tuple[BaseLine, Rounded]], present: Mapping[tuple[int, bool], float], step: float
) -> None:
    """Make the taxes add up to the amounts that the tax lines of a document have, which may have been changed.

    `present` is `{(tax, whether of a refund): amount}`, of the sign of the prices.
    """
    groups: dict[tuple[int, bool], list[Spot]] = {}
    for line, entry in entries:
        for position, applied in enumerate(entry.applied):
            groups.setdefault((applied.tax.id, line.refund), []).append((entry, position))
    for key, spots in groups.items():
        computed = sum(entry.amounts[at] for entry, at in spots)
        if computed and key in present:
            weights = [entry.amounts[at] for entry, at in spots]
            for (entry, at), share in _shares(present[key] - computed, spots, weights, step):
                entry.amounts[at] += share
