"""Deliveries of orders, and what stock is worth."""

from __future__ import annotations

from mockserver.profiles.rules.rule import Section, rule


class Valuation(Section, title="Deliveries and valuation"):
    less_than_delivered_text: str = rule(
        "the error of ordering less than was delivered",
        "source of Odoo 14.0 and 17.0, sale_stock; 15.0 and 16.0 inferred",
        {
            11: "You cannot decrease the ordered quantity below the delivered quantity.\nCreate a return first.",
            15: "The ordered quantity cannot be decreased below the amount already delivered. Instead, create a return"
            " in your inventory.",
            17: "The ordered quantity of a sale order line cannot be decreased below the amount already delivered."
            " Instead, create a return in your inventory.",
        },
    )
    standard_layers_remain: bool = rule(
        "layers at standard cost keep what remains of them, as those at average and FIFO cost do",
        "fields of Odoo 14.0 and 16.0, stock_account; inferred",
        {11: False, 16: True},
    )
