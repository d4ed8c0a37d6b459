"""Invoicing: taxes, fiscal positions, payment terms and currencies."""

from __future__ import annotations

from mockserver.profiles.rules.rule import Section, rule


class Taxes(Section, title="Taxes"):
    taxes_in_batches: bool = rule(
        "adjacent taxes of one kind are taken out of a price together; before, each run of them reaches its own total",
        "source of Odoo 18.0, account",
        {11: False, 18: True},
    )
    tax_names_freely: bool = rule(
        "taxes are found by the letters and digits of their names, with anything between them",
        "source of Odoo 17.0, account",
        {11: False, 17: True},
    )
    tax_copy_name: str = rule(
        "name of a copied tax", "recorded in flow-tax-1 (17.0–19.0)", {11: "%s (Copy)", 19: "%s (copy)"}
    )
    tax_name_with_scope: bool = rule(
        "display name of a tax: with its scope", "source of Odoo 14.0, 16.0, account", {11: False, 14: True, 17: False}
    )
    tax_name_with_country: bool = rule(
        "display name of a tax of another country: with that country",
        "source of Odoo 18.0, account",
        {11: False, 17: True},
    )
    tax_recursion: str = rule(
        "text of a group of taxes that contains itself",
        "recorded in flow-tax-1 (17.0–19.0)",
        {11: "Recursion found for tax '%s'.", 18: "Recursion found for tax “%s”."},
    )
    tax_groups_flat: bool = rule(
        "a group of taxes contains no other group", "source of Odoo 18.0, account", {11: False, 17: True}
    )
    tax_shares_whole: bool = rule(
        "the positive shares of a tax are 100 % of it, and so are the negative ones",
        "source of Odoo 18.0, account",
        {11: False, 17: True},
    )
    taxes_have_positions: bool = rule(
        "taxes name their fiscal positions and the taxes that they replace; before, positions have lines of both",
        "schema of 19.0",
        {11: False, 19: True},
    )
    positions_ranked: bool = rule(
        "fiscal positions are found by how well they fit; before, the narrowest region is",
        "source of Odoo 18.0, account",
        {11: False, 18: True},
    )
    zip_range_whole: bool = rule(
        "a range of postal codes has both its ends", "source of Odoo 18.0, account", {11: False, 16: True}
    )
    zip_range_text: str = rule(
        "text of a wrong range of postal codes",
        "source of Odoo 14.0, 18.0, account",
        {
            11: 'Invalid "Zip Range", please configure it properly.',
            16: 'Invalid "Zip Range", You have to configure both "From" and "To" values for the zip range and "To"'
            ' should be greater than "From".',
        },
    )
    term_has_balance: bool = rule(
        "a payment term has a line for what is left; since 17.0 the last line is that",
        "schemas of 14.0 to 17.0",
        {11: True, 17: False},
    )
    term_amounts_converted: bool = rule(
        "fixed amounts of payment terms are converted to the company's currency",
        "source of Odoo 16.0, 17.0, account",
        {11: False, 17: True},
    )
    term_copy_name: str = rule(
        "name of a copied payment term; empty: that of the original",
        "source of Odoo 17.0, 18.0, account",
        {11: "", 18: "%s (copy)"},
    )
    term_in_use: str = rule(
        "text of the deletion of a payment term that an entry has",
        "recorded in flow-currency-1 (17.0); source of Odoo 18.0, account",
        {
            11: "You can not delete payment terms as other records still reference it. However, you can archive it.",
            19: "Uh-oh! Those payment terms are quite popular and can't be deleted since there are still some records"
            " referencing them. How about archiving them instead?",
        },
    )
    tax_totals_hide_base: bool = rule(
        "tax_totals tell of fixed taxes that their base is not shown",
        "recorded in flow-sale-1 (17.0)",
        {11: False, 17: True},
    )
    rates_from_the_first: bool = rule(
        "before the first rate of a currency that rate counts; before 17.0 the rate is 1 there",
        "recorded in flow-currency-1 (17.0); source of Odoo 16.0, base",
        {11: False, 17: True},
    )
