"""What forms of orders do when a field changes: warnings, and hints that prices or taxes are old.

Source: 17.0.
"""

from __future__ import annotations

from mockserver import api, models
from mockserver.addons.base.res_groups import is_feature_enabled

Warned = dict[str, dict[str, str]]


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.onchange("commitment_date", "expected_date")
    def _onchange_commitment_date(self) -> Warned | None:
        """Warn of a delivery that is promised earlier than it can be."""
        if not (self.commitment_date and self.expected_date and str(self.commitment_date) < str(self.expected_date)):
            return None
        text = "The delivery date is sooner than the expected date. You may be unable to honor the delivery date."
        return warned("Requested date is too soon.", text)

    @api.versions(since=16)
    @api.onchange("company_id")
    def _onchange_company_id_warning(self) -> Warned | None:
        """Warn that lines of a quotation may not suit another company."""
        self.show_update_pricelist = True
        if not (self.order_line and self.state == "draft"):
            return None
        text = (
            "Changing the company of an existing quotation might need some manual adjustments in the details of the "
            "lines. You might consider updating the prices."
        )
        return warned("Warning for the change of your quotation's company", text)

    @api.versions(since=16)
    @api.onchange("fiscal_position_id")
    def _onchange_fpos_id_show_update_fpos(self) -> None:
        if self.order_line:
            self.show_update_fpos = True

    @api.onchange("pricelist_id")
    def _onchange_pricelist_id_show_update_prices(self) -> None:
        self.show_update_pricelist = bool(self.order_line)

    @api.versions(since=17)
    @api.onchange("prepayment_percent")
    def _onchange_prepayment_percent(self) -> None:
        if not self.prepayment_percent:
            self.require_payment = False

    @api.versions(until=18)
    @api.onchange("partner_id")
    def _onchange_partner_id_warning(self) -> Warned | None:
        """Tell the warning of the customer or their company; one that blocks takes the customer away."""
        partner = self.partner_id
        if not partner:
            return None
        if partner.sale_warn in ("no-message", False) and partner.parent_id:
            partner = partner.parent_id
        if partner.sale_warn in ("no-message", False):
            return None
        if partner.sale_warn != "block" and partner.parent_id.sale_warn == "block":
            partner = partner.parent_id
        if partner.sale_warn == "block":
            self["partner_id"] = False
        return warned(f"Warning for {partner.name}", str(partner.sale_warn_msg or ""))

    @api.versions(since=19)
    def _compute_sale_warning_text(self) -> None:
        """The warnings of the customer and of the products, a line each, if the company uses them."""
        used = is_feature_enabled(self.env, "sale.group_warning_sale")
        for order in self:
            partner = order.partner_id
            name = partner.name or partner.display_name
            found = [f"{name} - {partner.sale_warn_msg}"] if partner.sale_warn_msg else []
            lines = order.order_line.filtered("sale_line_warn_msg")
            found += [f"{line.product_id.display_name} - {line.sale_line_warn_msg}" for line in lines]
            order.sale_warning_text = "\n".join(dict.fromkeys(found)) if used else ""


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.versions(since=19)
    def _compute_sale_line_warn_msg(self) -> None:
        used = is_feature_enabled(self.env, "sale.group_warning_sale")
        for line in self:
            line.sale_line_warn_msg = (line.product_id.sale_line_warn_msg or "") if used else ""

    @api.versions(until=18)
    @api.onchange("product_id")
    def _onchange_product_id_warning(self) -> Warned | None:
        """Tell the warning of the product; one that blocks takes it away."""
        product = self.product_id
        if not product or product.sale_line_warn in ("no-message", False):
            return None
        text = str(product.sale_line_warn_msg or "")
        if product.sale_line_warn == "block":
            self["product_id"] = False
        return warned(f"Warning for {product.name}", text)


def warned(title: str, message: str) -> Warned:
    """Return what a form shows."""
    return {"warning": {"title": title, "message": message}}
