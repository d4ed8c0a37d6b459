"""Lock dates, and what accounts and journals allow.

Source: 17.0; recorded in flow-entry-1 (17.0).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from mockserver.addons.account.line_accounts import account_type
from mockserver.addons.account.move_types import PURCHASE_OR_RECEIPT, SALE_OR_RECEIPT
from mockserver.errors import UserError

_MANAGERS = "account.group_account_manager"


def fiscal_lock(company: Any) -> str:
    """Return the last day on which the user may change nothing; empty without one.

    The lock of the period does not bind an adviser.
    """
    names = ["fiscalyear_lock_date"]
    if "period_lock_date" in company and not company.env.user.has_group(_MANAGERS):
        names.append("period_lock_date")
    return max((str(company[name]) for name in names if company[name]), default="")


def check_moves(moves: Any) -> None:
    """Raise UserError for entries of locked days."""
    for move in moves:
        locked = fiscal_lock(move.company_id)
        if locked and str(move.date) <= locked:
            raise UserError(
                f"You cannot add/modify entries prior to and inclusive of the lock date {american(locked)}."
            )


def check_taxes(lines: Any) -> None:
    """Raise UserError for lines with taxes on days for which taxes were reported."""
    for line in lines:
        locked = line.company_id.tax_lock_date
        taxed = line.tax_ids or line.tax_line_id or line.tax_tag_ids
        if locked and taxed and str(line.move_id.date) <= str(locked):
            raise UserError(
                "The operation is refused as it would impact an already issued tax statement. Please change the"
                f" journal entry date or the tax lock date set in the settings ({american(str(locked))}) to proceed."
            )


def american(day: str) -> str:
    """Return a date as American users see it."""
    return date.fromisoformat(day).strftime("%m/%d/%Y")


def violated(move: Any, day: str, *, taxed: bool) -> str:
    """Return the last lock date that a day is not after; empty without one."""
    company = move.company_id
    locks = [fiscal_lock(company)]
    if taxed and company.tax_lock_date:
        locks.append(str(company.tax_lock_date))
    return max((lock for lock in locks if lock and day <= lock), default="")


def day_after(day: str) -> str:
    """Return the day after a date."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def is_retired(account: Any) -> bool:
    """Return whether an account may not be used any more."""
    if "deprecated" in account:
        return bool(account.deprecated)
    return not account.active


def is_matched(account: Any) -> bool:
    """Return whether the lines of an account are matched with each other."""
    return bool(account.reconcile) or account_type(account) in ("asset_cash", "liability_credit_card")


def check_accounts(lines: Any) -> None:
    """Raise UserError for lines with accounts that cannot be used there."""
    for line in lines:
        account, move = line.account_id, line.move_id
        if not account or line.display_type in ("line_section", "line_note"):
            continue
        if is_retired(account) and not line.env.context.get("skip_account_deprecation_check"):
            raise UserError(f"The account {account.name} ({account.code}) is deprecated.")
        _check_journal(line, move, account)
        _check_term_type(line, move, account)


def _check_journal(line: Any, move: Any, account: Any) -> None:
    """Raise UserError for an account that a journal, or the currency of the line, does not go with."""
    currency = account.currency_id
    if currency and currency not in (line.company_currency_id, line.currency_id):
        raise UserError(
            "The account selected on your journal entry forces to provide a secondary currency. You should remove the"
            " secondary currency on the account."
        )
    journal = move.journal_id
    if "allowed_journal_ids" in account and account.allowed_journal_ids and journal not in account.allowed_journal_ids:
        raise UserError(
            f"You cannot use this account ({account.display_name}) in this journal, check the field 'Allowed Journals'"
            " on the related account."
        )
    allowed = journal.account_control_ids if "account_control_ids" in journal else None
    if allowed and account not in allowed | journal.default_account_id | journal.suspense_account_id:
        raise UserError(
            f"You cannot use this account ({account.display_name}) in this journal, check the section 'Control-Access'"
            " under tab 'Advanced Settings' on the related journal."
        )


def _check_term_type(line: Any, move: Any, account: Any) -> None:
    kind = account_type(account)
    if move.move_type in SALE_OR_RECEIPT:
        if kind == "liability_payable":
            raise UserError(f"Account {account.code} is of payable type, but is used in a sale operation.")
        if (line.display_type == "payment_term") != (kind == "asset_receivable"):
            raise UserError("Any journal item on a receivable account must have a due date and vice versa.")
    if move.move_type in PURCHASE_OR_RECEIPT:
        if kind == "asset_receivable":
            raise UserError(f"Account {account.code} is of receivable type, but is used in a purchase operation.")
        if (line.display_type == "payment_term") != (kind == "liability_payable"):
            raise UserError("Any journal item on a payable account must have a due date and vice versa.")
