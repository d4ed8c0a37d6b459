"""res.partner.bank: bank accounts that payments may be sent to, and who may say so.

Inferred: 17.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver import api, models
from mockserver.addons.base.res_bank import sanitized_field
from mockserver.errors import UserError, ValidationError

_TRUSTEES = "account.group_validate_bank_account"
# what may not change once an account is trusted
_LOCKED = frozenset({"acc_number", "sanitized_acc_number", "partner_id", "acc_type",
                     "account_number", "sanitized_account_number", "account_type"})  # fmt: skip


class PartnerBank(models.Model):
    _inherit = "res.partner.bank"

    def _may_trust(self) -> bool:
        return self.env.su or bool(self.env.user.has_group(_TRUSTEES))

    def _compute_lock_trust_fields(self) -> None:
        for bank in self:
            bank.lock_trust_fields = bool(bank.allow_out_payment) if "allow_out_payment" in bank else False

    def _compute_user_has_group_validate_bank_account(self) -> None:
        for bank in self:
            bank.user_has_group_validate_bank_account = self._may_trust()

    def _compute_money_transfer_service(self) -> None:
        for bank in self:
            bank.money_transfer_service = False

    def _compute_color(self) -> None:
        """Green for an account that is trusted."""
        for bank in self:
            bank.color = 10 if bank.allow_out_payment else 1

    def _compute_duplicate_bank_partner_ids(self) -> None:
        """Other contacts with the same account."""
        number = sanitized_field(self)
        for bank in self:
            alike = self.search([(number, "=", bank[number])])
            bank.duplicate_bank_partner_ids = alike.partner_id - bank.partner_id

    @api.constrains("journal_id")
    def _check_journal_id(self) -> None:
        if any(len(bank.journal_id) > 1 for bank in self):
            raise ValidationError("A bank account can belong to only one journal.")

    @api.versions(since=17)
    @api.constrains("allow_out_payment")
    def _check_allow_out_payment(self) -> None:
        if any(bank.allow_out_payment for bank in self) and not self._may_trust():
            raise ValidationError("You do not have the right to trust or un-trust a bank account.")

    @api.versions(since=17)
    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change bank accounts; a trusted one keeps its number and owner."""
        if _LOCKED & set(vals) and any(bank.allow_out_payment for bank in self.exists()):
            raise UserError("You cannot modify the account number or partner of an account that has been trusted.")
        if "allow_out_payment" in vals and not self._may_trust():
            raise UserError("You do not have the rights to trust or un-trust accounts.")
        return super().write(vals)

    @api.versions(since=18)
    def action_archive_bank(self) -> bool:
        """Archive the bank accounts."""
        return bool(self.write({"active": False}))
