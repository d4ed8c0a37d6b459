"""Receipts of purchase orders: what is ordered is received or open, whatever is called in which order."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.errors import UserError
from mockserver.orm.database import Database
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.seed import build as seed
from tests.properties.budget import examples


@pytest.fixture(scope="module")
def database() -> Database:
    return seed.build("t", profile=profiles.get("odoo-17.0"), clock=Clock(), fixtures=["purchase_stock"])


def product(env: Environment, **values: Any) -> Recordset:
    return env["product.product"].create({"name": "Walnut Desk", "detailed_type": "product", **values})


def order(env: Environment, *lines: dict[str, Any], **values: Any) -> Recordset:
    partner = env["res.partner"].create({"name": "Acme Lumber"})
    commands = [(0, 0, line) for line in lines]
    return env["purchase.order"].create({"partner_id": partner.id, "order_line": commands, **values})


def dozens(env: Environment) -> int:
    return env.ref("uom.product_uom_dozen").id  # type: ignore[union-attr]


# -- receipts


def test_a_confirmed_order_has_a_receipt_in_the_units_of_its_products(env: Environment) -> None:
    desk, service = product(env), product(env, name="Repair", detailed_type="service")
    line = {"product_id": desk.id, "product_qty": 2, "price_unit": 24, "product_uom": dozens(env)}
    found = order(env, line, {"product_id": service.id})
    found.button_confirm()
    (move,) = found.picking_ids.move_ids
    assert (move.product_uom_qty, move.product_uom.name, move.price_unit, move.state) == (24, "Units", 2, "assigned")
    assert (found.picking_ids.origin, found.receipt_status, found.group_id.name) == (found.name, "pending", found.name)
    assert found.order_line.mapped("qty_received_method") == ["stock_moves", "manual"]
    found.picking_ids.button_validate()
    assert found.order_line.mapped("qty_received") == [2, 0]
    assert (found.receipt_status, found.is_shipped, found.order_line[0].qty_to_invoice) == ("full", True, 2)


def test_a_changed_quantity_changes_the_open_receipt(env: Environment) -> None:
    found = order(env, {"product_id": product(env).id, "product_qty": 5})
    found.button_confirm()
    line = found.order_line
    for quantity in (8, 3):
        line.write({"product_qty": quantity})
        assert line.move_ids.mapped("product_uom_qty") == [quantity]
    found.picking_ids.button_validate()
    line.write({"product_qty": 4})
    assert found.picking_ids.mapped("state") == ["assigned", "done"]
    with pytest.raises(UserError, match="You cannot decrease the ordered quantity below the received quantity"):
        line.write({"product_qty": 2})
    with pytest.raises(UserError, match="some receptions have already been done"):
        found.button_cancel()


def test_a_new_line_of_a_confirmed_order_joins_its_receipt(env: Environment) -> None:
    found = order(env, {"product_id": product(env).id, "product_qty": 1})
    found.button_confirm()
    found.write({"order_line": [(0, 0, {"product_id": product(env, name="Lamp").id, "product_qty": 2})]})
    assert len(found.picking_ids) == 1
    assert found.picking_ids.move_ids.mapped("product_uom_qty") == [1, 2]


def test_cancelling_cancels_the_receipt_and_confirming_again_plans_another(env: Environment) -> None:
    found = order(env, {"product_id": product(env).id, "product_qty": 2})
    found.button_confirm()
    found.button_cancel()
    assert (found.picking_ids.state, found.receipt_status) == ("cancel", False)
    found.button_draft()
    found.button_confirm()
    assert sorted(found.picking_ids.mapped("state")) == ["assigned", "cancel"]


def test_a_price_and_a_day_that_change_reach_the_open_moves(env: Environment) -> None:
    found = order(env, {"product_id": product(env).id, "product_qty": 2, "price_unit": 5})
    found.button_confirm()
    found.order_line.write({"price_unit": 6, "date_planned": "2031-01-02 10:00:00"})
    move = found.picking_ids.move_ids
    assert (move.price_unit, move.date_deadline) == (6, "2031-01-02 10:00:00")


def test_a_return_that_is_refunded_is_not_received(env: Environment) -> None:
    found = order(env, {"product_id": product(env).id, "product_qty": 4})
    found.button_confirm()
    receipt = found.picking_ids
    receipt.button_validate()
    context = {"active_id": receipt.id, "active_model": "stock.picking"}
    wizard = env["stock.return.picking"].with_context(context).create({"picking_id": receipt.id})
    wizard.product_return_moves.write({"quantity": 1, "to_refund": True})
    env["stock.picking"].browse(wizard.create_returns()["res_id"]).button_validate()
    assert found.order_line.qty_received == 3


def test_what_is_received_by_hand_stays_until_goods_arrive(env: Environment) -> None:
    found = order(env, {"product_id": product(env).id, "product_qty": 4})
    found.button_confirm()
    line = found.order_line
    line.write({"qty_received": 1})
    assert (line.qty_received, line.qty_received_manual, line.qty_to_invoice) == (1, 0, 1)
    found.picking_ids.button_validate()
    assert (line.qty_received, line.qty_to_invoice) == (4, 4)


def test_a_product_that_runs_low_is_asked_for_at_its_vendor(env: Environment) -> None:
    partner = env["res.partner"].create({"name": "Acme Lumber"})
    entry = {"partner_id": partner.id, "price": 7, "delay": 2}
    desk = product(env, seller_ids=[(0, 0, entry)])
    values = {"product_id": desk.id, "product_min_qty": 3, "product_max_qty": 10, "trigger": "manual"}
    point = env["stock.warehouse.orderpoint"].create(values)
    point.action_replenish()
    asked = env["purchase.order"].search([("partner_id", "=", partner.id)])
    assert (asked.state, asked.origin, asked.order_line.product_qty, asked.order_line.price_unit) == (
        "draft", point.name, 10, 7,
    )  # fmt: skip
    assert (point.qty_forecast, point.qty_to_order) == (10, 0)


def other_version(profile: str) -> Environment:
    database = seed.build("t", profile=profiles.get(profile), clock=Clock(), fixtures=["business"])
    return database.env(database.profile.admin_id)


def bought_for(profile: str, how: str) -> list[tuple[str, list[str]]]:
    """Return the orders, with their products, of what runs low and of two sales that a vendor delivers to order."""
    env = other_version(profile)
    vendor = env["res.partner"].create({"name": "Elm Trading"})
    if how:
        vendor.write({"group_rfq": how})
    desk, lamp = (
        env["product.product"].create(
            {"name": name, "is_storable": True, "seller_ids": [(0, 0, {"partner_id": vendor.id, "price": 7})]}
        )
        for name in ("Desk", "Lamp")
    )
    to_order = env["stock.route"].with_context(active_test=False).search([("name", "like", "(MTO)")])
    to_order.write({"active": True})
    lamp.write({"route_ids": [(6, 0, (to_order | env["stock.route"].search([("name", "=", "Buy")])).ids)]})
    values = {"product_id": desk.id, "product_min_qty": 3, "product_max_qty": 10, "trigger": "manual"}
    env["stock.warehouse.orderpoint"].create(values).action_replenish()
    for _ in range(2):
        line = {"product_id": lamp.id, "product_uom_qty": 1}
        partner = env["res.partner"].create({"name": "Acme Lumber"})
        env["sale.order"].create({"partner_id": partner.id, "order_line": [(0, 0, line)]}).action_confirm()
    orders = env["purchase.order"].search([("partner_id", "=", vendor.id)], order="id")
    return [(one.origin.split("/")[0], one.order_line.mapped("product_id.name")) for one in orders]


@pytest.mark.parametrize(("profile", "how"), [("odoo-18.0", ""), ("odoo-19.0", "all"), ("odoo-19.0", "week")])
def test_what_is_to_be_bought_joins_the_open_order_of_its_vendor(profile: str, how: str) -> None:
    assert bought_for(profile, how) == [("OP", ["Desk", "Lamp"])]


def test_since_19_what_is_bought_to_order_has_an_order_for_each_sale() -> None:
    assert bought_for("odoo-19.0", "") == [("OP", ["Desk"]), ("S00001", ["Lamp"]), ("S00002", ["Lamp"])]


def test_since_19_less_can_be_ordered_than_was_received() -> None:
    env = other_version("odoo-19.0")
    desk = env["product.product"].create({"name": "Walnut Desk", "is_storable": True})
    found = order(env, {"product_id": desk.id, "product_qty": 10})
    found.button_confirm()
    found.picking_ids.button_validate()
    line = found.order_line
    line.write({"product_qty": 9})
    assert (line.product_qty, line.qty_received, found.picking_ids.mapped("state")) == (9, 10, ["done"])
    line.write({"product_qty": 12})
    line.write({"product_qty": 3})
    back = found.picking_ids.filtered(lambda picking: picking.state == "assigned")
    assert (back.picking_type_code, back.move_ids.mapped("product_uom_qty")) == ("outgoing", [7])
    back.button_validate()
    assert (line.qty_received, desk.qty_available) == (3, 3)


# -- what holds always


class Receiving(RuleBasedStateMachine):
    """One order whose lines change and arrive in parts, compared with plain figures."""

    database: Database

    @initialize(quantities=st.lists(st.integers(1, 9), min_size=1, max_size=3))
    def confirm(self, quantities: list[int]) -> None:
        self.before = self.database.snapshot()
        self.env = self.database.env(self.database.profile.admin_id)
        desks = [product(self.env, name=f"Desk {number}") for number in range(len(quantities))]
        pairs = zip(desks, quantities, strict=True)
        self.order = order(self.env, *({"product_id": desk.id, "product_qty": number} for desk, number in pairs))
        self.order.button_confirm()
        self.ordered = dict(zip(self.order.order_line.ids, quantities, strict=True))
        self.received = dict.fromkeys(self.ordered, 0)

    def line(self, place: int) -> Recordset:
        ids = list(self.ordered)
        return self.env["purchase.order.line"].browse(ids[place % len(ids)])

    @rule(place=st.integers(0, 2), quantity=st.integers(1, 12))
    def change(self, place: int, quantity: int) -> None:
        line = self.line(place)
        if quantity < self.received[line.id]:
            with pytest.raises(UserError):
                line.write({"product_qty": quantity})
            return
        line.write({"product_qty": quantity})
        self.ordered[line.id] = quantity

    @precondition(lambda self: self.open_receipts())
    @rule(part=st.integers(1, 3), place=st.integers(0, 2))
    def receive(self, part: int, place: int) -> None:
        receipt = self.open_receipts()[0]
        moves = receipt.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
        move = moves[place % len(moves)]
        number = min(part, int(move.product_uom_qty))
        move.write({"quantity": number, "picked": True})
        receipt.with_context(skip_backorder=True).button_validate()
        self.received[move.purchase_line_id.id] += number

    def open_receipts(self) -> Recordset:
        receipts: Recordset = self.order.picking_ids.filtered(lambda one: one.state not in ("done", "cancel"))
        return receipts.sorted("id")

    @invariant()
    def ordered_is_received_and_open(self) -> None:
        if not hasattr(self, "order"):
            return
        for id_, quantity in self.ordered.items():
            line = self.env["purchase.order.line"].browse(id_)
            open_ = line.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
            assert (line.product_qty, line.qty_received) == (quantity, self.received[id_])
            assert sum(open_.mapped("product_uom_qty")) == quantity - self.received[id_]
            assert line.product_id.qty_available == self.received[id_]

    def teardown(self) -> None:
        if hasattr(self, "before"):
            self.database.restore(self.before)


def test_what_is_ordered_is_received_or_open(database: Database) -> None:
    machine = type("Machine", (Receiving,), {"database": database})
    run_state_machine_as_test(machine, settings=examples(12, steps=8))
