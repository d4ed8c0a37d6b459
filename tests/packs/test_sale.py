"""Orders: stories of a shop and of a salesperson, and what holds after any calls."""

from __future__ import annotations

import xmlrpc.client
from typing import Any

import pytest
from hypothesis import given, strategies as st

from mockserver import MockServer, profiles
from mockserver.clock import Clock
from mockserver.errors import AccessError, MissingError, UserError, ValidationError
from mockserver.orm.database import Database
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.seed import build as seed
from tests.properties.budget import examples

LINE = dict[str, Any]


@pytest.fixture(scope="module")
def database() -> Database:
    return seed.build("t", profile=profiles.get("odoo-17.0"), clock=Clock(), fixtures=["sale_management", "sale_crm"])


def customer(env: Environment, **values: Any) -> Recordset:
    return env["res.partner"].create({"name": "Blue Door Hotel", **values})


def product(env: Environment, price: float = 10.0, **values: Any) -> Recordset:
    return env["product.product"].create({"name": "Stool", "list_price": price, "detailed_type": "service", **values})


def order(env: Environment, *lines: LINE, **values: Any) -> Recordset:
    made = [(0, 0, line) for line in lines]
    values.setdefault("partner_id", customer(env).id)
    return env["sale.order"].create({"order_line": made, **values})


def rows(env: Environment) -> dict[str, Any]:
    names = ("sale.order", "sale.order.line", "mail.message", "mail.followers")
    return {name: dict(env.db.store.rows(name)) for name in names}


def test_a_new_quotation_is_numbered_and_valid_for_a_month(env: Environment) -> None:
    made = order(env)
    assert (made.name, made.state, made.date_order) == ("S00001", "draft", "2024-05-17 12:00:00")
    assert (made.validity_date, made.require_signature) == ("2024-06-16", True)
    assert (made.user_id, made.team_id.name) == (env.user, "Sales")
    assert (made.type_name, made.is_expired) == ("Quotation", False)
    env.db.clock.freeze("2024-06-17 08:00:00")
    assert made.is_expired is True


def test_a_section_has_no_quantity_and_a_line_follows_its_product(env: Environment) -> None:
    stool = product(env, description_sale="Oak")
    made = order(env, {"display_type": "line_section", "name": "Wood"}, {"product_id": stool.id})
    section, line = made.order_line
    assert (section.product_uom_qty, section.price_subtotal) == (0.0, 0.0)
    assert (line.name, line.product_uom_qty, line.price_unit) == ("Stool\nOak", 1.0, 10.0)
    assert line.display_name == "S00001 - Stool (Blue Door Hotel)"
    assert made.amount_total == line.price_total


def test_a_new_quantity_takes_the_price_of_the_product_again(env: Environment) -> None:
    (line,) = order(env, {"product_id": product(env).id, "price_unit": 3.0}).order_line
    assert line.price_unit == 3.0
    line.write({"product_uom_qty": 2})
    assert line.price_unit == 10.0
    line.write({"product_uom_qty": 3, "price_unit": 4.0})
    assert line.price_subtotal == 12.0


def test_a_pricelist_acts_when_prices_are_updated(env: Environment) -> None:
    made = order(env, {"product_id": product(env).id})
    items = [(0, 0, {"compute_price": "percentage", "percent_price": 50, "applied_on": "3_global"})]
    half = env["product.pricelist"].create({"name": "Half", "item_ids": items})
    made.write({"pricelist_id": half.id})
    assert made.order_line.price_unit == 10.0
    made.action_update_prices()
    assert made.order_line.price_unit == 5.0
    assert any("according to pricelist" in str(message.body) for message in made.message_ids)


def test_the_included_tax_of_a_product_leaves_its_price_where_the_customer_has_another(env: Environment) -> None:
    taxes = env["account.tax"]
    own = taxes.create({"name": "20 in", "amount": 20, "price_include": True, "type_tax_use": "sale"})
    none = taxes.create({"name": "0", "amount": 0, "type_tax_use": "sale"})
    mapping = [(0, 0, {"tax_src_id": own.id, "tax_dest_id": none.id})]
    abroad = env["account.fiscal.position"].create({"name": "Abroad", "tax_ids": mapping})
    stool = product(env, 12.0, taxes_id=[(6, 0, own.ids)])
    made = order(env, {"product_id": stool.id}, fiscal_position_id=abroad.id)
    assert (made.order_line.tax_id, made.order_line.price_unit, made.amount_total) == (none, 10.0, 10.0)


