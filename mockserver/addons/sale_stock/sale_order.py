"""sale.order: the warehouse, its deliveries with their status, and what confirming and cancelling do to them.

Source: recorded in flow-sale-1, flow-sale-2 (17.0, 18.0, 19.0), flow-cross-1 (17.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver import api, models
from mockserver.addons.base.windows import stored_window
from mockserver.addons.sale_stock.exceptions import Changes, follow_shipping, tell_deliveries
from mockserver.orm.records.environment import Recordset

_OVER = ("done", "cancel")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.versions(until=15)
    def _default_warehouse_id(self) -> Any:
        return self.env.user._get_default_warehouse_id()

    @api.versions(since=16)
    def _compute_warehouse_id(self) -> None:
        """The warehouse of the salesperson, else the company's first; that of a confirmed order stays."""
        for order in self:
            if order.state not in ("draft", "sent") and order.warehouse_id:
                order.warehouse_id = order.warehouse_id
                continue
            order.warehouse_id = (
                order.user_id.with_company(order.company_id)
                if order.user_id
                else order.env["res.users"].with_company(order.company_id)
            )._get_default_warehouse_id()

    # -- deliveries

    def _compute_delivery_count(self) -> None:
        for order in self:
            order.delivery_count = len(order.picking_ids)

    @api.depends("picking_ids.date_done")
    def _compute_effective_date(self) -> None:
        """When the first delivery to the customer was done."""
        dated = self._model.fields["effective_date"].type == "date"
        for order in self:
            done = order.picking_ids.filtered(
                lambda picking: picking.state == "done" and picking.location_dest_id.usage == "customer"
            )
            first = min((moment for moment in done.mapped("date_done") if moment), default=False)
            order.effective_date = str(first)[:10] if first and dated else first

    @api.versions(since=16)
    @api.depends("picking_ids", "picking_ids.state")
    def _compute_delivery_status(self) -> None:
        for order in self:
            order.delivery_status = _status(order)

    def _select_expected_date(self, expected_dates: Any) -> Any:
        """Goods that leave together leave with the last of them."""
        if self.picking_policy == "direct":
            return super()._select_expected_date(expected_dates)  # type: ignore[misc]
        return max(expected_dates)

    def action_view_delivery(self) -> Any:
        """Return what shows the deliveries."""
        return self._get_action_view_picking(self.picking_ids)

    def _get_action_view_picking(self, pickings: Recordset) -> Any:
        action = stored_window(self.env, "stock.picking", "Transfers", "list,kanban,form,calendar")
        if len(pickings) > 1:
            action["domain"] = [("id", "in", pickings.ids)]
        elif pickings:
            action |= {"views": [(False, "form")], "res_id": pickings.id}
        outgoing = pickings.filtered(lambda picking: picking.picking_type_id.code == "outgoing") or pickings
        action["context"] = {
            "default_partner_id": self.partner_id.id,
            "default_picking_type_id": outgoing[:1].picking_type_id.id,
            "default_origin": self.name,
        }
        return action

    def _compute_show_json_popover(self) -> None:
        for order in self:
            order.show_json_popover = bool(order.picking_ids.filtered("delay_alert_date"))

    @api.versions(since=19)
    def _compute_late_availability(self) -> None:
        for order in self:
            states = order.picking_ids.mapped("products_availability_state")
            order.late_availability = "late" in states

    # -- confirming, cancelling, changing

    def _action_confirm(self) -> Any:
        self.order_line._action_launch_stock_rule()
        return super()._action_confirm()  # type: ignore[misc]

    def _action_cancel(self) -> Any:
        """Cancel the deliveries that are not done; those that are get a warning for who is responsible."""
        for order in self.filtered(lambda order: order.state == "sale"):
            lines = {line.id: (line.product_uom_qty, 0.0) for line in order.order_line if not line.display_type}
            order._tell_smaller(lines, cancelled=True)
        waiting = self.picking_ids.filtered(lambda picking: picking.state != "done")
        if waiting:
            waiting.action_cancel()
        return super()._action_cancel()  # type: ignore[misc]

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change orders; new addresses, dates and smaller quantities are passed on to their deliveries."""
        before = {}
        if vals.get("order_line"):
            before = {order.id: _quantities(order) for order in self if order.state == "sale"}
        if vals.get("partner_shipping_id"):
            for order in self:
                follow_shipping(order, vals["partner_shipping_id"])
        done = super().write(vals)
        if "commitment_date" in vals:
            for order in self:
                order.order_line.move_ids.filtered(lambda move: move.state not in _OVER).write(
                    {"date_deadline": vals["commitment_date"] or order.expected_date}
                )
        for order in self.filtered(lambda order: order.id in before):
            known = before[order.id]
            lower = {
                id_: (new, known.get(id_, 0.0)) for id_, new in _quantities(order).items() if new < known.get(id_, 0.0)
            }
            if lower:
                order._tell_smaller(lower)
        return done

    def _tell_smaller(self, lines: dict[int, tuple[float, float]], *, cancelled: bool = False) -> None:
        """Warn on what was made for the lines of an order, `{id: (new, old)}`, whose quantities fall."""
        tell_deliveries(Changes(self, lines), cancelled=cancelled)

    # -- invoices

    def _prepare_invoice(self) -> dict[str, Any]:
        values: dict[str, Any] = super()._prepare_invoice()  # type: ignore[misc]
        values["invoice_incoterm_id"] = self.incoterm.id
        return values


def _quantities(order: Recordset) -> dict[int, float]:
    return {line.id: line.product_uom_qty for line in order.order_line if not line.display_type and not line.is_expense}


def _status(order: Recordset) -> str | bool:
    """Return how far an order is delivered; False without a delivery that is not cancelled."""
    states = {picking.state for picking in order.picking_ids} - {"cancel"}
    if not states:
        return False
    if states == {"done"}:
        return "full"
    if "done" not in states:
        return "pending"
    begun = "started" in dict(order._model.fields["delivery_status"].selection)
    return "partial" if not begun or any(line.qty_delivered for line in order.order_line) else "started"
