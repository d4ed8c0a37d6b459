"""From order to cash and from order to bill until 16: what is done of a delivery is written before it is validated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import odoorpc
import pytest

from mockserver import MockServer
from mockserver.errors import UserError

PROFILES = ["odoo-14.0", "odoo-15.0", "odoo-16.0"]


class Shop:
    """A server with ten chairs, and the names that its version has for things."""

    def __init__(self, server: MockServer) -> None:
        self.server, self.env = server, server.env
        self.old = server.profile.generation < 16
        self.moves = "move_lines" if self.old else "move_ids"
        self.reserved = "product_uom_qty" if self.old else "reserved_uom_qty"
        kind = "type" if self.old else "detailed_type"
        self.buyer = self.env["res.partner"].create({"name": "Buyer"})
        self.chair = self.env["product.product"].create(
            {"name": "Chair", "list_price": 50.0, "invoice_policy": "delivery", kind: "product"}
        )
        place = self.env["stock.warehouse"].search([], limit=1).lot_stock_id
        counted = {"product_id": self.chair.id, "location_id": place.id, "inventory_quantity": 10}
        quant = self.env["stock.quant"].with_context(inventory_mode=True).create(counted)
        if not self.old:
            quant.action_apply_inventory()

    def order(self, quantity: float) -> Any:
        line = {"product_id": self.chair.id, "product_uom_qty": quantity}
        order = self.env["sale.order"].create({"partner_id": self.buyer.id, "order_line": [(0, 0, line)]})
        order.action_confirm()
        return order

    def receipt(self, quantity: float) -> Any:
        line = {"product_id": self.chair.id, "name": "Chair", "product_qty": quantity, "price_unit": 20.0,
                "date_planned": "2024-05-20 12:00:00", "product_uom": self.chair.uom_id.id}  # fmt: skip
        order = self.env["purchase.order"].create({"partner_id": self.buyer.id, "order_line": [(0, 0, line)]})
        order.button_confirm()
        return order

    def validate(self, transfer: Any) -> list[str]:
        """Validate a transfer, and all that is asked about it; return what was asked."""
        asked, answer = [], transfer.button_validate()
        while isinstance(answer, dict):
            asked.append(answer["res_model"])
            answer = self.env[answer["res_model"]].with_context(**answer["context"]).create({}).process()
        assert answer is True
        return asked


@pytest.fixture(params=PROFILES)
def shop(request: pytest.FixtureRequest, mockserver_factory: Callable[..., MockServer]) -> Shop:
    return Shop(mockserver_factory(profile=request.param, fixtures=["sale", "purchase", "stock"]))


def done(moves: Any) -> list[tuple[Any, ...]]:
    return [(move.state, move.product_uom_qty, move.reserved_availability, move.quantity_done) for move in moves]


def test_an_order_is_delivered_at_once_and_invoiced(shop: Shop) -> None:
    order = shop.order(4)
    transfer = order.picking_ids
    assert (order.state, order.invoice_status, transfer.state, transfer.show_validate) == (
        "sale", "no", "assigned", True,
    )  # fmt: skip
    assert done(transfer[shop.moves]) == [("assigned", 4.0, 4.0, 0.0)]
    [line] = transfer.move_line_ids.read([shop.reserved, "qty_done", "state"])
    assert (line[shop.reserved], line["qty_done"], line["state"]) == (4.0, 0.0, "assigned")
    assert shop.validate(transfer) == ["stock.immediate.transfer"]
    assert done(transfer[shop.moves]) == [("done", 4.0, 0.0, 4.0)]
    [line] = transfer.move_line_ids.read([shop.reserved, "qty_done", "state"])
    assert (line[shop.reserved], line["qty_done"], line["state"]) == (0.0, 4.0, "done")
    assert (shop.chair.qty_available, order.order_line.qty_delivered, order.invoice_status) == (6.0, 4.0, "to invoice")
    context = {"active_model": "sale.order", "active_ids": order.ids, "active_id": order.id}
    wizard = (
        shop.env["sale.advance.payment.inv"].with_context(**context).create({"advance_payment_method": "delivered"})
    )
    wizard.create_invoices()
    invoice = order.invoice_ids
    assert (invoice.state, invoice.amount_untaxed, order.order_line.qty_invoiced) == ("draft", 200.0, 4.0)
    assert order.invoice_status == "invoiced"
    invoice.action_post()
    assert order.order_line.untaxed_amount_invoiced == 200.0


def test_what_is_done_in_part_leaves_a_backorder(shop: Shop) -> None:
    order = shop.order(4)
    first = order.picking_ids
    first[shop.moves].write({"quantity_done": 3})
    assert [line.qty_done for line in first.move_line_ids] == [3.0]
    assert shop.validate(first) == ["stock.backorder.confirmation"]
    rest = order.picking_ids - first
    assert (rest.backorder_id, rest.state, done(rest[shop.moves])) == (first, "assigned", [("assigned", 1.0, 1.0, 0.0)])
    assert (order.order_line.qty_delivered, shop.chair.qty_available) == (3.0, 7.0)
    rest.move_line_ids.write({"qty_done": 1})
    assert shop.validate(rest) == []
    assert (order.order_line.qty_delivered, shop.chair.qty_available, shop.chair.virtual_available) == (4.0, 6.0, 6.0)


def test_more_than_was_asked_can_be_done(shop: Shop) -> None:
    order = shop.order(2)
    order.picking_ids[shop.moves].write({"quantity_done": 5})
    assert shop.validate(order.picking_ids) == []
    assert (order.order_line.qty_delivered, shop.chair.qty_available) == (5.0, 5.0)


def test_nothing_is_validated_of_which_nothing_is_there(shop: Shop) -> None:
    order = shop.order(2)
    order.picking_ids.do_unreserve()
    assert done(order.picking_ids[shop.moves]) == [("confirmed", 2.0, 0.0, 0.0)]
    with pytest.raises(UserError, match="no quantities are reserved nor done"):
        order.picking_ids.button_validate()
    assert order.picking_ids.state == "confirmed"


def test_a_purchase_is_received_in_two_parts_and_billed(shop: Shop) -> None:
    order = shop.receipt(6)
    first = order.picking_ids
    assert done(first[shop.moves]) == [("assigned", 6.0, 6.0, 0.0)]
    first[shop.moves].write({"quantity_done": 2})
    assert shop.validate(first) == ["stock.backorder.confirmation"]
    assert (order.order_line.qty_received, shop.chair.qty_available) == (2.0, 12.0)
    rest = order.picking_ids - first
    assert shop.validate(rest) == ["stock.immediate.transfer"]
    assert (order.order_line.qty_received, shop.chair.qty_available) == (6.0, 16.0)
    order.action_create_invoice()
    assert (order.invoice_ids.move_type, order.invoice_ids.amount_untaxed) == ("in_invoice", 120.0)
    assert (order.order_line.qty_invoiced, order.invoice_status) == (6.0, "invoiced")


def test_goods_come_back(shop: Shop) -> None:
    order = shop.order(4)
    transfer = order.picking_ids
    shop.validate(transfer)
    line = {"product_id": shop.chair.id, "move_id": transfer[shop.moves].id, "quantity": 1.0, "to_refund": True}
    returns = shop.env["stock.return.picking"]
    action = returns.create({"picking_id": transfer.id, "product_return_moves": [(0, 0, line)]}).create_returns()
    back = shop.env["stock.picking"].browse(action["res_id"])
    assert back.picking_type_id.code == "incoming"
    assert shop.validate(back) == ["stock.immediate.transfer"]
    assert (shop.chair.qty_available, order.order_line.qty_delivered) == (7.0, 3.0)


def test_a_transfer_by_hand_moves_what_is_done(shop: Shop) -> None:
    kind = shop.env["stock.picking.type"].search([("code", "=", "outgoing")], limit=1)
    places = {
        "location_id": kind.default_location_src_id.id,
        "location_dest_id": shop.env.ref("stock.stock_location_customers").id,  # type: ignore[union-attr]
    }
    move = {**places, "name": "Chair", "product_id": shop.chair.id, "product_uom": shop.chair.uom_id.id,
            "product_uom_qty": 3.0, "quantity_done": 3.0}  # fmt: skip
    values = {**places, "picking_type_id": kind.id, "immediate_transfer": True, shop.moves: [(0, 0, move)]}
    transfer = shop.env["stock.picking"].create(values)
    assert (transfer.state, transfer[shop.moves].quantity_done) == ("draft", 3.0)
    assert shop.validate(transfer) == []
    assert (transfer.state, shop.chair.qty_available, len(transfer.move_line_ids)) == ("done", 7.0, 1)


def test_clients_are_told_of_the_fields_of_their_version(shop: Shop) -> None:
    for model in ("stock.move", "stock.move.line"):
        fields = shop.env[model].fields_get()
        assert {"quantity", "picked"}.isdisjoint(fields)
    order = shop.order(1)
    [row] = order.picking_ids.move_line_ids.read()
    assert {"quantity", "picked"}.isdisjoint(row)
    assert {"qty_done", shop.reserved} <= row.keys()


def test_odoorpc_delivers_an_order(shop: Shop) -> None:
    client = odoorpc.ODOO(shop.server.host, port=shop.server.port)
    client.login(shop.server.db, shop.server.login, shop.server.password)
    order = client.env["sale.order"].browse(shop.order(2).id)
    transfer = order.picking_ids
    for move in transfer.move_ids_without_package:
        move.quantity_done = move.product_uom_qty
    assert transfer.button_validate() is True
    [row] = client.env["stock.picking"].read(transfer.ids, ["state"])
    assert row["state"] == "done"
