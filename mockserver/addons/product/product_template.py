"""product.template: what a product is, and the fields that it shares with its only variant.

Source: recorded in flow-product-1, flow-product-2 (17.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.errors import ValidationError
from mockserver.orm.methods.copying import for_each_record
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

# values of `create` that go on to the variants made with the template
_SHARED = ("barcode", "default_code", "standard_price", "volume", "weight", "packaging_ids")


class ProductTemplate(models.Model):
    _inherit = "product.template"

    @api.versions(until=18)
    def _default_categ_id(self) -> Any:
        return self.env.ref("product.product_category_all", raise_if_not_found=False)

    def _default_uom_id(self) -> Any:
        return self.env.ref("uom.product_uom_unit", raise_if_not_found=False) or self.env["uom.uom"].search([], limit=1)

    @api.versions(until=16)
    def _default_uom_po_id(self) -> Any:
        return self._default_uom_id()

    @api.versions(since=18, until=18, on_model=False)
    def default_get(self, fields_list: Any) -> dict[str, Any]:
        """Return the defaults; clients pass ids first, since the method's decorator is missing in this version."""
        return super().default_get(fields_list)

    # -- create, write, copy

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create templates, each with its variants unless a variant is being created with it."""
        templates = super().create(vals_list)
        if self.env.context.get("create_product_product", True):
            templates._create_variant_ids()
        several = vals_list if isinstance(vals_list, (list, tuple)) else [vals_list]
        for template, vals in zip(templates, several, strict=True):
            shared = {name: vals[name] for name in _SHARED if vals.get(name) and name in self._model.fields}
            if shared:
                template.write(shared)
        return templates

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change templates; attribute lines change the variants, and archiving includes them."""
        super().write(vals)
        makes = self.env.context.get("create_product_product", True) and "attribute_line_ids" in vals
        if makes or (vals.get("active") and not self.mapped("product_variant_ids")):
            self._create_variant_ids()
        if "active" in vals and not vals["active"]:
            self.with_context(active_test=False).mapped("product_variant_ids").write({"active": False})
        return True

    @for_each_record
    def copy(self, default: Mapping[str, Any] | None = None) -> Self:
        """Return a duplicate, named as a copy."""
        self.ensure_one()
        name = self.env._("%s (copy)").replace("%s", str(self.name))
        copied = super().copy({"name": name, **(default or {})})
        if self.env.db.profile.rules.copies_price_extras:
            _copy_price_extras(self, copied)
        return copied

    @api.constrains("uom_id", "uom_po_id")
    def _check_uom(self) -> None:
        if "uom_po_id" in self._model.fields and any(
            template.uom_id and template.uom_po_id and template.uom_id.category_id != template.uom_po_id.category_id
            for template in self
        ):
            raise ValidationError(
                self.env._("The default Unit of Measure and the purchase Unit of Measure must be in the same category.")
            )

    @api.onchange("uom_id")
    def _onchange_uom_id(self) -> None:
        if self.uom_id and "uom_po_id" in self._model.fields:
            self.uom_po_id = self.uom_id

    # -- fields of the only variant

    def _compute_barcode(self) -> None:
        _from_variant(self, "barcode")

    def _inverse_barcode(self) -> None:
        _to_variant(self, "barcode")

    def _search_barcode(self, operator: str, value: Any) -> list[Any]:
        return _by_variant(self, "barcode", operator, value)

    @api.depends("product_variant_ids.default_code")
    def _compute_default_code(self) -> None:
        _from_variant(self, "default_code")

    def _inverse_default_code(self) -> None:
        _to_variant(self, "default_code")

    def _compute_standard_price(self) -> None:
        _from_variant(self.sudo(), "standard_price")

    def _inverse_standard_price(self) -> None:
        _to_variant(self, "standard_price")

    def _search_standard_price(self, operator: str, value: Any) -> list[Any]:
        return _by_variant(self, "standard_price", operator, value)

    @api.versions(since=18)
    def _compute_purchase_ok(self) -> None:
        """What was written: only modules of expenses and the like decide about it."""
        for template in self:
            template.purchase_ok = template.purchase_ok

    @api.depends("product_variant_ids.volume")
    def _compute_volume(self) -> None:
        _from_variant(self, "volume")

    def _inverse_volume(self) -> None:
        _to_variant(self, "volume")

    @api.depends("product_variant_ids.weight")
    def _compute_weight(self) -> None:
        _from_variant(self, "weight")

    def _inverse_weight(self) -> None:
        _to_variant(self, "weight")

    def _compute_packaging_ids(self) -> None:
        for template in self:
            variants = template.product_variant_ids
            template.packaging_ids = variants.packaging_ids if len(variants) == 1 else False

    def _inverse_packaging_ids(self) -> None:
        for template in self:
            if len(template.product_variant_ids) == 1:
                template.product_variant_ids.packaging_ids = template.packaging_ids


def only_variant(template: Recordset) -> Recordset:
    """Return the template's only active variant, else its only archived one; nothing if there are several."""
    variants: Recordset = template.product_variant_ids
    if not variants and template.env.context.get("active_test", True):
        variants = template.with_context(active_test=False).product_variant_ids
    return variants if len(variants) == 1 else variants.browse()


def _from_variant(templates: Recordset, name: str) -> None:
    """Give a field of templates the value of their only variant, or none."""
    for template in templates:
        variant = only_variant(template)
        template[name] = variant[name] if variant else False


def _to_variant(templates: Recordset, name: str) -> None:
    """Write a field of templates to their only variants."""
    for template in templates:
        variant = only_variant(template)
        if variant:
            variant.write({name: template[name]})


def _by_variant(templates: Recordset, name: str, operator: str, value: Any) -> list[Any]:
    """Return the domain of the templates of which a variant, also an archived one, has such a value."""
    products = templates.env["product.product"].with_context(active_test=False).search([(name, operator, value)])
    return [("product_variant_ids", "in", products.ids)]


def _copy_price_extras(template: Recordset, copied: Recordset) -> None:
    """Copy the extra prices of attribute values."""
    lines = zip(template.attribute_line_ids, copied.attribute_line_ids, strict=False)
    for line, other in lines:
        values = zip(line.product_template_value_ids, other.product_template_value_ids, strict=False)
        for value, same in values:
            if value.price_extra and value.product_attribute_value_id == same.product_attribute_value_id:
                same.price_extra = value.price_extra
