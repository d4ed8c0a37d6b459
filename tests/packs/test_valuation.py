"""What stock is worth: layers at standard, average and FIFO cost against naive models, new costs, returns, entries."""

from __future__ import annotations

from collections import deque
from functools import cache
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.errors import UserError, ValidationError
from mockserver.orm.database import Database
from mockserver.orm.records.environment import Recordset
from mockserver.seed import build as seed
from tests.properties.budget import examples

LAYERS = "stock.valuation.layer"


@cache
def _template(profile: str) -> Database:
    return seed.build("test", fixtures=["sale_stock"], profile=profiles.get(profile), clock=Clock())


class Stock:
    """A product of a category of its own, that comes in and leaves."""

    def __init__(self, profile: str, method: str, valuation: str = "manual_periodic", cost: float = 0.0) -> None:
        self.db = _template(profile).clone("test")
        self.env: Any = self.db.env(2)
        vals = {"name": "Wood", "property_cost_method": method, "property_valuation": valuation}
        self.category = self.env["product.category"].create(vals)
        by_flag = "is_storable" in self.env["product.product"]._model.fields
        stored = {"type": "consu", "is_storable": True} if by_flag else {"type": "product"}
        self.product = self.env["product.product"].create(
            {"name": "Board", "categ_id": self.category.id, "standard_price": cost, **stored}
        )
        self.here = self.env["stock.warehouse"].search([], limit=1).lot_stock_id
        self.vendors: Any = self.env.ref("stock.stock_location_suppliers")
        self.customers: Any = self.env.ref("stock.stock_location_customers")

    def move(self, source: Recordset, target: Recordset, quantity: float, **more: Any) -> Any:
        fields = self.env["stock.move"]._model.fields
        vals = {
            "product_id": self.product.id, "product_uom": self.product.uom_id.id, "product_uom_qty": quantity,
            "location_id": source.id, "location_dest_id": target.id, **more,
        }  # fmt: skip
        if "name" in fields:
            vals["name"] = "A move"
        move = self.env["stock.move"].create(vals)
        move._action_confirm()
        if "picked" in fields:
            move.write({"quantity": quantity, "picked": True})
        else:
            move.quantity_done = quantity
        move._action_done()
        return move

    def receive(self, quantity: float, price: float) -> Any:
        return self.move(self.vendors, self.here, quantity, price_unit=price)

    def deliver(self, quantity: float) -> Any:
        return self.move(self.here, self.customers, quantity)

    def layers(self) -> list[Any]:
        return [
            (layer.quantity, layer.value)
            for layer in self.env[LAYERS].search([("product_id", "=", self.product.id)], order="id")
        ]

    @property
    def sums(self) -> tuple[float, float]:
        return round(self.product.quantity_svl, 6), round(self.product.value_svl, 6)


CENTS = st.integers(min_value=1, max_value=5000).map(lambda cents: cents / 100)
# how much comes in at which price, or how much of what is there leaves, in hundredths
COMING = st.tuples(st.just("in"), st.integers(1, 20), CENTS)
LEAVING = st.tuples(st.just("out"), st.integers(1, 100), st.just(0.0))
STEPS = st.lists(st.one_of(COMING, LEAVING), min_size=1, max_size=8)


