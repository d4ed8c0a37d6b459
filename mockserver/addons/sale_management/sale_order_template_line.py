"""The lines and the options of a template of quotations.

Source: 17.0; recorded in flow-sale-4 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.sale_management.texts import text_for_sales
from mockserver.errors import UserError

if TYPE_CHECKING:
    from typing_extensions import Self


class SaleOrderTemplateLine(models.Model):
    _inherit = "sale.order.template.line"

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create lines: sections and notes have no product and no quantity."""
        given = [dict(vals) for vals in (vals_list if isinstance(vals_list, (list, tuple)) else [vals_list])]
        kind = self.env.context.get("default_display_type")
        for vals in given:
            if vals.get("display_type", kind):
                vals |= {"product_id": False, "product_uom_qty": 0, "product_uom_id": False}
        return super().create(given)

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change lines, but for what sort of line they are."""
        if "display_type" in vals and any(line.display_type != vals["display_type"] for line in self):
            raise UserError(
                "You cannot change the type of a sale quote line. Instead you should delete the current line and "
                "create a new line of the proper type."
            )
        return super().write(vals)

    @api.versions(since=16, until=17)
    def _compute_name(self) -> None:
        for line in self:
            line.name = text_for_sales(line.product_id) if line.product_id else line.name

    @api.versions(since=16)
    def _compute_product_uom_id(self) -> None:
        for line in self:
            line.product_uom_id = line.product_id.uom_id

    @api.versions(since=19)
    def _compute_allowed_uom_ids(self) -> None:
        for line in self:
            line.allowed_uom_ids = line.product_id.uom_id | line.product_id.uom_ids

    def _prepare_order_line_values(self) -> dict[str, Any]:
        """Return the values of the order line that is made of the line."""
        self.ensure_one()
        unit = "product_uom_id" if "product_uom_id" in self.env["sale.order.line"] else "product_uom"
        found = {
            "display_type": self.display_type,
            "product_id": self.product_id.id,
            "product_uom_qty": self.product_uom_qty,
            unit: self.product_uom_id.id,
            "sequence": self.sequence,
        }
        if self.name:
            found["name"] = self.name
        if "is_optional" in self:
            found["is_optional"] = self.is_optional
        return found


class SaleOrderTemplateOption(models.Model):
    _inherit = "sale.order.template.option"

    @api.versions(since=16)
    def _compute_name(self) -> None:
        for option in self:
            option.name = text_for_sales(option.product_id) if option.product_id else option.name

    @api.versions(since=16)
    def _compute_uom_id(self) -> None:
        for option in self:
            option.uom_id = option.product_id.uom_id

    def _prepare_option_line_values(self) -> dict[str, Any]:
        """Return the values of the option of an order that is made of this one."""
        self.ensure_one()
        return {
            "name": self.name,
            "product_id": self.product_id.id,
            "quantity": self.quantity,
            "uom_id": self.uom_id.id,
        }
