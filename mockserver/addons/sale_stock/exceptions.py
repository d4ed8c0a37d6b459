"""Warnings to those who are responsible for deliveries whose order changed.

Inferred: who is told, and of which deliveries; the wording of the notes is ours.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import NamedTuple

from mockserver.orm.records.environment import Recordset

WARNING = "mail.mail_activity_data_warning"


class Changes(NamedTuple):
    """The lines of an order whose quantities fall: `{id: (new, old)}`."""

    order: Recordset
    lines: Mapping[int, tuple[float, float]]


def tell_deliveries(changes: Changes, *, cancelled: bool = False) -> None:
    """Warn on the deliveries of the lines: on open ones of smaller quantities, on done ones of a cancelled order."""
    order = changes.order
    moves = order.env["sale.order.line"].browse(changes.lines).move_ids.sudo()
    wanted = moves.filtered(lambda move: move.picking_id and (move.picking_id.state == "done") == cancelled)
    for picking, own in wanted.filtered(lambda move: move.state != "cancel").grouped("picking_id").items():
        for responsible, found in own.grouped(lambda move: move.product_id.responsible_id).items():
            user = responsible or order.env["res.users"].browse(order.env.db.profile.superuser_id)
            picking.activity_schedule(WARNING, note=note(changes, found, cancelled=cancelled), user_id=user.id)


def follow_shipping(order: Recordset, partner: int) -> None:
    """Warn on the open deliveries of an order that it is sent elsewhere, or change them if the context says so."""
    if order.env.context.get("update_delivery_shipping_partner"):
        order.picking_ids.write({"partner_id": partner})
        return
    open_pickings = order.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))
    if not open_pickings:
        return
    before, after = order.partner_shipping_id.display_name, order.env["res.partner"].browse(partner).display_name
    note = (
        f'The delivery address has been changed on the Sales Order<br>From <strong>"{html.escape(before)}"</strong>'
        f' To <strong>"{html.escape(after)}"</strong>, You should probably update the partner on this document.'
    )
    for picking in open_pickings:
        picking.activity_schedule(WARNING, note=note, user_id=order.env.uid)


def note(changes: Changes, moves: Recordset, *, cancelled: bool) -> str:
    """Return what an activity says of lines that are delivered by moves."""
    order, action = changes.order, "cancelled" if cancelled else "decreased"
    said = []
    for line in moves.sale_line_id.filtered(lambda line: line.id in changes.lines):
        new, old = changes.lines[line.id]
        was = f"{old} ordered" if not cancelled else f"{new} ordered"
        now = "cancelled" if cancelled else f"{new} now"
        said.append(f"<li>{html.escape(str(line.product_id.display_name))}: {was}, {now}</li>")
    link = f'<a href="#" data-oe-model="sale.order" data-oe-id="{order.id}">{html.escape(str(order.name))}</a>'
    return f"<p>Exception(s) occurred on the sale order(s): {link}, {action}.</p><ul>{''.join(said)}</ul>"
