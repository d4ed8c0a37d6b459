"""Payments and the reconciliation of journal items."""

from __future__ import annotations

from mockserver.profiles.rules.rule import Section, rule


class Payments(Section, title="Payments and reconciliation"):
    reconciled_items_skipped: bool = rule(
        "reconciling items that are reconciled already: they are left out, not an error",
        "recorded in flow-payment-1 (17.0–19.0)",
        {11: False, 19: True},
    )
    drafts_reconciled: bool = rule(
        "an entry that becomes a draft again stays reconciled, and drafts can be reconciled",
        "recorded in flow-payment-1 (18.0, 19.0)",
        {11: False, 19: True},
    )
    reconciled_accounts_first: bool = rule(
        "reconciling looks at the account before it looks whether the entries are posted",
        "source of Odoo, account_move",
        {11: True, 17: False},
    )
    accounts_joined: str = rule(
        "what joins the names of accounts that may not be reconciled with each other",
        "recorded in flow-payment-1 (17.0)",
        {11: " != ", 17: ", "},
    )
    companies_differ_text: str = rule(
        "text of reconciling entries of several companies",
        "source of Odoo, account_move_line",
        {
            11: "Entries doesn't belong to the same company: {names}",
            17: "Entries don't belong to the same company: {names}",
        },
    )
    exchange_per_partial: bool = rule(
        "each partial reconciliation books its exchange difference, not the full one alone",
        "source of Odoo, account_move_line",
        {11: False, 16: True},
    )
    payment_is_entry: bool = rule(
        "a payment is an entry with its number and state; since 18 it has its own",
        "recorded in flow-payment-1 (17.0–19.0)",
        {11: True, 18: False},
    )
    posted_payment_entry_kept: bool = rule(
        "writing a confirmed payment leaves its entry as it is",
        "recorded in flow-payment-1 (18.0, 19.0)",
        {11: False, 19: True},
    )
    drafts_payable: bool = rule(
        "the payment wizard opens for invoices that are drafts",
        "recorded in flow-payment-1 (17.0, 18.0)",
        {11: False, 18: True},
    )
    payment_method_missing_text: str = rule(
        "text of a payment without a method",
        "recorded in flow-payment-1 (17.0)",
        {
            11: "Please define a payment method on your payment.",
            16: "Please define a payment method line on your payment.",
        },
    )
    nothing_to_pay_text: str = rule(
        "text of the payment wizard for invoices that are paid",
        "recorded in flow-payment-1 (17.0–19.0)",
        {
            11: "You can't register a payment because there is nothing left to pay on the selected journal items.",
            19: "There's nothing left to pay for the selected journal items, so no payment registration is necessary."
            " You've got your finances under control like a boss!",
        },
    )
    both_directions_text: str = rule(
        "text of the payment wizard for customers and vendors at once",
        "recorded in flow-payment-1 (17.0)",
        {
            11: "You can't register payments for journal items being either all inbound, either all outbound.",
            17: "You can't register payments\N{NO-BREAK SPACE}for both inbound and outbound moves at the same time.",
        },
    )
    payment_group_prefix: str = rule(
        "prefix of the number of a payment of several invoices; empty: their numbers stand there",
        "recorded in flow-payment-1 (17.0–19.0)",
        {11: "", 18: "BATCH", 19: "GROUP"},
    )
    payment_wizard_title: str = rule(
        "title of the payment wizard", "source of Odoo, account_payment_register", {11: "Register Payment", 18: "Pay"}
    )
    payment_posted_text: str = rule(
        "text of posting a payment that is no draft, until 12.0",
        "inferred",
        {
            11: "Only a draft payment can be posted. Trying to post a payment in state {state}.",
            12: "Only a draft payment can be posted.",
        },
    )
    cancelled_payment_state: str = rule(
        "the state of a payment that was cancelled, until 12.0", "inferred", {11: "draft", 12: "cancelled"}
    )
    unmatched_account_text: str = rule(
        "text of reconciling items of an account that does not allow it, until 12.0",
        "inferred",
        {
            11: "The account {name} ({code}) is not marked as reconciliable !",
            12: "Account {name} ({code}) does not allow reconciliation. First change the configuration of this account"
            " to allow it.",
        },
    )
