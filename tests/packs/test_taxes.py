"""The tax engine, compared with a simple one and with what must hold for all taxes."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from mockserver.addons.account.tax_values import Repartition, Share
from mockserver.addons.account.taxes import BaseLine, Method, Tax, compute_document, compute_line
from mockserver.orm.fields.numbers import round_to

PRICES = st.integers(min_value=-99_999, max_value=99_999).map(lambda cents: cents / 100)
QUANTITIES = st.integers(min_value=1, max_value=30).map(float)
RATES = st.integers(min_value=0, max_value=400).map(lambda tenths: tenths / 10)
METHODS = st.builds(Method, globally=st.booleans(), batches=st.booleans(), company_step=st.just(0.01))


@st.composite
def taxes(draw: st.DrawFn, included: bool | None = None) -> tuple[Tax, ...]:
    """Up to three taxes, percentages or fixed amounts, of which none changes the base of another."""
    drawn = draw(st.lists(st.tuples(st.sampled_from(["percent", "fixed"]), RATES, st.booleans()), max_size=3))
    return tuple(
        Tax(
            id=position,
            name=f"T{position}",
            kind="percent" if kind == "percent" else "fixed",
            amount=amount,
            included=price_includes if included is None else included,
            invoice=Repartition((Share(position),)),
        )
        for position, (kind, amount, price_includes) in enumerate(drawn, 1)
    )


def simple(line: BaseLine) -> tuple[Fraction, list[Fraction]]:
    """Return the price without taxes and the taxes, exactly: no tax may change the base of another."""
    price = Fraction(repr(round_to(line.price * line.quantity, line.step)))
    sign, quantity = (-1 if price < 0 else 1), Fraction(line.quantity)
    contained = [tax for tax in line.taxes if tax.included]
    fixed = sum((Fraction(repr(tax.amount)) * quantity for tax in contained if tax.kind == "fixed"), Fraction(0))
    percent = sum((Fraction(repr(tax.amount)) for tax in contained if tax.kind == "percent"), Fraction(0))
    base = (price - sign * fixed) / (1 + percent / 100)
    found = []
    for tax in line.taxes:
        rate = Fraction(repr(tax.amount))
        found.append(sign * quantity * rate if tax.kind == "fixed" else base * rate / 100)
    return base, found


@given(taxes(), PRICES, QUANTITIES, METHODS)
def test_taxes_are_what_a_simple_calculation_gives(
    drawn: tuple[Tax, ...], price: float, quantity: float, method: Method
) -> None:
    if not price:
        return
    line = BaseLine(drawn, price, quantity)
    base, amounts = simple(line)
    if base * (1 if price > 0 else -1) < 0:
        return  # fixed taxes of more than the price
    found = compute_line(line, method)
    assert found.excluded == pytest.approx(float(base), abs=0.0051 * (1 + len(drawn)))
    assert [part.amount for part in found.parts] == pytest.approx([float(a) for a in amounts], abs=0.016)


@given(taxes(), PRICES, QUANTITIES, METHODS)
def test_the_price_with_taxes_is_the_price_without_and_the_taxes(
    drawn: tuple[Tax, ...], price: float, quantity: float, method: Method
) -> None:
    found = compute_line(BaseLine(drawn, price, quantity), method)
    total = found.excluded + sum(part.amount for part in found.parts)
    assert found.included == pytest.approx(total, abs=0.0051 if method.globally else 1e-6)


@given(taxes(included=True), PRICES, QUANTITIES, METHODS)
def test_a_price_that_contains_its_taxes_is_the_price_with_taxes(
    drawn: tuple[Tax, ...], price: float, quantity: float, method: Method
) -> None:
    found = compute_line(BaseLine(drawn, price, quantity), method)
    assert found.included == pytest.approx(round_to(price * quantity, 0.01), abs=1e-6)


@given(st.lists(st.tuples(PRICES, QUANTITIES), min_size=1, max_size=6), RATES, st.booleans())
def test_rounding_once_differs_by_less_than_half_a_cent_a_line(
    lines: list[tuple[float, float]], rate: float, batches: bool
) -> None:
    tax = Tax(1, "T", rate)
    base_lines = [BaseLine((tax,), price, quantity, account=1) for price, quantity in lines]

    def total(globally: bool) -> float:
        document = compute_document(base_lines, Method(globally=globally, batches=batches))
        return sum(line.amount_currency for line in document.tax_lines)

    assert abs(total(True) - total(False)) <= len(lines) * 0.005 + 0.0051


@given(taxes(), PRICES, QUANTITIES, METHODS)
def test_a_refund_is_an_invoice_with_the_other_sign(
    drawn: tuple[Tax, ...], price: float, quantity: float, method: Method
) -> None:
    refundable = tuple(
        Tax(t.id, t.name, t.amount, t.kind, included=t.included, invoice=t.invoice, refund=t.invoice) for t in drawn
    )
    invoice = compute_document([BaseLine(refundable, price, quantity, direction=-1)], method)
    refund = compute_document([BaseLine(refundable, price, quantity, direction=1, refund=True)], method)
    assert [line.amount_currency for line in refund.tax_lines] == [-line.amount_currency for line in invoice.tax_lines]


def test_shares_of_a_tax_are_exactly_the_tax() -> None:
    thirds = Repartition(tuple(Share(number, 1 / 3) for number in (1, 2, 3)))
    for batches in (False, True):
        line = BaseLine((Tax(1, "T", 10, invoice=thirds),), 1.0)
        parts = compute_line(line, Method(batches=batches)).parts
        assert sorted(part.amount for part in parts) == [0.03, 0.03, 0.04]


@pytest.mark.parametrize("batches", [False, True])
def test_a_fixed_tax_changes_the_base_of_the_next(batches: bool) -> None:
    fixed = Tax(1, "T base", 2.5, "fixed", 0, affects_base=True, invoice=Repartition((Share(1),)))
    percent = Tax(2, "T 21%", 21, invoice=Repartition((Share(2),)))
    document = compute_document([BaseLine((percent, fixed), 40, 2, direction=-1)], Method(batches=batches))
    assert [(line.tax.name, line.amount_currency, line.base, line.next_taxes) for line in document.tax_lines] == [
        ("T base", -5.0, -80.0, (2,)),
        ("T 21%", -17.85, -85.0, ()),
    ]


@pytest.mark.parametrize("batches", [False, True])
def test_a_group_stands_for_its_taxes(batches: bool) -> None:
    one, two = Tax(1, "one", 21), Tax(2, "two", 1.25, "fixed", 5)
    line = BaseLine((Tax(3, "group", 0, "group", children=(two, one)),), 20, 2)
    parts = compute_line(line, Method(batches=batches)).parts
    assert [(part.tax.name, part.amount, part.group and part.group.name) for part in parts] == [
        ("one", 8.4, "group"),
        ("two", 2.5, "group"),
    ]


@pytest.mark.parametrize("batches", [False, True])
def test_a_reversed_charge_takes_itself_back(batches: bool) -> None:
    both = Repartition((Share(1, 1.0, account=1), Share(2, -1.0, account=2)))
    found = compute_line(BaseLine((Tax(1, "T", 20, invoice=both),), 100), Method(batches=batches))
    assert (found.excluded, found.included, [part.amount for part in found.parts]) == (100, 100, [20, -20])
