"""purchase.order: where its goods go, its receipts, and what cancels with it.

Source: 17.0; recorded in flow-purchase-1, flow-purchase-2 (17.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.base.windows import stored_window
from mockserver.addons.mail.links import link_to
from mockserver.addons.purchase.names import is_goods
from mockserver.errors import UserError
from mockserver.orm.records.environment import Recordset
from mockserver.orm.writing import recompute

Action = dict[str, Any]
_CLOSED = ("done", "cancel")
_NO_PLACE = "You must set a Vendor Location for this partner %s"


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _default_picking_type_id(self) -> Any:
        """The first kind of receipts of a warehouse of the company, else of no warehouse."""
        company = self.env.context.get("company_id") or self.env.company.id
        kinds, incoming = self.env["stock.picking.type"], ("code", "=", "incoming")
        own = kinds.search([incoming, ("warehouse_id.company_id", "=", company)], order="sequence, id", limit=1)
        return own or kinds.search([incoming, ("warehouse_id", "=", False)], order="sequence, id", limit=1)

    @api.onchange("company_id")
    def _onchange_company_id(self) -> None:
        """Receive at a warehouse of the company."""
        kind: Any = self.picking_type_id
        if self.state in ("draft", "sent", "to approve") and kind.warehouse_id.company_id != self.company_id:
            self["picking_type_id"] = self.with_context(company_id=self.company_id.id)._default_picking_type_id()

    # -- what the receipts tell

    def _compute_picking_ids(self) -> None:
        for order in self:
            order.picking_ids = order.order_line.move_ids.picking_id

    @api.versions(until=15)
    def _compute_picking_count(self) -> None:
        for order in self:
            order.picking_count = len(order.picking_ids)

    @api.versions(since=16)
    def _compute_incoming_picking_count(self) -> None:
        for order in self:
            order.incoming_picking_count = len(order.picking_ids)

    def _compute_is_shipped(self) -> None:
        for order in self:
            states = order.picking_ids.mapped("state")
            order.is_shipped = bool(states) and all(state in _CLOSED for state in states)

    def _compute_effective_date(self) -> None:
        """When the first goods arrived."""
        for order in self:
            arrived = [
                picking.date_done
                for picking in order.picking_ids
                if picking.state == "done" and picking.location_dest_id.usage != "supplier" and picking.date_done
            ]
            order.effective_date = min(arrived) if arrived else False

    @api.versions(since=16)
    def _compute_receipt_status(self) -> None:
        for order in self:
            states = set(order.picking_ids.mapped("state"))
            if states <= {"cancel"}:
                order.receipt_status = False
            elif states <= {"done", "cancel"}:
                order.receipt_status = "full"
            else:
                order.receipt_status = "partial" if "done" in states else "pending"

    @api.versions(since=16)
    def _compute_dest_address_id(self) -> None:
        """Only orders that go to a customer keep their address."""
        for order in self:
            if order.picking_type_id.default_location_dest_id.usage != "customer":
                order.dest_address_id = False

    # -- buttons

    def button_approve(self, force: bool = False) -> dict[str, Any]:
        """Approve orders, and plan the receipts of those that are confirmed."""
        found: dict[str, Any] = super().button_approve(force)  # type: ignore[misc]
        self._create_picking()
        return found

    def button_cancel(self) -> None:
        """Cancel orders with their receipts, and what waits for those; goods that arrived keep an order."""
        self._refuse(self.filtered(_has_received), self.env.db.profile.rules.purchase_cancel_received_text)
        self._cancel_receipts()
        super().button_cancel()  # type: ignore[misc]

    def _cancel_receipts(self) -> None:
        for line in self.order_line:
            following = line.move_dest_ids.filtered(lambda move: move.state not in _CLOSED)
            if following and line.propagate_cancel:
                following._action_cancel()
            elif following:
                following.write({"procure_method": "make_to_stock"})
                following._recompute_state()
        open_ = self.picking_ids.filtered(lambda picking: picking.state not in _CLOSED)
        if open_:
            open_.action_cancel()

    def action_view_picking(self) -> Action:
        """Return the action that shows the receipts."""
        self.ensure_one()
        context = {
            "default_partner_id": self.partner_id.id, "default_origin": self.name,
            "default_picking_type_id": self.picking_type_id.id,
        }  # fmt: skip
        modes = "list,kanban,form,calendar"
        action = stored_window(self.env, "stock.picking", "Transfers", modes, context=context)
        receipts = self.picking_ids
        if len(receipts) != 1:
            return {**action, "domain": [("id", "in", receipts.ids)]}
        return {**action, "views": [[False, "form"]], "res_id": receipts.id}

    # -- receipts

    def _create_picking(self) -> bool:
        """Plan the receipt of the goods of confirmed orders, in an open receipt if there is one."""
        for order in self.filtered(lambda one: one.state in ("purchase", "done")):
            if not any(is_goods(product) for product in order.order_line.product_id):
                continue
            own = order.with_company(order.company_id)
            receipt = own.picking_ids.filtered(lambda picking: picking.state not in _CLOSED)[:1]
            receipt = receipt or own._new_receipt(self.env.db.profile.superuser_id)
            moves = own.order_line._create_stock_moves(receipt)
            moves = moves.filtered(lambda move: move.state not in _CLOSED)._action_confirm()
            places = {move.id: 5 * place for place, move in enumerate(moves.sorted("date"), 1)}
            recompute.assign(self.env, "stock.move", {"sequence": places})
            moves._action_assign()
            receipt.action_confirm()
            _tell_origin(receipt.with_user(self.env.db.profile.superuser_id), order)
        return True

    def _new_receipt(self, user: int | None = None) -> Recordset:
        """Create a receipt, by default as the user; the superuser makes those of orders that are confirmed."""
        receipts = self.env["stock.picking"].sudo()
        made = (receipts.with_user(user) if user else receipts).create(self._prepare_picking())
        return receipts.browse(made.ids)

    def _prepare_picking(self) -> dict[str, Any]:
        """Return the values of a receipt; the order gets its group."""
        self.ensure_one()
        self._set_group()
        partner = self.partner_id
        if not partner.property_stock_supplier:
            raise UserError(self.env._(_NO_PLACE).replace("%s", str(partner.name)))
        return {
            "picking_type_id": self.picking_type_id.id, "partner_id": partner.id, "user_id": False,
            "origin": self.name, "location_dest_id": self._destination().id,
            "location_id": partner.property_stock_supplier.id, "company_id": self.company_id.id, "state": "draft",
            **({"date": self.date_order} if "date" in self.env["stock.picking"]._model.fields else {}),
        }  # fmt: skip

    def _set_group(self) -> None:
        """Give the order the group, from 19 on the reference, that its moves have."""
        values: dict[str, Any] = {"name": self.name}
        if "group_id" in self._model.fields:
            if not self.group_id:
                values["partner_id"] = self.partner_id.id
                self.write({"group_id": self.env["procurement.group"].sudo().create(values).id})
        elif not self.reference_ids:
            self.write({"reference_ids": [(4, self.env["stock.reference"].sudo().create(values).id)]})

    def _destination(self) -> Recordset:
        """Return where the goods go: to the customer, or to the place of the kind of receipts."""
        place: Recordset = self.picking_type_id.default_location_dest_id
        address = self.dest_address_id
        return address.property_stock_customer if address and place.usage == "customer" else place


def _has_received(order: Recordset) -> bool:
    """Return whether goods of an order arrived."""
    return any(move.state == "done" for move in order.order_line.move_ids)


def _tell_origin(receipt: Recordset, order: Recordset) -> None:
    """Tell in the chatter of a receipt of which order it is."""
    text = order.env._("This transfer has been created from:")
    receipt.message_post(body=f"{text} {link_to(order)}", body_is_html=True, subtype_xmlid="mail.mt_note")
