"""What purchases add to moves: those of different order lines do not become one.

Source: 17.0.
"""

from __future__ import annotations

from mockserver import models


class Move(models.Model):
    _inherit = "stock.move"

    def _prepare_merge_moves_distinct_fields(self) -> tuple[str, ...]:
        found: tuple[str, ...] = super()._prepare_merge_moves_distinct_fields()  # type: ignore[misc]
        return (*found, "purchase_line_id", "created_purchase_line_ids")
