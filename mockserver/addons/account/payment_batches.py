"""The open items that a payment wizard pays: which go together, and how much they come to.

Source: recorded in flow-payment-1 and flow-random-invoice-1 (17.0–19.0).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from mockserver.addons.account import account_kinds, early_discount, payment_methods, reconciling
from mockserver.addons.account.line_rows import line_kind
from mockserver.addons.account.move_types import INVOICE_OR_RECEIPT
from mockserver.orm.records.recordset import Recordset


class Key(NamedTuple):
    """What the items of one payment have in common; the values are ids."""

    partner: int
    account: int
    currency: int
    bank: int
    partner_type: str


class Batch(NamedTuple):
    """Items that one payment can pay."""

    key: Key
    lines: Recordset
    payment_type: str
    bank: int

    @property
    def residual(self) -> float:
        """What is open, in the company's currency."""
        return abs(round(float(sum(self.lines.mapped("amount_residual"))), 6))

    @property
    def residual_currency(self) -> float:
        """What is open, in the currency of the items."""
        if self.key.currency == self.lines[0].company_id.currency_id.id:
            return self.residual
        return abs(round(float(sum(self.lines.mapped("amount_residual_currency"))), 6))


def batches_of(lines: Recordset) -> list[Batch]:
    """Return the items in batches.

    Items of both directions of a partner make one batch if there is one bank account for each direction.
    """
    groups: dict[Key, Recordset] = {}
    banks: dict[int, dict[str, set[int]]] = {}
    for line in lines:
        key = _key(line)
        groups[key] = groups[key] | line if key in groups else line
        banks.setdefault(key.partner, {}).setdefault(_direction(line.balance), set()).add(key.bank)
    found: list[Batch] = []
    seen: set[Key] = set()
    for key, own in groups.items():
        if key in seen:
            continue
        known = banks[key.partner]
        merged = all(len(known.get(side, ())) == 1 for side in (payment_methods.INBOUND, payment_methods.OUTBOUND))
        for other, more in groups.items():
            if merged and other != key and other not in seen and other._replace(bank=key.bank) == key:
                own |= more
                seen.add(other)
        seen.add(key)
        payment_type = _direction(sum(own.mapped("balance")))
        found.append(Batch(key, own, payment_type, next(iter(known[payment_type])) if merged else key.bank))
    return found


def _key(line: Recordset) -> Key:
    move = line.move_id
    customer = account_kinds.kind(line.account_id) == account_kinds.RECEIVABLE
    return Key(
        line.partner_id.id or 0,
        line.account_id.id or 0,
        (line.currency_id or line.company_id.currency_id).id or 0,
        (move.partner_bank_id.id or 0) if move.move_type in INVOICE_OR_RECEIPT else 0,
        "customer" if customer else "supplier",
    )


def _direction(balance: float) -> str:
    return payment_methods.INBOUND if balance > 0 else payment_methods.OUTBOUND


def one_by_one(batches: list[Batch], wanted: Recordset | None = None) -> list[Batch]:
    """Return a batch for each item of the batches, or for each entry if the items to pay are given."""
    found = []
    for batch in batches:
        parts = batch.lines
        if wanted is not None:
            parts = batch.lines & wanted or batch.lines
        groups = [parts & move.line_ids for move in parts.move_id] if wanted is not None else list(parts)
        found += [batch._replace(lines=group, payment_type=_direction(group[0].balance)) for group in groups]
    return found


# -- how much they come to


class Totals(NamedTuple):
    """Amounts in the currency of a payment."""

    proposed: float
    whole: float  # with the installments that are not due yet
    difference: float  # the proposed amount without discounts
    whole_difference: float
    discounted: bool
    mode: str | None  # which installments are proposed: overdue, next
    lines: Recordset


class _Part(NamedTuple):
    line: Recordset
    amount: float  # in the item's currency
    value: float  # in the company's


