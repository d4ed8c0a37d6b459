"""stock.production.lot: lots and serial numbers until 15.

Source: fields of Odoo 14.0; 14.0, stock.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.stock import lots
from mockserver.orm.methods.copying import for_each_record

if TYPE_CHECKING:
    from typing_extensions import Self


class ProductionLot(models.Model):
    _inherit = "stock.production.lot"

    def _default_name(self) -> Any:
        return self.env["ir.sequence"].sudo().next_by_code("stock.lot.serial")

    def _compute_product_qty(self) -> None:
        for lot in self:
            lot.product_qty = sum(lots.stored(lot).mapped("quantity"))

    def _compute_display_complete(self) -> None:
        for lot in self:
            lot.display_complete = True

    @api.constrains("name", "product_id", "company_id")
    def _check_unique_lot(self) -> None:
        lots.check_unique(self)

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create lots; refused in a transfer whose type uses only lots that exist."""
        lots.check_creation(self)
        return super(ProductionLot, self.with_context(mail_create_nosubscribe=True)).create(vals_list)

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change lots; not their company, and not their product once there are moves of them."""
        lots.check_change(self, vals)
        return super().write(vals)

    @for_each_record
    def copy(self, default: Mapping[str, Any] | None = None) -> Self:
        """Return a duplicate, whose name says so."""
        name = self.env._("(copy of) %s").replace("%s", str(self.name))
        return super().copy({"name": name, **(default or {})})

    def action_lot_open_quants(self) -> dict[str, Any]:
        """Return the action that shows the quants of the lot."""
        quants = self.env["stock.quant"].with_context(search_default_lot_id=self.id, create=False, edit=False)
        action: dict[str, Any] = quants.action_view_quants()
        return action
