"""Who may do what with time off, and what employees, departments and types tell of it."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.errors import AccessError, UserError, ValidationError
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.seed import build as seed

_USER = "base.group_user"


def world(version: str) -> Environment:
    clock = Clock()
    clock.freeze("2024-05-15 10:00:00")  # a Wednesday
    fixtures = ["hr_attendance", "hr_holidays"]
    return seed.build("t", profile=profiles.get(f"odoo-{version}"), clock=clock, fixtures=fixtures).env(2)


def user(env: Environment, login: str, *groups: str) -> Recordset:
    name = "group_ids" if "group_ids" in env["res.users"]._model.fields else "groups_id"
    ids = [found.id for found in map(env.ref, (_USER, *groups)) if found]
    values = {"name": login, "login": login, "email": f"{login}@x.test", name: [(6, 0, ids)]}
    return env["res.users"].create(values)


def kind(env: Environment, **values: Any) -> Recordset:
    free = False if env["hr.leave.type"]._model.fields["requires_allocation"].type == "boolean" else "no"
    return env["hr.leave.type"].create({"name": "Off", "requires_allocation": free, **values})


def ask(env: Environment, who: Recordset, what: Recordset, first: str, last: str) -> Recordset:
    days = {"request_date_from": first, "request_date_to": last}
    return env["hr.leave"].create({"employee_id": who.id, "holiday_status_id": what.id, **days})


@pytest.mark.parametrize("version", ["17.0", "18.0", "19.0"])
def test_the_managers_user_approves_and_others_do_not(version: str) -> None:
    env = world(version)
    boss, ann = user(env, "boss"), user(env, "ann")
    chief = env["hr.employee"].create({"name": "Chief", "user_id": boss.id})
    who = env["hr.employee"].create({"name": "Ann", "user_id": ann.id, "parent_id": chief.id})
    assert who.leave_manager_id == boss
    leave = ask(env, who, kind(env, leave_validation_type="manager"), "2024-06-03", "2024-06-04")
    name = "can_approve" if version != "19.0" else "can_validate"
    assert (leave[name], leave.with_user(boss)[name], leave.with_user(ann)[name]) == (True, True, False)
    refused = (UserError, AccessError)
    with pytest.raises(refused, match=r"approve/refuse its own requests|You cannot approve this leave"):
        leave.with_user(ann).action_approve()
    leave.with_user(boss).action_approve()
    assert leave.state == "validate"
    assert (leave.with_user(ann).can_cancel, leave.can_cancel) == (True, False)


def test_in_19_only_an_officer_approves_what_officers_approve() -> None:
    env = world("19.0")
    boss = user(env, "boss")
    chief = env["hr.employee"].create({"name": "Chief", "user_id": boss.id})
    who = env["hr.employee"].create({"name": "Ann", "parent_id": chief.id})
    leave = ask(env, who, kind(env, leave_validation_type="hr"), "2024-06-03", "2024-06-04")
    assert (leave.with_user(boss).can_validate, leave.with_user(boss).can_refuse) == (False, False)
    leave.action_approve()
    assert (leave.can_back_to_approve, leave.with_user(boss).can_back_to_approve) == (True, False)
    leave.action_back_to_approval()
    assert leave.state == "confirm"
    with pytest.raises(UserError, match="You can't do the same action twice"):
        leave.write({"state": "confirm"})


def test_a_new_manager_approves_for_those_of_the_one_before() -> None:
    env = world("17.0")
    first, second, other = (user(env, login) for login in ("first", "second", "other"))
    one = env["hr.employee"].create({"name": "One", "user_id": first.id})
    two = env["hr.employee"].create({"name": "Two", "user_id": second.id})
    who = env["hr.employee"].create({"name": "Ann", "parent_id": one.id})
    who.write({"parent_id": two.id})
    assert who.leave_manager_id == second
    group = env.ref("hr_holidays.group_hr_holidays_responsible")
    assert group in second.groups_id
    who.write({"leave_manager_id": other.id})
    who.write({"parent_id": one.id})
    assert who.leave_manager_id == other


@pytest.mark.parametrize("version", ["17.0", "19.0"])
def test_employees_tell_what_they_have_and_whether_they_are_off(version: str) -> None:
    env = world(version)
    department = env["hr.department"].create({"name": "Shop"})
    who = env["hr.employee"].create({"name": "Ann", "department_id": department.id})
    of_version: dict[str, Any] = {"requires_allocation": True}
    if version == "17.0":
        of_version = {"requires_allocation": "yes", "allocation_validation_type": "officer"}
    limited = kind(env, **of_version)
    values = {"holiday_status_id": limited.id, "employee_id": who.id, "date_from": "2024-01-01"}
    allocation = env["hr.leave.allocation"].create({**values, "number_of_days": 5})
    assert (allocation.state, department.allocation_to_approve_count) == ("confirm", 1)
    getattr(allocation, "action_approve" if version == "19.0" else "action_validate")()
    leave = ask(env, who, limited, "2024-05-14", "2024-05-16")
    assert (department.leave_to_approve_count, department.absence_of_today, who.is_absent) == (1, 1, False)
    leave.action_approve()
    assert (who.is_absent, who.current_leave_state, who.current_leave_id) == (True, "validate", limited)
    assert (str(who.leave_date_from), str(who.leave_date_to)) == ("2024-05-14", "2024-05-16")
    assert (who.allocation_count, who.allocation_display, who.allocation_remaining_display) == (5.0, "5", "2")
    assert who in env["hr.employee"].search([("is_absent", "=", True)])
    context = limited.with_context(employee_id=who.id)
    assert (context.has_valid_allocation, context.group_days_leave) == (True, 1)
    if version == "17.0":
        assert (who.remaining_leaves, who.leaves_count) == (2.0, 2.0)


def test_nobody_but_officers_is_off_on_a_mandatory_day() -> None:
    env = world("17.0")
    ann = user(env, "ann")
    who = env["hr.employee"].create({"name": "Ann", "user_id": ann.id})
    env["hr.leave.mandatory.day"].create({"name": "Stock-taking", "start_date": "2024-06-03", "end_date": "2024-06-03"})
    what = kind(env)
    with pytest.raises(ValidationError, match="on a Mandatory Day"):
        ask(
            env.with_user(ann.id) if hasattr(env, "with_user") else ann.with_user(ann).env,
            who,
            what,
            "2024-06-03",
            "2024-06-04",
        )
    leave = ask(env, who, what, "2024-06-03", "2024-06-04")
    assert leave.has_mandatory_day
    assert not ask(env, who, what, "2024-06-05", "2024-06-05").has_mandatory_day


def test_the_hours_of_today_are_counted_from_midnight() -> None:
    env = world("17.0")
    who = env["hr.employee"].create({"name": "Ann"})
    times = [("2024-05-14 22:00:00", "2024-05-15 02:00:00"), ("2024-05-15 09:00:00", False)]
    for start, stop in times:
        env["hr.attendance"].create({"employee_id": who.id, "check_in": start, "check_out": stop})
    assert (who.hours_today, who.hours_previously_today) == (3.0, 2.0)
    last = env["hr.attendance"].search([("employee_id", "=", who.id)], 0, 1)
    assert last.color == 10


def test_an_absence_without_end_lasts_until_the_end_of_its_day() -> None:
    env = world("17.0")
    values = {"name": "Free", "date_from": "2024-06-03 07:00:00", "date_to": "2024-06-03 07:00:00"}
    absence = env["resource.calendar.leaves"].create(values)
    assert absence.company_id == env.company
    assert env.company.resource_calendar_id.associated_leaves_count == 1
    assert env.company.resource_calendar_id.tz_offset == "+0000"


def test_presence_and_pictures_are_told_of_employees() -> None:
    env = world("17.0")
    ann = user(env, "ann")
    who = env["hr.employee"].create({"name": "Ann", "user_id": ann.id})
    nobody = env["hr.employee"].create({"name": "Bob"})
    assert (who.hr_icon_display, who.show_hr_icon_display, nobody.show_hr_icon_display) == (
        "presence_undetermined", True, False,
    )  # fmt: skip
    assert nobody.avatar_128.startswith("PD94")  # the initial, as SVG
    public = env["hr.employee.public"].browse(who.id)
    assert (public.is_absent, public.allocation_display) == (False, "0")


def test_the_time_of_an_event_is_told_by_the_users_clock() -> None:
    env = world("17.0")
    values = {"name": "Talk", "start": "2024-06-10 08:00:00", "stop": "2024-06-10 09:30:00"}
    talk = env["calendar.event"].create(values).with_context(tz="Europe/Brussels")
    assert talk.display_time == "06/10/2024 at (10:00:00 To 11:30:00) (Europe/Brussels)"


def test_a_lead_of_19_rots_in_a_stage_that_it_should_have_left() -> None:
    clock = Clock()
    clock.freeze("2024-05-15 10:00:00")
    env = seed.build("t", profile=profiles.get("odoo-19.0"), clock=clock, fixtures=["crm"]).env(2)
    lead = env["crm.lead"].create({"name": "Old", "type": "opportunity"})
    clock.freeze("2024-05-25 10:00:00")
    assert (lead.is_rotting, lead.rotting_days) == (False, 0)
    lead.stage_id.write({"rotting_threshold_days": 7})
    assert (lead.is_rotting, lead.rotting_days) == (True, 10)


def test_base_rows_of_19_have_what_their_server_has() -> None:
    env = world("19.0")
    required = {one.name: one.requires_allocation for one in env["hr.leave.type"].search([("country_id", "=", False)])}
    assert (required["Paid Time Off"], required["Sick Time Off"], required["Unpaid"]) == (True, False, False)
    reasons = env["hr.departure.reason"].search([]).mapped("name")
    assert reasons[0] == "Fired"
