"""The windows that are asked while transfers are validated, and returns.

Source: recorded in flow-stock-1, flow-stock-3, flow-cross-1 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models


class BackorderConfirmation(models.TransientModel):
    _inherit = "stock.backorder.confirmation"

    @api.model
    def default_get(self, fields: list[str]) -> dict[str, Any]:
        """Return the defaults; every transfer is to have a backorder."""
        found: dict[str, Any] = super().default_get(fields)
        lines = "backorder_confirmation_line_ids"
        if lines in fields and found.get("pick_ids"):
            ids = [id_ for command in found["pick_ids"] for id_ in _ids(command)]
            found[lines] = [(0, 0, {"to_backorder": True, "picking_id": id_}) for id_ in ids]
        return found

    def process(self) -> Any:
        """Validate the transfers; those that are to have no backorder cancel what is left of them."""
        named = self.env.context.get("button_validate_picking_ids")
        if not named:
            return True
        transfers = self.env["stock.picking"].browse(named).with_context(skip_backorder=True)
        lines = self.backorder_confirmation_line_ids
        without = lines.filtered(lambda line: not line.to_backorder).picking_id
        if without:
            transfers = transfers.with_context(picking_ids_not_to_backorder=without.ids)
        return transfers.button_validate()

    def process_cancel_backorder(self) -> Any:
        """Validate the transfers and cancel what is left of them."""
        named = self.env.context.get("button_validate_picking_ids")
        if not named:
            return True
        transfers = self.env["stock.picking"].browse(named)
        return transfers.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=self.pick_ids.ids
        ).button_validate()


def _ids(command: Any) -> list[int]:
    """Return the ids that a command links, or an id itself."""
    if isinstance(command, int):
        return [command]
    return list(command[2]) if command[0] == 6 else [command[1]] if command[0] == 4 else []
