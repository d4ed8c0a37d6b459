"""product.attribute and its values: what a customer chooses of, and the guards on those in use.

Source: recorded in flow-product-2 (17.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver import api, models
from mockserver.errors import UserError
from mockserver.orm.records.environment import Recordset


class ProductAttribute(models.Model):
    _inherit = "product.attribute"

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change attributes; how those in use make variants stays."""
        mode = vals.get("create_variant")
        for attribute in self.exists() if mode else ():
            if attribute.create_variant != mode and attribute.product_tmpl_ids:
                raise UserError(
                    _used(
                        "You cannot change the Variants Creation Mode of the attribute %s because it is used on the"
                        " following products:\n%s",
                        attribute, attribute.product_tmpl_ids,
                    )
                )  # fmt: skip
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used_on_product(self) -> None:
        for attribute in self:
            if attribute.product_tmpl_ids:
                raise UserError(
                    _used(
                        "You cannot delete the attribute %s because it is used on the following products:\n%s",
                        attribute, attribute.product_tmpl_ids,
                    )
                )  # fmt: skip

    @api.depends("attribute_line_ids.active", "attribute_line_ids.product_tmpl_id")
    def _compute_product_tmpl_ids(self) -> None:
        for attribute in self:
            templates = attribute.attribute_line_ids.mapped("product_tmpl_id")
            attribute.product_tmpl_ids = templates.browse(sorted(templates._ids))

    def _compute_number_related_products(self) -> None:
        for attribute in self:
            attribute.number_related_products = len(attribute.product_tmpl_ids)

    @api.versions(until=15)
    def _compute_is_used_on_products(self) -> None:
        for attribute in self:
            attribute.is_used_on_products = bool(attribute.product_tmpl_ids)


class ProductAttributeValue(models.Model):
    _inherit = "product.attribute.value"

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change values; those in use stay with their attribute."""
        for value in self.exists() if "attribute_id" in vals else ():
            if value.attribute_id.id != vals["attribute_id"] and value.is_used_on_products:
                raise UserError(
                    _used(
                        "You cannot change the attribute of the value %s because it is used on the following"
                        " products: %s",
                        value, _templates(value),
                    )
                )  # fmt: skip
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used_on_product(self) -> None:
        for value in self:
            if value.is_used_on_products:
                raise UserError(_used(self.env.db.profile.rules.used_value_text, value, _templates(value)))
            products = self.with_context(active_test=False).env["product.template.attribute.value"].search(
                [("product_attribute_value_id", "=", value.id)]
            ).mapped("ptav_product_variant_ids")  # fmt: skip
            if products != products._filter_to_unlink():
                text = self.env._("You cannot delete value %s because it was used in some products.")
                raise UserError(text.replace("%s", value.display_name))

    def _compute_display_name(self) -> None:
        """The attribute and the value; the value alone with `show_attribute` false in the context."""
        alone = not self.env.context.get("show_attribute", True)
        for value in self:
            value.display_name = value.name if alone else f"{value.attribute_id.name}: {value.name}"

    def _compute_is_used_on_products(self) -> None:
        for value in self:
            value.is_used_on_products = bool(value.pav_attribute_line_ids)

    @api.versions(since=18)
    def _compute_default_extra_price_changed(self) -> None:
        for value in self:
            extras = _in_use(value).filtered(lambda used: used.ptav_active).mapped("price_extra")
            value.default_extra_price_changed = any(extra != value.default_extra_price for extra in extras)


def _templates(value: Recordset) -> Recordset:
    templates: Recordset = value.pav_attribute_line_ids.mapped("product_tmpl_id")
    return templates


def _in_use(value: Recordset) -> Recordset:
    """Return the values of templates that are made of a value."""
    found: Recordset = value.env["product.template.attribute.value"].search(
        [("product_attribute_value_id", "=", value.id)]
    )
    return found


def _used(text: str, record: Recordset, templates: Recordset) -> str:
    """Return a text with a name and the names of the products that use it."""
    names = ", ".join(template.display_name for template in templates)
    return record.env._(text).replace("%s", record.display_name, 1).replace("%s", names, 1)