@pytest.mark.parametrize("profile", ["odoo-17.0", "odoo-18.0"])
@given(steps=STEPS)
@examples(8)
def test_goods_at_fifo_cost_are_worth_what_a_queue_says(profile: str, steps: list[Any]) -> None:
    stock = Stock(profile, "fifo")
    queue: deque[tuple[int, float]] = deque()
    for kind, number, price in steps:
        there = sum(quantity for quantity, _ in queue)
        if kind == "in":
            stock.receive(number, price)
            queue.append((number, price))
        elif there:
            left = taken = max(1, there * number // 100)
            stock.deliver(taken)
            while left:
                quantity, cost = queue.popleft()
                if quantity > left:
                    queue.appendleft((quantity - left, cost))
                left -= min(quantity, left)
    there = sum(quantity for quantity, _ in queue)
    assert stock.sums[0] == there
    assert stock.sums[1] == pytest.approx(sum(quantity * cost for quantity, cost in queue), abs=0.011)
    remaining = stock.env[LAYERS].search([("product_id", "=", stock.product.id), ("remaining_qty", ">", 0)])
    assert sum(remaining.mapped("remaining_qty")) == there
    assert sum(remaining.mapped("remaining_value")) == pytest.approx(stock.sums[1], abs=0.011)


@pytest.mark.parametrize("profile", ["odoo-17.0", "odoo-18.0"])
@given(steps=STEPS)
@examples(8)
def test_goods_at_average_cost_are_worth_quantity_times_cost(profile: str, steps: list[Any]) -> None:
    stock = Stock(profile, "average")
    slack = 0.011  # each new average is rounded to cents, and so is what leaves at it
    for kind, number, price in steps:
        there = stock.sums[0]
        if kind == "in":
            stock.receive(number, price)
            slack += 0.005 * (there + number)
        elif there:
            stock.deliver(max(1, there * number // 100))
            slack += 0.005
    quantity, value = stock.sums
    assert value == pytest.approx(quantity * stock.product.standard_price, abs=slack)


@given(steps=STEPS, cost=CENTS)
@examples(8)
def test_goods_at_standard_cost_are_worth_that_cost(steps: list[Any], cost: float) -> None:
    stock = Stock("odoo-17.0", "standard", cost=cost)
    for kind, number, price in steps:
        if kind == "in":
            stock.receive(number, price)
        else:
            stock.deliver(number)
    assert stock.sums[1] == pytest.approx(stock.sums[0] * cost, abs=0.011)
    assert stock.product.standard_price == cost


def test_goods_that_left_before_they_came_are_corrected() -> None:
    stock = Stock("odoo-17.0", "fifo", cost=5.0)
    stock.deliver(10)
    assert stock.layers() == [(-10.0, -50.0)]
    stock.receive(12, 7.0)
    assert stock.layers() == [(-10.0, -50.0), (12.0, 84.0), (0.0, -20.0)]
    assert stock.sums == (2.0, 14.0)


def test_returned_goods_come_back_at_what_they_cost() -> None:
    stock = Stock("odoo-17.0", "fifo")
    stock.receive(5, 10.0)
    stock.receive(5, 20.0)
    sold = stock.deliver(5)
    stock.move(stock.customers, stock.here, 2, origin_returned_move_id=sold.id)
    assert stock.layers()[-1] == (2.0, 20.0)


def test_a_new_cost_makes_a_layer_of_the_difference() -> None:
    stock = Stock("odoo-17.0", "standard", cost=5.0)
    stock.receive(4, 9.0)
    stock.product.standard_price = 6.5
    layer = stock.env[LAYERS].search([("product_id", "=", stock.product.id)], order="id desc", limit=1)
    assert (layer.quantity, layer.value) == (0.0, 6.0)
    assert layer.description == "Product value manually modified (from 5.0 to 6.5)"
    assert stock.product.total_value == 26.0


def test_another_costing_method_empties_and_fills() -> None:
    stock = Stock("odoo-17.0", "fifo")
    stock.receive(4, 9.0)
    stock.receive(4, 11.0)
    stock.category.property_cost_method = "average"
    assert stock.layers()[2:] == [(-8.0, -80.0), (8.0, 88.0)]
    texts = set(stock.env[LAYERS].search([("id", ">", 0)], order="id desc", limit=2).mapped("description"))
    assert texts == {"Costing method change for product category Wood: from fifo to average."}


def test_automated_valuation_posts_an_entry_of_each_layer() -> None:
    stock = Stock("odoo-17.0", "average", "real_time")
    entry = stock.receive(4, 9.0).account_move_ids
    assert entry.state == "posted"
    lines = {line.account_id.code: line.balance for line in entry.line_ids}
    category = stock.category
    assert lines == {
        category.property_stock_valuation_account_id.code: 36.0,
        category.property_stock_account_input_categ_id.code: -36.0,
    }
    assert stock.deliver(1).account_move_ids.line_ids[0].name.endswith("Board")


def test_a_revaluation_is_shared_out_on_what_remains() -> None:
    stock = Stock("odoo-17.0", "average")
    stock.receive(4, 9.0)
    wizards = stock.env["stock.valuation.layer.revaluation"]
    vals = {"product_id": stock.product.id, "added_value": 4.0, "reason": "Freight"}
    wizards.create(vals).action_validate_revaluation()
    assert stock.product.standard_price == 10.0
    assert stock.sums == (4.0, 40.0)
    with pytest.raises(UserError, match="doesn't have any impact"):
        wizards.create({**vals, "added_value": 0.0}).action_validate_revaluation()


def test_the_accounts_of_stock_differ() -> None:
    category = Stock("odoo-17.0", "standard").category
    with pytest.raises(ValidationError, match="cannot be the same"):
        category.property_stock_account_input_categ_id = category.property_stock_valuation_account_id


def test_moves_have_their_own_value_from_19_on() -> None:
    stock = Stock("odoo-19.0", "fifo", "periodic")
    first, second = stock.receive(5, 10.0), stock.receive(5, 20.0)
    assert (first.value, second.value) == (50.0, 100.0)
    sold = stock.deliver(6)
    assert sold.value == 70.0
    assert (stock.product.total_value, stock.product.avg_cost) == (80.0, 20.0)
    assert (first.remaining_qty, second.remaining_qty) == (0.0, 4.0)
