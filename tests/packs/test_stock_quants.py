"""Quants and quantities: sums by place, lot, owner and package; counting; lots; scrap; what is ordered again."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from mockserver import profiles
from mockserver.addons.stock import quant_rows
from mockserver.addons.stock.product_quantities import in_warehouse
from mockserver.clock import Clock
from mockserver.errors import UserError, ValidationError
from mockserver.orm.database import Database
from mockserver.orm.fields.numbers import round_to
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.seed import build as seed
from tests.properties.budget import examples

NAMES = ("qty_available", "virtual_available", "free_qty", "incoming_qty", "outgoing_qty")


@pytest.fixture(scope="module", params=["odoo-17.0", "odoo-18.0", "odoo-19.0"])
def database(request: pytest.FixtureRequest) -> Database:
    return seed.build("t", profile=profiles.get(request.param), clock=Clock(), fixtures=["stock"])


def product(env: Environment, **values: Any) -> Recordset:
    goods = {"is_storable": True} if "is_storable" in env["product.product"] else {"detailed_type": "product"}
    return env["product.product"].create({"name": "Walnut desk", **goods, **values})


def stock(env: Environment) -> Recordset:
    found: Recordset = env["stock.warehouse"].search([], limit=1).lot_stock_id
    return found


def shelf(env: Environment, name: str, parent: Recordset) -> Recordset:
    return env["stock.location"].create({"name": name, "location_id": parent.id, "usage": "internal"})


def count(env: Environment, item: Recordset, place: Recordset, quantity: float, **values: Any) -> Recordset:
    """Count what is at a place and apply it; return the quant."""
    counted = {"product_id": item.id, "location_id": place.id, "inventory_quantity": quantity, **values}
    quant = env["stock.quant"].with_context(inventory_mode=True).create(counted)
    assert quant.action_apply_inventory() is None
    return quant


def state(env: Environment) -> list[Any]:
    """Return what the database holds of stock."""
    tables = ("stock.quant", "stock.move", "stock.move.line", "stock.lot")
    return [dict(env.db.store.rows(name)) for name in tables]


class Small:
    """Two products, three places one below the other, two lots, two owners and two packages."""

    def __init__(self, env: Environment) -> None:
        self.env = env
        self.products = [product(env, tracking="lot"), product(env, tracking="lot")]
        row = shelf(env, "Row", stock(env))
        self.places = [stock(env), row, shelf(env, "Bin", row)]
        lots = env["stock.lot"]
        self.lots = [[lots.browse(), *(lots.create({"product_id": each.id}) for _ in "ab")] for each in self.products]
        owners = env["res.partner"]
        self.owners = [owners.browse(), owners.create({"name": "Azure"}), owners.create({"name": "Gemini"})]
        packages = env["stock.package" if "stock.package" in env else "stock.quant.package"]
        self.packages = [packages.browse(), packages.create({}), packages.create({})]


CHANGE = st.tuples(
    st.integers(0, 1), st.integers(0, 2), st.integers(0, 2), st.integers(0, 2), st.integers(0, 2),
    st.integers(-500, 500).map(lambda cents: cents / 4), st.integers(0, 40).map(lambda cents: cents / 4),
)  # fmt: skip
LIMIT = st.tuples(*(st.one_of(st.none(), st.integers(0, 2)) for _ in range(4)))


@given(changes=st.lists(CHANGE, max_size=12), limit=LIMIT)
@examples(25, reset=True)
def test_quantities_are_the_sums_of_quants(env: Environment, changes: list[Any], limit: Any) -> None:
    snapshot = env.db.snapshot()
    try:
        small = Small(env)
        naive: list[tuple[Any, ...]] = []
        for which, place, lot, owner, package, quantity, reserved in changes:
            goods = small.lots[which][lot], small.packages[package], small.owners[owner]
            here = small.products[which], small.places[place]
            env["stock.quant"]._update_available_quantity(*here, quantity, *goods, reserved=reserved)
            naive.append((which, place, lot, owner, package, quantity))
        place, lot, owner, package = limit
        for which, item in enumerate(small.products):
            context: dict[str, Any] = {}
            if place is not None:
                context["location"] = small.places[place].id
            for name, chosen, records in (
                ("lot_id", lot, small.lots[which]), ("owner_id", owner, small.owners),
                ("package_id", package, small.packages),
            ):  # fmt: skip
                if chosen is not None:
                    context[name] = records[chosen].id
            wanted = sum(
                change[5]
                for change in naive
                if change[0] == which
                and (place is None or change[1] >= place)
                and all(asked is None or asked == had for asked, had in zip(limit[1:], change[2:5], strict=True))
            )
            found = item.with_context(context)
            assert found.qty_available == pytest.approx(round_to(wanted, item.uom_id.rounding))
            assert found.virtual_available == found.qty_available
            assert (found.incoming_qty, found.outgoing_qty) == (0, 0)
            total = sum(change[5] for change in naive if change[0] == which)
            assert item.product_tmpl_id.qty_available == pytest.approx(round_to(total, item.uom_id.rounding))
            above = env["product.product"].search([("qty_available", ">", 1.5)])
            assert (item in above) is (item.qty_available > 1.5)
    finally:
        env.db.restore(snapshot)


@given(counts=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 4000).map(lambda cents: cents / 4)), max_size=6))
@examples(15, reset=True)
def test_counting_then_applying_gives_the_count(env: Environment, counts: list[tuple[int, float]]) -> None:
    snapshot = env.db.snapshot()
    try:
        item, last = product(env), {}
        row = shelf(env, "Row", stock(env))
        places = [stock(env), row, shelf(env, "Bin", row)]
        for place, quantity in counts:
            quant = count(env, item, places[place], quantity)
            last[place] = quantity
            assert (quant.quantity, quant.inventory_quantity_set, quant.inventory_diff_quantity) == (quantity, False, 0)
            assert item.with_context(location=places[place].id).qty_available == sum(
                found for where, found in last.items() if where >= place
            )
        moved = env["stock.move"].search([("product_id", "=", item.id)])
        assert len(moved) == len(counts)
        every = env["stock.quant"].search([("product_id", "=", item.id)])
        assert sum(every.mapped("quantity")) == pytest.approx(0)
    finally:
        env.db.restore(snapshot)


@pytest.mark.parametrize("wrong", ["service", "consu", "view", "another lot", "another place", "copy", "serial"])
def test_a_refused_call_leaves_no_trace(env: Environment, wrong: str) -> None:
    item, place, other = product(env, tracking="lot"), stock(env), product(env, tracking="serial")
    lot = env["stock.lot"].create({"name": "A", "product_id": other.id})
    quant = count(env, product(env), place, 3)
    kind = "type" if "is_storable" in item else "detailed_type"
    plain = env["product.product"].create({"name": "Idea", kind: "consu" if wrong == "consu" else "service"})
    before = state(env)
    quants = env["stock.quant"]
    counting = quants.with_context(inventory_mode=True)
    with pytest.raises((UserError, ValidationError)), env.db.transaction():
        if wrong in ("service", "consu"):
            quants.create({"product_id": plain.id, "location_id": place.id, "quantity": 1})
        elif wrong == "view":
            quants.create({"product_id": item.id, "location_id": place.location_id.id, "quantity": 1})
        elif wrong == "another lot":
            counting.create({"product_id": item.id, "location_id": place.id, "lot_id": lot.id, "inventory_quantity": 1})
        elif wrong == "another place":
            counting.browse(quant.id).write({"location_id": place.location_id.id})
        elif wrong == "copy":
            quant.copy()
        else:
            count(env, other, place, 2, lot_id=lot.id)
    assert state(env) == before


def test_a_count_of_a_quantity_that_changed_since_asks(env: Environment) -> None:
    item, place = product(env), stock(env)
    quant = count(env, item, place, 10)
    quant.write({"inventory_quantity": 12})
    quant._update_available_quantity(item, place, 5)
    assert quant.is_outdated
    asked = quant.action_apply_inventory()
    assert (asked["res_model"], asked["name"]) == ("stock.inventory.conflict", "Conflict in Inventory Adjustment")
    wizard = env["stock.inventory.conflict"].with_context(asked["context"]).create({})
    assert wizard.quant_to_fix_ids == quant
    wizard.action_keep_difference()
    assert quant.quantity == 17
    quant.write({"inventory_quantity": 12})
    quant._update_available_quantity(item, place, 5)
    env["stock.inventory.conflict"].create({"quant_ids": [(6, 0, quant.ids)]}).action_keep_counted_quantity()
    assert quant.quantity == 12


def test_setting_what_was_set_asks(env: Environment) -> None:
    quant = count(env, product(env), stock(env), 10)
    assert quant.action_set_inventory_quantity() is None
    assert (quant.inventory_quantity, quant.inventory_quantity_set, quant.user_id) == (10, True, env.user)
    assert quant.action_set_inventory_quantity()["name"] == "Quantities Already Set"
    env["stock.inventory.warning"].create({"quant_ids": [(6, 0, quant.ids)]}).action_reset()
    assert (quant.inventory_quantity_set, quant.user_id.id) == (False, False)


def test_goods_are_taken_in_the_order_of_the_strategy(env: Environment) -> None:
    row = shelf(env, "B", stock(env))
    near = shelf(env, "A", stock(env))
    item = product(env)
    quants = env["stock.quant"]
    quants._update_available_quantity(item, row, 4, in_date="2024-01-01 00:00:00")
    quants._update_available_quantity(item, near, 4, in_date="2024-02-01 00:00:00")

    def taken() -> list[Any]:
        shares = quants._get_reserve_quantity(item, stock(env), 5)
        return [(quant.location_id.name, quantity) for quant, quantity in shares]

    assert taken() == [("B", 4), ("A", 1)]
    for method, first in (("lifo", "A"), ("closest", "A"), ("fifo", "B")):
        item.categ_id = env["product.category"].create({
            "name": method, "removal_strategy_id": env["product.removal"].search([("method", "=", method)]).id
        })  # fmt: skip
        assert taken()[0] == (first, 4)


def test_a_lot_is_the_only_one_of_its_name(env: Environment) -> None:
    item, lots = product(env, tracking="lot"), env["stock.lot"]
    lot = lots.create({"name": "A", "product_id": item.id})
    with pytest.raises(ValidationError, match="ollowing combination"):
        lots.create({"name": "A", "product_id": item.id})
    lots.create({"name": "A", "product_id": product(env, tracking="lot").id})
    count(env, item, stock(env), 3, lot_id=lot.id)
    assert (lot.product_qty, lot.location_id) == (3, stock(env))
    assert lot in lots.search([("product_qty", ">", 2)])
    with pytest.raises(UserError, match="You are not allowed to change the product"):
        lot.write({"product_id": product(env, tracking="lot").id})
    assert lots.generate_lot_names("LOT-009/x", 3) == [
        {"lot_name": "LOT-009/x"}, {"lot_name": "LOT-010/x"}, {"lot_name": "LOT-011/x"}
    ]  # fmt: skip


def test_a_package_is_where_its_goods_are(env: Environment) -> None:
    packages = env["stock.package" if "stock.package" in env else "stock.quant.package"]
    package, item = packages.create({}), product(env)
    assert package.name.startswith("PACK000000")
    env["stock.quant"]._update_available_quantity(item, stock(env), 4, package=package)
    assert package.location_id == stock(env)
    package.unpack()
    assert not package.quant_ids.filtered("quantity")
    assert item.qty_available == 4


def test_codes_are_checked_by_their_last_digit(env: Environment) -> None:
    packages = env["stock.package" if "stock.package" in env else "stock.quant.package"]
    codes = {"106141411234567897": True, "106141411234567896": False, "PACK1": False}
    assert [packages.create({"name": code}).valid_sscc for code in codes] == list(codes.values())
    barcodes = {"4006381333931": True, "4006381333932": False, "73513537": True, "A-1": False}
    assert [product(env, barcode=code).valid_ean for code in barcodes] == list(barcodes.values())


def test_goods_are_thrown_away(env: Environment) -> None:
    item = product(env)
    count(env, item, stock(env), 4)
    scrap = env["stock.scrap"].create({"product_id": item.id, "scrap_qty": 3})
    assert scrap.action_validate() is True
    assert (scrap.state, item.qty_available) == ("done", 1)
    scrap = env["stock.scrap"].create({"product_id": item.id, "scrap_qty": 3})
    asked = scrap.action_validate()
    assert (asked["res_model"], item.qty_available) == ("stock.warn.insufficient.qty.scrap", 1)
    wizard = env["stock.warn.insufficient.qty.scrap"].with_context(asked["context"]).create({})
    wizard.action_done()
    assert (scrap.state, item.qty_available) == ("done", -2)


def test_quantities_at_a_time_are_those_of_then(env: Environment) -> None:
    item, clock = product(env), env.db.clock
    count(env, item, stock(env), 4)
    clock.freeze("2024-05-18 12:00:00")
    count(env, item, stock(env), 9)
    assert item.qty_available == 9
    assert item.with_context(to_date="2024-05-17 13:00:00").qty_available == 4
    assert item.with_context(to_date="2024-05-17 11:00:00").qty_available == 0


def test_what_is_on_hand_can_be_written_since_19(env: Environment) -> None:
    item = product(env)
    if item._model.fields["qty_available"].readonly:
        return
    item.write({"qty_available": 7})
    item.product_tmpl_id.write({"qty_available": 3})
    assert (item.qty_available, len(env["stock.move"].search([("product_id", "=", item.id)]))) == (3, 2)
    with pytest.raises(UserError, match="Save the product form"):
        env["product.template"].create({"name": "Lamp", "is_storable": True, "qty_available": 5})


def test_what_was_moved_or_stored_cannot_change_its_kind(env: Environment) -> None:
    item = product(env)
    count(env, item, stock(env), 4)
    kind = {"is_storable": False} if "is_storable" in item else {"detailed_type": "consu"}
    with pytest.raises(UserError, match="of a product that was already used"):
        item.product_tmpl_id.write(kind)


def test_a_rule_orders_up_to_the_maximum(env: Environment) -> None:
    item = product(env)
    count(env, item, stock(env), 12)
    point = env["stock.warehouse.orderpoint"].create(
        {"product_id": item.id, "product_min_qty": 30, "product_max_qty": 50, "trigger": "manual"}
    )
    assert (point.qty_on_hand, point.qty_forecast, point.qty_to_order) == (12, 12, 38)
    assert (point.location_id, item.nbr_reordering_rules, item.reordering_max_qty) == (stock(env), 1, 50)
    if "qty_multiple" in point:
        point.write({"qty_multiple": 10})
        assert point.qty_to_order == 30


def test_goods_are_put_where_the_rules_say(env: Environment) -> None:
    item, place = product(env, weight=2.0), stock(env)
    room = shelf(env, "Room", place)
    category = env["stock.storage.category"].create({
        "name": "Light", "max_weight": 10, "capacity_ids": [(0, 0, {"product_id": item.id, "quantity": 4})]
    })  # fmt: skip
    small = [shelf(env, name, room) for name in ("Box 1", "Box 2")]
    for box in small:
        box.storage_category_id = category
    putaway = env["stock.putaway.rule"]
    goes = {"location_in_id": place.id, "location_out_id": room.id}
    putaway.create({**goes, "category_id": item.categ_id.id} if item.categ_id else {**goes})
    assert place._get_putaway_strategy(item, 3) == room
    closest = {"sublocation": "closest_location"} if "sublocation" in putaway else {}
    putaway.create({**goes, **closest, "product_id": item.id, "storage_category_id": category.id})
    assert place._get_putaway_strategy(item, 3) == small[0]
    count(env, item, small[0], 3)
    assert place._get_putaway_strategy(item, 1) == small[0]
    assert place._get_putaway_strategy(item, 3) == small[1]
    assert place._get_putaway_strategy(item, 5) == room  # too many for a box
    assert place._get_putaway_strategy(product(env), 1) in (room, place)


def test_finding_a_quant_costs_the_same_however_many_there_are(env: Environment) -> None:
    """Only the quants of the product are looked at, and of a lot only its own."""
    many, item = product(env, tracking="lot"), product(env)
    lots = env["stock.lot"].create([{"name": str(number), "product_id": many.id} for number in range(50)])
    quants = env["stock.quant"]
    for lot in lots:
        quants._update_available_quantity(many, stock(env), 1, lot)
    quants._update_available_quantity(item, stock(env), 1)
    seen: list[int] = []

    class Counting(dict[int, Any]):
        def __getitem__(self, key: int) -> Any:
            seen.append(key)
            return super().__getitem__(key)

    rows = env.db.store.rows
    known = Counting(rows("stock.quant"))
    env.db.store.rows = lambda model: known if model == "stock.quant" else rows(model)
    try:
        for place in (quant_rows.Place.of(item, stock(env)), quant_rows.Place.of(many, stock(env), lots[7])):
            for find in (quant_rows.exactly, quant_rows.within):
                seen.clear()
                assert len(find(env, place)) == 1
                assert len(seen) == 1
    finally:
        env.db.store.rows = rows


def test_quantities_in_a_warehouse(env: Environment) -> None:
    item, first = product(env), env["stock.warehouse"].search([], limit=1)
    second = env["stock.warehouse"].create({"name": "North", "code": "NW"})
    count(env, item, first.lot_stock_id, 2)
    count(env, item, second.lot_stock_id, 5)
    assert item.qty_available == 7
    assert [in_warehouse(item, each).qty_available for each in (first, second)] == [2, 5]
    shelf_1 = shelf(env, "Shelf", first.lot_stock_id)
    assert in_warehouse(item, second, location=shelf_1.id).qty_available == 0
    assert item.with_context(location="NW/Stock").qty_available == 5


def test_views_of_products_and_quants(env: Environment) -> None:
    item = product(env)
    quant = count(env, item, stock(env), 2)
    shown = item.action_open_quants()
    assert (shown["res_model"], shown["name"], shown["domain"]) == (
        "stock.quant", "Update Quantity", [("product_id", "in", item.ids)]
    )  # fmt: skip
    for records, names in {
        item: ("action_view_stock_move_lines", "action_view_orderpoints", "action_product_forecast_report"),
        item.product_tmpl_id: ("action_open_quants", "action_product_tmpl_forecast_report", "action_open_product_lot"),
        quant: ("action_view_stock_moves", "action_inventory_history", "action_stock_quant_relocate", "action_reset"),
    }.items():
        for name in names:
            assert records.call(name)["type"].startswith("ir.actions")
    quant.write({"quantity": 0})
    env["stock.quant"].action_view_quants()
    assert not quant.exists()
