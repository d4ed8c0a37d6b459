"""Invoices of orders: stories of a salesperson, and what holds for any order."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, strategies as st

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.errors import UserError
from mockserver.orm.database import Database
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.seed import build as seed
from tests.properties.budget import examples

PROFILES = ("odoo-17.0", "odoo-18.0", "odoo-19.0")


@pytest.fixture(scope="module", params=PROFILES)
def database(request: pytest.FixtureRequest) -> Database:
    return seed.build("t", profile=profiles.get(request.param), clock=Clock(), fixtures=["sale"])


def tax(env: Environment, amount: float, **more: Any) -> int:
    values = {"name": f"{amount} {more}", "amount": amount, "type_tax_use": "sale", **more}
    if values.pop("included", False):
        later = "price_include_override" in env["account.tax"]
        values |= {"price_include_override": "tax_included"} if later else {"price_include": True}
    return int(env["account.tax"].create(values).id)


def service(env: Environment, *, policy: str = "order", taxes: tuple[int, ...] = (), price: float = 100.0) -> Recordset:
    values = {"name": f"Service {policy}", "type": "service", "list_price": price, "invoice_policy": policy}
    return env["product.product"].create({**values, "taxes_id": [(6, 0, taxes)]})


def order(env: Environment, *lines: dict[str, Any], **values: Any) -> Recordset:
    partner = env["res.partner"].create({"name": "Buyer"})
    commands = [(0, 0, line) for line in lines]
    made = env["sale.order"].create({"partner_id": partner.id, "order_line": commands, **values})
    made.action_confirm()
    return made


def invoice(orders: Recordset, method: str = "delivered", **values: Any) -> Recordset:
    """Make invoices by the wizard; return those that are new."""
    before = orders.invoice_ids
    wizard = orders.env["sale.advance.payment.inv"].with_context(active_ids=orders.ids, active_model="sale.order")
    wizard.create({"advance_payment_method": method, **values}).create_invoices()
    made: Recordset = orders.invoice_ids - before
    return made


def products(move: Recordset) -> list[tuple[Any, ...]]:
    lines = move.invoice_line_ids.filtered(lambda line: line.display_type == "product")
    return [(line.quantity, line.price_unit) for line in lines]


def test_an_invoice_takes_over_the_order(env: Environment) -> None:
    item = service(env)
    partner = env["res.partner"].create({"name": "Delivery"})
    made = order(
        env, {"display_type": "line_section", "name": "Part"}, {"product_id": item.id, "product_uom_qty": 3},
        {"display_type": "line_section", "name": "Empty"}, {"display_type": "line_note", "name": "Thanks"},
        client_order_ref="R1", reference="PAY-1", note="<p>Be quick</p>", partner_shipping_id=partner.id,
    )  # fmt: skip
    move = invoice(made)
    assert (move.ref, move.payment_reference, move.invoice_origin) == ("R1", "PAY-1", made.name)
    assert (move.partner_shipping_id, move.invoice_user_id, move.team_id) == (partner, made.user_id, made.team_id)
    assert "Be quick" in move.narration
    # the section is empty but for a note
    assert move.invoice_line_ids.mapped("name")[:2] == ["Part", "Service order"]
    assert move.invoice_line_ids.sale_line_ids == made.order_line
    assert (made.invoice_status, made.invoice_count, move.sale_order_count) == ("invoiced", 1, 1)


def test_services_are_invoiced_as_they_are_delivered_and_paid_back(env: Environment) -> None:
    made = order(env, {"product_id": service(env, policy="delivery").id, "product_uom_qty": 5})
    line = made.order_line
    assert (made.invoice_status, line.invoice_status) == ("no", "no")
    line.qty_delivered = 2
    assert (made.invoice_status, line.qty_to_invoice, line.untaxed_amount_to_invoice) == ("to invoice", 2, 200)
    first = invoice(made)
    first.action_post()
    assert (line.qty_invoiced, line.invoice_status, line.untaxed_amount_invoiced) == (2, "no", 200)
    line.qty_delivered = 1.5
    refund = invoice(made)
    assert (refund.move_type, products(refund)) == ("out_refund", [(0.5, 100.0)])
    assert (line.qty_invoiced, line.qty_to_invoice) == (1.5, 0)
    refund.action_post()
    assert line.untaxed_amount_invoiced == 150


def test_more_delivered_than_ordered_is_an_opportunity(env: Environment) -> None:
    made = order(env, {"product_id": service(env).id, "product_uom_qty": 1})
    invoice(made)
    made.order_line.qty_delivered = 2
    assert (made.order_line.invoice_status, made.invoice_status) == ("upselling", "upselling")
    planned = env.ref("sale.mail_act_sale_upsell", raise_if_not_found=False) is not None
    assert made.activity_ids.mapped("user_id.id") == ([made.user_id.id] if planned else [])


def test_a_credit_note_of_an_invoice_is_for_the_same_lines(env: Environment) -> None:
    made = order(env, {"product_id": service(env).id, "product_uom_qty": 4})
    move = invoice(made)
    move.action_post()
    wizard = env["account.move.reversal"].with_context(active_ids=move.ids, active_model="account.move")
    wizard.create({"journal_id": move.journal_id.id}).refund_moves()
    assert set(made.invoice_ids.mapped("move_type")) == {"out_invoice", "out_refund"}
    assert (made.order_line.qty_invoiced, made.invoice_status) == (0, "to invoice")
    assert not move.copy().invoice_line_ids.sale_line_ids


def test_a_cancelled_invoice_counts_no_more_and_a_deleted_one_is_gone(env: Environment) -> None:
    made = order(env, {"product_id": service(env).id})
    move = invoice(made)
    move.button_cancel()
    assert (made.order_line.qty_invoiced, made.invoice_status, made.invoice_count) == (0, "to invoice", 1)
    move.button_draft()
    assert made.invoice_status == "invoiced"
    move.unlink()
    assert (made.invoice_status, made.invoice_count) == ("to invoice", 0)


def test_the_line_of_a_down_payment_tells_what_became_of_it(env: Environment) -> None:
    made = order(env, {"product_id": service(env).id, "product_uom_qty": 4})
    move = invoice(made, "percentage", amount=25)
    line = made.order_line.filtered(lambda line: line.is_downpayment and not line.display_type)
    assert (line.price_unit, line.product_uom_qty, line.qty_to_invoice) == (100, 0, -1)
    assert line.name.endswith("(Draft)")
    assert move.invoice_line_ids.name == "Down payment of 25.0%"
    move.button_cancel()
    assert (line.name[-10:], line.qty_to_invoice) == ("(Canceled)", 0)
    move.button_draft()
    move.write({"invoice_line_ids": [(1, move.invoice_line_ids.id, {"price_unit": 90})]})
    move.action_post()
    assert line.price_unit == 90
    assert line.name.endswith(f"(ref: {move.name} on 05/17/2024)")
    final = invoice(made)
    assert products(final) == [(4, 100), (-1, 90)]
    assert final.invoice_line_ids.filtered(lambda line: line.display_type == "line_section").name == "Down Payments"


def test_a_down_payment_goes_with_its_invoice(env: Environment) -> None:
    made = order(env, {"product_id": service(env).id})
    invoice(made, "fixed", fixed_amount=10).unlink()
    assert not made.order_line.filtered(lambda line: line.is_downpayment and not line.display_type)


def test_down_payments_that_are_not_deducted_stay(env: Environment) -> None:
    made = order(env, {"product_id": service(env).id})
    invoice(made, "percentage", amount=50)
    assert products(invoice(made, deduct_down_payments=False)) == [(1, 100)]


def test_orders_of_a_customer_share_an_invoice(env: Environment) -> None:
    item = service(env)
    first = order(env, {"product_id": item.id}, client_order_ref="A")
    second = order(env, {"product_id": item.id}, client_order_ref="B", partner_id=first.partner_id.id)
    other = order(env, {"product_id": item.id}, client_order_ref="C")
    moves = invoice(first + second + other)
    assert sorted(len(move.invoice_line_ids) for move in moves) == [1, 2]
    shared = moves.filtered(lambda move: len(move.invoice_line_ids) == 2)
    assert set(shared.invoice_origin.split(", ")) == {first.name, second.name}
    again = order(env, {"product_id": item.id}, partner_id=first.partner_id.id)
    more = order(env, {"product_id": item.id}, partner_id=first.partner_id.id)
    assert len(invoice(again + more, consolidated_billing=False)) == 2


@pytest.mark.parametrize(
    ("method", "values"), [("delivered", {}), ("percentage", {"amount": -1}), ("fixed", {"fixed_amount": 0})]
)
def test_a_refused_invoice_leaves_no_trace(env: Environment, method: str, values: dict[str, Any]) -> None:
    made = order(env, {"product_id": service(env, policy="delivery").id})
    wizard = env["sale.advance.payment.inv"].with_context(active_ids=made.ids).create(
        {"advance_payment_method": method, **values}
    )  # fmt: skip
    before = env.db.snapshot()
    rows = {model: dict(env.db.store.rows(model)) for model in ("account.move", "sale.order.line", "mail.message")}
    with pytest.raises(UserError):
        wizard.create_invoices()
    assert rows == {model: dict(env.db.store.rows(model)) for model in rows}
    env.db.restore(before)


def test_the_report_sums_up_lines_in_the_unit_of_the_product(env: Environment) -> None:
    item: Any = service(env)
    dozen: Any = env.ref("uom.product_uom_dozen")
    unit = "product_uom_id" if "product_uom_id" in env["sale.order.line"] else "product_uom"
    lines: list[dict[str, Any]] = [
        {"product_id": item.id, "product_uom_qty": 3, "price_unit": 10, "discount": 10},
        {"product_id": item.id, "product_uom_qty": 1, "price_unit": 10, "discount": 10, unit: dozen.id},
        {"display_type": "line_note", "name": "Thanks"},
    ]
    made = order(env, *lines)
    found = env["sale.report"].search([("name", "=", made.name)])
    assert (len(found), sum(found.mapped("nbr")), sum(found.mapped("product_uom_qty"))) == (1, 2, 15)
    assert (found.price_subtotal, found.discount_amount, found.qty_to_invoice) == (36, 4, 15)
    assert (found.partner_id, found.order_reference) == (made.partner_id, f"sale.order,{made.id}")
    invoice(made)
    found = env["sale.report"].search([("name", "=", made.name)])
    assert (found.qty_invoiced, found.invoice_status) == (15, "invoiced")


def test_a_down_payment_for_nothing_is_paid_back(env: Environment) -> None:
    made = order(env, {"product_id": service(env, policy="delivery").id, "product_uom_qty": 5})
    invoice(made, "percentage", amount=30).action_post()
    refund = invoice(made)
    assert (refund.move_type, refund.amount_total, products(refund)) == ("out_refund", 150, [(1, 150)])
    refund.action_post()
    line = made.order_line.filtered(lambda line: line.is_downpayment and not line.display_type)
    assert (line.qty_invoiced, line.qty_to_invoice, line.untaxed_amount_invoiced) == (0, 0, 0)


def test_an_invoice_in_another_currency(env: Environment) -> None:
    euro = env["res.currency"].with_context(active_test=False).search([("name", "=", "EUR")])
    euro.write({"active": True})
    env["res.currency.rate"].create({"currency_id": euro.id, "name": "2024-01-01", "rate": 0.5})
    prices = env["product.pricelist"].create({"name": "Euro", "currency_id": euro.id})
    made = order(env, {"product_id": service(env).id, "product_uom_qty": 5}, pricelist_id=prices.id)
    move = invoice(made)
    move.action_post()
    assert (move.currency_id, move.amount_total, move.amount_total_signed) == (euro, 250, 500)
    assert (made.amount_invoiced, made.order_line.untaxed_amount_invoiced) == (250, 250)
    assert env["sale.report"].search([("name", "=", made.name)]).price_total == 500


@pytest.mark.parametrize("profile", ["odoo-14.0", "odoo-16.0"])
def test_down_payments_of_earlier_versions(profile: str) -> None:
    older = seed.build("t", profile=profiles.get(profile), clock=Clock(), fixtures=["sale"])
    env = older.env(older.profile.admin_id)
    made = order(env, {"product_id": service(env).id, "product_uom_qty": 4, "name": "Service", "price_unit": 100})
    first = invoice(made, "percentage", amount=25)
    first.action_post()
    final = invoice(made)
    assert (first.amount_total, final.amount_total, made.invoice_status) == (100, 300, "invoiced")
    assert any(line.display_type for line in made.order_line) == (profile == "odoo-16.0")
    assert final.currency_id == env.company.currency_id


LINES = st.lists(
    st.tuples(
        st.integers(1, 40), st.integers(1, 99_999).map(lambda cents: cents / 100), st.sampled_from((0, 5, 12.5)),
        st.sampled_from(((), (0,), (1,), (0, 2))),
    ),
    min_size=1,
    max_size=5,
)  # fmt: skip


@contextlib.contextmanager
def undone(database: Database) -> Iterator[Environment]:
    """The administrator; what the block changes is undone, also if it fails."""
    before = database.snapshot()
    try:
        yield database.env(database.profile.admin_id)
    finally:
        database.restore(before)


def drawn_order(env: Environment, drawn: list[Any]) -> Recordset:
    taxes = [tax(env, 15), tax(env, 21, included=True), tax(env, 7.7)]
    item, name = service(env), "tax_ids" if "tax_ids" in env["sale.order.line"] else "tax_id"
    lines: list[dict[str, Any]] = [
        {
            "product_id": item.id,
            "product_uom_qty": quantity,
            "price_unit": price,
            "discount": discount,
            name: [(6, 0, [taxes[position] for position in chosen])],
        }
        for quantity, price, discount, chosen in drawn
    ]
    return order(env, *lines)


@examples(6)
@given(drawn=LINES)
def test_an_invoice_comes_to_what_its_order_does(database: Database, drawn: list[Any]) -> None:
    with undone(database) as env:
        made = drawn_order(env, drawn)
        move = invoice(made)
        subtotals = made.order_line.mapped("price_subtotal")
        # a cent may be elsewhere where taxes are rounded for the whole document: orders round them line by line
        cent = 0.011 if made.company_id.tax_calculation_rounding_method == "round_globally" else 0.001
        assert move.invoice_line_ids.mapped("price_subtotal") == pytest.approx(subtotals, abs=cent)
        totals = made.amount_untaxed, made.amount_total
        assert (move.amount_untaxed, move.amount_total) == pytest.approx(totals, abs=cent * len(drawn))
        move.action_post()
        assert made.order_line.mapped("untaxed_amount_to_invoice") == pytest.approx([0] * len(drawn), abs=0.011)
        close = 0.011 * len(drawn)
        assert (made.amount_to_invoice, made.amount_invoiced) == pytest.approx((0, made.amount_total), abs=close)


@examples(6)
@given(drawn=LINES, amount=st.integers(1, 99), fixed=st.booleans())
def test_down_payment_and_final_invoice_come_to_the_order(
    database: Database, drawn: list[Any], amount: int, fixed: bool
) -> None:
    with undone(database) as env:
        made = drawn_order(env, drawn)
        wanted = round(made.amount_total * amount / 100, 2) or 0.01
        first = invoice(made, "fixed", fixed_amount=wanted) if fixed else invoice(made, "percentage", amount=amount)
        if fixed and first.amount_tax:
            assert first.amount_total == wanted
        first.action_post()
        final = invoice(made)
        assert first.amount_total + final.amount_total == pytest.approx(made.amount_total, abs=0.005)
        assert made.invoice_status == "invoiced"
        assert abs(sum(final.line_ids.mapped("balance"))) < 0.005
