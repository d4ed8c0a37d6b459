"""What somebody who has just installed the mock writes first about orders, products, invoices and stock.

Every test is one that a mock without behaviour fails, or passes on zeros.
"""

from __future__ import annotations

import xmlrpc.client
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mockserver import MockServer

PROFILES = ["odoo-17.0", "odoo-18.0", "odoo-19.0"]


class Odoo:
    """A database over XML-RPC, as tutorials show it."""

    def __init__(self, server: MockServer, objects: xmlrpc.client.ServerProxy) -> None:
        self._objects = objects
        with xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/common") as common:
            user = common.authenticate(server.db, server.login, server.password, {})
            self.version: Any = common.version()["server_version_info"][0]  # type: ignore[index,call-overload]
        self._login = (server.db, user, server.password)

    def __call__(self, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method."""
        return self._objects.execute_kw(*self._login, model, method, list(args), kwargs)

    def one(self, model: str, id_: int, *fields: str) -> Any:
        """Read fields of one record: a value, or a list of them."""
        (row,) = self(model, "read", [id_], list(fields))
        values = [row[name] for name in fields]
        return values[0] if len(values) == 1 else values


@pytest.fixture(params=PROFILES)
def odoo(request: pytest.FixtureRequest, mockserver_factory: Callable[..., MockServer]) -> Iterator[Odoo]:
    """An empty company with all packs."""
    server = mockserver_factory(profile=request.param, fixtures=["business"])
    with xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/object") as objects:
        yield Odoo(server, objects)


@pytest.fixture
def customer(odoo: Odoo) -> int:
    """A customer with an address."""
    values = {"name": "Ann Smith", "street": "1 High Street", "city": "Leeds", "email": "ann@example.com"}
    created: int = odoo("res.partner", "create", values)
    return created


@pytest.fixture
def chair(odoo: Odoo) -> int:
    """A chair that is kept in stock: its variant."""
    stored = {"detailed_type": "product"} if odoo.version < 18 else {"type": "consu", "is_storable": True}
    values = {"name": "Chair", "list_price": 50.0, "default_code": "CH-1", "taxes_id": [(6, 0, [])], **stored}
    created: int = odoo("product.product", "create", values)
    return created


def order(odoo: Odoo, customer: int, product: int, quantity: float = 3, **values: Any) -> int:
    line = {"product_id": product, "product_uom_qty": quantity}
    created: int = odoo("sale.order", "create", {"partner_id": customer, "order_line": [(0, 0, line)], **values})
    return created


def put_on_stock(odoo: Odoo, product: int, quantity: float) -> None:
    (location,) = odoo("stock.location", "search", [("complete_name", "=", "WH/Stock")])
    values = {"product_id": product, "location_id": location, "inventory_quantity": quantity}
    quant = odoo("stock.quant", "create", values)
    with pytest.raises(xmlrpc.client.Fault, match="cannot marshal None"):  # it is done, but XML-RPC has no None
        odoo("stock.quant", "action_apply_inventory", [quant])


def deliver(odoo: Odoo, order: int) -> None:
    for picking in odoo.one("sale.order", order, "picking_ids"):
        assert odoo("stock.picking", "button_validate", [picking]) is True


def invoice(odoo: Odoo, order: int) -> int:
    context = {"active_model": "sale.order", "active_ids": [order], "active_id": order}
    wizard = odoo("sale.advance.payment.inv", "create", {"advance_payment_method": "delivered"}, context=context)
    odoo("sale.advance.payment.inv", "create_invoices", [wizard], context=context)
    (made,) = odoo.one("sale.order", order, "invoice_ids")
    assert isinstance(made, int)
    return made


# -- orders


def test_an_order_has_a_number(odoo: Odoo, customer: int, chair: int) -> None:
    assert odoo.one("sale.order", order(odoo, customer, chair), "name", "state") == ["S00001", "draft"]


def test_a_line_has_the_name_price_and_unit_of_its_product(odoo: Odoo, customer: int, chair: int) -> None:
    (line,) = odoo.one("sale.order", order(odoo, customer, chair), "order_line")
    unit = "product_uom" if odoo.version < 19 else "product_uom_id"
    assert odoo.one("sale.order.line", line, "name", "price_unit") == ["[CH-1] Chair", 50.0]
    assert odoo.one("sale.order.line", line, unit)[1] == "Units"


def test_an_order_has_totals(odoo: Odoo, customer: int, chair: int) -> None:
    tax = odoo("account.tax", "create", {"name": "VAT 20", "amount": 20.0, "type_tax_use": "sale"})
    odoo("product.product", "write", [chair], {"taxes_id": [(6, 0, [tax])]})
    found = odoo.one("sale.order", order(odoo, customer, chair), "amount_untaxed", "amount_tax", "amount_total")
    assert found == [150.0, 30.0, 180.0]


def test_an_order_has_the_addresses_of_its_customer(odoo: Odoo, customer: int, chair: int) -> None:
    shipping = odoo("res.partner", "create", {"name": "Depot", "parent_id": customer, "type": "delivery"})
    found = odoo.one("sale.order", order(odoo, customer, chair), "partner_invoice_id", "partner_shipping_id")
    assert [value[0] for value in found] == [customer, shipping]


def test_a_discount_lowers_the_line(odoo: Odoo, customer: int, chair: int) -> None:
    made = order(odoo, customer, chair)
    (line,) = odoo.one("sale.order", made, "order_line")
    odoo("sale.order.line", "write", [line], {"discount": 10.0})
    assert odoo.one("sale.order.line", line, "price_subtotal") == 135.0
    assert odoo.one("sale.order", made, "amount_untaxed") == 135.0


def test_an_order_is_confirmed(odoo: Odoo, customer: int, chair: int) -> None:
    made = order(odoo, customer, chair)
    assert odoo("sale.order", "action_confirm", [made]) is True
    assert odoo.one("sale.order", made, "state", "invoice_status") == ["sale", "to invoice"]


def test_a_confirmed_order_cannot_be_deleted(odoo: Odoo, customer: int, chair: int) -> None:
    made = order(odoo, customer, chair)
    odoo("sale.order", "action_confirm", [made])
    with pytest.raises(xmlrpc.client.Fault, match="cancel it"):
        odoo("sale.order", "unlink", [made])


def test_an_order_is_cancelled_and_taken_up_again(odoo: Odoo, customer: int, chair: int) -> None:
    made = order(odoo, customer, chair)
    odoo("sale.order", "action_cancel", [made])
    assert odoo.one("sale.order", made, "state") == "cancel"
    odoo("sale.order", "action_draft", [made])
    assert odoo.one("sale.order", made, "state") == "draft"


def test_an_order_is_copied_as_a_draft(odoo: Odoo, customer: int, chair: int) -> None:
    made = order(odoo, customer, chair)
    odoo("sale.order", "action_confirm", [made])
    copied = odoo("sale.order", "copy", [made])
    copied = copied[0] if isinstance(copied, list) else copied
    assert odoo.one("sale.order", copied, "name", "state", "amount_untaxed") == ["S00002", "draft", 150.0]


def test_a_confirmed_order_has_a_delivery(odoo: Odoo, customer: int, chair: int) -> None:
    put_on_stock(odoo, chair, 10)
    made = order(odoo, customer, chair)
    odoo("sale.order", "action_confirm", [made])
    (picking,) = odoo.one("sale.order", made, "picking_ids")
    assert odoo.one("stock.picking", picking, "name", "state", "origin") == ["WH/OUT/00001", "assigned", "S00001"]


def test_a_delivered_order_is_invoiced_and_paid(odoo: Odoo, customer: int, chair: int) -> None:
    put_on_stock(odoo, chair, 10)
    made = order(odoo, customer, chair)
    odoo("sale.order", "action_confirm", [made])
    deliver(odoo, made)
    (line,) = odoo.one("sale.order", made, "order_line")
    assert odoo.one("sale.order.line", line, "qty_delivered") == 3.0
    move = invoice(odoo, made)
    odoo("account.move", "action_post", [move])
    assert odoo.one("account.move", move, "amount_total", "payment_state", "invoice_origin") == [
        150.0, "not_paid", "S00001",
    ]  # fmt: skip
    context = {"active_model": "account.move", "active_ids": [move]}
    wizard = odoo("account.payment.register", "create", {}, context=context)
    odoo("account.payment.register", "action_create_payments", [wizard], context=context)
    assert odoo.one("account.move", move, "amount_residual") == 0.0
    assert odoo.one("account.move", move, "payment_state") in ("paid", "in_payment")
    assert odoo.one("sale.order", made, "invoice_status") == "invoiced"


# -- products


def test_a_template_has_a_variant(odoo: Odoo) -> None:
    made = odoo("product.template", "create", {"name": "Table", "list_price": 80.0, "default_code": "TA"})
    (variant,) = odoo.one("product.template", made, "product_variant_ids")
    assert odoo.one("product.product", variant, "lst_price", "default_code", "display_name") == [
        80.0, "TA", "[TA] Table",
    ]  # fmt: skip


def test_a_variant_has_a_template(odoo: Odoo, chair: int) -> None:
    template, _ = odoo.one("product.product", chair, "product_tmpl_id")
    assert odoo.one("product.template", template, "list_price", "product_variant_count") == [50.0, 1]


def test_attributes_make_variants(odoo: Odoo) -> None:
    colours = [(0, 0, {"name": name}) for name in ("red", "blue")]
    attribute = odoo("product.attribute", "create", {"name": "Colour", "value_ids": colours})
    values = odoo("product.attribute.value", "search", [("attribute_id", "=", attribute)])
    line = {"attribute_id": attribute, "value_ids": [(6, 0, values)]}
    made = odoo("product.template", "create", {"name": "Shirt", "attribute_line_ids": [(0, 0, line)]})
    names = odoo("product.product", "search_read", [("product_tmpl_id", "=", made)], ["display_name"], order="id")
    assert [row["display_name"] for row in names] == ["Shirt (red)", "Shirt (blue)"]


def test_a_product_has_a_type_and_taxes_by_default(odoo: Odoo) -> None:
    made = odoo("product.template", "create", {"name": "Thing"})
    assert odoo.one("product.template", made, "type") == "consu"
    assert len(odoo.one("product.template", made, "taxes_id")) == 1


def test_a_product_is_found_by_its_code(odoo: Odoo, chair: int) -> None:
    assert odoo("product.product", "name_search", "CH-1") == [[chair, "[CH-1] Chair"]]


def test_a_pricelist_gives_the_price(odoo: Odoo, customer: int, chair: int) -> None:
    item = {"compute_price": "fixed", "fixed_price": 40.0, "applied_on": "3_global"}
    prices = odoo("product.pricelist", "create", {"name": "Friends", "item_ids": [(0, 0, item)]})
    made = order(odoo, customer, chair, pricelist_id=prices)
    assert odoo.one("sale.order", made, "amount_untaxed") == 120.0


# -- stock


def test_a_counted_quantity_is_on_hand(odoo: Odoo, chair: int) -> None:
    put_on_stock(odoo, chair, 10)
    assert odoo.one("product.product", chair, "qty_available", "free_qty", "virtual_available") == [10.0, 10.0, 10.0]


def test_a_confirmed_order_reserves_stock(odoo: Odoo, customer: int, chair: int) -> None:
    put_on_stock(odoo, chair, 10)
    odoo("sale.order", "action_confirm", [order(odoo, customer, chair)])
    assert odoo.one("product.product", chair, "qty_available", "free_qty", "virtual_available") == [10.0, 7.0, 7.0]


def test_a_delivery_takes_stock_away(odoo: Odoo, customer: int, chair: int) -> None:
    put_on_stock(odoo, chair, 10)
    made = order(odoo, customer, chair)
    odoo("sale.order", "action_confirm", [made])
    deliver(odoo, made)
    assert odoo.one("product.product", chair, "qty_available") == 7.0


def test_a_purchase_is_received(odoo: Odoo, customer: int, chair: int) -> None:
    line = {"product_id": chair, "product_qty": 5, "price_unit": 20.0}
    made = odoo("purchase.order", "create", {"partner_id": customer, "order_line": [(0, 0, line)]})
    assert odoo.one("purchase.order", made, "name", "state", "amount_untaxed") == ["P00001", "draft", 100.0]
    odoo("purchase.order", "button_confirm", [made])
    (picking,) = odoo.one("purchase.order", made, "picking_ids")
    odoo("stock.picking", "button_validate", [picking])
    assert odoo.one("product.product", chair, "qty_available") == 5.0


def test_an_invoice_has_lines_totals_and_a_number(odoo: Odoo, customer: int, chair: int) -> None:
    line = {"product_id": chair, "quantity": 2}
    values = {"move_type": "out_invoice", "partner_id": customer, "invoice_line_ids": [(0, 0, line)]}
    made = odoo("account.move", "create", {**values, "invoice_date": "2026-03-02"})
    assert odoo.one("account.move", made, "amount_total", "state") == [100.0, "draft"]
    odoo("account.move", "action_post", [made])
    assert odoo.one("account.move", made, "name", "state") == ["INV/2026/00001", "posted"]
    with pytest.raises(xmlrpc.client.Fault, match="posted journal"):
        odoo("account.move", "unlink", [made])
