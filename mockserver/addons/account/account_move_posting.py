"""Posting entries, and taking that back.

Source: 17.0; recorded in flow-invoice-1 and flow-entry-1 (17.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import models
from mockserver.addons.account import account_guards, locks, move_journals
from mockserver.addons.account.line_rows import line_kind
from mockserver.addons.account.move_types import (
    INVOICE_OR_RECEIPT,
    PURCHASE,
    PURCHASE_OR_RECEIPT,
    SALE,
    SALE_OR_RECEIPT,
    TEXT_LINES,
)
from mockserver.addons.base.money import date_text
from mockserver.errors import AccessError, UserError


class Move(models.Model):
    _inherit = "account.move"
    _since = 13

    def action_post(self) -> Any:
        """Post drafts; return False."""
        self._post(soft=False)
        return False

    def _post(self, soft: bool = True) -> Any:
        """Post drafts and return them; `soft`: entries of a later day wait for it."""
        if not self.env.su and not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError("You don't have the access rights to post an invoice.")
        problems: dict[str, None] = {}
        for move in self:
            problems.update(dict.fromkeys(_problems(move, soft)))
        if problems:
            raise UserError("\n".join(problems))
        today = self.env.db.clock.today().isoformat()
        due = self.filtered(lambda move: not soft or str(move.date) <= today)
        for move in self - due:
            if move.auto_post == "no":
                move.auto_post = "at_date"
        for move in due:
            _avoid_locked_days(move)
        due.line_ids._create_analytic_lines()
        for move in due.filtered(lambda move: move.move_type in INVOICE_OR_RECEIPT):
            wrong = move.line_ids.filtered(
                lambda line, owner=move.commercial_partner_id: (
                    line.partner_id != owner and line_kind(line) not in TEXT_LINES
                )
            )
            wrong.write({"partner_id": move.commercial_partner_id.id})
        reversals = due.filtered(lambda move: move.reversed_entry_id.state == "posted")
        due.write({"state": "posted", "posted_before": True})
        self._reconcile_reversed_moves(reversals)
        _count_partners(due)
        return due

    def button_draft(self) -> None:
        """Make posted or cancelled entries drafts."""
        if any(move.state not in ("posted", "cancel") for move in self):
            raise UserError("Only posted/cancelled journal entries can be reset to draft.")
        for move in self:
            if "restrict_mode_hash_table" in move and move.restrict_mode_hash_table and move.state == "posted":
                raise UserError("You cannot modify a posted entry of this journal because it is in strict mode.")
        self.line_ids.analytic_line_ids.unlink()
        if not self.env.db.profile.rules.drafts_reconciled:
            self.line_ids.remove_move_reconcile()
        self.write({"state": "draft"})

    def button_cancel(self) -> None:
        """Cancel drafts; posted entries become drafts first."""
        posted = self.filtered(lambda move: move.state == "posted")
        if posted:
            posted.button_draft()
        if any(move.state != "draft" for move in self):
            raise UserError("Only draft journal entries can be cancelled.")
        self.write({"auto_post": "no", "state": "cancel"})


def _problems(move: Any, soft: bool) -> list[str]:
    """Return why an entry cannot be posted; sales without a date get today's."""
    found = []
    if move.move_type in INVOICE_OR_RECEIPT:
        found += _invoice_problems(move)
    if move.state != "draft":
        found.append(f"The entry {move.name} (id {move.id}) must be in draft.")
    if all(line_kind(line) in TEXT_LINES for line in move.line_ids):
        found.append(move.env.db.profile.rules.nothing_to_post_text)
    if (
        not soft
        and move.auto_post not in ("no", False, None)
        and str(move.date) > move.env.db.clock.today().isoformat()
    ):
        found.append(f"This move is configured to be auto-posted on {date_text(move.env, move.date)}")
    if not move.journal_id.active:
        found.append(f"You cannot post an entry in an archived journal ({move.journal_id.display_name})")
    if not move.currency_id.active:
        found.append(f"You cannot validate a document with an inactive currency: {move.currency_id.name}")
    if any(account_guards.is_retired(account) for account in move.line_ids.account_id):
        kind = move.env.db.profile.rules.retired_account
        found.append(f"A line of this move is using a {kind} account, you cannot post it.")
    return found


def _invoice_problems(move: Any) -> list[str]:
    found = []
    if move.partner_bank_id and not move.partner_bank_id.active:
        found.append(
            "The recipient bank account linked to this invoice is archived.\nSo you cannot confirm the invoice."
        )
    if move.amount_total < 0:
        found.append(
            "You cannot validate an invoice with a negative total amount. You should create a credit note instead."
            " Use the action menu to transform it into a credit note or refund."
        )
    if not move.partner_id and move.move_type in SALE:
        found.append(move.env.db.profile.rules.customer_missing_text)
    if not move.partner_id and move.move_type in PURCHASE:
        found.append("The field 'Vendor' is required, please complete it to validate the Vendor Bill.")
    if not move.invoice_date and move.move_type in SALE_OR_RECEIPT:
        move.invoice_date = move.env.db.clock.today().isoformat()
    if not move.invoice_date and move.move_type in PURCHASE_OR_RECEIPT:
        found.append("The Bill/Refund date is required to validate this document.")
    return found


def _avoid_locked_days(move: Any) -> None:
    """Move an entry of a locked day to the end of the next open period."""
    taxed = move_journals.affects_taxes(move)
    if locks.violated(move, str(move.date), taxed=taxed):
        move.date = move_journals.accounting_date(move, str(move.invoice_date or move.date), taxed=taxed)


def _count_partners(moves: Any) -> None:
    """Count the invoices of customers and the bills of vendors, which does not count as a change of the partner.

    Source: real servers count by an UPDATE of the table (`_increase_rank`, 13.0 and later).
    """
    store = moves.env.db.store
    for move in moves:
        rank = "customer_rank" if move.move_type in SALE else "supplier_rank" if move.move_type in PURCHASE else ""
        if rank and move.partner_id:
            partners = (move.partner_id | move.commercial_partner_id).sudo()
            store.assign("res.partner", {rank: {partner.id: partner[rank] + 1 for partner in partners}})
