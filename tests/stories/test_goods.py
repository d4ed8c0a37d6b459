"""A warehouse program receives lots, counts, delivers in parts and takes goods back; bills and invoices are paid."""

from __future__ import annotations

from typing import Any

import pytest

from tests.stories.conftest import Story


@pytest.fixture
def table(story: Story) -> Any:
    """A table of which five are on hand."""
    made = product(story, "Table", list_price=100.0)
    location = story.record("stock.warehouse", story.env["stock.warehouse"].search([])).lot_stock_id
    quants = story.env["stock.quant"].with_context(inventory_mode=True)
    counted = quants.create({"product_id": made.id, "location_id": location.id, "inventory_quantity": 5})
    if story.version >= 15:
        quants.action_apply_inventory([counted])
    assert story.read(made, "qty_available") == 5.0
    return made


def product(story: Story, name: str, **values: Any) -> Any:
    stored: dict[int, dict[str, Any]] = {
        14: {"type": "product"}, 16: {"detailed_type": "product"}, 18: {"type": "consu", "is_storable": True},
    }  # fmt: skip
    return story.create("product.product", name=name, **story.by_version(stored), **values)


def done_field(story: Story) -> tuple[str, str]:
    """What is picked, of a move and of its lines."""
    return ("quantity_done", "qty_done") if story.version < 17 else ("quantity", "quantity")


def pick(story: Story, move: Any, quantity: float) -> None:
    picked = {} if story.version < 17 else {"picked": True}
    story.env["stock.move"].write(move.ids, {done_field(story)[0]: quantity, **picked})


def test_lots_are_received_billed_and_paid(story: Story) -> None:
    milk = product(story, "Milk", tracking="lot")
    vendor = story.create("res.partner", name="Dairy")
    line = {"product_id": milk.id, "product_qty": 10, "price_unit": 2.5}
    order = story.create("purchase.order", partner_id=vendor.id, order_line=[(0, 0, line)])
    assert (order.name, order.state, order.amount_untaxed) == ("P00001", "draft", 25.0)
    order.button_confirm()
    (receipt,) = story.record("purchase.order", order.id).picking_ids
    assert (receipt.name, receipt.state, receipt.origin) == ("WH/IN/00001", "assigned", "P00001")
    if story.version >= 17:
        with story.refused("You need to supply a Lot/Serial Number for product:", "UserError"):
            receipt.button_validate()

    lines = story.env["stock.move.line"]
    (reserved,) = lines.search([("picking_id", "=", receipt.id)])
    picked = {} if story.version < 17 else {"picked": True}
    lines.write([reserved], {"lot_name": "L1", done_field(story)[1]: 6, **picked})
    (move,) = story.env["stock.move"].search([("picking_id", "=", receipt.id)])
    place = {"location_id": receipt.location_id.id, "location_dest_id": receipt.location_dest_id.id}
    values = {"move_id": move, "picking_id": receipt.id, "product_id": milk.id, "product_uom_id": milk.uom_id.id}
    lines.create({**values, **place, "lot_name": "L2", done_field(story)[1]: 4, **picked})
    assert receipt.button_validate() is True
    found = story.env["stock.quant"].search_read(
        [("product_id", "=", milk.id), ("location_id.usage", "=", "internal")], ["lot_id", "quantity"], order="id"
    )
    assert [(row["lot_id"][1], row["quantity"]) for row in found] == [("L1", 6.0), ("L2", 4.0)]

    order = story.record("purchase.order", order.id)
    assert (order.order_line.qty_received, order.invoice_status) == (10.0, "to invoice")
    bill = story.record("account.move", order.action_create_invoice()["res_id"])
    assert (bill.move_type, bill.invoice_origin, bill.amount_untaxed) == ("in_invoice", "P00001", 25.0)
    with story.refused("The Bill/Refund date is required to validate this document.", "UserError"):
        bill.action_post()
    bill.invoice_date = "2024-05-17"
    bill.action_post()
    assert story.read(bill, "name", "state") == ("BILL/2024/05/0001", "posted")
    story.wizard("account.payment.register", bill).action_create_payments()
    assert story.read(bill, "payment_state", "amount_residual") == ("paid", 0.0)
    assert story.read(order, "invoice_status") == "invoiced"


