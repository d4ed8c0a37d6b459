"""Transfers of goods, their moves, and warehouses."""

from __future__ import annotations

from mockserver.profiles.rules.rule import Section, rule


class Transfers(Section, title="Transfers and warehouses"):
    quantity_precision: str = rule(
        "name of the decimal precision of quantities",
        "reference data of decimal.precision (18.0, 19.0)",
        {11: "Product Unit of Measure", 19: "Product Unit"},
    )
    lot_needed_text: str = rule(
        "error of moving a traced product without a lot",
        "recorded in flow-stock-2 (17.0, 18.0, 19.0)",
        {
            11: "You need to supply a Lot/Serial Number for product: ",
            18: "You need to supply a Lot/Serial Number for product:",
        },
    )
    lot_needed_bullet: str = rule(
        "what stands before each product in that error",
        "recorded in flow-stock-2 (17.0, 18.0, 19.0)",
        {11: "\n - ", 18: "\n- "},
    )
    lots_have_company: bool = rule(
        "a lot that a transfer makes belongs to its company",
        "recorded in flow-stock-2 (17.0, 18.0)",
        {11: True, 18: False},
    )
    pushed_when_done: bool = rule(
        "what is pushed to the next place is planned when the move is done, not when it is confirmed",
        "recorded in flow-stock-3 (17.0, 18.0)",
        {11: False, 18: True},
    )
    done_transfer_validated: bool = rule(
        "validating a transfer that is done already does nothing",
        "recorded in flow-stock-1, flow-walk-stock-1 (17.0, 18.0)",
        {11: False, 18: True},
    )
    waiting_moves_served_by_any: bool = rule(
        "whatever brings goods reserves them for waiting moves, counting too; before, only receipts and transfers",
        "recorded in flow-stock-3 (17.0, 18.0, 19.0)",
        {11: False, 19: True},
    )
    demand_follows_excess: bool = rule(
        "the demand of a move of which more is picked than was asked is what is picked",
        "as far as known; not recorded",
        {11: True, 18: False},
    )
    kinds_have_outer_places: bool = rule(
        "receipts come from the vendors and deliveries go to the customers by their kind of transfer",
        "recorded in flow-stock-1 (17.0, 18.0)",
        {11: False, 18: True},
    )
    barcode_joint: str = rule(
        "what stands between the code of a warehouse and the rest of the barcodes of its parts",
        "recorded in flow-stock-1 (17.0, 18.0)",
        {11: "-", 18: ""},
    )
    reception_route_sequence: int = rule(
        "sequence of the routes by which goods come into a warehouse", "base data of 18.0 and 19.0", {11: 9, 19: 50}
    )
    delivery_route_sequence: int = rule(
        "sequence of the routes by which goods leave a warehouse", "base data of 18.0 and 19.0", {11: 10, 19: 60}
    )
    order_rule_method: str = rule(
        "what the rule of a warehouse does by which goods are made to order",
        "base data of 17.0 and 18.0",
        {11: "mts_else_mto", 18: "make_to_order"},
    )
    return_lines_by_form: bool = rule(
        "the lines of a return are made by its form, not when it is created",
        "inferred",
        {11: False, 13: True, 17: False},
    )
    orders_reserve: bool = rule(
        "the confirmation of an order reserves its goods; since 16.0 the type of its delivery says whether to",
        "inferred",
        {11: True, 16: False},
    )
    returns_start_at_zero: bool = rule(
        "a return proposes to bring back nothing, not all that was moved",
        "recorded in flow-stock-3 (17.0, 18.0)",
        {11: False, 18: True},
    )
    done_line_deleted_text: str = rule(
        "error of deleting what was moved",
        "recorded in flow-stock-1, flow-stock-3 (17.0, 18.0, 19.0)",
        {
            11: "You can not delete product moves if the picking is done. You can only correct the done quantities.",
            19: "Deleting product moves after the transfer is done?\n\nThat would be like going back in time to revert"
            " all operations triggered after this move. Who knows what the end result would be, So let's not do it.\n\n"
            "Try changing the “done” quantity to 0 instead.",
        },
    )
    nothing_to_validate_text: str = rule(
        "error of validating a transfer of nothing",
        "recorded in flow-stock-1, flow-stock-3 (17.0, 18.0, 19.0)",
        {
            11: "You cannot validate a transfer if no quantities are reserved. To force the transfer, encode"
            " quantities.",
            19: "Transfer trouble alert! Validating a zero quantity transfer? You're not moving invisible goods around"
            " are you?\nSet some quantities and let's get moving!",
        },
    )
    states_with_fixed_dates: tuple[str, ...] = rule(
        "the states in which the scheduled date of a transfer cannot change",
        "recorded in flow-stock-1 (17.0, 18.0, 19.0)",
        {11: ("done", "cancel"), 19: ("cancel",)},
    )
    drafts_forecast_what_is_free: bool = rule(
        "the forecast of a draft delivery for which there is enough is what is free, not what will be left",
        "recorded in flow-stock-1 (18.0, 19.0)",
        {11: False, 19: True},
    )
    demand_falls_without_backorder: bool = rule(
        "a move of which less is done than asked, without a backorder, has what was done as its demand; the rest is"
        " another move, which is cancelled",
        "recorded in flow-stock-3 (17.0); inferred for 16.0",
        {11: True, 17: False},
    )
