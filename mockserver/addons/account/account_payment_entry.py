"""account.payment until 17: a payment is an entry, which is made with it and follows it.

Source: recorded in flow-payment-1 (17.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.account import internal_transfers, payment_lines

if TYPE_CHECKING:
    from typing_extensions import Self

# arguments of `create` that are no fields
EXTRAS = ("write_off_line_vals", "force_balance")
# what the entry takes over from a payment
SYNCHRONISED = frozenset(
    """
    date amount payment_type partner_type payment_reference is_internal_transfer currency_id partner_id
    destination_account_id partner_bank_id journal_id ref memo payment_method_line_id payment_method_id
    """.split()  # noqa: SIM905
)


class PaymentEntry(models.Model):
    _inherit = "account.payment"
    _since = 13

    @api.model(until=17)
    def create(self, vals_list: Any) -> Self:
        """Create payments with their entries; `write_off_line_vals` are items that the entry has too."""
        several = [vals_list] if isinstance(vals_list, Mapping) else list(vals_list)
        extras = [{name: vals[name] for name in EXTRAS if name in vals} for vals in several]
        plain = [
            {"name": "/", **{name: value for name, value in vals.items() if name not in EXTRAS}, "move_type": "entry"}
            for vals in several
        ]
        payments: Self = super(PaymentEntry, self.with_context(is_payment=True)).create(plain)
        made: Self = self.browse(payments._ids)
        for payment, vals, extra in zip(made, several, extras, strict=True):
            payment._make_entry(vals, extra)
        return made

    def _make_entry(self, vals: Mapping[str, Any], extra: Mapping[str, Any]) -> None:
        """Give the new entry what it has in common with the payment, and its items."""
        move = self.move_id
        fields = move._model.fields
        shared: dict[str, Any] = {"payment_id": self.id}
        for name, value in vals.items():
            own = self._model.fields.get(name)
            if own is not None and own.column and not own.related and name in fields and fields[name].column:
                shared[name] = value
        if "line_ids" not in vals:
            writeoff = list(extra.get("write_off_line_vals") or ())
            made = payment_lines.values(self, writeoff, extra.get("force_balance"))
            shared["line_ids"] = [(0, 0, line) for line in made]
        shared |= {"partner_id": self.partner_id.id, "currency_id": self.currency_id.id}
        move.with_context(skip_account_move_synchronization=True, skip_invoice_sync=True).write(shared)

    @api.versions(until=17)
    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change payments and their entries."""
        super().write(vals)
        if SYNCHRONISED & set(vals) and not self.env.context.get("skip_account_move_synchronization"):
            for payment in self.exists():
                payment_lines.synchronise(payment)
        return True

    @api.versions(until=17)
    def unlink(self) -> bool:
        """Delete payments and their entries."""
        moves = self.exists().move_id.with_context(force_delete=True)
        moves.line_ids._check_reconciliation()
        super().unlink()
        return bool(moves.unlink())

    def _moved_values(self) -> dict[str, Any]:
        """Values of the entry that change with the payment, beside its items."""
        return {}

    @api.versions(until=17)
    def action_post(self) -> None:
        """Post the entries of the payments."""
        self._is_trusted()
        self.move_id._post(soft=False)
        if "paired_internal_transfer_payment_id" in self:
            for payment in self:
                if payment.is_internal_transfer and not payment.paired_internal_transfer_payment_id:
                    internal_transfers.complete(payment)

    @api.versions(until=17)
    def action_cancel(self) -> None:
        """Cancel the entries of the payments."""
        self.move_id.button_cancel()

    @api.versions(until=17)
    def action_draft(self) -> None:
        """Make drafts of the entries of the payments again; their reconciliations are undone."""
        self.move_id.button_draft()
