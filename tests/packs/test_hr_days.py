"""Attendances and time off: hours worked, days taken, approvals, allocations."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from mockserver import profiles
from mockserver.addons.resource.working_time import hours, without
from mockserver.clock import Clock
from mockserver.errors import UserError, ValidationError
from mockserver.orm.database import Database
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.seed import build as seed


@pytest.fixture(scope="module")
def database() -> Database:
    fixtures = ["hr_attendance", "hr_holidays"]
    return seed.build("t", profile=profiles.get("odoo-17.0"), clock=Clock(), fixtures=fixtures)


@pytest.mark.parametrize("name", ["odoo-14.0", "odoo-16.0", "odoo-18.0", "odoo-19.0"])
def test_every_generation_counts_the_days_of_a_request(name: str) -> None:
    fixtures = ["hr_attendance", "hr_holidays"]
    env = seed.build("t", profile=profiles.get(name), clock=Clock(), fixtures=fixtures).env(2)
    leave = ask(env, employee(env), kind(env), "2024-03-07", "2024-03-11")
    assert (leave.number_of_days, leave.duration_display) == (3.0, "3 days")
    leave.action_approve()
    assert leave.state == "validate"


def employee(env: Environment) -> Recordset:
    return env["hr.employee"].create({"name": "Ola"})


def kind(env: Environment, **values: Any) -> Recordset:
    model = env["hr.leave.type"]
    free: dict[str, Any] = {"allocation_type": "no"}
    if "requires_allocation" in model._model.fields:
        free = {"requires_allocation": False if model._model.fields["requires_allocation"].type == "boolean" else "no"}
    return model.create({"name": "Off", "leave_validation_type": "hr", **free, **values})


def ask(env: Environment, who: Recordset, what: Recordset, first: str, last: str) -> Recordset:
    days = {"request_date_from": first, "request_date_to": last}
    return env["hr.leave"].create({"employee_id": who.id, "holiday_status_id": what.id, **days})


def test_a_break_is_not_worked(env: Environment) -> None:
    values = {"employee_id": employee(env).id, "check_in": "2024-05-14 08:00:00", "check_out": "2024-05-14 12:15:00"}
    assert env["hr.attendance"].create(values).worked_hours == 4.0


def test_time_off_does_not_overlap_unless_refused(env: Environment) -> None:
    who, what = employee(env), kind(env)
    first = ask(env, who, what, "2024-03-04", "2024-03-06")
    with pytest.raises(ValidationError, match="Ola - from 03/04/2024 to 03/06/2024 - To Approve"):
        ask(env, who, what, "2024-03-06", "2024-03-07")
    first.action_refuse()
    assert ask(env, who, what, "2024-03-06", "2024-03-07").number_of_days == 2.0


def test_a_public_holiday_shortens_time_off_that_was_asked_for_before(env: Environment) -> None:
    leave = ask(env, employee(env), kind(env), "2024-03-06", "2024-03-08")
    holiday = env["resource.calendar.leaves"].create(
        {"name": "Holiday", "date_from": "2024-03-07 00:00:00", "date_to": "2024-03-07 23:59:59"}
    )
    assert leave.number_of_days == 2.0
    holiday.unlink()
    assert leave.number_of_days == 3.0


def test_an_allocation_gives_no_more_than_its_days(env: Environment) -> None:
    who, what = employee(env), kind(env, requires_allocation="yes")
    with pytest.raises(ValidationError, match="no valid allocation"):
        ask(env, who, what, "2024-04-08", "2024-04-09")
    values = {"holiday_status_id": what.id, "employee_id": who.id, "number_of_days": 2, "date_from": "2024-01-01"}
    allocation = env["hr.leave.allocation"].create(values)
    allocation.action_validate()
    ask(env, who, what, "2024-04-08", "2024-04-09").action_approve()
    balance = what.with_context(employee_id=who.id, default_date_from="2024-05-01")
    assert (balance.max_leaves, balance.leaves_taken, balance.virtual_remaining_leaves) == (2.0, 2.0, 0.0)
    with pytest.raises(UserError, match="already taken leaves"):
        allocation.action_refuse()


_MINUTES = st.integers(0, 600)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(_MINUTES, _MINUTES), max_size=5), st.lists(st.tuples(_MINUTES, _MINUTES), max_size=5))
def test_what_is_taken_and_what_is_left_are_the_whole(pairs: Any, holes: Any) -> None:
    spans, cuts = (_spans(given) for given in (pairs[:1], holes))
    left = without(spans, cuts)
    assert all(start < stop for start, stop, _ in left)
    assert without(left, cuts) == left
    assert hours(left) + hours(without(spans, left)) == pytest.approx(hours(spans))


def _spans(pairs: Any) -> list[Any]:
    zero = datetime(2024, 3, 4)
    return [
        (zero + timedelta(minutes=min(pair)), zero + timedelta(minutes=max(pair)), None)
        for pair in pairs
        if pair[0] != pair[1]
    ]


def days(version: str) -> Environment:
    """Return the administrator's environment of a fresh database with time off, on a day in 2024."""
    clock = Clock()
    clock.freeze("2024-05-17 12:00:00")
    found = seed.build(
        "t", profile=profiles.get(f"odoo-{version}"), clock=clock, fixtures=["hr_attendance", "hr_holidays"]
    )
    return found.env(2)


