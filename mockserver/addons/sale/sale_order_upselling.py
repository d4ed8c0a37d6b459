"""sale.order: an activity for the salesperson, where more was delivered than ordered.

Source: 17.0.
"""

from __future__ import annotations

from collections.abc import Mapping

from mockserver import api, models
from mockserver.addons.sale.origin_links import link
from mockserver.orm.storage.store import Row

_ACTIVITY = "sale.mail_act_sale_upsell"


class SaleOrder(models.Model):
    _inherit = "sale.order"
    _commits_of = ("sale.order",)

    @api.model
    def _at_commit(self, touched: Mapping[tuple[str, int], Row | None]) -> None:
        """Plan the activity for orders that have become an opportunity; changes are logged for all models at once."""
        rows = self.env.db.store.rows(self._name)
        found = [
            id_
            for (model, id_), before in touched.items()
            if model == self._name
            and rows.get(id_, {}).get("invoice_status") == "upselling"
            and (before or {}).get("invoice_status") != "upselling"
        ]
        if found and not self.env.context.get("mail_activity_automation_skip"):
            self.browse(found)._create_upsell_activity()

    def _create_upsell_activity(self) -> None:
        """Plan the activity, if there is somebody for it; since 19 there is none."""
        if self.env.ref(_ACTIVITY, raise_if_not_found=False) is None:
            return
        orders = self.filtered(lambda order: order.user_id or order.partner_id.user_id)
        if orders:
            orders.activity_unlink([_ACTIVITY])
        for order in orders:
            note = self.env._("Upsell %(order)s for customer %(customer)s")
            note = note.replace("%(order)s", link(order)).replace("%(customer)s", link(order.partner_id))
            user = order.user_id or order.partner_id.user_id
            order.activity_schedule(_ACTIVITY, user_id=user.id, note=note)
