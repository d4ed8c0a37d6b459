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
        {11: f"\n\nThe move ({{name}}) is not balanced.\n{_SUMS}{_HINT}"},
    )
    account_names_have_codes: bool = rule(
        "the name of an account has its code before it",
        "recorded in flow-invoice-1 (17.0, 19.0)",
        {11: True, 19: False},
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
            18: "Account codes must be unique. You can't create accounts with these duplicate codes: {lines}",
        },
    )
    reversed_types: Mapping[str, str] = rule(
        "what the reversal of a credit note or a receipt is, where it differs from 17.0",
        "recorded in flow-random-invoice-1 (17.0); before inferred",
        {11: dict.fromkeys(("out_refund", "in_refund", "out_receipt", "in_receipt"), "entry"), 17: {}},
    )
    lock_needs_posted: bool = rule(
        "the days of a year cannot be locked while drafts of them are left",
        "recorded in flow-entry-1 (17.0)",
        {11: True, 18: False},
    )
