"""A calendar program books meetings: attendees answer, series are changed from one day on."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from tests.stories.conftest import Story


@pytest.fixture
def fixtures() -> list[str]:
    return ["calendar"]


@pytest.fixture
def guests(story: Story) -> list[Any]:
    return [story.create("res.partner", name=name, email=f"{name}@meet.example".lower()) for name in ("Ann", "Bob")]


def meeting(story: Story, **values: Any) -> Any:
    times = {"start": "2024-06-03 08:00:00", "stop": "2024-06-03 09:00:00"}
    return story.create("calendar.event", **{"name": "Review", **times, **values})


def weekly(story: Story) -> Any:
    rule = {"rrule_type": "weekly", "interval": 1, "end_type": "count", "count": 4, "event_tz": "Europe/Brussels"}
    return meeting(story, recurrency=True, **rule, **{story.by_version({14: "mo", 16: "mon"}): True})


def starts(story: Story) -> list[str]:
    return [row["start"] for row in story.env["calendar.event"].search_read([], ["start"], order="start")]


def test_guests_answer(story: Story, guests: list[Any]) -> None:
    ann, bob = guests
    event = meeting(story, partner_ids=[(6, 0, [ann.id])])
    event.partner_ids += bob
    event = story.record("calendar.event", event.id)
    assert [(one.email, one.state) for one in event.attendee_ids] == [
        ("ann@meet.example", "needsAction"), ("bob@meet.example", "needsAction"),
    ]  # fmt: skip
    first, second = event.attendee_ids
    first.do_accept()
    second.do_decline()
    assert [one.state for one in story.record("calendar.event", event.id).attendee_ids] == ["accepted", "declined"]
    if story.version >= 17:
        assert story.read(event, "accepted_count", "declined_count") == (1, 1)
    event.partner_ids -= bob
    assert [one.partner_id for one in story.record("calendar.event", event.id).attendee_ids] == [ann]


def test_a_meeting_is_moved_and_keeps_its_length(story: Story) -> None:
    event = meeting(story)
    event.start = datetime.datetime(2024, 6, 4, 8, 30)
    assert story.read(event, "start", "stop", "duration") == ("2024-06-04 08:30:00", "2024-06-04 09:30:00", 1.0)
    with story.refused(
        "The ending date and time cannot be earlier than the starting date and time.", "ValidationError"
    ):
        event.stop = "2024-06-04 07:00:00"


def test_a_whole_day(story: Story) -> None:
    event = meeting(story, allday=True, start_date="2024-06-05", stop_date="2024-06-06")
    assert story.read(event, "start", "stop", "start_date", "stop_date") == (
        "2024-06-05 08:00:00", "2024-06-06 18:00:00", "2024-06-05", "2024-06-06",
    )  # fmt: skip
    found = story.env["calendar.event"].search([("start", "<", "2024-06-06"), ("stop", ">", "2024-06-05")])
    assert found == event.ids


def test_a_series_is_moved_from_one_day_on(story: Story) -> None:
    weekly(story)
    assert starts(story) == [f"2024-06-{day:02d} 08:00:00" for day in (3, 10, 17, 24)]
    _, _, third, _ = story.env["calendar.event"].search([], order="start")
    times = {"start": "2024-06-18 10:00:00", "stop": "2024-06-18 11:00:00"}
    story.env["calendar.event"].write([third], {**times, "recurrence_update": "future_events"})
    assert starts(story) == [
        "2024-06-03 08:00:00", "2024-06-10 08:00:00", "2024-06-18 10:00:00", "2024-06-25 10:00:00",
    ]  # fmt: skip
    old, new = story.record("calendar.recurrence", story.env["calendar.recurrence"].search([], order="id"))
    assert story.read(old, "end_type", "until") == ("end_date", "2024-06-15")
    assert (len(old.calendar_event_ids), new.name) == (2, "Every 1 Weeks on Tuesday for 2 events")


def test_one_meeting_of_a_series_is_moved_or_called_off(story: Story) -> None:
    weekly(story)
    first, second, third, _ = story.env["calendar.event"].search([], order="start")
    times = {"start": "2024-06-11 08:00:00", "stop": "2024-06-11 09:00:00"}
    story.env["calendar.event"].write([second], {**times, "recurrence_update": "self_only"})
    assert story.read(story.record("calendar.event", second), "follow_recurrence") is False
    story.env["calendar.event"].unlink([third])
    assert starts(story) == ["2024-06-03 08:00:00", "2024-06-11 08:00:00", "2024-06-24 08:00:00"]
    story.env["calendar.event"].action_mass_deletion([first], "all_events")
    assert starts(story) == []


def test_the_clock_of_the_zone_counts_when_summer_time_ends(story: Story) -> None:
    rule = {"rrule_type": "weekly", "interval": 1, "end_type": "count", "count": 2, "event_tz": "Europe/Brussels"}
    day = story.by_version({14: "mo", 16: "mon"})
    times = {"start": "2024-10-21 08:00:00", "stop": "2024-10-21 09:00:00"}
    meeting(story, **times, recurrency=True, **rule, **{day: True})
    assert starts(story) == ["2024-10-21 08:00:00", "2024-10-28 09:00:00"]
