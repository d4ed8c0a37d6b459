"""stock.location: names along the tree, the warehouse of a place, and whether goods need to be there to be taken.

Source: recorded in flow-stock-1, flow-stock-3 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver import api, models
from mockserver.addons.stock import quant_rows
from mockserver.errors import UserError
from mockserver.orm.records.environment import Recordset

_VIEW = "This location's usage cannot be changed to view as it contains products."
_COMPANY = (
    "Changing the company of this record is forbidden at this point, you should rather archive it and create a new one."
)
_USAGE = "You can't disable locations %s because they still contain products."
_WAREHOUSE = "You cannot archive the location %s as it is used by your warehouse %s"


class Location(models.Model):
    _inherit = "stock.location"

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change locations; archiving one archives those below it."""
        if vals.get("usage") == "view" and any(location._holds_goods() for location in self):
            raise UserError(self.env._(_VIEW))
        if "company_id" in vals and any(location.company_id.id != vals["company_id"] for location in self):
            raise UserError(self.env._(_COMPANY))
        if "active" in vals and not self.env.context.get("do_not_check_quant"):
            self._check_archiving(bool(vals["active"]))
        return super().write(vals)

    def _holds_goods(self) -> bool:
        rows = self.env.db.store.rows("stock.quant")
        return any(
            rows[id_].get("quantity") for id_ in self.env.db.store.having("stock.quant", "location_id", self._ids)
        )

    def _check_archiving(self, active: bool) -> None:
        """Archive the children too, or bring them back; raises UserError for places in use."""
        if not active:
            for location in self:
                used = self.env["stock.warehouse"].search([
                    ("active", "=", True), "|", ("lot_stock_id", "=", location.id),
                    ("view_location_id", "=", location.id),
                ], limit=1)  # fmt: skip
                if used:
                    text = self.env._(_WAREHOUSE).replace("%s", location.display_name, 1)
                    raise UserError(text.replace("%s", used.display_name, 1))
        below = self.with_context(active_test=False).search([("id", "child_of", self.ids)])
        if not active:
            internal = below.filtered(lambda location: location.usage == "internal")
            full = [location.display_name for location in internal if location._holds_goods()]
            if full:
                raise UserError(self.env._(_USAGE).replace("%s", ", ".join(full)))
        others = below - self
        if others:
            others.with_context(do_not_check_quant=True).write({"active": active})

    # -- fields

    def _compute_complete_name(self) -> None:
        for location in self:
            parent = location.location_id
            nested = parent and location.usage != "view"
            location.complete_name = f"{parent.complete_name}/{location.name}" if nested else location.name

    def _compute_display_name(self) -> None:
        for location in self:
            location.display_name = location.complete_name

    @api.versions(since=16)
    def _warehouse(self) -> Any:
        """Return the warehouse that the place belongs to."""
        return self.warehouse_id if "warehouse_id" in self else self.get_warehouse()

    @api.versions(until=15)
    def get_warehouse(self) -> Any:
        """Return the warehouse whose place this one is, or is below."""
        warehouses = self.env["stock.warehouse"].sudo().search([])
        place = self
        while place:
            for warehouse in warehouses:
                if warehouse.view_location_id == place:
                    return warehouse
            place = place.location_id
        return warehouses.browse()

    @api.depends("location_id.warehouse_id", "warehouse_view_ids")
    def _compute_warehouse_id(self) -> None:
        for location in self:
            location.warehouse_id = location.warehouse_view_ids[:1] or location.location_id.warehouse_id

    @api.versions(since=16)
    def _compute_replenish_location(self) -> None:
        for location in self:
            location.replenish_location = location.replenish_location and location.usage == "internal"

    @api.versions(since=16)
    def _compute_child_internal_location_ids(self) -> None:
        for location in self:
            location.child_internal_location_ids = self.search(
                [("id", "child_of", location.id), ("usage", "=", "internal")]
            )

    @api.versions(since=18)
    def _compute_is_empty(self) -> None:
        for location in self:
            location.is_empty = not location._holds_goods()

    def _child_of(self, other: Recordset) -> bool:
        """Return whether one location is another one or below it."""
        return bool(other) and self._ids[0] in quant_rows.Below(self.env, other._ids)

    def should_bypass_reservation(self) -> bool:
        """Return whether goods may be taken from the place though they are not there."""
        self.ensure_one()
        scrap = "scrap_location" in self._model.fields and self.scrap_location
        outside = self.usage in ("supplier", "customer", "inventory", "production")
        return bool(outside or scrap or (self.usage == "transit" and not self.company_id))
