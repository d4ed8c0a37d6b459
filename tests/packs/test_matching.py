"""Matching debits and credits: what it keeps true whatever the amounts are, and examples in foreign currency."""

from __future__ import annotations

import copy

from hypothesis import given, strategies as st

from mockserver.addons.account.matching import Item, Match, Money, match

USD, EUR = Money(1, 0.01), Money(2, 0.01)

amounts = st.integers(min_value=-20_000, max_value=20_000).filter(bool).map(lambda cents: cents / 100)
days = st.sampled_from(["2024-01-01", "2024-02-01", "2024-03-01"])


def item(
    id_: int,
    balance: float,
    amount: float | None = None,
    currency: Money = USD,
    due: str = "2024-01-01",
    trade: bool = True,
    paying: bool = False,
) -> Item:
    own = balance if amount is None else amount
    return Item(id_, balance, own, balance, own, USD, currency, due, trade, paying)


@st.composite
def items(draw: st.DrawFn, *, foreign: bool = False) -> list[Item]:
    found = []
    for id_ in range(1, draw(st.integers(2, 7)) + 1):
        amount = draw(amounts)
        if foreign and draw(st.booleans()):
            rate = draw(st.sampled_from([0.25, 0.5, 0.8, 1.1]))
            found.append(item(id_, USD.round(amount / rate) or amount, amount, EUR, draw(days)))
        else:
            found.append(item(id_, amount, due=draw(days)))
    return found


def settled(matches: list[Match]) -> float:
    return round(sum(found.amount for found in matches), 2)


@given(items())
def test_the_smaller_side_is_settled_whole(given_items: list[Item]) -> None:
    debit = sum(item.balance for item in given_items if item.balance > 0)
    credit = -sum(item.balance for item in given_items if item.balance < 0)
    assert settled(match(given_items)) == round(min(debit, credit), 2)


@given(items(foreign=True))
def test_what_is_open_never_changes_its_sign_nor_grows(given_items: list[Item]) -> None:
    before = copy.deepcopy(given_items)
    match(given_items)
    for old, new in zip(before, given_items, strict=True):
        for had, left in ((old.open, new.open), (old.open_currency, new.open_currency)):
            assert USD.is_zero(left) or (left > 0) == (had > 0)
            assert abs(left) <= abs(had) + 0.005


@given(items(foreign=True))
def test_what_items_lose_is_what_the_matches_and_the_differences_say(given_items: list[Item]) -> None:
    before = {item.id: item.open for item in given_items}
    for found in match(given_items):
        before[found.debit] -= found.amount
        before[found.credit] += found.amount
        for one in found.differences:
            before[one.item] -= 0.0 if one.in_currency else one.amount
    assert {id_: round(left, 2) + 0.0 for id_, left in before.items()} == {
        item.id: round(item.open, 2) + 0.0 for item in given_items
    }


@given(items(foreign=True))
def test_a_debit_and_a_credit_are_never_both_left_open_in_one_currency(given_items: list[Item]) -> None:
    match(given_items)
    for money in (USD, EUR):
        signs = {
            left > 0
            for one in given_items
            if one.currency == money
            for left in [one.open_currency]
            if not money.is_zero(left)
        }
        assert len(signs) < 2


@given(items())
def test_items_are_settled_by_due_date(given_items: list[Item]) -> None:
    match(given_items)
    for sign in (1, -1):
        side = sorted((one for one in given_items if one.balance * sign > 0), key=lambda one: one.due)
        open_days = [one.due for one in side if not USD.is_zero(one.open)]
        paid_days = [one.due for one in side if USD.is_zero(one.open)]
        assert not open_days or not paid_days or max(paid_days) <= min(open_days)


def test_a_payment_at_a_better_rate_leaves_a_gain_on_the_payment() -> None:
    invoice, payment = item(1, 125.0, 100.0, EUR), item(2, -200.0, -100.0, EUR)
    (found,) = match([invoice, payment])
    assert (found.amount, found.debit_currency, found.credit_currency) == (125.0, 100.0, 100.0)
    assert [tuple(one) for one in found.differences] == [(2, -75.0, False)]
    assert (invoice.open, invoice.open_currency, payment.open, payment.open_currency) == (0.0, 0.0, 0.0, 0.0)


def test_a_partial_payment_at_a_worse_rate_keeps_the_rate_of_the_invoice() -> None:
    invoice, payment = item(1, 200.0, 100.0, EUR), item(2, -62.5, -50.0, EUR)
    (found,) = match([invoice, payment])
    assert found.amount == 62.5
    assert [tuple(one) for one in found.differences] == [(1, 37.5, False)]
    assert (invoice.open, invoice.open_currency) == (100.0, 50.0)


def test_an_invoice_in_the_companys_currency_is_paid_in_another_at_the_rate_of_the_payment() -> None:
    invoice, payment = item(1, 100.0), item(2, -100.0, -80.0, EUR, paying=True)
    (found,) = match([invoice, payment])
    assert (found.amount, found.debit_currency, found.credit_currency) == (100.0, 100.0, 80.0)
    assert found.differences == []


def test_items_of_other_accounts_meet_in_the_companys_currency() -> None:
    first, second = item(1, 100.0, trade=False), item(2, -90.0, -80.0, EUR, trade=False)
    (found,) = match([first, second])
    assert (found.amount, found.debit_currency, found.credit_currency) == (90.0, 90.0, 80.0)
    assert first.open == 10.0


def test_an_item_that_only_corrects_the_counter_value_takes_no_foreign_amount() -> None:
    payment, difference = item(1, -75.0, 0.0, EUR), item(2, 75.0, 0.0, EUR)
    (found,) = match([payment, difference], differences=False)
    assert (found.amount, found.debit_currency, found.credit_currency) == (75.0, 0.0, 0.0)
