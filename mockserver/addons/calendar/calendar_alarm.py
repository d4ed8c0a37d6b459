"""calendar.alarm and calendar.event.type; and how many meetings a contact has.

Source: recorded in flow-calendar-1 (17.0).
"""

from __future__ import annotations

from mockserver import models
from mockserver.addons.base.res_partner_families import count_of

_MINUTES = {"minutes": 1, "hours": 60, "days": 24 * 60}


class CalendarAlarm(models.Model):
    _inherit = "calendar.alarm"

    def _compute_duration_minutes(self) -> None:
        for alarm in self:
            alarm.duration_minutes = (alarm.duration or 0) * _MINUTES.get(alarm.interval, 0)


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _compute_meeting_count(self) -> None:
        """The meetings of a contact and of those below it."""
        self._assign_each("meeting_count", count_of(self.sudo(), "calendar.event", "partner_ids", []))
