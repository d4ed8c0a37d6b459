"""stock.lot: lots and serial numbers, how much there is of each, and where.

Source: recorded in flow-stock-2 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.stock import lots
from mockserver.errors import UserError
from mockserver.orm.methods.copying import for_each_record
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self


class StockLot(models.Model):
    _inherit = "stock.lot"

    @api.versions(until=18)
    def _default_name(self) -> Any:
        return self.env["ir.sequence"].sudo().next_by_code("stock.lot.serial")

    @api.versions(since=19)
    def _compute_name(self) -> None:
        """The next number of the product's own sequence."""
        for lot in self:
            sequence = lot.product_id.lot_sequence_id
            lot.name = lot.name or (sequence.sudo().next_by_id() if sequence else False)

    @api.versions(since=18)
    def _compute_company_id(self) -> None:
        for lot in self:
            lot.company_id = lot.product_id.company_id

    def _compute_product_qty(self) -> None:
        for lot in self:
            lot.product_qty = sum(lots.stored(lot).mapped("quantity"))

    @api.versions(since=17)
    def _search_product_qty(self, operator: str, value: Any) -> list[Any]:
        return lots.with_quantity(self, operator, value)

    @api.versions(since=17)
    def _compute_location_id(self) -> None:
        """The location, where there is only one."""
        for lot in self:
            places = lot.quant_ids.filtered(lambda quant: quant.quantity > 0).location_id
            lot.location_id = places if len(places) == 1 else False

    @api.versions(since=17)
    def _inverse_location_id(self) -> None:
        """Move the goods of the lot."""
        for lot in self:
            quants = lot.quant_ids.filtered(lambda quant: quant.quantity > 0)
            if len(quants.location_id) > 1:
                text = "You can only move a lot/serial to a new location if it exists in a single location."
                raise UserError(self.env._(text))
            target = lot.location_id
            if quants and target != quants.location_id:
                unpack = len(quants.package_id.quant_ids) > 1
                quants.move_quants(target, message=self.env._("Lot/Serial Number Relocated"), unpack=unpack)

    def _compute_display_complete(self) -> None:
        for lot in self:
            lot.display_complete = True

    @api.computes("delivery_ids", "delivery_count")
    def _compute_delivery_ids(self) -> None:
        """The transfers to customers that took some of the lot."""
        for lot in self:
            taken = lots.deliveries(lot)
            lot.delivery_ids = taken
            lot.delivery_count = len(taken)

    @api.versions(until=18)
    def _compute_last_delivery_partner_id(self) -> None:
        """Of a serial number, the customer of the last delivery."""
        for lot in self:
            taken = lots.deliveries(lot) if lot.product_id.tracking == "serial" else lot.delivery_ids.browse()
            last = taken.sorted(lambda transfer: (transfer.date_done or "", transfer.id))[-1:]
            lot.last_delivery_partner_id = last.partner_id

    @api.versions(since=19)
    def _compute_partner_ids(self) -> None:
        for lot in self:
            lot.partner_ids = lots.deliveries(lot).partner_id

    # -- guards

    @api.constrains("name", "product_id", "company_id")
    def _check_unique_lot(self) -> None:
        lots.check_unique(self)

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create lots; refused in a transfer whose type uses only lots that exist."""
        lots.check_creation(self)
        return super(StockLot, self.with_context(mail_create_nosubscribe=True)).create(vals_list)

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change lots; not their company, and not their product once there are moves of them."""
        lots.check_change(self, vals)
        return super().write(vals)

    @for_each_record
    def copy(self, default: Mapping[str, Any] | None = None) -> Self:
        """Return a duplicate, whose name says so."""
        name = self.env._("(copy of) %s").replace("%s", str(self.name))
        return super().copy({"name": name, **(default or {})})

    # -- actions

    def action_lot_open_quants(self) -> dict[str, Any]:
        """Return the action that shows the quants of the lot."""
        quants = self.env["stock.quant"].with_context(search_default_lot_id=self.id, create=False, edit=False)
        action: dict[str, Any] = quants.action_view_quants()
        return action

    def action_lot_open_transfers(self) -> dict[str, Any]:
        """Return the action that shows the deliveries of the lot."""
        found: Recordset = self.ensure_one().delivery_ids
        action: dict[str, Any] = {"res_model": "stock.picking", "type": "ir.actions.act_window"}
        if len(found) == 1:
            return {**action, "view_mode": "form", "res_id": found.id}
        view_mode = self.env.db.profile.rules.list_view
        name = self.env._("Delivery orders of %s").replace("%s", self.display_name)
        return {**action, "name": name, "domain": [("id", "in", found.ids)], "view_mode": f"{view_mode},form"}

    @api.model
    def generate_lot_names(self, first_lot: str, count: int) -> list[Any]:
        """Return the names of as many lots, counting on from the last number in the first name."""
        return [{"lot_name": name} for name in lots.counted_names(first_lot, count)]
