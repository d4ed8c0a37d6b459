"""purchase.bill.union: posted bills, and orders of which bills are missing, to fill in a bill from.

Source: 17.0.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mockserver import models
from mockserver.addons.base.money import amount_text
from mockserver.orm.records.environment import Environment, Recordset


class PurchaseBillUnion(models.Model):
    _inherit = "purchase.bill.union"

    def _query_rows(self) -> Iterator[dict[str, Any]]:
        env = self.env.sudo()
        old = "account.invoice" in env  # until 12.0 bills are no entries
        for bill in _open_bills(env) if old else _posted_bills(env):
            name, reference, day = (
                (bill.number, bill.reference, bill.date_invoice) if old else (bill.name, bill.ref, bill.date)
            )
            yield {
                "id": bill.id, "name": name, "reference": reference or None, "partner_id": bill.partner_id.id,
                "date": day, "amount": bill.amount_untaxed, "currency_id": bill.currency_id.id,
                "company_id": bill.company_id.id, "vendor_bill_id": bill.id,
            }  # fmt: skip
        open_ = [("state", "in", ("purchase", "done")), ("invoice_status", "in", ("to invoice", "no"))]
        for order in env["purchase.order"].search(open_):
            yield {
                "id": -order.id, "name": order.name, "reference": order.partner_ref or None,
                "partner_id": order.partner_id.id, "date": str(order.date_order)[:10],
                "amount": order.amount_untaxed, "currency_id": order.currency_id.id,
                "company_id": order.company_id.id, "purchase_order_id": order.id,
            }  # fmt: skip

    def _compute_display_name(self) -> None:
        """The number, the reference and the amount that is to be billed."""
        for document in self:
            name = f"{document.name or ''} - {document.reference}" if document.reference else document.name or ""
            order = document.purchase_order_id
            amount = 0.0 if order and order.invoice_status == "no" else document.amount
            document.display_name = f"{name}: {amount_text(self.env, amount, document.currency_id)}"


def _posted_bills(env: Environment) -> Recordset:
    return env["account.move"].search([("move_type", "=", "in_invoice"), ("state", "=", "posted")])


def _open_bills(env: Environment) -> Recordset:
    return env["account.invoice"].search([("type", "=", "in_invoice"), ("state", "not in", ["draft", "cancel"])])
