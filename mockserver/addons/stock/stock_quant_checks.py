"""stock.quant: what a quant must satisfy, its name, and the fields that are computed for those who count.

Source: recorded in flow-stock-2 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.stock import storable
from mockserver.addons.stock.quant_rows import QUANT
from mockserver.errors import UserError, ValidationError
from mockserver.orm.fields.numbers import compare


class QuantChecks(models.Model):
    _inherit = "stock.quant"

    @api.constrains("product_id")
    def check_product_id(self) -> None:
        """Raise ValidationError for a product that is not stored."""
        if not all(storable.is_stored(product) for product in self.product_id):
            raise ValidationError(self.env._("Quants cannot be created for consumables or services."))

    @api.constrains("location_id")
    def check_location_id(self) -> None:
        """Raise ValidationError for a location that only holds others."""
        for location in self.location_id:
            if location.usage == "view":
                text = 'You cannot take products from or deliver products to a location of type "view" (%s).'
                raise ValidationError(self.env._(text).replace("%s", location.name))

    @api.constrains("lot_id")
    def check_lot_id(self) -> None:
        """Raise ValidationError for a lot of another product."""
        for quant in self:
            lot = quant.lot_id
            if lot and lot.product_id != quant.product_id:
                text = self.env._("The Lot/Serial number (%s) is linked to another product.")
                raise ValidationError(text.replace("%s", lot.name))

    @api.constrains("quantity")
    def check_quantity(self) -> None:
        """Raise ValidationError for a serial number of which there is more than one at a place."""
        for quant in self:
            lot, product = quant.lot_id, quant.product_id
            if not lot or product.tracking != "serial" or quant.location_id.usage == "inventory":
                continue
            rows = self.env.db.store.rows(QUANT)
            there = [rows[id_] for id_ in self.env.db.store.index(QUANT, "lot_id").get(lot.id, ())]
            total = sum(row.get("quantity") or 0.0 for row in there if row.get("location_id") == quant.location_id.id)
            if compare(total, 1.0, product.uom_id.rounding) > 0:
                text = "The serial number has already been assigned: \n Product: {product}, Serial Number: {lot}"
                raise ValidationError(self.env._(text).format(product=product.display_name, lot=lot.name))

    # -- names and facts

    @api.versions(since=17)
    def _compute_display_name(self) -> None:
        """The location, the lot, the package and the owner."""
        for quant in self:
            names = [quant.location_id.display_name, quant.lot_id.name, quant.package_id.name, quant.owner_id.name]
            quant.display_name = " - ".join(name for name in names if name)

    def _compute_available_quantity(self) -> None:
        for quant in self:
            quant.available_quantity = quant.quantity - quant.reserved_quantity

    def _search_on_hand(self, operator: str, value: Any) -> list[Any]:
        """Return the domain of the quants at the places that the quantities of products count."""
        if operator not in ("=", "!=", "in", "not in"):
            raise UserError(self.env._("Operation not supported"))
        from mockserver.addons.stock.product_quantities import Sphere

        sphere = Sphere(self.env)
        ids = [row["id"] for row in self.env.db.store.in_order(QUANT) if sphere.has(row)]
        wanted = (True in value) if operator in ("in", "not in") else bool(value)
        return [("id", "in" if (operator in ("=", "in")) is wanted else "not in", ids)]

    @api.versions(since=16)
    def _compute_is_outdated(self) -> None:
        """What was counted was compared with another quantity than the present one."""
        for quant in self:
            compared = quant.inventory_quantity - quant.inventory_diff_quantity
            step = quant.product_uom_id.rounding or 0.01
            quant.is_outdated = bool(quant.inventory_quantity_set and compare(compared, quant.quantity, step))

    @api.versions(since=17)
    def _search_is_outdated(self, operator: str, value: Any) -> list[Any]:
        counted = self.search([("inventory_quantity_set", "=", True)])
        outdated = counted.filtered("is_outdated").ids
        wanted = (True in value) if operator in ("in", "not in") else bool(value)
        return [("id", "in" if (operator in ("=", "in")) is wanted else "not in", outdated)]

    @api.versions(since=16)
    def _compute_sn_duplicated(self) -> None:
        """The serial number is at several places in stock."""
        for quant in self:
            there = quant.lot_id.quant_ids if quant.lot_id and quant.tracking == "serial" else quant.browse()
            stored = there.filtered(lambda each: each.location_id.usage in ("internal", "transit"))
            quant.sn_duplicated = len(stored) > 1

    @api.versions(since=16)
    def _compute_last_count_date(self) -> None:
        """The day of the last inventory move of exactly these goods."""
        for quant in self:
            lines = self.env["stock.move.line"].search(
                [
                    ("product_id", "=", quant.product_id.id),
                    ("state", "=", "done"),
                    ("is_inventory", "=", True),
                    ("lot_id", "=", quant.lot_id.id),
                    ("owner_id", "=", quant.owner_id.id),
                    "|",
                    "&",
                    ("location_id", "=", quant.location_id.id),
                    ("package_id", "=", quant.package_id.id),
                    "&",
                    ("location_dest_id", "=", quant.location_id.id),
                    ("result_package_id", "=", quant.package_id.id),
                ]
            )
            dates = [date[:10] for date in lines.mapped("date") if date]
            quant.last_count_date = max(dates, default=False)
