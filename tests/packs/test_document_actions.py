"""Buttons of documents: what they change, and the windows that they return."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.errors import UserError
from mockserver.orm.database import Database
from mockserver.orm.records.environment import Environment
from mockserver.seed import build as seed


@pytest.fixture(scope="module", params=["odoo-16.0", "odoo-17.0", "odoo-18.0", "odoo-19.0"])
def database(request: pytest.FixtureRequest) -> Database:
    return seed.build("t", profile=profiles.get(request.param), clock=Clock(), fixtures=["business"])


def ref(env: Environment, name: str) -> Any:
    return env.ref(name)


def generation(env: Environment) -> int:
    return env.db.profile.generation


def stored(env: Environment, **values: Any) -> Any:
    kind = {"detailed_type": "product"} if generation(env) < 18 else {"is_storable": True}
    given = {"name": "Chair", "list_price": 50.0, "standard_price": 20.0, "taxes_id": [(6, 0, [])], **kind, **values}
    return env["product.product"].create(given)


def bought_to_order(env: Environment, vendor: Any, **values: Any) -> Any:
    """Return a product that is bought for each order."""
    route = ref(env, "stock.route_warehouse0_mto")
    route.write({"active": True})
    buy = ref(env, "purchase_stock.route_warehouse0_buy")
    sellers = [(0, 0, {"partner_id": vendor.id, "price": 20.0})]
    return stored(env, route_ids=[(6, 0, [route.id, buy.id])], seller_ids=sellers, **values)


def sold(env: Environment, product: Any, quantity: float) -> Any:
    customer = env["res.partner"].create({"name": "Blue Door Hotel"})
    lines = [(0, 0, {"product_id": product.id, "product_uom_qty": quantity})]
    order = env["sale.order"].create({"partner_id": customer.id, "order_line": lines})
    order.action_confirm()
    return order


def warnings(order: Any) -> list[str]:
    kind = ref(order.env, "mail.mail_activity_data_warning")
    return [str(activity.note) for activity in order.activity_ids if activity.activity_type_id == kind]


def counted(env: Environment, product: Any, quantity: float) -> Any:
    warehouse = env["stock.warehouse"].search([], limit=1)
    values = {"product_id": product.id, "location_id": warehouse.lot_stock_id.id, "inventory_quantity": quantity}
    quant = env["stock.quant"].with_context(inventory_mode=True).create(values)
    quant.action_apply_inventory()
    return env["stock.move.line"].search([("product_id", "=", product.id)])


# -- what is bought for sales orders


def test_who_buys_goods_for_an_order_is_warned_when_less_or_nothing_is_sold(env: Environment) -> None:
    vendor = env["res.partner"].create({"name": "Acme Lumber"})
    order = sold(env, bought_to_order(env, vendor), 5.0)
    purchase = env["purchase.order"].search([("partner_id", "=", vendor.id)])
    assert purchase.order_line.product_qty == 5.0
    order.write({"order_line": [(1, order.order_line.id, {"product_uom_qty": 3.0})]})
    (text,) = warnings(purchase)
    assert (order.name in text, "5.0 ordered, 3.0 now" in text) == (True, True)
    order.with_context(disable_cancel_warning=True).action_cancel()
    assert any("cancelled" in text for text in warnings(purchase))
    assert (order.state, purchase.state) == ("cancel", "draft")


def test_more_of_a_bought_service_is_bought_and_less_is_told(env: Environment) -> None:
    vendor = env["res.partner"].create({"name": "Cleaners"})
    kind = {"detailed_type": "service"} if generation(env) < 18 else {"type": "service"}
    sellers = [(0, 0, {"partner_id": vendor.id, "price": 10.0})]
    values = {"name": "Cleaning", "service_to_purchase": True, "seller_ids": sellers, **kind}
    order = sold(env, env["product.product"].create(values), 2.0)
    line, purchase = order.order_line, env["purchase.order"].search([("partner_id", "=", vendor.id)])
    line.write({"product_uom_qty": 3.0})
    assert purchase.order_line.mapped("product_qty") == [3.0]
    purchase.button_confirm()
    line.write({"product_uom_qty": 5.0})
    assert line.purchase_line_ids.sorted("id").mapped("product_qty") == [3.0, 2.0]
    line.write({"product_uom_qty": 1.0})
    (text,) = warnings(purchase)
    assert "reduced from 5.0 to 1.0" in text
    order.with_context(disable_cancel_warning=True).action_cancel()
    assert len(warnings(purchase)) == 2
    purchase.button_cancel()
    assert len(warnings(order)) == 1


# -- stock


def test_a_count_is_taken_back(env: Environment) -> None:
    chair = stored(env)
    lines = counted(env, chair, 7.0)
    assert chair.qty_available == 7.0
    action = lines.action_revert_inventory()
    assert action["params"]["message"] == "The inventory adjustments have been reverted."
    assert chair.qty_available == 0.0
    last = env["stock.move.line"].search([("product_id", "=", chair.id)], order="id desc", limit=1)
    assert last.location_id.usage == "internal"
    nothing = env["stock.move.line"].action_revert_inventory()
    assert nothing["params"] == {"type": "danger", "message": "There are no inventory adjustments to revert."}


def test_lines_of_a_move_come_from_names_of_lots(env: Environment) -> None:
    if generation(env) < 17:
        pytest.skip("since 17")
    moves = env["stock.move"]
    assert moves.split_lots("A1\nA2;3\nA3\t2,5\n\nA4;x") == [
        {"lot_name": "A1", "quantity": 1},
        {"lot_name": "A2", "quantity": 3.0},
        {"lot_name": "A3", "quantity": 2.5},
        {"lot_name": "A4;x", "quantity": 1},
    ]
    chair = stored(env, tracking="lot")
    place = env["stock.warehouse"].search([], limit=1).lot_stock_id
    context = {
        "default_product_id": chair.id, "default_location_dest_id": place.id, "default_tracking": "lot",
        "default_quantity": 10.0,
    }  # fmt: skip
    lines = moves.action_generate_lot_line_vals(context, "generate", "L-009", 4, "")
    assert [(line["lot_name"], line["quantity"]) for line in lines] == [("L-009", 4), ("L-010", 4), ("L-011", 2.0)]
    assert lines[0]["location_dest_id"] == {"id": place.id, "display_name": place.display_name}
    with pytest.raises(UserError, match="No product found to generate Serials/Lots for"):
        moves.action_generate_lot_line_vals({}, "generate", "L", 1, "")
    with pytest.raises(UserError, match="The quantity per lot should always be a positive value"):
        moves.action_generate_lot_line_vals(context, "generate", "L", 0, "")


def test_a_rule_orders_by_the_route_and_from_the_vendor_that_were_chosen(env: Environment) -> None:
    vendor = env["res.partner"].create({"name": "Acme Lumber"})
    sellers = [(0, 0, {"partner_id": vendor.id, "price": 20.0, "min_qty": 12.0})]
    chair = stored(env, seller_ids=sellers)
    point = env["stock.warehouse.orderpoint"].create(
        {"product_id": chair.id, "product_min_qty": 2.0, "product_max_qty": 5.0, "trigger": "manual"}
    )
    chair.seller_ids.with_context(orderpoint_id=point.id).action_set_supplier()
    assert (point.supplier_id, point.qty_to_order) == (chair.seller_ids, 12.0)
    assert "buy" in point.route_id.rule_ids.mapped("action")
    info = env["stock.replenishment.info"].create({"orderpoint_id": point.id})
    option = env["stock.replenishment.option"].create(
        {
            "product_id": chair.id,
            "route_id": ref(env, "stock.route_warehouse0_mto").id,
            "replenishment_info_id": info.id,
        }
    )
    assert option.select_route()["name"] == "Quantity available too low"
    assert option.order_all() == {"type": "ir.actions.act_window_close"}
    assert point.route_id == option.route_id


# -- purchases


def test_the_dashboard_counts_requests_and_what_was_bought(env: Environment) -> None:
    if generation(env) > 18:
        pytest.skip("another form")
    vendor = env["res.partner"].create({"name": "Acme Lumber"})
    line = (0, 0, {"product_id": stored(env).id, "product_qty": 2.0, "price_unit": 10.0, "taxes_id": [(6, 0, [])]})
    values = {"partner_id": vendor.id, "order_line": [line], "user_id": env.uid, "date_order": "2024-05-20 10:00:00"}
    orders = [env["purchase.order"].create(values) for _ in range(3)]
    orders[1].write({"state": "sent"})
    orders[2].button_confirm()
    found = env["purchase.order"].retrieve_dashboard()
    assert (found["all_to_send"], found["my_waiting"], found["all_late"]) == (1, 1, 0)
    assert (found["all_avg_order_value"], found["company_currency_symbol"]) == ("$\N{NO-BREAK SPACE}20.00", "$")
    env.db.clock.freeze("2024-06-17 12:00:00")
    found = env["purchase.order"].retrieve_dashboard()
    assert (found["all_waiting"], found["my_late"]) == (0, 2)
    assert found["all_total_last_7_days"] == "$\N{NO-BREAK SPACE}0.00"


def test_a_vendor_confirms_the_date_once(env: Environment) -> None:
    vendor = env["res.partner"].create({"name": "Acme Lumber"})
    order = env["purchase.order"].create({"partner_id": vendor.id, "date_planned": "2024-06-01 10:00:00"})
    address = order.get_confirm_url("reminder")
    assert address.startswith(f"/my/purchase/{order.id}?access_token=")
    assert address.endswith("&confirm=reminder&confirmed_date=2024-06-01")
    assert order.get_update_url().endswith("&update=True")
    if generation(env) > 18:
        return
    order.button_confirm()
    for _ in range(2):
        order.confirm_reminder_mail()
    said = [body for body in order.message_ids.mapped("body") if "confirmed the receipt" in body]
    assert said == ["<p>Acme Lumber confirmed the receipt will take place on 2024-06-01.</p>"]


# -- windows


def windows(env: Environment) -> dict[str, Any]:
    """Return the actions of documents of one order, by name."""
    chair = stored(env)
    counted(env, chair, 10.0)
    order = sold(env, chair, 2.0)
    picking, template, late = order.picking_ids, chair.product_tmpl_id, generation(env) >= 17
    move = picking["move_ids" if "move_ids" in picking else "move_lines"]
    purchase = env["purchase.order"].create({"partner_id": order.partner_id.id})
    found = {
        "labels": picking.action_open_label_type(),
        "reception": picking.action_view_reception_report(),
        "reference": move.action_open_reference(),
        "line": move.move_line_ids.action_open_reference(),
        "forecast": move.action_product_forecast_report(),
        "sales": chair.action_view_sales(),
        "purchases": template.action_view_po(),
        "template": chair.open_product_template(),
    }
    if late:
        found["operations"] = picking.action_detailed_operations()
        found["catalogue"] = order.action_add_from_catalog()
        found["to buy"] = purchase.action_add_from_catalog()
    if generation(env) < 19:
        found["layers"] = picking.action_view_stock_valuation_layers()
        found["prices"] = chair.open_pricelist_rules()
    return found


def test_windows_show_records_that_exist(env: Environment) -> None:
    found = windows(env)
    json.dumps(found)
    for name, action in found.items():
        model = action.get("res_model")
        if model:
            assert model in env.db.registry, name
        if model and action.get("domain"):
            env[model].search(action["domain"])
        if model and action.get("res_id"):
            assert env[model].browse(action["res_id"]).exists(), name
    assert found["reference"]["res_model"] == "stock.picking"
    assert found["reception"]["tag"] == "reception_report"
    if "catalogue" in found:
        assert found["catalogue"]["context"]["product_catalog_order_model"] == "sale.order"


# -- quotations of opportunities


def test_a_quotation_of_an_opportunity_is_for_the_contact_that_was_chosen(env: Environment) -> None:
    wizards, leads = env["crm.quotation.partner"], env["crm.lead"]
    values = {"type": "opportunity", "email_from": "ann@example.com"}
    lead: Any = leads.create({"name": "Tables", "contact_name": "Ann", **values})
    wizard: Any = wizards.with_context(active_model="crm.lead", active_id=lead.id).create({})
    assert (wizard.lead_id, wizard.action) == (lead, "create")
    action = wizard.action_apply()
    assert (lead.partner_id.name, action["context"]["default_partner_id"]) == ("Ann", lead.partner_id.id)
    other: Any = leads.create({"name": "Chairs", **values})
    wizard = wizards.with_context(active_model="crm.lead", active_id=other.id).create({})
    assert (wizard.action, wizard.partner_id) == ("exist", lead.partner_id)
    wizard.action_apply()
    assert other.partner_id == lead.partner_id
    with pytest.raises(UserError, match="You can only apply this action from a lead"):
        wizards.with_context(active_model="res.partner", active_id=lead.partner_id.id).create({})


# -- employees


def test_an_employee_who_leaves_is_archived_with_a_reason_and_without_time_off(env: Environment) -> None:
    if generation(env) > 18:
        pytest.skip("another wizard")
    ann: Any = env["hr.employee"].create({"name": "Ann", "work_email": "ann@example.com"})
    assert ann.action_create_user()["context"]["default_login"] == "ann@example.com"
    kind = env["hr.leave.type"].create({"name": "Rest", "requires_allocation": "no", "leave_validation_type": "hr"})
    days = {"request_date_from": "2024-07-01", "request_date_to": "2024-07-02"}
    rest: Any = env["hr.leave"].create({"employee_id": ann.id, "holiday_status_id": kind.id, **days})
    reason = ref(env, "hr.departure_resigned")
    wizards = env["hr.departure.wizard"].with_context(active_id=ann.id, toggle_active=True)
    wizard: Any = wizards.create({"departure_reason_id": reason.id, "departure_date": "2024-06-30"})
    wizard.action_register_departure()
    assert (ann.active, ann.departure_reason_id, ann.departure_date) == (False, reason, "2024-06-30")
    assert rest.state == ("refuse" if generation(env) < 18 else "confirm")
