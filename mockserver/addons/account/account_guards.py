"""What accounts go with which lines: of a journal, in a currency, of an invoice, and while they are in use.

Source: 17.0; recorded in flow-bill-1 and flow-entry-1 (17.0).
"""

from __future__ import annotations

from typing import Any

from mockserver.addons.account import account_kinds
from mockserver.addons.account.line_rows import by_debit, line_kind
from mockserver.addons.account.move_types import PURCHASE_OR_RECEIPT, SALE_OR_RECEIPT, TEXT_LINES
from mockserver.errors import UserError


def is_retired(account: Any) -> bool:
    """Return whether an account may not be used any more."""
    if "deprecated" in account:
        return bool(account.deprecated)
    return not account.active


def check_accounts(lines: Any) -> None:
    """Raise UserError for lines with accounts that cannot be used there."""
    for line in lines:
        account, move = line.account_id, line.move_id
        if not account or line_kind(line) in TEXT_LINES:
            continue
        if is_retired(account) and not line.env.context.get("skip_account_deprecation_check"):
            kind = line.env.db.profile.rules.retired_account
            raise UserError(f"The account {account.name} ({account.code}) is {kind}.")
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
    """Raise UserError for an invoice whose due lines are on other accounts, or others on theirs; since 16.0."""
    if by_debit(line):
        return
    """Raise UserError for an invoice whose due lines are on other accounts, or others on theirs; since 16.0."""
    if by_debit(line):
        return
    kind = account_kinds.kind(account)
    if move.move_type in SALE_OR_RECEIPT:
        if kind == account_kinds.PAYABLE:
            raise UserError(f"Account {account.code} is of payable type, but is used in a sale operation.")
        if (line_kind(line) == "payment_term") != (kind == account_kinds.RECEIVABLE):
            raise UserError("Any journal item on a receivable account must have a due date and vice versa.")
    if move.move_type in PURCHASE_OR_RECEIPT:
        if kind == account_kinds.RECEIVABLE:
            raise UserError(f"Account {account.code} is of receivable type, but is used in a purchase operation.")
        if (line_kind(line) == "payment_term") != (kind == account_kinds.PAYABLE):
            raise UserError("Any journal item on a payable account must have a due date and vice versa.")
