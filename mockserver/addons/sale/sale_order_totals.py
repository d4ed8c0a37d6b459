"""The money of an order: currency, rate, totals and the totals by tax group.

Source: 17.0; recorded in flow-sale-1 and flow-product-4 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from mockserver import api, models
from mockserver.addons.account import credit_limits, tax_totals
from mockserver.addons.account.tax_records import TaxReader
from mockserver.addons.sale.totals import base_line, company_of, totals_of


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _compute_currency_id(self) -> None:
        for order in self:
            order.currency_id = order.pricelist_id.currency_id or order.company_id.currency_id

    def _compute_currency_rate(self) -> None:
        """The units of the order's currency for one of the company's, on its day."""
        for order in self:
            company = order.company_id
            day = str(order.date_order or self.env.db.clock.now())[:10]
            order.currency_rate = company.currency_id._get_conversion_rate(order.currency_id, company, day)

    @api.versions(until=17)
    @api.computes("amount_untaxed", "amount_tax", "amount_total")
    def _compute_amounts(self) -> None:
        self._add_up()

    @api.versions(since=18)
    @api.depends(
        "company_id", "currency_id", "order_line.price_subtotal", "order_line.price_tax", "order_line.price_total"
    )
    @api.computes("amount_untaxed", "amount_tax", "amount_total")
    def _compute_amounts_in_currency(self) -> None:
        """Until 17.0 the amounts of an order do not follow its currency.  Source: fields of 17.0 and 18.0."""
        self._add_up()

    def _add_up(self) -> None:
        reader = TaxReader(self.env)
        for order in self:
            untaxed, tax = totals_of(order, reader)
            order.amount_untaxed, order.amount_tax, order.amount_total = untaxed, tax, untaxed + tax

    @api.versions(since=16)
    def _compute_tax_totals(self) -> None:
        reader = TaxReader(self.env)
        for order in self:
            lines = [base_line(line, reader) for line in order.order_line.filtered(lambda line: not line.display_type)]
            company = company_of(order)
            currency = order.currency_id or company.currency_id
            order.tax_totals = tax_totals.of_document(self.env, lines, currency=currency, company=company)

    @api.versions(until=15)
    def _compute_amount_by_group(self) -> None:
        reader = TaxReader(self.env)
        for order in self:
            lines = [base_line(line, reader) for line in order.order_line.filtered(lambda line: not line.display_type)]
            currency = order.currency_id or order.company_id.currency_id
            given = {"currency": currency, "company": order.company_id}
            order.amount_by_group = tax_totals.amount_by_group(self.env, lines, **given)

    def _compute_amount_undiscounted(self) -> None:
        for order in self:
            order.amount_undiscounted = sum(
                line.price_subtotal * 100 / (100 - line.discount)
                if line.discount != 100
                else line.price_unit * line.product_uom_qty
                for line in order.order_line
            )

    @api.versions(since=17)
    def _compute_amount_paid(self) -> None:
        """What was paid online."""
        for order in self:
            paid = [one.amount for one in order.sudo().transaction_ids if one.state in ("authorized", "done")]
            order.amount_paid = sum(paid)

    @api.versions(since=16)
    def _compute_partner_credit_warning(self) -> None:
        """That the customer of a quotation owes too much, where the company limits that."""
        for order in self:
            open_ = order.state in ("draft", "sent")
            amount = order.amount_total / (order.currency_rate or 1.0)
            order.partner_credit_warning = credit_limits.warning(order, amount) if open_ else ""
