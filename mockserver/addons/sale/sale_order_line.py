"""sale.order.line: what follows from the product, the price, and the amounts.

Source: recorded in flow-product-2, flow-product-4 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.account.tax_records import TaxReader
from mockserver.addons.sale.line_prices import discount, display_price, rule_of, unit_of
from mockserver.addons.sale.totals import line_amounts
from mockserver.orm.fields.numbers import compare
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    pass


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    # -- what follows from the product

    @api.versions(since=16)
    def _compute_name(self) -> None:
        for line in self:
            line.name = _description(line) if line.product_id else line.name

    @api.versions(since=16, until=18)
    def _compute_product_uom(self) -> None:
        for line in self:
            line.product_uom = line.product_id.uom_id or line.product_uom

    @api.versions(since=19)
    def _compute_product_uom_id(self) -> None:
        for line in self:
            line.product_uom_id = line.product_id.uom_id or line.product_uom_id

    @api.versions(since=16, until=18)
    def _compute_tax_id(self) -> None:
        for line in self:
            line.tax_id = _mapped_taxes(line)

    @api.versions(since=19)
    def _compute_tax_ids(self) -> None:
        for line in self:
            line.tax_ids = _mapped_taxes(line)

    @api.versions(since=16)
    def _compute_product_template_id(self) -> None:
        for line in self:
            line.product_template_id = line.product_id.product_tmpl_id

    @api.versions(since=16)
    def _search_product_template_id(self, operator: str, value: Any) -> list[Any]:
        return [("product_id.product_tmpl_id", operator, value)]

    @api.versions(since=16)
    def _compute_customer_lead(self) -> None:
        for line in self:
            line.customer_lead = 0.0

    @api.versions(since=16)
    def _compute_product_uom_qty(self) -> None:
        for line in self:
            line.product_uom_qty = 0.0 if line.display_type else line.product_uom_qty

    # -- prices

    @api.versions(since=16)
    def _compute_pricelist_item_id(self) -> None:
        for line in self:
            line.pricelist_item_id = rule_of(line)

    @api.versions(since=16)
    def _compute_price_unit(self) -> None:
        """The price of the pricelist; that of a line with an invoice stays, since 18 also one that was typed."""
        for line in self:
            if line.qty_invoiced > 0 or _was_typed(line):
                line.price_unit = line.price_unit
                continue
            price = display_price(line) if line.product_id and unit_of(line) else 0.0
            line.price_unit = price
            if "technical_price_unit" in self._model.fields:
                _remember(line, price)

    @api.versions(since=16)
    def _compute_discount(self) -> None:
        for line in self:
            found = discount(line)
            line.discount = line.discount if found is None else found

    def _reset_prices(self) -> None:
        """Compute the prices and discounts anew, whatever was typed."""
        for line in self:
            price = display_price(line) if line.product_id and unit_of(line) else 0.0
            typed = {"technical_price_unit": price} if "technical_price_unit" in self._model.fields else {}
            line.write({"price_unit": price, "discount": discount(line) or 0.0, **typed})

    # -- amounts

    @api.computes("price_subtotal", "price_tax", "price_total")
    def _compute_amount(self) -> None:
        reader = TaxReader(self.env)
        for line in self:
            without, included = line_amounts(line, reader)
            line.price_subtotal, line.price_total, line.price_tax = without, included, included - without

    @api.versions(since=16)
    def _compute_price_reduce_taxexcl(self) -> None:
        for line in self:
            line.price_reduce_taxexcl = line.price_subtotal / line.product_uom_qty if line.product_uom_qty else 0.0

    @api.versions(since=16)
    def _compute_price_reduce_taxinc(self) -> None:
        for line in self:
            line.price_reduce_taxinc = line.price_total / line.product_uom_qty if line.product_uom_qty else 0.0


def _description(line: Recordset) -> str:
    """Return what an order says of a product and of chosen values that make no variant, in the customer's language."""
    lang = line.order_id.partner_id.lang
    product = line.product_id.with_context(lang=lang) if lang else line.product_id
    texts = [product.get_product_multiline_description_sale()]
    texts += [value.display_name for value in line.product_no_variant_attribute_value_ids]
    return "\n".join(str(text) for text in texts)


def _mapped_taxes(line: Recordset) -> Recordset:
    """Return the product's taxes of the company, as the fiscal position maps them."""
    company = line.company_id or line.env.company
    taxes: Recordset = line.product_id.taxes_id.filtered(lambda tax: tax.company_id == company)
    position = line.order_id.fiscal_position_id
    mapped: Recordset = position.map_tax(taxes) if position and taxes else taxes
    return mapped


def _was_typed(line: Recordset) -> bool:
    """Return whether the price is not the one that was computed last; until 17 that is not known."""
    if "technical_price_unit" not in line._model.fields:
        return False
    step = float((line.currency_id or line.env.company.currency_id).rounding)
    return compare(line.technical_price_unit, line.price_unit, step) != 0


def _remember(line: Recordset, price: float) -> None:
    """Keep the computed price, to tell it from one that is typed."""
    store = line.env.db.store
    store.put("sale.order.line", {**store.rows("sale.order.line")[line.id], "technical_price_unit": price})