def test_confirmed_locked_cancelled_and_drafted_again(env: Environment) -> None:
    made = order(env, {"product_id": product(env).id})
    env.db.clock.freeze("2024-05-18 09:00:00")
    assert made.action_confirm() is True
    assert (made.state, made.date_order, made.type_name) == ("sale", "2024-05-18 09:00:00", "Sales Order")
    assert made.partner_id in made.message_partner_ids
    made.action_lock()
    with pytest.raises(UserError, match=r"locked order:\nDescription\nQuantity"):
        made.order_line.write({"product_uom_qty": 9, "name": "x"})
    with pytest.raises(UserError, match=r"cannot cancel a locked order"):
        made.action_cancel()
    made.action_unlock()
    asked = made.action_cancel()
    assert (asked["res_model"], made.state) == ("sale.order.cancel", "sale")
    assert env["sale.order.cancel"].create({"order_id": made.id}).action_cancel() is True
    assert (made.state, made.order_line.state) == ("cancel", "cancel")
    made.action_draft()
    assert made.state == "draft"


def test_what_may_not_be_done_leaves_no_trace(env: Environment) -> None:
    made = order(env, {"product_id": product(env).id})
    made.action_confirm()
    before = rows(env)
    refused: list[tuple[Any, str]] = [
        (made.action_confirm, "not in a state requiring confirmation: S00001"),
        (made.action_quotation_sent, "Only draft orders"),
        (made.unlink, "You must first cancel it"),
        (made.order_line.unlink, "can't remove one of its lines"),
        (lambda: made.write({"pricelist_id": False}), "cannot change the pricelist"),
        (lambda: made.order_line.write({"display_type": "line_note"}), "cannot change the type of a sale order line"),
    ]
    for call, text in refused:
        with pytest.raises(UserError, match=text), env.db.transaction():
            call()
        assert rows(env) == before
    with pytest.raises(MissingError):
        order(env, partner_id=999999)
    with pytest.raises(ValidationError, match=r"non-accountable"):
        order(env, {"display_type": "line_section", "name": "S", "product_id": product(env).id})


def test_a_copy_is_a_new_draft_without_down_payments(env: Environment) -> None:
    stool = product(env)
    made = order(env, {"product_id": stool.id}, {"product_id": stool.id, "is_downpayment": True}, client_order_ref="7")
    made.action_confirm()
    copied = made.copy()
    assert (copied.state, copied.client_order_ref, len(copied.order_line)) == ("draft", False, 1)


def test_a_template_gives_its_terms_at_once_and_its_lines_in_a_form(env: Environment) -> None:
    lines = [(0, 0, {"display_type": "line_section", "name": "Set"}), (0, 0, {"product_id": product(env).id})]
    values = {"name": "Set", "number_of_days": 10, "require_signature": False, "note": "Ten days"}
    template = env["sale.order.template"].create({**values, "sale_order_template_line_ids": lines})
    made = order(env, sale_order_template_id=template.id)
    assert (made.validity_date, made.require_signature, made.note) == ("2024-05-27", False, "<p>Ten days</p>")
    assert not made.order_line
    spec: dict[str, Any] = {"sale_order_template_id": {}, "order_line": {"fields": {"name": {}}}}
    form = {"partner_id": made.partner_id.id, "sale_order_template_id": template.id}
    shown = env["sale.order"].onchange(form, ["sale_order_template_id"], spec)["value"]
    assert [command[2]["name"] for command in shown["order_line"]] == ["Set", "Stool"]


def test_an_option_is_added_to_a_quotation_but_to_no_order(env: Environment) -> None:
    made = order(env)
    option = env["sale.order.option"].create({"order_id": made.id, "product_id": product(env).id, "quantity": 2})
    assert (option.price_unit, option.is_present) == (10.0, False)
    option.button_add_to_order()
    assert (made.order_line.product_uom_qty, option.is_present) == (2.0, True)
    made.action_confirm()
    with pytest.raises(UserError, match=r"confirmed order"):
        option.button_add_to_order()


@pytest.mark.parametrize(
    ("kind", "values", "total"),
    [("sol_discount", {"discount_percentage": 0.1}, 27.0), ("so_discount", {"discount_percentage": 0.1}, 27.0),
     ("amount", {"discount_amount": 5.0}, 25.0)],
)  # fmt: skip
def test_a_discount_on_the_whole_order(env: Environment, kind: str, values: dict[str, Any], total: float) -> None:
    made = order(env, {"product_id": product(env, taxes_id=[(6, 0, [])]).id, "product_uom_qty": 3})
    given_values = {"sale_order_id": made.id, "discount_type": kind, **values}
    env["sale.order.discount"].create(given_values).action_apply_discount()
    assert made.amount_total == total


