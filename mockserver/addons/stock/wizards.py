"""The windows that are asked while transfers are validated, and returns.

Source: recorded in flow-stock-1, flow-stock-3, flow-cross-1 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import models

if TYPE_CHECKING:
    from typing_extensions import Self


class BackorderConfirmation(models.TransientModel):
    _inherit = "stock.backorder.confirmation"

    def create(self, vals_list: Any) -> Self:
        """Create wizards; the transfers of the context are each to have a backorder, unless lines are given."""
        several = [vals_list] if isinstance(vals_list, Mapping) else list(vals_list)
        return super().create([self._with_lines(vals) for vals in several])

    def _with_lines(self, vals: Mapping[str, Any]) -> dict[str, Any]:
        asked = self.env.context.get("default_pick_ids")
        lines = "backorder_confirmation_line_ids"
        if not asked or "pick_ids" in vals or lines in vals:
            return dict(vals)
        ids = [id_ for command in asked for id_ in _ids(command)]
        return {**vals, lines: [(0, 0, {"to_backorder": True, "picking_id": id_}) for id_ in ids]}

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
