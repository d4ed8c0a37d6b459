"""The price, the discount, the taxes and the amounts of an order line.

Source: 17.0; recorded in flow-sale-1, flow-product-2 and flow-product-4 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from mockserver import api, models
from mockserver.addons.account.tax_records import TaxReader
from mockserver.addons.sale.line_prices import asked, discount, once, rule_of, unit_price
from mockserver.addons.sale.sale_order_line_fields import mapped_taxes
from mockserver.addons.sale.totals import line_amounts, taxes_field
from mockserver.orm.fields.numbers import compare
from mockserver.orm.records.environment import Recordset
from mockserver.orm.writing.commands import SET


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    # -- prices

    @api.versions(since=16)
    def _compute_pricelist_item_id(self) -> None:
        for line in self:
            line.pricelist_item_id = rule_of(asked(line))

    @api.versions(since=16)
    def _compute_price_unit(self) -> None:
        """The price of the pricelist; that of a line with an invoice stays, since 18 also one that was typed."""
        price_of = once(unit_price)
        for line in self:
            if line.qty_invoiced > 0 or _was_typed(line):
                line.price_unit = line.price_unit
                continue
            price = price_of(asked(line))
            line.price_unit = price
            if "technical_price_unit" in self._model.fields:
                _remember(line, price)

    @api.versions(since=16)
    def _compute_discount(self) -> None:
        discount_of = once(discount)
        for line in self:
            found = discount_of(asked(line))
            line.discount = line.discount if found is None else found

    def _reset_prices(self) -> None:
        """Compute the prices and discounts anew, whatever was typed."""
        for line in self:
            price = unit_price(asked(line))
            typed = {"technical_price_unit": price} if "technical_price_unit" in self._model.fields else {}
            line.write({"price_unit": price, "discount": discount(asked(line)) or 0.0, **typed})

    def _reset_taxes(self) -> None:
        """Compute the taxes anew, whatever was chosen."""
        for line in self:
            line.write({taxes_field(line): [(SET, 0, mapped_taxes(line.order_id, line.product_id).ids)]})

    # -- amounts

    @api.computes("price_subtotal", "price_tax", "price_total")
    def _compute_amount(self) -> None:
        reader = TaxReader(self.env)
        for line in self:
            untaxed, tax = line_amounts(line, reader)
            line.price_subtotal, line.price_tax, line.price_total = untaxed, tax, untaxed + tax

    @api.versions(until=16)
    def _compute_price_reduce(self) -> None:
        for line in self:
            line.price_reduce = line.price_unit * (1.0 - (line.discount or 0.0) / 100.0)

    def _compute_price_reduce_taxexcl(self) -> None:
        for line in self:
            line.price_reduce_taxexcl = line.price_subtotal / line.product_uom_qty if line.product_uom_qty else 0.0

    def _compute_price_reduce_taxinc(self) -> None:
        for line in self:
            line.price_reduce_taxinc = line.price_total / line.product_uom_qty if line.product_uom_qty else 0.0


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