def sell(story: Story, table: Any, quantity: float) -> Any:
    kim = story.create("res.partner", name="Kim")
    line = {"product_id": table.id, "product_uom_qty": quantity}
    order = story.create("sale.order", partner_id=kim.id, order_line=[(0, 0, line)])
    assert order.action_confirm() is True
    return story.record("sale.order", order.id)


def move_of(story: Story, picking: Any) -> Any:
    return story.record("stock.move", story.env["stock.move"].search([("picking_id", "=", picking.id)]))


def test_the_rest_is_delivered_later(story: Story, table: Any) -> None:
    order = sell(story, table, 4)
    (delivery,) = order.picking_ids
    assert (delivery.name, delivery.state) == ("WH/OUT/00001", "assigned")
    assert story.read(table, "qty_available", "free_qty") == (5.0, 1.0)
    pick(story, move_of(story, delivery), 3)
    question = delivery.button_validate()
    assert question["res_model"] == "stock.backorder.confirmation"
    answers = story.env["stock.backorder.confirmation"].with_context(**question["context"])
    answers.process([answers.create({})])
    states = {one.name: one.state for one in story.record("sale.order", order.id).picking_ids}
    assert states == {"WH/OUT/00001": "done", "WH/OUT/00002": "assigned"}
    assert story.record("sale.order", order.id).order_line.qty_delivered == 3.0
    assert story.read(table, "qty_available", "free_qty") == (2.0, 1.0)
    with story.refused("You cannot cancel a stock move that has been set to 'Done'.", "UserError"):
        delivery.action_cancel()


def test_goods_come_back(story: Story, table: Any) -> None:
    order = sell(story, table, 2)
    (delivery,) = order.picking_ids
    pick(story, move_of(story, delivery), 2)
    assert delivery.button_validate() is True
    move = move_of(story, delivery)
    given: dict[str, Any] = {}
    if story.version < 17:  # the form makes the lines, a call does not
        line = {"product_id": table.id, "quantity": 1, "move_id": move.id, "uom_id": table.uom_id.id}
        given = {"product_return_moves": [(0, 0, line)], "location_id": delivery.location_id.id}
    wizard = story.wizard("stock.return.picking", delivery, picking_id=delivery.id, **given)
    if story.version >= 17:
        (line_id,) = wizard.product_return_moves.ids
        proposed = story.record("stock.return.picking.line", line_id)
        assert proposed.quantity == story.by_version({17: 2.0, 18: 0.0})
        proposed.write({"quantity": 1})  # the library cannot set a number that is required
    shown = getattr(wizard, story.by_version({14: "create_returns", 18: "action_create_returns"}))()
    back = story.record("stock.picking", shown["res_id"])
    assert (back.origin, back.picking_type_id.code) == ("Return of WH/OUT/00001", "incoming")
    pick(story, move_of(story, back), 1)
    assert back.button_validate() is True
    assert story.read(table, "qty_available") == 4.0


def test_an_invoice_is_paid_in_two_parts(story: Story) -> None:
    kim = story.create("res.partner", name="Kim")
    tax = story.create("account.tax", name="VAT 20", amount=20.0, type_tax_use="sale")
    line = {"name": "Work", "quantity": 2, "price_unit": 50.0, "tax_ids": [(6, 0, [tax.id])]}
    invoice = story.create(
        "account.move", move_type="out_invoice", partner_id=kim.id, invoice_date="2024-05-01",
        invoice_line_ids=[(0, 0, line)],
    )  # fmt: skip
    assert (invoice.state, invoice.amount_untaxed, invoice.amount_total) == ("draft", 100.0, 120.0)
    invoice.action_post()
    assert story.read(invoice, "name", "payment_state") == ("INV/2024/00001", "not_paid")
    with story.refused("must be in draft", "UserError"):
        invoice.action_post()
    with story.refused("You can't delete a posted journal item.", "UserError"):
        invoice.unlink()
    first = story.wizard("account.payment.register", invoice, amount=20.0, payment_date="2024-05-10")
    assert (first.payment_difference, first.communication) == (100.0, "INV/2024/00001")
    first.action_create_payments()
    assert story.read(invoice, "payment_state", "amount_residual") == ("partial", 100.0)
    story.wizard("account.payment.register", invoice).action_create_payments()
    assert story.read(invoice, "payment_state", "amount_residual") == ("paid", 0.0)
    with story.refused("nothing left to pay", "UserError"):
        story.wizard("account.payment.register", invoice)
