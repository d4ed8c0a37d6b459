"""Warnings for those who buy what is sold, and for those who sell what is bought.

Inferred: 17.0; the wording of the notes is ours.
"""

from __future__ import annotations

import html

from mockserver.addons.sale.origin_links import link
from mockserver.orm.records.environment import Recordset

_WARNING = "mail.mail_activity_data_warning"


def warn(document: Recordset, lines: Recordset, change: str) -> None:
    """Plan an activity on an order for its buyer or seller: what has become of lines of other orders."""
    items = "".join(f"<li>{html.escape(str(line.product_id.display_name))}</li>" for line in lines)
    links = ", ".join(link(order) for order in lines.order_id)
    note = f"<p>Exception(s) occurred on {links}, {change}:</p><ul>{items}</ul>"
    user = document.user_id.id or document.env.uid
    document.activity_schedule(_WARNING, note=note, user_id=user)
