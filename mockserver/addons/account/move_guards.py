"""What may not be done with entries.

Source: 17.0; recorded in flow-invoice-1, flow-bill-1 and flow-entry-1 (17.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.addons.account import account_guards, locks, move_names
from mockserver.addons.account.move_types import PURCHASE_OR_RECEIPT, SALE_OR_RECEIPT
from mockserver.addons.base.money import date_text
from mockserver.errors import UserError, ValidationError


def check_journal(move: Any) -> None:
    """Raise ValidationError for an invoice in a journal of another kind."""
    kind = move.journal_id.type
    if move.move_type in SALE_OR_RECEIPT and kind != "sale":
        raise ValidationError("Cannot create a sale document in a non sale journal")
    if move.move_type in PURCHASE_OR_RECEIPT and kind != "purchase":
        raise ValidationError("Cannot create a purchase document in a non purchase journal")


def check_change(move: Any, vals: Mapping[str, Any]) -> None:
    """Raise UserError where values of an entry may not change."""
    rules = move.env.db.profile.rules
    unnamed = rules.numbered_when_posted and not move_names.is_named(vals.get("name", move.name))
    if "journal_id" in vals and move.journal_id.id != vals["journal_id"] and not unnamed:
        if move.posted_before:
            raise UserError(rules.journal_change_text)
        if move_names.is_named(move.name) and move.sequence_number not in (0, 1):
            raise UserError(rules.numbered_journal_text)
    if move.state != "posted":
        return
    renamed = "name" in vals and move.name != vals["name"]
    moved = "date" in vals and str(move.date) != str(vals["date"])
    if renamed or moved or vals.get("state", "posted") != "posted":
        locks.check_moves(move)
        locks.check_taxes(move.line_ids)
    kept = [name for name in vals if name in rules.posted_keeps]
    if kept and not move.env.context.get("skip_readonly_check") and vals.get("state", "posted") == "posted":
        raise UserError(f"You cannot modify the following readonly fields on a posted move: {', '.join(kept)}")


def check_after(moves: Any, vals: Mapping[str, Any]) -> None:
    """Raise the error of entries that are wrong after values were written."""
    for move in moves.exists():
        if not {"journal_id", "move_type"}.isdisjoint(vals):
            check_journal(move)
        if "move_type" in vals and (move.state != "posted" or move.env.db.profile.rules.posted_kept_in_step):
            account_guards.check_accounts(move.line_ids)
        if move.state == "posted" and not {"name", "date", "invoice_date", "state", "journal_id"}.isdisjoint(vals):
            _check_name(move)


def _check_name(move: Any) -> None:
    if not move_names.fits_date(move.name, move.date):
        day = date_text(move.env, move.date)
        raise ValidationError(
            f"The Date ({day}) doesn't match the Number ({move.name}).\n"
            "You might want to clear the field Number before proceeding with the change of the date."
        )
    if move_names.is_named(move.name) and move_names.is_taken(move, move.name):
        raise ValidationError("The operation cannot be completed: Another entry with the same name already exists.")


def check_chain(moves: Any) -> None:
    """Raise UserError where deleting entries leaves a gap in their numbers, for who is no adviser."""
    if moves.env.context.get("force_delete") or moves.env.user.has_group("account.group_account_manager"):
        return
    if not move_names.ends_chain(moves):
        raise UserError(
            "You cannot delete this entry, as it has already consumed a sequence number and is not the last one in the"
            " chain. You should probably revert it instead."
        )
