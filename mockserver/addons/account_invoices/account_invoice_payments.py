"""account.invoice: how payments settle invoices, until 12.0.

Inferred: 12.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver import models
from mockserver.addons.account_invoices.due import of_invoices
from mockserver.addons.account_invoices.kinds import INBOUND


class InvoicePayments(models.Model):
    _inherit = "account.invoice"

    def register_payment(
        self, payment_line: Any, writeoff_acc_id: Any = False, writeoff_journal_id: Any = False
    ) -> Any:
        """Reconcile what is open of invoices with an item."""
        open_lines = self._due_lines().filtered(lambda line: not line.reconciled)
        lines = open_lines | payment_line
        lines = lines.filtered(lambda line: line.account_id == payment_line[:1].account_id)
        return lines.reconcile(writeoff_acc_id, writeoff_journal_id) if len(lines) > 1 else True

    def assign_outstanding_credit(self, credit_aml_id: int) -> Any:
        """Reconcile an open item with the invoice."""
        self.ensure_one()
        line = self.env["account.move.line"].browse(credit_aml_id)
        if line.payment_id:
            line.payment_id.write({"invoice_ids": [(4, self.id, 0)]})
        return self.register_payment(line)

    def pay_and_reconcile(
        self, pay_journal: Any, pay_amount: float | None = None, date: Any = None, writeoff_acc: Any = None
    ) -> bool:
        """Post a payment of an invoice by a journal, in full unless an amount is given; return True."""
        journal = self.env["account.journal"].browse(pay_journal if isinstance(pay_journal, int) else pay_journal.id)
        account = writeoff_acc if isinstance(writeoff_acc, int) or not writeoff_acc else writeoff_acc.id
        for invoice in self:
            inbound = invoice.type in INBOUND
            methods = journal.inbound_payment_method_ids if inbound else journal.outbound_payment_method_ids
            values: Mapping[str, Any] = {
                **of_invoices(invoice),
                "amount": pay_amount or invoice.residual,
                "journal_id": journal.id,
                "payment_date": str(date or self.env.db.clock.today()),
                "payment_method_id": methods[:1].id,
                "payment_difference_handling": "reconcile" if writeoff_acc else "open",
                "writeoff_account_id": account,
            }
            self.env["account.payment"].create(values).post()
        return True
