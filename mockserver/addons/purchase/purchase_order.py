"""purchase.order: numbers, defaults, names, totals, and what follows from the lines and bills.

Source: 17.0; recorded in flow-purchase-1 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.account import tax_totals
from mockserver.addons.account.tax_records import TaxReader
from mockserver.addons.base.money import amount_text
from mockserver.addons.product.vendors import unit_digits
from mockserver.addons.purchase import offers
from mockserver.addons.purchase.names import taxes_field, unit_of
from mockserver.addons.purchase.totals import base_line, billable, totals_of
from mockserver.errors import UserError, ValidationError
from mockserver.orm.fields.numbers import compare
from mockserver.orm.methods.copying import for_each_record

if TYPE_CHECKING:
    from typing_extensions import Self

NEW = "New"
_OTHER_COMPANY = (
    "Your quotation contains products from company {product_company} whereas your quotation belongs to company"
    " {quote_company}. \n Please change the company of your quotation or remove the products from other companies"
    " ({bad_products})."
)
CONFIRMED = ("purchase", "done")
# fields of an order that are stored with its vendor
_OF_VENDOR = ("receipt_reminder_email", "reminder_date_before_receipt")


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    # -- defaults

    def _default_user_id(self) -> Any:
        return self.env.user

    @api.versions(until=18)
    def _default_currency_id(self) -> Any:
        return self.env.company.currency_id

    # -- create, write, copy, delete

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create requests for quotation with the next number of their company."""
        orders = self.browse()
        for vals in vals_list if isinstance(vals_list, (list, tuple)) else [vals_list]:
            given = dict(vals)
            own = self.with_company(given.get("company_id") or self.env.company.id)
            if given.get("name", NEW) == NEW:
                numbers = own.env["ir.sequence"]
                given["name"] = numbers.next_by_code("purchase.order", given.get("date_order")) or "/"
            of_vendor = self._taken_out(given)
            order = super(PurchaseOrder, own).create(given)
            if of_vendor:
                order.partner_id.sudo().write(of_vendor)
            orders |= self.browse(order._ids)
        return orders

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change orders; reminders are written to the vendor."""
        given = dict(vals)
        of_vendor = self._taken_out(given)
        super().write(given)
        if of_vendor:
            self.partner_id.sudo().write(of_vendor)
        return True

    def _taken_out(self, given: dict[str, Any]) -> dict[str, Any]:
        """Take the values that are stored with the vendor out of values, and return them."""
        stored = [name for name in _OF_VENDOR if name in given and not self._model.fields[name].column]
        return {name: given.pop(name) for name in stored}

    @for_each_record
    def copy(self, default: Mapping[str, Any] | None = None) -> Self:
        """Duplicate an order as a request for quotation, whose goods arrive after the vendor's delay from now on."""
        made: Self = super().copy(default)
        for line in made.order_line:
            if line.product_id:
                seller = offers.seller_for(made, line.product_id, line.product_qty, unit_of(line))
                line.write({"date_planned": offers.arrival(made, seller)})
        return made

    @api.constrains("company_id", "order_line")
    def _check_order_line_company_id(self) -> None:
        for order in self:
            strange = order.order_line.product_id.filtered(
                lambda product, own=order.company_id: product.company_id and product.company_id != own
            )
            if strange:
                names = ", ".join(str(product.display_name) for product in strange)
                company = ", ".join(str(one.display_name) for one in strange.company_id)
                raise ValidationError(
                    self.env._(
                        _OTHER_COMPANY, product_company=company, quote_company=order.company_id.name, bad_products=names
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_if_cancelled(self) -> None:
        if any(order.state != "cancel" for order in self):
            raise UserError(self.env._("In order to delete a purchase order, you must cancel it first."))

    # -- names

    def _compute_display_name(self) -> None:
        """The number with the vendor's reference, and with `show_total_amount` in the context the total."""
        for order in self:
            name = f"{order.name} ({order.partner_ref})" if order.partner_ref else str(order.name)
            if self.env.context.get("show_total_amount") and order.amount_total:
                name += f": {amount_text(self.env, order.amount_total, order.currency_id)}"
            order.display_name = name

    # -- days

    def _compute_date_planned(self) -> None:
        """The first day on which a line arrives."""
        for order in self:
            days = [line.date_planned for line in billable(order) if line.date_planned]
            order.date_planned = min(days) if days else False

    def _compute_date_calendar_start(self) -> None:
        for order in self:
            order.date_calendar_start = order.date_approve if order.state in CONFIRMED else order.date_order

    # -- money

    @api.versions(since=19)
    def _compute_currency_id(self) -> None:
        for order in self:
            company = order.company_id or self.env.company
            own = order.partner_id.with_company(company).property_purchase_currency_id
            order.currency_id = own or company.currency_id

    def _compute_currency_rate(self) -> None:
        """The units of the order's currency for one of the company's, on its day."""
        for order in self:
            company = order.company_id
            rate = company.currency_id._get_conversion_rate(order.currency_id, company, offers.day_of(order))
            order.currency_rate = rate

    @api.computes("amount_untaxed", "amount_tax", "amount_total", "amount_total_cc")
    def _compute_amounts(self) -> None:
        reader = TaxReader(self.env)
        for order in self:
            untaxed, tax = totals_of(order, reader)
            order.amount_untaxed, order.amount_tax, order.amount_total = untaxed, tax, untaxed + tax
            if "amount_total_cc" in order._model.fields:
                order.amount_total_cc = (untaxed + tax) / (order.currency_rate or 1.0)

    @api.versions(since=16)
    def _compute_tax_totals(self) -> None:
        reader = TaxReader(self.env)
        for order in self:
            lines = [base_line(line, reader) for line in billable(order)]
            company = order.company_id
            currency = order.currency_id or company.currency_id
            order.tax_totals = tax_totals.of_document(self.env, lines, currency=currency, company=company)

    @api.versions(since=16)
    def _compute_tax_country_id(self) -> None:
        for order in self:
            position, company = order.fiscal_position_id, order.company_id
            foreign = position.foreign_vat and position.country_id
            order.tax_country_id = foreign or company.account_fiscal_country_id

    # -- bills

    @api.computes("invoice_count", "invoice_ids")
    def _compute_invoice(self) -> None:
        for order in self:
            lines = order.order_line.invoice_lines
            bills = lines.invoice_id if "invoice_id" in lines else lines.move_id  # until 12 bills are no entries
            order.invoice_ids, order.invoice_count = bills, len(bills)

    def _compute_invoice_status(self) -> None:
        """Whether bills of a confirmed order are missing, or whether there are all of them."""
        step = 10.0 ** -unit_digits(self.env)
        for order in self:
            open_ = any(compare(line.qty_to_invoice, 0.0, step) for line in billable(order))
            if order.state not in CONFIRMED:
                order.invoice_status = "no"
            elif open_:
                order.invoice_status = "to invoice"
            else:
                order.invoice_status = "invoiced" if order.invoice_ids else "no"

    # -- reminders, warnings, duplicates

    @api.versions(since=16)
    @api.computes(*_OF_VENDOR)
    def _compute_receipt_reminder_email(self) -> None:
        for order in self:
            vendor = order.partner_id.with_company(order.company_id)
            order.receipt_reminder_email = vendor.receipt_reminder_email
            order.reminder_date_before_receipt = vendor.reminder_date_before_receipt

    @api.versions(since=19)
    def _compute_duplicated_order_ids(self) -> None:
        """Other open orders of the vendor with the same reference or source document."""
        for order in self:
            same = [(name, "=", order[name]) for name in ("partner_ref", "origin") if order[name]]
            leaves = [("partner_id", "=", order.partner_id.id), ("state", "!=", "cancel"), ("id", "!=", order.id)]
            alike = ["|", *same] if len(same) > 1 else same
            order.duplicated_order_ids = self.search([*leaves, *alike]) if same else self.browse()

    @api.versions(since=19)
    def _compute_purchase_warning_text(self) -> None:
        for order in self:
            partner = order.partner_id
            texts = [f"{partner.name} - {partner.purchase_warn_msg}"] if partner.purchase_warn_msg else []
            texts += [
                f"{line.product_id.display_name} - {line.purchase_line_warn_msg}"
                for line in order.order_line
                if line.purchase_line_warn_msg
            ]
            order.purchase_warning_text = "\n".join(dict.fromkeys(texts))

    # -- forms

    @api.onchange("partner_id", "company_id")
    def onchange_partner_id(self) -> None:
        """Take the terms, the currency and the buyer of the vendor."""
        company = self.company_id or self.env.company
        partner = self.partner_id.with_company(company)
        wanted = self.env["res.currency"].browse(self.env.context.get("default_currency_id") or ())
        positions = self.env["account.fiscal.position"].with_company(company)
        if not partner:
            self.fiscal_position_id, self.currency_id = positions, wanted or company.currency_id
            return
        self.fiscal_position_id = positions._get_fiscal_position(partner)
        self.payment_term_id = partner.property_supplier_payment_term_id
        self.currency_id = wanted or partner.property_purchase_currency_id or company.currency_id
        if "buyer_id" in partner._model.fields and partner.buyer_id:
            self.user_id = partner.buyer_id

    @api.onchange("fiscal_position_id", "company_id")
    def _onchange_fiscal_position_id(self) -> None:
        """Map the taxes of the lines anew."""
        position = offers.position_of(self)
        for line in billable(self):
            if line.product_id:
                line[taxes_field(line)] = offers.mapped_taxes(self, line.product_id, position)

    @api.onchange("date_planned")
    def onchange_date_planned(self) -> None:
        """Let all lines arrive on the day of the order."""
        if self.date_planned:
            for line in billable(self):
                line.date_planned = self.date_planned
