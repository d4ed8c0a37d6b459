"""stock.valuation.layer: what a movement of goods, or a change of their cost, is worth.

Source: 17.0; recorded in flow-cross-2 (17.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.stock_account import entries


class StockValuationLayer(models.Model):
    _inherit = "stock.valuation.layer"

    @api.versions(since=17)
    @api.depends("stock_move_id.location_id", "stock_move_id.location_dest_id")
    def _compute_warehouse_id(self) -> None:
        """The warehouse that goods left, else the one that they came into."""
        for layer in self:
            move = layer.stock_move_id
            place = move.location_id if move.location_id.usage == "internal" else move.location_dest_id
            layer.warehouse_id = place._warehouse()

    @api.versions(since=17)
    def _search_warehouse_id(self, operator: str, value: Any) -> list[Any]:
        left = [
            ("stock_move_id.location_id.usage", "=", "internal"),
            ("stock_move_id.location_id.warehouse_id", operator, value),
        ]
        came = [
            ("stock_move_id.location_id.usage", "!=", "internal"),
            ("stock_move_id.location_dest_id.warehouse_id", operator, value),
        ]
        return ["|", "&", *left, "&", *came]

    def _validate_accounting_entries(self) -> None:
        """Make and post the entries of layers of products whose valuation is automated."""
        entries.post(self)

    def action_open_reference(self) -> Any:
        """Return the window of the transfer of a layer, else of its move."""
        self.ensure_one()
        if self.stock_move_id:
            found = self.stock_move_id.action_open_reference()
            if found["res_model"] != "stock.move":
                return found
        return self._window("stock.valuation.layer", self.id)

    def action_open_journal_entry(self) -> Any:
        """Return the window of the entry of a layer; nothing for one without."""
        self.ensure_one()
        return self._window("account.move", self.account_move_id.id) if self.account_move_id else None

    @api.versions(until=17)
    def action_open_layer(self) -> Any:
        """Return the window of a layer."""
        self.ensure_one()
        return self._window("stock.valuation.layer", self.id)

    def _window(self, model: str, record: int) -> dict[str, Any]:
        return {
            "type": "ir.actions.act_window", "res_model": model, "views": [[False, "form"]], "res_id": record,
        }  # fmt: skip
