"""account.move.line until 12.0: journal items, what is open of them, and their reconciliation.

Inferred: 12.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.account import account_kinds
from mockserver.addons.account_invoices import reconciling
from mockserver.errors import UserError

if TYPE_CHECKING:
    from typing_extensions import Self

_LEGAL = frozenset({"account_id", "journal_id", "date", "move_id", "debit", "credit"})


class MoveLine(models.Model):
    _inherit = "account.move.line"
    _until = 12

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create items; each has a due date, and its entry must be balanced afterwards."""
        several = [vals_list] if isinstance(vals_list, Mapping) else list(vals_list)
        made: Self = super().create([self._filled(vals) for vals in several])
        made.move_id._check_balanced()
        return made

    def _filled(self, vals: Mapping[str, Any]) -> dict[str, Any]:
        account = self.env["account.account"].browse(vals.get("account_id") or ())
        if account and account.deprecated:
            raise UserError(f"The account {account.name} ({account.code}) is deprecated.")
        if vals.get("date_maturity") or not vals.get("move_id"):
            return dict(vals)
        return {**vals, "date_maturity": self.env["account.move"].browse(vals["move_id"]).date}

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change items; of posted or reconciled ones only what is not legally relevant.  Returns True."""
        if not _LEGAL.isdisjoint(vals):
            self._check_changeable()
        done = super().write(vals)
        if "debit" in vals or "credit" in vals:
            self.move_id._check_balanced()
        return done

    def unlink(self) -> bool:
        """Delete items of drafts, whose entries must stay balanced; return True."""
        self._check_changeable()
        moves = self.move_id
        done = super().unlink()
        moves._check_balanced()
        return done

    def _check_changeable(self) -> None:
        for line in self:
            told = f"Journal Entry (id): {line.move_id.name} ({line.move_id.id})"
            if line.move_id.state != "draft":
                raise UserError(
                    "You cannot do this modification on a posted journal entry, you can just change some non legal"
                    f" fields. You must revert the journal entry to cancel it.\n{told}."
                )
            if line.reconciled and (line.debit or line.credit):
                raise UserError(
                    "You cannot do this modification on a reconciled entry. You can just change some non legal fields"
                    f" or you must unreconcile first.\n{told}."
                )

    # -- fields

    def _compute_balance(self) -> None:
        for line in self:
            line.balance = line.debit - line.credit

    @api.computes("amount_residual", "amount_residual_currency", "reconciled")
    @api.depends("debit", "credit", "amount_currency", "currency_id", "account_id", "matched_debit_ids",
                 "matched_credit_ids")  # fmt: skip
    def _compute_amount_residual(self) -> None:
        """What is left after the partial reconciliations, on accounts that can be reconciled."""
        for line in self:
            if not account_kinds.is_matched(line.account_id):
                line.amount_residual, line.amount_residual_currency, line.reconciled = 0.0, 0.0, False
                continue
            left, left_currency = reconciling.left(line)
            line.amount_residual, line.amount_residual_currency = left, left_currency
            line.reconciled = not left and not left_currency

    @api.computes("debit_cash_basis", "credit_cash_basis", "balance_cash_basis")
    @api.depends("debit", "credit", "move_id.matched_percentage", "move_id.journal_id")
    def _compute_cash_basis(self) -> None:
        """The amounts, in sales and purchases as far as they are paid."""
        for line in self:
            move = line.move_id
            share = move.matched_percentage if move.journal_id.type in ("sale", "purchase") else 1.0
            line.debit_cash_basis, line.credit_cash_basis = line.debit * share, line.credit * share
            line.balance_cash_basis = line.balance * share

    def _compute_counterpart(self) -> None:
        """The codes of the accounts on the other side of the entry."""
        for line in self:
            others = [other for other in line.move_id.line_ids if bool(other.debit) != bool(line.debit)]
            line.counterpart = ",".join(dict.fromkeys(str(other.account_id.code) for other in others))

    def _compute_is_unaffected_earnings_line(self) -> None:
        earnings = self.env.ref("account.data_unaffected_earnings", raise_if_not_found=False)
        for line in self:
            line.is_unaffected_earnings_line = line.account_id.user_type_id == earnings

    def _compute_parent_state(self) -> None:
        for line in self:
            line.parent_state = line.move_id.state

    def _compute_display_name(self) -> None:
        """The number of the entry, with its reference."""
        for line in self:
            move = line.move_id
            line.display_name = f"{move.name} ({line.ref})" if line.ref else move.name

    # -- reconciliation

    def reconcile(self, writeoff_acc_id: Any = False, writeoff_journal_id: Any = False) -> bool:
        """Reconcile these items with each other, oldest first; what is left is written off if an account is given."""
        if not self:
            return True
        reconciling.check(self)
        reconciling.reconcile(self)
        if writeoff_acc_id and writeoff_journal_id and not all(line.reconciled for line in self):
            reconciling.write_off(self, writeoff_acc_id, writeoff_journal_id)
        return True

    def remove_move_reconcile(self) -> bool:
        """Undo every reconciliation of these items."""
        reconciling.partials_of(self).unlink()
        return True


class PartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"
    _until = 12

    def _compute_max_date(self) -> None:
        """The date of the later item."""
        for partial in self:
            partial.max_date = max(partial.debit_move_id.date, partial.credit_move_id.date)

    def unlink(self) -> bool:
        """Undo reconciliations: what they settled is open again, and their exchange differences are reversed."""
        known = self.exists()
        lines = known.debit_move_id | known.credit_move_id
        fulls = known.full_reconcile_id
        done = super(PartialReconcile, known).unlink()
        fulls.unlink()
        reconciling.follow(lines.exists())
        return done


class FullReconcile(models.Model):
    _inherit = "account.full.reconcile"
    _until = 12

    def _default_name(self) -> Any:
        return self.env["ir.sequence"].sudo().next_by_code("account.reconcile")

    def unlink(self) -> bool:
        """Undo full reconciliations; their exchange differences are reversed."""
        known = self.exists()
        moves = known.exchange_move_id
        done = super(FullReconcile, known).unlink()
        if moves:
            moves.reverse_moves()
        return done
