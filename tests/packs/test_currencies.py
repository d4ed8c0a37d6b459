"""Currencies and their rates: the ways to tell a rate, conversion, and amounts as texts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from mockserver import MockServer
from mockserver.addons.base.number_words import in_words
from mockserver.errors import UserError, ValidationError


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (21, "twenty-one"),
        (100, "one hundred"),
        (1001, "one thousand and one"),
        (1234, "one thousand, two hundred and thirty-four"),
        (2_000_000, "two million"),
        (-15, "minus fifteen"),
    ],
)
def test_numbers_in_words(number: int, words: str) -> None:
    assert in_words(number) == words


@pytest.fixture(params=["odoo-16.0", "odoo-17.0", "odoo-19.0"])
def franc(request: pytest.FixtureRequest) -> Any:
    env = MockServer(profile=request.param, fixtures=["business"]).env
    env["res.currency.rate"].search([]).unlink()  # until 16.0 the company's own currency has one too
    found: Any = env["res.currency"].with_context(active_test=False).search([("name", "=", "CHF")])
    found.write({"active": True})
    return found


def rate(currency: Any, day: str, **vals: float) -> Any:
    return currency.env["res.currency.rate"].create({"currency_id": currency.id, "name": day, **vals})


def test_a_rate_is_told_in_three_ways(franc: Any) -> None:
    found = [
        rate(franc, "2024-01-01", company_rate=2.0),
        rate(franc, "2024-02-01", inverse_company_rate=4.0),
        rate(franc, "2024-03-01", rate=0.5, company_rate=9.0, inverse_company_rate=9.0),
    ]
    assert [(one.company_rate, one.inverse_company_rate) for one in found] == [(2, 0.5), (0.25, 4), (0.5, 2)]
    found[2].write({"company_rate": 0.8})
    assert (found[2].rate, found[2].inverse_company_rate) == (0.8, 1.25)
    with pytest.raises(ValidationError, match="strictly positive"):
        rate(franc, "2024-04-01", rate=-1)


def test_a_conversion_takes_the_rate_of_the_day(franc: Any) -> None:
    own, company = franc.env.company.currency_id, franc.env.company
    rate(franc, "2024-01-01", rate=0.8)
    rate(franc, "2024-07-01", rate=0.5)
    days = {day: own._convert(100, franc, company, day) for day in ("2024-03-03", "2024-07-01", "2023-12-12")}
    first = 80 if franc.env.db.profile.rules.rates_from_the_first else 100
    assert days == {"2024-03-03": 80, "2024-07-01": 50, "2023-12-12": first}
    assert franc._convert(50, own, company, "2024-08-01") == 100
    assert franc.with_context(date="2024-03-03").rate == 0.8


def test_amounts_as_texts(franc: Any) -> None:
    assert franc.format(1234.5) == "CHF\N{NO-BREAK SPACE}1,234.50"
    assert franc.amount_to_text(21.05).startswith("Twenty-One ")
    assert " and Five " in franc.amount_to_text(21.05)
    assert franc.get_company_currency_for_spreadsheet()["decimalPlaces"] == 2


def test_a_currency_of_entries_keeps_its_decimal_places(franc: Any) -> None:
    franc.write({"rounding": 0.05})
    own = franc.env.company.currency_id
    partner = franc.env["res.partner"].create({"name": "Customer"})
    line = (0, 0, {"name": "x", "price_unit": 3, "tax_ids": [(6, 0, [])]})
    franc.env["account.move"].create({"move_type": "out_invoice", "partner_id": partner.id, "invoice_line_ids": [line]})
    with pytest.raises(UserError, match="You cannot reduce the number of decimal places"):
        own.write({"rounding": 0.1})


@given(st.floats(0.01, 1e6), st.floats(0.01, 100), st.integers(1, 3))
def test_a_document_in_a_foreign_currency_is_its_lines_at_the_rate(price: float, units: float, quantity: int) -> None:
    from mockserver.addons.account.taxes import BaseLine, Method, Tax, compute_document

    line = BaseLine((Tax(1, "T", 20),), round(price, 2), quantity, rate=units, account=1)
    found = compute_document([line], Method())
    for own, foreign in (
        (found.bases[0].balance, found.bases[0].amount_currency),
        *((one.balance, one.amount_currency) for one in found.tax_lines),
    ):
        assert own == pytest.approx(foreign / units, abs=0.00501 + abs(foreign / units) * 1e-9)