def allocate(env: Environment, who: Recordset, what: Recordset, number: float, **values: Any) -> Recordset:
    given = {"holiday_status_id": what.id, "employee_id": who.id, "number_of_days": number, "date_from": "2024-01-01"}
    return env["hr.leave.allocation"].create({**given, **values})


@pytest.mark.parametrize(
    ("version", "name", "hours"),
    [
        ("17.0", "Ola on Off: 3.00 days (03/04/2024 - 03/06/2024)", ("2.5 hours", "2.50 hours on 03/08/2024")),
        ("18.0", "Ola on Off: 3 days (03/04/2024 to 03/06/2024)", ("2:30 hours", "2:30 hours (03/08/2024)")),
        ("19.0", "Ola on Off: 3 days (03/04/2024 to 03/06/2024)", ("2:30 hours", "2:30 hours (03/08/2024)")),
    ],
)
def test_time_off_tells_its_length_as_its_version_does(version: str, name: str, hours: tuple[str, str]) -> None:
    env = days(version)
    who = employee(env)
    assert ask(env, who, kind(env), "2024-03-04", "2024-03-06").display_name == name
    by_hour = kind(env, name="Free", request_unit="hour")
    values = {"request_unit_hours": True, "request_hour_from": "9", "request_hour_to": "11.5"}
    leave = env["hr.leave"].create(
        {
            "employee_id": who.id, "holiday_status_id": by_hour.id, "request_date_from": "2024-03-08",
            "request_date_to": "2024-03-08", **values,
        }
    )  # fmt: skip
    assert (leave.duration_display, leave.display_name) == (hours[0], f"Ola on Free: {hours[1]}")


def test_in_19_overlaps_are_told_by_lines_with_a_tab() -> None:
    env = days("19.0")
    who, what = employee(env), kind(env)
    ask(env, who, what, "2024-03-04", "2024-03-06")
    with pytest.raises(ValidationError, match="this period:\n\tOla from 03/04/2024 to 03/06/2024 - To Approve"):
        ask(env, who, what, "2024-03-06", "2024-03-07")


def test_in_19_only_an_approved_allocation_covers_a_request() -> None:
    env = days("19.0")
    who, what = employee(env), kind(env, requires_allocation=True)
    allocation = allocate(env, who, what, 2)
    with pytest.raises(ValidationError, match="You do not have any allocation for this time off type"):
        ask(env, who, what, "2024-04-08", "2024-04-09")
    allocation.action_approve()
    with pytest.raises(UserError, match='Allocation must be "To Approve" in order to approve it'):
        allocation.action_approve()
    leave = ask(env, who, what, "2024-04-08", "2024-04-09")
    with pytest.raises(ValidationError, match="There is no valid allocation to cover that request"):
        ask(env, who, what, "2024-04-15", "2024-04-16")
    allocation.action_refuse()
    allocation.unlink()
    assert leave.state == "confirm"


