"""account.register.payments: the wizard for the payments of several invoices, until 12.0.

Inferred: 12.0.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.account_invoices.due import difference, hides_method, of_invoices
from mockserver.addons.account_invoices.kinds import SALE
from mockserver.errors import UserError


class RegisterPayments(models.TransientModel):
    _inherit = "account.register.payments"

    @api.model
    def default_get(self, fields_list: Any) -> dict[str, Any]:
        """Return the defaults, with what follows from the invoices that the context names."""
        of_context = {name: value for name, value in self._of_context().items() if name in fields_list}
        return {**super().default_get(fields_list), **of_context}

    def _of_context(self) -> dict[str, Any]:
        """Return the values that follow from the invoices that the context names, which must be open."""
        invoices = self.env["account.invoice"].browse(self.env.context.get("active_ids") or ())
        if not invoices or self.env.context.get("active_model", "account.invoice") != "account.invoice":
            return {}
        if any(invoice.state != "open" for invoice in invoices):
            raise UserError("You can only register payments for open invoices")
        if len(invoices.currency_id) > 1:
            raise UserError("In order to pay multiple invoices at once, they must use the same currency.")
        values = {**of_invoices(invoices), "multi": len(_groups(invoices)) > 1}
        values["communication"] = " ".join(
            str(text) for invoice in invoices if (text := invoice.reference or invoice.number)
        )
        return values

    def _compute_hide_payment_method(self) -> None:
        for wizard in self:
            wizard.hide_payment_method = hides_method(wizard)

    def _compute_payment_difference(self) -> None:
        for wizard in self:
            wizard.payment_difference = difference(wizard)

    def _compute_show_communication_field(self) -> None:
        for wizard in self:
            wizard.show_communication_field = len(wizard.invoice_ids) == 1 or wizard.group_invoices

    def create_payments(self) -> dict[str, Any]:
        """Post a payment for each partner and account of the invoices; return the action that lists them."""
        payments = self.env["account.payment"].create(self._values_of_payments())
        payments.post()
        return {
            "name": "Payments",
            "domain": [["id", "in", payments.ids], ["state", "=", "posted"]],
            "view_type": "form",
            "view_mode": "tree,form",
            "res_model": "account.payment",
            "view_id": False,
            "type": "ir.actions.act_window",
        }

    def _values_of_payments(self) -> list[dict[str, Any]]:
        invoices = self.invoice_ids or self.env["account.invoice"].browse(self.env.context.get("active_ids") or ())
        single = "group_invoices" in self and not self.group_invoices and self.multi
        groups = [one for group in _groups(invoices) for one in (list(group) if single else [group])]
        chosen = {
            "journal_id": self.journal_id.id,
            "payment_method_id": self.payment_method_id.id,
            "payment_date": str(self.payment_date),
        }
        values = []
        for group in groups:
            own = {**of_invoices(group), **chosen}
            if len(groups) == 1:
                own |= {
                    "amount": self.amount, "currency_id": self.currency_id.id, "communication": self.communication,
                    "payment_difference_handling": self.payment_difference_handling,
                    "writeoff_account_id": self.writeoff_account_id.id, "writeoff_label": self.writeoff_label,
                }  # fmt: skip
            values.append(own)
        return values


def _groups(invoices: Any) -> list[Any]:
    """Return invoices by partner, account and kind."""
    found: dict[Any, Any] = {}
    for invoice in invoices:
        key = (invoice.commercial_partner_id, invoice.account_id, invoice.type in SALE, invoice.partner_bank_id)
        found[key] = found.get(key, invoices.browse()) | invoice
    return list(found.values())
