"""Invoices and payments to Odoo; numbers and open amounts back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from directory import Directory
from shop import Invoice, Line, TotalDiffers


@dataclass(frozen=True)
class Booked:
    """An invoice as Odoo has it: its number there, its total, what is still open, and the state of its payment."""

    id: int
    name: str
    total: float
    open: float
    payment_state: str


class Invoices(Directory):
    """The invoices of a shop that does not send its orders."""

    def push_invoice(self, invoice: Invoice) -> Booked:
        """Create and post an invoice and register what was paid; return it as Odoo has it.

        An invoice that is there already is not created again, and only the rest of a payment is registered.
        Raises TotalDiffers, LookupError for an unknown product, and Refused.
        """
        booked = self._booked([("ref", "=", invoice.number), ("move_type", "=", "out_invoice")])
        if booked is None:
            booked = self._new_invoice(invoice)
        if booked.name in ("/", "") or self._state(booked.id) == "draft":
            self.erp.call("account.move", "action_post", [booked.id])
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
        (journal,) = self.erp.call("account.move", "read", [invoice.id], ["journal_id"])
        values = {"reason": reason, "journal_id": journal["journal_id"][0]}
        wizard = self.erp.call("account.move.reversal", "create", values, context=context)
        action = self.erp.call("account.move.reversal", "refund_moves", [wizard])
        self.erp.call("account.move", "action_post", [action["res_id"]])
        note = self._booked([("id", "=", action["res_id"])])
        assert note is not None
        return note

    def open_invoices(self) -> dict[str, Booked]:
        """Return posted invoices that are not paid, by the shop's number."""
        domain = [
            ("move_type", "=", "out_invoice"), ("state", "=", "posted"), ("ref", "!=", False),
            ("payment_state", "in", ["not_paid", "partial"]),
        ]  # fmt: skip
        rows = self.erp.call("account.move", "search_read", domain, ["ref", *_READ], order="id")
        return {row["ref"]: _booked(row) for row in rows}

    def _new_invoice(self, invoice: Invoice) -> Booked:
        lines = [(0, 0, self._line(line)) for line in invoice.lines]
        values = {
            "move_type": "out_invoice", "ref": invoice.number, "invoice_line_ids": lines,
            "partner_id": self.customer(invoice.customer, invoice.email),
            **({"invoice_date": invoice.date} if invoice.date else {}),
        }  # fmt: skip
        created = self.erp.call("account.move", "create", values)
        booked = self._booked([("id", "=", created)])
        assert booked is not None
        if round(booked.total - invoice.total, 2):
            self.erp.call("account.move", "unlink", [created])
            raise TotalDiffers(f"{invoice.number}: {booked.total} at Odoo, {invoice.total} in the shop")
        return booked

    def _line(self, line: Line) -> dict[str, Any]:
        given = {} if line.price is None else {"price_unit": line.price}
        product = self.known_product(line.code)
        return {"product_id": product, "quantity": line.quantity, "discount": line.discount, **given}

    def _pay(self, booked: Booked, amount: float) -> None:
        context = {"active_model": "account.move", "active_ids": [booked.id]}
        wizard = self.erp.call("account.payment.register", "create", {"amount": amount}, context=context)
        self.erp.call("account.payment.register", "action_create_payments", [wizard], context=context)

    def _state(self, move: int) -> str:
        (row,) = self.erp.call("account.move", "read", [move], ["state"])
        state: str = row["state"]
        return state

    def _booked(self, domain: list[Any]) -> Booked | None:
        rows = self.erp.call("account.move", "search_read", domain, list(_READ), limit=1)
        return _booked(rows[0]) if rows else None

    def _again(self, booked: Booked) -> Booked:
        found = self._booked([("id", "=", booked.id)])
        assert found is not None
        return found


_READ = ("name", "amount_total", "amount_residual", "payment_state")


def _booked(row: dict[str, Any]) -> Booked:
    """Return an invoice of a row; a draft of 18 and later has no number."""
    return Booked(row["id"], row["name"] or "", row["amount_total"], row["amount_residual"], row["payment_state"])
