"""The order sync against a mock of Odoo: products, invoices with their totals and payments, and what goes wrong."""

from __future__ import annotations

import pytest
import requests
from erp import Erp, Refused
from hypothesis import HealthCheck, given, settings, strategies as st
from invoices import Booked
from order_sync import OrderSync
from shop import Invoice, Line, Product, TotalDiffers

from mockserver import MockServer, Reset

PROFILES = ["odoo-17.0", "odoo-18.0", "odoo-19.0"]
CHAIR, DESK = Product("CH-1", "Chair", 50.0), Product("DE-1", "Desk", 200.0)
every_version = pytest.mark.parametrize(
    "profile", [pytest.param(name, marks=pytest.mark.mockserver(profile=name), id=name) for name in PROFILES]
)


@pytest.fixture
def sync(mockserver: MockServer) -> OrderSync:
    """A sync whose shop has sent its products."""
    done = OrderSync(Erp(mockserver.url, mockserver.db, mockserver.login, mockserver.password))
    done.push_products([CHAIR, DESK])
    return done


def chairs(number: str = "W-1", quantity: float = 2, total: float = 115.0, paid: float = 0.0) -> Invoice:
    return Invoice(number, "Ann Smith", "ann@example.com", [Line("CH-1", quantity)], total, paid, "2026-03-02")


# -- products


@every_version
def test_products_are_created_once(mockserver: MockServer, sync: OrderSync, profile: str) -> None:
    again = sync.push_products([CHAIR, DESK])
    assert (again.created, again.unchanged) == ([], ["CH-1", "DE-1"])
    (variant,) = mockserver.env["product.product"].search([("default_code", "=", "CH-1")])
    assert variant.display_name == "[CH-1] Chair"
    assert variant.product_tmpl_id.list_price == 50.0


def test_a_new_price_changes_the_product_and_its_template(mockserver: MockServer, sync: OrderSync) -> None:
    assert sync.push_products([Product("CH-1", "Chair", 55.0)]).updated == ["CH-1"]
    assert mockserver.env["product.template"].search([("default_code", "=", "CH-1")]).list_price == 55.0


def test_an_archived_product_is_found(mockserver: MockServer, sync: OrderSync) -> None:
    mockserver.env["product.template"].search([("default_code", "=", "DE-1")]).active = False
    assert sync.push_products([DESK]).unchanged == ["DE-1"]


# -- invoices


@every_version
def test_an_invoice_is_posted_with_tax_and_number(mockserver: MockServer, sync: OrderSync, profile: str) -> None:
    booked = sync.push_invoice(chairs())
    assert booked == Booked(booked.id, "INV/2026/00001", total=115.0, open=115.0, payment_state="not_paid")
    move = mockserver.env["account.move"].browse(booked.id)
    assert (move.amount_untaxed, move.amount_tax) == (100.0, 15.0)
    assert sum(move.line_ids.mapped("debit")) == sum(move.line_ids.mapped("credit")) == 115.0


@every_version
def test_a_partial_payment_and_the_rest(sync: OrderSync, profile: str) -> None:
    assert sync.push_invoice(chairs(paid=15.0)).payment_state == "partial"
    assert list(sync.open_invoices()) == ["W-1"]
    assert sync.open_invoices()["W-1"].open == 100.0
    paid = sync.push_invoice(chairs(paid=115.0))
    assert (paid.open, paid.payment_state) == (0.0, "paid")
    assert sync.open_invoices() == {}


@every_version
def test_a_refund_is_a_credit_note(mockserver: MockServer, sync: OrderSync, profile: str) -> None:
    booked = sync.push_invoice(chairs())
    note = sync.refund("W-1", "returned")
    assert note.name.startswith("RINV/")
    assert note.total == booked.total
    assert sync.refund("W-1", "returned") == note
    assert mockserver.env["account.move"].search_count([("move_type", "=", "out_refund")]) == 1


def test_a_second_invoice_has_the_next_number(sync: OrderSync) -> None:
    assert [sync.push_invoice(chairs(f"W-{n}")).name for n in (1, 2)] == ["INV/2026/00001", "INV/2026/00002"]


def test_discounts_and_prices_of_the_shop(sync: OrderSync) -> None:
    lines = [Line("CH-1", 3, price=40.0, discount=10.0), Line("DE-1", 1)]
    booked = sync.push_invoice(Invoice("W-9", "Bo", "bo@example.com", lines, total=354.2))
    assert booked.total == 354.2  # (3 × 40 × 0.9 + 200) × 1.15


def test_customers_are_found_by_their_address(mockserver: MockServer, sync: OrderSync) -> None:
    sync.push_invoice(chairs("W-1"))
    sync.push_invoice(chairs("W-2"))
    assert mockserver.env["res.partner"].search_count([("email", "=", "ann@example.com")]) == 1


# -- what goes wrong


def test_another_total_is_refused_and_leaves_nothing(mockserver: MockServer, sync: OrderSync) -> None:
    with pytest.raises(TotalDiffers, match=r"W-1: 115\.0 at Odoo, 100\.0 in the shop"):
        sync.push_invoice(chairs(total=100.0))
    assert mockserver.env["account.move"].search_count([("ref", "=", "W-1")]) == 0


def test_an_unknown_product_is_named(mockserver: MockServer, sync: OrderSync) -> None:
    with pytest.raises(LookupError, match="there is no product XX"):
        sync.push_invoice(Invoice("W-1", "Ann", "ann@example.com", [Line("XX", 1)], total=1.0))
    mockserver.assert_not_called("account.move", "create")


def test_a_lost_answer_makes_no_second_invoice(mockserver: MockServer, sync: OrderSync) -> None:
    mockserver.fail("account.move", "create", Reset(after=True))
    with pytest.raises(requests.ConnectionError):
        sync.push_invoice(chairs())
    assert sync.push_invoice(chairs()).name == "INV/2026/00001"
    assert mockserver.env["account.move"].search_count([("ref", "=", "W-1")]) == 1


def test_a_posted_invoice_is_not_deleted(mockserver: MockServer, sync: OrderSync) -> None:
    booked = sync.push_invoice(chairs())
    erp = Erp(mockserver.url, mockserver.db, mockserver.login, mockserver.password)
    with pytest.raises(Refused, match="can't delete a posted journal item"):
        erp.call("account.move", "unlink", [booked.id])
    assert mockserver.env["account.move"].browse(booked.id).state == "posted"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(1, 20), st.integers(1, 99_999)), min_size=1, max_size=5))
def test_the_total_is_that_of_the_lines(mockserver: MockServer, sync: OrderSync, lines: list[tuple[int, int]]) -> None:
    """Each line is rounded to the cent, its tax of 15 % too."""
    cents = [quantity * price for quantity, price in lines]
    total = sum(cents) + sum((15 * one + 50) // 100 for one in cents)
    number = f"W-{len(mockserver.calls)}"
    given = [Line("CH-1", quantity, price / 100) for quantity, price in lines]
    booked = sync.push_invoice(Invoice(number, "Ann", "ann@example.com", given, total / 100, paid=total / 100))
    assert (booked.total, booked.payment_state) == (total / 100, "paid")
