"""mail.activity.mixin: the event of the next activity of a record.

Source: the fields and what they depend on, 14.0 to 19.0.
"""

from __future__ import annotations

from mockserver import models


class MailActivityMixin(models.AbstractModel):
    _inherit = "mail.activity.mixin"

    def _compute_activity_calendar_event_id(self) -> None:
        self.activity_calendar_event_id = False
        for record in self._having_lines("activity_ids"):
            record.activity_calendar_event_id = record.activity_ids[:1].calendar_event_id
