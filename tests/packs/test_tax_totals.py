"""Documents whose amounts add up, and their totals by tax group."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, strategies as st

from mockserver import MockServer
from mockserver.addons.account.tax_groups import by_group
from mockserver.addons.account.tax_rounding import spread
from mockserver.addons.account.tax_values import Repartition, Share
from mockserver.addons.account.taxes import BaseLine, Method, Tax, compute_document, compute_line
from mockserver.orm.fields.numbers import round_to

PRICES = st.integers(min_value=1, max_value=99_999).map(lambda tenths: tenths / 1000)
QUANTITIES = st.integers(min_value=1, max_value=3000).map(lambda hundredths: hundredths / 100)
LINES = st.lists(st.tuples(PRICES, QUANTITIES), min_size=1, max_size=8)


@given(LINES, st.integers(1, 300).map(lambda tenths: tenths / 10), st.booleans(), st.sampled_from([1.0, 0.5, 3.7]))
def test_a_document_rounded_globally_adds_up(
    lines: list[tuple[float, float]], percent: float, included: bool, rate: float
) -> None:
    tax = Tax(1, "T", percent, included=included, invoice=Repartition((Share(1, 0.7, 1), Share(2, 0.3, 2))))
    document = [BaseLine((tax,), price, quantity, rate=rate) for price, quantity in lines]
    method = Method(globally=True, batches=True)
    found = compute_document(document, method)
    raw = sum(line.included for line in found.lines)
    raw_without = sum(line.excluded for line in found.lines)
    base = sum(one.amount_currency for one in found.bases)
    taxes = sum(line.amount_currency for line in found.tax_lines)
    assert taxes == pytest.approx(round_to(raw - raw_without, 0.01), abs=1e-6)
    if included:
        assert base + taxes == pytest.approx(round_to(raw, 0.01), abs=1e-6)
    else:
        assert base == pytest.approx(round_to(raw_without, 0.01), abs=1e-6)
    own = sum(one.balance for one in found.bases) + sum(line.balance for line in found.tax_lines)
    assert own == pytest.approx(raw / rate, abs=0.0101)


@given(
    st.integers(-20, 20).map(lambda cents: cents / 100),
    st.lists(st.floats(-1000, 1000, allow_nan=False), min_size=1, max_size=7),
)
def test_what_is_spread_is_all_of_it_in_whole_cents(missing: float, weights: list[float]) -> None:
    shares = spread(missing, weights, 0.01)
    assert sum(shares) == pytest.approx(missing, abs=1e-9)
    assert all(share * 100 == pytest.approx(round(share * 100), abs=1e-6) for share in shares)


@given(LINES, st.booleans(), st.booleans())
def test_the_groups_of_a_document_are_its_taxes(
    lines: list[tuple[float, float]], globally: bool, batches: bool
) -> None:
    one, two = (
        Tax(id_, "T", rate, tax_group=id_, invoice=Repartition((Share(id_),))) for id_, rate in ((1, 21), (2, 6))
    )
    document = [BaseLine((one, two), price, quantity) for price, quantity in lines]
    method = Method(globally=globally, batches=batches)
    totals = by_group(document, [compute_line(line, method) for line in document], method, {})
    amounts = {line.tax.id: line.amount_currency for line in compute_document(document, method).tax_lines}
    for group in totals.groups:
        assert group.amount == pytest.approx(amounts.get(group.id, 0.0), abs=1e-6)
    assert totals.whole.amount == pytest.approx(sum(amounts.values()), abs=1e-6)
    assert totals.whole.base == pytest.approx(
        sum(base.amount_currency for base in compute_document(document, method).bases), abs=1e-6
    )


PROFILES = ["odoo-14.0", "odoo-15.0", "odoo-16.0", "odoo-17.0", "odoo-18.0", "odoo-19.0"]


def invoice(env: Any, price: float, tax: Any, **more: Any) -> Any:
    return env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": env["res.partner"].create({"name": "Customer"}).id,
            "invoice_date": "2024-05-06",
            "invoice_line_ids": [
                (0, 0, {"name": "x", "quantity": 2, "price_unit": price, "tax_ids": [(6, 0, tax.ids)]}),
                (0, 0, {"name": "y", "quantity": 1, "price_unit": 10, "tax_ids": [(6, 0, [])]}),
            ],
            **more,
        }
    )


@pytest.mark.parametrize("profile", PROFILES)
def test_the_totals_of_an_invoice(profile: str) -> None:
    env = MockServer(profile=profile, fixtures=["business"]).env
    tax = env["account.tax"].create({"name": "Twenty", "amount": 20})
    move = invoice(env, 33.33, tax)
    if "amount_by_group" in move:
        assert [group[:3] for group in move.amount_by_group] == [(tax.tax_group_id.name, 13.33, 66.66)]
        return
    totals: Any = json.loads(move.tax_totals_json) if "tax_totals_json" in move else move.tax_totals
    if "groups_by_subtotal" in totals:
        (group,) = totals["groups_by_subtotal"]["Untaxed Amount"]
        assert (group["tax_group_amount"], group["tax_group_base_amount"]) == (13.33, 66.66)
        assert (totals["amount_untaxed"], totals["amount_total"]) == (76.66, 89.99)
        assert totals.get("display_tax_base", True)
    else:
        (subtotal,) = totals["subtotals"]
        (group,) = subtotal["tax_groups"]
        assert (group["tax_amount"], group["base_amount"], group["involved_tax_ids"]) == (13.33, 66.66, tax.ids)
        assert (totals["base_amount"], totals["total_amount"], totals["same_tax_base"]) == (76.66, 89.99, False)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(
    ("strategy", "untaxed", "taxes"), [("add_invoice_line", 76.67, 13.33), ("biggest_tax", 76.66, 13.34)]
)
def test_the_total_of_an_invoice_is_rounded_to_coins(profile: str, strategy: str, untaxed: float, taxes: float) -> None:
    env = MockServer(profile=profile, fixtures=["business"]).env
    account = env["account.account"].search([], limit=1)
    accounts = {"profit_account_id": account.id, "loss_account_id": account.id}
    coins = env["account.cash.rounding"].create({"name": "Coins", "rounding": 0.05, "strategy": strategy, **accounts})
    tax = env["account.tax"].create({"name": "Twenty", "amount": 20})
    move = invoice(env, 33.33, tax, invoice_cash_rounding_id=coins.id)
    assert (move.amount_untaxed, move.amount_tax, move.amount_total) == (untaxed, taxes, 90)
    first = move.invoice_line_ids[0]
    move.write({"invoice_line_ids": [(1, first.id, {"price_unit": 25})]})
    assert (move.amount_total, len(move.line_ids)) == (70, 4)
    move.write({"invoice_line_ids": [(1, first.id, {"price_unit": 33.33})]})
    assert (move.amount_total, len(move.line_ids)) == (90, 5)
    move.write({"invoice_cash_rounding_id": False})
    assert (move.amount_total, len(move.line_ids)) == (89.99, 4)


def test_the_tags_of_taxes_and_products_are_on_the_lines() -> None:
    env = MockServer(fixtures=["business"]).env
    base, amount, good = (
        env["account.account.tag"].sudo().create({"name": name, "applicability": use})
        for name, use in (("base", "taxes"), ("amount", "taxes"), ("good", "products"))
    )
    lines = [
        (0, 0, {"repartition_type": "base", "tag_ids": [(6, 0, base.ids)]}),
        (0, 0, {"repartition_type": "tax", "tag_ids": [(6, 0, amount.ids)]}),
    ]
    documents = ("invoice_repartition_line_ids", "refund_repartition_line_ids")
    tax = env["account.tax"].create({"name": "Tagged", "amount": 20, **dict.fromkeys(documents, lines)})
    product = env["product.product"].create({"name": "Good", "account_tag_ids": [(6, 0, good.ids)]})
    move = invoice(env, 10, tax)
    move.write({"invoice_line_ids": [(1, move.invoice_line_ids[0].id, {"product_id": product.id, "tax_ids": tax.ids})]})
    tags = {line.name: set(line.tax_tag_ids.mapped("name")) for line in move.line_ids if line.tax_tag_ids}
    assert tags == {"Good": {"base", "good"}, "Tagged": {"amount", "good"}}
