"""product.template: what a product is, and the fields that it shares with its only variant.

Source: recorded in flow-product-1, flow-product-2 (17.0).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

# values of `create` that go on to the variants made with the template
SHARED = ("barcode", "default_code", "standard_price", "volume", "weight")


class Template(models.Model):
    _inherit = "product.template"

    def _default_categ_id(self) -> Any:
        """The category of goods; from 19 on a product has none."""
        return self.env.ref("product.product_category_all", raise_if_not_found=False)

    def _default_uom_id(self) -> Any:
        return self.env.ref("uom.product_uom_unit", raise_if_not_found=False) or self.env["uom.uom"].search([], limit=1)

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create templates, each with its variants unless a variant is being created with it."""
        templates = self.browse()
        for vals in vals_list if isinstance(vals_list, (list, tuple)) else [vals_list]:
            template = super().create(vals)
            if self.env.context.get("create_product_product", True):
                template._create_variant_ids()
            shared = {name: vals[name] for name in SHARED if vals.get(name)}
            if shared:
                template.write(shared)
            templates |= template
        return templates

    # -- fields of the only variant

    def _compute_barcode(self) -> None:
        _from_variant(self, "barcode")

    def _inverse_barcode(self) -> None:
        _to_variant(self, "barcode")

    def _compute_default_code(self) -> None:
        _from_variant(self, "default_code")

    def _inverse_default_code(self) -> None:
        _to_variant(self, "default_code")

    def _compute_standard_price(self) -> None:
        _from_variant(self, "standard_price")

    def _inverse_standard_price(self) -> None:
        _to_variant(self, "standard_price")

    def _compute_volume(self) -> None:
        _from_variant(self, "volume")

    def _inverse_volume(self) -> None:
        _to_variant(self, "volume")

    def _compute_weight(self) -> None:
        _from_variant(self, "weight")

    def _inverse_weight(self) -> None:
        _to_variant(self, "weight")

    def _compute_uom_po_id(self) -> None:
        for template in self:
            template.uom_po_id = template.uom_id


def _only_variant(template: Recordset) -> Recordset:
    """Return the template's only active variant, else its only archived one; nothing if there are several."""
    variants: Recordset = template.product_variant_ids
    if not variants and template.env.context.get("active_test", True):
        variants = template.with_context(active_test=False).product_variant_ids
    return variants if len(variants) == 1 else variants.browse()


def _from_variant(templates: Recordset, name: str) -> None:
    """Give a field of templates the value of their only variant, or none."""
    for template in templates:
        variant = _only_variant(template)
        template[name] = variant[name] if variant else False


def _to_variant(templates: Recordset, name: str) -> None:
    """Write a field of templates to their only variants."""
    for template in templates:
        variant = _only_variant(template)
        if variant:
            variant.write({name: template[name]})
