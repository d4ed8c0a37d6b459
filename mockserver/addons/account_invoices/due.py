"""What is due of invoices until 12.0, as payments and their wizards ask for it.

Inferred: 12.0.
"""

from __future__ import annotations

from typing import Any

from mockserver.addons.account_invoices.kinds import INBOUND, SALE


def total_due(invoices: Any, currency: Any, day: Any) -> float:
    """Return what is open of invoices in a currency: positive where it is received."""
    total = 0.0
    for invoice in invoices:
        sign = 1 if invoice.type in INBOUND else -1
        amount = invoice.residual
        if invoice.currency_id != currency:
            amount = invoice.currency_id._convert(amount, currency, invoice.company_id, str(day))
        total += sign * amount
    return float(currency.round(total)) if currency else total


def of_invoices(invoices: Any) -> dict[str, Any]:
    """Return the values of a payment of invoices that belong together."""
    first = invoices[:1]
    total = total_due(invoices, first.currency_id, first.env.db.clock.today())
    return {
        "amount": abs(total),
        "currency_id": first.currency_id.id,
        "payment_type": "inbound" if total > 0 else "outbound",
        "partner_id": first.commercial_partner_id.id,
        "partner_type": "customer" if first.type in SALE else "supplier",
        "communication": first.reference or first.name or first.number,
        "invoice_ids": [(6, 0, invoices.ids)],
    }


def difference(payment: Any) -> float:
    """Return what the invoices of a payment leave open: positive where too little is paid."""
    invoices = payment.invoice_ids
    if not invoices:
        return 0.0
    total = total_due(invoices, payment.currency_id, payment.payment_date)
    sign = 1 if payment.payment_type == "inbound" else -1
    return float(payment.currency_id.round(sign * total - payment.amount))


def hides_method(payment: Any) -> bool:
    journal = payment.journal_id
    if not journal:
        return True
    name = "inbound" if payment.payment_type == "inbound" else "outbound"
    methods = journal[f"{name}_payment_method_ids"]
    return len(methods) == 1 and methods.code == "manual"
