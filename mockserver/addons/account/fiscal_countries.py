"""The countries whose tax law companies follow, as companies, contacts, products and units show them.

Source: 17.0, account; schema of 19.0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mockserver import api, models


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.versions(since=16)
    def _compute_multi_vat_foreign_country_ids(self) -> None:
        """The countries in which the company has another VAT number."""
        for company in self:
            positions = self.env["account.fiscal.position"].search(
                [("company_id", "=", company.id), ("foreign_vat", "!=", False)]
            )
            company.multi_vat_foreign_country_ids = positions.mapped("country_id")

    def _compute_account_fiscal_country_group_codes(self) -> None:
        for company in self:
            company.account_fiscal_country_group_codes = _group_codes(company.account_fiscal_country_id)

    @api.depends(
        "fiscal_position_ids", "fiscal_position_ids.country_id", "fiscal_position_ids.country_group_id",
        "fiscal_position_ids.sequence", "account_fiscal_country_id",
    )  # fmt: skip
    @api.versions(since=19)
    def _compute_domestic_fiscal_position_id(self) -> None:
        """The first position of the company's country, else the first of a group of countries with it."""
        for company in self:
            home, fitting = company.account_fiscal_country_id, []
            for position in company.fiscal_position_ids:
                of_group = not position.country_id and home in position.country_group_id.country_ids
                if of_group or (home and position.country_id == home):
                    fitting.append((of_group, position.sequence, position.id))
            company.domestic_fiscal_position_id = min(fitting)[2] if fitting else False


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _compute_fiscal_country_codes(self) -> None:
        _codes(self)

    def _compute_fiscal_country_group_codes(self) -> None:
        _assign_countries(self, "fiscal_country_group_codes", _group_codes)


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def _compute_fiscal_country_codes(self) -> None:
        _codes(self)


class Uom(models.Model):
    _inherit = "uom.uom"

    def _compute_fiscal_country_codes(self) -> None:
        _codes(self)


def _codes(records: Any) -> None:
    """Set the codes of the countries of each record's company, or of all companies at hand."""
    _assign_countries(records, "fiscal_country_codes", lambda found: ",".join(str(country.code) for country in found))


def _assign_countries(records: Any, name: str, told: Callable[[Any], Any]) -> None:
    """Set what is told of the countries of each record's company, or of all companies at hand."""
    known: dict[int | None, Any] = {}
    every = records.env.companies
    owners = records._held("company_id") if "company_id" in records else [(None,)] * len(records)
    for (owner,) in owners:
        if owner not in known:
            companies = every.browse(owner) or every
            known[owner] = told(companies.mapped("account_fiscal_country_id"))
    records._assign_each(name, {id_: known[owner] for id_, (owner,) in zip(records._ids, owners, strict=True)})


def _group_codes(countries: Any) -> list[str]:
    groups = countries.mapped("country_group_ids")
    return [str(group.code) for group in groups if "code" in group and group.code]
