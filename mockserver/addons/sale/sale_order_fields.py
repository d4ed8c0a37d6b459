"""What an order takes from its customer and its company, and what it says of its state.

Source: 17.0; recorded in flow-sale-1 and flow-product-4 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

import functools
from datetime import datetime, timedelta
from typing import Any

from mockserver import api, models
from mockserver.clock import DATETIME_FORMAT


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # -- what follows from the customer

    @api.versions(since=16)
    def _compute_partner_invoice_id(self) -> None:
        for order in self:
            order.partner_invoice_id = (
                order.partner_id.address_get(["invoice"])["invoice"] if order.partner_id else None
            )

    @api.versions(since=16)
    def _compute_partner_shipping_id(self) -> None:
        for order in self:
            found = order.partner_id.address_get(["delivery"])["delivery"] if order.partner_id else None
            order.partner_shipping_id = found

    @api.versions(since=16)
    def _compute_fiscal_position_id(self) -> None:
        for order in self:
            positions = self.env["account.fiscal.position"].with_company(order.company_id)
            partner = order.partner_id
            found = positions._get_fiscal_position(partner, order.partner_shipping_id) if partner else positions
            order.fiscal_position_id = found

    @api.versions(since=16)
    def _compute_payment_term_id(self) -> None:
        for order in self:
            order.payment_term_id = order.partner_id.with_company(order.company_id).property_payment_term_id

    @api.versions(since=16)
    def _compute_pricelist_id(self) -> None:
        """The customer's; that of a confirmed order stays."""
        for order in self:
            if order.state == "draft":
                order.pricelist_id = order.partner_id.with_company(order.company_id).property_product_pricelist
            else:
                order.pricelist_id = order.pricelist_id

    @api.versions(since=16)
    def _compute_user_id(self) -> None:
        """The salesperson of the customer, else the user who is one; that of an order which is saved stays."""
        seller = self.env.user.has_group("sales_team.group_sale_salesman")
        for order in self:
            partner, known = order.partner_id, order.user_id
            if not partner or (known and order.create_date):
                order.user_id = known
                continue
            own = partner.user_id or partner.commercial_partner_id.user_id
            order.user_id = own or known or (self.env.user if seller else known)

    @api.versions(since=16)
    def _compute_team_id(self) -> None:
        known: dict[tuple[Any, ...], Any] = {}
        for order in self:
            usual, user, company = order.partner_id.team_id.id, order.user_id.id, order.company_id.id
            if (usual, user, company) not in known:
                teams = self.env["crm.team"]
                teams = teams.with_context(default_team_id=usual) if usual else teams
                domain = ["|", ("company_id", "=", company), ("company_id", "=", False)]
                known[usual, user, company] = teams._get_default_team_id(user, domain)
            order.team_id = known[usual, user, company]

    @api.versions(since=19)
    def _compute_preferred_payment_method_line_id(self) -> None:
        for order in self:
            partner = order.partner_id.with_company(order.company_id)
            order.preferred_payment_method_line_id = partner.property_inbound_payment_method_line_id

    # -- what follows from the company

    @api.versions(since=16)
    def _compute_require_signature(self) -> None:
        for order in self:
            order.require_signature = order.company_id.portal_confirmation_sign

    @api.versions(since=16)
    def _compute_require_payment(self) -> None:
        for order in self:
            order.require_payment = order.company_id.portal_confirmation_pay

    @api.versions(since=17)
    def _compute_prepayment_percent(self) -> None:
        for order in self:
            order.prepayment_percent = order.company_id.prepayment_percent

    @api.versions(until=15)
    def _default_validity_date(self) -> Any:
        used = self.env["ir.config_parameter"].sudo().get_param("sale.use_quotation_validity_days")
        return self._day_after(self.env.company.quotation_validity_days) if used else False

    @api.versions(until=15)
    def _default_team_id(self) -> Any:
        return self.env["crm.team"]._get_default_team_id()

    @api.versions(since=16)
    def _compute_validity_date(self) -> None:
        for order in self:
            order.validity_date = self._day_after(order.company_id.quotation_validity_days)

    def _day_after(self, days: int) -> Any:
        """Return the day that lies that many days ahead; False for none."""
        return (self.env.db.clock.today() + timedelta(days=days)).isoformat() if days > 0 else False

    @api.versions(since=17)
    def _compute_journal_id(self) -> None:
        for order in self:
            order.journal_id = False

    @api.versions(until=15)
    @api.depends("partner_id", "date_order")
    def _compute_analytic_account_id(self) -> None:
        """What was written.  Leaves out: the default accounts of customers and users."""
        for order in self:
            order.analytic_account_id = order.analytic_account_id

    @api.versions(since=16)
    def _compute_note(self) -> None:
        """The terms of the company, if its invoices have any; else what was written."""
        used = self.env["ir.config_parameter"].sudo().get_param("account.use_invoice_terms")
        for order in self:
            terms = None
            if used and order.company_id.terms_type != "html":
                lang = order.partner_id.lang
                company = order.company_id.with_context(lang=lang) if lang else order.company_id
                terms = company.invoice_terms
            order.note = terms or order.note

    @api.versions(since=16)
    def _compute_tax_country_id(self) -> None:
        for order in self:
            position = order.fiscal_position_id
            foreign = position.country_id if position.foreign_vat else None
            order.tax_country_id = foreign or order.company_id.account_fiscal_country_id

    @api.versions(since=17)
    def _compute_has_active_pricelist(self) -> None:
        for order in self:
            companies = (False, order.company_id.id)
            order.has_active_pricelist = bool(self.env["product.pricelist"].search([("company_id", "in", companies)]))

    # -- what follows from the state and the lines

    def _compute_type_name(self) -> None:
        for order in self:
            order.type_name = "Quotation" if order.state in ("draft", "sent", "cancel") else "Sales Order"

    def _compute_is_expired(self) -> None:
        today = self.env.db.clock.today().isoformat()
        for order in self:
            until = order.validity_date
            order.is_expired = bool(order.state in ("draft", "sent") and until and str(until) < today)

    def _compute_expected_date(self) -> None:
        """When the first line can be delivered; with everything in one delivery, the last."""
        for order in self:
            lines = order.order_line.filtered(lambda line: not line.display_type)
            days = [] if order.state == "cancel" else [line._expected_date() for line in lines]
            order.expected_date = order._select_expected_date(days) if days else False

    def _select_expected_date(self, expected_dates: list[str]) -> str:
        """Return the day that an order says out of those of its lines."""
        self.ensure_one()
        return min(expected_dates)

    @api.versions(since=18)
    def _compute_has_archived_products(self) -> None:
        for order in self:
            products = order.order_line.product_id
            order.has_archived_products = any(not product.active for product in products)

    @api.versions(since=18)
    def _compute_duplicated_order_ids(self) -> None:
        """Other quotations of the customer with the same reference or source document.  Inferred: only of drafts."""
        for order in self:
            found = self.browse()
            same = [
                leaf for name in ("client_order_ref", "origin") if order[name] for leaf in ([(name, "=", order[name])])
            ]
            if same and order.state == "draft":
                junctions = ["|"] * (len(same) - 1)
                own = [("partner_id", "=", order.partner_id.id), ("company_id", "=", order.company_id.id)]
                found = self.search([*own, ("id", "!=", order.id), ("state", "!=", "cancel"), *junctions, *same])
            order.duplicated_order_ids = found

    # -- switches of forms

    def _compute_show_update_pricelist(self) -> None:
        for order in self:
            order.show_update_pricelist = False

    @api.versions(since=16)
    def _compute_show_update_fpos(self) -> None:
        for order in self:
            order.show_update_fpos = False


@functools.lru_cache(maxsize=64)
def moment_after(moment: Any, days: float) -> str:
    """Return the moment that lies so many days after another; kept, since the lines of an order ask for the same."""
    return (datetime.fromisoformat(str(moment)) + timedelta(days=days)).strftime(DATETIME_FORMAT)
