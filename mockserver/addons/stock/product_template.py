"""What stock adds to products: whether they are stored, and how they are traced.

Source: recorded in flow-product-1 (17.0, 18.0).
"""

from __future__ import annotations

from mockserver import api, models
from mockserver.addons.stock import storable


class ProductTemplate(models.Model):
    _inherit = "product.template"

    @api.versions(since=18)
    def _compute_is_storable(self) -> None:
        """Only goods are stored."""
        for template in self:
            template.is_storable = template.is_storable and template.type == "consu"

    @api.versions(since=18)
    def compute_is_storable(self) -> None:
        """Only goods are stored."""
        self.filtered(lambda template: template.type != "consu" and template.is_storable).write({"is_storable": False})

    @api.versions(since=16)
    def _compute_tracking(self) -> None:
        """Only stored goods are traced."""
        for template in self:
            template.tracking = (template.tracking if storable.is_stored(template) else False) or "none"