def totals(batches: list[Batch], payment: Recordset) -> Totals:
    """Return what a wizard proposes to pay, since 18: discounted, what is overdue, or the next installment."""
    common: list[_Part] = []
    later: list[_Part] = []
    discounts: list[_Part] = []
    plain: list[_Part] = []
    mode: str | None = None
    lines = batches[0].lines.browse()
    for batch in batches:
        lines |= batch.lines
    for move in lines.sorted(key=lambda line: (line.move_id.id, line.date_maturity or "")).move_id:
        last: str | None = None
        for line in _in_order(lines & move.line_ids):
            kind = _installment(line, payment, last)
            part = _Part(line, line.amount_residual_currency, line.amount_residual)
            if kind == "early_payment_discount":
                discounts.append(_Part(line, line.discount_amount_currency, line.discount_balance))
                plain.append(part)
                continue
            if kind == "next" and last is not None:
                later.append(part)
            else:
                common.append(part)
            if kind != "other":
                mode = "next" if kind == "next" and last is None else mode or kind
                last = kind

    def sums(*parts: list[_Part]) -> float:
        amount = sum(convert(part, payment) for group in parts for part in group)
        return float(payment.currency_id.round(abs(amount)))

    paid = lines.browse([part.line.id for part in (*common, *discounts)])
    return Totals(
        sums(common, discounts), sums(common, discounts, later), sums(common, plain), sums(common, plain, later),
        bool(discounts), mode, paid,
    )  # fmt: skip


def _in_order(lines: Recordset) -> Recordset:
    return lines.sorted(key=lambda line: (line.date_maturity or "9999", line.date or "", line.id))


def _installment(line: Recordset, payment: Recordset, last: str | None) -> str:
    if early_discount.is_open(line.move_id, payment.currency_id, payment.payment_date):
        return "early_payment_discount"
    if line_kind(line) != "payment_term":
        return "other"
    due = line.date_maturity or line.date
    return "overdue" if due < payment.payment_date and last != "next" else "next"


def convert(part: _Part, payment: Recordset) -> float:
    """Return an open amount in the currency of the payment, on its day."""
    line, company = part.line, payment.company_id
    own, other = line.currency_id or company.currency_id, payment.currency_id
    if own == other:
        return part.amount
    if own != company.currency_id and other == company.currency_id:
        return float(own._convert(part.amount, other, company, payment.payment_date))
    day = line.date if reconciling.is_payment(line.move_id) else payment.payment_date
    return float(company.currency_id._convert(part.value, other, company, day))


def to_reconcile(batch: Batch, payment: Recordset, *, discounts: bool = True) -> tuple[float, bool]:
    """Return what settles a batch in the currency of the payment, until 17, and whether a discount is taken off."""
    company = payment.company_id
    own, other = payment.source_currency_id, payment.currency_id
    if own == other:
        return same_currency(batch, own, payment.payment_date, discounts=discounts)
    if own != company.currency_id and other == company.currency_id:
        return float(own._convert(payment.source_amount_currency, other, company, payment.payment_date)), False
    if own == company.currency_id:
        parts = [_Part(line, line.amount_residual_currency, line.amount_residual) for line in batch.lines]
        return abs(round(sum(convert(part, payment) for part in parts), 6)), False
    return float(company.currency_id._convert(payment.source_amount, other, company, payment.payment_date)), False


def same_currency(batch: Batch, currency: Recordset, day: str, *, discounts: bool = True) -> tuple[float, bool]:
    """Return what settles a batch in its own currency, and whether a discount is taken off."""
    amount, discounted = 0.0, False
    for move in batch.lines.move_id:
        if discounts and early_discount.is_open(move, currency, day):
            amount += early_discount.due_after(move) * (1 if batch.payment_type == payment_methods.INBOUND else -1)
            discounted = True
        else:
            amount += sum((batch.lines & move.line_ids).mapped("amount_residual_currency"))
    return abs(round(amount, 6)), discounted


def group_number(wizard: Recordset) -> Any:
    """Return the next number for a payment of several invoices; the company's sequence is made when it is needed."""
    company = wizard.company_id.sudo()
    if not company.batch_payment_sequence_id:
        prefix = wizard.env.db.profile.rules.payment_group_prefix
        sequence = (
            wizard.env["ir.sequence"]
            .sudo()
            .create(
                {
                    "name": "Batch Payment Number Sequence",
                    "implementation": "no_gap",
                    "padding": 5,
                    "use_date_range": True,
                    "company_id": company.id,
                    "prefix": f"{prefix}/%(year)s/",
                }
            )
        )
        company.write({"batch_payment_sequence_id": sequence.id})
    return company.batch_payment_sequence_id.next_by_id()
