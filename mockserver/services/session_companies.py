"""The companies of a user, in the session information.  Source: versions.md §5."""

from __future__ import annotations

from typing import Any

from mockserver.orm.records.environment import Environment
from mockserver.orm.records.recordset import Recordset
from mockserver.orm.rights.access import in_group


def companies(env: Environment) -> dict[str, Any]:
    """Return `user_companies` and `display_switch_company_menu`, in the form of the profile's generation."""
    rules, user = env.db.profile.rules, env.user
    many = len(user.company_ids) > 1
    switch = many and (rules.companies_by_id or in_group(env, "base.group_multi_company"))
    info: Any = False
    if rules.companies_by_id:
        info = _by_id(user)
    elif switch or rules.companies_told:
        info = _pairs(user)
    return {"user_companies": info, "display_switch_company_menu": switch}


def _pairs(user: Recordset) -> dict[str, Any]:
    """Return `{"current_company": [id, name], "allowed_companies": [[id, name] …]}`."""
    return {
        "current_company": [user.company_id.id, user.company_id.name],
        "allowed_companies": [[company.id, company.name] for company in user.company_ids],
    }


def _by_id(user: Recordset) -> dict[str, Any]:
    allowed = {str(company.id): _company(company) for company in user.company_ids}
    info: dict[str, Any] = {"current_company": user.company_id.id, "allowed_companies": allowed}
    if user.env.db.profile.rules.company_branches:
        info["disallowed_ancestor_companies"] = {}
    return info


def _company(company: Recordset) -> dict[str, Any]:
    rules = company.env.db.profile.rules
    info = {"id": company.id, "name": company.name, "sequence": company.sequence}
    if rules.company_branches:
        info |= {"child_ids": list(company.child_ids.ids), "parent_id": company.parent_id.id or False}
    if rules.company_currency_told:
        info["currency_id"] = company.currency_id.id
    return info
