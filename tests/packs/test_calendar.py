"""Calendars: rules of series against a walk over days, times, attendees, series and private events."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from mockserver import MockServer
from mockserver.addons.calendar.rrule import Rule
from mockserver.errors import UserError, ValidationError
from mockserver.orm.records.environment import Environment, Recordset

START = datetime(2024, 1, 31, 9, 30)
days_of_week = st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days)))


@pytest.fixture(scope="module", params=["odoo-14.0", "odoo-17.0", "odoo-18.0", "odoo-19.0"])
def odoo(request: pytest.FixtureRequest) -> Iterator[MockServer]:
    with MockServer(profile=request.param, fixtures=["calendar"], demo=False) as server:
        yield server


@pytest.fixture
def env(odoo: MockServer) -> Iterator[Environment]:
    with odoo.snapshot():
        yield odoo.env


def walked(rule: Rule, count: int) -> list[datetime]:
    """Return the first moments by asking of every day whether it has an event."""
    found: list[datetime] = []
    moment = START
    first_week = START.date() - timedelta(days=(START.weekday() - rule.first_day) % 7)
    while len(found) < count:
        day = moment.date()
        months = (day.year - START.year) * 12 + day.month - START.month
        if rule.kind == "daily":
            hit = (day - START.date()).days % rule.interval == 0
        elif rule.kind == "weekly":
            hit = (day - first_week).days // 7 % rule.interval == 0 and day.weekday() in rule.days
        elif rule.nth:
            last = monthrange(day.year, day.month)[1]
            which = (day.day - 1) // 7 + 1 if rule.nth > 0 else -((last - day.day) // 7 + 1)
            hit = months % rule.interval == 0 and day.weekday() == rule.days[0] and which == rule.nth
        else:
            hit = months % rule.interval == 0 and day.day == rule.month_day
        if hit:
            found.append(moment)
        moment += timedelta(days=1)
    return found


@given(
    st.one_of(
        st.builds(Rule, st.just("daily"), st.integers(1, 9)),
        st.builds(Rule, st.just("weekly"), st.integers(1, 4), days_of_week),
        st.builds(Rule, st.just("monthly"), st.integers(1, 4), month_day=st.integers(1, 31)),
        st.builds(
            Rule, st.just("monthly"), st.integers(1, 4), st.integers(0, 6).map(lambda day: (day,)),
            nth=st.sampled_from([1, 2, 3, 4, -1]),
        ),
    )
)  # fmt: skip
def test_a_rule_is_what_a_walk_over_all_days_finds(rule: Rule) -> None:
    assert Rule(**{**rule.__dict__, "count": 5}).moments(START) == walked(rule, 5)


def test_a_rule_as_text() -> None:
    assert Rule("weekly", 2, (0, 2), count=4).text() == "FREQ=WEEKLY;INTERVAL=2;WKST=SU;COUNT=4;BYDAY=MO,WE"
    assert Rule("monthly", days=(4,), nth=-1).text() == "FREQ=MONTHLY;BYDAY=-1FR"


def event(env: Environment, **values: object) -> Recordset:
    times = {"start": "2024-06-10 08:00:00", "stop": "2024-06-10 09:00:00"}
    made: Recordset = env["calendar.event"].create({"name": "Talk", **times, **values})
    return made


def test_the_duration_stays_when_an_event_is_moved(env: Environment) -> None:
    talk = event(env)
    talk.write({"start": "2024-06-11 10:00:00"})
    assert (talk.stop, talk.duration) == ("2024-06-11 11:00:00", 1.0)
    talk.write({"duration": 0.5})
    assert talk.stop == "2024-06-11 10:30:00"


def test_an_event_does_not_end_before_it_starts(env: Environment) -> None:
    talk = event(env)
    with pytest.raises(ValidationError, match="cannot be earlier"):
        talk.write({"stop": "2024-06-10 07:00:00"})
    assert (talk.stop, talk.duration) == ("2024-06-10 09:00:00", 1.0)


def test_attendees_follow_the_contacts(env: Environment) -> None:
    ann, bob = (env["res.partner"].create({"name": name, "email": f"{name}@meet.example"}) for name in ("Ann", "Bob"))
    talk = event(env, partner_ids=[(6, 0, [ann.id])])
    talk.attendee_ids.do_accept()
    talk.write({"partner_ids": [(4, bob.id)]})
    assert {one.partner_id.name: one.state for one in talk.attendee_ids} == {"Ann": "accepted", "Bob": "needsAction"}
    talk.write({"partner_ids": [(3, ann.id)]})
    assert talk.attendee_ids.partner_id == bob


def weekly(env: Environment, count: int = 4) -> Recordset:
    day = "mo" if "mo" in env["calendar.event"]._model.fields else "mon"
    made = event(env, recurrency=True, rrule_type="weekly", interval=1, end_type="count", count=count, **{day: True})
    series: Recordset = made.recurrence_id
    return series


def test_a_series_has_its_events(env: Environment) -> None:
    events = weekly(env).calendar_event_ids.sorted("start")
    assert [start[:10] for start in events.mapped("start")] == ["2024-06-10", "2024-06-17", "2024-06-24", "2024-07-01"]
    assert set(events.mapped("duration")) == {1.0}


def test_what_follows_is_moved_and_deleted_together(env: Environment) -> None:
    series = weekly(env)
    first, second, *_ = series.calendar_event_ids.sorted("start")
    second.write({"recurrence_update": "future_events", "location": "Hall"})
    assert (series.calendar_event_ids, series.end_type, series.until) == (first, "end_date", "2024-06-15")
    later = second.recurrence_id
    assert later.calendar_event_ids.mapped("location") == ["Hall", "Hall", "Hall"]
    assert later.name == "Every 1 Weeks on Monday for 3 events"
    later.calendar_event_ids.sorted("start")[1].action_mass_deletion("future_events")
    assert later.calendar_event_ids == second


def test_all_events_are_moved_as_much_as_one_of_them_and_answered_anew(env: Environment) -> None:
    ann = env["res.partner"].create({"name": "Ann", "email": "ann@meet.example"})
    series = weekly(env, 3)
    first, second, third = series.calendar_event_ids.sorted("start")
    third.write({"name": "Apart", "start": "2024-06-24 15:00:00", "stop": "2024-06-24 16:00:00"})
    first.write({"partner_ids": [(4, ann.id)]})
    first.attendee_ids.filtered(lambda one: one.partner_id == ann).do_accept()
    second.write(
        {
            "recurrence_update": "all_events",
            "start": "2024-06-18 10:00:00",
            "stop": "2024-06-18 10:30:00",
            "name": "New",
        }
    )
    assert not series.exists()
    assert not second.active
    events = first.recurrence_id.calendar_event_ids.sorted("start")
    assert events.mapped("start") == [f"2024-06-{day} 10:00:00" for day in (11, 18, 25)]
    assert set(events.mapped("stop")) == {f"2024-06-{day} 10:30:00" for day in (11, 18, 25)}
    assert set(events.mapped("name")) == {"New"}
    assert first.recurrence_id.name == "Every 1 Weeks on Tuesday for 3 events"
    assert first.attendee_ids.filtered(lambda one: one.partner_id == ann).state == "needsAction"


def test_a_rule_is_changed_for_all_events_and_not_for_one(env: Environment) -> None:
    first = weekly(env, 2).calendar_event_ids.sorted("start")[0]
    with pytest.raises(UserError, match='Unable to save the recurrence with "This Event"'):
        first.write({"interval": 2})
    first.write({"recurrence_update": "all_events", "interval": 2, "count": 3})
    starts = first.recurrence_id.calendar_event_ids.sorted("start").mapped("start")
    assert [start[:10] for start in starts] == ["2024-06-10", "2024-06-24", "2024-07-08"]


def test_an_event_that_its_rule_does_not_meet_is_archived(env: Environment) -> None:
    day = "fr" if "mo" in env["calendar.event"]._model.fields else "fri"
    rule = {"rrule_type": "weekly", "interval": 1, "end_type": "count", "count": 2, day: True}
    made = event(env, recurrency=True, **rule)
    assert (made.active, made.recurrence_id.id) == (False, False)
    assert env["calendar.event"].search([("name", "=", "Talk")]).mapped("start") == [
        "2024-06-21 08:00:00",
        "2024-06-14 08:00:00",
    ]


def test_a_series_is_ended_with_this_event_or_whole(env: Environment) -> None:
    series = weekly(env)
    first, second, *_ = series.calendar_event_ids.sorted("start")
    second.write({"recurrence_update": "future_events", "recurrency": False})
    assert (series.calendar_event_ids, second.recurrence_id.id, second.recurrency) == (first, False, False)
    assert env["calendar.event"].search_count([("name", "=", "Talk")]) == 2


def test_the_user_answers_for_all_events_of_a_series(env: Environment) -> None:
    first = weekly(env, 2).calendar_event_ids.sorted("start")[0]
    assert first.change_attendee_status("declined", "all_events") is True
    assert set(first.recurrence_id.calendar_event_ids.attendee_ids.mapped("state")) == {"declined"}


def test_a_series_without_a_day_leaves_no_trace(env: Environment) -> None:
    with pytest.raises(UserError, match="at least one day in the week"):
        event(env, recurrency=True, rrule_type="weekly", end_type="count", count=2)
    assert not env["calendar.event"].search_count([("name", "=", "Talk")])


def test_others_see_of_a_private_event_that_somebody_is_busy(odoo: MockServer, env: Environment) -> None:
    talk = event(env, privacy="private", location="Room 2")
    other = odoo.user("looker", groups=["base.group_user"])
    (row,) = talk.with_user(other.uid).read(["name", "location", "start"])
    assert (row["name"], row["location"], row["start"]) == ("Busy", False, "2024-06-10 08:00:00")


def test_an_event_of_19_without_privacy_has_that_of_its_organizers_calendar() -> None:
    env = MockServer(profile="odoo-19.0", fixtures=["calendar"]).env
    talk = event(env)
    assert (talk.privacy, talk.effective_privacy) == (False, "public")
    talk.write({"privacy": "confidential"})
    assert talk.effective_privacy == "confidential"
