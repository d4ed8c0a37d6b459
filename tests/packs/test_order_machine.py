"""Orders under random work: what is ordered, delivered, returned and invoiced, against a naive model."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import assume
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.errors import UserError
from mockserver.orm.database import Database
from mockserver.seed import build as seed
from tests.packs.invariants import invoiced_quantities
from tests.properties.budget import examples

STOCK = 100
COUNTS = st.integers(min_value=1, max_value=9)


@cache
def _template(profile: str) -> Database:
    return seed.build("test", fixtures=["sale_stock"], profile=profiles.get(profile), clock=Clock())


@dataclass
class Line:
    """What should be true of an order line; `open` is what is still on its way."""

    product: int
    policy: str
    ordered: int
    open: int = 0
    out: int = 0
    back: int = 0
    invoiced: int = 0

    @property
    def delivered(self) -> int:
        return self.out - self.back


@dataclass
class Order:
    state: str = "draft"
    lines: dict[int, Line] = field(default_factory=dict)


class Orders(RuleBasedStateMachine):
    @initialize(profile=st.sampled_from(["odoo-17.0", "odoo-18.0", "odoo-19.0"]))
    def start(self, profile: str) -> None:
        self.db = _template(profile).clone("test")
        self.env: Any = self.db.env(2)
        self.orders: dict[int, Order] = {}
        self.partner = self.env["res.partner"].create({"name": "Party"})
        self.here = self.env["stock.warehouse"].search([], limit=1).lot_stock_id
        self.products = {policy: self._product(policy) for policy in ("order", "delivery")}

    def _product(self, policy: str) -> Any:
        by_flag = "is_storable" in self.env["product.product"]
        kind = {"type": "consu", "is_storable": True} if by_flag else {"detailed_type": "product"}
        vals = {"name": policy, "invoice_policy": policy, "list_price": 10, "taxes_id": [(5, 0, 0)], **kind}
        product = self.env["product.product"].create(vals)
        self.env["stock.quant"]._update_available_quantity(product, self.here, STOCK)
        return product

    def _order(self, choice: int, *states: str) -> tuple[Any, Order]:
        found = [(id_, order) for id_, order in self.orders.items() if order.state in states]
        assume(found)
        id_, order = found[choice % len(found)]
        return self.env["sale.order"].browse(id_), order

    # -- what users do

    @precondition(lambda self: len(self.orders) < 2)
    @rule(counts=st.lists(st.tuples(st.sampled_from(["order", "delivery"]), COUNTS), min_size=1, max_size=3))
    def create(self, counts: list[tuple[str, int]]) -> None:
        lines = [(0, 0, {"product_id": self.products[kind].id, "product_uom_qty": n}) for kind, n in counts]
        record = self.env["sale.order"].create({"partner_id": self.partner.id, "order_line": lines})
        order = Order()
        for line, (kind, number) in zip(record.order_line, counts, strict=True):
            order.lines[line.id] = Line(self.products[kind].id, kind, number)
        self.orders[record.id] = order

    @rule(choice=st.integers(0, 1))
    def confirm(self, choice: int) -> None:
        record, order = self._order(choice, "draft")
        record.action_confirm()
        order.state = "sale"
        for line in order.lines.values():
            line.open = line.ordered

    @rule(choice=st.integers(0, 1), which=st.integers(0, 2), number=COUNTS)
    def change(self, choice: int, which: int, number: int) -> None:
        _, order = self._order(choice, "sale")
        id_ = list(order.lines)[which % len(order.lines)]
        line = order.lines[id_]
        record = self.env["sale.order.line"].browse(id_)
        try:
            record.write({"product_uom_qty": number})
        except UserError:
            assert number < line.delivered
            return
        assert number >= line.delivered
        if number != line.delivered + line.open:
            line.open = number - line.delivered
        line.ordered = number

    @rule(choice=st.integers(0, 1), most=COUNTS)
    def deliver(self, choice: int, most: int) -> None:
        record, order = self._order(choice, "sale")
        pickings = record.picking_ids.filtered(
            lambda picking: picking.state == "assigned" and picking.picking_type_id.code == "outgoing"
        )
        assume(pickings)
        picking = pickings[0]
        for move in picking.move_ids.filtered(lambda move: move.state == "assigned"):
            move.quantity = min(most, move.product_uom_qty)
        moves = picking.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
        picking.with_context(skip_backorder=True).button_validate()
        assert picking.state == "done"
        for move in moves.exists().filtered(lambda move: move.state == "done"):
            line = order.lines[move.sale_line_id.id]
            line.out += int(move.quantity)
            line.open -= int(move.quantity)

    @rule(choice=st.integers(0, 1), number=COUNTS)
    def bring_back(self, choice: int, number: int) -> None:
        record, order = self._order(choice, "sale")
        done = record.picking_ids.filtered(
            lambda picking: picking.state == "done" and picking.picking_type_id.code == "outgoing"
        )
        assume(done)
        move = done[0].move_ids.filtered(lambda move: move.state == "done")[0]
        line = order.lines[move.sale_line_id.id]
        left = int(move.quantity) - int(sum(move.returned_move_ids.mapped("quantity")))
        assume(left > 0 and line.delivered > 0)
        back = min(number, left, line.delivered)
        context = {"active_id": done[0].id, "active_model": "stock.picking"}
        wizard = self.env["stock.return.picking"].with_context(**context).create({"picking_id": done[0].id})
        for item in wizard.product_return_moves:
            item.quantity = back if item.move_id == move else 0
        getattr(wizard, "create_returns" if "create_returns" in wizard._methods else "action_create_returns")()
        move.returned_move_ids.filtered(lambda other: other.state == "assigned").picking_id.button_validate()
        line.back += back

    @rule(choice=st.integers(0, 1))
    def invoice(self, choice: int) -> None:
        record, order = self._order(choice, "sale")
        wanted = {id_: _to_invoice(line) for id_, line in order.lines.items()}
        wizard = self.env["sale.advance.payment.inv"].create({"sale_order_ids": [(6, 0, record.ids)]})
        try:
            wizard.create_invoices()
        except UserError:
            assert not any(wanted.values())
            return
        for id_, number in wanted.items():
            order.lines[id_].invoiced += number

    @rule(choice=st.integers(0, 1))
    def post(self, choice: int) -> None:
        record, _ = self._order(choice, "sale")
        record.invoice_ids.filtered(lambda move: move.state == "draft").action_post()

    @rule(choice=st.integers(0, 1))
    def cancel(self, choice: int) -> None:
        record, order = self._order(choice, "draft", "sale")
        drafts = record.invoice_ids.filtered(lambda move: move.state == "draft")
        for id_, quantity in invoiced_quantities(drafts).items():
            order.lines[id_].invoiced -= int(quantity)
        record.with_context(disable_cancel_warning=True).action_cancel()
        order.state = "cancel"
        for line in order.lines.values():
            line.open = 0

    # -- what is always true

    @invariant()
    def lines_are_as_in_the_model(self) -> None:
        for order in getattr(self, "orders", {}).values():
            for id_, line in order.lines.items():
                record = self.env["sale.order.line"].browse(id_)
                assert (record.product_uom_qty, record.qty_delivered) == (line.ordered, line.delivered)
                assert record.qty_invoiced == line.invoiced
                waiting = record.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
                assert sum(waiting.mapped("product_uom_qty")) == line.open
                if order.state == "sale":
                    assert record.qty_to_invoice == _to_invoice(line)

    @invariant()
    def invoices_hold_what_is_invoiced(self) -> None:
        for id_, order in getattr(self, "orders", {}).items():
            invoices = self.env["sale.order"].browse(id_).invoice_ids.filtered(lambda move: move.state != "cancel")
            found = invoiced_quantities(invoices)
            assert {line: found.get(line, 0) for line in order.lines} == {
                line: data.invoiced for line, data in order.lines.items()
            }

    @invariant()
    def nothing_is_lost(self) -> None:
        for product in getattr(self, "products", {}).values():
            lines = [line for order in self.orders.values() for line in order.lines.values()]
            gone = sum(line.delivered for line in lines if line.product == product.id)
            quants = self.env["stock.quant"].search([("product_id", "=", product.id)])
            inside = quants.filtered(lambda quant: quant.location_id == self.here)
            assert sum(inside.mapped("quantity")) == product.qty_available == STOCK - gone
            outside = sum((quants - inside).mapped("quantity"))
            assert outside == gone
            assert 0 <= sum(inside.mapped("reserved_quantity")) <= STOCK - gone

    @invariant()
    def deliveries_have_their_status(self) -> None:
        for id_, order in getattr(self, "orders", {}).items():
            record = self.env["sale.order"].browse(id_)
            assert record.delivery_count == len(record.picking_ids)
            if order.state == "sale" and not any(line.open for line in order.lines.values()):
                assert record.delivery_status in ("full", False)


def _to_invoice(line: Line) -> int:
    return (line.ordered if line.policy == "order" else line.delivered) - line.invoiced


TestOrders = Orders.TestCase
TestOrders.settings = examples(4, steps=16)


@pytest.mark.parametrize("profile", ["odoo-17.0", "odoo-18.0", "odoo-19.0"])
def test_goods_that_are_bought_to_order_know_both_orders(profile: str) -> None:
    db = seed.build("test", fixtures=["business"], profile=profiles.get(profile), clock=Clock())
    env: Any = db.env(2)
    vendor, customer = env["res.partner"].create([{"name": "Vendor"}, {"name": "Customer"}])
    made = env.ref("stock.route_warehouse0_mto")
    made.active = True
    routes = made | env.ref("purchase_stock.route_warehouse0_buy")
    by_flag = "is_storable" in env["product.product"]
    kind = {"type": "consu", "is_storable": True} if by_flag else {"detailed_type": "product"}
    sellers = [(0, 0, {"partner_id": vendor.id, "price": 3})]
    product = env["product.product"].create(
        {"name": "P", "seller_ids": sellers, "route_ids": [(6, 0, routes.ids)], **kind}
    )
    lines = [(0, 0, {"product_id": product.id, "product_uom_qty": 5})]
    order = env["sale.order"].create({"partner_id": customer.id, "order_line": lines})
    order.action_confirm()
    bought = env["purchase.order"].search([("partner_id", "=", vendor.id)])
    assert (bought.origin, bought.order_line.product_qty) == (order.name, 5)
    bought.button_confirm()
    assert (order.purchase_order_count, bought.sale_order_count, order.delivery_count) == (1, 1, 1)
    bought.picking_ids.button_validate()
    assert order.picking_ids.state == "assigned"
    order.picking_ids.button_validate()
    assert (order.delivery_status, order.order_line.qty_delivered) == ("full", 5)
