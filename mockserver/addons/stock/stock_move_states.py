"""stock.move: confirming, reserving, unreserving and cancelling.

Source: recorded in flow-stock-1, flow-stock-3, flow-walk-stock-1 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockserver import models
from mockserver.addons.stock import move_merging, move_reserving, procurements, storable
from mockserver.addons.stock.facts import Facts
from mockserver.errors import UserError
from mockserver.orm.fields.numbers import compare
from mockserver.orm.records.environment import Recordset
from mockserver.orm.storage.store import Row

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
        before = self.env.db.store.index("stock.move", "move_dest_ids")
        rows = [row for row in self._rows() if row.get("state") == "draft"]
        drafts = self.browse(row["id"] for row in rows)
        waiting = self.browse(
            row["id"] for row in rows if before.get(row["id"]) or row.get("procure_method") == "make_to_order"
        )
        ordering = self.browse(id_ for id_ in waiting._ids if not before.get(id_))
        to_place = self.browse(row["id"] for row in rows if not row.get("picking_id") and row.get("picking_type_id"))
        if ordering:
            procurements.run(self.env, [move._procurement() for move in ordering])
        at_once = self._reserved_at_once(drafts)
        for state, alike in (("confirmed", drafts - waiting), ("waiting", waiting)):
            (alike - at_once).write({"state": state})
            (alike & at_once).write({"state": state, "reservation_date": self._today()})
        to_place._assign_picking()
        pushed = self.browse() if self.env.db.profile.rules.pushed_when_done else drafts._push_apply()
        moves: Self = self
        if merge:
            moves = self.browse(move_merging.merge(self, merge_into)._ids)
        moves._turn_negatives()
        moves._reserve_confirmed()
        if pushed:
            pushed.sudo()._action_confirm()
        return moves

    def _reserved_at_once(self, drafts: Self) -> Self:
        """Return the moves whose kind of transfer reserves goods for them as soon as they are confirmed."""
        if "reservation_date" not in self._model.fields:
            return self.browse()
        kinds = drafts.picking_type_id.filtered(lambda kind: kind._reserves_at_once())._ids
        return self.browse(row["id"] for row in drafts._rows() if row.get("picking_type_id") in kinds)

    def _key_assign_picking(self) -> tuple[Any, ...]:
        """Return what moves of one transfer have in common."""
        row = self._rows()[0]
        group = row.get("group_id") if "group_id" in self._model.fields else self.reference_ids._ids
        return group, *map(row.get, ("location_id", "location_dest_id", "picking_type_id", "partner_id"))

    def _turn_negatives(self) -> None:
        """Make returns of moves of less than nothing."""
        facts = Facts(self.env)
        negative = self.browse(
            row["id"] for row in self._rows() if facts.sign(row.get("product_uom_qty") or 0.0, row["product_uom"]) < 0
        )
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
        facts = Facts(self.env)
        ready = [
            row["id"] for row in self._rows()
            if row.get("state") in ("confirmed", "partially_available")
            and (self._is_due(row) or facts.unreserved(row["product_id"], row["location_id"]))
        ]  # fmt: skip
        if ready:
            self.browse(ready)._action_assign()

    def _is_due(self, row: Row) -> bool:
        """Return whether goods are to be reserved for a move by now.  Until 15 this is never done by itself."""
        if "reservation_date" not in self._model.fields:
            return False
        kind = self.env.db.store.get("stock.picking.type", row.get("picking_type_id") or 0) or {}
        date = row.get("reservation_date")
        return kind.get("reservation_method") == "at_confirm" or bool(date and date <= self._today())

    def _today(self) -> str:
        return str(self.env.db.clock.today())

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
        facts, by_state = Facts(self.env), dict[str, list[int]]()
        for row in self._rows():
            if row.get("state") not in ("cancel", "done", "draft"):
                found = self._state_by_quantity(row, facts)
                if found != row.get("state"):
                    by_state.setdefault(found, []).append(row["id"])
        for state, ids in by_state.items():
            self.browse(ids).write({"state": state})

    def _state_by_quantity(self, row: Row, facts: Facts) -> str:
        reserved, demand = row.get("quantity") or 0.0, row.get("product_uom_qty") or 0.0
        if compare(reserved, demand, facts.rounding(row["product_uom"])) >= 0:
            return "assigned"
        if facts.sign(reserved, row["product_uom"]):
            return "partially_available"
        store = self.env.db.store
        moves, before = store.rows("stock.move"), store.index("stock.move", "move_dest_ids").get(row["id"], ())
        ordered = row.get("procure_method") == "make_to_order" and not before
        if ordered or any(moves[id_].get("state") not in ("done", "cancel") for id_ in before):
            return "waiting"
        return "confirmed"

    def _do_unreserve(self) -> bool:
        """Take back what open moves have reserved, except what is picked already."""
        open_: list[int] = []
        for row in self._rows():
            if row.get("state") == "cancel" or row.get("picked"):
                continue
            if row.get("state") == "done":
                if self.browse(row["id"])._scrapped():
                    continue
                raise UserError(self.env._(_UNRESERVE_DONE))
            open_.append(row["id"])
        store = self.env.db.store
        lines = store.rows("stock.move.line")
        reserving = [
            id_ for id_ in sorted(store.having("stock.move.line", "move_id", open_)) if not lines[id_].get("picked")
        ]
        self.env["stock.move.line"].browse(reserving).unlink()
        self.browse(open_)._recompute_state()
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
        places = {(row["product_id"], row["location_dest_id"]) for row in self._rows()}
        open_ = self.env.db.store.having("stock.move", "state", ("confirmed", "partially_available"))
        waiting = self.search([
            ("id", "in", sorted(open_)), ("product_id", "in", list({product for product, _ in places})),
            ("location_id", "in", list({place for _, place in places})),
            ("procure_method", "=", "make_to_stock"),
        ], order="priority desc, date asc, id asc")  # fmt: skip
        dated = "reservation_date" in self._model.fields
        waiting = self.browse(
            row["id"] for row in waiting._rows()
            if (row["product_id"], row["location_id"]) in places and (not dated or self._is_due(row))
        )  # fmt: skip
        if waiting:
            waiting._action_assign()

    def _trigger_scheduler(self) -> None:
        """Replenish what these moves take, where a rule of replenishment does it by itself."""
        store, products = self.env.db.store, {row["product_id"] for row in self._rows()} if self else set()
        ids = store.having("stock.warehouse.orderpoint", "product_id", products)
        if not ids or self.env["ir.config_parameter"].sudo().get_param("stock.no_auto_scheduler"):
            return
        found = self.env["stock.warehouse.orderpoint"].sudo().browse(sorted(ids))
        automatic = found.filtered(lambda point: point.active and ("trigger" not in point or point.trigger == "auto"))
        chosen = automatic.filtered(lambda point: any(point._serves(move) for move in self))
        for company, points in chosen.grouped("company_id").items():
            points._refresh()
            points._procure_orderpoint_confirm(company=company, raise_user_error=False)

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
            row for row in self._rows()
            if row.get("state") not in ("cancel", "done")
            and not (row.get("state") == "assigned" and not row.get("product_uom_qty"))
        ]  # fmt: skip
        if not moves:
            return "assigned"
        moves.sort(key=lambda row: (_WEIGHT.get(row["state"], 0), row.get("product_uom_qty") or 0.0))
        first, last = moves[0], moves[-1]
        states = {str(row["state"]) for row in moves}
        transfer = self.env.db.store.get("stock.picking", first.get("picking_id") or 0) or {}
        if transfer.get("move_type") == "one":
            if first["state"] == "confirmed":
                return "confirmed" if first.get("product_uom_qty") else "assigned"
            return "confirmed" if first["state"] == "partially_available" else str(first["state"])
        if first["state"] != "assigned" and states & {"assigned", "partially_available"}:
            return "partially_available"
        if last["state"] == "confirmed" and not last.get("product_uom_qty"):
            return "assigned"
        return str(last["state"])
