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
