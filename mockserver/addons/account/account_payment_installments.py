"""account.payment.register since 18: what is overdue, or the next installment, is proposed first.

Source: recorded in flow-payment-1 (18.0, 19.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.account import payment_batches
from mockserver.addons.account.move_types import INVOICE_OR_RECEIPT
from mockserver.addons.account.payment_batches import Totals

FULL = "full"
_BY_MODE = ("overdue", "next", "before_date")


class PaymentInstallments(models.TransientModel):
    _inherit = "account.payment.register"
    _since = 13

    def _totals(self) -> Totals | None:
        self.ensure_one()
        if not (self.line_ids and self.journal_id and self.currency_id and self.payment_date):
            return None
        return payment_batches.totals(self._batches(), self)

    @api.versions(since=18)
    @api.depends(
        "can_edit_wizard", "source_amount", "source_amount_currency", "source_currency_id", "company_id",
        "currency_id", "payment_date", "line_ids",
    )  # fmt: skip
    def _compute_amount(self) -> None:
        for wizard in self:
            found = wizard._totals()
            wizard.amount = found.proposed if found and wizard.can_edit_wizard else wizard.amount

    @api.versions(since=18)
    @api.depends("amount")
    def _compute_installments_mode(self) -> None:
        for wizard in self:
            found = wizard._totals()
            same = wizard.currency_id.compare_amounts
            proposed = (
                found is not None and same(wizard.amount, found.whole) != 0 and same(wizard.amount, found.proposed) == 0
            )
            wizard.installments_mode = found.mode or FULL if found and proposed else FULL

    @api.versions(since=18, name="_is_discounted")
    def _is_discounted_18(self) -> bool:
        found = self._totals()
        if found is None or not found.discounted:
            return False
        same = self.currency_id.compare_amounts
        return any(same(self.amount, amount) == 0 for amount in (found.proposed, found.whole))

    @api.versions(since=18)
    def _compute_payment_difference(self) -> None:
        for wizard in self:
            found = wizard._totals()
            wizard.payment_difference = 0.0
            if found is not None:
                partly = wizard.installments_mode in _BY_MODE
                whole = found.difference if partly else found.whole_difference
                wizard.payment_difference = whole - wizard.amount

    @api.versions(since=18)
    @api.depends("amount", "line_ids")
    def _compute_can_group_payments(self) -> None:
        """The items of one invoice are always paid at once."""
        for wizard in self:
            batches = wizard._batches() if wizard.line_ids else []
            moves = wizard.line_ids.move_id
            single = len(moves) == 1 and moves.move_type in INVOICE_OR_RECEIPT
            wizard.can_group_payments = not single and any(len(batch.lines) != 1 for batch in batches)

    @api.computes("installments_switch_amount", "installments_switch_html")
    def _compute_installments_switch_values(self) -> None:
        """The other amount that the form offers, and its text."""
        for wizard in self:
            found = wizard._totals()
            mode, amount = wizard.installments_mode, 0.0
            html: str | bool = False
            if found is not None and found.proposed != found.whole:
                texts = _TEXTS.get(str(mode))
                amount = found.proposed if mode == FULL else found.whole
                html = _switch(*texts) if texts else False
            wizard.installments_switch_amount, wizard.installments_switch_html = amount, html

    def _compute_show_payment_difference(self) -> None:
        for wizard in self:
            grouped = wizard.group_payment or not wizard.can_group_payments
            zero = wizard.currency_id.is_zero(wizard.payment_difference)
            method = bool(wizard.payment_method_line_id.payment_account_id)
            wizard.show_payment_difference = bool(
                not zero and wizard.can_edit_wizard and grouped and not wizard._is_discounted() and method
            )

    def _compute_is_register_payment_on_draft(self) -> None:
        for wizard in self:
            wizard.is_register_payment_on_draft = any(move.state == "draft" for move in wizard.line_ids.move_id)

    def _compute_duplicate_payment_ids(self) -> None:
        for wizard in self:
            found = self.env["account.payment"].search(
                [
                    ("partner_id", "=", wizard.partner_id.id), ("payment_type", "=", wizard.payment_type),
                    ("date", "=", wizard.payment_date), ("amount", "=", wizard.amount),
                    ("company_id", "=", wizard.company_id.id), ("state", "in", ["draft", "in_process"]),
                ]
            )  # fmt: skip
            wizard.duplicate_payment_ids = found if wizard.partner_id else found.browse()

    def _compute_batches(self) -> None:
        for wizard in self:
            wizard.batches = False

    def _compute_actionable_errors(self) -> None:
        for wizard in self:
            wizard.actionable_errors = False

    def _compute_missing_account_partners(self) -> None:
        for wizard in self:
            wizard.missing_account_partners = []


_TEXTS = {
    "full": ("Consider paying in ", "installments", " to benefit from this option."),
    "overdue": ("This is the overdue amount.<br/>Consider paying the ", "full amount", "."),
    "next": ("This is the next unreconciled installment.<br/>Consider paying the ", "full amount", "."),
}


def _switch(before: str, link: str, after: str) -> str:
    shown: Any = f'<span class="installments_switch_button">{link}</span>'
    return f"<p>{before}{shown}{after}</p>"
