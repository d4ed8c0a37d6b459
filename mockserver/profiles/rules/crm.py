"""Leads and opportunities."""

from __future__ import annotations

from mockserver.profiles.rules.rule import Section, rule


class Crm(Section, title="Leads"):
    lead_forgets_partner_names: bool = rule(
        "a lead whose contact changes keeps no names of the contact before",
        "recorded in flow-crm-1 (17.0, 19.0)",
        {11: False, 19: True},
    )
    won_is_settled: bool = rule(
        "a lead in a stage that is won is active and stays at 100 %: it cannot be lost, and archived it is not lost",
        "recorded in flow-random-work-1 (17.0, 19.0)",
        {11: False, 19: True},
    )
    few_leads_text: str = rule(
        "error of merging fewer than two leads",
        "recorded in flow-crm-1 (17.0, 18.0)",
        {
            11: "Please select more than one element (lead or opportunity) from the list view.",
            18: "Select at least two Leads/Opportunities from the list to merge them.",
        },
    )
