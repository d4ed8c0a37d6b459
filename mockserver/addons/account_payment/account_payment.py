"""What online payments add to payments, the payment wizard and entries: nothing was paid online."""

from __future__ import annotations

from typing import Any

from mockserver import api, models


class Payment(models.Model):
    _inherit = "account.payment"
    _since = 13

    @api.computes("use_electronic_payment_method", "suitable_payment_token_ids", "related_partner_ids")
    def _compute_suitable_payment_token_ids(self) -> None:
        for payment in self:
            for name in ("suitable_payment_token_ids", "related_partner_ids"):
                if name in payment:
                    payment[name] = ()
            if "use_electronic_payment_method" in payment:
                payment.use_electronic_payment_method = False

    @api.computes("amount_available_for_refund", "refunds_count")
    def _compute_refunds(self) -> None:
        for payment in self:
            payment.amount_available_for_refund = 0.0
            payment.refunds_count = 0

    @api.versions(since=16)
    def action_view_refunds(self) -> dict[str, Any]:
        """Return the action that lists the refunds of a payment."""
        view = self.env.db.profile.rules.list_view
        return {
            "name": "Refund", "res_model": "account.payment", "type": "ir.actions.act_window",
            "view_mode": f"{view},form", "domain": [["source_payment_id", "=", self.id]],
        }  # fmt: skip


class PaymentRegister(models.TransientModel):
    _inherit = "account.payment.register"
    _since = 13

    @api.computes(
        "use_electronic_payment_method", "suitable_payment_token_ids", "suitable_payment_token_partner_ids",
        "payment_token_id",
    )  # fmt: skip
    def _compute_suitable_payment_token_ids(self) -> None:
        for wizard in self:
            for name in ("suitable_payment_token_ids", "suitable_payment_token_partner_ids"):
                if name in wizard:
                    wizard[name] = ()
            wizard.payment_token_id = False
            if "use_electronic_payment_method" in wizard:
                wizard.use_electronic_payment_method = False


class Move(models.Model):
    _inherit = "account.move"
    _since = 13

    @api.computes("authorized_transaction_ids", "amount_paid", "transaction_count")
    def _compute_transactions(self) -> None:
        for move in self:
            move.authorized_transaction_ids = ()
            for name in ("amount_paid", "transaction_count"):
                if name in move:
                    move[name] = 0

    def get_portal_last_transaction(self) -> Any:
        """Return the last online payment of the invoice: there is none."""
        return self.transaction_ids
