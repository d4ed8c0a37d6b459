"""product.template: the quantities of its variants together.

Source: recorded in flow-stock-2 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.stock import product_quantities as stocked
from mockserver.errors import UserError

_SUMMED = ("qty_available", "virtual_available", "incoming_qty", "outgoing_qty")


class ProductTemplateQuantities(models.Model):
    _inherit = "product.template"

    @api.computes(*_SUMMED)
    def _compute_quantities(self) -> None:
        """Of services there is nothing."""
        variants = self.product_variant_ids.filtered(lambda product: product.type != "service")
        found = stocked.quantities(variants) if variants else {}
        for template in self:
            own = [found.get(id_, stocked.NOTHING) for id_ in template.product_variant_ids._ids]
            for name in _SUMMED:
                template[name] = sum(quantities[name] for quantities in own)

    @api.versions(since=19)
    def _inverse_qty_available(self) -> None:
        """Count what is written, of the first variant; a new template has none yet."""
        for template in self:
            quantity, variant = template.qty_available, template.product_variant_ids[:1]
            if quantity and not variant:
                text = "Save the product form before updating the Quantity On Hand."
                raise UserError(self.env._(text))
            if variant:
                variant.write({"qty_available": quantity})

    @api.versions(since=19)
    def _compute_next_serial(self) -> None:
        """The number of the next lot."""
        for template in self:
            sequence = template.lot_sequence_id.sudo()
            number = str(sequence.number_next_actual).zfill(sequence.padding) if sequence else ""
            template.next_serial = f"{sequence.prefix or ''}{number}{sequence.suffix or ''}" if sequence else ""

    @api.versions(since=19)
    def _compute_serial_prefix_format(self) -> None:
        for template in self:
            template.serial_prefix_format = template.lot_sequence_id.prefix or ""

    @api.versions(since=19)
    def _inverse_serial_prefix_format(self) -> None:
        """Number the lots by the sequence of the prefix; the first product with a prefix makes it."""
        sequences = self.env["ir.sequence"].sudo()
        for template in self:
            prefix = template.serial_prefix_format or False
            known = sequences.search([("code", "=", "stock.lot.serial"), ("prefix", "=", prefix)], limit=1)
            values = {"name": f"{template.name} Serial Sequence", "code": "stock.lot.serial", "padding": 7}
            template.write({"lot_sequence_id": (known or sequences.create({**values, "prefix": prefix})).id})

    def _search_qty_available(self, operator: str, value: Any) -> list[Any]:
        return self._with_variant("qty_available", operator, value)

    def _search_virtual_available(self, operator: str, value: Any) -> list[Any]:
        return self._with_variant("virtual_available", operator, value)

    def _search_incoming_qty(self, operator: str, value: Any) -> list[Any]:
        return self._with_variant("incoming_qty", operator, value)

    def _search_outgoing_qty(self, operator: str, value: Any) -> list[Any]:
        return self._with_variant("outgoing_qty", operator, value)

    def _with_variant(self, name: str, operator: str, value: Any) -> list[Any]:
        """Return the domain of the templates with a variant whose quantity compares so with a number."""
        found = self.env["product.product"].search([(name, operator, value)], order="id")
        return [("product_variant_ids", "in", found.ids)]
