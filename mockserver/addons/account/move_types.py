"""The types of entries, and what follows from a type."""

from __future__ import annotations

from typing import Any

SALE = frozenset({"out_invoice", "out_refund"})
PURCHASE = frozenset({"in_invoice", "in_refund"})
SALE_OR_RECEIPT = SALE | {"out_receipt"}
PURCHASE_OR_RECEIPT = PURCHASE | {"in_receipt"}
INVOICE = SALE | PURCHASE
INVOICE_OR_RECEIPT = SALE_OR_RECEIPT | PURCHASE_OR_RECEIPT
RECEIPTS = frozenset({"out_receipt", "in_receipt"})
REFUND = frozenset({"out_refund", "in_refund"})
# whose payments come in, and whose go out
INBOUND = frozenset({"out_invoice", "in_refund"})
OUTBOUND = frozenset({"in_invoice", "out_refund"})
INBOUND_OR_RECEIPT = INBOUND | {"out_receipt"}
OUTBOUND_OR_RECEIPT = OUTBOUND | {"in_receipt"}

# lines that say something, and have no amounts
TEXT_LINES = frozenset({"line_section", "line_subsection", "line_note"})

REVERSED = {
    "entry": "entry",
    "out_invoice": "out_refund",
    "out_refund": "out_invoice",
    "in_invoice": "in_refund",
    "in_refund": "in_invoice",
    "out_receipt": "out_refund",
    "in_receipt": "in_refund",
}
# an entry that is no invoice cannot be switched
SWITCHED = {before: after for before, after in REVERSED.items() if before != "entry"}


def direction(move_type: Any) -> int:
    """Return 1 where the base lines of an entry are debits, -1 where they are credits."""
    return 1 if move_type == "entry" or move_type in OUTBOUND_OR_RECEIPT else -1


def journal_types(move_type: Any) -> tuple[str, ...]:
    """Return the types of journals that an entry of a type may be in."""
    if move_type in SALE_OR_RECEIPT:
        return ("sale",)
    return ("purchase",) if move_type in PURCHASE_OR_RECEIPT else ("general",)
