"""calendar.event: series of events, and changes of one, of those that follow, or of all.

Names, places and the like are written into the events.  New times or a new rule make a new series: of all events by the
first one, moved as much as the event that is changed; of those that follow by that event, and the old series ends
before it.  The events that the new series takes the place of are archived.

Source: recorded in flow-calendar-1 (17.0); read in the source of calendar (18.0), inferred for other versions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.calendar.calendar_event import parsed
from mockserver.addons.calendar.calendar_recurrence import RULE_FIELDS, WEEKDAYS
from mockserver.clock import DATETIME_FORMAT
from mockserver.errors import UserError

if TYPE_CHECKING:
    from typing_extensions import Self

_ALL, _FOLLOWING = "all_events", "future_events"
_LAST_WEEKS = 4  # the fourth and the fifth Monday count as the last one of a month
_MOMENTS = ("start", "stop", "start_date", "stop_date")


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
        """Make a series of an event, which is archived if the rule does not meet it."""
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

    def _write_in_series(self, vals: Mapping[str, Any]) -> tuple[Self, dict[str, Any]]:
        """Change series, and return the events into which values remain to be written, and these values.

        Raises UserError for a rule that is written into one event of a series.
        """
        own = {name: value for name, value in vals.items() if name not in self._series_fields()}
        rule = {name: vals[name] for name in RULE_FIELDS if name in vals}
        update = vals.get("recurrence_update")
        whole = update in (_ALL, _FOLLOWING) and len(self) == 1 and bool(self.recurrence_id)
        if rule and not whole and not vals.get("recurrency"):
            raise UserError(self.env._('Unable to save the recurrence with "This Event"'))
        if whole:
            return self._write_whole_series(update == _ALL, own, rule)
        if update not in (_ALL, _FOLLOWING) and any(name in own for name in _MOMENTS):
            own.setdefault("follow_recurrence", False)
        if vals.get("recurrency"):
            for event in self.filtered(lambda event: not event.recurrence_id):
                event._begin_series(vals)
        return self, own

    def _write_whole_series(
        self, every: bool, own: dict[str, Any], rule: dict[str, Any]
    ) -> tuple[Self, dict[str, Any]]:
        series = self.recurrence_id.sudo()
        if own.get("recurrency") is False:
            self._end_series(every)
            return self.browse(), {}
        moments = {name: own.pop(name) for name in _MOMENTS if name in own}
        if every or self.id == series.base_event_id.id:
            if moments or rule:
                self._rewrite_series(own, moments, rule)
                return self.browse(), {}
            return self.browse(series._events().ids), own
        previous = self._rule_from(moments, self._moved(self, moments))
        following = self.browse(series._stop_at(self).ids)
        (following - self)._store({"active": False})
        self._store_moved(own, self._moved(self, moments))
        self._begin_series({**previous, "count": len(following), **rule})
        return self.browse(), {}

    def _rewrite_series(self, own: dict[str, Any], moments: dict[str, Any], rule: dict[str, Any]) -> None:
        """Make a new series in the place of this event's; its first event stays, the others are archived."""
        series = self.recurrence_id.sudo()
        base = self.browse(series.base_event_id.id) or self
        moved = self._moved(base, moments)
        previous = self._rule_from(moments, {"start": base.start, **moved})
        self.browse(series._detach(series._events()).ids)._store({"active": False})
        series.unlink()
        base._store({"active": True})
        base._store_moved(own, moved)
        base._begin_series({**previous, **rule})

    def _rule_from(self, moments: Mapping[str, Any], first: Mapping[str, Any]) -> dict[str, Any]:
        """Return the rule of this event's series, which is moved by new times to begin with the event `first`."""
        series, model = self.recurrence_id, self.recurrence_id._model
        rule = {name: series[name] for name in RULE_FIELDS if name in model.fields and name != "rrule"}
        names = WEEKDAYS if WEEKDAYS[0] in model.fields else tuple(day[:2] for day in WEEKDAYS)
        before, after = parsed(self.start), parsed(str(moments.get("start") or self.start))
        if before.weekday() != after.weekday():
            rule[names[before.weekday()]] = False
        day = parsed(str(first.get("start") or self.start))
        week = (day.day + 6) // 7
        rule[names[day.weekday()]] = True
        byday = str(week if week < _LAST_WEEKS else -1)
        return {**rule, "weekday": names[day.weekday()].upper(), "byday": byday, "day": day.day}

    def _moved(self, event: Self, moments: Mapping[str, Any]) -> dict[str, Any]:
        """Return the times of an event that is moved as much as this one, from the times that this one is given."""
        start, stop = (moments.get(name) for name in ("start", "stop"))
        if not start and not stop:
            return dict(moments)
        distance = parsed(str(start)) - parsed(self.start) if start else parsed(str(stop)) - parsed(self.stop)
        until = parsed(str(stop)) - parsed(self.stop) if stop else distance
        begin, end = parsed(event.start) + distance, parsed(event.stop) + until
        times = {"start": begin.strftime(DATETIME_FORMAT), "stop": end.strftime(DATETIME_FORMAT)}
        days = {"start_date": times["start"][:10], "stop_date": times["stop"][:10]} if event.allday else {}
        return {**times, **days}

    def _store_moved(self, own: Mapping[str, Any], moved: Mapping[str, Any]) -> None:
        """Write values and times; who is invited answers anew where the times change."""
        self._store({**own, **moved, **(self._times({**own, **moved}) if moved else {}), **moved})
        if "partner_ids" in own:
            self._invite()
        if moved:
            mine = self.env.user.partner_id
            for attendee in self.attendee_ids:
                attendee.write({"state": "accepted" if attendee.partner_id == mine else "needsAction"})

    def _end_series(self, every: bool) -> None:
        """Keep this event alone: those after it are deleted, those before it stay a series unless it is ended whole."""
        series = self.recurrence_id.sudo()
        gone = series._detach(series._events()) if every else series._stop_at(self)
        if every:
            series.unlink()
        self.browse(gone.ids).filtered(lambda event: event.id != self.id).unlink()

    def action_mass_deletion(self, recurrence_update_setting: str) -> None:
        """Delete all events of a series, or those that follow; nothing for a single one."""
        self.ensure_one()
        series = self.recurrence_id
        if recurrence_update_setting not in (_ALL, _FOLLOWING) or not series:
            return
        gone = self._of_series(recurrence_update_setting)
        if recurrence_update_setting == _ALL:
            series.sudo().unlink()
        gone.unlink()
        series.exists().sudo()._choose_base()

    def action_mass_archive(self, recurrence_update_setting: str) -> None:
        """Archive this event, those that follow, or all of the series; a series ends before those that follow."""
        self.ensure_one()
        series = self.recurrence_id.sudo()
        if recurrence_update_setting == _FOLLOWING and series:
            self.browse(series._stop_at(self).ids)._store({"active": False})
        else:
            self._of_series(recurrence_update_setting)._store({"active": False})
