"""Purchase orders: prices of vendors, totals, approval, bills, and what holds after any calls."""

from __future__ import annotations

import xmlrpc.client
from typing import Any

import pytest
from hypothesis import given, strategies as st

from mockserver import MockServer, profiles
from mockserver.clock import Clock
from mockserver.errors import OdooError, UserError, ValidationError
from mockserver.orm.database import Database
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.seed import build as seed
from tests.properties.budget import examples

SENTENCE = "In order to delete a purchase order, you must cancel it first."


@pytest.fixture(scope="module")
def database() -> Database:
    return seed.build("t", profile=profiles.get("odoo-17.0"), clock=Clock(), fixtures=["purchase"])


def vendor(env: Environment, **values: Any) -> Recordset:
    return env["res.partner"].create({"name": "Acme Lumber", **values})


def product(env: Environment, **values: Any) -> Recordset:
    values = {"name": "Walnut Desk", "standard_price": 8.0, "purchase_method": "purchase", **values}
    return env["product.product"].create(values)


def order(env: Environment, partner: Recordset, *lines: dict[str, Any], **values: Any) -> Recordset:
    commands = [(0, 0, line) for line in lines]
    return env["purchase.order"].create({"partner_id": partner.id, "order_line": commands, **values})


def offers(partner: Recordset, *entries: dict[str, Any]) -> list[Any]:
    return [(0, 0, {"partner_id": partner.id, **entry}) for entry in entries]


# -- prices


def test_a_new_line_costs_what_the_smallest_quantity_of_the_vendor_costs(env: Environment) -> None:
    partner = vendor(env)
    desk = product(env, seller_ids=offers(partner, {"price": 5, "min_qty": 10}, {"price": 7, "min_qty": 2}))
    found = order(env, partner, {"product_id": desk.id, "product_qty": 12})
    assert found.order_line.price_unit == 7
    found.order_line.write({"product_qty": 12.0})
    found.order_line.write({"product_qty": 11})
    assert found.order_line.price_unit == 5
    found.order_line.write({"product_qty": 1})
    assert found.order_line.price_unit == 8  # no entry fits: the cost


def test_an_entry_that_has_ended_is_not_used(env: Environment) -> None:
    partner = vendor(env)
    ended, valid = {"price": 3, "date_end": "2024-05-01"}, {"price": 6, "delay": 4}
    desk = product(env, seller_ids=offers(partner, ended, valid))
    line = order(env, partner, {"product_id": desk.id, "product_qty": 1}).order_line
    assert (line.price_unit, line.date_planned) == (6, "2024-05-21 12:00:00")


def test_prices_are_converted_to_the_currency_of_the_order(env: Environment) -> None:
    euro = env["res.currency"].with_context(active_test=False).search([("name", "=", "EUR")])
    euro.write({"active": True})
    env["res.currency.rate"].create({"currency_id": euro.id, "name": "2020-01-01", "rate": 0.5})
    found = order(env, vendor(env), {"product_id": product(env).id, "product_qty": 1}, currency_id=euro.id)
    assert (found.order_line.price_unit, found.currency_rate) == (4, 0.5)


def test_a_vendor_calls_a_product_by_its_own_name(env: Environment) -> None:
    partner = vendor(env)
    entry = {"price": 5, "product_code": "V9", "product_name": "Vendor desk"}
    desk = product(env, seller_ids=offers(partner, entry), description_purchase="Order early")
    line = order(env, partner, {"product_id": desk.id}).order_line
    assert line.name == "[V9] Vendor desk\nOrder early"


def test_confirming_notes_the_vendor_at_products_that_it_has_not_sold_before(env: Environment) -> None:
    partner, desk = vendor(env), product(env)
    found = order(env, partner, {"product_id": desk.id, "product_qty": 2, "price_unit": 9})
    found.button_confirm()
    assert desk.seller_ids.read(["partner_id", "price", "min_qty", "delay"]) == [
        {"id": desk.seller_ids.id, "partner_id": [partner.id, "Acme Lumber"], "price": 9, "min_qty": 1, "delay": 0}
    ]
    found.copy().button_confirm()
    assert len(desk.seller_ids) == 1


