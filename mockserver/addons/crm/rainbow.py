"""The congratulations for a lead that was won: a first deal, or a record of the salesperson or the team.

Source: the texts of 17.0; recorded in flow-crm-1 (17.0) is only that a smaller deal has none.
"""

from __future__ import annotations

from datetime import timedelta

from mockserver.clock import DATETIME_FORMAT
from mockserver.orm.records.environment import Recordset

_FIRST = "Go, go, go! Congrats for your first deal."


def message(lead: Recordset) -> str | bool:
    """Return the text for a lead that is won; False if it is nothing special, or has no salesperson or team."""
    user, team = lead.user_id, lead.team_id
    if not user or not team:
        return False
    now = lead.env.db.clock.moment()
    year = f"{now.year:04}-01-01 00:00:00"
    won = lead.sudo().search([("probability", "=", 100), ("date_closed", ">=", year), ("type", "=", "opportunity")])
    own = won.filtered(lambda one: one.user_id == user)
    if len(own) == 1:
        return lead.env._(_FIRST)
    if not lead.expected_revenue:
        return False

    def record(leads: Recordset, days: int) -> bool:
        start = (now - timedelta(days=days)).strftime(DATETIME_FORMAT)
        recent = [one.expected_revenue for one in leads if one.date_closed >= start]
        return bool(recent) and max(recent) == lead.expected_revenue

    of_team = won.filtered(lambda one: one.team_id == team)
    texts = (
        (of_team, 30, "Boom! Team record for the past 30 days."),
        (of_team, 7, "Yeah! Deal of the last 7 days for the team."),
        (own, 30, "You just beat your personal record for the past 30 days."),
        (own, 7, "You just beat your personal record for the past 7 days."),
    )
    return next((lead.env._(text) for leads, days, text in texts if record(leads, days)), False)
