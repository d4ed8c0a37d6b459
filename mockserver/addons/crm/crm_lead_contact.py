"""crm.lead: what a lead takes from its contact, and gives to it.

Source: recorded in flow-crm-1 (17.0, 18.0, 19.0), on servers without the library that formats telephone numbers.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.base.res_partner_addresses import EMAIL, normalized
from mockserver.orm.records.environment import Recordset

ADDRESS = ("street", "street2", "city", "zip", "state_id", "country_id")
# providers whose users have nothing to do with each other
_PROVIDERS = frozenset(
    """
    163.com aol.com bigpond.com bluewin.ch comcast.net ctemplar.com emailo.pro fastmail.com free.fr gmail.com gmx.com
    gmx.de gmx.net googlemail.com hotmail.be hotmail.co.uk hotmail.com hotmail.de hotmail.es hotmail.fr hotmail.it
    icloud.com laposte.net libero.it live.be live.com live.fr mac.com mail.com mail.ru me.com msn.com orange.fr
    outlook.com outlook.fr proton.me protonmail.ch protonmail.com qq.com rocketmail.com sfr.fr skynet.be t-online.de
    telenet.be wanadoo.fr web.de yahoo.ca yahoo.co.in yahoo.co.uk yahoo.com yahoo.com.br yahoo.de yahoo.es yahoo.fr
    yahoo.it yandex.com yandex.ru ymail.com yopmail.com
    """.split()  # noqa: SIM905
)


class Lead(models.Model):
    _inherit = "crm.lead"

    def _compute_name(self) -> None:
        for lead in self:
            contact = lead.partner_id.name
            lead.name = lead.name or (contact and f"{contact}'s opportunity") or False

    def _compute_contact_name(self) -> None:
        for lead in self:
            lead.contact_name = _contact_name(lead.partner_id) or _kept(lead, "contact_name")

    def _compute_partner_name(self) -> None:
        for lead in self:
            lead.partner_name = _company_name(lead.partner_id) or _kept(lead, "partner_name")

    def _compute_function(self) -> None:
        for lead in self:
            lead.function = lead.partner_id.function or lead.function

    def _compute_title(self) -> None:
        for lead in self:
            lead.title = lead.partner_id.title or lead.title

    def _compute_mobile(self) -> None:
        for lead in self:
            lead.mobile = lead.partner_id.mobile or lead.mobile

    def _compute_website(self) -> None:
        for lead in self:
            lead.website = lead.partner_id.website or lead.website

    def _compute_lang_id(self) -> None:
        """The language of the contact, none if the contact has none; a lead without contact keeps its own."""
        for lead in self:
            code, lead_lang = lead.partner_id.lang, lead.lang_id
            lead.lang_id = (
                lead.env["res.lang"].search([("code", "=", code)], 0, 1) if lead.partner_id and code else lead_lang
            )

    @api.computes(*ADDRESS)
    def _compute_partner_address_values(self) -> None:
        """The whole address of the contact if it has any part of one."""
        for lead in self:
            source = lead.partner_id if any(lead.partner_id[name] for name in ADDRESS) else lead
            for name in ADDRESS:
                lead[name] = source[name]

    # -- address and number that lead and contact share

    def _compute_email_from(self) -> None:
        for lead in self:
            address = lead.partner_id.email
            lead.email_from = address if address and _differ(lead.email_from, address) else lead.email_from

    def _inverse_email_from(self) -> None:
        for lead in self:
            if lead.partner_id and lead.email_from and _differ(lead.email_from, lead.partner_id.email):
                lead.partner_id.write({"email": lead.email_from})

    def _compute_phone(self) -> None:
        for lead in self:
            lead.phone = lead.partner_id.phone or lead.phone

    def _inverse_phone(self) -> None:
        for lead in self:
            if lead.partner_id and lead.phone and lead.phone != lead.partner_id.phone:
                lead.partner_id.write({"phone": lead.phone})

    def _compute_partner_email_update(self) -> None:
        for lead in self:
            lead.partner_email_update = bool(lead.partner_id) and _differ(lead.email_from, lead.partner_id.email)

    def _compute_partner_phone_update(self) -> None:
        for lead in self:
            differ = (lead.phone or False) != (lead.partner_id.phone or False)
            lead.partner_phone_update = bool(lead.partner_id) and differ

    def _compute_email_normalized(self) -> None:
        for lead in self:
            lead.email_normalized = normalized(lead.email_from)

    def _compute_email_domain_criterion(self) -> None:
        for lead in self:
            lead.email_domain_criterion = company_address(lead)

    def _compute_email_state(self) -> None:
        for lead in self:
            correct = any(normalized(address) for address in EMAIL.findall(lead.email_from or ""))
            lead.email_state = ("correct" if correct else "incorrect") if lead.email_from else False

    def _compute_phone_sanitized(self) -> None:
        """The number as it is written: the mobile phone comes first.

        Differs: a server with the library `phonenumbers` has it in the form +32255501 02 without blanks.
        """
        names = [name for name in ("mobile", "phone") if name in self._model.fields]
        for lead in self:
            lead.phone_sanitized = next((lead[name] for name in names if lead[name]), False)

    def _compute_phone_state(self) -> None:
        """Differs: numbers are not checked, as on a server without the library `phonenumbers`."""
        for lead in self:
            lead.phone_state = False

    def _compute_is_partner_visible(self) -> None:
        for lead in self:
            lead.is_partner_visible = bool(lead.type == "opportunity" or lead.partner_id)

    def _compute_lang_active_count(self) -> None:
        count = len(self.env["res.lang"].search([]))
        for lead in self:
            lead.lang_active_count = count

    @api.versions(since=19)
    def _compute_commercial_partner_id(self) -> None:
        for lead in self:
            lead.commercial_partner_id = lead.partner_id.commercial_partner_id

    # -- a contact for the lead

    def _find_matching_partner(self, email_only: bool = False) -> Recordset:
        """Return the lead's contact, else one with its address, else one with its company's, contact's or own name."""
        self.ensure_one()
        partners = self.env["res.partner"]
        found: Recordset = self.partner_id
        if not found and self.email_from:
            found = partners.search([("email", "=", self.email_from)], 0, 1)
        names = () if email_only else ("partner_name", "contact_name", "name")
        for name in (self[each] for each in names):
            if not found and name:
                found = partners.search([("name", "ilike", name)], 0, 1)
        return found

    def _handle_partner_assignment(self, force_partner_id: Any = False, create_missing: bool = True) -> None:
        """Give leads a contact: the named one, or a new one for those that have none."""
        for lead in self:
            if force_partner_id:
                lead.write({"partner_id": force_partner_id})
            if not lead.partner_id and create_missing:
                lead.write({"partner_id": lead._create_customer().id})

    def _create_customer(self) -> Recordset:
        """Create the contact of a lead, and its company if the lead names one; return the contact."""
        partners = self.env["res.partner"]
        name = self.contact_name or _name_in(self.email_from)
        company: Recordset = self.partner_id
        if self.partner_name:
            company = partners.create(self._prepare_customer_values(self.partner_name, is_company=True))
        if name:
            return partners.create(self._prepare_customer_values(name, parent_id=company.id))
        return company or partners.create(self._prepare_customer_values(self.name))

    def _prepare_customer_values(self, name: Any, is_company: bool = False, parent_id: Any = False) -> dict[str, Any]:
        """Return the values of a new contact that a lead tells."""
        found = EMAIL.findall(self.email_from or "")
        values = {
            "name": name, "is_company": is_company, "parent_id": parent_id, "type": "contact",
            "user_id": self.env.context.get("default_user_id") or self.user_id.id, "team_id": self.team_id.id,
            "comment": self.description, "email": found[0] if found else False, "phone": self.phone,
            "function": self.function, "website": self.website,
        }  # fmt: skip
        values |= {at: self[at].id if at.endswith("_id") else self[at] for at in ADDRESS}
        fields = self.env["res.partner"]._model.fields
        values |= {at: self[at] for at in ("mobile",) if at in fields and at in self._model.fields}
        values |= {at: self[at].id for at in ("title",) if at in fields and at in self._model.fields}
        if self.lang_id.active:
            values["lang"] = self.lang_id.code
        return {at: value for at, value in values.items() if at in fields}


def _kept(lead: Recordset, field: str) -> Any:
    return False if lead.env.db.profile.rules.lead_forgets_partner_names else lead[field]


def _contact_name(partner: Recordset) -> Any:
    return False if partner.is_company else partner.name


def _company_name(partner: Recordset) -> Any:
    if partner.parent_id or partner.is_company:
        return partner.parent_id.name or partner.name
    return partner.company_name if "company_name" in partner._model.fields else False


def _differ(one: Any, other: Any) -> bool:
    """Return whether two texts have different addresses."""
    return (normalized(one) or one or False) != (normalized(other) or other or False)


def _name_in(address: Any) -> str | bool:
    """Return the name of `Name <address>`."""
    return str(address).partition("<")[0].strip(" \"'") if address and "<" in address else False


def company_address(lead: Recordset) -> Any:
    """Return what addresses in the company of a lead end with, `@company.example`, or all of its address."""
    domain = (lead.email_normalized or "").rpartition("@")[2]
    return lead.email_normalized if domain in _PROVIDERS else domain and f"@{domain}"