# -- states


def buyer(env: Environment, login: str, group: str) -> Environment:
    groups = [env.ref("base.group_user"), env.ref(f"purchase.group_purchase_{group}")]
    values = {"name": login, "login": login, "groups_id": [(6, 0, [one.id for one in groups if one])]}
    user = env["res.users"].create(values)
    return env.db.env(user.id)


def test_a_large_order_waits_for_a_manager(env: Environment) -> None:
    env.company.write({"po_double_validation": "two_step", "po_double_validation_amount": 100})
    partner, desk = vendor(env), product(env)
    lines = [{"product_id": desk.id, "product_qty": quantity, "price_unit": 10} for quantity in (20, 2)]
    large, small = (order(env, partner, line) for line in lines)
    mine = buyer(env, "bob", "user")["purchase.order"]
    for one in (large, small):
        mine.browse(one.id).button_confirm()
    assert (large.state, small.state) == ("to approve", "purchase")
    assert mine.browse(large.id).button_approve() == {}
    assert large.state == "to approve"
    buyer(env, "lea", "manager")["purchase.order"].browse(large.id).button_approve()
    assert (large.state, bool(large.date_approve)) == ("purchase", True)


def test_a_company_that_locks_orders_locks_them_on_approval(env: Environment) -> None:
    env.company.write({"po_lock": "lock"})
    found = order(env, vendor(env), {"product_id": product(env).id})
    found.button_confirm()
    assert found.state == "done"
    found.button_unlock()
    assert found.state == "purchase"


def test_only_cancelled_orders_are_deleted_and_no_lines_of_confirmed_ones(env: Environment) -> None:
    found = order(env, vendor(env), {"product_id": product(env).id})
    with pytest.raises(UserError, match=SENTENCE):
        found.unlink()
    found.button_confirm()
    with pytest.raises(UserError, match="which is in state 'Purchase Order'"):
        found.order_line.unlink()
    found.button_cancel()
    found.unlink()
    assert not found.exists()


def test_changes_of_a_confirmed_order_are_told_in_its_chatter(env: Environment) -> None:
    found = order(env, vendor(env), {"product_id": product(env).id, "product_qty": 2, "name": "Desk"})
    found.button_confirm()
    found.order_line.write({"product_qty": 3})
    found.write({"order_line": [(0, 0, {"product_id": product(env, name="Lamp").id})]})
    told = "".join(str(message.body) for message in found.message_ids)
    assert "Extra line with Lamp" in told
    assert "Ordered Quantity: 2.0 -&gt; 3.0" in told


def test_sections_have_no_values_and_stay_what_they_are(env: Environment) -> None:
    section = {"display_type": "line_section", "name": "Wood", "product_qty": 0, "price_unit": 5}
    found = order(env, vendor(env), section)
    assert (found.order_line.price_unit, found.order_line.date_planned) == (0, False)
    with pytest.raises(UserError, match="You cannot change the type of a purchase order line"):
        found.order_line.write({"display_type": False})
    with pytest.raises(ValidationError, match="Quantity"):
        order(env, vendor(env), {"display_type": "line_note", "name": "No quantity"})


# -- bills


def test_orders_of_one_vendor_are_billed_together(env: Environment) -> None:
    partner, desk = vendor(env), product(env)
    first = order(env, partner, {"product_id": desk.id, "product_qty": 2, "price_unit": 5}, partner_ref="A")
    second = order(env, partner, {"product_id": desk.id, "product_qty": 3, "price_unit": 6}, partner_ref="B")
    (first | second).button_confirm()
    action = (first | second).action_create_invoice()
    bill = env["account.move"].browse(action["res_id"])
    assert (bill.ref, bill.invoice_origin) == ("A, B", f"{first.name}, {second.name}")
    assert bill.invoice_line_ids.mapped("name") == [f"{one.name}: Walnut Desk" for one in (first, second)]
    assert (first | second).mapped("invoice_status") == ["invoiced", "invoiced"]
    assert bill.amount_untaxed == 28


