"""Transfers until 16.0, where what is done of a move is another quantity than what is reserved."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.orm.database import Database
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.seed import build as seed


@pytest.fixture(scope="module", params=["odoo-14.0", "odoo-16.0"])
def database(request: pytest.FixtureRequest) -> Database:
    return seed.build("t", profile=profiles.get(request.param), clock=Clock(), fixtures=["stock"])


def transfer(env: Environment, kind: Recordset, item: Recordset, quantity: float) -> Recordset:
    customers, vendors = env["stock.warehouse"]._partner_locations()
    source, target = kind.default_location_src_id or vendors, kind.default_location_dest_id or customers
    move = {
        "name": "goods", "product_id": item.id, "product_uom": item.uom_id.id, "product_uom_qty": quantity,
        "location_id": source.id, "location_dest_id": target.id,
    }  # fmt: skip
    made = env["stock.picking"].create({
        "picking_type_id": kind.id, "location_id": source.id, "location_dest_id": target.id,
        "move_ids" if "move_ids" in env["stock.picking"] else "move_lines": [(0, 0, move)],
    })  # fmt: skip
    made.action_confirm()
    return made


def answer(env: Environment, asked: dict[str, Any], method: str = "process") -> Any:
    return env[asked["res_model"]].with_context(asked["context"]).create({}).call(method)


def quantities(env: Environment, item: Recordset) -> tuple[float, float]:
    stock = env["stock.warehouse"].search([], limit=1).lot_stock_id
    quant = env["stock.quant"].search([("product_id", "=", item.id), ("location_id", "=", stock.id)])
    return quant.quantity, quant.reserved_quantity


def test_what_is_done_leaves_and_the_rest_is_a_backorder(env: Environment) -> None:
    items, house = env["product.product"], env["stock.warehouse"].search([], limit=1)
    item = items.create({"name": "Desk", "detailed_type" if "detailed_type" in items else "type": "product"})
    received = transfer(env, house.in_type_id, item, 10)
    asked = received.button_validate()
    assert asked["res_model"] == "stock.immediate.transfer"
    assert answer(env, asked) is True
    assert (received.state, received._moves().quantity_done, *quantities(env, item)) == ("done", 10, 10, 0)
    sent = transfer(env, house.out_type_id, item, 6)
    sent.action_assign()
    move = sent._moves()
    assert (sent.state, move.reserved_availability, *quantities(env, item)) == ("assigned", 6, 10, 6)
    move.write({"quantity_done": 4})
    assert sent.move_line_ids.qty_done == 4
    asked = sent.button_validate()
    assert asked["res_model"] == "stock.backorder.confirmation"
    assert answer(env, asked) is True
    rest = sent.backorder_ids
    assert (sent.state, move.product_uom_qty, rest.state, rest._moves().product_uom_qty) == ("done", 4, "assigned", 2)
    assert quantities(env, item) == (6, 2)
    rest.do_unreserve()
    assert quantities(env, item) == (6, 0)
    rest.action_cancel()
    assert rest.state == "cancel"


def test_without_a_backorder_the_demand_is_what_was_done(env: Environment) -> None:
    items, house = env["product.product"], env["stock.warehouse"].search([], limit=1)
    item = items.create({"name": "Desk", "detailed_type" if "detailed_type" in items else "type": "product"})
    received = transfer(env, house.in_type_id, item, 10)
    received._moves().write({"quantity_done": 7})
    assert answer(env, received.button_validate(), "process_cancel_backorder") is True
    assert {(move.state, move.product_uom_qty) for move in received._moves()} == {("done", 7), ("cancel", 3)}
    assert quantities(env, item) == (7, 0)
