"""stock.move: confirming, reserving, unreserving and cancelling.

Source: recorded in flow-stock-1, flow-stock-3, flow-walk-stock-1 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockserver import models
from mockserver.addons.stock import move_merging, move_reserving, procurements, storable, units
from mockserver.errors import UserError
from mockserver.orm.fields.numbers import compare
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

_CANCEL_DONE = (
    "You cannot cancel a stock move that has been set to 'Done'. Create a return in order to reverse the moves which"
    " took place."
)
_UNRESERVE_DONE = "You cannot unreserve a stock move that has been set to 'Done'."
# the further on, the more a state says of a transfer
_WEIGHT = {"assigned": 4, "waiting": 3, "partially_available": 2, "confirmed": 1}


class Move(models.Model):
    _inherit = "stock.move"

    # -- confirming

    def _action_confirm(self, merge: bool = True, merge_into: Recordset | None = None) -> Self:
        """Confirm drafts: find their transfer, order what they need, push on what they bring, and reserve.

        Moves that are alike become one; returns the moves that are left.
        """
        drafts = self.filtered(lambda move: move.state == "draft")
        waiting = drafts.filtered(lambda move: move.move_orig_ids or move.procure_method == "make_to_order")
        ordering = waiting.filtered(lambda move: not move.move_orig_ids)
        to_place = drafts.filtered(lambda move: not move.picking_id and move.picking_type_id)
        if ordering:
            procurements.run(self.env, [move._procurement() for move in ordering])
        (drafts - waiting).write({"state": "confirmed"})
        waiting.write({"state": "waiting"})
        self._set_reservation_dates(drafts)
        for alike in to_place.grouped(lambda move: move._key_assign_picking()).values():
            alike._assign_picking()
        pushed = self.browse() if self.env.db.profile.rules.pushed_when_done else drafts._push_apply()
        moves: Self = self
        if merge:
            moves = self.browse(move_merging.merge(self, merge_into)._ids)
        moves._turn_negatives()
        moves._reserve_confirmed()
        if pushed:
            pushed.sudo()._action_confirm()
        return moves

    def _set_reservation_dates(self, drafts: Self) -> None:
        if "reservation_date" in self._model.fields:
            at_once = drafts.filtered(lambda move: move.picking_type_id.reservation_method == "at_confirm")
            at_once.write({"reservation_date": self.env.db.clock.today()})

    def _key_assign_picking(self) -> tuple[Any, ...]:
        """Return what moves of one transfer have in common."""
        group = self.group_id.id if "group_id" in self._model.fields else self.reference_ids.ids
        return (
            tuple(group) if isinstance(group, list) else group, self.location_id.id, self.location_dest_id.id,
            self.picking_type_id.id, self.partner_id.id,
        )  # fmt: skip

    def _turn_negatives(self) -> None:
        """Make returns of moves of less than nothing."""
        negative = self.filtered(lambda move: compare(move.product_uom_qty, 0.0, move.product_uom.rounding) < 0)
        for move in negative:
            values: dict[str, Any] = {
                "location_id": move.location_dest_id.id, "location_dest_id": move.location_id.id,
                "product_uom_qty": -move.product_uom_qty, "procure_method": "make_to_stock",
            }  # fmt: skip
            if move.picking_type_id.return_picking_type_id:
                values["picking_type_id"] = move.picking_type_id.return_picking_type_id.id
            move.write({**values, "picking_id": False})
        if negative:
            negative._assign_picking()

    def _reserve_confirmed(self) -> None:
        """Reserve for the moves that need no stock, and for those that their kind of transfer reserves for at once."""
        today = self.env.db.clock.today()
        dated = "reservation_date" in self._model.fields
        ready = self.filtered(
            lambda move: move.state in ("confirmed", "partially_available") and (
                move._should_bypass_reservation()
                or (dated and move.picking_type_id.reservation_method == "at_confirm")
                or (dated and move.reservation_date and move.reservation_date <= today)
            )
        )  # fmt: skip
        if ready:
            ready._action_assign()

    def _should_bypass_reservation(self, location: Recordset | None = None) -> bool:
        """Return whether goods need not be there to be taken: they come from outside, or are not stored."""
        place = location or self.location_id
        return bool(place.should_bypass_reservation()) or not storable.is_stored(self.product_id)

    # -- reserving

    def _action_assign(self, force_qty: float | bool = False) -> None:
        """Reserve what is there for the moves that wait for it."""
        move_reserving.assign(self)

    def _recompute_state(self) -> None:
        """Set the states of open moves by what they have reserved."""
        by_state: dict[str, list[int]] = {}
        for move in self:
            if move.state in ("cancel", "done", "draft"):
                continue
            found = move._state_by_quantity()
            if found != move.state:
                by_state.setdefault(found, []).append(move.id)
        for state, ids in by_state.items():
            self.browse(ids).write({"state": state})

    def _state_by_quantity(self) -> str:
        reserved, rounding = self.quantity, self.product_uom.rounding
        if compare(reserved, self.product_uom_qty, rounding) >= 0:
            return "assigned"
        if reserved and not units.is_zero(reserved, self.product_uom):
            return "partially_available"
        before = self.move_orig_ids
        ordered = self.procure_method == "make_to_order" and not before
        if ordered or any(move.state not in ("done", "cancel") for move in before):
            return "waiting"
        return "confirmed"

    def _do_unreserve(self) -> bool:
        """Take back what open moves have reserved, except what is picked already."""
        moves: list[int] = []
        for move in self:
            if move.state == "cancel" or (move.state == "done" and move._scrapped()) or move.picked:
                continue
            if move.state == "done":
                raise UserError(self.env._(_UNRESERVE_DONE))
            moves.append(move.id)
        found = self.browse(moves)
        lines = found.move_line_ids
        lines.filtered(lambda line: not line.picked).unlink()
        found._recompute_state()
        return True

    def _scrapped(self) -> bool:
        """Return whether the move throws goods away."""
        if "scrapped" in self._model.fields:
            return bool(self.scrapped)
        return bool(self.location_dest_id.usage == "inventory" and not self.is_inventory)

    def _trigger_assign(self) -> None:
        """Reserve what these moves have brought for the moves that wait for it there."""
        if not self:
            return
        places = {(move.product_id.id, move.location_dest_id.id) for move in self}
        waiting = self.search([
            ("product_id", "in", list({product for product, _ in places})),
            ("location_id", "in", list({place for _, place in places})),
            ("state", "in", ["confirmed", "partially_available"]), ("procure_method", "=", "make_to_stock"),
        ], order="priority desc, date asc, id asc")  # fmt: skip
        today = self.env.db.clock.today()
        waiting = waiting.filtered(
            lambda move: (move.product_id.id, move.location_id.id) in places and (
                "reservation_date" not in move._model.fields
                or move.picking_type_id.reservation_method == "at_confirm"
                or (move.reservation_date and move.reservation_date <= today)
            )
        )  # fmt: skip
        if waiting:
            waiting._action_assign()

    # -- cancelling

    def _action_cancel(self) -> bool:
        """Cancel moves, and those that wait for nothing else."""
        if any(move.state == "done" and not move._scrapped() for move in self):
            raise UserError(self.env._(_CANCEL_DONE))
        moves = self.filtered(lambda move: move.state != "cancel" and not (move.state == "done" and move._scrapped()))
        if not moves:
            return True
        if "picked" in self._model.fields:
            moves.filtered("picked").write({"picked": False})
        moves._do_unreserve()
        moves.write({"state": "cancel"})
        for move in moves:
            move._cancel_following()
        moves.write({"move_orig_ids": [(5, 0, 0)], "procure_method": "make_to_stock"})
        return True

    def _cancel_following(self) -> None:
        """Cancel the moves after one, or let them take from stock, if nothing else brings what they need."""
        following = self.move_dest_ids
        if not following:
            return
        states = (following.move_orig_ids - self).mapped("state")
        if self.propagate_cancel:
            if all(state == "cancel" for state in states):
                following.filtered(
                    lambda move: move.state != "done" and self.location_dest_id == move.location_id
                )._action_cancel()
        elif all(state in ("done", "cancel") for state in states):
            following.write({"procure_method": "make_to_stock", "move_orig_ids": [(3, self.id, 0)]})

    # -- states of transfers

    def _get_relevant_state_among_moves(self) -> str:
        """Return the state that counts for a transfer of these moves."""
        moves = [
            move for move in self
            if move.state not in ("cancel", "done") and not (move.state == "assigned" and not move.product_uom_qty)
        ]  # fmt: skip
        if not moves:
            return "assigned"
        moves.sort(key=lambda move: (_WEIGHT.get(move.state, 0), move.product_uom_qty))
        first, last = moves[0], moves[-1]
        if first.picking_id.move_type == "one":
            if first.state == "confirmed":
                return "confirmed" if first.product_uom_qty else "assigned"
            return "confirmed" if first.state == "partially_available" else str(first.state or "draft")
        if first.state != "assigned" and any(move.state in ("assigned", "partially_available") for move in moves):
            return "partially_available"
        if last.state == "confirmed" and not last.product_uom_qty:
            return "assigned"
        return str(last.state or "draft")
