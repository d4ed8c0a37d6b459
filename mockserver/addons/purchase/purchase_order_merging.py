"""purchase.order: making one request for quotation of several.

Source: 18.0.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from mockserver import api, models
from mockserver.addons.mail.links import link_to, links_to
from mockserver.addons.purchase.names import unit_field
from mockserver.errors import UserError
from mockserver.orm.records.environment import Recordset

_TOO_FEW = "Please select at least two purchase orders with state RFQ and RFQ sent to merge."
_NOTHING_ALIKE = (
    "In selected purchase order to merge these details must be same\nVendor, currency, destination, dropship address"
    " and agreement"
)


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    @api.versions(since=18)
    def action_merge(self) -> None:
        """Move the lines of requests to the same vendor into the oldest of them, and cancel the others."""
        requests = self.filtered(lambda order: order.state in ("draft", "sent"))
        if len(requests) < 2:
            raise UserError(self.env._(_TOO_FEW))
        groups = [alike for alike in requests.grouped(_key).values() if len(alike) > 1]
        if not groups:
            raise UserError(self.env._(_NOTHING_ALIKE))
        for alike in groups:
            oldest = min(alike, key=lambda order: (str(order.date_order), order.id))
            _take_over(oldest, alike - oldest)


def _key(order: Recordset) -> tuple[Any, ...]:
    names = ("partner_id", "currency_id", "dest_address_id", "picking_type_id")
    return tuple(order[name].id for name in names if name in order._model.fields)


def _take_over(oldest: Recordset, others: Recordset) -> None:
    for line in others.order_line:
        same = oldest.order_line.filtered(lambda one, line=line: _alike(one, line))[:1]
        if same:
            price = min(same.price_unit, line.price_unit)
            same.write({"product_qty": same.product_qty + line.product_qty, "price_unit": price})
        else:
            line.write({"order_id": oldest.id})
    for name in ("origin", "partner_ref"):
        texts = [order[name] for order in (oldest | others) if order[name]]
        oldest.write({name: ", ".join(texts) or False})
    for order in others:
        text = order.env._("RFQ merged with %s").replace("%s", link_to(oldest))
        order.message_post(body=text, body_is_html=True)
    text = f"RFQ merged with {link_to(oldest)} and {links_to(others)}"
    oldest.message_post(body=text, body_is_html=True)
    others.button_cancel()


def _alike(line: Recordset, other: Recordset) -> bool:
    """Return whether two lines buy the same, on days that are not more than one apart."""
    if line.display_type or other.display_type or line.product_id != other.product_id:
        return False
    names = (unit_field(line), "discount", "analytic_distribution", "product_packaging_id")
    if any(line[name] != other[name] for name in names if name in line._model.fields):
        return False
    first, second = (datetime.fromisoformat(str(one.date_planned)) for one in (line, other))
    return abs(first - second) <= timedelta(days=1)
