"""The tax engine: what the taxes of lines come to, and which tax lines a document has of them.

Pure functions over the values of `tax_values.py`, so that orders can use them as entries do; `tax_records.py` makes
those values of records.

    line = BaseLine(taxes=(tax,), price=100.0, quantity=2, direction=-1, account=income, key=(currency, partner))
    found = compute_line(line, method)        # found.excluded, found.included, found.parts: price_subtotal, price_total
    document = compute_document([line], method)
    document.bases[0]                         # Base(amount_currency=-200.0, balance=-200.0, tags): of that line
    document.tax_lines                        # TaxLine(share, account, tax_ids, tags, amount_currency, balance, …)

Amounts of `compute_line` have the sign of the price; those of a document are debits (+) and credits (-).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from mockserver.addons.account import tax_batches, tax_runs
from mockserver.addons.account.tax_rounding import Rounded, rounded
from mockserver.addons.account.tax_values import Applied, BaseLine, Ids, LineTaxes, Method, Part, Share, Tax
from mockserver.orm.fields.numbers import round_to

_FINE = 1e-5  # how much finer than the currency amounts are kept that are rounded globally

__all__ = [
    "Applied", "Base", "BaseLine", "Document", "LineTaxes", "Method", "Part", "Share", "Tax", "TaxLine",
    "compute_document", "compute_line", "flattened",
]  # fmt: skip


@dataclass
class Base:
    """What a base line is in the document."""

    amount_currency: float
    balance: float
    tags: Ids = ()


@dataclass
class TaxLine:
    """A tax line of a document.  `base` is in the company's currency, and of the sign of the base lines."""

    tax: Tax
    share: Share
    group: Tax | None
    account: int | None
    analytic: Hashable
    next_taxes: Ids
    tags: Ids
    key: Hashable
    amount_currency: float = 0.0
    balance: float = 0.0
    base: float = 0.0
    takes_back: bool = False


@dataclass
class Document:
    """The lines of a document with their taxes: each in the order of the base lines, then the joined tax lines."""

    lines: list[LineTaxes]
    bases: list[Base]
    tax_lines: list[TaxLine]


def flattened(taxes: Iterable[Tax], *, once: bool = False) -> list[tuple[Tax, Tax | None]]:
    """Return taxes in the order in which they apply, those of groups with their group; `once` drops repetitions."""
    found: list[tuple[Tax, Tax | None]] = []
    for tax in sorted(taxes, key=lambda tax: (tax.sequence, tax.id)):
        if tax.kind == "group":
            found += [(child, tax) for child, _ in flattened(tax.children)]
        else:
            found.append((tax, None))
    return list({tax.id: (tax, group) for tax, group in found}.values()) if once else found


def compute_line(line: BaseLine, method: Method) -> LineTaxes:
    """Return what the taxes of a line come to, each shared out to its repartition lines."""
    ordered = flattened(line.taxes, once=method.batches)
    algorithm = tax_batches.compute if method.batches else tax_runs.compute
    totals = algorithm([tax for tax, _ in ordered], line, method)
    included = totals.included if method.batches else round_to(totals.included, line.step)
    tags = _base_tags([tax for tax, _ in ordered], line)
    groups = {tax.id: group for tax, group in ordered}
    taxes = LineTaxes(totals.excluded, included, tags + line.product_tags, totals.applied)
    step = line.step * _FINE if method.globally else line.step
    for applied in totals.applied:
        taxes.parts += _parts(applied, groups[applied.tax.id], line, method, step)
    return taxes


def _base_tags(taxes: Iterable[Tax], line: BaseLine) -> Ids:
    due = (tax for tax in taxes if line.cash_basis_tags or tax.exigible != "on_payment")
    return tuple(dict.fromkeys(tag for tax in due for tag in tax.repartition(line.refund).base_tags))


def _shares(applied: Applied, line: BaseLine, method: Method) -> tuple[Share, ...]:
    shares = applied.tax.repartition(line.refund).shares
    return tuple(s for s in shares if not method.batches or (s.factor < 0) == applied.takes_back)


def _parts(applied: Applied, group: Tax | None, line: BaseLine, method: Method, step: float) -> Iterator[Part]:
    """Yield what each share has of a tax."""
    tax = applied.tax
    shares = _shares(applied, line, method)
    amounts = _shared_out(
        applied.amount, shares, step, line.step, takes_back=applied.takes_back, largest_first=method.batches
    )
    waits = tax.exigible == "on_payment" and not line.cash_basis_tags
    next_tags = _base_tags(applied.next_taxes, line)
    next_taxes = tuple(other.id for other in applied.next_taxes)
    for share, amount in zip(shares, amounts, strict=True):
        tags = tuple(dict.fromkeys((() if waits else share.tags) + next_tags)) + line.product_tags
        account = tax.transition_account if waits else share.account
        yield Part(
            tax, share, group, amount, applied.base, applied.included, account, tags, next_taxes, applied.takes_back
        )


