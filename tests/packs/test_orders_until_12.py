"""From order to cash and from order to bill until 12, where invoices are documents of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mockserver import MockServer
from mockserver.errors import UserError
from mockserver.orm.records.environment import Environment


@pytest.fixture(params=["odoo-11.0", "odoo-12.0", "flectra-1.6"])
def env(request: pytest.FixtureRequest, mockserver_factory: Callable[..., MockServer]) -> Environment:
    return mockserver_factory(profile=request.param, fixtures=["sale", "purchase", "stock"]).env


@pytest.fixture
def chair(env: Environment) -> Any:
    values = {"name": "Chair", "list_price": 50.0, "invoice_policy": "delivery", "type": "product"}
    product = env["product.product"].create(values)
    place = env["stock.warehouse"].search([], limit=1).lot_stock_id
    counted = {"product_id": product.id, "location_id": place.id, "inventory_quantity": 10}
    env["stock.quant"].with_context(inventory_mode=True).create(counted)
    return product


def order_of(env: Environment, chair: Any) -> Any:
    partner = env["res.partner"].create({"name": "Buyer"})
    line = {"product_id": chair.id, "product_uom_qty": 4, "tax_id": [(6, 0, [])]}
    order = env["sale.order"].create({"partner_id": partner.id, "order_line": [(0, 0, line)]})
    order.action_confirm()
    return order


def deliver(transfer: Any) -> None:
    answer = transfer.button_validate()
    transfer.env[answer["res_model"]].with_context(**answer["context"]).create({}).process()


def test_an_order_is_delivered_and_invoiced(env: Environment, chair: Any) -> None:
    order = order_of(env, chair)
    with pytest.raises(UserError, match="There is no"):
        order.action_invoice_create()
    deliver(order.picking_ids)
    assert (order.picking_ids.state, order.invoice_status) == ("done", "to invoice")
    [made] = order.action_invoice_create()
    invoice = env["account.invoice"].browse(made)
    assert (invoice.type, invoice.state, invoice.origin, invoice.amount_total) == (
        "out_invoice", "draft", order.name, 200.0,
    )  # fmt: skip
    assert (order.invoice_ids, order.invoice_status, order.order_line.qty_invoiced) == (invoice, "invoiced", 4.0)
    assert order.order_line.untaxed_amount_invoiced == 0.0
    invoice.action_invoice_open()
    assert order.order_line.untaxed_amount_invoiced == 200.0
    assert env["sale.order"].search([("invoice_ids", "in", invoice.ids)]) == order


def test_an_invoice_that_is_cancelled_leaves_its_order_to_invoice(env: Environment, chair: Any) -> None:
    order = order_of(env, chair)
    deliver(order.picking_ids)
    context = {"active_model": "sale.order", "active_ids": order.ids}
    wizards = env["sale.advance.payment.inv"].with_context(**context)
    wizards.create({"advance_payment_method": "delivered"}).create_invoices()
    order.invoice_ids.action_invoice_cancel()
    assert (order.order_line.qty_invoiced, order.invoice_status) == (0.0, "to invoice")


def test_a_purchase_is_received_and_billed(env: Environment, chair: Any) -> None:
    vendor = env["res.partner"].create({"name": "Mill"})
    line = {"product_id": chair.id, "name": "Chair", "product_qty": 6, "price_unit": 20.0, "taxes_id": [(6, 0, [])],
            "date_planned": "2024-05-20 12:00:00", "product_uom": chair.uom_id.id}  # fmt: skip
    order = env["purchase.order"].create({"partner_id": vendor.id, "order_line": [(0, 0, line)]})
    order.button_confirm()
    deliver(order.picking_ids)
    assert (order.order_line.qty_received, order.invoice_status, chair.qty_available) == (6.0, "to invoice", 16.0)
    journal = env["account.journal"].search([("type", "=", "purchase")], limit=1)
    account = env["account.account"].search([("user_type_id.name", "=", "Expenses")], limit=1)
    billed = {"name": "Chair", "quantity": 6, "price_unit": 20.0, "account_id": account.id,
              "product_id": chair.id, "purchase_line_id": order.order_line.id}  # fmt: skip
    values = {"type": "in_invoice", "partner_id": vendor.id, "journal_id": journal.id}
    bill = env["account.invoice"].create({**values, "invoice_line_ids": [(0, 0, billed)]})
    assert (order.invoice_ids, order.order_line.qty_invoiced, order.invoice_status) == (bill, 6.0, "invoiced")


def test_a_contact_is_read_with_all_its_fields(env: Environment) -> None:
    partner = env["res.partner"].create({"name": "Vendor"})
    [values] = partner.read()
    assert values["name"] == "Vendor"
    assert values.get("supplier_invoice_count", 0) == 0  # new in 12
