"""stock.move: carrying out what is picked, and splitting off what is not.

Source: recorded in flow-stock-1, flow-stock-3, flow-walk-stock-1 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockserver import models
from mockserver.addons.stock import units
from mockserver.addons.stock.facts import Facts
from mockserver.errors import UserError
from mockserver.orm.fields.numbers import compare, round_to

if TYPE_CHECKING:
    from typing_extensions import Self

_SPLIT_DONE = "You cannot split a stock move that has been set to 'Done'/'Cancel'."
_SPLIT_DRAFT = "You cannot split a draft move. It needs to be confirmed first."


class Move(models.Model):
    _inherit = "stock.move"

    def _action_done(self, cancel_backorder: bool = False) -> Self:
        """Carry out the moves that are picked; return them.

        What is not picked stays for a backorder, or is cancelled.
        """
        moves = self.filtered(lambda move: move.state == "draft")._action_confirm(merge=False)
        moves = (self | moves).exists().filtered(lambda move: move.state not in ("done", "cancel"))
        moves._drop_unpicked(cancel_backorder)
        todo: Self = self.browse(
            row["id"] for row in moves._rows()
            if row.get("state") != "cancel" and row.get("picked")
            and ((row.get("quantity") or 0.0) > 0 or row.get("is_inventory"))
        )  # fmt: skip
        todo._raise_demand()
        if not cancel_backorder:
            todo._split_off_rest()
        elif self.env.db.profile.rules.demand_falls_without_backorder:
            todo._split_off_rest()._action_cancel()
        todo.move_line_ids._action_done()
        transfers = todo.picking_id
        todo.write({"state": "done", "date": self.env.db.clock.now()})
        pushed = todo._push_apply() if self.env.db.profile.rules.pushed_when_done else self.browse()
        if pushed:
            pushed.sudo()._action_confirm()
        following = todo.move_dest_ids
        if following:
            following.sudo()._action_assign()
        if transfers and not cancel_backorder and not self.env.context.get("is_scrap"):
            transfers._create_backorder()
        if self.env.db.profile.rules.waiting_moves_served_by_any:
            todo._trigger_assign()
        return todo

    def _drop_unpicked(self, cancel_backorder: bool) -> None:
        """Forget lines that are not picked of moves that are, and cancel moves of which nothing is."""
        facts, lines, cancelled = Facts(self.env), list[int](), list[int]()
        for row in self._rows():
            if row.get("picked"):
                lines += [line["id"] for line in facts.lines(row["id"]) if not line.get("picked")]
            idle = ((row.get("quantity") or 0.0) <= 0 or not row.get("picked")) and not row.get("is_inventory")
            if idle and (cancel_backorder or not facts.sign(row.get("product_uom_qty") or 0.0, row["product_uom"])):
                cancelled.append(row["id"])
        if cancelled:
            self.browse(cancelled)._action_cancel()
        if lines:
            self.env["stock.move.line"].browse(lines).exists().unlink()

    def _raise_demand(self) -> None:
        """Raise the demand of moves of which more is picked than was asked."""
        if not self.env.db.profile.rules.demand_follows_excess:
            return
        facts = Facts(self.env)
        for row in self._rows():
            quantity, demand = row.get("quantity") or 0.0, row.get("product_uom_qty") or 0.0
            if compare(quantity, demand, facts.rounding(row["product_uom"])) > 0:
                move = self.browse(row["id"]).with_context(do_not_unreserve=True)
                move.write({"product_uom_qty": quantity})

    def _split_off_rest(self) -> Self:
        """Make moves of what is left to do; return them."""
        smallest = units.step(self.env)
        values: list[dict[str, Any]] = []
        for move, row in zip(self, self._rows(), strict=True):
            quantity, demand = row.get("quantity") or 0.0, row.get("product_uom_qty") or 0.0
            if compare(quantity, demand, smallest) < 0:
                rest = demand - quantity
                values += move._split(units.converted(move.product_uom, rest, move.product_id.uom_id))
        made = self.browse(self.env["stock.move"].create(values)._ids) if values else self.browse()
        made._action_confirm(merge=False)
        return made

    def _split(self, qty: float, restrict_partner_id: Any = False) -> list[dict[str, Any]]:
        """Take a quantity of the product's unit off the demand of a move; return the values of a move for it."""
        self.ensure_one()
        if self.state in ("done", "cancel"):
            raise UserError(self.env._(_SPLIT_DONE))
        if self.state == "draft":
            raise UserError(self.env._(_SPLIT_DRAFT))
        if units.is_zero(qty, self.product_id.uom_id) or self.product_qty <= qty:
            return []
        own, smallest = self.product_id.uom_id, units.step(self.env)
        there = units.converted(own, qty, self.product_uom)
        defaults = self._prepare_move_split_vals(there)
        if compare(qty, units.converted(self.product_uom, there, own), smallest):
            defaults |= {"product_uom": own.id, "product_uom_qty": qty}
        if restrict_partner_id:
            defaults["restrict_partner_id"] = restrict_partner_id
        values = self._copied_values(defaults)
        left = own._compute_quantity(max(0.0, self.product_qty - qty), self.product_uom, round=False)
        self.with_context(do_not_unreserve=True).write({"product_uom_qty": round_to(left, smallest)})
        return [values]

    def _prepare_move_split_vals(self, qty: float) -> dict[str, Any]:
        """Return what a move that is split off has in another way than its copy would."""
        following = self.move_dest_ids.filtered(lambda move: move.state not in ("done", "cancel"))
        return {
            "product_uom_qty": qty, "procure_method": self.procure_method, "price_unit": self.price_unit,
            "move_dest_ids": [(4, id_) for id_ in following.ids],
            "move_orig_ids": [(4, id_) for id_ in self.move_orig_ids.ids],
            "origin_returned_move_id": self.origin_returned_move_id.id, "date_deadline": self.date_deadline,
            "state": "draft",
        }  # fmt: skip

    def _get_picked_quantity(self) -> float:
        """Return how much of a move is picked, in its unit."""
        [row] = self._rows()
        facts = Facts(self.env)
        lines = facts.lines(row["id"])
        if row.get("picked") and any(not line.get("picked") for line in lines):
            picked = [line for line in lines if line.get("picked")]
            return sum(
                facts.converted(line["product_uom_id"], line.get("quantity") or 0.0, row["product_uom"])
                for line in picked
            )
        return float(row.get("quantity") or 0.0)
