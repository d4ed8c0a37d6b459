"""mail.alias.domain and res.company: the addresses that catch answers and mail that could not be delivered.

Source: the fields and what they depend on, 14.0 to 19.0.  Inferred: the form of the addresses.
"""

from __future__ import annotations

from mockserver import api, models
from mockserver.addons.base.ir_config_parameter import parameter
from mockserver.orm.records.environment import Recordset


class AliasDomain(models.Model):
    _inherit = "mail.alias.domain"
    _since = 17

    def _compute_bounce_email(self) -> None:
        for domain in self:
            domain.bounce_email = f"{domain.bounce_alias}@{domain.name}" if domain.bounce_alias else ""

    def _compute_catchall_email(self) -> None:
        for domain in self:
            domain.catchall_email = f"{domain.catchall_alias}@{domain.name}" if domain.catchall_alias else ""


class Company(models.Model):
    _inherit = "res.company"

    @api.versions(since=17)
    @api.computes("bounce_email", "bounce_formatted", "catchall_email", "catchall_formatted")
    def _compute_addresses(self) -> None:
        for company in self:
            domain = company.sudo().alias_domain_id
            company.bounce_email = domain.bounce_email or ""
            company.bounce_formatted = _formatted(company, company.bounce_email)
            company.catchall_email = domain.catchall_email or ""
            company.catchall_formatted = _formatted(company, company.catchall_email)

    @api.versions(until=16, name="_compute_addresses")
    @api.computes("catchall_email", "catchall_formatted")
    def _compute_addresses_16(self) -> None:
        """The address of the settings, the same for all companies."""
        alias, domain = (parameter(self.env, f"mail.catchall.{part}") for part in ("alias", "domain"))
        for company in self:
            company.catchall_email = f"{alias}@{domain}" if alias and domain else ""
            company.catchall_formatted = _formatted(company, company.catchall_email)

    def _compute_email_formatted(self) -> None:
        """The address of the company, else the one that catches answers."""
        super()._compute_email_formatted()  # type: ignore[misc]
        for company in self:
            company.email_formatted = company.email_formatted or company.catchall_formatted


def _formatted(company: Recordset, address: str) -> str:
    return f'"{company.name}" <{address}>' if address else ""