def test_packagings_and_quantities_follow_each_other(env: Environment) -> None:
    stool = product(env)
    box = env["product.packaging"].create({"name": "Box", "product_id": stool.id, "qty": 6})
    (line,) = order(env, {"product_id": stool.id, "product_uom_qty": 12}).order_line
    assert (line.product_packaging_id, line.product_packaging_qty) == (box, 2.0)
    line.write({"product_packaging_qty": 3})
    assert line.product_uom_qty == 18.0


def test_a_warning_of_the_customer_is_shown_or_blocks(env: Environment) -> None:
    warned = customer(env, sale_warn="warning", sale_warn_msg="Pays late")
    spec: dict[str, Any] = {"partner_id": {}}
    shown = env["sale.order"].onchange({"partner_id": warned.id}, ["partner_id"], spec)
    assert shown["warning"]["title"] == "Warning for Blue Door Hotel"
    assert shown["warning"]["message"] == "Pays late"
    warned.write({"sale_warn": "block"})
    shown = env["sale.order"].onchange({"partner_id": warned.id}, ["partner_id"], spec)
    assert shown["value"]["partner_id"] is False


def test_a_won_order_raises_what_is_expected_of_the_opportunity(env: Environment) -> None:
    lead = env["crm.lead"].create({"name": "Chairs", "partner_id": customer(env).id, "expected_revenue": 5})
    made = order(env, {"product_id": product(env).id}, opportunity_id=lead.id, partner_id=lead.partner_id.id)
    assert (lead.quotation_count, lead.sale_order_count) == (1, 0)
    made.action_confirm()
    assert (lead.expected_revenue, lead.sale_amount_total, lead.sale_order_count) == (10.0, 10.0, 1)


def test_the_page_of_an_order_has_a_token_that_stays(env: Environment) -> None:
    made = order(env)
    assert made.access_token is False
    url = made.get_portal_url()
    assert url == f"/my/orders/{made.id}?access_token={made.access_token}"
    assert made.get_portal_url(report_type="pdf", download=True) == f"{url}&report_type=pdf&download=true"
    assert made.action_preview_sale_order()["url"] == url


def test_a_salesperson_sees_their_own_orders_and_those_of_nobody(env: Environment) -> None:
    groups = [env.ref(name).id for name in ("base.group_user", "sales_team.group_sale_salesman")]  # type: ignore[union-attr]
    values = {"name": "Sam", "login": "sam", "email": "sam@x.test", "groups_id": [(6, 0, groups)]}
    sam = env["res.users"].create(values)
    foreign, free = order(env), order(env, user_id=False)
    free.write({"user_id": False})
    seen = env["sale.order"].with_user(sam)
    own = seen.create({"partner_id": foreign.partner_id.id})
    assert set(seen.search([]).ids) == {own.id, free.id}
    with pytest.raises(AccessError):
        seen.browse(foreign.id).read(["name"])


amounts = st.decimals(min_value=0, max_value=999, places=2).map(float)
priced = st.fixed_dictionaries(
    {
        "price_unit": amounts,
        "product_uom_qty": st.integers(min_value=0, max_value=50),
        "discount": st.sampled_from([0, 10, 33.33, 100]),
    }
)


@given(st.lists(priced, min_size=1, max_size=5))
@examples(15, reset=True)
def test_the_totals_are_the_sums_of_the_lines(env: Environment, lines: list[LINE]) -> None:
    stool = product(env)
    made = order(env, *({"product_id": stool.id, **line} for line in lines))
    found = made.order_line
    assert made.amount_untaxed == pytest.approx(sum(found.mapped("price_subtotal")))
    assert made.amount_tax == pytest.approx(sum(found.mapped("price_tax")))
    assert made.amount_total == pytest.approx(made.amount_untaxed + made.amount_tax)
    assert made.tax_totals["amount_total"] == pytest.approx(made.amount_total)
    for line, values in zip(found, lines, strict=True):
        full = values["price_unit"] * values["product_uom_qty"]
        assert line.price_subtotal == pytest.approx(full * (1 - values["discount"] / 100), abs=0.0051)


