"""Transfers until 16.0: a line has what it reserves and what is done, and what is done is written before validating.

Since 17.0 a line has one quantity, and says whether it is picked.  Both are kept here too, for the mock's own use: the
quantity is what a line reserves until it is moved; before moves are carried out, what is done takes its place.

Inferred: 14.0 and 16.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.base.windows import window
from mockserver.addons.stock import move_reserving, units
from mockserver.addons.stock.facts import Facts
from mockserver.errors import UserError
from mockserver.orm.fields.numbers import compare, round_to
from mockserver.orm.writing.rows import write_rows

if TYPE_CHECKING:
    from typing_extensions import Self

_RESERVED = ("reserved_uom_qty", "product_uom_qty")  # of a line: in 16.0, and before
_EMPTY = "Please add some items to move."
_NOTHING = (
    "You cannot validate a transfer if no quantities are reserved nor done. To force the transfer, switch in edit mode"
    " and encode the done quantities."
)
_SEVERAL_LINES = "Cannot set the done quantity from this stock move, work directly with the move lines."
_NOT_RESERVED = (
    "Could not reserve all requested products. Please use the 'Mark as Todo' button to handle the reservation manually."
)


class MoveLine(models.Model):
    _inherit = "stock.move.line"
    _until = 16

    def create(self, vals_list: Any) -> Self:
        """Create lines; a quantity that is to be reserved is what they take."""
        several = [vals_list] if isinstance(vals_list, Mapping) else list(vals_list)
        made: Self = super().create([self._as_kept(vals) for vals in several])
        return made

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change lines; what is done of lines that are moved already is moved anew."""
        kept = self._as_kept(vals)
        if "qty_done" not in kept:
            return super().write(kept)
        moved = self.filtered(lambda line: line.state == "done")
        if moved:
            super(MoveLine, moved).write({**kept, "quantity": kept["qty_done"]})
        return super(MoveLine, self - moved).write(kept) if self - moved else True

    def _as_kept(self, vals: Mapping[str, Any]) -> dict[str, Any]:
        """Return values with what is to be reserved as the quantity of the line."""
        found = dict(vals)
        for name in _RESERVED:
            if name in self._model.fields and name in found:
                found["quantity"] = found.pop(name)
        return found

    @api.computes(*_RESERVED)
    @api.depends("quantity", "state")
    def _compute_reserved(self) -> None:
        """What an open line reserves, in its unit."""
        for line in self:
            for name in _RESERVED:
                if name in line:
                    line[name] = 0.0 if line.state in ("done", "cancel") else line.quantity

    @api.computes("reserved_qty", "product_qty")
    @api.depends("quantity_product_uom", "state")
    def _compute_reserved_of_product(self) -> None:
        """What an open line reserves, in the unit of the product."""
        for line in self:
            for name in ("reserved_qty", "product_qty"):
                if name in line:
                    line[name] = 0.0 if line.state in ("done", "cancel") else line.quantity_product_uom


class Move(models.Model):
    _inherit = "stock.move"
    _until = 16

    @api.depends("move_line_ids.qty_done", "move_line_ids.product_uom_id", "product_uom")
    def _compute_quantity_done(self) -> None:
        """What is done of a move, in its unit."""
        for move in self:
            done = (
                units.converted(line.product_uom_id, line.qty_done, move.product_uom) for line in move.move_line_ids
            )
            move.quantity_done = round_to(sum(done), units.step(self.env))

    def _inverse_quantity_done(self) -> None:
        """Write what is done to the only line of a move, or to a new one."""
        lines = self.env["stock.move.line"]
        for move in self:
            done, own = move.quantity_done, move.move_line_ids
            if len(own) > 1:
                raise UserError(self.env._(_SEVERAL_LINES))
            if own:
                own.write({"qty_done": units.converted(move.product_uom, done, own.product_uom_id)})
            elif done:
                values = move_reserving.line_values(move._rows()[0], 0.0, Facts(self.env))
                lines.create({**values, "quantity": 0.0, "qty_done": done, "product_uom_id": move.product_uom.id})

    @api.depends("quantity", "state")
    def _compute_reserved_availability(self) -> None:
        """What is reserved of an open move, in its unit."""
        for move in self:
            move.reserved_availability = 0.0 if move.state in ("done", "cancel") else move.quantity

    def _action_done(self, cancel_backorder: bool = False) -> Self:
        """Carry out what is done of the moves."""
        for move in self:
            done = move.move_line_ids.filtered(lambda line: line.state != "done" and bool(line.qty_done))
            for line in done:
                line.write({"quantity": line.qty_done, "picked": True})
        made: Self = super()._action_done(cancel_backorder=cancel_backorder)  # type: ignore[misc]
        for line in made.exists().move_line_ids:
            if line.qty_done != line.quantity:
                write_rows(line, {"qty_done": line.quantity})
        return made

    def _set_done_as_reserved(self) -> None:
        """Let everything that is reserved be done."""
        for line in self.move_line_ids.filtered(lambda line: line.state not in ("done", "cancel")):
            line.write({"qty_done": line.quantity})


