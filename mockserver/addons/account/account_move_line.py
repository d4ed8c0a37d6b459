"""account.move.line: journal items; what may be changed on them, and that their entry stays in step and balanced.

Source: 17.0; recorded in flow-invoice-1 and flow-entry-1 (17.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.account import account_guards, locks, synchronise
from mockserver.addons.account.changes import will_change
from mockserver.addons.account.line_rows import amounts, follow_amounts, line_kind
from mockserver.errors import UserError, ValidationError

if TYPE_CHECKING:
    from typing_extensions import Self

_TAX_FIELDS = ("balance", "debit", "credit", "tax_line_id", "tax_ids", "tax_tag_ids")
_FISCAL_FIELDS = (*_TAX_FIELDS, "account_id", "journal_id", "amount_currency", "currency_id", "partner_id")
_RECONCILED_FIELDS = (
    "account_id",
    "date",
    "balance",
    "debit",
    "credit",
    "amount_currency",
    "currency_id",
    "partner_id",
)


class Line(models.Model):
    _inherit = "account.move.line"
    _since = 13

    def create(self, vals_list: Any) -> Self:
        """Create items from `{field: value}` or a list; their entries get the lines that follow from them."""
        several = [vals_list] if isinstance(vals_list, Mapping) else list(vals_list)
        moves = self.env["account.move"].browse(dict.fromkeys(v["move_id"] for v in several if v.get("move_id")))
        several = [amounts(self, vals) for vals in several]
        with synchronise.kept(moves):
            made: Self = super(Line, synchronise.quiet(self)).create(several)
            follow_amounts(self.browse(id_ for id_, vals in zip(made._ids, several, strict=True) if _amount_only(vals)))
        lines = self.browse(made._ids)
        account_guards.check_accounts(lines)
        locks.check_taxes(lines.filtered(lambda line: line.parent_state == "posted"))
        return lines

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change the items and what follows from them in their entries; return True."""
        if not vals or not self:
            return super().write(vals)
        vals = amounts(self, vals)
        if vals.get("account_id") and account_guards.is_retired(self.env["account.account"].browse(vals["account_id"])):
            raise UserError(f"You cannot use a {self.env.db.profile.rules.retired_account} account.")
        changing = self.filtered(lambda line: will_change(line, vals))
        _check_change(changing, vals)
        with synchronise.kept(self.move_id):
            super(Line, synchronise.quiet(changing)).write(vals)
            if _amount_only(vals):
                follow_amounts(changing)
            if "partner_id" in vals and "account_id" not in vals:
                changing._follow_partner()
            if "account_id" in vals and "tax_ids" not in vals:
                changing._follow_account()
        if "account_id" in vals or "currency_id" in vals:
            account_guards.check_accounts(changing)
        if not self.env.context.get("skip_invoice_sync"):
            self.move_id._tell_owners(("line_ids",))
        return True

    def unlink(self) -> bool:
        """Delete items of drafts; what follows from them goes too.  Returns True."""
        if not self:
            return True
        lines = self.exists()
        if self.env.db.profile.rules.posted_checked_first:
            lines._unlink_except_posted()
        lines._check_reconciliation()
        if self.env.db.profile.rules.drafts_reconciled:
            lines.remove_move_reconcile()
        posted = lines.move_id.filtered(lambda move: move.state == "posted")
        locks.check_moves(posted)
        locks.check_taxes(lines.filtered(lambda line: line.parent_state == "posted"))
        with synchronise.kept(lines.move_id):
            return super(Line, lines).unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self) -> None:
        if not self.env.context.get("force_delete") and any(line.parent_state == "posted" for line in self):
            raise UserError(
                "You can't delete a posted journal item. Don\u2019t play games with your accounting records;"
                " reset the journal entry to draft before deleting it."
            )

    @api.ondelete(at_uninstall=False)
    def _prevent_automatic_line_deletion(self) -> None:
        if self.env.context.get("dynamic_unlink"):
            return
        for line in self:
            if line_kind(line) == "tax" and line.move_id.line_ids.tax_ids:
                raise ValidationError("You cannot delete a tax line as it would impact the tax report")
            if line_kind(line) == "payment_term":
                raise ValidationError(
                    "You cannot delete a payable/receivable line as it would not be consistent with the payment terms"
                )

    def _check_reconciliation(self) -> None:
        """Raise UserError for items that are matched with others, also in part; drafts may be, since 19."""
        drafts = self.env.db.profile.rules.drafts_reconciled
        for line in self.filtered(lambda line: not drafts or line.parent_state == "posted"):
            if line.matched_debit_ids or line.matched_credit_ids:
                move = line.move_id
                raise UserError(
                    "You cannot do this modification on a reconciled journal entry. You can just change some non legal"
                    " fields or you must unreconcile first.\n"
                    f"Journal Entry (id): {move.name} ({move.id})"
                )


def _amount_only(vals: Mapping[str, Any]) -> bool:
    """Return whether values have an amount in a currency, and no balance that goes with it."""
    return "amount_currency" in vals and "balance" not in vals


def _check_change(lines: Any, vals: Mapping[str, Any]) -> None:
    """Raise UserError where values of posted items may not change, or those of matched ones."""
    for line in lines:
        posted = line.parent_state == "posted"
        if posted and will_change(line, vals, ("tax_ids", "tax_line_id")):
            raise UserError(
                "You cannot modify the taxes related to a posted journal item, you should reset the journal entry to"
                " draft to do so."
            )
        if posted and will_change(line, vals, _FISCAL_FIELDS):
            locks.check_moves(line.move_id)
        if posted and will_change(line, vals, _TAX_FIELDS):
            locks.check_taxes(line)
        if will_change(line, vals, _RECONCILED_FIELDS):
            line._check_reconciliation()
