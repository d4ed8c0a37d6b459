"""Entries and invoices: texts and values that changed."""

from __future__ import annotations

from collections.abc import Mapping

from mockserver.profiles.rules.rule import Section, rule

_SUMS = "The total of debits equals {debit} and the total of credits equals {credit}.\n"
_HINT = 'You might want to specify a default account on journal "{journal}" to automatically balance each move.'


class Entries(Section, title="Entries and invoices"):
    unbalanced_text: str = rule(
        "what is said of an entry whose debits and credits differ",
        "recorded in flow-entry-1 (17.0); 14.0 to 16.0 inferred",
        {11: f"\n\nThe move ({{name}}) is not balanced.\n{_SUMS}{_HINT}", 19: "The entry is not balanced."},
    )
    numbered_when_posted: bool = rule(
        "an entry has a number only once it is posted; before, the first draft of a period has one too, others `/`",
        "recorded in flow-invoice-1 (17.0, 18.0)",
        {11: False, 18: True},
    )
    posted_keeps: tuple[str, ...] = rule(
        "the fields of a posted entry that may not be written",
        "recorded in flow-invoice-1 and flow-payment-1 (18.0): six of them; the others inferred",
        {
            11: (),
            18: (
                "invoice_line_ids", "line_ids", "invoice_date", "date", "partner_id", "invoice_payment_term_id",
                "currency_id", "fiscal_position_id", "invoice_cash_rounding_id",
            ),
        },
    )  # fmt: skip
    posted_kept_in_step: bool = rule(
        "totals, taxes and the due lines of a posted entry follow its lines; since 18.0 once it is a draft again",
        "recorded in flow-invoice-1 (17.0, 18.0)",
        {11: True, 18: False},
    )
    receipts_have_own_date: bool = rule(
        "the date of a receipt in the books does not follow from its invoice date",
        "business flows of 18.0 and 19.0",
        {11: False, 18: True, 19: False},
    )
    bases_from_taxes: bool = rule(
        "the balance of a line is that which its taxes were computed on, before it was rounded in another currency",
        "business flows of 18.0 and 19.0",
        {11: False, 18: True},
    )
    tax_base_signed: bool = rule(
        "the base amount of a tax line has the sign of its base lines",
        "business flows of 19.0",
        {11: False, 19: True},
    )
    due_lines_name_ref: bool = rule(
        "the text of a line that the total is due on has the reference of the entry before that of the payment",
        "business flows of 18.0",
        {11: False, 18: True},
    )
    locks_named: bool = rule(
        "an error about a locked day names the lock dates",
        "recorded in flow-entry-1 (17.0); business flows of 18.0",
        {11: False, 18: True},
    )
    journal_change_text: str = rule(
        "what is said where the journal of a posted entry is changed",
        "recorded in flow-invoice-1 (17.0, 18.0)",
        {
            11: "You cannot edit the journal of an account move if it has been posted once.",
            18: "You cannot edit the journal of an account move if it has been posted once, unless the name is"
            ' removed or set to "/". This might create a gap in the sequence.',
        },
    )
    numbered_journal_text: str = rule(
        "what is said where the journal of a draft with a number is changed",
        "source of Odoo, account.move",
        {
            11: "You cannot edit the journal of an account move if it already has a sequence number assigned.",
            18: "You cannot edit the journal of an account move with a sequence number assigned, unless the name is"
            ' removed or set to "/". This might create a gap in the sequence.',
        },
    )
    nothing_to_post_text: str = rule(
        "what is said of an entry without lines that is posted",
        "recorded in flow-invoice-1 (17.0, 19.0)",
        {11: "You need to add a line before posting.", 19: "Even magicians can't post nothing!"},
    )
    customer_missing_text: str = rule(
        "what is said of an invoice without a customer that is posted",
        "recorded in flow-invoice-1 (17.0, 19.0)",
        {
            11: "The field 'Customer' is required, please complete it to validate the Customer Invoice.",
            19: "The 'Customer' field is required to validate the invoice.\n"
            "You probably don't want to explain to your auditor that you invoiced an invisible man :)",
        },
    )
    only_posted_reversed_text: str = rule(
        "what is said where a draft is reversed",
        "recorded in flow-bill-1 (17.0); business flows of 19.0",
        {
            11: "You can only reverse posted moves.",
            19: "To reverse a journal entry, it has to be posted first.",
        },
    )
    retired_account: str = rule(
        "what an account that is in use no more is called",
        "recorded in flow-entry-1 (17.0); business flows of 19.0",
        {11: "deprecated", 19: "archived"},
    )
    posted_checked_first: bool = rule(
        "deleting items of a posted entry that are matched: that it is posted is said first",
        "recorded in flow-random-invoice-1 (17.0); business flows of 19.0",
        {11: False, 19: True},
    )
    new_codes_unseen: bool = rule(
        "the errors about a new account do not know its code yet",
        "business flows of 18.0",
        {11: False, 18: True},
    )
    one_account_of_earnings: bool = rule(
        "a company has one account of the earnings of the year",
        "recorded in flow-entry-1 (17.0); business flows of 18.0 and 19.0",
        {11: True, 19: False},
    )
    account_codes_shown_to: str = rule(
        "the group of those for whom the name of an account has its code before it; before, everybody",
        "recorded in flow-invoice-1 (17.0, 19.0) and in flow-entry-1 (17.0); business flows of 19.0",
        {11: "", 19: "account.group_account_readonly"},
    )
    account_copy_step: int = rule(
        "how far the code of a copied account is from that of the account",
        "recorded in flow-entry-1 (17.0); since 18.0 inferred",
        {11: 10, 18: 1},
    )
    account_code_text: str = rule(
        "what is said of a code that two accounts of a company have",
        "recorded in flow-entry-1 (17.0); before and after inferred",
        {
            11: "The operation cannot be completed: The code of the account must be unique per company !",
            17: "The code of the account must be unique per company!\n{lines}",
            18: "Account codes must be unique. You can't create accounts with these duplicate codes: {codes}",
        },
    )
    reversed_types: Mapping[str, str] = rule(
        "what the reversal of a credit note or a receipt is, where it differs from 17.0",
        "recorded in flow-random-invoice-1 (17.0); before inferred",
        {11: dict.fromkeys(("out_refund", "in_refund", "out_receipt", "in_receipt"), "entry"), 17: {}},
    )
    lock_without_drafts: str = rule(
        "the lock date up to which no drafts may be left",
        "recorded in flow-entry-1 (17.0); business flows of 18.0; 18.0: the source of Odoo, res.company",
        {11: "fiscalyear_lock_date", 18: "hard_lock_date"},
    )
    yearly_journals: tuple[str, ...] = rule(
        "the types of journals whose first number counts in a year, not a month",
        "recorded in flow-entry-1 (17.0); before 16.0 the source of Odoo, account.move",
        {11: ("sale",), 16: ("sale", "bank", "cash"), 18: ("sale", "bank", "cash", "credit")},
    )
    invoice_lines_missing_text: str = rule(
        "what is said of an invoice without lines that is opened, until 12.0",
        "inferred",
        {11: "Please create some invoice lines.", 12: "Please add at least one invoice line."},
    )
