"""product.product: a variant of a template.

Source: recorded in flow-product-1, flow-product-2 (17.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.product.barcodes import refuse_duplicates
from mockserver.addons.uom.conversion import price_in
from mockserver.orm.methods.copying import for_each_record
from mockserver.orm.query.operators import is_negative

if TYPE_CHECKING:
    from typing_extensions import Self


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.versions(since=17)
    @api.depends("product_tmpl_id.write_date")
    def _compute_write_date(self) -> None:
        """A change of the template counts as one of its variants.  Source: fields of 17.0 to 19.0."""
        for product in self:
            product.write_date = max(product.write_date or "", product.product_tmpl_id.write_date or "")

    # -- create, copy, delete

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create variants; a template that is created with one gets no other."""
        records = self.with_context(create_product_product=False)
        return self.browse(super(ProductProduct, records).create(vals_list)._ids)

    @for_each_record
    def copy(self, default: Mapping[str, Any] | None = None) -> Self:
        """Return the first variant of a duplicate of the template."""
        copied = self.ensure_one().product_tmpl_id.copy(default)
        return self.browse((copied.product_variant_id or copied._first_variant()).ids)

    def unlink(self) -> bool:
        """Delete variants, and templates that have no other active one; a variant's image becomes the template's."""
        templates = self.env["product.template"]
        for product in self.exists():
            template = product.product_tmpl_id
            if product.image_variant_1920 and not template.image_1920:
                template.image_1920 = product.image_variant_1920
            others = self.search([("product_tmpl_id", "=", template.id), ("id", "!=", product.id)], limit=1)
            if not others and not template.has_dynamic_attributes():
                templates |= template
        super().unlink()
        templates.exists().unlink()
        return True

    def _unlink_or_archive(self) -> None:
        """Delete the variants; archive those that cannot be deleted."""
        products = self.sudo()
        free = products._filter_to_unlink()
        used = products - free
        if used:
            used.write({"active": False})
        try:
            with self.env.db.transaction():
                free.unlink()
        except Exception:  # whatever keeps one of them
            if len(free) > 1:
                middle = len(free) // 2
                free[:middle]._unlink_or_archive()
                free[middle:]._unlink_or_archive()
            elif free.active:
                free.write({"active": False})

    def _filter_to_unlink(self) -> Self:
        """Return the variants that may be deleted rather than archived; add-ons leave out those in use."""
        return self

    @api.versions(since=16)
    @api.constrains("barcode")
    def _check_barcode_uniqueness(self) -> None:
        refuse_duplicates(self)

    # -- archiving

    @api.versions(until=12, name="toggle_active")
    def toggle_active_11(self) -> None:
        """Archive the active variants and unarchive the others, and templates with them."""
        super().toggle_active()
        self._follow_archiving()

    @api.versions(since=13)
    def action_archive(self) -> None:
        """Archive variants, and templates that have no active one left."""
        super().action_archive()
        self._follow_archiving()

    @api.versions(since=13)
    def action_unarchive(self) -> None:
        """Unarchive variants, and their templates."""
        super().action_unarchive()
        self._follow_archiving()

    def _follow_archiving(self) -> None:
        """Archive the templates without active variants, and unarchive those with one."""
        for template in self.mapped("product_tmpl_id"):
            if template.active != bool(template.product_variant_ids):
                template.write({"active": not template.active})

    # -- computed fields

    @api.depends("product_template_attribute_value_ids")
    def _compute_combination_indices(self) -> None:
        for product in self:
            values = product.product_template_attribute_value_ids
            product.combination_indices = ",".join(str(id_) for id_ in sorted(values._ids))

    @api.versions(since=16)
    @api.depends("product_template_attribute_value_ids.attribute_line_id.value_count")
    def _compute_product_template_variant_value_ids(self) -> None:
        """The values of the attributes of which the template has several."""
        for product in self:
            values = product.product_template_attribute_value_ids
            chosen = values.filtered(lambda value: value.attribute_line_id.value_count > 1)
            product.product_template_variant_value_ids = chosen

    def _compute_is_product_variant(self) -> None:
        for product in self:
            product.is_product_variant = True

    def _compute_price_extra(self) -> None:
        for product in self:
            product.price_extra = sum(product.product_template_attribute_value_ids.mapped("price_extra"))

    def _compute_lst_price(self) -> None:
        """The sales price with the extras of the values; in the unit `uom` of the context."""
        unit = self.env["uom.uom"].browse(self.env.context.get("uom") or ())
        for product in self:
            price = price_in(product.uom_id, product.list_price, unit)
            product.lst_price = price + product.price_extra

    def _inverse_lst_price(self) -> None:
        unit = self.env["uom.uom"].browse(self.env.context.get("uom") or ())
        for product in self:
            price = price_in(unit, product.lst_price, product.uom_id) - product.price_extra
            product.write({"list_price": price})

    def _compute_product_document_count(self) -> None:
        for product in self:
            domain = [("res_model", "=", "product.product"), ("res_id", "=", product.id)]
            product.product_document_count = self.env["product.document"].search_count(domain)

    def _compute_pricelist_item_count(self) -> None:
        for product in self:
            template = ["&", ("applied_on", "=", "1_product"), ("product_tmpl_id", "=", product.product_tmpl_id.id)]
            own = ["&", ("applied_on", "=", "0_product_variant"), ("product_id", "=", product.id)]
            product.pricelist_item_count = self.env["product.pricelist.item"].search_count(["|", *template, *own])

    def _compute_all_product_tag_ids(self) -> None:
        for product in self:
            product.all_product_tag_ids = product.product_tag_ids | product.additional_product_tag_ids

    def _search_all_product_tag_ids(self, operator: str, value: Any) -> list[Any]:
        leaves = [(name, operator, value) for name in ("product_tag_ids", "additional_product_tag_ids")]
        return ["&" if is_negative(operator) else "|", *leaves]