def test_a_section_is_billed_only_with_a_line_below_it(env: Environment) -> None:
    desk, lamp = product(env), product(env, name="Lamp", purchase_method="receive")
    sections = [{"display_type": "line_section", "name": name, "product_qty": 0} for name in ("Desks", "Lamps")]
    found = order(env, vendor(env), sections[0], {"product_id": desk.id}, sections[1], {"product_id": lamp.id})
    found.button_confirm()
    bill = env["account.move"].browse(found.action_create_invoice()["res_id"])
    assert bill.invoice_line_ids.mapped("display_type") == ["line_section", "product"]


def test_a_bill_that_is_cancelled_leaves_its_lines_to_be_billed(env: Environment) -> None:
    found = order(env, vendor(env), {"product_id": product(env).id, "product_qty": 4})
    found.button_confirm()
    bill = env["account.move"].browse(found.action_create_invoice()["res_id"])
    assert (found.order_line.qty_invoiced, found.order_line.qty_to_invoice) == (4, 0)
    bill.button_cancel()
    assert (found.order_line.qty_invoiced, found.order_line.qty_to_invoice) == (0, 4)
    assert found.invoice_status == "to invoice"


def test_an_order_with_a_posted_bill_is_not_cancelled(env: Environment) -> None:
    found = order(env, vendor(env), {"product_id": product(env).id})
    found.button_confirm()
    bill = env["account.move"].browse(found.action_create_invoice()["res_id"])
    bill.write({"invoice_date": "2024-05-17"})
    bill.action_post()
    with pytest.raises(UserError, match="You must first cancel the related vendor bills"):
        found.button_cancel()
    assert found.state == "purchase"


def test_reports_add_up_the_lines_and_list_what_can_be_billed(env: Environment) -> None:
    desk = product(env)
    found = order(env, vendor(env), {"product_id": desk.id, "product_qty": 2, "price_unit": 5})
    found.button_confirm()
    report = env["purchase.report"].search([("order_id", "=", found.id)])
    assert (report.qty_ordered, report.untaxed_total, report.qty_to_be_billed) == (2, 10, 2)
    union = env["purchase.bill.union"].search([("purchase_order_id", "=", found.id)])
    assert union.display_name == f"{found.name}: $\N{NO-BREAK SPACE}10.00"
    assert desk.purchased_product_qty == 2


def test_products_of_another_company_are_refused(env: Environment) -> None:
    other = env["res.company"].create({"name": "Other"})
    with pytest.raises(ValidationError, match="Your quotation contains products from company Other"):
        order(env, vendor(env), {"product_id": product(env, company_id=other.id).id})


def test_requests_to_one_vendor_become_one_from_18_on() -> None:
    with MockServer(profile="odoo-18.0", fixtures=["purchase"]) as odoo:
        partner, desk = vendor(odoo.env), product(odoo.env)
        lines = [{"product_id": desk.id, "product_qty": 2, "price_unit": price} for price in (5, 4)]
        first, second = (order(odoo.env, partner, line, partner_ref=str(line["price_unit"])) for line in lines)
        (first | second).action_merge()
        assert (first.order_line.product_qty, first.order_line.price_unit, first.partner_ref) == (4, 4, "5, 4")
        assert second.state == "cancel"
        with pytest.raises(UserError, match="at least two purchase orders"):
            (first | second).action_merge()


def test_bills_until_12_are_invoices_that_name_the_lines_of_orders() -> None:
    with MockServer(profile="odoo-12.0", fixtures=["purchase"]) as odoo:
        env = odoo.env
        desk = product(env)
        found = order(env, vendor(env), {"product_id": desk.id, "product_qty": 3})
        found.button_confirm()
        account = env["account.account"].search([], limit=1)
        item = {"product_id": desk.id, "quantity": 2, "price_unit": 8, "name": "Desk", "account_id": account.id}
        item["purchase_line_id"] = found.order_line.id
        values = {"partner_id": found.partner_id.id, "type": "in_invoice", "invoice_line_ids": [(0, 0, item)]}
        bill = env["account.invoice"].create(values)
        assert (found.order_line.qty_invoiced, found.invoice_ids.id) == (2, bill.id)
        bill.action_invoice_cancel()
        assert (found.order_line.qty_invoiced, found.invoice_status) == (0, "to invoice")


