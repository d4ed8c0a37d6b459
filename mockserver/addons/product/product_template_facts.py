"""product.template: the fields that are computed from the template alone, its company and the settings.

Source: recorded in flow-product-1, flow-product-2 (17.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.orm.records.environment import Recordset


class ProductTemplate(models.Model):
    _inherit = "product.template"

    @api.versions(since=16, until=17)
    def _compute_type(self) -> None:
        for template in self:
            template.type = template.detailed_type

    @api.versions(since=17, until=18)
    def _compute_uom_po_id(self) -> None:
        """The unit of purchases: kept as long as it is of the category of the product's unit."""
        for template in self:
            unit, bought = template.uom_id, template.uom_po_id
            template.uom_po_id = bought if bought and bought.category_id == unit.category_id else unit

    def _compute_is_product_variant(self) -> None:
        for template in self:
            template.is_product_variant = False

    def _compute_product_variant_count(self) -> None:
        for template in self:
            template.product_variant_count = len(template.product_variant_ids)

    def _compute_product_variant_id(self) -> None:
        for template in self:
            template.product_variant_id = template.product_variant_ids[:1]

    @api.depends(
        "attribute_line_ids.value_ids.is_custom",
        "attribute_line_ids.attribute_id.create_variant",
        "attribute_line_ids.attribute_id.display_type",
    )
    def _compute_has_configurable_attributes(self) -> None:
        for template in self:
            template.has_configurable_attributes = any(_is_choice(line) for line in template.attribute_line_ids)

    @api.versions(since=19)
    def _compute_is_dynamically_created(self) -> None:
        for template in self:
            template.is_dynamically_created = template.has_dynamic_attributes()

    # -- currencies and units

    def _compute_currency_id(self) -> None:
        main = self.env["res.company"].sudo().search([], limit=1, order="id")
        for template in self:
            template.currency_id = template.sudo().company_id.currency_id or main.currency_id

    def _compute_cost_currency_id(self) -> None:
        """The currency of the product's company, in some versions that of the current one."""
        current = self.env.company.currency_id
        by_product = self.env.db.profile.rules.cost_currency_of_product
        for template in self:
            own = template.sudo().company_id.currency_id if by_product else current
            template.cost_currency_id = own or current

    def _compute_weight_uom_name(self) -> None:
        pounds = _parameter(self, "product.weight_in_lbs") == "1"
        name = _unit_name(self, "uom.product_uom_lb" if pounds else "uom.product_uom_kgm")
        for template in self:
            template.weight_uom_name = name

    def _compute_volume_uom_name(self) -> None:
        feet = _parameter(self, "product.volume_in_cubic_feet") == "1"
        name = _unit_name(self, "uom.product_uom_cubic_foot" if feet else "uom.product_uom_cubic_meter")
        for template in self:
            template.volume_uom_name = name

    # -- counts

    def _compute_product_document_count(self) -> None:
        for template in self:
            domain = [("res_model", "=", "product.template"), ("res_id", "=", template.id)]
            template.product_document_count = self.env["product.document"].search_count(domain)

    def _compute_pricelist_item_count(self) -> None:
        for template in self:
            variants = [
                ("applied_on", "=", "0_product_variant"),
                ("product_id", "in", template.product_variant_ids.ids),
            ]
            own = [("applied_on", "=", "1_product"), ("product_tmpl_id", "=", template.id)]
            domain: list[Any] = ["|", "&", *own, "&", *variants]
            template.pricelist_item_count = self.env["product.pricelist.item"].search_count(domain)


def _is_choice(line: Recordset) -> bool:
    """Return whether someone who buys the product chooses a value of the line."""
    attribute = line.attribute_id
    chosen = attribute.create_variant == "dynamic" or len(line.value_ids) >= 2
    return chosen or attribute.display_type == "multi" or any(line.value_ids.mapped("is_custom"))


def _unit_name(records: Recordset, xmlid: str) -> Any:
    unit = records.env.ref(xmlid)
    return unit.display_name if unit is not None else False


def _parameter(records: Recordset, name: str) -> Any:
    return records.env["ir.config_parameter"].sudo().get_param(name)
