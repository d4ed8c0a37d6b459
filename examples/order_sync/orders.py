"""Orders to Odoo; their state, deliveries and invoices back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import requests
from directory import MODULE, Directory
from erp import Refused
from shop import Order, TotalDiffers


@dataclass(frozen=True)
class Ordered:
    """An order as Odoo has it; `delivered` are quantities by code, `invoices` the numbers of posted invoices."""

    id: int
    name: str
    state: str
    total: float
    delivered: dict[str, float]
    invoices: list[str]


@dataclass
class OrderReport:
    """The numbers of orders that are at Odoo, and why others are not."""

    sent: dict[str, Ordered] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)


class Orders(Directory):
    """The orders of the shop.  Each has an external id, so that it is created once, whatever happens to an answer."""

    def push_orders(self, orders: Iterable[Order]) -> OrderReport:
        """Send orders; one that fails does not hold up the others, and is sent again by the next run."""
        report = OrderReport()
        for order in orders:
            try:
                report.sent[order.number] = self.push_order(order)
            except (LookupError, Refused, TotalDiffers, requests.RequestException) as why:
                report.failed[order.number] = str(why)
        return report

    def push_order(self, order: Order) -> Ordered:
        """Create and confirm an order, if that is still to do; return it as Odoo has it.

        Raises TotalDiffers, LookupError for an unknown product, and Refused.
        """
        found = self.by_external_id("sale.order", _external(order.number))
        ordered = self._read(found if found is not None else self._new_order(order))
        if ordered.state in ("draft", "sent"):
            if round(ordered.total - order.total, 2):
                self.erp.call("sale.order", "unlink", [ordered.id])
                raise TotalDiffers(f"{order.number}: {ordered.total} at Odoo, {order.total} in the shop")
            self.erp.call("sale.order", "action_confirm", [ordered.id])
            ordered = self._read(ordered.id)
        return ordered

    def order(self, number: str) -> Ordered:
        """Return an order as Odoo has it; raises LookupError if it was not sent."""
        found = self.by_external_id("sale.order", _external(number))
        if found is None:
            raise LookupError(f"there is no order {number}")
        return self._read(found)

    def cancel_order(self, number: str) -> Ordered:
        """Cancel an order and what is not delivered of it."""
        ordered = self.order(number)
        self.erp.call("sale.order", "action_cancel", [ordered.id], context={"disable_cancel_warning": True})
        return self._read(ordered.id)

    def invoice_orders(self) -> dict[str, list[str]]:
        """Make and post invoices of all that is to invoice; return the numbers of invoices by those of orders."""
        domain = [("client_order_ref", "!=", False), ("state", "=", "sale"), ("invoice_status", "=", "to invoice")]
        rows = self.erp.call("sale.order", "search_read", domain, ["client_order_ref"], order="id")
        for row in rows:
            context = {"active_model": "sale.order", "active_ids": [row["id"]], "active_id": row["id"]}
            values = {"advance_payment_method": "delivered"}
            wizard = self.erp.call("sale.advance.payment.inv", "create", values, context=context)
            self.erp.call("sale.advance.payment.inv", "create_invoices", [wizard], context=context)
        drafts = [("invoice_origin", "!=", False), ("move_type", "=", "out_invoice"), ("state", "=", "draft")]
        waiting = self.erp.call("account.move", "search", drafts)
        if waiting:
            self.erp.call("account.move", "action_post", waiting)
        return {row["client_order_ref"]: self._read(row["id"]).invoices for row in rows}

    def _new_order(self, order: Order) -> int:
        """Create an order together with its external id: the answer may be lost, but not one of the two."""
        customer = self.customer(order.customer, order.email)
        header = ["id", "client_order_ref", "partner_id/.id"]
        names = [
            *header, "order_line/product_id/.id", "order_line/product_uom_qty", "order_line/discount",
            "order_line/price_unit",
        ]  # fmt: skip
        priced = all(line.price is not None for line in order.lines)
        rows: list[list[Any]] = []
        for line in order.lines:
            first = [f"{MODULE}.{_external(order.number)}", order.number, customer] if not rows else [""] * len(header)
            price = [line.price] if priced else []
            rows.append([*first, self.known_product(line.code), line.quantity, line.discount, *price])
        answer = self.erp.call("sale.order", "load", names[: len(rows[0])], rows)
        if not answer["ids"]:
            raise Refused("; ".join(message["message"] for message in answer["messages"]))
        created: int = answer["ids"][0]
        return created

    def _read(self, order: int) -> Ordered:
        fields = ["name", "state", "amount_total", "order_line", "invoice_ids"]
        (row,) = self.erp.call("sale.order", "read", [order], fields)
        lines = self.erp.call("sale.order.line", "read", row["order_line"], ["product_id", "qty_delivered"])
        codes = self.erp.call("product.product", "read", [line["product_id"][0] for line in lines], ["default_code"])
        by_product = {product["id"]: product["default_code"] for product in codes}
        delivered: dict[str, float] = {}
        for line in lines:
            code = by_product[line["product_id"][0]]
            delivered[code] = delivered.get(code, 0.0) + line["qty_delivered"]
        posted = [("id", "in", row["invoice_ids"]), ("state", "=", "posted")]
        moves = self.erp.call("account.move", "search_read", posted, ["name"], order="id")
        invoices = [move["name"] for move in moves]
        return Ordered(row["id"], row["name"], row["state"], row["amount_total"], delivered, invoices)


def _external(number: str) -> str:
    return f"order_{number}"
