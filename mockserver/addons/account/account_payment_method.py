"""account.payment.method and account.payment.method.line: how money comes in and goes out by a journal.

Source: recorded in flow-payment-1 (17.0–19.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.errors import UserError

if TYPE_CHECKING:
    from typing_extensions import Self

# journals that get the methods by hand when they are created
_JOURNALS = ("bank", "cash", "credit")


class PaymentMethodLine(models.Model):
    _inherit = "account.payment.method.line"

    @api.depends("payment_method_id.name")
    def _compute_name(self) -> None:
        """The name of the method, unless another was given."""
        for line in self:
            line.name = line.name or line.payment_method_id.name

    @api.versions(since=18)
    def _compute_display_name(self) -> None:
        """The name with that of the journal."""
        for line in self:
            line.display_name = f"{line.name} ({line.journal_id.name})" if line.journal_id else line.name

    @api.constrains("name", "journal_id", "payment_method_id")
    def _ensure_unique_name_for_journal(self) -> None:
        for line in self.filtered(lambda line: bool(line.journal_id)):
            alike = self.search([("journal_id", "=", line.journal_id.id), ("name", "=", line.name)])
            if sum(other.payment_type == line.payment_type for other in alike) > 1:
                raise UserError(
                    f"You can't have two payment method lines of the same payment type ({line.payment_type}) and with"
                    f" the same name ({line.name}) on a single journal."
                )


class JournalMethods(models.Model):
    """The methods of a journal."""

    _inherit = "account.journal"

    def create(self, vals_list: Any) -> Self:
        """Create journals; those of banks and cash get the methods by hand."""
        journals = super().create(vals_list)
        given = [vals_list] if isinstance(vals_list, Mapping) else vals_list
        for journal, vals in zip(journals, given, strict=True):
            if journal.type in _JOURNALS:
                journal._add_methods(vals)
        return journals

    def _add_methods(self, vals: Mapping[str, Any]) -> None:
        for side in ("inbound", "outbound"):
            method = self.env.ref(f"account.account_payment_method_manual_{side.removesuffix('bound')}", False)
            name = f"{side}_payment_method_line_ids"
            if name in self and method is not None and not self[name] and name not in vals:
                self.env["account.payment.method.line"].sudo().create(
                    {"journal_id": self.id, "payment_method_id": method.id}
                )
            name = f"{side}_payment_method_ids"
            if name in self and method is not None and not self[name] and name not in vals:
                self.write({name: [(4, method.id)]})

    @api.versions(since=16)
    def _compute_available_payment_method_ids(self) -> None:
        """All methods that a bank or cash journal may have."""
        for journal in self:
            methods = self.env["account.payment.method"].sudo()
            journal.available_payment_method_ids = methods.search([]) if journal.type in _JOURNALS else methods

    def _compute_selected_payment_method_codes(self) -> None:
        for journal in self:
            lines = journal.inbound_payment_method_line_ids | journal.outbound_payment_method_line_ids
            codes = [str(line.code) for line in lines if line.code]
            journal.selected_payment_method_codes = ",".join(codes) + ","
