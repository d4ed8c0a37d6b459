"""product.template.attribute.value and the exclusions between such values.

Source: recorded in flow-product-2 (17.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.errors import UserError, ValidationError

if TYPE_CHECKING:
    from typing_extensions import Self

_VARIANTS_GIVEN = "You cannot update related variants from the values. Please update related values from the variants."


class ProductTemplateAttributeValue(models.Model):
    _inherit = "product.template.attribute.value"

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create values; their variants are not given here."""
        several = vals_list if isinstance(vals_list, (list, tuple)) else [vals_list]
        if any("ptav_product_variant_ids" in vals for vals in several):
            raise UserError(self.env._(_VARIANTS_GIVEN))
        return super().create(vals_list)

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change values; what they are stays, and exclusions change the variants."""
        if "ptav_product_variant_ids" in vals:
            raise UserError(self.env._(_VARIANTS_GIVEN))
        for name, text in (
            ("product_attribute_value_id", "You cannot change the value of the value %s set on product %s."),
            ("product_tmpl_id", "You cannot change the product of the value %s set on product %s."),
        ):
            for value in self if name in vals else ():
                if value[name].id != vals[name]:
                    text = self.env._(text).replace("%s", value.display_name, 1)
                    raise UserError(text.replace("%s", value.product_tmpl_id.display_name, 1))
        super().write(vals)
        if "exclude_for" in vals:
            self.mapped("product_tmpl_id")._create_variant_ids()
        return True

    def unlink(self) -> bool:
        """Delete values and the variants that have them; archive what is needed."""
        for value in self:
            if len(value.attribute_line_id.product_template_value_ids) == 1:
                variants = value.ptav_product_variant_ids
                variants.write({"product_template_attribute_value_ids": [(3, value.id)]})
        self.mapped("ptav_product_variant_ids")._unlink_or_archive()
        kept = self.browse()
        for value in self:
            try:
                with self.env.db.transaction():
                    super(ProductTemplateAttributeValue, value).unlink()
            except (UserError, ValidationError):
                kept |= value
        if kept:
            kept.write({"ptav_active": False})
        return True

    @api.constrains("attribute_line_id", "product_attribute_value_id")
    def _check_valid_values(self) -> None:
        for value in self:
            line = value.attribute_line_id
            if value.ptav_active and value.product_attribute_value_id not in line.value_ids:
                text = self.env._("The value %s is not defined for the attribute %s on the product %s.")
                for record in (value.product_attribute_value_id, value.attribute_id, value.product_tmpl_id):
                    text = text.replace("%s", record.display_name, 1)
                raise ValidationError(text)

    def _compute_display_name(self) -> None:
        for value in self:
            value.display_name = f"{value.attribute_id.name}: {value.name}"


class ProductTemplateAttributeExclusion(models.Model):
    _inherit = "product.template.attribute.exclusion"

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create exclusions, and take the variants away that they exclude."""
        exclusions = super().create(vals_list)
        exclusions.mapped("product_tmpl_id")._create_variant_ids()
        return exclusions

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change exclusions and with them the variants."""
        before = self.mapped("product_tmpl_id")
        super().write(vals)
        (before | self.mapped("product_tmpl_id"))._create_variant_ids()
        return True

    def unlink(self) -> bool:
        """Delete exclusions, and make the variants that they excluded."""
        templates = self.mapped("product_tmpl_id")
        super().unlink()
        templates._create_variant_ids()
        return True
