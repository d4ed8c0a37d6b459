"""stock.move: creating, changing and deleting moves.

Source: recorded in flow-stock-1, flow-stock-3 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.errors import UserError
from mockserver.orm.fields.numbers import compare

if TYPE_CHECKING:
    from typing_extensions import Self

_UNIT = "You cannot change the UoM for a stock move that has been set to 'Done'."
_OPEN = "You can only delete draft or cancelled moves."
_DEMAND = "The initial demand has been updated."


class Move(models.Model):
    _inherit = "stock.move"

    def create(self, vals_list: Any) -> Self:
        """Create moves; those of a transfer belong to its group."""
        several = [vals_list] if isinstance(vals_list, Mapping) else list(vals_list)
        made: Self = super().create([self._completed(vals) for vals in several])
        return made

    def _completed(self, vals: Mapping[str, Any]) -> dict[str, Any]:
        found = dict(vals)
        if (vals.get("quantity") or vals.get("move_line_ids")) and "lot_ids" in vals:
            del found["lot_ids"]
        if vals.get("picking_id"):
            transfer = self.env["stock.picking"].browse(vals["picking_id"])
            if "group_id" in self._model.fields and "group_id" not in vals and transfer.group_id:
                found["group_id"] = transfer.group_id.id
            found.setdefault("company_id", transfer.company_id.id)
            if transfer.state == "done":
                found["state"] = "done"
        if found.get("state") == "done" and "picked" in self._model.fields:
            found["picked"] = True
        return found

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change moves; a smaller demand than what is reserved is reserved anew."""
        if vals.get("product_uom") and any(move.state == "done" for move in self):
            raise UserError(self.env._(_UNIT))
        states = self.browse()
        receipts = self.browse()
        if "product_uom_qty" in vals and not self.env.context.get("do_not_unreserve"):
            states, receipts = self._fit_demand(vals["product_uom_qty"])
        if "move_orig_ids" in vals:
            states |= self.filtered(lambda move: move.state not in ("draft", "cancel", "done"))
        if "date_deadline" in vals:
            self._set_date_deadline(vals["date_deadline"])
        done = super().write(vals)
        if states:
            states._recompute_state()
        if receipts:
            receipts._action_assign()
        return done

    def _fit_demand(self, demand: float) -> tuple[Self, Self]:
        """Unreserve what is more than the new demand; return the moves whose states follow, and receipts to reserve."""
        changed = self.filtered(
            lambda move: move.state not in ("done", "draft") and move.picking_id
            and compare(demand, move.product_uom_qty, move.product_uom.rounding)
        )  # fmt: skip
        for transfer in changed.picking_id:
            transfer.message_post(body=self.env._(_DEMAND))
        open_ = self.filtered(lambda move: move.state not in ("draft", "done", "cancel"))
        over = open_.filtered(lambda move: compare(move.quantity, demand, move.product_uom.rounding) > 0)
        over._do_unreserve()
        rest = open_ - over
        receipts = over.filtered(lambda move: move.location_id.usage == "supplier")
        receipts |= rest.filtered(
            lambda move: move.location_id.usage == "supplier" and move.state in ("partially_available", "assigned")
        )
        for move in rest.filtered(lambda move: move.state == "assigned"):
            move.write({"state": "partially_available"})
        return rest - receipts, receipts

    def _set_date_deadline(self, new: Any) -> None:
        """Move the deadlines of the moves before and after by as much as these move."""
        known = {*self.env.context.get("date_deadline_propagate_ids", ()), *self._ids}
        for move in self:
            others = (move.move_dest_ids | move.move_orig_ids).filtered(
                lambda other: other.state not in ("done", "cancel") and other.id not in known
            )
            shift = _moment(move.date_deadline) - _moment(new) if move.date_deadline and new else timedelta()
            for other in others.with_context(date_deadline_propagate_ids=sorted(known)):
                kept = other.date_deadline and shift
                other.write({"date_deadline": str(_moment(other.date_deadline) - shift) if kept else new})

    def unlink(self) -> bool:
        """Delete draft and cancelled moves with their lines."""
        self.move_line_ids.unlink()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft_or_cancel(self) -> None:
        if any(move.state not in ("draft", "cancel") for move in self):
            raise UserError(self.env._(_OPEN))


def _moment(text: Any) -> datetime:
    return datetime.strptime(str(text)[:19], "%Y-%m-%d %H:%M:%S")
