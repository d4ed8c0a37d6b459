"""A time clock reports who came and who went, and reads the hours."""

from __future__ import annotations

import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.stories.conftest import Story

GREETING = "hr_attendance.hr_attendance_action_kiosk_mode"


@pytest.fixture
def fixtures() -> list[str]:
    return ["hr_attendance"]


@pytest.fixture
def ann(story: Story) -> Any:
    return story.create("hr.employee", name="Ann", pin="1234", barcode="041123", tz="Europe/Brussels")


def told(story: Story, when: str) -> str:
    """A moment as errors tell it: in the zone of the user."""
    zone = ZoneInfo(story.env.context.get("tz") or "UTC")
    moment = datetime.datetime.fromisoformat(f"{when}+00:00").astimezone(zone)
    return moment.strftime(story.by_version({14: "%m/%d/%Y %H:%M:%S", 19: "%m/%d/%Y %I:%M:%S %p"}))


def test_coming_and_going(story: Story, ann: Any) -> None:
    assert (ann.attendance_state, ann.last_attendance_id.ids) == ("checked_out", [])
    came = story.create("hr.attendance", employee_id=ann.id, check_in="2024-05-17 06:00:00")
    assert story.read(ann, "attendance_state", "hours_today") == ("checked_in", 6.0)  # it is noon
    came.check_out = datetime.datetime(2024, 5, 17, 11, 30)
    assert story.read(ann, "attendance_state", "last_check_out", "hours_today") == (
        "checked_out", "2024-05-17 11:30:00", 5.5,
    )  # fmt: skip
    # Brussels is at lunch from 12 to 13 o'clock, 10 to 11 in UTC; the break counts as work until 16
    assert story.read(came, "worked_hours") == story.by_version({14: 5.5, 17: 4.5})


def test_nobody_comes_twice(story: Story, ann: Any) -> None:
    first = story.create("hr.attendance", employee_id=ann.id, check_in="2024-05-17 06:00:00")
    since = told(story, "2024-05-17 06:00:00")
    with story.refused(f"for Ann, the employee hasn't checked out since {since}", "ValidationError"):
        story.env["hr.attendance"].create({"employee_id": ann.id, "check_in": "2024-05-17 08:00:00"})
    first.check_out = "2024-05-17 11:00:00"
    on = told(story, "2024-05-17 08:00:00")
    for check_out in ({"check_out": "2024-05-17 09:00:00"}, {}):
        with story.refused(f"for Ann, the employee was already checked in on {on}", "ValidationError"):
            story.env["hr.attendance"].create({"employee_id": ann.id, "check_in": "2024-05-17 08:00:00", **check_out})
    assert story.env["hr.attendance"].search([]) == first.ids


def test_who_goes_came_before(story: Story, ann: Any) -> None:
    with story.refused('"Check Out" time cannot be earlier than "Check In" time.', "ValidationError"):
        story.env["hr.attendance"].create(
            {"employee_id": ann.id, "check_in": "2024-05-17 06:00:00", "check_out": "2024-05-17 05:00:00"}
        )
    with story.refused("You cannot duplicate an attendance.", "UserError"):
        story.create("hr.attendance", employee_id=ann.id, check_in="2024-05-17 06:00:00").copy()


def test_times_are_utc_without_a_zone(story: Story, ann: Any) -> None:
    refused = story.by_version(
        {14: "invalid input syntax for type timestamp", 16: "does not match format '%Y-%m-%d %H:%M:%S'"}
    )
    with story.refused(refused):
        story.env["hr.attendance"].create({"employee_id": ann.id, "check_in": "2024-05-17T06:00:00Z"})


def test_hours_by_day(story: Story, ann: Any) -> None:
    for day, stop in ((13, 14), (14, 14), (14, 20)):
        start = stop - 6
        times = {"check_in": f"2024-05-{day} {start:02d}:00:00", "check_out": f"2024-05-{day} {stop:02d}:00:00"}
        story.create("hr.attendance", employee_id=ann.id, **times)
    groups = story.env["hr.attendance"].read_group(
        [("employee_id", "=", ann.id)], ["worked_hours:sum"], ["check_in:day"]
    )
    assert [(group["check_in:day"], group["worked_hours"]) for group in groups] == story.by_version(
        {14: [("13 May 2024", 6.0), ("14 May 2024", 12.0)], 17: [("13 May 2024", 5.0), ("14 May 2024", 11.0)]}
    )
    # the month before this one until 16, this month since 17
    assert story.read(ann, "hours_last_month") == story.by_version({14: 0.0, 17: 16.0})
    story.server.clock.freeze("2024-06-03 12:00:00")
    assert story.read(ann, "hours_last_month") == story.by_version({14: 18.0, 17: 0.0})


@pytest.mark.parametrize("profile", ["odoo-14.0", "odoo-16.0"])
def test_the_clock_of_until_16_calls_a_method(story: Story, ann: Any) -> None:
    shown = ann.attendance_manual(GREETING)["action"]
    assert (shown["employee_name"], shown["previous_attendance_change_date"]) == ("Ann", False)
    assert (shown["attendance"]["check_in"], shown["attendance"]["check_out"]) == ("2024-05-17 12:00:00", False)
    story.server.clock.tick(3 * 3600)
    shown = story.env["hr.employee"].attendance_scan("041123")["action"]
    assert shown["attendance"]["check_out"] == "2024-05-17 15:00:00"
    assert story.read(ann, "attendance_state", "hours_today") == ("checked_out", 3.0)
    assert story.env["hr.employee"].attendance_scan("0000") == {
        "warning": "No employee corresponding to Badge ID '0000.'"
    }


@pytest.mark.parametrize("profile", ["odoo-14.0", "odoo-16.0"])
def test_employees_come_by_their_own_user_and_others_by_the_pin(story: Story, ann: Any) -> None:
    user = story.server.user("ann", groups=["base.group_user", "hr_attendance.group_hr_attendance"])
    ann.user_id = user.uid
    bob = story.create("hr.employee", name="Bob", pin="77")
    story.odoo.login(story.server.db, "ann", "ann")
    call = story.odoo.env["hr.employee"].attendance_manual
    assert call([ann.id], GREETING)["action"]["employee_name"] == "Ann"
    assert "you must have access right as an Officer" in call([bob.id], GREETING)["warning"]
    assert call([bob.id], GREETING, "77")["action"]["employee_name"] == "Bob"


@pytest.mark.parametrize("profile", ["odoo-17.0", "odoo-18.0", "odoo-19.0"])
def test_the_method_is_gone_in_17(story: Story, ann: Any) -> None:
    with story.refused("The method 'hr.employee.attendance_manual' does not exist", "AttributeError"):
        ann.attendance_manual(GREETING)


def test_a_badge_belongs_to_one_employee(story: Story, ann: Any) -> None:
    with story.refused("The Badge ID must be unique", "ValidationError"):
        story.env["hr.employee"].create({"name": "Bob", "barcode": "041123"})
    with story.refused("The PIN must be a sequence of digits.", "ValidationError"):
        ann.pin = "12a4"
