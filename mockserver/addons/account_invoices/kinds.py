"""The types of invoices until 12.0."""

from __future__ import annotations

SALE = frozenset({"out_invoice", "out_refund"})
PURCHASE = frozenset({"in_invoice", "in_refund"})
REFUNDS = frozenset({"out_refund", "in_refund"})
INBOUND = frozenset({"out_invoice", "in_refund"})
REFUND_OF = {
    "out_invoice": "out_refund", "in_invoice": "in_refund", "out_refund": "out_invoice", "in_refund": "in_invoice",
}  # fmt: skip
JOURNALS = {"out_invoice": "sale", "out_refund": "sale", "in_invoice": "purchase", "in_refund": "purchase"}


def direction(kind: str) -> int:
    """Return 1 where the lines of an invoice are debits, -1 where they are credits."""
    return -1 if kind in INBOUND else 1
