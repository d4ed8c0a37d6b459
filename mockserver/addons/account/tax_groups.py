"""The taxes of a document by tax group, which its totals show.

Pure functions over plain values; `tax_totals.py` words them as the versions do.

Source: 17.0, 19.0; recorded in flow-sale-1, flow-purchase-1 (17.0–19.0).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mockserver.addons.account.tax_rounding import Rounded, follow_tax_lines, rounded
from mockserver.addons.account.tax_values import BaseLine, LineTaxes, Method, Tax
from mockserver.orm.fields.numbers import round_to

# {(tax, whether of a refund): amount in the document's currency and in the company's}, of the sign of the prices
Present = Mapping[tuple[int, bool], tuple[float, float]]


@dataclass
class Sums:
    """The base and the amount of taxes, or the price without and with them, in both currencies."""

    base: float = 0.0
    base_company: float = 0.0
    amount: float = 0.0
    amount_company: float = 0.0


@dataclass
class Group(Sums):
    """What a tax group has of a document; `prices` are those of the lines that its taxes are on, with them."""

    id: int = 0
    taxes: dict[int, Tax] = field(default_factory=dict)
    prices: float = 0.0
    prices_company: float = 0.0

    @property
    def fixed(self) -> bool:
        """Whether all its taxes are fixed amounts, whose base has no meaning."""
        return all(tax.kind == "fixed" for tax in self.taxes.values())

    @property
    def part_of_price(self) -> bool:
        """Whether all its taxes are shares of the price that contains them."""
        return all(tax.kind == "division" and tax.included for tax in self.taxes.values())


@dataclass
class Totals:
    """What a document comes to: all of it, and by tax group in no order."""

    whole: Sums
    groups: list[Group]


def by_group(lines: Sequence[BaseLine], found: Sequence[LineTaxes], method: Method, present: Present) -> Totals:
    """Return the totals of a document; `present` are the amounts of its tax lines, which may have been changed."""
    if method.batches:
        return _since_18(lines, found, method, present)
    return _until_17(lines, found, method, present)


def _until_17(lines: Sequence[BaseLine], found: Sequence[LineTaxes], method: Method, present: Present) -> Totals:
    whole, groups, taxes_of = Sums(), dict[int, Group](), dict[int, Sums]()
    step = lines[0].step if lines else 0.01
    for line, taxes in zip(lines, found, strict=True):
        price = round_to(taxes.excluded, line.step)
        whole.base += price
        whole.base_company += round_to(price / line.rate, method.company_step)
        seen: set[int] = set()
        for part in taxes.parts:
            group = groups.setdefault(part.tax.tax_group or 0, Group(id=part.tax.tax_group or 0))
            group.taxes[part.tax.id] = part.tax
            for sums in (group, taxes_of.setdefault(part.tax.id, Sums())):
                sums.amount += part.amount
                sums.amount_company += part.amount / line.rate
            if group.id not in seen:
                group.base += part.base
                group.base_company += part.base / line.rate
                seen.add(group.id)
    whole.amount = sum(round_to(sums.amount, step) for sums in taxes_of.values())
    whole.amount_company = sum(round_to(sums.amount_company, method.company_step) for sums in taxes_of.values())
    for group in groups.values():
        kept = [amount for (tax, _), (amount, _) in present.items() if tax in group.taxes]
        group.amount = sum(kept) if kept else round_to(group.amount, step)
        group.base = round_to(group.base, step)
        group.base_company = round_to(group.base_company, method.company_step)
        group.amount_company = round_to(group.amount_company, method.company_step)
    return Totals(whole, list(groups.values()))


def _since_18(lines: Sequence[BaseLine], found: Sequence[LineTaxes], method: Method, present: Present) -> Totals:
    own = rounded(lines, found, method, company=False)
    company = rounded(lines, found, method, company=True)
    steps = (lines[0].step if lines else 0.01, method.company_step)
    for position, (side, step) in enumerate(zip((own, company), steps, strict=True)):
        kept = {key: amounts[position] for key, amounts in present.items()}
        follow_tax_lines(list(zip(lines, side, strict=True)), kept, step)
    whole, groups = Sums(), dict[int, Group]()
    for one, other in zip(own, company, strict=True):
        _add_line(whole, groups, one, other)
    return Totals(whole, list(groups.values()))


def _add_line(whole: Sums, groups: dict[int, Group], own: Rounded, company: Rounded) -> None:
    whole.base += own.total
    whole.base_company += company.total
    whole.amount += sum(own.amounts)
    whole.amount_company += sum(company.amounts)
    seen: set[int] = set()
    for position, applied in enumerate(own.applied):
        group = groups.setdefault(applied.tax.tax_group or 0, Group(id=applied.tax.tax_group or 0))
        group.taxes[applied.tax.id] = applied.tax
        group.amount += own.amounts[position]
        group.amount_company += company.amounts[position]
        if group.id not in seen:
            seen.add(group.id)
            group.base += own.bases[position]
            group.base_company += company.bases[position]
            group.prices += own.total + _divided(own)
            group.prices_company += company.total + _divided(company)


def _divided(entry: Rounded) -> float:
    return sum(
        amount for amount, applied in zip(entry.amounts, entry.applied, strict=True) if applied.tax.kind == "division"
    )
