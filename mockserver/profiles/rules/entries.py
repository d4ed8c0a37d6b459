"""Entries and invoices: texts and values that changed."""

from __future__ import annotations

from mockserver.profiles.rules.rule import Section, rule

_SUMS = "The total of debits equals {debit} and the total of credits equals {credit}.\n"
_HINT = 'You might want to specify a default account on journal "{journal}" to automatically balance each move.'


class Entries(Section, title="Entries and invoices"):
    unbalanced_text: str = rule(
        "what is said of an entry whose debits and credits differ",
        "recorded in flow-entry-1 (17.0); 14.0 to 16.0 inferred",
        {11: f"\n\nThe move ({{name}}) is not balanced.\n{_SUMS}{_HINT}"},
    )
