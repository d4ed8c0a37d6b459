"""The values of the invoices of orders.

Source: recorded in flow-sale-3 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from typing import Any

from mockserver.orm.records.environment import Recordset

Values = dict[str, Any]


def of_order(order: Recordset) -> Values:
    """Return the values of an invoice of one order, without lines."""
    rules, move = order.env.db.profile.rules, order.env["account.move"]
    position = order.fiscal_position_id or order.fiscal_position_id._get_fiscal_position(order.partner_invoice_id)
    values: Values = {
        "ref": order.client_order_ref or (order.name if rules.orders_referred_to_by_name else ""),
        "move_type": "out_invoice",
        "narration": order.note,
        "currency_id": order.currency_id.id,
        "team_id": order.team_id.id,
        "partner_id": order.partner_invoice_id.id,
        "partner_shipping_id": order.partner_shipping_id.id,
        "fiscal_position_id": position.id,
        "invoice_origin": order.name,
        "invoice_payment_term_id": order.payment_term_id.id,
        "invoice_user_id": order.user_id.id,
        "payment_reference": order.reference,
        "company_id": order.company_id.id,
        "invoice_line_ids": [],
    }
    for name in ("campaign_id", "medium_id", "source_id", "preferred_payment_method_line_id"):
        if name in order and name in move:
            values[name] = order[name].id
    if "journal_id" in order and order.journal_id:
        values["journal_id"] = order.journal_id.id
    return values


def of_orders(orders: Recordset, *, final: bool, separate: bool) -> list[Values]:
    """Return the values of the invoices of what is to be invoiced; orders that have much in common share one."""
    found = []
    sequence = 0
    for order in orders:
        order = order.with_company(order.company_id)
        if order.partner_invoice_id.lang:
            order = order.with_context(lang=order.partner_invoice_id.lang)
        lines = order._get_invoiceable_lines(final)
        if any(not line.display_type for line in lines):
            values = order._prepare_invoice()
            values["invoice_line_ids"] += [(0, 0, vals) for vals in _lines(order, lines, sequence)]
            sequence += len(values["invoice_line_ids"])
            found.append(values)
    wanted = found if separate else _joined(found, orders)
    if len(wanted) < len(orders):
        for values in wanted:
            for position, command in enumerate(values["invoice_line_ids"], 1):
                command[2]["sequence"] = position
    return wanted


def _lines(order: Recordset, lines: Recordset, sequence: int) -> list[Values]:
    """Return the values of invoice lines, in their order; down payments are taken off in a section of their own."""
    found: list[Values] = []
    prepaid = False
    for line in lines:
        more: Values = {}
        if line.is_downpayment:
            if not prepaid:
                found.append({**_section(order), "sequence": sequence + len(found)})
            more["quantity"] = -1.0
            prepaid = True
        found.append(line._prepare_invoice_line(sequence=sequence + len(found), **more))
    return found


def _section(order: Recordset) -> Values:
    """Return the values of the section of down payments of an invoice."""
    return {
        "display_type": "line_section",
        "name": order.env._("Down Payments"),
        "product_id": False,
        "product_uom_id": False,
        "quantity": 0,
        "discount": 0,
        "price_unit": 0,
        "account_id": False,
    }


def _joined(found: list[Values], orders: Recordset) -> list[Values]:
    """Return the values of one invoice for all orders of a customer, a currency and the like."""
    keys = orders[:1]._get_invoice_grouping_keys() if found else ()
    groups: dict[tuple[int, ...], list[Values]] = {}
    for values in found:
        groups.setdefault(tuple(values.get(key) or 0 for key in keys), []).append(values)
    return [_one(orders, groups[key]) for key in sorted(groups)]


def _one(orders: Recordset, group: list[Values]) -> Values:
    """Return the values of one invoice for several.

    Differs: until 18 the server joins the references in an arbitrary order, this one by the alphabet.
    """
    payment_references = {values["payment_reference"] for values in group}
    references = list(dict.fromkeys(values["ref"] for values in group))
    if not orders.env.db.profile.rules.references_joined_in_order:
        references.sort()
    return {
        **group[0],
        "ref": ", ".join(references)[:2000],
        "invoice_origin": ", ".join(dict.fromkeys(values["invoice_origin"] for values in group)),
        "payment_reference": payment_references.pop() if len(payment_references) == 1 else False,
        "invoice_line_ids": [command for values in group for command in values["invoice_line_ids"]],
    }
