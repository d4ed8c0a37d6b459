"""Packing what is picked, naming serial numbers at once, and the windows of a transfer's buttons."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.errors import UserError
from mockserver.orm.database import Database
from mockserver.seed import build as seed


@pytest.fixture(scope="module", params=["odoo-17.0", "odoo-19.0"])
def database(request: pytest.FixtureRequest) -> Database:
    return seed.build("test", fixtures=["business"], profile=profiles.get(request.param), clock=Clock())


def _transfer(env: Any, code: str, **product: Any) -> Any:
    kind = env["stock.picking.type"].search([("code", "=", code)], limit=1)
    stored = {"is_storable": True} if "is_storable" in env["product.product"]._model.fields else {"type": "product"}
    goods = env["product.product"].create({"name": "Bolt", **stored, **product})
    source = kind.default_location_src_id or env["stock.location"].search([("usage", "=", "supplier")], limit=1)
    target = kind.default_location_dest_id or env["stock.location"].search([("usage", "=", "customer")], limit=1)
    ends = {"location_id": source.id, "location_dest_id": target.id}
    move = {"product_id": goods.id, "product_uom_qty": 3, **ends}
    if "name" in env["stock.move"]._model.fields:
        move["name"] = "Bolt"
    transfer = env["stock.picking"].create({"picking_type_id": kind.id, **ends, "move_ids": [(0, 0, move)]})
    transfer.action_confirm()
    return transfer


def test_goods_are_packed_once(env: Any) -> None:
    transfer = _transfer(env, "incoming")
    package = transfer.action_put_in_pack()
    assert transfer.move_line_ids.result_package_id == package
    assert transfer.action_see_packages()["domain"] == [("id", "in", [package.id])]
    with pytest.raises(UserError, match="nothing eligible to put in a pack"):
        transfer.action_put_in_pack()
    transfer.button_validate()
    assert sum(package.quant_ids.mapped("quantity")) == 3
    assert package.location_id == transfer.location_dest_id


def test_serial_numbers_count_on_from_the_first(env: Any) -> None:
    if "stock.assign.serial" not in env:
        pytest.skip("since 18.0 they are typed into the lines")
    transfer = _transfer(env, "incoming", tracking="serial")
    move = transfer.move_ids
    asked = {"move_id": move.id, "next_serial_number": "SN-009", "next_serial_count": 4}
    env["stock.assign.serial"].create(asked).generate_serial_numbers()
    assert move.move_line_ids.mapped("lot_name") == ["SN-009", "SN-010", "SN-011", "SN-012"]
    assert move.quantity == 4


def test_scraps_of_a_transfer_are_shown(env: Any) -> None:
    transfer = _transfer(env, "outgoing")
    context = transfer.button_scrap()["context"]
    assert context["product_ids"] == transfer.move_ids.product_id.ids
    thrown = {"picking_id": context["default_picking_id"], "product_id": context["product_ids"][0]}
    scrap = env["stock.scrap"].create(thrown)
    assert transfer.action_see_move_scrap()["domain"] == [("id", "in", scrap.ids)]


def test_the_form_of_a_new_quant_has_no_value_yet(env: Any) -> None:
    assert env["stock.quant"].onchange({}, [], {"value": {}})["value"]["value"] == 0.0


def test_a_quant_shows_the_reordering_rules_of_its_product(env: Any) -> None:
    transfer = _transfer(env, "incoming")
    transfer.button_validate()
    quant = env["stock.quant"].search([("product_id", "=", transfer.move_ids.product_id.id)], limit=1)
    assert quant.action_view_orderpoints()["domain"] == [("product_id", "=", quant.product_id.id)]


def test_a_copy_of_a_warehouse_has_places_of_its_own(env: Any) -> None:
    warehouse = env["stock.warehouse"].search([], limit=1)
    made = warehouse.copy()
    assert (made.name, made.code) == (f"{warehouse.name} (copy)", "COPY")
    assert made.lot_stock_id != warehouse.lot_stock_id
    assert made.view_location_id.name == "COPY"


def test_the_form_of_a_new_transfer_shows_none_of_what_modules_would_add_that_are_not_there(env: Any) -> None:
    form: dict[str, Any] = {name: {} for name in env["stock.picking"].fields_get()}
    assert "rating.rating" not in env
    assert env["stock.picking"].onchange({"rating_ids": []}, [], form)["value"]["rating_ids"] == []


def test_the_form_of_a_new_product_has_no_quantities_yet(env: Any) -> None:
    form: dict[str, Any] = {"name": {}, "product_tmpl_id": {}, "qty_available": {}, "free_qty": {}}
    shown = env["product.product"].onchange({}, [], form)["value"]
    assert (shown["qty_available"], shown["free_qty"]) == (0.0, 0.0)
