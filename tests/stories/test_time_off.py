"""A suite of the personnel office books time off: allocated, asked for, approved in two steps, refused, given back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.stories.conftest import Story


@pytest.fixture
def fixtures() -> list[str]:
    return ["hr_holidays"]


@pytest.fixture
def ann(story: Story) -> Any:
    return story.create("hr.employee", name="Ann", tz="Europe/Brussels")


@pytest.fixture
def holidays(story: Story) -> Any:
    """A type that gives only what was allocated, and is approved in two steps."""
    by_version: dict[int, dict[str, Any]] = {
        14: {"allocation_type": "fixed_allocation"},
        16: {"requires_allocation": "yes", "allocation_validation_type": "officer"},
        18: {"requires_allocation": "yes", "allocation_validation_type": "hr"},
        19: {"requires_allocation": True, "allocation_validation_type": "hr"},
    }
    return story.create("hr.leave.type", name="Holidays", leave_validation_type="both", **story.by_version(by_version))


def allocate(story: Story, employee: Any, kind: Any, days: float) -> Any:
    """Allocate days, and approve them as each version does."""
    start = {} if story.version < 15 else {"date_from": "2024-01-01"}
    values = {"name": "2024", "employee_id": employee.id, "holiday_status_id": kind.id, "number_of_days": days}
    made = story.create("hr.leave.allocation", **values, **start)
    if story.version == 16:
        made.action_confirm()
    getattr(made, story.by_version({14: "action_approve", 16: "action_validate", 18: "action_approve"}))()
    return made


def ask(story: Story, employee: Any, kind: Any, first: str, last: str, **values: Any) -> Any:
    if story.version < 15:  # which does not know the working time of days before the form computes it
        values = {"date_from": f"{first} 06:00:00", "date_to": f"{last} 15:00:00", **values}
    return story.create(
        "hr.leave", employee_id=employee.id, holiday_status_id=kind.id,
        request_date_from=first, request_date_to=last, **values,
    )  # fmt: skip


def balance(story: Story, employee: Any, kind: Any) -> tuple[float, float, float]:
    """What is allocated, what is taken, and what is left if all that is asked for is taken."""
    kinds = story.env["hr.leave.type"].with_context(employee_id=employee.id)
    (row,) = kinds.read(kind.ids, ["max_leaves", "leaves_taken", "virtual_remaining_leaves"])
    return row["max_leaves"], row["leaves_taken"], row["virtual_remaining_leaves"]


def approve(story: Story, leave: Any) -> None:
    """Approve a request twice; since 19.0 who may do both does so at once."""
    leave.action_approve()
    assert story.read(leave, "state") == story.by_version({14: "validate1", 19: "validate"})
    if story.version < 19:
        leave.action_validate()


def test_nothing_is_taken_that_was_not_allocated(story: Story, ann: Any, holidays: Any) -> None:
    none = story.by_version(
        {14: "There is no valid allocation to cover that request.", 19: "You do not have any allocation for this"}
    )
    with story.refused(none, "ValidationError"):
        ask(story, ann, holidays, "2024-06-03", "2024-06-04")
    assert allocate(story, ann, holidays, 5).number_of_days == 5.0
    with story.refused("There is no valid allocation to cover that request.", "ValidationError"):
        ask(story, ann, holidays, "2024-06-03", "2024-06-10")  # six days
    assert balance(story, ann, holidays) == (5.0, 0.0, 5.0)


def test_a_request_is_approved_twice_and_changes_the_balance(story: Story, ann: Any, holidays: Any) -> None:
    allocate(story, ann, holidays, 10)
    leave = ask(story, ann, holidays, "2024-06-03", "2024-06-07", name="Sea")
    assert (leave.state, leave.number_of_days, leave.name) == ("confirm", 5.0, "Sea")
    assert balance(story, ann, holidays) == (10.0, 0.0, 5.0)

    approve(story, leave)
    assert story.read(leave, "state") == "validate"
    assert balance(story, ann, holidays) == (10.0, 5.0, 5.0)
    kinds = story.env["hr.leave.type"].with_context(employee_id=ann.id)
    assert kinds.read(holidays.ids, ["display_name"])[0]["display_name"] == "Holidays (5 remaining out of 10 days)"
    assert story.read(ann, "allocation_count") == 10.0
    if story.version < 19:
        assert story.read(ann, "remaining_leaves", "leaves_count") == (5.0, 5.0)
    absences = story.env["resource.calendar.leaves"].search_read([("holiday_id", "=", leave.id)], ["resource_id"])
    assert [row["resource_id"][1] for row in absences] == ["Ann"]
    again = story.by_version({14: "must be confirmed", 19: "You cannot approve this leave."})
    with story.refused(again, "UserError"):
        leave.action_approve()


def test_who_is_away_today(story: Story, ann: Any, holidays: Any) -> None:
    allocate(story, ann, holidays, 10)
    approve(story, ask(story, ann, holidays, "2024-06-03", "2024-06-07"))
    assert story.read(ann, "is_absent") is False
    story.server.clock.freeze("2024-06-04 10:00:00")
    assert story.read(ann, "is_absent", "current_leave_state", "leave_date_from") == (True, "validate", "2024-06-03")
    assert story.env["hr.employee"].search([("is_absent", "=", True)]) == ann.ids


def test_time_off_does_not_overlap(story: Story, ann: Any, holidays: Any) -> None:
    allocate(story, ann, holidays, 10)
    ask(story, ann, holidays, "2024-06-03", "2024-06-05")
    with story.refused("An employee already booked time off which overlaps with this period:", "ValidationError"):
        ask(story, ann, holidays, "2024-06-05", "2024-06-06")
    with story.refused("date", "ValidationError"):
        ask(story, ann, holidays, "2024-06-20", "2024-06-19")
    bob = story.create("hr.employee", name="Bob")
    allocate(story, bob, holidays, 10)
    assert ask(story, bob, holidays, "2024-06-05", "2024-06-06").state == "confirm"


def test_a_refusal_gives_the_days_back(story: Story, ann: Any, holidays: Any) -> None:
    allocate(story, ann, holidays, 10)
    leave = ask(story, ann, holidays, "2024-06-03", "2024-06-07")
    approve(story, leave)
    if story.version < 19:
        with story.refused("You cannot delete a time off which is in Approved state", "UserError"):
            leave.unlink()
    leave.action_refuse()
    assert (story.read(leave, "state"), balance(story, ann, holidays)) == ("refuse", (10.0, 0.0, 10.0))
    assert story.env["resource.calendar.leaves"].search_count([("holiday_id", "=", leave.id)]) == 0
    if story.version < 18:
        leave.action_draft()
        assert story.read(leave, "state") == "draft"
        leave.action_confirm()
    else:
        leave.action_reset_confirm()
    assert (story.read(leave, "state"), balance(story, ann, holidays)) == ("confirm", (10.0, 0.0, 5.0))


@pytest.mark.parametrize("profile", ["odoo-16.0", "odoo-17.0", "odoo-18.0", "odoo-19.0"])
def test_employees_give_back_their_own_time_off(story: Story, ann: Any, holidays: Any) -> None:
    allocate(story, ann, holidays, 10)
    other = ask(story, ann, holidays, "2024-06-03", "2024-06-07")
    approve(story, other)
    with story.refused("This time off cannot be canceled.", "ValidationError"):
        story.create("hr.holidays.cancel.leave", leave_id=other.id, reason="ill").action_cancel_leave()

    me = story.record("hr.employee", story.env["hr.employee"].search([("user_id", "=", story.env.uid)]))
    allocate(story, me, holidays, 10)
    leave = ask(story, me, holidays, "2024-06-03", "2024-06-07")
    with story.refused("This time off cannot be canceled.", "ValidationError"):
        story.create("hr.holidays.cancel.leave", leave_id=leave.id, reason="ill").action_cancel_leave()
    approve(story, leave)
    story.create("hr.holidays.cancel.leave", leave_id=leave.id, reason="ill").action_cancel_leave()
    assert balance(story, me, holidays) == (10.0, 0.0, 10.0)
    bodies = story.env["mail.message"].search_read([("model", "=", "hr.leave"), ("res_id", "=", leave.id)], ["body"])
    assert any("The time off has been canceled: ill" in row["body"] for row in bodies)


def test_an_allocation_that_is_used_is_kept(story: Story, ann: Any, holidays: Any) -> None:
    made = allocate(story, ann, holidays, 10)
    approve(story, ask(story, ann, holidays, "2024-06-03", "2024-06-07"))
    with story.refused("the employee has already taken leaves for it", "UserError"):
        made.action_refuse()
    with story.refused("You cannot delete an allocation request which is in", "UserError"):
        made.unlink()


def test_without_a_type_the_server_fails(story: Story, ann: Any) -> None:
    with story.refused("None", "KeyError"):
        story.env["hr.leave"].create(
            {"employee_id": ann.id, "request_date_from": "2024-06-03", "request_date_to": "2024-06-03"}
        )
