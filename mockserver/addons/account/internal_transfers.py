"""Transfers between two journals of a company, until 17: the second payment, and the reconciliation of both.

Inferred: 17.0.
"""

from __future__ import annotations

from mockserver.addons.account import payment_methods
from mockserver.orm.records.recordset import Recordset


def complete(payment: Recordset) -> None:
    """Create the payment of the other journal, post it and reconcile the two on the account of transfers."""
    inbound, outbound = payment_methods.INBOUND, payment_methods.OUTBOUND
    paired = payment.create(
        {
            "payment_type": inbound if payment.payment_type == outbound else outbound,
            "partner_type": payment.partner_type,
            "partner_id": payment.partner_id.id,
            "is_internal_transfer": True,
            "journal_id": payment.destination_journal_id.id,
            "destination_journal_id": payment.journal_id.id,
            "amount": payment.amount,
            "currency_id": payment.currency_id.id,
            "date": payment.date,
            "ref": payment.ref,
            "paired_internal_transfer_payment_id": payment.id,
        }
    )
    paired.move_id._post(soft=False)
    payment.write({"paired_internal_transfer_payment_id": paired.id})
    account = payment.destination_account_id
    lines = (payment.move_id.line_ids | paired.move_id.line_ids).filtered(
        lambda line: line.account_id == account and not line.reconciled
    )
    lines.reconcile()