class Picking(models.Model):
    _inherit = "stock.picking"
    _until = 16

    def _compute_show_validate(self) -> None:
        """Whether a transfer can be validated; drafts only where they are done at once."""
        for transfer in self:
            open_ = transfer.state in ("draft", "waiting", "confirmed", "assigned")
            transfer.show_validate = open_ and (transfer.state != "draft" or bool(transfer.immediate_transfer))

    def _take_demand(self) -> None:
        """Drafts move what is done, not all that was asked."""

    def _sanity_check(self) -> None:
        for transfer in self:
            if not transfer._moves() and not transfer.move_line_ids:
                raise UserError(self.env._(_EMPTY))
            if not any(line.qty_done or line.quantity for line in transfer._open_lines()):
                raise UserError(self.env._(_NOTHING))

    def _open_lines(self) -> Any:
        return self.move_line_ids.filtered(lambda line: line.state not in ("done", "cancel"))

    def _pre_action_done_hook(self) -> Any:
        """Return True, or the window that asks whether to do all, or to make backorders."""
        context = self.env.context
        if not context.get("skip_immediate"):
            idle = self.filtered(lambda transfer: not any(line.qty_done for line in transfer._open_lines()))
            if idle:
                return idle._action_generate_immediate_wizard(show_transfers=len(self) > 1 and self != idle)
        if not context.get("skip_backorder"):
            partial = self._check_backorder()
            if partial:
                return partial._action_generate_backorder_wizard(show_transfers=self._should_show_transfers())
        return True

    def _check_backorder(self) -> Self:
        """Return the transfers of which something is left to do."""
        smallest = units.step(self.env)
        return self.filtered(
            lambda transfer: any(
                compare(move.quantity_done, move.product_uom_qty, smallest) < 0
                for move in transfer._moves()
                if move.state != "cancel"
            )
        )

    def _action_generate_immediate_wizard(self, show_transfers: bool = False) -> dict[str, Any]:
        context = {
            **self.env.context, "default_show_transfers": show_transfers,
            "default_pick_ids": [(4, id_) for id_ in self.ids],
        }  # fmt: skip
        return window(
            self.env, "stock.immediate.transfer", "Immediate Transfer?", view_id=False, views=[(False, "form")],
            target="new", context=context,
        )  # fmt: skip

    @api.versions(since=15)
    def action_set_quantities_to_reservation(self) -> None:
        """Let everything that is reserved be done."""
        self._moves()._set_done_as_reserved()

    @api.versions(since=15)
    def action_clear_quantities_to_zero(self) -> None:
        """Let nothing be done."""
        self._open_lines().write({"qty_done": 0.0})


class ImmediateTransfer(models.TransientModel):
    _inherit = "stock.immediate.transfer"

    def process(self) -> Any:
        """Let everything that is reserved be done, and validate the transfers."""
        transfers = self.pick_ids
        for transfer in transfers:
            if transfer.state == "draft":
                transfer.action_confirm()
                if transfer.state != "assigned":
                    transfer.action_assign()
                    if transfer.state != "assigned":
                        raise UserError(self.env._(_NOT_RESERVED))
            transfer._moves()._set_done_as_reserved()
        named = self.env.context.get("button_validate_picking_ids")
        if not named:
            return True
        chosen = self.env["stock.picking"].browse(named).filtered(lambda transfer: transfer in transfers)
        return chosen.with_context(skip_immediate=True).button_validate()
