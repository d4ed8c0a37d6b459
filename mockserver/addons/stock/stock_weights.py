"""What transfers weigh and fill, and in what units their moves are packed.

Inferred: from the fields of 18.0 and 19.0; not recorded.
"""

from __future__ import annotations

from mockserver import api, models
from mockserver.addons.stock import units


class Picking(models.Model):
    _inherit = "stock.picking"

    @api.versions(since=18)
    def _compute_weight_bulk(self) -> None:
        """What is in no package weighs."""
        for transfer in self:
            transfer.weight_bulk = sum(
                line.quantity_product_uom * line.product_id.weight
                for line in transfer.move_line_ids
                if not line.result_package_id
            )

    @api.versions(since=18)
    def _compute_shipping_weight(self) -> None:
        """What is in no package, and what packages weigh or their products."""
        for transfer in self:
            lines = transfer.move_line_ids
            total = transfer.weight_bulk
            for package, inside in lines.filtered("result_package_id").grouped("result_package_id").items():
                total += package.shipping_weight or sum(
                    line.quantity_product_uom * line.product_id.weight for line in inside
                )
            transfer.shipping_weight = total

    @api.versions(since=18)
    def _compute_shipping_volume(self) -> None:
        for transfer in self:
            transfer.shipping_volume = sum(
                line.quantity_product_uom * line.product_id.volume for line in transfer.move_line_ids
            )


class Move(models.Model):
    _inherit = "stock.move"

    @api.versions(since=19)
    def _compute_packaging_uom_id(self) -> None:
        for move in self:
            line = move.sale_line_id if "sale_line_id" in move else None
            move.packaging_uom_id = (line.product_uom_id if line else None) or move.product_uom

    @api.versions(since=19)
    def _compute_packaging_uom_qty(self) -> None:
        for move in self:
            target = move.packaging_uom_id or move.product_uom
            move.packaging_uom_qty = units.converted(move.product_uom, move.product_uom_qty, target)

    @api.versions(since=19)
    def _compute_allowed_uom_ids(self) -> None:
        for move in self:
            product = move.product_id
            move.allowed_uom_ids = product.uom_id | product.uom_ids | product.seller_ids.product_uom_id

    @api.versions(since=19)
    def _compute_has_lines_without_result_package(self) -> None:
        for move in self:
            move.has_lines_without_result_package = any(not line.result_package_id for line in move.move_line_ids)

    @api.versions(since=19)
    def _compute_is_date_editable(self) -> None:
        for move in self:
            move.is_date_editable = move.state not in ("done", "cancel")


class MoveLine(models.Model):
    _inherit = "stock.move.line"

    @api.versions(since=19)
    def _compute_allowed_uom_ids(self) -> None:
        for line in self:
            product = line.product_id
            line.allowed_uom_ids = product.uom_id | product.uom_ids | product.seller_ids.product_uom_id
