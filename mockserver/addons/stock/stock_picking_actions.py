"""stock.picking: confirming, reserving, validating and cancelling transfers.

Source: recorded in flow-stock-1, flow-stock-3, flow-walk-stock-1 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.base.windows import window
from mockserver.addons.mail.links import link_to
from mockserver.addons.stock import units
from mockserver.errors import UserError
from mockserver.orm.fields.numbers import compare
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

_NOTHING = "Nothing to check the availability for."
_EMPTY = "You can’t validate an empty transfer. Please add some products to move before proceeding."
_UNRESERVED_SEVERAL = (
    "Transfers {names}: You cannot validate these transfers if no quantities are reserved. To force these transfers,"
    " encode quantities."
)
_NOT_WAITING = ("draft", "cancel", "done")
_BACKORDER = "The backorder {link} has been created."


class Picking(models.Model):
    _inherit = "stock.picking"

    def action_confirm(self) -> bool:
        """Confirm the moves that are drafts, and order what is then missing by the rules of replenishment."""
        moves = self._moves()
        moves.browse(row["id"] for row in moves._rows() if row.get("state") == "draft")._action_confirm()
        self._waiting_moves()._trigger_scheduler()
        return True

    def action_assign(self) -> bool:
        """Reserve what is there; raises UserError if nothing waits for it."""
        drafts = self.filtered(lambda transfer: transfer.state == "draft")
        if drafts:
            drafts.action_confirm()
        moves = self._waiting_moves()
        if not moves:
            raise UserError(self.env._(_NOTHING))
        moves.sorted(
            lambda move: (
                -int(move.priority or 0), not move.date_deadline, move.date_deadline or "", move.date or "", move.id
            )
        )._action_assign()  # fmt: skip
        return True

    def _waiting_moves(self) -> Any:
        """Return the moves that are confirmed and open."""
        moves = self._moves()
        return moves.browse(row["id"] for row in moves._rows() if row.get("state") not in _NOT_WAITING)

    def do_unreserve(self) -> None:
        """Take back what is reserved."""
        self._moves()._do_unreserve()

    def action_cancel(self) -> bool:
        """Cancel the moves that are open."""
        self._moves()._action_cancel()
        self.write({"is_locked": True})
        empty = self.filtered(lambda transfer: not transfer._moves())
        if empty:
            empty.write({"state": "cancel"})
        return True

    def action_toggle_is_locked(self) -> bool:
        """Lock a transfer, or unlock it."""
        self.ensure_one()
        return bool(self.write({"is_locked": not self.is_locked}))

    def do_print_picking(self) -> Any:
        """Mark the transfers as printed; return the report."""
        self.write({"printed": True})
        return {
            "type": "ir.actions.report", "report_name": "stock.report_picking", "report_type": "qweb-pdf",
            "name": "Picking Operations", "context": {**self.env.context, "active_ids": self.ids},
        }  # fmt: skip

    # -- validating

    def button_validate(self) -> Any:
        """Carry out transfers; True, or the window that asks whether to make backorders."""
        if self.env.db.profile.rules.done_transfer_validated:
            self = self.filtered(lambda transfer: transfer.state != "done")
        drafts = self.filtered(lambda transfer: transfer.state == "draft")
        if drafts:
            drafts.action_confirm()
            drafts._take_demand()
        if not self.env.context.get("skip_sanity_check"):
            self._sanity_check()
        for transfer in self:
            transfer.message_subscribe(self.env.user.partner_id.ids)
        if not self.env.context.get("button_validate_picking_ids"):
            self = self.with_context(button_validate_picking_ids=self.ids)
        asked = self._pre_action_done_hook()
        if asked is not True:
            return asked
        without = self.filtered(lambda transfer: transfer._backorder_policy() == "never")
        named = self.env.context.get("picking_ids_not_to_backorder")
        if named:
            without |= self.browse(named).filtered(lambda transfer: transfer._backorder_policy() != "always")
        if without:
            without.with_context(cancel_backorder=True)._action_done()
        rest = self - without
        if rest:
            rest.with_context(cancel_backorder=False)._action_done()
        return True

    def _backorder_policy(self) -> str:
        """Return whether what is left to do makes a backorder: `ask`, as ever until 15.0, `always` or `never`."""
        kind = self.picking_type_id
        return str(kind.create_backorder) if "create_backorder" in kind else "ask"

    def _take_demand(self) -> None:
        """Let the moves of transfers that were drafts move all that was asked."""
        for move in self._moves():
            asked = move.product_uom_qty
            if units.is_zero(move.quantity, move.product_uom) and not units.is_zero(asked, move.product_uom):
                move.write({"quantity": asked})

    def _sanity_check(self) -> None:
        """Raise UserError for transfers of nothing."""
        if any(not transfer._moves() and not transfer.move_line_ids for transfer in self):
            raise UserError(self.env._(_EMPTY))
        smallest = units.step(self.env)
        unreserved = self.filtered(
            lambda transfer: not any(
                compare(line.quantity, 0.0, smallest) for line in transfer.move_line_ids
                if line.state not in ("done", "cancel")
            ) and not any(
                compare(move.quantity, 0.0, smallest) for move in transfer._moves()
                if move.state not in ("done", "cancel")
            )
        )  # fmt: skip
        if len(unreserved) == 1 or (unreserved and len(self) == 1):
            raise UserError(self.env._(self.env.db.profile.rules.nothing_to_validate_text))
        if unreserved:
            raise UserError(self.env._(_UNRESERVED_SEVERAL, names=", ".join(unreserved.mapped("name"))))

    def _pre_action_done_hook(self) -> Any:
        """Pick everything where nothing is picked; return True, or the window that asks about backorders."""
        for transfer in self:
            moves = transfer._moves()
            picked = any(move.picked and not move._scrapped() for move in moves)
            if not picked and any(move.quantity for move in moves):
                moves.write({"picked": True})
        if not self.env.context.get("skip_backorder"):
            partial = self._check_backorder()
            if partial:
                return partial._action_generate_backorder_wizard(show_transfers=self._should_show_transfers())
        return True

    def _check_backorder(self) -> Self:
        """Return the transfers of which something is left to do, and of whose kind the user is asked."""
        smallest = units.step(self.env)
        return self.filtered(
            lambda transfer: transfer._backorder_policy() == "ask" and any(
                _is_left(move, smallest) for move in transfer._moves()
            )
        )  # fmt: skip

    def _should_show_transfers(self) -> bool:
        return len(self) > 1 and self != self._check_backorder()

    def _action_generate_backorder_wizard(self, show_transfers: bool = False) -> dict[str, Any]:
        context = {
            **self.env.context, "default_show_transfers": show_transfers,
            "default_pick_ids": [(4, id_) for id_ in self.ids],
        }  # fmt: skip
        return window(
            self.env, "stock.backorder.confirmation", "Create Backorder?", view_id=False, views=[(False, "form")],
            target="new", context=context,
        )  # fmt: skip

    @api.versions(until=13)
    def action_done(self) -> bool:
        """Move what is done, without asking.  Inferred: 13.0 and before."""
        return self._action_done()

    def _action_done(self) -> bool:
        """Carry out the moves that are open; what they bring is reserved for those that wait for it."""
        todo = self._moves().filtered(lambda move: move.state not in ("done", "cancel"))
        for transfer in self.filtered("owner_id"):
            transfer._moves().write({"restrict_partner_id": transfer.owner_id.id})
            transfer.move_line_ids.write({"owner_id": transfer.owner_id.id})
        todo._action_done(cancel_backorder=bool(self.env.context.get("cancel_backorder")))
        self.write({"date_done": self.env.db.clock.now(), "priority": "0"})
        if not self.env.db.profile.rules.waiting_moves_served_by_any:
            bringing = self.filtered(lambda transfer: transfer.picking_type_id.code in ("incoming", "internal"))
            bringing._moves().filtered(lambda move: move.state == "done")._trigger_assign()
        return True

    def _create_backorder(self) -> Self:
        """Make transfers of the moves that are left to do; return them."""
        made = self.browse()
        to_reserve = self.browse()
        for transfer in self:
            moves = transfer._moves().filtered(lambda move: move.state not in ("done", "cancel"))
            moves._recompute_state()
            if not moves:
                continue
            backorder = self.browse(transfer.copy(transfer._backorder_values()).ids)
            values: dict[str, Any] = {"picking_id": backorder.id}
            if "picked" in moves._model.fields:
                values["picked"] = False
            moves.write(values)
            moves.move_line_ids.write({"picking_id": backorder.id})
            made |= backorder
            transfer.message_post(body=self.env._(_BACKORDER, link=link_to(backorder)), body_is_html=True)
            if backorder.picking_type_id._reserves_at_once():
                to_reserve |= backorder
        if to_reserve:
            to_reserve.action_assign()
        return made

    def _backorder_values(self) -> dict[str, Any]:
        lines = "move_ids" if "move_ids" in self._model.fields else "move_lines"
        return {"name": "/", lines: [], "move_line_ids": [], "backorder_id": self.id}


def _is_left(move: Recordset, smallest: float) -> bool:
    """Return whether something of a move is not picked."""
    [row] = move._rows()
    demand = row.get("product_uom_qty") or 0.0
    if row.get("state") == "cancel":
        return False
    unpicked = bool(demand) and not row.get("picked")
    return unpicked or compare(move._get_picked_quantity(), demand, smallest) < 0