@given(st.lists(st.sampled_from(["sent", "confirm", "lock", "unlock", "cancel", "draft"]), max_size=12))
@examples(15, reset=True)
def test_states_follow_the_calls(env: Environment, calls: list[str]) -> None:
    made = order(env, {"product_id": product(env).id})
    state, locked = "draft", False
    for call in calls:
        allowed = {
            "sent": state == "draft", "confirm": state in ("draft", "sent"), "cancel": not locked,
            "lock": True, "unlock": True, "draft": True,
        }[call]  # fmt: skip
        method = {"sent": "action_quotation_sent", "cancel": "_action_cancel"}.get(call, f"action_{call}")
        if call == "cancel" and locked:
            method = "action_cancel"
        if allowed:
            getattr(made, method)()
            state = {"sent": "sent", "confirm": "sale", "cancel": "cancel"}.get(call, state)
            locked = {"lock": True, "unlock": False}.get(call, locked)
            if call == "draft" and state in ("sent", "cancel"):
                state = "draft"
        else:
            before = rows(env)
            with pytest.raises(UserError), env.db.transaction():
                getattr(made, method)()
            assert rows(env) == before
        assert (made.state, made.locked) == (state, locked)


def test_a_shop_pushes_an_order_over_xml_rpc() -> None:
    with MockServer(profile="odoo-17.0", fixtures=["sale_management"], demo=False) as odoo:

        def call(model: str, method: str, *args: Any, **kwargs: Any) -> Any:
            with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/object", allow_none=True) as proxy:
                return proxy.execute_kw(odoo.db, 2, "admin", model, method, list(args), kwargs)

        buyer = call("res.partner", "create", {"name": "Kim", "email": "kim@shop.example"})
        thing = call("product.product", "create", {"name": "Stool", "list_price": 20.0, "default_code": "ST-1"})
        lines = [(0, 0, {"product_id": thing, "product_uom_qty": 3})]
        values = {"partner_id": buyer, "client_order_ref": "WEB-1001", "order_line": lines}
        made = call("sale.order", "create", values)
        (found,) = call("sale.order", "read", [made], ["name", "state", "amount_untaxed", "amount_total"])
        assert found == {"id": made, "name": "S00001", "state": "draft", "amount_untaxed": 60.0, "amount_total": 69.0}
        assert call("sale.order", "search", [("client_order_ref", "=", "WEB-1001")]) == [made]
        assert call("sale.order", "action_confirm", [made]) is True
        grouped = call("sale.order", "read_group", [], ["amount_total:sum"], ["state"])
        assert [(group["state"], group["amount_total"]) for group in grouped] == [("sale", 69.0)]


def test_the_salesperson_of_a_saved_order_stays(env: Environment) -> None:
    values = {"name": "Uma", "login": "uma", "email": "uma@x.test"}
    uma = env["res.users"].create(values)
    theirs = customer(env, user_id=uma.id)
    made = order(env)
    made.write({"partner_id": theirs.id})
    assert (made.user_id, order(env, partner_id=theirs.id).user_id) == (env.user, uma)
    form = {"partner_id": theirs.id, "user_id": env.uid}
    spec: dict[str, Any] = {"partner_id": {}, "user_id": {}, "tax_totals": {}}
    shown = env["sale.order"].onchange(form, ["partner_id"], spec)["value"]
    assert shown["user_id"] == uma.id


def test_a_customer_who_owes_too_much_is_told_of(env: Environment) -> None:
    env.company.write({"account_use_credit_limit": True})
    buyer = customer(env, credit_limit=25.0)
    untaxed = product(env, taxes_id=[(6, 0, [])])
    first = order(env, {"product_id": untaxed.id, "product_uom_qty": 2}, partner_id=buyer.id)
    assert first.partner_credit_warning == ""
    first.action_confirm()
    assert buyer.credit_to_invoice == 20.0
    second = order(env, {"product_id": untaxed.id}, partner_id=buyer.id)
    assert second.partner_credit_warning.replace("\N{NO-BREAK SPACE}", " ").splitlines() == [
        "Blue Door Hotel has reached its credit limit of: $ 25.00",
        "Total amount due (including sales orders and this document): $ 30.00",
    ]


@pytest.mark.parametrize(("profile", "total"), [("odoo-14.0", 11.5), ("odoo-17.0", 11.5), ("odoo-18.0", 12.0)])
def test_until_17_the_amounts_of_an_order_do_not_follow_its_currency(profile: str, total: float) -> None:
    with MockServer(profile=profile, fixtures=["sale"], demo=False) as odoo:
        env = odoo.env
        francs = env["res.currency"].with_context(active_test=False).search([("name", "=", "XPF")])
        line = {"name": "x", "product_id": env["product.product"].create({"name": "P", "list_price": 10}).id}
        partner = env["res.partner"].create({"name": "Buyer"})
        order = env["sale.order"].create({"partner_id": partner.id, "order_line": [(0, 0, line)]})
        assert order.amount_total == 11.5
        order.write({"currency_id": francs.id})
        assert order.amount_total == total
