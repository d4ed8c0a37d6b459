"""sale.order.template: what quotations made from it begin with.

Source: 17.0; recorded in flow-sale-4 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver import api, models
from mockserver.errors import ValidationError


class SaleOrderTemplate(models.Model):
    _inherit = "sale.order.template"

    # -- what follows from the company

    @api.versions(since=16)
    def _compute_require_signature(self) -> None:
        for template in self:
            template.require_signature = (template.company_id or self.env.company).portal_confirmation_sign

    @api.versions(since=16)
    def _compute_require_payment(self) -> None:
        for template in self:
            template.require_payment = (template.company_id or self.env.company).portal_confirmation_pay

    @api.versions(since=17)
    def _compute_prepayment_percent(self) -> None:
        for template in self:
            template.prepayment_percent = (template.company_id or self.env.company).prepayment_percent

    @api.versions(since=17)
    @api.onchange("prepayment_percent")
    def _onchange_prepayment_percent(self) -> None:
        if not self.prepayment_percent:
            self.require_payment = False

    # -- what must be true

    @api.versions(since=17)
    @api.constrains("prepayment_percent")
    def _check_prepayment_percent(self) -> None:
        for template in self:
            if template.require_payment and not 0 < template.prepayment_percent <= 1.0:
                raise ValidationError("Prepayment percentage must be a valid percentage.")

    @api.constrains("company_id", "sale_order_template_line_ids", "sale_order_template_option_ids")
    def _check_company_id(self) -> None:
        for template in self:
            products = template.sale_order_template_line_ids.product_id
            if "sale_order_template_option_ids" in template:
                products |= template.sale_order_template_option_ids.product_id
            companies = products.company_id
            if len(companies) > 1:
                raise ValidationError("Your template cannot contain products from multiple companies.")
            if companies and companies != template.company_id:
                raise ValidationError(
                    f"Your template contains products from company {companies.display_name} whereas your template "
                    f"belongs to company {template.company_id.display_name}. \n Please change the company of your "
                    "template or remove the products from other companies."
                )

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change templates; one that is archived is no company's default any more."""
        if "active" in vals and not vals["active"]:
            companies = self.env["res.company"].sudo().search([("sale_order_template_id", "in", self.ids)])
            companies.write({"sale_order_template_id": False})
        return super().write(vals)
