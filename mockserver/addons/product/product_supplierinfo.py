"""product.supplierinfo: what a vendor calls a product, and asks for it.

Source: recorded in flow-product-3 (17.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.base.money import amount_text
from mockserver.addons.product.vendors import unit_of
from mockserver.addons.uom.conversion import price_in

if TYPE_CHECKING:
    from typing_extensions import Self


class SupplierInfo(models.Model):
    _inherit = "product.supplierinfo"

    def _default_currency_id(self) -> Any:
        return self.env.company.currency_id

    def _default_company_id(self) -> Any:
        return self.env.company

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create entries; one for a variant is also for its template."""
        several = vals_list if isinstance(vals_list, (list, tuple)) else [vals_list]
        entries = self.browse()
        for vals in several:
            entries |= super().create(self._with_template(vals))
        return entries

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change entries; one for a variant is also for its template."""
        return super().write(self._with_template(vals))

    def _with_template(self, vals: Mapping[str, Any]) -> Mapping[str, Any]:
        if not vals.get("product_id") or vals.get("product_tmpl_id"):
            return vals
        product = self.env["product.product"].browse(vals["product_id"])
        return {**vals, "product_tmpl_id": product.product_tmpl_id.id}

    @api.versions(since=17)
    def _compute_price_discounted(self) -> None:
        """The price after the discount, for one of the product's unit."""
        for entry in self:
            product = entry.product_id or entry.product_tmpl_id
            price = price_in(unit_of(entry), entry.price, product.uom_id)
            entry.price_discounted = price * (1 - entry.discount / 100)

    @api.versions(since=19)
    @api.depends("product_tmpl_id.product_variant_ids", "product_id")
    def _compute_product_id(self) -> None:
        """The template's only variant, if none is given."""
        for entry in self:
            variants = entry.product_tmpl_id.product_variant_ids
            given = entry.product_id & variants
            entry.product_id = variants if not entry.product_id and len(variants) == 1 else given

    @api.versions(since=19)
    def _compute_product_tmpl_id(self) -> None:
        for entry in self:
            entry.product_tmpl_id = entry.product_id.product_tmpl_id or entry.product_tmpl_id

    @api.versions(since=19)
    def _compute_product_uom_id(self) -> None:
        for entry in self:
            unit = entry.product_id.uom_id or entry.product_tmpl_id.uom_id
            entry.product_uom_id = entry.product_uom_id or unit

    @api.versions(until=15)
    def _compute_display_name(self) -> None:
        for entry in self:
            entry.display_name = entry.name.display_name

    @api.versions(since=19, name="_compute_display_name")
    def _compute_display_name_19(self) -> None:
        """The vendor with its quantity and price; the vendor alone with `use_simplified_supplier_name`."""
        super()._compute_display_name()
        for entry in self if not self.env.context.get("use_simplified_supplier_name") else ():
            price = amount_text(self.env, entry.price, entry.currency_id)
            quantity = f"{entry.min_qty} {entry.product_uom_id.name}"
            entry.display_name = f"{entry.partner_id.display_name} ({quantity} - {price})"

    @api.onchange("product_tmpl_id")
    def _onchange_product_tmpl_id(self) -> None:
        self["product_id"] = self["product_id"] & self.product_tmpl_id.product_variant_ids
