"""Orders of the shop: confirmed, delivered, invoiced; stock levels; and what goes wrong on the way."""

from __future__ import annotations

import pytest
import requests
from erp import Erp, Refused
from order_sync import OrderSync
from shop import Line, Order, Product, TotalDiffers

from mockserver import HttpError, MockServer, Reset

PROFILES = ["odoo-17.0", "odoo-18.0", "odoo-19.0"]
every_version = pytest.mark.parametrize(
    "profile",
    [
        pytest.param(name, marks=pytest.mark.mockserver(profile=name, fixtures=["business"]), id=name)
        for name in PROFILES
    ],
)
pytestmark = pytest.mark.mockserver(fixtures=["business"])


@pytest.fixture
def sync(mockserver: MockServer) -> OrderSync:
    """A sync whose shop has sent its products; ten chairs are on stock."""
    done = OrderSync(Erp(mockserver.url, mockserver.db, mockserver.login, mockserver.password))
    done.push_products([Product("CH-1", "Chair", 50.0, stored=True), Product("DE-1", "Desk", 200.0, stored=True)])
    count(mockserver, "CH-1", 10)
    return done


def count(mockserver: MockServer, code: str, quantity: float) -> None:
    """Somebody in the warehouse counts a product."""
    env = mockserver.env
    product = env["product.product"].search([("default_code", "=", code)])
    stock = env.ref("stock.stock_location_stock")
    assert stock
    values = {"product_id": product.id, "location_id": stock.id, "inventory_quantity": quantity}
    env["stock.quant"].with_context(inventory_mode=True).create(values).action_apply_inventory()


def ship(mockserver: MockServer, order: int, quantity: float | None = None) -> None:
    """Somebody in the warehouse ships what is ready of an order, or a part of it; the rest stays open."""
    pickings = mockserver.env["sale.order"].browse(order).picking_ids
    for picking in pickings.filtered(lambda one: one.state not in ("done", "cancel")):
        if quantity is not None:
            picking.move_ids.write({"quantity": quantity, "picked": True})
        picking.with_context(skip_backorder=True).button_validate()


def chairs(number: str = "W-1", quantity: float = 2, total: float | None = None) -> Order:
    return Order(
        number, "Ann Smith", "ann@example.com", [Line("CH-1", quantity)], quantity * 57.5 if total is None else total
    )


# -- orders


@every_version
def test_an_order_is_confirmed(mockserver: MockServer, sync: OrderSync, profile: str) -> None:
    ordered = sync.push_order(chairs())
    assert (ordered.name, ordered.state, ordered.total) == ("S00001", "sale", 115.0)
    order = mockserver.env.ref("shop.order_W-1")
    assert order
    assert (order.partner_id.name, order.client_order_ref) == ("Ann Smith", "W-1")


@every_version
def test_it_is_sent_once(mockserver: MockServer, sync: OrderSync, profile: str) -> None:
    assert sync.push_order(chairs()) == sync.push_order(chairs())
    assert mockserver.env["sale.order"].search_count([]) == 1


def test_prices_and_discounts_of_the_shop(sync: OrderSync) -> None:
    lines = [Line("CH-1", 3, price=40.0, discount=10.0), Line("DE-1", 1, price=180.0)]
    assert sync.push_order(Order("W-2", "Bo", "bo@example.com", lines, total=331.2)).total == 331.2


@every_version
def test_an_order_reserves_stock(sync: OrderSync, profile: str) -> None:
    sync.push_order(chairs(quantity=4))
    assert sync.stock_levels(["CH-1", "DE-1"]) == {"CH-1": 6.0, "DE-1": 0.0}


@every_version
def test_a_delivery_in_parts_is_invoiced_in_parts(mockserver: MockServer, sync: OrderSync, profile: str) -> None:
    mockserver.env["product.template"].search([("default_code", "=", "CH-1")]).invoice_policy = "delivery"
    ordered = sync.push_order(chairs(quantity=5))
    assert sync.invoice_orders() == {}
    ship(mockserver, ordered.id, 2)
    assert sync.order("W-1").delivered == {"CH-1": 2.0}
    (first,) = sync.invoice_orders()["W-1"]
    ship(mockserver, ordered.id)
    assert sync.order("W-1").delivered == {"CH-1": 5.0}
    assert sync.invoice_orders()["W-1"] == sync.order("W-1").invoices == [first, first[:-1] + "2"]
    totals = mockserver.env["account.move"].search([("move_type", "=", "out_invoice")], order="id")
    assert totals.mapped("amount_total") == [115.0, 172.5]
    assert sync.stock_levels(["CH-1"]) == {"CH-1": 5.0}


def test_a_cancelled_order_gives_its_stock_back(sync: OrderSync) -> None:
    sync.push_order(chairs(quantity=4))
    assert sync.cancel_order("W-1").state == "cancel"
    assert sync.stock_levels(["CH-1"]) == {"CH-1": 10.0}


# -- what goes wrong


def test_another_total_is_refused_and_leaves_nothing(mockserver: MockServer, sync: OrderSync) -> None:
    with pytest.raises(TotalDiffers, match=r"W-1: 115\.0 at Odoo, 100\.0 in the shop"):
        sync.push_order(chairs(total=100.0))
    assert mockserver.env["sale.order"].search_count([]) == 0
    assert sync.push_order(chairs()).state == "sale"


def test_a_lost_answer_makes_no_second_order(mockserver: MockServer, sync: OrderSync) -> None:
    mockserver.fail("sale.order", "load", Reset(after=True), times=1)
    with pytest.raises(requests.ConnectionError):
        sync.push_order(chairs())
    assert sync.push_order(chairs()).state == "sale"
    assert mockserver.env["sale.order"].search_count([]) == 1


def test_a_lost_confirmation_is_made_up_for(mockserver: MockServer, sync: OrderSync) -> None:
    mockserver.fail("sale.order", "action_confirm", HttpError(503), times=1)
    assert list(sync.push_orders([chairs()]).failed) == ["W-1"]
    assert sync.order("W-1").state == "draft"
    assert sync.push_orders([chairs()]).sent["W-1"].state == "sale"


def test_one_bad_order_does_not_hold_up_the_others(sync: OrderSync) -> None:
    bad = Order("W-2", "Bo", "bo@example.com", [Line("XX", 1)], total=1.0)
    report = sync.push_orders([chairs("W-1"), bad, chairs("W-3")])
    assert (list(report.sent), report.failed) == (["W-1", "W-3"], {"W-2": "there is no product XX"})


def test_a_confirmed_order_is_not_deleted(mockserver: MockServer, sync: OrderSync) -> None:
    ordered = sync.push_order(chairs())
    erp = Erp(mockserver.url, mockserver.db, mockserver.login, mockserver.password)
    with pytest.raises(Refused, match="cancel it"):
        erp.call("sale.order", "unlink", [ordered.id])


def test_unknown_codes_of_stock_levels_are_named(sync: OrderSync) -> None:
    with pytest.raises(LookupError, match="there is no product XX, YY"):
        sync.stock_levels(["CH-1", "XX", "YY"])
