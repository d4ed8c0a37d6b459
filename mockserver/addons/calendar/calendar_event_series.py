"""calendar.event: series of events, and changes of one, of those that follow, or of all.

Source: recorded in flow-calendar-1 (17.0); what follows or changes the rule of a series is inferred.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.calendar.calendar_event import TIMES, parsed
from mockserver.addons.calendar.calendar_recurrence import RULE_FIELDS, day_after
from mockserver.clock import DATETIME_FORMAT
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

_ALL, _FOLLOWING = "all_events", "future_events"


class EventSeries(models.Model):
    _inherit = "calendar.event"

    @api.model
    def _series_fields(self) -> tuple[str, ...]:
        return (*RULE_FIELDS, "rrule_type_ui", "recurrence_update")

    @api.depends("recurrence_id", "recurrency")
    @api.computes(*RULE_FIELDS)
    def _compute_recurrence(self) -> None:
        for event in self:
            series = event.recurrence_id
            for name in RULE_FIELDS:
                if name in event._model.fields:
                    event[name] = series[name] if event.recurrency and series else False

    def _compute_rrule_type_ui(self) -> None:
        for event in self:
            plain = event.recurrence_id.interval == 1
            kind = event.recurrence_id.rrule_type if plain else "custom"
            event.rrule_type_ui = kind if event.recurrency and event.recurrence_id else False

    def _begin_series(self, vals: Mapping[str, Any]) -> None:
        """Make a series of an event, which is deleted if the rule does not meet it."""
        rule = {name: vals[name] for name in RULE_FIELDS if name in vals and name != "rrule"}
        kind = vals.get("rrule_type_ui")
        if kind and kind != "custom":
            rule.setdefault("rrule_type", kind)
        if rule.get("end_type", "count") != "count":
            rule["count"] = 0
        series = self.env["calendar.recurrence"].sudo().create({**rule, "base_event_id": self.id})
        self._store({"recurrency": True, "recurrence_id": series.id, "follow_recurrence": True})
        series._apply()

    def _again(self, start: str, stop: str) -> None:
        """Make an event like this one at another time."""
        values = self._copied_values({"start": start, "stop": stop})
        dates = {"start_date": start[:10], "stop_date": stop[:10]} if self.allday else {}
        kept = {"recurrence_id": self.recurrence_id.id, "follow_recurrence": True, "recurrency": False}
        event = self.create({**values, **kept, **dates, "start": start, "stop": stop})
        event._store({"recurrency": True, "start": start, "stop": stop})

    def _of_series(self, update: str) -> Self:
        """Return the events that an update is for."""
        if update not in (_ALL, _FOLLOWING) or not self.recurrence_id:
            return self
        events = self.recurrence_id._events()
        if update == _FOLLOWING:
            first = min(self.mapped("start"))
            events = events.filtered(lambda event: event.start >= first)
        return self | self.browse(events.ids)

    def _in_series(self, vals: Mapping[str, Any]) -> tuple[Self, dict[str, Any]]:
        """Return the other events of a series that a change is for, and the values to write into each of them.

        New times of all events move them by as much; a changed time of a single event takes it out of the rule.
        """
        own = {name: value for name, value in vals.items() if name not in self._series_fields()}
        update = vals.get("recurrence_update", "self_only")
        rule = {name: vals[name] for name in RULE_FIELDS if name in vals}
        for event in self:
            if vals.get("recurrency") and not event.recurrence_id:
                event._begin_series(vals)
            elif vals.get("recurrency") is False and event.recurrence_id and update in (_ALL, _FOLLOWING):
                event._end_series()
        if not self.recurrence_id:
            return self.browse(), own
        timed = any(name in own for name in TIMES)
        if update not in (_ALL, _FOLLOWING):
            return self.browse(), {**own, "follow_recurrence": False} if timed else own
        others = self._of_series(update) - self
        if timed and "start" in own:
            others._move_by(self[:1], own)
            others = self.browse()
        if rule and update == _ALL:
            self.recurrence_id.sudo().write(rule)
            self.recurrence_id.sudo()._apply()
        return others.exists(), own

    def _move_by(self, event: Recordset, vals: Mapping[str, Any]) -> None:
        """Move events by as much as one of their series is moved."""
        distance = parsed(str(vals["start"])) - parsed(event.start)
        length = parsed(str(vals["stop"])) - parsed(str(vals["start"])) if vals.get("stop") else None
        rest = {name: value for name, value in vals.items() if name not in TIMES}
        for other in self:
            start = parsed(other.start) + distance
            stop = start + (length if length is not None else parsed(other.stop) - parsed(other.start))
            times = {"start": start.strftime(DATETIME_FORMAT), "stop": stop.strftime(DATETIME_FORMAT)}
            other._store({**rest, **times})

    def _end_series(self) -> None:
        """Keep this event alone: those after it are deleted, those before it stay a series."""
        series = self.recurrence_id
        later = series._events().filtered(lambda one: one.start > self.start)
        self._store({"recurrency": False, "recurrence_id": False})
        self.browse(later.ids).unlink()
        series.sudo().write({"end_type": "end_date", "until": day_after(self.start, -1)})

    def action_mass_deletion(self, recurrence_update_setting: str) -> None:
        """Delete all events of a series, or those that follow; nothing for a single one."""
        if recurrence_update_setting == _ALL:
            series = self.recurrence_id
            self.browse(series._events().ids).unlink()
            series.sudo().unlink()
        elif recurrence_update_setting == _FOLLOWING:
            series, first = self.recurrence_id, self.start
            self._of_series(_FOLLOWING).unlink()
            series.sudo().write({"end_type": "end_date", "until": day_after(first, -1)})

    def action_mass_archive(self, recurrence_update_setting: str) -> None:
        """Archive this event, those that follow, or all of the series."""
        self._of_series(recurrence_update_setting).write({"active": False})
