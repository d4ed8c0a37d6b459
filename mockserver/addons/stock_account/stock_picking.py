"""stock.picking: the window of what transfers are worth.  Inferred: its keys."""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.base.windows import stored_window
from mockserver.addons.stock_account.goods import LAYERS


class Picking(models.Model):
    _inherit = "stock.picking"

    @api.versions(until=18)
    def action_view_stock_valuation_layers(self) -> dict[str, Any]:
        """Return the window of the layers of the transfer, and of what was thrown away of it."""
        self.ensure_one()
        scraps = self.env["stock.scrap"].search([("picking_id", "=", self.id)])
        moves = self._moves() | scraps["move_ids" if "move_ids" in scraps else "move_id"]
        domain = [("id", "in", moves.stock_valuation_layer_ids.ids)]
        context = {**self.env.context, "no_at_date": True}
        return stored_window(
            self.env, LAYERS, "Stock Valuation", "list,form,pivot,graph", domain=domain, context=context
        )  # fmt: skip
