"""calendar.event: the times of an event, and its attendees.

Source: recorded in flow-calendar-1 (17.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.mail.rendering.formats import format_datetime
from mockserver.clock import DATETIME_FORMAT
from mockserver.errors import ValidationError
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

_FIRST_HOUR, _LAST_HOUR = " 08:00:00", " 18:00:00"  # of a whole day that is given by its dates
_DAY = 24  # hours
_HALF_HOUR = timedelta(minutes=30)
TIMES = ("start", "stop", "duration", "allday", "start_date", "stop_date")


def parsed(moment: str) -> datetime:
    """Return a datetime of its text; that of a day is its midnight."""
    return datetime.fromisoformat(moment)


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    # -- defaults

    def _default_start(self) -> str:
        """The next full or half hour."""
        now = self.env.db.clock.moment().replace(tzinfo=None)
        return (now + (datetime.min - now) % _HALF_HOUR).strftime(DATETIME_FORMAT)

    def _default_stop(self) -> str:
        return (parsed(self._default_start()) + timedelta(hours=1)).strftime(DATETIME_FORMAT)

    def _default_partner_ids(self) -> Any:
        """The user; on the form of a contact that contact too."""
        partners = self.env.user.partner_id
        if self.env.context.get("active_model") == "res.partner" and self.env.context.get("active_id"):
            partners |= self.env["res.partner"].browse(self.env.context["active_id"])
        return partners

    # -- changes

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create events with their attendees; of a series its other events too."""
        events = self.browse()
        for vals in vals_list if isinstance(vals_list, (list, tuple)) else [vals_list]:
            event = super().create({name: value for name, value in vals.items() if name not in self._series_fields()})
            event._store(event._times(vals, new=True))
            event._invite()
            if vals.get("recurrency"):
                event._begin_series(vals)
            events |= event
        return events

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change events; the duration stays where the start changes, and attendees follow the contacts."""
        events, vals = self._write_in_series(vals)
        if vals.keys() & set(TIMES):
            for event in events:
                event._store({**vals, **event._times(vals)})
        else:
            events._store(vals)
        if "partner_ids" in vals:
            events._invite()
        return True

    def _store(self, vals: Mapping[str, Any]) -> None:
        """Write values as they are: without the other events of a series, other times, or attendees."""
        super().write(vals)

    def _times(self, vals: Mapping[str, Any], *, new: bool = False) -> dict[str, Any]:
        """Return the times of an event that were not given, from those that were."""
        now = {name: vals.get(name, self[name]) for name in TIMES}
        start, stop = str(now["start"]), str(now["stop"])
        first, last = now["start_date"] or start[:10], now["stop_date"] or stop[:10]
        changed: dict[str, Any] = {}
        if now["allday"] and (vals.get("start_date") or vals.get("stop_date")):
            start, stop = f"{first}{_FIRST_HOUR}", f"{last}{_LAST_HOUR}"
            changed = {"start": start, "stop": stop, "start_date": first, "stop_date": last}
        else:
            if not new and "stop" not in vals:
                length = timedelta(minutes=round((now["duration"] or 1.0) * 60))
                stop = (parsed(start) + length - timedelta(seconds=bool(now["allday"]))).strftime(DATETIME_FORMAT)
            days = (start[:10], stop[:10]) if now["allday"] else (False, False)
            changed = {"stop": stop, "start_date": days[0], "stop_date": days[1]}
        if "duration" not in vals and ("stop" in vals or new or "start_date" in vals or "stop_date" in vals):
            changed["duration"] = round((parsed(stop) - parsed(start)).total_seconds() / 3600, 2)
        return changed

    @api.constrains("start", "stop", "start_date", "stop_date")
    def _check_closing_date(self) -> None:
        for event in self:
            if not event.start or not event.stop:
                continue
            start, stop = (event.start_date, event.stop_date) if event.allday else (event.start, event.stop)
            if start and stop and stop < start:
                kind = "date" if event.allday else "date and time"
                text = self.env._(f"The ending {kind} cannot be earlier than the starting {kind}.")
                told = self.env.db.profile.rules.event_backwards.format(name=event.name, start=start, stop=stop)
                raise ValidationError(f"{text}\n{told}")

    @api.onchange("start", "duration")
    def _onchange_duration(self) -> None:
        if self.start and self.duration:
            length = timedelta(minutes=round(self.duration * 60))
            self.stop = (parsed(self.start) + length).strftime(DATETIME_FORMAT)

    # -- attendees

    def _invite(self) -> None:
        """Make the attendees those of the contacts."""
        attendees = self.env["calendar.attendee"].sudo()
        for event in self:
            present = attendees.search([("event_id", "=", event.id)])
            attendees.browse(one.id for one in present if one.partner_id not in event.partner_ids).unlink()
            known = present.exists().partner_id
            for partner in event.partner_ids - known:
                attendees.create({"partner_id": partner.id, "event_id": event.id})

    def _answers(self, state: str) -> int:
        return sum(attendee.state == state for attendee in self.attendee_ids)

    def _compute_attendees_count(self) -> None:
        for event in self:
            event.attendees_count = len(event.partner_ids)

    def _compute_accepted_count(self) -> None:
        for event in self:
            event.accepted_count = event._answers("accepted")

    def _compute_declined_count(self) -> None:
        for event in self:
            event.declined_count = event._answers("declined")

    def _compute_tentative_count(self) -> None:
        for event in self:
            event.tentative_count = event._answers("tentative")

    def _compute_awaiting_count(self) -> None:
        for event in self:
            event.awaiting_count = event._answers("needsAction")

    def _compute_current_attendee(self) -> None:
        own = self.env.user.partner_id
        for event in self:
            event.current_attendee = event.attendee_ids.filtered(lambda one: one.partner_id == own)[:1]

    def _compute_is_organizer_alone(self) -> None:
        """Whether everybody but the organizer has declined."""
        for event in self:
            partners = event.attendee_ids.partner_id
            others = [one for one in event.attendee_ids if one.partner_id != event.partner_id]
            alone = bool(others) and all(one.state == "declined" for one in others)
            event.is_organizer_alone = alone and event.partner_id in partners

    def _compute_user_can_edit(self) -> None:
        for event in self:
            event.user_can_edit = self.env.user.partner_id in event.partner_ids or self.env.user == event.user_id

    def _compute_should_show_status(self) -> None:
        for event in self:
            event.should_show_status = bool(event.current_attendee) and len(event.attendee_ids) > 1

    def _compute_display_description(self) -> None:
        for event in self:
            event.display_description = bool(event.description)

    def _compute_invalid_email_partner_ids(self) -> None:
        for event in self:
            event.invalid_email_partner_ids = event.partner_ids.filtered(lambda one: not _has_address(one))

    @api.depends("start", "stop", "allday", "duration")
    def _compute_display_time(self) -> None:
        """When the event is, by the clock of the user.  Inferred: not recorded."""
        zone = self.env.context.get("tz") or self.env.user.tz or "UTC"
        for event in self:
            day, first = format_datetime(self.env, event.start, zone).partition(" ")[::2]
            last_day, last = format_datetime(self.env, event.stop, zone).partition(" ")[::2]
            if event.allday:
                event.display_time = f"All Day, {day}"
            elif event.duration < _DAY:
                event.display_time = f"{day} at ({first} To {last}) ({zone})"
            else:
                event.display_time = f"{day} at {first} To\n {last_day} at {last} ({zone})"

    @api.versions(since=16)
    def _compute_videocall_source(self) -> None:
        for event in self:
            event.videocall_source = (
                "discuss" if "/calendar/join_videocall/" in (event.videocall_location or "") else "custom"
            )

    @api.versions(since=19)
    def _compute_effective_privacy(self) -> None:
        """Its own privacy, else that of the organizer's calendar."""
        for event in self:
            event.effective_privacy = event.privacy or event.user_id.sudo().calendar_default_privacy or "public"

    def change_attendee_status(self, status: str, recurrence_update_setting: str = "self_only") -> bool:
        """Answer for the current user."""
        own = self.env.user.partner_id
        attendees = self._of_series(recurrence_update_setting).attendee_ids.filtered(lambda one: one.partner_id == own)
        if status == "accepted":
            return bool(attendees.do_accept())
        return bool(attendees.do_decline() if status == "declined" else attendees.do_tentative())


def _has_address(partner: Recordset) -> bool:
    return "@" in str(partner.email or "")
