"""What orders tell in the chatter: that they were sent and confirmed.

Source: 17.0; recorded in flow-sale-2 and flow-sale-4 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver import api, models

_KINDS = {"sale": "sale.mt_order_confirmed", "sent": "sale.mt_order_sent"}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _track_subtype(self, init_values: Mapping[str, Any]) -> Any:
        """Return the kind of message for an order that is sent or confirmed."""
        self.ensure_one()
        if "state" in init_values and self.state in _KINDS:
            return self.env.ref(_KINDS[self.state], raise_if_not_found=False)
        return super()._track_subtype(init_values)  # type: ignore[misc]

    @api.returns_id
    def message_post(self, **kwargs: Any) -> Any:
        """Write a message; one that sends a quotation marks the draft as sent, and its recipients follow the order."""
        if self.env.context.get("mark_so_as_sent"):
            drafts = self.filtered(lambda order: order.state == "draft")
            drafts.with_context(tracking_disable=True).write({"state": "sent"})
        follow = self.env.context.get("mail_post_autofollow", True)
        context = {**self.env.context, "mail_post_autofollow": follow}
        return super(SaleOrder, self.with_context(context)).message_post(**kwargs)  # type: ignore[misc]
