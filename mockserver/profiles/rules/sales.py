"""Orders of customers."""

from __future__ import annotations

from mockserver.profiles.rules.rule import Section, rule


class Sales(Section, title="Orders"):
    order_unconfirmable_text: str = rule(
        "error of confirming an order that is no quotation",
        "source of Odoo, sale (16.0); recorded in flow-sale-2 (17.0, 18.0)",
        {
            11: "It is not allowed to confirm an order in the following states: done, cancel",
            17: "The following orders are not in a state requiring confirmation: {names}",
            18: "Some orders are not in a state requiring confirmation.",
        },
    )
    order_confirmable_twice: bool = rule(
        "an order that is confirmed already may be confirmed again",
        "source of Odoo, sale (16.0); recorded in flow-sale-2 (17.0)",
        {11: True, 17: False},
    )
    order_lines_need_products: bool = rule(
        "an order with a line that has no product cannot be confirmed",
        "source of Odoo, sale (17.0, 18.0)",
        {11: False, 18: True},
    )
    order_products_stay: bool = rule(
        "the product of a line that is confirmed and delivered cannot be changed",
        "recorded in flow-sale-2 (17.0, 18.0, 19.0)",
        {11: False, 18: True},
    )
    order_lines_rounded: bool = rule(
        "amounts of an order line are rounded tax by tax, also where taxes are rounded globally",
        "recorded in flow-sale-1 (19.0)",
        {11: True, 18: False, 19: True},
    )
    quotation_window_named: bool = rule(
        "the window that sends a quotation has a name",
        "recorded in flow-sale-2 (18.0, 19.0)",
        {11: False, 19: True},
    )
