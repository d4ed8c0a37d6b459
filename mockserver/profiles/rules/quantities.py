"""Stock: quants, counting, and the quantities of products."""

from __future__ import annotations

from mockserver.profiles.rules.rule import Section, rule


class Quantities(Section, title="Quantities in stock"):
    warehouse_key: str = rule(
        "the key of the context that limits the quantities of products to warehouses",
        "recorded in flow-stock-3 (17.0, 18.0)",
        {11: "warehouse", 18: "warehouse_id"},
    )
    quantities_without_children: bool = rule(
        "the context may leave out what is below a location, by `compute_child`",
        "recorded in flow-stock-2 (17.0); inferred before",
        {11: True, 16: False},
    )
    quantities_strict: bool = rule(
        "the context may leave out what is below a location, by `strict`",
        "inferred for 18.0",
        {11: False, 18: True},
    )
    counting_group: str = rule(
        "the group whose members may count, in the inventory mode of the context",
        "source of Odoo 14.0 and 16.0, stock",
        {11: "stock.group_stock_manager", 16: "stock.group_stock_user"},
    )
    counts_applied_later: bool = rule(
        "a count is kept in the quant until it is applied; before, it was applied at once",
        "recorded in flow-stock-2 (17.0); fields of Odoo 14.0 and 16.0",
        {11: False, 16: True},
    )
    counted_at_creation: bool = rule(
        "a new quant with a counted quantity is marked as counted, and there is a difference only where one is marked",
        "recorded in flow-stock-1 and flow-stock-2 (18.0, 19.0)",
        {11: False, 19: True},
    )
    counter_named: str = rule(
        "the moves of a count name nobody, the user who counted, or the current user",
        "recorded in flow-stock-2 (17.0, 19.0)",
        {11: "no", 17: "counting", 19: "current"},
    )
    lots_without_company: bool = rule(
        "a lot without a company is one for all companies",
        "recorded in flow-stock-2 (17.0, 18.0)",
        {11: False, 18: True},
    )
    lot_company_fixed: bool = rule(
        "the company of a lot cannot be changed",
        "source of Odoo 14.0 and 17.0, stock; inferred for 18.0",
        {11: True, 18: False},
    )
    duplicate_lot_text: str = rule(
        "the error of a lot whose name its product has already",
        "recorded in flow-stock-2 (17.0, 18.0)",
        {
            11: "The combination of serial number and product must be unique across a company.\n"
            "Following combination contains duplicates:\n",
            18: "The combination of lot/serial number and product must be unique within a company including when no "
            "company is defined.\nThe following combinations contain duplicates:\n",
        },
    )
    duplicate_lot_line: str = rule(
        "what that error says of each lot",
        "recorded in flow-stock-2 (17.0, 18.0)",
        {11: " - Product: {product}, Serial Number: {lot}", 18: " - Product: {product}, Lot/Serial Number: {lot}"},
    )
    quants_title: str = rule(
        "the title of the view of quants",
        "source of Odoo 14.0 and 17.0, stock",
        {11: "Update Quantity", 15: "Stock On Hand", 17: "Locations"},
    )
    quants_target: bool = rule(
        "the action that shows quants names its target",
        "recorded in flow-stock-2 (18.0, 19.0)",
        {11: False, 19: True},
    )
    unit_fixed_by_moves: bool = rule(
        "the unit of a product cannot be changed once there are moves of it",
        "recorded in flow-stock-2 (18.0, 19.0)",
        {11: True, 19: False},
    )
    unpacked_by_moves: bool = rule(
        "goods are taken out of a package by moves; before, their quants lost it",
        "source of Odoo 16.0 and 17.0, stock",
        {11: False, 17: True},
    )
