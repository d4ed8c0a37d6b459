"""The values that taxes are computed from and the values that come out: plain data, without a database.

Amounts are in the currency of the line and have the sign of the line's price; a document turns them to debit and
credit with the `direction` of its lines.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Kind = Literal["percent", "fixed", "division", "group"]
# whose opinion counts on whether prices contain the tax: that of each tax, or all do, or none does
Prices = Literal["as the tax says", "included", "excluded"]
Ids = tuple[int, ...]


class Share(NamedTuple):
    """A repartition line of a tax; `factor` is 1.0 for all of the tax."""

    id: int
    factor: float = 1.0
    account: int | None = None
    tags: Ids = ()
    in_closing: bool = False


class Repartition(NamedTuple):
    """Where a tax goes in one sort of document: the tags of its base, and the shares of the tax itself."""

    shares: tuple[Share, ...]
    base_tags: Ids = ()


class Tax(NamedTuple):
    """A tax; `children` are those of a group, which has no amount of its own."""

    id: int
    name: str
    amount: float
    kind: Kind = "percent"
    sequence: int = 1
    included: bool = False
    affects_base: bool = False
    base_affected: bool = True
    exigible: str = "on_invoice"
    transition_account: int | None = None
    analytic: bool = False
    tax_group: int | None = None
    children: tuple[Tax, ...] = ()
    invoice: Repartition = Repartition(shares=(Share(0),))
    refund: Repartition = Repartition(shares=(Share(0),))

    def repartition(self, refund: bool) -> Repartition:
        """Return the repartition for invoices or for refunds."""
        return self.refund if refund else self.invoice

    @property
    def reversed_charge(self) -> bool:
        """Whether a part of the tax is taken back by a negative share."""
        return any(share.factor < 0 for share in self.invoice.shares)


class Method(NamedTuple):
    """How a company computes taxes.

    `globally`: amounts are rounded once for a document, not a line.  `batches`: adjacent taxes of one kind are taken
    out of a price together, as the servers do since 18.0; before that each has a total that it must reach.
    """

    globally: bool = False
    batches: bool = False
    company_step: float = 0.01


class BaseLine(NamedTuple):
    """A line that taxes are computed for.

    `step` is the rounding of its currency.  `rate` are the units of its currency for one unit of the company's.
    `direction` is 1 where the amount of the line is a debit, -1 where it is a credit.  The tax lines of several base
    lines are joined where `account` (for taxes without one), `analytic` (for taxes that have a part in it), `key` (all
    else that the document tells tax lines apart by), and what the tax itself says are equal.
    """

    taxes: tuple[Tax, ...]
    price: float
    quantity: float = 1.0
    discount: float = 0.0
    step: float = 0.01
    rate: float = 1.0
    direction: int = 1
    refund: bool = False
    prices: Prices = "as the tax says"
    round_base: bool = True
    cash_basis_tags: bool = False  # whether taxes that are due with the payment have their tags and account already
    product_tags: Ids = ()
    account: int | None = None
    analytic: Hashable = None
    key: Hashable = None

    @property
    def unit_price(self) -> float:
        """The price of one unit after the discount."""
        return self.price * (1 - self.discount / 100) if self.discount else self.price


@dataclass
class Applied:
    """One tax of a line, before it is shared out: `base` and `amount` are not rounded where `Method.globally`."""

    tax: Tax
    base: float
    amount: float
    included: bool = False
    takes_back: bool = False  # the negative half of a reversed charge
    next_taxes: tuple[Tax, ...] = ()  # whose base this tax is part of


class Part(NamedTuple):
    """What one share of a tax has of a line; `account` is None where the line's own is used."""

    tax: Tax
    share: Share
    group: Tax | None
    amount: float
    base: float
    included: bool
    account: int | None
    tags: Ids
    next_taxes: Ids
    takes_back: bool = False


@dataclass
class LineTaxes:
    """What the taxes of a line come to.  `excluded` and `included` are the price without and with them."""

    excluded: float
    included: float
    base_tags: Ids = ()
    applied: list[Applied] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)

    @property
    def void(self) -> float:
        """The price without taxes, with those parts of them that have no account of their own."""
        return self.excluded + sum(part.amount for part in self.parts if not part.share.account)


@dataclass
class Totals:
    """The price without and with taxes, and the taxes, all of the sign of the price."""

    excluded: float
    included: float
    applied: list[Applied]


def is_included(tax: Tax, line: BaseLine) -> bool:
    """Return whether the prices of a line contain a tax."""
    return tax.included if line.prices == "as the tax says" else line.prices == "included"


def amount_on(tax: Tax, base: float, quantity: float) -> float:
    """Return the amount of a tax on a base that does not contain it."""
    if tax.kind == "fixed":
        return (abs(quantity) if base else quantity) * tax.amount
    if tax.kind == "division":
        rest = 1 - tax.amount / 100
        return base / rest - base if rest else 0.0
    return base * tax.amount / 100
