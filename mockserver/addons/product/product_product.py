"""product.product: a variant of a template.

Source: recorded in flow-product-1, flow-product-2 (17.0).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockserver import api, models

if TYPE_CHECKING:
    from typing_extensions import Self


class Product(models.Model):
    _inherit = "product.product"

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create variants; a template that is created with one gets no other."""
        records = self.with_context(create_product_product=False)
        products = self.browse()
        for vals in vals_list if isinstance(vals_list, (list, tuple)) else [vals_list]:
            products |= super(Product, records).create(vals)
        return products

    def unlink(self) -> bool:
        """Delete variants, and templates that have no other active one; a variant's image becomes the template's."""
        templates = self.env["product.template"]
        for product in self:
            template = product.product_tmpl_id
            if product.image_variant_1920 and not template.image_1920:
                template.image_1920 = product.image_variant_1920
            others = self.search([("product_tmpl_id", "=", template.id), ("id", "!=", product.id)], limit=1)
            if not others and not template._has_dynamic_attributes():
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

    def _compute_combination_indices(self) -> None:
        for product in self:
            values = product.product_template_attribute_value_ids
            product.combination_indices = ",".join(str(id_) for id_ in sorted(values._ids))
