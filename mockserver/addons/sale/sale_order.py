"""sale.order: numbers, names, duplicates, and which orders may be changed and deleted.

Source: 17.0; recorded in flow-sale-1, flow-sale-2 and flow-product-4 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.errors import UserError, ValidationError
from mockserver.orm.records.recordset import missing_record
from mockserver.orm.writing import recompute
from mockserver.orm.writing.commands import CREATE

if TYPE_CHECKING:
    from typing_extensions import Self

NEW = "New"


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create quotations with the next number of their company."""
        several = []
        for vals in vals_list if isinstance(vals_list, (list, tuple)) else [vals_list]:
            given = dict(vals)
            if given.get("name", NEW) == NEW:
                company = given.get("company_id") or self.env.company.id
                numbers = self.env["ir.sequence"].with_company(company)
                given["name"] = numbers.next_by_code("sale.order", given.get("date_order")) or NEW
            several.append(_with_customer(self, given))
        with recompute.postponed(self.env):
            return super().create(several)

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change orders; the pricelist of a confirmed one stays, and a new customer of it follows it."""
        if "pricelist_id" in vals and any(order.state == "sale" for order in self):
            raise UserError(self.env._("You cannot change the pricelist of a confirmed order !"))
        with recompute.postponed(self.env):
            done = super().write(vals)
        if vals.get("partner_id"):
            told = self.filtered(lambda order: order.state in ("sent", "sale"))
            if told:
                told.message_subscribe(partner_ids=[vals["partner_id"]])
        return done

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft_or_cancel(self) -> None:
        if any(order.state not in ("draft", "cancel") for order in self):
            raise UserError("You can not delete a sent quotation or a confirmed sales order. You must first cancel it.")

    def _copied_values(self, default: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the values of a duplicate, without the lines of down payments."""
        given = dict(default or {})
        if "order_line" not in given:
            lines = self[:1].order_line.filtered(lambda line: not line.is_downpayment)
            given["order_line"] = [(CREATE, 0, line._copied_values()) for line in lines]
        return super()._copied_values(given)

    # -- names

    def _compute_display_name(self) -> None:
        """The number; with the customer where the context asks for it."""
        named = self.env.context.get("sale_show_partner_name")
        for order in self:
            customer = order.partner_id.name if named else None
            order.display_name = f"{order.name} - {customer}" if customer else order.name

    def _search_display_name(self, operator: str, value: Any) -> list[Any]:
        """Search the number, and with the key of the context the customer's name."""
        own: list[Any] = super()._search_display_name(operator, value)
        if not self.env.context.get("sale_show_partner_name"):
            return own
        junction = "&" if operator in ("!=", "<>", "not like", "not ilike", "not in") else "|"
        return [junction, *own, ("partner_id.name", operator, value)]

    # -- what must be true

    @api.constrains("company_id", "order_line")
    def _check_order_line_company_id(self) -> None:
        for order in self:
            check_companies(order, order.order_line.product_id)

    @api.versions(since=17)
    @api.constrains("prepayment_percent")
    def _check_prepayment_percent(self) -> None:
        for order in self:
            if order.require_payment and not 0 < order.prepayment_percent <= 1.0:
                raise ValidationError("Prepayment percentage must be a valid percentage.")


def _with_customer(orders: Any, vals: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values, until 15 with the addresses and the pricelist of the customer; later they are computed.

    Raises MissingError for a customer that does not exist: the addresses are read before the order is stored.
    """
    id_ = vals.get("partner_id")
    if type(id_) is not int:
        return dict(vals)
    customer = orders.env["res.partner"].browse(id_)
    if not customer.exists():
        raise missing_record(customer, id_)
    if orders._model.fields["partner_invoice_id"].compute:
        return dict(vals)
    found = customer.address_get(["delivery", "invoice"])
    own = {
        "partner_invoice_id": found["invoice"],
        "partner_shipping_id": found["delivery"],
        "pricelist_id": customer.property_product_pricelist.id,
    }
    return {**own, **vals}


def check_companies(order: Any, products: Any) -> None:
    """Raise ValidationError for products of another company than that of the order."""
    others = products.filtered(lambda product: product.company_id)
    foreign = others.filtered(lambda product: product.company_id != order.company_id)
    if foreign:
        companies = ", ".join(others.company_id.sudo().mapped("display_name"))
        raise ValidationError(
            f"Your quotation contains products from company {companies} whereas your quotation belongs to company "
            f"{order.company_id.display_name}. \n Please change the company of your quotation or remove the products "
            f"from other companies ({', '.join(foreign.mapped('display_name'))})."
        )
