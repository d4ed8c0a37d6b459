"""The images of templates and variants: a variant shows its own image, else that of its template.

Source: recorded in flow-product-1 (17.0).
"""

from __future__ import annotations

from mockserver import models
from mockserver.orm.records.environment import Recordset


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _compute_image_1920(self) -> None:
        _show(self, 1920)

    def _compute_image_1024(self) -> None:
        _show(self, 1024)

    def _compute_image_512(self) -> None:
        _show(self, 512)

    def _compute_image_256(self) -> None:
        _show(self, 256)

    def _compute_image_128(self) -> None:
        _show(self, 128)

    def _inverse_image_1920(self) -> None:
        """Write the image to the template if it has none or only this variant, else to the variant."""
        for product in self:
            template, image = product.product_tmpl_id, product.image_1920
            alone = self.search_count([("product_tmpl_id", "=", template.id), ("active", "=", True)]) <= 1
            nothing_to_remove = not image and not product.image_variant_1920
            if alone or nothing_to_remove or (image and not template.image_1920):
                product.image_variant_1920 = False
                template.image_1920 = image
            else:
                product.image_variant_1920 = image

    def _compute_can_image_1024_be_zoomed(self) -> None:
        for product in self:
            own = product.image_variant_1920
            zoomed = product.can_image_variant_1024_be_zoomed
            product.can_image_1024_be_zoomed = zoomed if own else product.product_tmpl_id.can_image_1024_be_zoomed


def _show(products: Recordset, size: int) -> None:
    for product in products:
        own = product[f"image_variant_{size}"]
        product[f"image_{size}"] = own or product.product_tmpl_id[f"image_{size}"]
