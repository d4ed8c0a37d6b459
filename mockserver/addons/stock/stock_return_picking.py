"""stock.return.picking: transfers that bring back what others moved.

Source: recorded in flow-stock-3, flow-cross-1, flow-purchase-2 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.base.windows import window
from mockserver.addons.mail.links import link_to
from mockserver.addons.stock import units
from mockserver.errors import UserError
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

_NOTHING = "Please specify at least one non-zero quantity."
_NOT_DONE = "You may only return Done pickings."
_NO_PRODUCTS = "No products to return (only lines in Done state and not fully returned yet can be returned)."
_NO_MOVE = "You have manually created product lines, please delete them to proceed."


class ReturnPicking(models.TransientModel):
    _inherit = "stock.return.picking"

    @api.model
    def default_get(self, fields: list[str]) -> dict[str, Any]:
        """Return the defaults; the transfer is the active one."""
        found: dict[str, Any] = super().default_get(fields)
        context = self.env.context
        if "picking_id" in fields and context.get("active_id") and context.get("active_model") == "stock.picking":
            if len(context.get("active_ids") or [0]) > 1:
                raise UserError(self.env._("You may only return one picking at a time."))
            transfer = self.env["stock.picking"].browse(context["active_id"])
            if transfer.exists():
                found["picking_id"] = transfer.id
        return found

    def create(self, vals_list: Any) -> Self:
        """Create returns with a line for each move that can be returned, unless lines are given.

        From 13.0 to 16.0 only the form makes the lines.
        """
        several = [vals_list] if isinstance(vals_list, Mapping) else list(vals_list)
        made: Self = super().create(several)
        for wizard, vals in zip(made, several, strict=True):
            by_form = self.env.db.profile.rules.return_lines_by_form
            if wizard.picking_id and "product_return_moves" not in vals and not by_form:
                lines = [
                    {**self._line_values(move), "wizard_id": wizard.id} for move in self._returnable(wizard.picking_id)
                ]
                self.env["stock.return.picking.line"].create(lines)
        return made

    # -- fields

    def _returnable(self, transfer: Recordset) -> Recordset:
        """Return the moves of a transfer that can be returned; raises UserError if there are none."""
        if transfer.state != "done":
            raise UserError(self.env._(_NOT_DONE))
        found: Recordset = transfer._moves().filtered(
            lambda move: move.state not in ("cancel", "draft") and not move._scrapped()
        )
        if not found:
            raise UserError(self.env._(_NO_PRODUCTS))
        return found

    def _line_values(self, move: Recordset) -> dict[str, Any]:
        values: dict[str, Any] = {"product_id": move.product_id.id, "move_id": move.id, "quantity": 0.0}
        if not self.env.db.profile.rules.returns_start_at_zero:
            values["quantity"] = self._left(move)
        if "to_refund" in self.env["stock.return.picking.line"]._model.fields:
            values["to_refund"] = True
        if not self.env["stock.return.picking.line"]._model.fields["uom_id"].related:
            values["uom_id"] = move.product_uom.id
        return values

    def _left(self, move: Recordset) -> float:
        """Return how much of a move has not come back, in the product's unit."""
        quantity = units.converted(move.product_uom, move.quantity, move.product_id.uom_id)
        for back in move.move_dest_ids:
            if not back.origin_returned_move_id or back.origin_returned_move_id != move:
                continue
            if back.state in ("partially_available", "assigned"):
                quantity -= sum(back.move_line_ids.mapped("quantity_product_uom"))
            elif back.state == "done":
                quantity -= back.product_qty
        return float(quantity)

    @api.versions(since=17, until=17)
    def _compute_move_dest_exists(self) -> None:
        for wizard in self:
            wizard.move_dest_exists = bool(wizard.picking_id._moves().move_dest_ids)

    @api.versions(since=17, until=17)
    @api.computes("location_id", "original_location_id", "parent_location_id")
    def _compute_moves_locations(self) -> None:
        for wizard in self:
            transfer = wizard.picking_id
            source = transfer.location_id
            back = transfer.picking_type_id.default_location_return_id or source
            kind = transfer.picking_type_id.return_picking_type_id
            if kind.default_location_return_id:
                back = kind.default_location_return_id
            wizard.location_id = back
            wizard.original_location_id = source
            internal = transfer.picking_type_id.code
            view = transfer.picking_type_id.warehouse_id.view_location_id
            wizard.parent_location_id = view if internal == "outgoing" and view else source.location_id

    # -- returning

    @api.versions(until=17)
    def create_returns(self) -> dict[str, Any]:
        """Create the return; return the window that shows it."""
        self.ensure_one()
        made = self._create_return()
        context = {
            **self.env.context, "search_default_picking_type_id": made.picking_type_id.id,
            "search_default_draft": False,
            "search_default_assigned": False, "search_default_confirmed": False, "search_default_ready": False,
            "search_default_planning_issues": False, "search_default_available": False,
        }  # fmt: skip
        return window(
            self.env, "stock.picking", "Returned Picking", "form,list,calendar", res_id=made.id, context=context
        )

    @api.versions(since=18)
    def action_create_returns(self) -> dict[str, Any]:
        """Create the return; return the window that shows it."""
        self.ensure_one()
        made = self._create_return()
        return window(
            self.env, "stock.picking", "Returned Picking", "form", res_id=made.id, context=dict(self.env.context)
        )

    @api.versions(since=18)
    def action_create_returns_all(self) -> dict[str, Any]:
        """Create a return of everything; return the window that shows it."""
        self.ensure_one()
        for line in self.product_return_moves:
            line.write({"quantity": self._left(line.move_id)})
        return dict(self.action_create_returns())

    def _create_return(self) -> Recordset:
        lines = self.product_return_moves
        if any(not line.move_id for line in lines):
            raise UserError(self.env._(_NO_MOVE))
        wanted = lines.filtered(lambda line: not units.is_zero(line.quantity, line.product_id.uom_id))
        for line in wanted:
            line.move_id.move_dest_ids.filtered(lambda move: move.state not in ("done", "cancel"))._do_unreserve()
        if not wanted:
            raise UserError(self.env._(_NOTHING))
        transfer = self.picking_id
        made: Recordset = transfer.browse(transfer.copy(self._return_values()).ids)
        for line in wanted:
            move = line.move_id.browse(line.move_id.copy(self._move_values(line, made)).ids)
            self._link(line.move_id, move)
        body = self.env._("This transfer has been created from: {link}", link=link_to(transfer))
        made.message_post(body=body, body_is_html=True, subtype_xmlid="mail.mt_note")
        made.action_confirm()
        made.action_assign()
        return made

    def _return_values(self) -> dict[str, Any]:
        transfer = self.picking_id
        kind = transfer.picking_type_id.return_picking_type_id or transfer.picking_type_id
        moves = "move_ids" if "move_ids" in transfer._model.fields else "move_lines"
        target = self._return_target()
        known = {"return_id": transfer.id} if "return_id" in transfer._model.fields else {}
        return {
            **known, moves: [], "picking_type_id": kind.id, "state": "draft",
            "origin": self.env._("Return of {name}", name=transfer.name), "user_id": False,
            "location_id": transfer.location_dest_id.id, "location_dest_id": target.id,
        }  # fmt: skip

    def _return_target(self) -> Recordset:
        """Return where goods come back to."""
        found: Recordset
        if "location_id" in self._model.fields:
            found = self.location_id or self.picking_id.location_id
            return found
        kind = self.picking_id.picking_type_id.return_picking_type_id
        found = self.picking_id.location_id
        if kind.code == "incoming" and kind.default_location_dest_id:
            found = kind.default_location_dest_id
        return found

    def _move_values(self, line: Recordset, transfer: Recordset) -> dict[str, Any]:
        move = line.move_id
        warehouse = transfer.picking_type_id.warehouse_id
        values: dict[str, Any] = {
            "product_id": line.product_id.id, "product_uom_qty": line.quantity, "product_uom": line.uom_id.id,
            "picking_id": transfer.id, "state": "draft", "date": self.env.db.clock.now(),
            "location_id": move.location_dest_id.id, "location_dest_id": transfer.location_dest_id.id,
            "picking_type_id": transfer.picking_type_id.id, "warehouse_id": warehouse.id,
            "origin_returned_move_id": move.id, "procure_method": "make_to_stock",
        }  # fmt: skip
        if "location_final_id" in move._model.fields:
            values["location_final_id"] = transfer.location_dest_id.id
        if "to_refund" in line._model.fields and "to_refund" in move._model.fields:
            values["to_refund"] = line.to_refund
        if "group_id" in move._model.fields:
            values["group_id"] = self.picking_id.group_id.id
        if move.partner_id:
            values["partner_id"] = move.partner_id.id
        return values

    def _link(self, move: Recordset, back: Recordset) -> None:
        """Chain a return to what it returns, and to what that brought and was sent on."""
        sent_on = move.move_dest_ids.filtered(lambda other: other != back and other.state != "cancel")
        origs = sent_on.returned_move_ids.filtered(lambda other: other.state != "cancel")
        origs |= move
        origs |= sent_on.move_orig_ids.filtered(lambda other: other.state not in ("cancel",)).move_orig_ids
        before = move.move_orig_ids.returned_move_ids
        back.write({
            "move_orig_ids": [(4, id_) for id_ in origs.ids if id_ != back.id],
            "move_dest_ids": [(4, id_) for id_ in before.ids if id_ != back.id],
        })  # fmt: skip


class ReturnPickingLine(models.TransientModel):
    _inherit = "stock.return.picking.line"

    @api.versions(since=19)
    def _compute_uom_id(self) -> None:
        for line in self:
            line.uom_id = line.move_id.product_uom or line.product_id.uom_id
