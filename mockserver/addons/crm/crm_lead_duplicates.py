"""crm.lead: leads that may be about the same, and how several are merged into one.

Source: recorded in flow-crm-1 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mockserver import api, models
from mockserver.addons.base.res_partner_addresses import EMAIL
from mockserver.addons.crm.crm_lead_contact import ADDRESS, company_address
from mockserver.errors import UserError
from mockserver.orm.records.environment import Recordset

# so many leads that are alike are no duplicates
_TOO_MANY = 21
_MOST_MERGED = 5
# the fields that a merged lead takes from the first lead that has a value
_FIRST_OF = (
    "campaign_id", "medium_id", "source_id", "email_cc", "name", "user_id", "color", "company_id", "lang_id", "team_id",
    "referred", "stage_id", "expected_revenue", "recurring_plan", "recurring_revenue", "create_date", "date_deadline",
    "date_automation_last", "partner_id", "title", "partner_name", "contact_name", "email_from", "function", "mobile",
    "phone", "website",
)  # fmt: skip


class Lead(models.Model):
    _inherit = "crm.lead"

    @api.computes("duplicate_lead_ids", "duplicate_lead_count")
    def _compute_potential_lead_duplicates(self) -> None:
        """The leads of the same company by its e-mail domain or contact, or with the same number; the lead itself."""
        for lead in self:
            found: Recordset = lead.browse()
            address = company_address(lead)
            if address and "email_domain_criterion" in lead._model.fields:
                found |= _alike(lead, [("email_domain_criterion", "=", address)])
            elif address:  # inferred: not recorded before 17.0
                found |= _alike(lead, [("email_normalized", "ilike", address)])
            if lead.partner_id:
                company = lead.partner_id.commercial_partner_id
                found |= _others(lead, [("partner_id", "child_of", company.ids)])
            if lead.phone_sanitized:
                found |= _alike(lead, [("phone_sanitized", "=", lead.phone_sanitized)])
            lead.duplicate_lead_ids = found | lead
            lead.duplicate_lead_count = len(found)

    def _get_lead_duplicates(self, partner: Any = None, email: Any = None, include_lost: bool = False) -> Recordset:
        """Return the leads with one of the addresses or of the contact: open ones, or all but lost leads."""
        leaves: list[Any] = [("email_normalized", "=", address.lower()) for address in EMAIL.findall(email or "")]
        leaves += [("partner_id", "=", partner.id)] if partner else []
        if not leaves:
            return self.browse()
        kept = ["|", ("type", "=", "opportunity"), ("active", "=", True)]
        if not include_lost:
            kept = ["&", ("active", "=", True), "|", ("stage_id", "=", False), ("stage_id.is_won", "=", False)]
        return self.with_context(active_test=False).search(["|"] * (len(leaves) - 1) + leaves + kept)

    # -- merging

    def merge_opportunity(self, user_id: Any = False, team_id: Any = False, auto_unlink: bool = True) -> Recordset:
        """Merge leads into the most promising one and return it; the others are deleted."""
        if len(self) <= 1:
            raise UserError(self.env._(self.env.db.profile.rules.few_leads_text))
        if len(self) > _MOST_MERGED and not self.env.su:
            raise UserError(
                f"To prevent data loss, Leads and Opportunities can only be merged by groups of {_MOST_MERGED}."
            )
        leads = self.sorted(_promise, reverse=True)
        head: Recordset = leads[0]
        tail = leads[1:]
        values = leads._merge_data()
        values |= {name: value for name, value in (("user_id", user_id), ("team_id", team_id)) if value}
        _move_what_belongs(head, tail)
        head._message_log(body=_summary(tail))
        if values.get("team_id"):
            stages = head._stage_find(team_id=values["team_id"], limit=None)
            if values.get("stage_id") not in stages.ids:
                values["stage_id"] = stages[:1].id
        for name in ("user_id", "team_id"):
            if head[name].id == values.get(name):
                values.pop(name, None)
        head.write(values)
        if auto_unlink:
            tail.sudo().unlink()
        return head

    def _merge_data(self) -> dict[str, Any]:
        """Return the values of the lead that these become, the most promising one first."""
        fields = self._model.fields
        values = {name: _first(self, name) for name in _FIRST_OF if name in fields}
        addressed = next((lead for lead in self if any(lead[name] for name in ADDRESS)), self[:1])
        values |= {name: _first(addressed, name) for name in ADDRESS}
        texts = [text for text in self.mapped("description") if text]
        values |= {
            "description": "<br/><br/>".join(texts) or False,
            "type": "opportunity" if "opportunity" in self.mapped("type") else "lead",
            "priority": max(priority or "" for priority in self.mapped("priority")) or False,
            "tag_ids": [(6, 0, self.tag_ids.ids)],
        }  # fmt: skip
        if "lost_reason_id" in fields:
            values["lost_reason_id"] = False if self[:1].probability else _first(self, "lost_reason_id")
        values.pop("create_date", None)
        return values


def _others(lead: Recordset, domain: list[Any]) -> Recordset:
    found: Recordset = lead.with_context(active_test=False).search([("id", "!=", lead.id), *domain])
    return found


def _alike(lead: Recordset, domain: list[Any]) -> Recordset:
    found = _others(lead.sudo(), domain)
    return lead.browse(found.ids if len(found) < _TOO_MANY else ())


def _promise(lead: Recordset) -> tuple[Any, ...]:
    """Return the key by which leads are sorted, the most promising ones last."""
    opportunity = lead.type == "opportunity"
    return opportunity or lead.active, opportunity, lead.stage_id.sequence or 0, lead.probability, -lead.id


def _first(leads: Recordset, name: str) -> Any:
    """Return the first value that is not empty, of a relation its id."""
    for lead in leads:
        value = lead[name]
        if value:
            return value.id if hasattr(value, "_ids") else value
    return False


def _summary(leads: Iterable[Recordset]) -> str:
    """Return the note about merged leads.  Inferred: the real server's has more of their fields."""
    return "".join(f"<p>Merged with {lead.name}</p>" for lead in leads)


def _move_what_belongs(head: Recordset, tail: Recordset) -> None:
    """Move messages, activities, attachments, meetings and followers of merged leads to the one that stays."""
    env = head.env.sudo()
    for lead in tail:
        for message in env["mail.message"].search([("model", "=", lead._name), ("res_id", "=", lead.id)]):
            subject = f"From {lead.name}: {message.subject}" if message.subject else f"From {lead.name}"
            message.write({"res_id": head.id, "subject": subject})
    for model, key in (("ir.attachment", "res_model"), ("mail.activity", "res_model")):
        env[model].search([(key, "=", tail._name), ("res_id", "in", tail.ids)]).write({"res_id": head.id})
    if "opportunity_id" in env["calendar.event"]:
        env["calendar.event"].search([("opportunity_id", "in", tail.ids)]).write({"opportunity_id": head.id})
    if "order_ids" in tail:
        tail.sudo().order_ids.write({"opportunity_id": head.id})
