"""Send a shop's products and invoices to Odoo, and read numbers and payments back.

    sync = OrderSync(Erp("https://erp.example.com", "shop", "sync@example.com", "secret"))
    sync.push_products([Product("CH-1", "Chair", 50.0)])
    sync.push_invoice(Invoice("W-1001", "Ann Smith", "ann@example.com", [Line("CH-1", 2)], total=115.0, paid=115.0))

Each step may be done twice: products are found by their code, customers by their address, invoices by the shop's
number.  So a run that was cut short is simply run again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from erp import Erp


class TotalDiffers(Exception):
    """Odoo computes another total than the shop; the invoice is not kept."""


@dataclass(frozen=True)
class Product:
    """A product of the shop; `price` is without taxes."""

    code: str
    name: str
    price: float


@dataclass(frozen=True)
class Line:
    """A line of an invoice; without a price, it has that of the product.  `discount` is in percent."""

    code: str
    quantity: float
    price: float | None = None
    discount: float = 0.0


@dataclass(frozen=True)
class Invoice:
    """An invoice of the shop; `total` is with taxes, `paid` is what the customer has paid so far."""

    number: str
    customer: str
    email: str
    lines: list[Line]
    total: float
    paid: float = 0.0
    date: str | None = None


@dataclass(frozen=True)
class Booked:
    """An invoice as Odoo has it: its number there, its total, what is still open, and the state of its payment."""

    id: int
    name: str
    total: float
    open: float
    payment_state: str


@dataclass
class ProductReport:
    """The codes of products by what became of them."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


class OrderSync:
    """Products and invoices of one shop in one database."""

    def __init__(self, erp: Erp) -> None:
        self._erp = erp

    def push_products(self, products: Iterable[Product]) -> ProductReport:
        """Create products, or change their name and price; those in the archive are changed there."""
        report = ProductReport()
        for product in products:
            values = {"name": product.name, "list_price": product.price}
            found = self._product(product.code, ["name", "list_price"])
            if found is None:
                self._erp.call("product.template", "create", {"default_code": product.code, **values})
                report.created.append(product.code)
            elif {name: found[name] for name in values} != values:
                self._erp.call("product.product", "write", [found["id"]], values)
                report.updated.append(product.code)
            else:
                report.unchanged.append(product.code)
        return report

    def push_invoice(self, invoice: Invoice) -> Booked:
        """Create and post an invoice and register what was paid; return it as Odoo has it.

        An invoice that is there already is not created again, and only the rest of a payment is registered.
        Raises TotalDiffers, LookupError for an unknown product, and Refused.
        """
        booked = self._booked([("ref", "=", invoice.number), ("move_type", "=", "out_invoice")])
        if booked is None:
            booked = self._create(invoice)
        if booked.name in ("/", "") or self._state(booked.id) == "draft":
            self._erp.call("account.move", "action_post", [booked.id])
            booked = self._again(booked)
        missing = round(invoice.paid - (booked.total - booked.open), 2)
        if missing > 0:
            self._pay(booked, missing)
            booked = self._again(booked)
        return booked

    def refund(self, number: str, reason: str) -> Booked:
        """Reverse an invoice by a posted credit note, and return the credit note."""
        invoice = self._booked([("ref", "=", number), ("move_type", "=", "out_invoice")])
        if invoice is None:
            raise LookupError(f"there is no invoice {number}")
        known = self._booked([("reversed_entry_id", "=", invoice.id)])
        if known is not None:
            return known
        context = {"active_model": "account.move", "active_ids": [invoice.id]}
        (journal,) = self._erp.call("account.move", "read", [invoice.id], ["journal_id"])
        values = {"reason": reason, "journal_id": journal["journal_id"][0]}
        wizard = self._erp.call("account.move.reversal", "create", values, context=context)
        action = self._erp.call("account.move.reversal", "refund_moves", [wizard])
        self._erp.call("account.move", "action_post", [action["res_id"]])
        note = self._booked([("id", "=", action["res_id"])])
        assert note is not None
        return note

    def open_invoices(self) -> dict[str, Booked]:
        """Return posted invoices that are not paid, by the shop's number."""
        domain = [
            ("move_type", "=", "out_invoice"), ("state", "=", "posted"), ("ref", "!=", False),
            ("payment_state", "in", ["not_paid", "partial"]),
        ]  # fmt: skip
        rows = self._erp.call("account.move", "search_read", domain, ["ref", *_READ], order="id")
        return {row["ref"]: _booked(row) for row in rows}

    def _create(self, invoice: Invoice) -> Booked:
        lines = [(0, 0, self._line(line)) for line in invoice.lines]
        values = {
            "move_type": "out_invoice", "ref": invoice.number, "invoice_line_ids": lines,
            "partner_id": self._customer(invoice), **({"invoice_date": invoice.date} if invoice.date else {}),
        }  # fmt: skip
        created = self._erp.call("account.move", "create", values)
        booked = self._booked([("id", "=", created)])
        assert booked is not None
        if round(booked.total - invoice.total, 2):
            self._erp.call("account.move", "unlink", [created])
            raise TotalDiffers(f"{invoice.number}: {booked.total} at Odoo, {invoice.total} in the shop")
        return booked

    def _line(self, line: Line) -> dict[str, Any]:
        product = self._product(line.code, ["name"])
        if product is None:
            raise LookupError(f"there is no product {line.code}")
        given = {} if line.price is None else {"price_unit": line.price}
        return {"product_id": product["id"], "quantity": line.quantity, "discount": line.discount, **given}

    def _customer(self, invoice: Invoice) -> int:
        found: list[int] = self._erp.call("res.partner", "search", [("email", "=", invoice.email)], limit=1, order="id")
        if found:
            return found[0]
        created: int = self._erp.call("res.partner", "create", {"name": invoice.customer, "email": invoice.email})
        return created

    def _pay(self, booked: Booked, amount: float) -> None:
        context = {"active_model": "account.move", "active_ids": [booked.id]}
        wizard = self._erp.call("account.payment.register", "create", {"amount": amount}, context=context)
        self._erp.call("account.payment.register", "action_create_payments", [wizard], context=context)

    def _product(self, code: str, fields: list[str]) -> dict[str, Any] | None:
        rows = self._erp.call(
            "product.product", "search_read", [("default_code", "=", code)], fields,
            limit=1, context={"active_test": False},
        )  # fmt: skip
        return rows[0] if rows else None

    def _state(self, move: int) -> str:
        (row,) = self._erp.call("account.move", "read", [move], ["state"])
        state: str = row["state"]
        return state

    def _booked(self, domain: list[Any]) -> Booked | None:
        rows = self._erp.call("account.move", "search_read", domain, list(_READ), limit=1)
        return _booked(rows[0]) if rows else None

    def _again(self, booked: Booked) -> Booked:
        found = self._booked([("id", "=", booked.id)])
        assert found is not None
        return found


_READ = ("name", "amount_total", "amount_residual", "payment_state")


def _booked(row: dict[str, Any]) -> Booked:
    """Return an invoice of a row; a draft of 18 and later has no number."""
    return Booked(row["id"], row["name"] or "", row["amount_total"], row["amount_residual"], row["payment_state"])
