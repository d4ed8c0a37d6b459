"""product.product: what the moves of a product say of it.

Source: recorded in flow-sale-2 (17.0, 19.0).
"""

from __future__ import annotations

import html
import re

from mockserver import models
from mockserver.orm.records.environment import Recordset

_TAG = re.compile(r"<[^>]*>")


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _get_description(self, picking_type: Recordset) -> str:
        """Return the text of a product for a kind of transfers: that for the kind, else its description or name."""
        self.ensure_one()
        text = html.unescape(_TAG.sub("", self.description or "")).strip()
        own = {
            "incoming": self.description_pickingin, "outgoing": self.description_pickingout,
            "internal": self.description_picking,
        }.get(picking_type.code)  # fmt: skip
        return str(own or (self.name if picking_type.code == "outgoing" else text or self.name))
