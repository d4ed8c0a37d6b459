"""product.packaging, and product.uom from 19 on: barcodes that no product has.

Source: recorded in flow-product-3 (17.0).
"""

from __future__ import annotations

from mockserver import api, models
from mockserver.addons.product.barcodes import refuse_those_of_products


class ProductPackaging(models.Model):
    _inherit = "product.packaging"

    @api.versions(since=16)
    @api.constrains("barcode")
    def _check_barcode_uniqueness(self) -> None:
        refuse_those_of_products(self)


class ProductUom(models.Model):
    _inherit = "product.uom"

    @api.constrains("barcode")
    def _check_barcode_uniqueness(self) -> None:
        refuse_those_of_products(self)
