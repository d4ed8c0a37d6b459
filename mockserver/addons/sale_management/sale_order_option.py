"""sale.order.option: products that a customer may add to a quotation; until 18.0.

Source: 17.0; recorded in flow-sale-4 (17.0, 18.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.sale.line_prices import Asked, discount, unit_price
from mockserver.addons.sale_management.texts import text_for_sales
from mockserver.errors import UserError


class SaleOrderOption(models.Model):
    _inherit = "sale.order.option"

    # -- what follows from the product

    @api.versions(since=16)
    def _compute_name(self) -> None:
        for option in self:
            lang = option.order_id.partner_id.lang
            option.name = text_for_sales(option.product_id, lang) if option.product_id else option.name

    @api.versions(since=16)
    def _compute_uom_id(self) -> None:
        for option in self:
            option.uom_id = option.uom_id or option.product_id.uom_id

    @api.versions(since=16)
    def _compute_price_unit(self) -> None:
        for option in self:
            option.price_unit = unit_price(_asked(option)) if option.product_id else option.price_unit

    @api.versions(since=16)
    def _compute_discount(self) -> None:
        for option in self:
            found = discount(_asked(option)) if option.product_id else None
            option.discount = option.discount if found is None else found

    # -- whether the order has it

    def _compute_is_present(self) -> None:
        for option in self:
            option.is_present = option.product_id in option.order_id.order_line.product_id

    def _search_is_present(self, operator: str, value: Any) -> list[Any]:
        """Search by whether the option was added."""
        added = (operator == "=") == bool(value)
        return [("line_id", "!=" if added else "=", False)]

    def button_add_to_order(self) -> None:
        """Add the product to the order."""
        self.add_option_to_order()

    def add_option_to_order(self) -> Any:
        """Add the product to a quotation; return the line."""
        self.ensure_one()
        if self.order_id.state not in ("draft", "sent"):
            raise UserError("You cannot add options to a confirmed order.")
        line = self.env["sale.order.line"].create(self._get_values_to_add_to_order())
        self.write({"line_id": line.id})
        return line

    def _get_values_to_add_to_order(self) -> dict[str, Any]:
        self.ensure_one()
        return {
            "order_id": self.order_id.id,
            "price_unit": self.price_unit,
            "name": self.name,
            "product_id": self.product_id.id,
            "product_uom_qty": self.quantity,
            "product_uom": self.uom_id.id,
            "discount": self.discount,
        }

    def _reset_prices(self) -> None:
        """Compute the prices and discounts anew, whatever was typed."""
        for option in self:
            price = unit_price(_asked(option))
            option.write({"price_unit": price, "discount": discount(_asked(option)) or 0.0})


def _asked(option: Any) -> Asked:
    """Return what an option asks the price of."""
    return Asked(option.order_id, option.product_id, option.quantity, option.uom_id)
