"""Employees, their contact and user, and what others may see of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.errors import AccessError, ValidationError
from mockserver.orm.database import Database
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.seed import build as seed


@pytest.fixture(scope="module")
def database() -> Database:
    return seed.build("t", profile=profiles.get("odoo-17.0"), clock=Clock(), fixtures=["hr"])


@pytest.fixture
def env(database: Database) -> Iterator[Environment]:
    snapshot = database.snapshot()
    yield database.env(database.profile.admin_id)
    database.restore(snapshot)


def plain(env: Environment) -> Recordset:
    group = env.ref("base.group_user")
    values = {"name": "Plain", "login": "plain", "email": "p@x.test", "groups_id": [(6, 0, group.ids)]}  # type: ignore[union-attr]
    return env["res.users"].create(values)


def test_an_employee_has_a_resource_and_a_contact(env: Environment) -> None:
    employee = env["hr.employee"].create({"name": "Ann", "work_email": "ann@x.test", "mobile_phone": "1"})
    assert employee.resource_id.name == "Ann"
    contact = employee.work_contact_id
    assert (contact.name, contact.email, contact.mobile) == ("Ann", "ann@x.test", "1")
    contact.write({"email": "new@x.test"})
    assert employee.work_email == "new@x.test"
    employee.write({"work_email": "own@x.test", "name": "Anne"})
    assert (contact.email, contact.name, employee.resource_id.name) == ("own@x.test", "Ann", "Anne")
    assert employee.resource_calendar_id == env.company.resource_calendar_id


def test_the_company_of_an_employee_cannot_be_emptied_on_the_resource(env: Environment) -> None:
    employee = env["hr.employee"].create({"name": "Ann"})
    with pytest.raises(ValidationError) as caught, env.db.transaction():
        employee.resource_id.write({"company_id": False})
    assert "Model: Employee (hr.employee)\nField: Company (company_id)" in str(caught.value)
    assert employee.company_id == env.company


@pytest.mark.parametrize("profile", ["odoo-14.0", "odoo-17.0", "odoo-19.0"])
def test_a_user_is_one_employee_in_a_company_also_by_the_resource(profile: str) -> None:
    database = seed.build("t", profile=profiles.get(profile), clock=Clock(), fixtures=["hr"])
    env = database.env(database.profile.admin_id)
    user = env["res.users"].create({"name": "U", "login": "u"})
    first, second = env["hr.employee"].create({"name": "A"}), env["hr.employee"].create({"name": "B"})
    first.resource_id.write({"user_id": user.id})
    assert first.user_id == user
    with (
        pytest.raises(ValidationError, match=r"multiple employees in the same company|^hr_employee_user_uniq$"),
        database.transaction(),
    ):
        second.resource_id.write({"user_id": user.id})
    assert not second.user_id


def test_department_and_job_tell_manager_and_title(env: Environment) -> None:
    boss = env["hr.employee"].create({"name": "Boss"})
    works = env["hr.department"].create({"name": "Works", "manager_id": boss.id})
    press = env["hr.department"].create({"name": "Press", "parent_id": works.id})
    assert (press.complete_name, press.master_department_id) == ("Works / Press", works)
    job = env["hr.job"].create({"name": "Printer", "department_id": works.id})
    worker = env["hr.employee"].create({"name": "W", "department_id": works.id, "job_id": job.id})
    assert (worker.parent_id, worker.coach_id, worker.job_title) == (boss, boss, "Printer")
    assert (job.no_of_employee, job.expected_employees) == (1, 2)
    other = env["hr.employee"].create({"name": "Other"})
    works.write({"manager_id": other.id})
    assert (worker.parent_id, worker.coach_id) == (other, boss)
    works.write({"name": "Plant"})
    assert press.display_name == "Plant / Press"


def test_a_user_has_one_employee_in_a_company(env: Environment) -> None:
    user = env["res.users"].create({"name": "U", "login": "u", "email": "u@x.test", "create_employee": True})
    employee = user.employee_id
    assert (employee.name, employee.work_contact_id, employee.work_email) == ("U", user.partner_id, "u@x.test")
    with pytest.raises(ValidationError, match="multiple employees in the same company"):
        user.action_create_employee()
    user.write({"name": "Ulla"})
    assert employee.name == "Ulla"


def test_others_see_only_what_is_public(env: Environment) -> None:
    employee = env["hr.employee"].create({"name": "Ann", "gender": "female", "pin": "12"})
    theirs = env.with_user(plain(env))
    seen = theirs["hr.employee"].browse(employee.ids)
    assert seen.read(["name"]) == [{"id": employee.id, "name": "Ann"}]
    assert theirs["hr.employee"].search([("name", "=", "Ann")]) == employee
    assert theirs["hr.employee.public"].search([("name", "=", "Ann")]).ids == employee.ids
    assert theirs["hr.employee"].name_search("Ann") == [[employee.id, "Ann"]]
    with pytest.raises(AccessError, match=r"- gender \(allowed for groups"):
        seen.read(["gender"])
    with pytest.raises(ValueError, match=r"Invalid field hr\.employee\.public\.gender"):
        theirs["hr.employee"].search([("gender", "=", "female")])
    for refused in (
        lambda: seen.write({"name": "x"}),
        seen.unlink,
        lambda: theirs["hr.employee"].create({"name": "x"}),
    ):
        with pytest.raises(AccessError):
            refused()


def test_users_may_read_and_perhaps_write_their_own_data(env: Environment) -> None:
    user = plain(env)
    env["hr.employee"].create({"name": "Ann", "user_id": user.id, "gender": "female"})
    own = user.with_user(user)
    assert own.read(["gender"]) == [{"id": user.id, "gender": "female"}]
    with pytest.raises(AccessError, match="only allowed to update your preferences"):
        own.write({"work_phone": "1"})
    env["ir.config_parameter"].set_param("hr.hr_employee_self_edit", "True")
    own.write({"work_phone": "1"})
    assert user.employee_id.work_phone == "1"


@pytest.mark.parametrize("values", [{"pin": "12ab"}, {"barcode": "ü"}, {"barcode": "0" * 19}])
def test_numbers_are_checked(env: Environment, values: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        env["hr.employee"].create({"name": "x", **values})


def test_working_hours(env: Environment) -> None:
    standard = env["resource.calendar"].create({"name": "New"})
    assert (standard.hours_per_day, len(standard.attendance_ids)) == (8.0, 15)
    line = {"name": "a", "dayofweek": "0", "hour_from": 9, "hour_to": 13, "day_period": "morning"}
    half = env["resource.calendar"].create({"name": "Half", "attendance_ids": [(5,), (0, 0, line)]})
    assert half.hours_per_day == 4.0
    with pytest.raises(ValidationError, match="overlap"):
        half.write({"attendance_ids": [(0, 0, {**line, "hour_from": 12, "hour_to": 14})]})
