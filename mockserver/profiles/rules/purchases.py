"""Purchase orders and their bills."""

from __future__ import annotations

from mockserver.profiles.rules.rule import Section, rule


class Purchases(Section, title="Purchases"):
    purchase_locked_field: bool = rule(
        "a locked purchase order stays confirmed and has its own field for the lock; before, its state was done",
        "recorded in flow-purchase-1 (18.0, 19.0)",
        {11: False, 19: True},
    )
    purchase_bill_whole: bool = rule(
        "the bill of a purchase order has all its lines, those without anything to bill with quantity 0",
        "recorded in flow-purchase-1 (18.0, 19.0)",
        {11: False, 19: True},
    )
    purchase_bill_names: str = rule(
        "what a line of a bill is called: `order` is its number and the line's text, `product` the product before a"
        " text that does not name it, `lines` the same in two lines",
        "recorded in flow-purchase-1 (17.0, 18.0, 19.0)",
        {11: "order", 18: "product", 19: "lines"},
    )
    purchase_bill_refs: bool = rule(
        "the bill of a purchase order has the vendor's reference of the order",
        "recorded in flow-purchase-1 (18.0, 19.0)",
        {11: True, 19: False},
    )
    purchase_bill_context: bool = rule(
        "the action that shows the bills of a purchase order has its context as values; before, as a text",
        "recorded in flow-purchase-1 (17.0, 19.0)",
        {11: False, 19: True},
    )
    purchase_line_kept_text: str = rule(
        "error of deleting a line of a confirmed purchase order",
        "recorded in flow-purchase-1 (17.0, 18.0)",
        {
            11: "Cannot delete a purchase order line which is in state '%s'.",
            18: "Cannot delete a purchase order line which is in state “%s”.",
        },
    )
    purchase_notes_deletable: bool = rule(
        "sections and notes of a confirmed purchase order can be deleted",
        "source of Odoo 18.0, purchase",
        {11: False, 18: True},
    )
    purchase_cancel_locked_text: str = rule(
        "error of cancelling a locked purchase order; before, it was cancelled",
        "recorded in flow-purchase-1 (17.0, 19.0)",
        {11: "", 19: "Unable to cancel purchase order(s): %s. You must first unlock them."},
    )
    purchase_cancel_billed_text: str = rule(
        "error of cancelling a purchase order with a posted bill",
        "source of Odoo 17.0; recorded in flow-purchase-1 (19.0)",
        {
            11: "Unable to cancel this purchase order. You must first cancel the related vendor bills.",
            18: "Unable to cancel purchase order(s): %s. You must first cancel their related vendor bills.",
        },
    )
    purchase_cancel_received_text: str = rule(
        "error of cancelling a purchase order with goods that arrived; from 19 on it is cancelled",
        "recorded in flow-purchase-1 (17.0, 18.0, 19.0)",
        {
            11: "Unable to cancel purchase order %s as some receptions have already been done.",
            18: "Unable to cancel purchase order(s): %s since they have receipts that are already done.",
            19: "",
        },
    )
    purchase_below_received_text: str = rule(
        "error of ordering less than was received; none from 19 on",
        "differences of the recorded flow-purchase-2 (17.0, 18.0, 19.0)",
        {
            11: "You cannot decrease the ordered quantity below the received quantity.\nCreate a return first.",
            19: "",
        },
    )
    purchase_names_in_errors: bool = rule(
        "errors of purchase orders name them with the vendor's reference, all of them at once",
        "recorded in flow-purchase-1 (17.0, 18.0)",
        {11: False, 18: True},
    )
    purchase_without_products_text: str = rule(
        "error of confirming a purchase order with lines without a product",
        "source of Odoo 18.0, purchase",
        {
            11: "",
            18: "Some order lines are missing a product, you need to correct them before going further.",
        },
    )
    purchase_print_sends: str = rule(
        "printing a request for quotation marks it as sent: `always`, or only a `draft`",
        "source of Odoo 17.0 and 18.0, purchase",
        {11: "always", 18: "draft"},
    )
