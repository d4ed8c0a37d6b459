"""Whether an invoice is paid: what its items were reconciled with.

Source: recorded in flow-payment-1, flow-bill-1 and flow-random-invoice-1 (17.0–19.0).
"""

from __future__ import annotations

from mockserver.addons.account import account_kinds, reconciling
from mockserver.addons.account.move_types import INVOICE_OR_RECEIPT
from mockserver.orm.records.recordset import Recordset

NOT_PAID, PARTIAL, PAID, REVERSED = "not_paid", "partial", "paid", "reversed"
# states that are not computed anew
_KEPT = ("invoicing_legacy", "blocked")
# entries that take back others, by the type of these; exchange differences may be among them
_TAKES_BACK = {
    "in_invoice": "in_refund", "in_receipt": "in_refund", "out_invoice": "out_refund", "out_receipt": "out_refund",
    "in_refund": "entry", "out_refund": "entry",
}  # fmt: skip


def state_of(move: Recordset) -> str:
    """Return the payment state of an entry."""
    if move.payment_state in _KEPT:
        return str(move.payment_state)
    rules = move.env.db.profile.rules
    counted = ("posted", "draft") if rules.drafts_reconciled else ("posted",)
    if move.move_type not in INVOICE_OR_RECEIPT or move.state not in counted:
        return NOT_PAID
    others = counterparts(move)
    waiting = _without_entry(move)
    if not move.amount_residual and (others or move.state == "posted"):
        return _settled(move, others)
    if others:
        return PARTIAL
    return PAID if waiting and all(payment.state == "paid" for payment in waiting) else NOT_PAID


def counterparts(move: Recordset) -> Recordset:
    """Return the entries that the receivable or payable items of an entry were reconciled with."""
    lines = move.line_ids.filtered(lambda line: account_kinds.is_trade(line.account_id))
    partials = reconciling.partials_of(lines)
    found: Recordset = (partials.debit_move_id | partials.credit_move_id).move_id
    own = (partials.debit_move_id & lines) & (partials.credit_move_id & lines)
    return found if own else found - move


def _settled(move: Recordset, others: Recordset) -> str:
    if any(reconciling.is_payment(other) for other in others):
        return PAID
    types = {other.move_type for other in others}
    taken = _TAKES_BACK.get(move.move_type)
    return REVERSED if types and taken in types and types <= {taken, "entry"} else PAID


def _without_entry(move: Recordset) -> list[Recordset]:
    """Return the payments of an invoice that have no entry of their own."""
    if "matched_payment_ids" not in move._model.fields:
        return []
    return [payment for payment in move.matched_payment_ids if not payment.move_id]
