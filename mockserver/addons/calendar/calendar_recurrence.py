"""calendar.recurrence: the rule of a series, its name, and the events that follow it.

Source: recorded in flow-calendar-1 (17.0).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from mockserver import api, models
from mockserver.addons.calendar.calendar_event import parsed
from mockserver.addons.calendar.rrule import DAYS, Rule
from mockserver.clock import DATETIME_FORMAT
from mockserver.errors import UserError
from mockserver.orm.records.environment import Recordset

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SHORT_WEEKDAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")  # until 15.0
RULE_FIELDS = (
    "byday", "until", "rrule_type", "month_by", "event_tz", "rrule", "interval", "count", "end_type", "day", "weekday",
    *WEEKDAYS, *_SHORT_WEEKDAYS,
)  # fmt: skip
_UNITS = {"daily": "Days", "weekly": "Weeks", "monthly": "Months", "yearly": "Years"}
_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_POSITIONS = {"1": "First", "2": "Second", "3": "Third", "4": "Fourth", "-1": "Last"}


class CalendarRecurrence(models.Model):
    _inherit = "calendar.recurrence"

    @api.depends("calendar_event_ids.start")
    def _compute_dtstart(self) -> None:
        for series in self:
            series.dtstart = min(series._events().mapped("start"), default=False)

    def _compute_rrule(self) -> None:
        for series in self:
            series.rrule = series._text()

    @api.depends("rrule")
    def _compute_name(self) -> None:
        for series in self:
            series.name = series.get_recurrence_name()

    def get_recurrence_name(self) -> str:
        """Return the rule in words."""
        words = f"Every {self.interval} {_UNITS.get(self.rrule_type, 'Days')}"
        if self.rrule_type == "weekly":
            words += f" on {', '.join(_DAY_NAMES[day] for day in self._rule().days)}"
        elif self.rrule_type == "monthly" and self.month_by == "day":
            words += f" on the {_POSITIONS.get(self.byday, '')} {_DAY_NAMES[self._rule().days[0]]}"
        elif self.rrule_type == "monthly":
            words += f" day {self.day}"
        if self.end_type == "count":
            return f"{words} for {self.count} events"
        return f"{words} until {self.until}" if self.end_type == "end_date" else words

    def _text(self) -> str:
        """Return the rule as text, with the moment that it begins at."""
        start = self.base_event_id.start
        head = f"DTSTART:{self._local(start):%Y%m%dT%H%M%S}\n" if start else ""
        return f"{head}RRULE:{self._rule().text()}"

    def _rule(self) -> Rule:
        """Return the rule; raises UserError for one without a day of the week, or with nothing to count."""
        days: tuple[int, ...] = ()
        month_day = nth = None
        if self.rrule_type == "weekly":
            names = WEEKDAYS if WEEKDAYS[0] in self._model.fields else _SHORT_WEEKDAYS
            days = tuple(number for number, name in enumerate(names) if self[name])
            if not days:
                raise UserError(self.env._("You have to choose at least one day in the week"))
        elif self.rrule_type == "monthly" and self.month_by == "day":
            days, nth = (DAYS.index(str(self.weekday or "MO")[:2]),), int(self.byday or 1)
        elif self.rrule_type == "monthly":
            month_day = self.day or 1
        if (self.interval or 0) <= 0:
            raise UserError(self.env._("The interval cannot be negative."))
        if self.end_type == "count" and (self.count or 0) <= 0:
            raise UserError(self.env._("The number of repetitions cannot be negative."))
        count = self.count if self.end_type == "count" else None
        until = date.fromisoformat(self.until) if self.end_type == "end_date" and self.until else None
        return Rule(self.rrule_type, self.interval, days, month_day, nth, count, until)

    def _zone(self) -> Any:
        return ZoneInfo(str(self.event_tz or self.env.context.get("tz") or "UTC"))

    def _local(self, moment: str) -> datetime:
        return parsed(moment).replace(tzinfo=timezone.utc).astimezone(self._zone()).replace(tzinfo=None)

    def _events(self) -> Recordset:
        events: Recordset = self.env["calendar.event"].with_context(active_test=False)
        found: Recordset = events.search([("recurrence_id", "in", self.ids)], order="start")
        return found

    def _starts(self, first: str) -> list[str]:
        """Return the starts of all events, by the clock of the series' zone."""
        local = [moment.replace(tzinfo=self._zone()) for moment in self._rule().moments(self._local(first))]
        return [moment.astimezone(timezone.utc).strftime(DATETIME_FORMAT) for moment in local]

    def _apply(self) -> Recordset:
        """Make the events that are missing, and delete those that no longer follow the rule; return all."""
        base = self.base_event_id
        length = parsed(base.stop) - parsed(base.start)
        wanted = self._starts(base.start)
        following = self._events().filtered("follow_recurrence")
        (following.filtered(lambda one: one.start not in wanted) - base).unlink()
        present = set(following.exists().mapped("start"))
        for start in wanted:
            if start not in present:
                base._again(start, (parsed(start) + length).strftime(DATETIME_FORMAT))
        if base.start not in wanted:
            self._detach(base)._store({"active": False})
            self._choose_base()
        return self._events()

    def _detach(self, events: Recordset) -> Recordset:
        """Take events out of their series, and return them."""
        for event in events:
            event._store({"recurrence_id": False, "recurrency": False})
        return events

    def _choose_base(self) -> None:
        """Make the first event the one that the series is made from, where that one is gone."""
        for series in self:
            events = series._events()
            if series.base_event_id not in events:
                series.write({"base_event_id": events[:1].id})

    def _stop_at(self, event: Recordset) -> Recordset:
        """End the series before an event, and return this and those after it; a series without events is deleted."""
        gone = self._detach(self._events().filtered(lambda one: one.start >= event.start))
        if not self._events():
            self.unlink()
            return gone
        self._choose_base()
        first = self._local(event.start).date()
        if self.rrule_type == "weekly":
            first -= timedelta(days=(first.weekday() - self._rule().first_day) % 7)
        elif self.rrule_type == "monthly":
            first = first.replace(day=1)
        self.write({"end_type": "end_date", "until": (first - timedelta(days=1)).isoformat()})
        return gone
