"""product.tag: the variants that have a tag, themselves or through their template.

Source: recorded in flow-product-1 (17.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import models
from mockserver.orm.query.operators import is_negative


class ProductTag(models.Model):
    _inherit = "product.tag"

    def _compute_product_ids(self) -> None:
        for tag in self:
            tag.product_ids = tag.product_template_ids.mapped("product_variant_ids") | tag.product_product_ids

    def _search_product_ids(self, operator: str, value: Any) -> list[Any]:
        names = ("product_template_ids.product_variant_ids", "product_product_ids")
        return ["&" if is_negative(operator) else "|", *((name, operator, value) for name in names)]
