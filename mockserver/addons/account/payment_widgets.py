"""What the form of an invoice shows below its total: payments made, and credits that it could be reconciled with.

Inferred: 17.0; until 15 the values are JSON texts with fewer keys.
"""

from __future__ import annotations

import json
from typing import Any

from mockserver.addons.account import account_kinds, reconciling
from mockserver.addons.account.move_types import INBOUND_OR_RECEIPT, INVOICE_OR_RECEIPT
from mockserver.addons.base.money import amount_text
from mockserver.orm.records.recordset import Recordset


def outstanding(move: Recordset) -> Any:
    """Return the open items of the partner on the accounts of the invoice that would settle it; False without any."""
    if move.state != "posted" or move.payment_state not in ("not_paid", "partial"):
        return _shown(move, "invoice_outstanding_credits_debits_widget", None)
    content = []
    if move.move_type in INVOICE_OR_RECEIPT:
        content = [entry for line in _open_items(move) if (entry := _credit(move, line)) is not None]
    inbound = move.move_type in INBOUND_OR_RECEIPT
    title = "Outstanding credits" if inbound else "Outstanding debits"
    found = {"outstanding": True, "content": content, "move_id": move.id, "title": title}
    return _shown(move, "invoice_outstanding_credits_debits_widget", found if content else None)


def payments(move: Recordset) -> Any:
    """Return what the invoice was reconciled with; False without anything."""
    content = []
    if move.state == "posted" and move.move_type in INVOICE_OR_RECEIPT:
        lines = _trade_lines(move)
        for partial in reconciling.partials_of(lines):
            own_is_debit = partial.debit_move_id in lines
            other = partial.credit_move_id if own_is_debit else partial.debit_move_id
            content.append(_payment(move, partial, other, own_is_debit))
    found = {"title": "Less Payment", "outstanding": False, "content": content}
    return _shown(move, "invoice_payments_widget", found if content else None)


def _shown(move: Recordset, field: str, found: dict[str, Any] | None) -> Any:
    """Return a value as the field holds it: a JSON text in old versions."""
    if move._model.fields[field].type != "text":
        return found or False
    keys = ("journal_name", "amount", "currency", "id", "position", "digits", "date", "payment_date", "name",
            "partial_id", "account_payment_id", "payment_method_name", "move_id", "ref")  # fmt: skip
    if found is None:
        return json.dumps(False)
    currency = move.currency_id
    more = {"currency": currency.symbol, "position": currency.position, "digits": [69, currency.decimal_places]}
    entries = [
        {key: value for key, value in {**entry, **more, "payment_date": entry["date"]}.items() if key in keys}
        for entry in found["content"]
    ]
    return json.dumps({**found, "content": entries})


def _trade_lines(move: Recordset) -> Recordset:
    found: Recordset = move.line_ids.filtered(lambda line: account_kinds.is_trade(line.account_id))
    return found


def _open_items(move: Recordset) -> Recordset:
    inbound = move.move_type in INBOUND_OR_RECEIPT
    lines: Recordset = move.env["account.move.line"].search(
        [
            ("account_id", "in", _trade_lines(move).account_id.ids),
            ("parent_state", "=", "posted"),
            ("partner_id", "=", move.commercial_partner_id.id),
            ("reconciled", "=", False),
            ("balance", "<" if inbound else ">", 0.0),
            "|", ("amount_residual", "!=", 0.0), ("amount_residual_currency", "!=", 0.0),
        ]
    )  # fmt: skip
    return lines


def _credit(move: Recordset, line: Recordset) -> dict[str, Any] | None:
    if line.currency_id == move.currency_id:
        amount = abs(line.amount_residual_currency)
    else:
        currency = line.company_currency_id
        amount = currency._convert(abs(line.amount_residual), move.currency_id, move.company_id, line.date)
    if move.currency_id.is_zero(amount):
        return None
    return {
        "journal_name": line.ref or line.move_id.name,
        "amount": amount,
        "currency_id": move.currency_id.id,
        "id": line.id,
        "move_id": line.move_id.id,
        "date": line.date,
        "account_payment_id": line.payment_id.id,
    }


def _payment(move: Recordset, partial: Recordset, other: Recordset, own_is_debit: bool) -> dict[str, Any]:
    entry = other.move_id
    company = other.company_id.currency_id
    exchange = other.move_id.journal_id == move.company_id.currency_exchange_journal_id
    amount = partial.debit_amount_currency if own_is_debit else partial.credit_amount_currency
    foreign = other.currency_id if other.amount_currency and other.currency_id != company else None
    payment = other.payment_id
    method = "payment_method_line_id" if "payment_method_line_id" in payment._model.fields else "payment_method_id"
    same = entry.company_id == move.company_id
    return {
        "name": other.name,
        "journal_name": other.journal_id.name,
        "company_name": False if same else entry.company_id.name,
        "amount": partial.amount if exchange else amount,
        "currency_id": (company if exchange else move.currency_id).id,
        "date": other.date,
        "partial_id": partial.id,
        "account_payment_id": payment.id,
        "payment_method_name": payment[method].name,
        "move_id": entry.id,
        "ref": f"{entry.name} ({entry.ref})" if entry.ref else entry.name,
        "is_exchange": exchange,
        "amount_company_currency": amount_text(move.env, abs(other.balance), company),
        "amount_foreign_currency": amount_text(move.env, abs(other.amount_currency), foreign) if foreign else False,
    }
