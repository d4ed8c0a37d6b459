"""Invoices of orders."""

from __future__ import annotations

from mockserver.profiles.rules.rule import Section, rule

_NOTHING_TO_INVOICE = (
    "Cannot create an invoice. No items are available to invoice.\n\n"
    "To resolve this issue, please ensure that:\n"
    "   • The products have been delivered before attempting to invoice them.\n"
    "   • The invoicing policy of the product is configured correctly.\n\n"
    "If you want to invoice based on ordered quantities instead:\n"
    "   • For consumable or storable products, open the product, go to the 'General Information' tab and change the"
    " 'Invoicing Policy' from 'Delivered Quantities' to 'Ordered Quantities'.\n"
    "   • For services (and other products), change the 'Invoicing Policy' to 'Prepaid/Fixed Price'.\n"
)
_NOTHING_11 = "There is no invoicable line."
_NOTHING_12 = (
    "There is no invoiceable line. If a product has a Delivered quantities invoicing policy, please make sure that a"
    " quantity has been delivered."
)
_NOTHING_TO_INVOICE_11 = (
    "There is nothing to invoice!\n\n"
    "Reason(s) of this behavior could be:\n"
    '- You should deliver your products before invoicing them: Click on the "truck" icon (top-right of your screen)'
    " and follow instructions.\n"
    '- You should modify the invoicing policy of your product: Open the product, go to the "Sales" tab and modify'
    ' invoicing policy from "delivered quantities" to "ordered quantities". For Services, you should modify the'
    " Service Invoicing Policy to 'Prepaid'."
)


class Invoicing(Section, title="Invoices of orders"):
    nothing_to_invoice_text: str = rule(
        "error of making invoices of orders that have nothing to invoice",
        "recorded in flow-sale-3 (17.0, 18.0, 19.0); before: inferred",
        {11: _NOTHING_11, 12: _NOTHING_12, 13: _NOTHING_TO_INVOICE_11, 17: _NOTHING_TO_INVOICE},
    )
    orders_referred_to_by_name: bool = rule(
        "the invoice of an order without a reference of its customer has the order's name in that place",
        "recorded in flow-sale-3 (18.0, 19.0)",
        {11: False, 19: True},
    )
    references_joined_in_order: bool = rule(
        "the invoice of several orders joins their references in the order of the orders",
        "recorded in flow-sale-3 (18.0, 19.0)",
        {11: False, 19: True},
    )
    invoices_joined_by: tuple[str, ...] = rule(
        "what orders have in common that are invoiced together",
        "17.0: source; since 18.0: inferred",
        {
            11: ("company_id", "partner_id", "currency_id"),
            18: ("company_id", "partner_id", "partner_shipping_id", "currency_id", "fiscal_position_id"),
        },
    )
    products_named_on_invoices: bool = rule(
        "an invoice line of an order names the product, if the order line's text does not",
        "inferred",
        {11: False, 18: True},
    )
    down_payments_tell_state: bool = rule(
        "lines of orders for down payments tell in their names what became of the invoice",
        "recorded in flow-sale-3 (17.0, 18.0, 19.0); before: inferred",
        {11: False, 16: True},
    )
    down_payments_have_taxes: bool = rule(
        "a down payment has a line for each set of taxes of its order; before, one with the taxes of its product",
        "recorded in flow-sale-3 (17.0); before: inferred",
        {11: False, 17: True},
    )
    down_payments_have_section: bool = rule(
        "lines of orders for down payments are in a section of their own",
        "recorded in flow-sale-3 (17.0); before: inferred",
        {11: False, 16: True},
    )
