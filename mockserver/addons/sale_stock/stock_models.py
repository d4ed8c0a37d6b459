"""What sales add to small models of stock: rules, lots, users, and the wizard that cancels orders."""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.base.windows import stored_window
from mockserver.addons.sale.origin_links import post_origin
from mockserver.orm.records.environment import Recordset


class StockRule(models.Model):
    _inherit = "stock.rule"

    def _get_custom_move_fields(self) -> list[str]:
        """Return the values of procurements that their moves take over."""
        return [*super()._get_custom_move_fields(), "sale_line_id", "partner_id", "sequence"]  # type: ignore[misc]


class StockMove(models.Model):
    _inherit = "stock.move"

    def _prepare_merge_moves_distinct_fields(self) -> list[str]:
        """Moves of different order lines stay apart."""
        return [*super()._prepare_merge_moves_distinct_fields(), "sale_line_id"]  # type: ignore[misc]

    def _assign_picking_post_process(self, new: bool = False) -> None:
        """Tell in a new transfer of which order it is."""
        super()._assign_picking_post_process(new=new)  # type: ignore[misc]
        if new:
            post_origin(self.picking_id, self.sale_line_id.order_id)

    def _get_source_document(self) -> Any:
        return self.sale_line_id.order_id or super()._get_source_document()  # type: ignore[misc]


class StockLot(models.Model):
    _inherit = "stock.lot"

    @api.versions(since=16)
    @api.computes("sale_order_ids", "sale_order_count")
    def _compute_sale_order_ids(self) -> None:
        """The orders by which a lot was delivered."""
        lines = self.env["stock.move.line"]
        for lot in self:
            found = lines.search([("lot_id", "=", lot.id), ("state", "=", "done")])
            delivered = found.mapped("move_id").filtered(lambda move: move.location_dest_id.usage == "customer")
            lot.sale_order_ids = delivered.sale_line_id.order_id
            lot.sale_order_count = len(delivered.sale_line_id.order_id)

    def action_view_so(self) -> Any:
        """Return what shows the orders of the lot."""
        action = stored_window(self.env, "sale.order", "Sales Orders", "list,kanban,form,calendar,pivot,graph,activity")
        action["domain"] = [("id", "in", self.sale_order_ids.ids)]
        action["context"] = {**self.env.context, "create": False}
        return action


class ResUsers(models.Model):
    _inherit = "res.users"

    def _get_default_warehouse_id(self) -> Recordset:
        """Return the warehouse of the user, else the first of the company."""
        own: Recordset = (
            self.property_warehouse_id if self and "property_warehouse_id" in self else self.env["stock.warehouse"]
        )
        return own or self.env["stock.warehouse"].search([("company_id", "=", self.env.company.id)], limit=1)


class SaleOrderCancel(models.Model):
    _inherit = "sale.order.cancel"

    @api.versions(until=18)
    def _compute_display_delivery_alert(self) -> None:
        """Whether something was delivered already."""
        for wizard in self:
            wizard.display_delivery_alert = "done" in wizard.order_id.picking_ids.mapped("state")
