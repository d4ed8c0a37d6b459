"""stock.picking: creating, changing and deleting transfers, and what follows from their moves.

Source: recorded in flow-stock-1, flow-stock-3 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.errors import UserError

if TYPE_CHECKING:
    from typing_extensions import Self

_TYPE = "Changing the operation type of this record is forbidden at this point."
_SCHEDULED = "You cannot change the Scheduled Date on a done or cancelled transfer."


class Picking(models.Model):
    _inherit = "stock.picking"

    @api.model
    def _default_picking_type_id(self) -> Any:
        kinds, code = self.env["stock.picking.type"], self.env.context.get("restricted_picking_type_code")
        if not code:
            return kinds.browse()
        return kinds.search([("code", "=", code), ("company_id", "=", self.env.company.id)], limit=1)

    def create(self, vals_list: Any) -> Self:
        """Create transfers, each with the next number of its kind."""
        several = [vals_list] if isinstance(vals_list, Mapping) else list(vals_list)
        made = self.browse()
        for vals in several:
            made |= self._create_one(dict(vals))
        return made

    def _create_one(self, vals: dict[str, Any]) -> Self:
        kind_id = vals.get("picking_type_id") or self.env.context.get("default_picking_type_id")
        kind = self.env["stock.picking.type"].browse(kind_id or ()).exists()
        if vals.get("name", "/") == "/" and kind.sequence_id:
            vals["name"] = kind.sequence_id.sudo().next_by_id()
        scheduled = vals.pop("scheduled_date", False)
        made: Self = super().create(vals)
        if scheduled:
            made.with_context(mail_notrack=True).write({"scheduled_date": scheduled})
        made._autoconfirm_picking()
        if vals.get("partner_id") and made._is_for_partner():
            made.message_subscribe([vals["partner_id"]])
        made._describe_moves()
        return made

    def _is_for_partner(self) -> bool:
        return bool(self.location_id.usage == "supplier" or self.location_dest_id.usage == "customer")

    def _describe_moves(self) -> None:
        """Give moves without a description that of their product for this kind of transfer."""
        moves = self._moves()
        if not moves or moves._model.fields["description_picking"].compute:
            return
        for move in moves.filtered(lambda move: not move.description_picking):
            move.write({"description_picking": move.product_id._get_description(self.picking_type_id)})

    def _autoconfirm_picking(self) -> None:
        """Confirm the moves that were added to a transfer that is confirmed, and those with a quantity."""
        for transfer in self:
            moves = transfer._moves()
            if transfer.state in ("done", "cancel") or not moves:
                continue
            if "additional" in moves._model.fields and any(move.additional for move in moves):
                transfer.action_confirm()
            if "quantity" in moves._model.fields:
                moves.filtered(lambda move: move.state == "draft" and move.quantity)._action_confirm()

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change transfers; their moves follow in places and contact."""
        if vals.get("picking_type_id") and any(transfer.state != "draft" for transfer in self):
            raise UserError(self.env._(_TYPE))
        if vals.get("partner_id"):
            for transfer in self.filtered(lambda transfer: transfer._is_for_partner()):
                if transfer.partner_id:
                    transfer.message_unsubscribe([transfer.partner_id.id])
                transfer.message_subscribe([vals["partner_id"]])
        done = super().write(vals)
        after = {name: vals[name] for name in ("location_id", "location_dest_id") if vals.get(name)}
        if "partner_id" in vals:
            after["partner_id"] = vals["partner_id"]
        if after:
            self._moves().filtered(lambda move: not move._scrapped() and move.state != "done").write(after)
        if vals.get("move_ids"):
            self._autoconfirm_picking()
        return done

    def unlink(self) -> bool:
        """Delete transfers with their moves, which are cancelled first."""
        moves = self._moves()
        moves._action_cancel()
        moves.unlink()
        return super().unlink()

    def _moves(self) -> Any:
        """Return the moves of the transfers."""
        return self.move_ids if "move_ids" in self._model.fields else self.move_lines

    # -- fields

    @api.versions(since=16)
    @api.computes("location_id", "location_dest_id")
    def _compute_location_id(self) -> None:
        for transfer in self:
            transfer.location_id, transfer.location_dest_id = transfer._default_places()

    def _default_places(self) -> tuple[Any, Any]:
        """Return from where to where a draft goes by its kind and its contact; others stay as they are."""
        if self.state in ("cancel", "done") or self.return_id:
            return self.location_id, self.location_dest_id
        kind, partner = self.picking_type_id, self.partner_id
        source, target = self.location_id, self.location_dest_id
        if kind and (self.state or "draft") == "draft":
            source = kind.default_location_src_id or (
                partner.property_stock_supplier if kind.code == "incoming" else source
            )
            target = kind.default_location_dest_id or (
                partner.property_stock_customer if kind.code == "outgoing" else target
            )
            outside = self.env["stock.warehouse"]._partner_locations()
            if not source and kind.code == "incoming":
                source = outside[1]
            if not target and kind.code == "outgoing":
                target = outside[0]
            if partner and kind.code == "incoming" and source.usage == "supplier":
                source = partner.property_stock_supplier or source
            if partner and kind.code == "outgoing" and target.usage == "customer":
                target = partner.property_stock_customer or target
        return source, target

    @api.versions(since=18)
    def _compute_move_type(self) -> None:
        for transfer in self:
            transfer.move_type = transfer.picking_type_id.move_type or transfer.move_type or "direct"

    def _compute_state(self) -> None:
        for transfer in self:
            transfer.state = transfer._state_of_moves()

    def _state_of_moves(self) -> str:
        moves = self._moves()
        rows = moves._rows() if moves else []
        states = {row.get("state") for row in rows}
        if not states:
            return "cancel" if self.state == "cancel" else "draft"
        if "draft" in states:
            return "draft"
        if states <= {"cancel", "done"}:
            return "done" if "done" in states else "cancel"
        from_stock = all(row.get("procure_method") == "make_to_stock" for row in rows)
        if from_stock and self.location_id.should_bypass_reservation():
            return "assigned"
        state = moves._get_relevant_state_among_moves()
        return "assigned" if state == "partially_available" else str(state)

    def _compute_scheduled_date(self) -> None:
        for transfer in self:
            dates = transfer._move_dates("date")
            if dates:
                transfer.scheduled_date = min(dates) if transfer.move_type == "direct" else max(dates)
            else:
                transfer.scheduled_date = transfer.scheduled_date or self.env.db.clock.now()

    def _move_dates(self, name: str) -> list[str]:
        """Return dates of the moves of one transfer; planned dates of the open ones only."""
        moves = self._moves()
        rows = moves._rows() if moves else []
        planned = name == "date"
        return [
            row[name] for row in rows if row.get(name) and not (planned and row.get("state") in ("done", "cancel"))
        ]  # fmt: skip

    def _inverse_scheduled_date(self) -> None:
        for transfer in self:
            if transfer.state in self.env.db.profile.rules.states_with_fixed_dates:
                raise UserError(self.env._(_SCHEDULED))
            transfer._moves().write({"date": transfer.scheduled_date})

    def _compute_date_deadline(self) -> None:
        for transfer in self:
            dates = transfer._move_dates("date_deadline")
            first = transfer.move_type == "direct"
            transfer.date_deadline = (min(dates) if first else max(dates)) if dates else False

    def _compute_has_deadline_issue(self) -> None:
        for transfer in self:
            deadline = transfer.date_deadline
            transfer.has_deadline_issue = bool(deadline and deadline < transfer.scheduled_date)
