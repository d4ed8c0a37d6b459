"""sale.order.discount: a discount on every line, on the whole order in percent, or a fixed amount.

Source: 17.0.  Inferred: 19.0 does the same.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.sale.totals import taxes_field, taxes_of
from mockserver.errors import ValidationError
from mockserver.orm.records.environment import Recordset
from mockserver.orm.writing.commands import SET

LAST = 999


class SaleOrderDiscount(models.Model):
    _inherit = "sale.order.discount"

    def _default_sale_order_id(self) -> Any:
        return self.env["sale.order"].browse(self.env.context.get("active_id") or ())

    @api.constrains("discount_type", "discount_percentage")
    def _check_discount_amount(self) -> None:
        for wizard in self:
            if wizard.discount_type in ("sol_discount", "so_discount") and wizard.discount_percentage > 1.0:
                raise ValidationError("Invalid discount amount")

    def action_apply_discount(self) -> None:
        """Give the discount."""
        self.ensure_one()
        if self.discount_type == "sol_discount":
            self.sale_order_id.order_line.write({"discount": self.discount_percentage * 100})
        else:
            values = self._amount_lines() if self.discount_type == "amount" else self._percentage_lines()
            if values:
                self.env["sale.order.line"].create(values)

    def _amount_lines(self) -> list[dict[str, Any]]:
        taxes = self.tax_ids if "tax_ids" in self else self.env["account.tax"]
        return [self._line(self.discount_amount, taxes)]

    def _percentage_lines(self) -> list[dict[str, Any]]:
        """Return the lines that take a percentage of what the lines with the same taxes come to."""
        sums: dict[Recordset, float] = {}
        for line in self.sale_order_id.order_line:
            if line.product_uom_qty and line.price_unit:
                sums[taxes_of(line)] = sums.get(taxes_of(line), 0.0) + line.price_subtotal
        found = []
        for taxes, amount in sums.items():
            text = f"Discount: {self.discount_percentage * 100}%"
            if len(sums) > 1:
                text += f"- On products with the following taxes {', '.join(taxes.mapped('name'))}"
            found.append({**self._line(amount * self.discount_percentage, taxes), "name": text})
        return found

    def _line(self, amount: float, taxes: Recordset) -> dict[str, Any]:
        lines = self.env["sale.order.line"]
        return {
            "order_id": self.sale_order_id.id,
            "product_id": self._product().id,
            "sequence": LAST,
            "price_unit": -amount,
            taxes_field(lines): [(SET, 0, taxes.ids)],
        }

    def _product(self) -> Recordset:
        """Return the company's product for discounts; the first discount creates it."""
        company = self.sale_order_id.company_id
        if not company.sale_discount_product_id:
            products = self.env["product.product"]
            kind = "detailed_type" if "detailed_type" in products else "type"
            values = {"name": "Discount", kind: "service", "invoice_policy": "order", "list_price": 0.0}
            product = products.create({**values, "company_id": company.id, "taxes_id": [(SET, 0, [])]})
            company.sudo().write({"sale_discount_product_id": product.id})
        found: Recordset = company.sale_discount_product_id
        return found
