"""Invoicing: taxes, entries and payments."""

from __future__ import annotations

from mockserver.profiles.rules.rule import Section, rule


class Accounting(Section, title="Invoicing"):
    taxes_in_batches: bool = rule(
        "adjacent taxes of one kind are taken out of a price together; before, each run of them reaches its own total",
        "source of Odoo 18.0, account",
        {11: False, 18: True},
    )