# -- what holds always

quantities = st.integers(1, 400).map(lambda number: number / 4)
prices = st.integers(0, 100_000).map(lambda number: number / 100)
line_values = st.lists(st.tuples(quantities, prices, st.integers(0, 90)), min_size=1, max_size=5)


@examples(25, reset=True)
@given(lines=line_values)
def test_totals_are_the_sum_of_the_lines_and_bills_have_the_lines(
    env: Environment, database: Database, lines: list[tuple[float, float, int]]
) -> None:
    before = database.snapshot()
    desk = product(env)
    values = [
        {"product_id": desk.id, "product_qty": quantity, "price_unit": price, "discount": discount}
        for quantity, price, discount in lines
    ]
    found = order(env, vendor(env), *values)
    assert found.amount_untaxed == pytest.approx(sum(found.order_line.mapped("price_subtotal")))
    assert found.amount_tax == pytest.approx(sum(found.order_line.mapped("price_tax")))
    assert found.amount_total == pytest.approx(found.amount_untaxed + found.amount_tax)
    found.button_confirm()
    bill = env["account.move"].browse(found.action_create_invoice()["res_id"])
    for line in found.order_line:
        assert sum(line.invoice_lines.mapped("quantity")) == line.product_qty
    assert (bill.amount_untaxed, bill.amount_total) == pytest.approx((found.amount_untaxed, found.amount_total))
    database.restore(before)


CALLS = (
    "button_confirm", "button_approve", "button_cancel", "button_draft", "button_done", "button_unlock", "unlink",
    "action_create_invoice", "copy", "print_quotation",
)  # fmt: skip


@examples(25, reset=True)
@given(calls=st.lists(st.sampled_from(CALLS), max_size=8))
def test_a_refused_call_leaves_no_trace(env: Environment, database: Database, calls: list[str]) -> None:
    before = database.snapshot()
    found = order(env, vendor(env), {"product_id": product(env).id, "product_qty": 3})
    for call in calls:
        rows = dict(database.store.rows("purchase.order")), dict(database.store.rows("account.move"))
        try:
            found.call(call)
        except OdooError:
            after = dict(database.store.rows("purchase.order")), dict(database.store.rows("account.move"))
            assert after == rows
        if not found.exists():
            break
        billed = sum(line.qty_invoiced for line in found.order_line)
        assert (found.invoice_count > 0) == (billed > 0)
    database.restore(before)


# -- a story


def test_a_buyer_orders_and_bills_over_xml_rpc() -> None:
    odoo = MockServer(profile="odoo-17.0", fixtures=["purchase"])
    with odoo, xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/object", allow_none=True) as proxy:

        def call(model: str, method: str, *args: Any, **kwargs: Any) -> Any:
            return proxy.execute_kw(odoo.db, odoo.uid, odoo.password, model, method, args, kwargs)

        partner = call("res.partner", "create", {"name": "Acme Lumber"})
        entry = [0, 0, {"partner_id": partner, "price": 12.5}]
        values = {"name": "Desk", "purchase_method": "purchase", "seller_ids": [entry]}
        desk = call("product.product", "create", values)
        line = [0, 0, {"product_id": desk, "product_qty": 4}]
        order = call("purchase.order", "create", {"partner_id": partner, "order_line": [line]})
        assert call("purchase.order", "read", [order], ["name", "amount_untaxed"])[0]["amount_untaxed"] == 50
        assert call("purchase.order", "button_confirm", [order]) is True
        bill = call("purchase.order", "action_create_invoice", [order])["res_id"]
        call("account.move", "write", [bill], {"invoice_date": "2024-05-17"})
        call("account.move", "action_post", [bill])
        (read,) = call("account.move", "read", [bill], ["state", "amount_untaxed", "invoice_origin"])
        assert read == {"id": bill, "state": "posted", "amount_untaxed": 50, "invoice_origin": "P00001"}
        with pytest.raises(xmlrpc.client.Fault, match="You must first cancel the related vendor bills"):
            call("purchase.order", "button_cancel", [order])
