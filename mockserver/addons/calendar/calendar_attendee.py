"""calendar.attendee: who is invited to an event, and what they answer.

Source: recorded in flow-calendar-1 (17.0).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.errors import UserError

if TYPE_CHECKING:
    from typing_extensions import Self


class CalendarAttendee(models.Model):
    _inherit = "calendar.attendee"

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create attendees, who follow the event; the current user has accepted."""
        several = vals_list if isinstance(vals_list, (list, tuple)) else [vals_list]
        own = self.env.user.partner_id.id
        attendees = super().create(
            [{"state": "accepted", **vals} if vals.get("partner_id") == own else dict(vals) for vals in several]
        )
        for attendee in attendees:
            if attendee.partner_id.id != own:
                attendee.event_id.message_subscribe(attendee.partner_id.ids)
        return attendees

    def unlink(self) -> bool:
        """Delete attendees, who follow the event no longer."""
        for attendee in self:
            attendee.event_id.message_unsubscribe(attendee.partner_id.ids)
        return bool(super().unlink())

    def copy(self, default: Any = None) -> Self:
        """Raise UserError."""
        raise UserError(self.env._("You cannot duplicate a calendar attendee."))

    def _compute_common_name(self) -> None:
        for attendee in self:
            attendee.common_name = attendee.partner_id.name or attendee.email

    def _compute_mail_tz(self) -> None:
        for attendee in self:
            attendee.mail_tz = attendee.partner_id.tz

    def do_accept(self) -> bool:
        """Accept the invitation, and say so on the event."""
        self._tell("%s has accepted the invitation")
        return bool(self.write({"state": "accepted"}))

    def do_decline(self) -> bool:
        """Decline the invitation, and say so on the event."""
        self._tell("%s has declined the invitation")
        return bool(self.write({"state": "declined"}))

    def do_tentative(self) -> bool:
        """Answer that one may come."""
        return bool(self.write({"state": "tentative"}))

    def _tell(self, text: str) -> None:
        kind = self.env.ref("calendar.subtype_invitation")
        for attendee in self:
            attendee.event_id.message_post(
                author_id=attendee.partner_id.id,
                body=self.env._(text).replace("%s", attendee.common_name or ""),
                subtype_id=kind.id if kind else False,
            )