def _shared_out(
    amount: float, shares: Sequence[Share], step: float, unit: float, *, takes_back: bool, largest_first: bool
) -> list[float]:
    """Return the amounts of the shares of a tax, which together are exactly the tax.

    Units of currency that are lost by rounding go to the first shares, since 18.0 to the largest.
    """
    sign = -1 if takes_back else 1
    if len(shares) == 1:
        return [round_to(sign * shares[0].factor * amount, step)]
    amounts = [round_to(sign * share.factor * amount, step) for share in shares]
    whole = round_to(amount * sign * sum(share.factor for share in shares), step)
    lost = round_to(whole - sum(amounts), step)
    steps = min(int(abs(lost / unit) + 1e-9), len(amounts))
    order = sorted(range(len(amounts)), key=lambda position: -abs(amounts[position]) if largest_first else 0)
    for position in order[:steps]:
        amounts[position] = round_to(amounts[position] + lost / steps, step)
    return amounts


def compute_document(lines: Sequence[BaseLine], method: Method) -> Document:
    """Return the taxes of all lines of a document, its base amounts and its tax lines, rounded."""
    found = [compute_line(line, method) for line in lines]
    if method.batches:
        sides = (rounded(lines, found, method, company=False), rounded(lines, found, method, company=True))
        bases, amounts = _rounded_amounts(lines, found, sides, method)
    else:
        bases, amounts = _plain_amounts(lines, found, method)
    joined: dict[Hashable, tuple[TaxLine, float]] = {}
    for line, part, figures in amounts:
        _join(joined, line, part, figures)
    tax_lines = []
    for tax_line, step in joined.values():
        tax_line.amount_currency = round_to(tax_line.amount_currency, step)
        tax_line.balance = round_to(tax_line.balance, method.company_step)
        tax_line.base = round_to(tax_line.base, method.company_step)
        if tax_line.amount_currency or tax_line.balance:
            tax_lines.append(tax_line)
    return Document(found, bases, tax_lines)


# a share of a tax of a line, with its amount in both currencies and its base in the company's
Amount = tuple[BaseLine, Part, tuple[float, float, float]]


def _plain_amounts(
    lines: Sequence[BaseLine], found: Sequence[LineTaxes], method: Method
) -> tuple[list[Base], list[Amount]]:
    """Return what each line has, converted by its own rate: until 17.0."""
    bases, amounts = [], []
    for line, taxes in zip(lines, found, strict=True):
        amount = round_to(line.direction * taxes.excluded, line.step)
        bases.append(Base(amount, round_to(amount / line.rate, method.company_step), taxes.base_tags))
        amounts += [(line, part, (part.amount, part.amount / line.rate, part.base / line.rate)) for part in taxes.parts]
    return bases, amounts


def _rounded_amounts(
    lines: Sequence[BaseLine],
    found: Sequence[LineTaxes],
    sides: tuple[Sequence[Rounded], Sequence[Rounded]],
    method: Method,
) -> tuple[list[Base], list[Amount]]:
    """Return what each line has, rounded so that the document adds up: since 18.0."""
    bases, amounts = [], []
    for line, taxes, own, company in zip(lines, found, *sides, strict=True):
        bases.append(Base(line.direction * own.total, line.direction * company.total, taxes.base_tags))
        parts = iter(taxes.parts)
        for position, applied in enumerate(taxes.applied):
            shares = _shares(applied, line, method)
            figures = [
                _shared_out(
                    side.amounts[position], shares, step, step, takes_back=applied.takes_back, largest_first=True
                )
                for side, step in ((own, line.step), (company, method.company_step))
            ]
            for amount, balance in zip(*figures, strict=True):
                amounts.append((line, next(parts), (amount, balance, company.bases[position])))
    return bases, amounts


def _join(
    joined: dict[Hashable, tuple[TaxLine, float]], line: BaseLine, part: Part, figures: tuple[float, float, float]
) -> None:
    """Add a part to the tax line that it belongs to."""
    if not part.amount:
        return
    account = part.account or line.account
    analytic = line.analytic if part.tax.analytic or not part.share.in_closing else None
    group = part.group.id if part.group else None
    key = (part.share.id, part.takes_back, group, account, analytic, part.next_taxes, part.tags, line.key)
    if key not in joined:
        empty = TaxLine(
            part.tax, part.share, part.group, account, analytic, part.next_taxes, part.tags, line.key,
            takes_back=part.takes_back,
        )  # fmt: skip
        joined[key] = (empty, line.step)
    tax_line, _ = joined[key]
    amount, balance, base = figures
    tax_line.amount_currency += line.direction * amount
    tax_line.balance += line.direction * balance
    tax_line.base += line.direction * base
