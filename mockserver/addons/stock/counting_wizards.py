"""The wizards of counting: conflicts, warnings, reasons, requests, and the quantity of one product.

Source: 17.0, stock.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.stock import storable
from mockserver.errors import UserError


class Conflict(models.TransientModel):
    _inherit = "stock.inventory.conflict"

    def action_keep_counted_quantity(self) -> Any:
        """Apply what was counted, whatever was moved since."""
        for quant in self.quant_ids:
            quant.write({"inventory_diff_quantity": quant.inventory_quantity - quant.quantity})
        return self.quant_ids.action_apply_inventory()

    def action_keep_difference(self) -> Any:
        """Apply the difference that was found, to what is there now."""
        for quant in self.quant_ids:
            difference = quant.inventory_diff_quantity
            quant.write({"inventory_quantity": quant.quantity + difference})
            quant.write({"inventory_diff_quantity": difference})
        return self.quant_ids.action_apply_inventory()


class Warning(models.TransientModel):
    _inherit = "stock.inventory.warning"

    def action_reset(self) -> Any:
        """Forget what was counted."""
        name = "action_clear_inventory_quantity"
        quants = self.quant_ids
        return quants.call(name if name in quants._methods else "action_set_inventory_quantity_to_zero")

    def action_set(self) -> Any:
        """Set what was not counted to what is there."""
        return self.quant_ids.filtered(lambda quant: not quant.inventory_quantity_set).action_set_inventory_quantity()


class AdjustmentName(models.TransientModel):
    _inherit = "stock.inventory.adjustment.name"

    def action_apply(self) -> Any:
        """Apply what was counted, for the reason that is given."""
        counted = self.quant_ids.filtered("inventory_quantity_set")
        return counted.with_context(inventory_name=self.inventory_adjustment_name).action_apply_inventory()


class TrackConfirmation(models.TransientModel):
    _inherit = "stock.track.confirmation"

    @api.versions(since=16)
    def action_confirm(self) -> Any:
        """Apply what was counted without lots."""
        for wizard in self:
            wizard.quant_ids._apply_inventory()


class RequestCount(models.TransientModel):
    _inherit = "stock.request.count"

    def action_request_count(self) -> None:
        """Ask a user to count on a day."""
        for wizard in self:
            values: dict[str, Any] = {"inventory_date": wizard.inventory_date}
            if wizard.user_id:
                values["user_id"] = wizard.user_id.id
            wizard.quant_ids.with_context(inventory_mode=True).write(values)
            if "set_count" in wizard and wizard.set_count == "set":
                wizard.quant_ids.filtered(
                    lambda quant: not quant.inventory_quantity_set
                ).action_set_inventory_quantity()


class ChangeQuantity(models.TransientModel):
    _inherit = "stock.change.product.qty"

    @api.constrains("new_quantity")
    def check_new_quantity(self) -> None:
        """Raise UserError for less than nothing."""
        if any(wizard.new_quantity < 0 for wizard in self):
            raise UserError(self.env._("Quantity cannot be negative."))

    def change_product_qty(self) -> dict[str, Any]:
        """Make what is in the stock of the company's first warehouse the new quantity."""
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", self.env.company.id)], limit=1)
        quant = self.env["stock.quant"].with_context(inventory_mode=True).create(
            {
                "product_id": self.product_id.id,
                "location_id": warehouse.lot_stock_id.id,
                "inventory_quantity": self.new_quantity,
            }
        )  # fmt: skip
        if self.env.db.profile.rules.counts_applied_later:
            quant._apply_inventory()
        return {"type": "ir.actions.act_window_close"}


class TrackLine(models.TransientModel):
    _inherit = "stock.track.line"

    @api.versions(since=16)
    def _compute_product_display_name(self) -> None:
        for line in self:
            line.product_display_name = line.product_id.display_name


class Relocate(models.TransientModel):
    _inherit = "stock.quant.relocate"

    def _compute_dest_package_id(self) -> None:
        """A package stays where it is."""
        for wizard in self:
            there = wizard.dest_package_id.location_id
            kept = not there or not wizard.dest_location_id or there == wizard.dest_location_id
            wizard.dest_package_id = wizard.dest_package_id if kept else False

    @api.computes("is_multi_location", "is_partial_package", "partial_package_names", "dest_package_id_domain")
    def _compute_facts(self) -> None:
        """Whether goods of several places or parts of packages are put elsewhere."""
        for wizard in self:
            partly = wizard.quant_ids.package_id.filtered(lambda package, own=wizard.quant_ids: package.quant_ids - own)
            wizard.is_multi_location = len(wizard.quant_ids.location_id) > 1
            wizard.is_partial_package = bool(partly)
            wizard.partial_package_names = ", ".join(partly.mapped("display_name"))
            wizard.dest_package_id_domain = "[]"

    def action_relocate_quants(self) -> Any:
        """Put goods into another location or package."""
        self.ensure_one()
        if not self.dest_location_id and not self.dest_package_id:
            return None
        self.quant_ids.action_clear_inventory_quantity()
        moved = self.quant_ids.filtered(
            lambda quant: quant.quantity > 0 and quant.location_id.id != self.dest_location_id.id
        )
        if moved:
            moved.move_quants(self.dest_location_id, self.dest_package_id, self.message)
        return None


class QuantityHistory(models.TransientModel):
    _inherit = "stock.quantity.history"

    def open_at_date(self) -> dict[str, Any]:
        """Return the action that shows the quantities of products at a time."""
        return {
            "type": "ir.actions.act_window",
            "view_mode": f"{self.env.db.profile.rules.list_view},form",
            "name": self.env._("Products"),
            "res_model": "product.product",
            "domain": [storable.leaf(self.env)],
            "context": {**self.env.context, "to_date": self.inventory_datetime},
            "display_name": self.inventory_datetime,
        }
