"""Serial numbers that are given to the lines of a receipt at once.  Inferred: 14.0 to 17.0."""

from __future__ import annotations

from typing import Any

from mockserver import models
from mockserver.addons.base.windows import window
from mockserver.addons.stock.lots import counted_names


class Move(models.Model):
    _inherit = "stock.move"

    def action_show_details(self) -> dict[str, Any]:
        """Return the window of a move and its lines."""
        self.ensure_one()
        return window(
            self.env, "stock.move", "Detailed Operations", views=[(False, "form")], view_id=False, target="new",
            res_id=self.id, context=dict(self.env.context),
        )  # fmt: skip


class MoveUntil17(models.Model):
    _inherit = "stock.move"
    _until = 17

    def action_assign_serial(self) -> dict[str, Any]:
        """Return the window that asks for the first of the serial numbers."""
        self.ensure_one()
        context = {"default_product_id": self.product_id.id, "default_move_id": self.id}
        return window(
            self.env, "stock.assign.serial", "Assign Serial Numbers", views=[(False, "form")], view_id=False,
            target="new", context={**self.env.context, **context},
        )  # fmt: skip


class AssignSerial(models.TransientModel):
    _inherit = "stock.assign.serial"
    _until = 17

    def generate_serial_numbers(self) -> bool:
        """Name the lines that have no serial number yet, counting on from the first, and add those that lack."""
        self.ensure_one()
        move = self.move_id
        done = "qty_done" if "qty_done" in self.env["stock.move.line"]._model.fields else "quantity"
        names = list(counted_names(self.next_serial_number, self.next_serial_count))
        unnamed = move.move_line_ids.filtered(lambda line: not line.lot_id and not line.lot_name)
        given = [{"lot_name": name, done: 1.0} for name in names]
        for line, values in zip(unnamed, given, strict=False):
            line.write(values)
        of_move = {
            "move_id": move.id, "picking_id": move.picking_id.id, "product_id": move.product_id.id,
            "product_uom_id": move.product_id.uom_id.id, "location_id": move.location_id.id,
            "location_dest_id": move.location_dest_id.id,
        }  # fmt: skip
        for values in given[len(unnamed) :]:
            self.env["stock.move.line"].create({**of_move, **values})
        return True