def test_in_19_one_action_approves_and_administrators_delete_what_is_approved() -> None:
    env = days("19.0")
    leave = ask(env, employee(env), kind(env, leave_validation_type="both"), "2024-04-08", "2024-04-09")
    assert (leave.can_approve, leave.can_validate, leave.can_refuse, leave.can_cancel) == (True, True, True, False)
    leave.action_approve()
    assert (leave.state, leave.second_approver_id.name) == ("validate", "Administrator")
    with pytest.raises(UserError, match="You cannot approve this leave"):
        leave.action_approve()
    taken = env["resource.calendar.leaves"].search([("holiday_id", "=", leave.id)])
    leave.unlink()
    assert not taken.exists()


def test_in_19_the_type_says_whether_half_days_or_hours_are_asked_for() -> None:
    env = days("19.0")
    who = employee(env)
    day = {"request_date_from": "2024-03-07", "request_date_to": "2024-03-07", "employee_id": who.id}
    leaves = env["hr.leave"]
    plain = leaves.create({**day, "holiday_status_id": kind(env).id, "request_unit_half": True})
    assert (plain.request_unit_half, plain.date_to) == (False, "2024-03-07 17:00:00")
    half = kind(env, name="Half", request_unit="half_day").id
    later = {**day, "request_date_from": "2024-03-11", "request_date_to": "2024-03-12", "holiday_status_id": half}
    long = leaves.create({**later, "request_date_from_period": "pm", "request_date_to_period": "am"})
    assert (long.date_from, long.date_to) == ("2024-03-11 13:00:00", "2024-03-12 12:00:00")
    assert (long.request_unit_half, long.number_of_days) == (True, 1.0)


def test_in_18_allocations_are_approved_once_and_requests_begin_again_from_refusal() -> None:
    env = days("18.0")
    who, what = employee(env), kind(env, requires_allocation="yes", allocation_validation_type="both")
    allocation = allocate(env, who, what, 2)
    allocation.action_approve()
    assert allocation.state == "validate1"
    allocation.action_validate()
    assert allocation.state == "validate"
    with pytest.raises(UserError, match='or validated once "Second Approval"'):
        allocation.action_validate()
    leave = ask(env, who, what, "2024-04-08", "2024-04-09")
    leave.action_refuse()
    leave.action_reset_confirm()
    assert leave.state == "confirm"
    with pytest.raises(UserError, match='must be "Refused" or "Cancelled"'):
        leave.action_reset_confirm()


def test_types_of_19_are_those_of_the_companys_country_and_of_all_countries() -> None:
    env = days("19.0")
    seen = env["hr.leave.type"].search([("country_id", "!=", False)]).country_id
    assert seen <= env.company.country_id
    assert not kind(env).company_id


def test_an_allocation_is_charged_with_the_days_it_is_valid_on(env: Environment) -> None:
    who, what = employee(env), kind(env, requires_allocation="yes")
    allocate(env, who, what, 2, date_to="2024-04-09")
    allocate(env, who, what, 5, date_from="2024-04-10")
    ask(env, who, what, "2024-04-08", "2024-04-12")
    balances = env["hr.leave.allocation"].search([("employee_id", "=", who.id)], order="date_from")
    balances.action_validate()
    env["hr.leave"].search([("employee_id", "=", who.id)]).action_approve()
    assert balances.mapped("leaves_taken") == [2.0, 3.0]
    with pytest.raises(ValidationError, match="no valid allocation"):
        ask(env, who, what, "2024-04-15", "2024-04-17")
