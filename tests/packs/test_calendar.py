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
    assert series.calendar_event_ids.sorted("start").mapped("location") == [False, "Hall", "Hall", "Hall"]
    second.action_mass_deletion("future_events")
    assert series.calendar_event_ids == first


def test_a_series_without_a_day_leaves_no_trace(env: Environment) -> None:
    with pytest.raises(UserError, match="at least one day in the week"):
        event(env, recurrency=True, rrule_type="weekly", end_type="count", count=2)
    assert not env["calendar.event"].search_count([("name", "=", "Talk")])


def test_others_see_of_a_private_event_that_somebody_is_busy(odoo: MockServer, env: Environment) -> None:
    talk = event(env, privacy="private", location="Room 2")
    other = odoo.user("looker", groups=["base.group_user"])
    (row,) = talk.with_user(other.uid).read(["name", "location", "start"])
    assert (row["name"], row["location"], row["start"]) == ("Busy", False, "2024-06-10 08:00:00")
