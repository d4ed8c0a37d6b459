"""Who may see and do what."""

from __future__ import annotations

from mockserver.profiles.refusals import REFUSALS, Refusals
from mockserver.profiles.rules.rule import Section, rule


class Rights(Section, title="Rights"):
    admin_id: int = rule("id of the administrator, who is the superuser at first", "versions.md §5", {11: 1, 12: 2})
    refusals: Refusals = rule("texts of AccessError", "versions.md §9.1–9.3", REFUSALS)
    one_access_model: bool = rule(
        "ir.access in place of ir.model.access and ir.rule: a row with a group permits, within its domain; one without"
        " a group permits nothing, and its domain limits everybody",
        "Inferred: odoo-20 §4",
        {11: False, 20: True},
    )
    restricted_fields_searched: bool = rule(
        "fields restricted to other groups can be searched, sorted and grouped by", "Odoo 17.0", {11: True, 17: False}
    )
    group_choice_fields: bool = rule(
        "fields_get of users lists fields for choosing groups, which cannot be read",
        "rest-yezy §3",
        {11: True, 19: False},
    )
    passwords_are_stars: bool = rule(
        "a user's password reads as '********' for those who may not write the user",
        "versions.md §7.3",
        {11: True, 12: False},
    )
    context_has_uid: bool = rule(
        "context_get tells the user's id", "recorded in i18n-base (14.0, 16.0)", {11: False, 16: True}
    )
    partner_write_reads: str = rule(
        "which of the contacts that are written must be readable",
        "recorded in companies-1 (14.0, 16.0, 17.0)",
        {11: "none", 14: "all", 17: "first"},
    )
    read_checks_fields_first: bool = rule(
        "read checks the fields before the right on the model, which no records need",
        "recorded in rights-fields (17.0); source of Odoo, BaseModel.read",
        {11: False, 13: True},
    )
    archived_contact_text: str | None = rule(
        "error of archiving the contact of a user; from 15 on it names the users, and deletion is refused too",
        "source of Odoo, res.partner; recorded in rights-users (17.0)",
        {
            11: "You cannot archive a contact linked to an internal user.",
            14: "You cannot archive a contact linked to a portal or internal user.",
            15: None,
        },
    )
    company_not_allowed_text: str = rule(
        "error of a user whose company is not one of the allowed companies",
        "recorded in companies-1 (14.0, 16.0)",
        {
            11: "The chosen company is not in the allowed companies for this user",
            16: "Company {company} is not in the allowed companies for user {user} ({allowed}).",
        },
    )
    force_company: bool = rule(
        "force_company in the context selects the company of company-dependent values",
        "source of Odoo, ir.property",
        {11: True, 14: False},
    )
    wizards_open: bool = rule(
        "every user may do everything with transient models, which have no access rights",
        "source of Odoo, ir.model.access",
        {11: True, 14: False},
    )
    companies_in_context: bool = rule(
        "allowed_company_ids in the context selects the companies", "Odoo 13.0", {11: False, 13: True}
    )
    private_fields_named: bool = rule(
        "who may read only the public view of an employee is told so for other fields, before their groups",
        "recorded in flow-hr-1 (17.0, 19.0)",
        {11: False, 19: True},
    )
