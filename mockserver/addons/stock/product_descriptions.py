"""product.product and stock.move: what the moves of a product say of it.

Source: recorded in flow-sale-2 (17.0, 19.0).
"""

from __future__ import annotations

import html
import re

from mockserver import api, models
from mockserver.orm.records.environment import Recordset

_TAG = re.compile(r"<[^>]*>")


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _get_description(self, picking_type: Recordset) -> str:
        """Return the text of a product for a kind of transfers: that for the kind, else its description or name."""
        self.ensure_one()
        text = html.unescape(_TAG.sub("", self.description or "")).strip()
        own = _own_text(self, picking_type.code)
        return str(own or (self.name if picking_type.code == "outgoing" else text or self.name))


class Descriptions:
    """The texts of products for kinds of transfers, each made once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], str] = {}

    def of(self, product: Recordset, picking_type: Recordset) -> str:
        """Return the text of a product for a kind of transfers."""
        key = product.id, picking_type.id
        if key not in self._known:
            self._known[key] = product._get_description(picking_type)
        return self._known[key]


def _own_text(product: Recordset, kind: str) -> str:
    """Return the text of a product for a kind of transfers."""
    texts = {
        "incoming": product.description_pickingin, "outgoing": product.description_pickingout,
        "internal": product.description_picking,
    }  # fmt: skip
    return str(texts.get(kind) or "")


class Move(models.Model):
    _inherit = "stock.move"

    @api.versions(since=19)
    def _compute_description_picking(self) -> None:
        """What was typed, else the text of the product for this kind of transfers or its name with its code."""
        for move in self:
            product, kind = move.product_id, move.picking_type_id.code
            own = _own_text(product, kind) if product else ""
            move.description_picking = move.description_picking_manual or own or product.display_name

    @api.versions(since=19)
    def _inverse_description_picking(self) -> None:
        for move in self:
            move.description_picking_manual = move.description_picking
