"""account.tax.repartition.line: where a part of a tax goes; account.tax.group.

Source: 17.0, recorded in flow-tax-1.
"""

from __future__ import annotations

from mockserver import api, models
from mockserver.errors import ValidationError


class AccountTaxRepartitionLine(models.Model):
    _inherit = "account.tax.repartition.line"
    _since = 13

    def _compute_factor(self) -> None:
        for line in self:
            line.factor = line.factor_percent / 100

    def _compute_tag_ids_domain(self) -> None:
        for line in self:
            company = line.company_id
            countries = (False, company.account_fiscal_country_id.id, *company.multi_vat_foreign_country_ids._ids)
            line.tag_ids_domain = [("applicability", "=", "taxes"), ("country_id", "in", countries)]

    @api.depends("account_id", "repartition_type")
    @api.versions(since=17)
    def _compute_use_in_tax_closing(self) -> None:
        """Taxes on accounts of the balance sheet are part of the closing of a period."""
        for line in self:
            account = line.account_id
            closed = account and account.internal_group not in ("income", "expense")
            line.use_in_tax_closing = line.repartition_type == "tax" and bool(closed)

    @api.versions(until=15)
    def _compute_tax_id(self) -> None:
        _of_either(self)

    @api.depends("invoice_tax_id", "refund_tax_id")
    @api.versions(since=16, until=16, name="_compute_tax_id")
    def _compute_tax_id_16(self) -> None:
        _of_either(self)

    @api.versions(since=16, until=16)
    def _compute_document_type(self) -> None:
        for line in self:
            line.document_type = "invoice" if line.invoice_tax_id else "refund"

    @api.computes("company_id")
    @api.depends("invoice_tax_id.company_id", "refund_tax_id.company_id")
    @api.versions(until=16)
    def _compute_company(self) -> None:
        for line in self:
            line.company_id = (line.invoice_tax_id or line.refund_tax_id).company_id

    @api.constrains("invoice_tax_id", "refund_tax_id")
    @api.versions(until=16)
    def validate_tax_template_link(self) -> None:
        """A line is for invoices or for refunds."""
        for line in self:
            if line.invoice_tax_id and line.refund_tax_id:
                text = (
                    "Tax distribution lines should apply to either invoices or refunds, not both at the same time."
                    " invoice_tax_id and refund_tax_id should not be set together."
                )
                raise ValidationError(self.env._(text))

    @api.onchange("repartition_type")
    def _onchange_repartition_type(self) -> None:
        if self.repartition_type == "base":
            self.account_id = None


def _of_either(lines: AccountTaxRepartitionLine) -> None:
    for line in lines:
        line.tax_id = line.invoice_tax_id or line.refund_tax_id


class AccountTaxGroup(models.Model):
    _inherit = "account.tax.group"

    @api.depends("company_id")
    @api.versions(since=17)
    def _compute_country_id(self) -> None:
        for group in self:
            group.country_id = group.company_id.account_fiscal_country_id or group.company_id.country_id
