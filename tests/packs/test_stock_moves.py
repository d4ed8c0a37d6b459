"""Transfers: receipts, deliveries, backorders, returns, and the steps of a warehouse."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver import profiles
from mockserver.addons.stock.procurements import Procurement
from mockserver.clock import Clock
from mockserver.errors import UserError
from mockserver.orm.database import Database
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.seed import build as seed


@pytest.fixture(scope="module", params=["odoo-17.0", "odoo-18.0", "odoo-19.0"])
def database(request: pytest.FixtureRequest) -> Database:
    return seed.build("t", profile=profiles.get(request.param), clock=Clock(), fixtures=["stock"])


def product(env: Environment, **values: Any) -> Recordset:
    goods = {"is_storable": True} if "is_storable" in env["product.product"] else {"detailed_type": "product"}
    return env["product.product"].create({"name": "Walnut desk", **goods, **values})


def on_hand(env: Environment, item: Recordset, place: Recordset) -> float:
    quants = env["stock.quant"].search([("product_id", "=", item.id), ("location_id", "=", place.id)])
    return float(sum(quants.mapped("quantity")))


def reserved(env: Environment, item: Recordset) -> float:
    return float(sum(env["stock.quant"].search([("product_id", "=", item.id)]).mapped("reserved_quantity")))


def warehouse(env: Environment) -> Recordset:
    found: Recordset = env["stock.warehouse"].search([], limit=1)
    return found


def transfer(env: Environment, kind: Recordset, item: Recordset, quantity: float, **values: Any) -> Recordset:
    customers, vendors = env["stock.warehouse"]._partner_locations()
    source = kind.default_location_src_id or vendors
    target = kind.default_location_dest_id or customers
    move = {
        "product_id": item.id, "product_uom_qty": quantity, "location_id": source.id, "location_dest_id": target.id,
        **({"name": "goods"} if "name" in env["stock.move"] else {}),
    }  # fmt: skip
    return env["stock.picking"].create({
        "picking_type_id": kind.id, "location_id": source.id, "location_dest_id": target.id,
        "move_ids": [(0, 0, move)], **values,
    })  # fmt: skip


def receive(env: Environment, item: Recordset, quantity: float) -> Recordset:
    found = transfer(env, warehouse(env).in_type_id, item, quantity)
    found.action_confirm()
    assert found.button_validate() is True
    return found


def test_what_is_received_can_be_delivered(env: Environment) -> None:
    item, stock = product(env), warehouse(env).lot_stock_id
    receive(env, item, 7)
    out = transfer(env, warehouse(env).out_type_id, item, 5)
    out.action_confirm()
    assert (out.state, reserved(env, item)) == ("assigned", 5)
    assert out.button_validate() is True
    assert (out.state, on_hand(env, item, stock), reserved(env, item)) == ("done", 2, 0)


def test_backorders_of_backorders_keep_what_was_asked(env: Environment) -> None:
    item = product(env)
    receive(env, item, 20)
    out = transfer(env, warehouse(env).out_type_id, item, 10)
    out.action_confirm()
    for quantity in (3, 2):
        out.move_ids.write({"quantity": quantity, "picked": True})
        out.with_context(skip_backorder=True).button_validate()
        out = out.backorder_ids
        assert out.state == "assigned"
    assert (out.move_ids.product_uom_qty, out.backorder_id.backorder_id.state) == (5, "done")
    link = f'<a href="#" data-oe-model="stock.picking" data-oe-id="{out.id}">{out.name}</a>'
    assert f"The backorder {link} has been created." in "".join(out.backorder_id.message_ids.mapped("body"))
    out.action_cancel()
    assert (out.state, reserved(env, item), on_hand(env, item, warehouse(env).lot_stock_id)) == ("cancel", 0, 15)


def test_the_wizard_of_backorders_cancels_the_rest_if_asked(env: Environment) -> None:
    item = product(env)
    receive(env, item, 20)
    out = transfer(env, warehouse(env).out_type_id, item, 10)
    out.action_confirm()
    out.move_ids.write({"quantity": 4})
    asked = out.button_validate()
    assert (asked["res_model"], out.state) == ("stock.backorder.confirmation", "assigned")
    wizard = env["stock.backorder.confirmation"].with_context(asked["context"]).create({})
    assert wizard.backorder_confirmation_line_ids.picking_id == out
    assert wizard.process_cancel_backorder() is True
    assert (out.state, out.backorder_ids.ids, out.move_ids.product_uom_qty) == ("done", [], 10)


def test_what_is_forced_leaves_less_than_nothing(env: Environment) -> None:
    item = product(env)
    out = transfer(env, warehouse(env).out_type_id, item, 3)
    out.action_confirm()
    with pytest.raises(UserError):
        out.button_validate()
    out.move_ids.write({"quantity": 3})
    assert out.button_validate() is True
    assert on_hand(env, item, warehouse(env).lot_stock_id) == -3


def test_a_forced_quantity_takes_the_reservation_of_another(env: Environment) -> None:
    item = product(env)
    receive(env, item, 5)
    kind = warehouse(env).out_type_id
    first, second = transfer(env, kind, item, 5), transfer(env, kind, item, 4)
    first.action_confirm()
    second.action_confirm()
    assert (first.state, second.state) == ("assigned", "confirmed")
    second.move_ids.write({"quantity": 4})
    assert second.button_validate() is True
    assert (first.move_ids.state, first.move_ids.quantity, reserved(env, item)) == ("partially_available", 1, 1)


def test_a_return_brings_goods_back(env: Environment) -> None:
    item = product(env)
    receive(env, item, 9)
    out = transfer(env, warehouse(env).out_type_id, item, 6)
    out.button_validate()
    context = {"active_id": out.id, "active_model": "stock.picking", "active_ids": out.ids}
    wizard = env["stock.return.picking"].with_context(context).create({"picking_id": out.id})
    wizard.product_return_moves.write({"quantity": 4})
    (wizard.create_returns if "create_returns" in wizard._methods else wizard.action_create_returns)()
    back = out.return_ids
    assert (back.state, back.move_ids.origin_returned_move_id, back.picking_type_code) == (
        "assigned",
        out.move_ids,
        "incoming",
    )
    back.button_validate()
    assert (on_hand(env, item, warehouse(env).lot_stock_id), out.return_count) == (7, 1)


def need(env: Environment, house: Recordset, item: Recordset, quantity: float) -> None:
    customers = env.ref("stock.stock_location_customers")
    assert customers is not None
    values = {"warehouse_id": house, "date_planned": env.db.clock.now()}
    env["stock.rule"]._run_procurements([
        Procurement(item, quantity, item.uom_id, customers, "need", "S1", env.company, values)
    ])  # fmt: skip


@pytest.mark.parametrize(("steps", "count"), [("ship_only", 1), ("pick_ship", 2), ("pick_pack_ship", 3)])
def test_a_delivery_goes_by_its_steps(env: Environment, steps: str, count: int) -> None:
    house = env["stock.warehouse"].create({"name": "North", "code": "NW", "delivery_steps": steps})
    item = product(env)
    env["stock.quant"]._update_available_quantity(item, house.lot_stock_id, 8)
    need(env, house, item, 5)
    done = env["stock.picking"]
    for _ in range(count):
        open_ = env["stock.picking"].search([("move_ids.product_id", "=", item.id), ("state", "=", "assigned")])
        assert len(open_) == 1
        assert open_.button_validate() is True
        done |= open_
    moves = env["stock.move"].search([("product_id", "=", item.id)])
    assert set(moves.mapped("state")) == {"done"}
    assert len(moves) == len(done.move_ids) == count
    assert on_hand(env, item, house.lot_stock_id) == 3
    assert on_hand(env, item, env.ref("stock.stock_location_customers")) == 5  # type: ignore[arg-type]
    assert reserved(env, item) == 0


@pytest.mark.parametrize(("steps", "count"), [("one_step", 1), ("two_steps", 2), ("three_steps", 3)])
def test_a_receipt_goes_by_its_steps(env: Environment, steps: str, count: int) -> None:
    house = env["stock.warehouse"].create({"name": "North", "code": "NW", "reception_steps": steps})
    item = product(env)
    transfer(env, house.in_type_id, item, 5).action_confirm()
    for _ in range(count):
        open_ = env["stock.picking"].search([("move_ids.product_id", "=", item.id), ("state", "=", "assigned")])
        assert len(open_) == 1
        assert open_.button_validate() is True
    assert on_hand(env, item, house.lot_stock_id) == 5


def test_what_no_rule_serves_is_an_error(env: Environment) -> None:
    house, item = warehouse(env), product(env)
    with pytest.raises(UserError, match="No rule has been found to replenish"):
        place, values = env["stock.location"].create({"name": "x"}), {"warehouse_id": house}
        env["stock.rule"]._run_procurements([
            Procurement(item, 1, item.uom_id, place, "n", "o", env.company, values)
        ])  # fmt: skip


def test_moves_that_are_alike_become_one(env: Environment) -> None:
    item = product(env)
    found = transfer(env, warehouse(env).in_type_id, item, 2)
    found.move_ids.copy({"product_uom_qty": 3})
    found.action_confirm()
    assert (len(found.move_ids), found.move_ids.product_uom_qty, found.move_ids.quantity) == (1, 5, 5)


def test_deadlines_of_chained_moves_move_together(env: Environment) -> None:
    house = env["stock.warehouse"].create({"name": "North", "code": "NW", "reception_steps": "two_steps"})
    first = transfer(env, house.in_type_id, product(env), 5).move_ids
    first.write({"date_deadline": "2024-05-20 10:00:00"})
    second = first.copy({"picking_id": False, "move_orig_ids": [(4, first.id)]})
    second.write({"date_deadline": "2024-05-22 10:00:00"})
    first.write({"date_deadline": "2024-05-19 10:00:00"})
    assert second.date_deadline == first.date_deadline == "2024-05-19 10:00:00"


def test_confirming_a_delivery_replenishes_what_is_then_missing(env: Environment) -> None:
    house, other = warehouse(env), env["stock.warehouse"].create({"name": "North", "code": "NW"})
    item = product(env)
    other.write({"resupply_wh_ids": [(6, 0, house.ids)]})
    env["stock.warehouse.orderpoint"].create({
        "product_id": item.id, "product_min_qty": 0, "product_max_qty": 10, "trigger": "auto",
        "warehouse_id": other.id, "location_id": other.lot_stock_id.id, "route_id": other.resupply_route_ids.id,
    })  # fmt: skip
    transfer(env, other.out_type_id, item, 4).action_confirm()
    ordered = env["stock.move"].search([("product_id", "=", item.id), ("location_dest_id", "=", other.lot_stock_id.id)])
    assert ordered.mapped("product_uom_qty") == [14]
