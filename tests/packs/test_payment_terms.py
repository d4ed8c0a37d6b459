"""Payment terms: what they must satisfy, when their parts are due, and what they come to."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, strategies as st

from mockserver import MockServer
from mockserver.addons.account.payment_terms import Delay, Part, Total, discounted, divided, due_day
from mockserver.errors import UserError, ValidationError
from mockserver.orm.fields.numbers import round_to


@pytest.mark.parametrize(
    ("start", "delay", "due"),
    [
        ("2024-01-31", Delay(days=30), "2024-03-01"),
        ("2024-01-31", Delay("days_after_end_of_month", 10), "2024-02-10"),
        ("2024-01-31", Delay("days_after_end_of_next_month"), "2024-02-29"),
        ("2024-01-10", Delay("days_end_of_month_on_the", 5, day_of_month=31), "2024-02-29"),
        ("2024-01-10", Delay("days_end_of_month_on_the", 30), "2024-02-29"),
        ("2024-01-31", Delay(months=1, days=1, end_of_month=True, days_after_month=5), "2024-04-05"),
        ("2024-01-31", Delay("day_after_invoice_date", 3, day_of_month=15), "2024-02-15"),
        ("2024-01-10", Delay("day_after_invoice_date", 10, day_of_month=15), "2024-02-15"),
        ("2024-01-31", Delay("after_invoice_month", 15), "2024-02-15"),
        ("2024-12-31", Delay("day_following_month", 31), "2025-01-31"),
        ("2024-02-10", Delay("day_current_month", 31), "2024-02-29"),
    ],
)
def test_when_a_part_is_due(start: str, delay: Delay, due: str) -> None:
    assert due_day(date.fromisoformat(start), delay).isoformat() == due


CENTS = st.integers(min_value=-10_000_000, max_value=10_000_000).map(lambda cents: cents / 100)
SHARES = st.lists(st.tuples(st.sampled_from(["percent", "fixed"]), st.integers(0, 100)), min_size=1, max_size=4)


@given(CENTS, st.sampled_from([1.0, 0.5, 0.8, 1.25]), SHARES, st.booleans())
def test_the_parts_of_a_total_are_the_total(
    amount: float, rate: float, shares: list[tuple[str, int]], balance: bool
) -> None:
    parts = [Part(value, share) for value, share in shares]
    if balance:
        parts.insert(0, Part("balance", 0))
    total = Total(amount, round(amount / rate, 2), sign=-1 if amount < 0 else 1)
    found = [due for due, _ in divided(parts, total, date(2024, 1, 1))]
    assert len(found) == len(parts)
    assert sum(due.amount_currency for due in found) == pytest.approx(total.amount_currency, abs=1e-6)
    assert sum(due.balance for due in found) == pytest.approx(total.balance, abs=1e-6)


def test_an_early_payment_saves_a_share_with_or_without_taxes() -> None:
    total, untaxed = Total(121, 242), Total(100, 200)
    assert discounted(total, untaxed, 2, taxes_kept=False) == (118.58, 237.16)
    assert discounted(total, untaxed, 2, taxes_kept=True) == (119, 238)


@pytest.mark.parametrize(
    ("method", "expected"),
    [("HALF-UP", [1.0, 1.05, -1.05]), ("UP", [1.05, 1.05, -1.05]), ("DOWN", [1.0, 1.0, -1.0])],
)
def test_amounts_are_rounded_to_coins(method: str, expected: list[float]) -> None:
    assert [round_to(amount, 0.05, method) for amount in (1.02, 1.04, -1.04)] == expected
    assert round_to(1.15, 0.05, method) == 1.15


@pytest.fixture(params=["odoo-17.0", "odoo-18.0", "odoo-19.0"])
def terms(request: pytest.FixtureRequest) -> Any:
    return MockServer(profile=request.param, fixtures=["business"]).env["account.payment.term"]


def line(value: str, amount: float, **more: Any) -> tuple[int, int, dict[str, Any]]:
    return (0, 0, {"value": value, "value_amount": amount, **more})


def test_a_payment_term_is_a_hundred_percent(terms: Any) -> None:
    assert [(one.value, one.value_amount) for one in terms.create({"name": "Default"}).line_ids] == [("percent", 100)]
    rest = terms.create({"name": "Rest", "line_ids": [line("percent", 30), (0, 0, {"value": "percent"})]})
    assert [one.value_amount for one in rest.line_ids] == [30, 70]
    for lines, text in (
        ([line("percent", 60)], "the sum of the percent must be 100%"),
        ([line("fixed", 60)], "at least one percent line"),
        ([line("percent", 160)], "between 0 and 100"),
        ([line("percent", 100, days_next_month="x")], "must be a number"),
        ([line("percent", 100, days_next_month="32")], "between 0 and 31"),
    ):
        with pytest.raises(ValidationError, match=text):
            terms.create({"name": "Bad", "line_ids": lines})
    for vals, text in (
        ({"discount_percentage": 0}, "Discount must be strictly positive"),
        ({"discount_days": 0}, "days must be strictly positive"),
        ({"line_ids": [line("percent", 50), line("percent", 50)]}, "a single 100% line"),
    ):
        with pytest.raises(ValidationError, match=text):
            terms.create({"name": "Bad", "early_discount": True, **vals})


def test_an_invoice_is_due_in_the_parts_of_its_term(terms: Any) -> None:
    term = terms.create(
        {"name": "Parts", "line_ids": [line("fixed", 12.34, nb_days=5), line("percent", 100, nb_days=30)]}
    )
    partner = terms.env["res.partner"].create({"name": "Customer"})
    move = terms.env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "invoice_date": "2024-01-31",
            "invoice_payment_term_id": term.id,
            "invoice_line_ids": [(0, 0, {"name": "x", "price_unit": 112.34, "tax_ids": [(6, 0, [])]})],
        }
    )
    parts = move.line_ids.filtered(lambda one: one.display_type == "payment_term")
    assert sorted((one.date_maturity, one.debit) for one in parts) == [("2024-02-05", 12.34), ("2024-03-01", 100)]
    with pytest.raises(UserError):
        term.unlink()


def test_the_form_shows_an_example(terms: Any) -> None:
    halves = [line("percent", 50, nb_days=0), line("percent", 50, nb_days=30)]
    term = terms.create({"name": "Halves", "line_ids": halves})
    assert "<b>1#</b> Installment of <b>$\N{NO-BREAK SPACE}500.00</b> due on" in term.example_preview
    early = terms.create({"name": "Early", "early_discount": True})
    assert early.example_preview == ""
    assert "<b>$\N{NO-BREAK SPACE}980.00</b> if paid before" in early.example_preview_discount


def test_terms_with_a_balance_until_16() -> None:
    old = MockServer(profile="odoo-14.0", fixtures=["business"]).env["account.payment.term"]
    assert [one.value for one in old.create({"name": "Default"}).line_ids] == ["balance"]
    halves = [
        (0, 0, {"value": "percent", "value_amount": 30, "days": 10, "sequence": 1}),
        (0, 0, {"value": "balance", "days": 31, "option": "day_following_month", "sequence": 2}),
    ]
    term = old.create({"name": "Two", "line_ids": halves})
    assert term.compute(99.99, date_ref="2024-01-31") == [("2024-02-10", 30.0), ("2024-02-29", 69.99)]
    with pytest.raises(ValidationError, match="The last line of a Payment Term should have the Balance type"):
        old.create({"name": "Bad", "line_ids": halves[:1]})
    for days, option, text in (
        (0, "day_current_month", "strictly positive"),
        (-1, "day_after_invoice_date", "negative"),
    ):
        with pytest.raises(ValidationError, match=text):
            old.create({"name": "Bad", "line_ids": [(0, 0, {"value": "balance", "days": days, "option": option})]})

    newer = MockServer(profile="odoo-16.0", fixtures=["business"]).env["account.payment.term"]
    with pytest.raises(ValidationError, match="must have one Balance line"):
        newer.create({"name": "Bad", "line_ids": [(0, 0, {"value": "percent", "value_amount": 50})]})
    early = (0, 0, {"value": "balance", "days": 30, "discount_percentage": 2, "discount_days": 7})
    (part,) = newer.create({"name": "Early", "line_ids": [early]})._parts_due(
        date="2024-01-31", currency=newer.env.company.currency_id, company=newer.env.company,
        tax_currency=21, tax=21, untaxed_currency=100, untaxed=100,
    )  # fmt: skip
    assert (part["date_maturity"], part["discount_date"], part["discount_balance"]) == (
        "2024-03-01",
        "2024-02-07",
        118.58,
    )


@pytest.mark.parametrize("profile", ["odoo-13.0", "odoo-14.0", "odoo-15.0", "odoo-16.0", "odoo-17.0", "odoo-19.0"])
def test_the_terms_that_are_there_give_the_days_of_their_names(profile: str) -> None:
    days = {
        "Immediate Payment": ["2024-01-15"],
        "30 Days": ["2024-02-14"],
        "45 Days": ["2024-02-29"],
        "End of Following Month": ["2024-02-29"],
        "30% Now, Balance 60 Days": ["2024-01-15", "2024-03-15"],
    }
    with MockServer(profile=profile, fixtures=["account"], demo=False) as odoo:
        partner = odoo.env["res.partner"].create({"name": "Customer"})
        for name, expected in days.items():
            term = odoo.env["account.payment.term"].search([("name", "=", name)])
            values = {"invoice_date": "2024-01-15", "invoice_payment_term_id": term.id, "partner_id": partner.id}
            lines = [(0, 0, {"name": "x", "price_unit": 100, "tax_ids": [(6, 0, [])]})]
            move = odoo.env["account.move"].create({"move_type": "out_invoice", "invoice_line_ids": lines, **values})
            assert move.invoice_payment_term_id == term
            assert sorted(line.date_maturity for line in move.line_ids if line.debit) == expected
            assert move.invoice_date_due == expected[-1]
