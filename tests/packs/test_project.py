"""Projects, tasks and working time: stories, who sees which task, and what holds after any calls."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from mockserver import profiles
from mockserver.addons.project.titles import Title, parse
from mockserver.clock import Clock
from mockserver.errors import AccessError, RedirectWarning, UserError, ValidationError
from mockserver.orm.database import Database
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.seed import build as seed
from tests.properties.budget import examples

USER, MANAGER = "project.group_project_user", "project.group_project_manager"
OWN_TIME, ALL_TIME = "hr_timesheet.group_hr_timesheet_user", "hr_timesheet.group_hr_timesheet_approver"


@pytest.fixture(scope="module")
def database() -> Database:
    return seed.build("t", profile=profiles.get("odoo-17.0"), clock=Clock(), fixtures=["hr_timesheet"])


def user(env: Environment, login: str, *groups: str) -> Environment:
    ids = [env.ref(name).id for name in ("base.group_user", *groups)]  # type: ignore[union-attr]
    values = {"name": login, "login": login, "email": f"{login}@x.test", "groups_id": [(6, 0, ids)]}
    return env.with_user(env["res.users"].create(values))


def project(env: Environment, **values: Any) -> Recordset:
    return env["project.project"].create({"name": "Rebuild 4711", **values})


def task(env: Environment, **values: Any) -> Recordset:
    return env["project.task"].create({"name": "Paint", **values})


def stages(env: Environment, of: Recordset) -> Recordset:
    made = [{"name": name, "sequence": place, "fold": name == "Done", "project_ids": [(4, of.id)]}
            for place, name in enumerate(("Backlog", "Doing", "Done"))]  # fmt: skip
    return env["project.task.type"].create(made)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Order wood", Title("Order wood")),
        ("Order wood 4h #Later @Mitchell !", Title("Order wood", 4.0, ("Later",), ("Mitchell",), urgent=True)),
        ("Order wood 1.5h 2h", Title("Order wood", 3.5)),
        ("Order #wood 2h", Title("Order #wood", 2.0)),  # tags come after the hours
        ("#Later", Title("#Later")),
        ("Hello !", Title("Hello", urgent=True)),
    ],
)
def test_what_a_title_says(title: str, expected: Title) -> None:
    assert parse(title, with_hours=True) == expected


def test_hours_are_read_where_time_is_recorded(env: Environment) -> None:
    assert parse("Wood 4h !", with_hours=False) == Title("Wood 4h", urgent=True)
    quiet = project(env, allow_timesheets=False)
    assert task(env, display_name="Wood 4h", project_id=quiet.id).allocated_hours == 0.0


def test_stages_dates_and_states(env: Environment) -> None:
    house = project(env)
    assert not task(env, project_id=house.id).stage_id
    backlog, doing, done = stages(env, house)
    paint = task(env, project_id=house.id)
    assert (paint.stage_id, paint.state, paint.date_end) == (backlog, "01_in_progress", False)
    paint.write({"state": "02_changes_requested"})
    paint.write({"stage_id": doing.id})
    assert paint.state == "01_in_progress"
    paint.write({"state": "1_done"})
    paint.write({"stage_id": done.id})
    assert (paint.state, paint.date_end, paint.is_closed) == ("1_done", "2024-05-17 12:00:00", True)
    assert house.task_count == 2
    assert (house.open_task_count, house.closed_task_count) == (1, 1)


def test_dependencies_let_tasks_wait(env: Environment) -> None:
    house = project(env, allow_task_dependencies=True)
    first, then = task(env, project_id=house.id), task(env, project_id=house.id)
    then.write({"depend_on_ids": [(4, first.id)]})
    assert then.state == "04_waiting_normal"
    then.write({"state": "03_approved"})
    assert then.state == "04_waiting_normal"
    first.write({"state": "1_canceled"})
    assert then.state == "01_in_progress"
    with pytest.raises(ValidationError, match="cannot depend on each other"):
        first.write({"depend_on_ids": [(4, then.id)]})
    house.write({"allow_task_dependencies": False})


def test_personal_stages_follow_the_users(env: Environment) -> None:
    other = user(env, "kim", USER)
    shared = task(env, project_id=project(env).id, user_ids=[(6, 0, [env.uid, other.uid])])
    held = env["project.task.stage.personal"].sudo().search([("task_id", "=", shared.id)])
    assert {row.user_id.id: row.stage_id.name for row in held} == {env.uid: "Inbox", other.uid: "Inbox"}
    mine = held.filtered(lambda row: row.user_id.id == env.uid).stage_id
    today = env["project.task.type"].search([("user_id", "=", env.uid), ("name", "=", "Today")])
    shared.write({"personal_stage_type_id": today.id})
    assert shared.personal_stage_type_id == today != mine
    assert shared.with_user(other.uid).personal_stage_type_id.name == "Inbox"
    shared.write({"user_ids": [(3, other.uid)]})
    assert env["project.task.stage.personal"].sudo().search([("task_id", "=", shared.id)]).user_id.id == env.uid
    with pytest.raises(UserError, match="at least one personal stage"):
        env["project.task.type"].search([("user_id", "=", env.uid)]).unlink()


def test_recurring_tasks_come_again_until_the_end(env: Environment) -> None:
    house = project(env)
    weekly = task(
        env, project_id=house.id, date_deadline="2024-05-31 10:00:00", recurring_task=True,
        repeat_unit="month", repeat_interval=1, repeat_type="until", repeat_until="2024-07-15",
    )  # fmt: skip
    weekly.write({"state": "1_done"})
    following = house.tasks - weekly
    assert (following.date_deadline, following.state) == ("2024-06-30 10:00:00", "01_in_progress")
    following.write({"state": "1_canceled"})
    assert len(house.tasks) == 2
    with pytest.raises(ValidationError, match="greater than 0"):
        weekly.write({"repeat_interval": 0})


def test_a_duplicate_has_its_own_tasks_milestones_and_dependencies(env: Environment) -> None:
    house = project(env, allow_task_dependencies=True, allow_milestones=True)
    roof = env["project.milestone"].create({"name": "Roof", "project_id": house.id})
    first = task(env, name="First", project_id=house.id, milestone_id=roof.id)
    task(env, name="Then", project_id=house.id, depend_on_ids=[(4, first.id)])
    first.write({"child_ids": [(0, 0, {"name": "Part"})]})
    copy = house.copy()
    assert copy.name == "Rebuild 4711 (copy)"
    copies = {found.name: found for found in copy.tasks}
    assert set(copies) == {"First", "Then", "Part"}
    assert copies["Then"].depend_on_ids == copies["First"]
    assert copies["Part"].parent_id == copies["First"]
    assert copies["First"].milestone_id == copy.milestone_ids != roof
    copy.unlink()
    assert not copies["First"].exists()
    assert first.exists()


def test_a_project_and_its_account_have_one_name(env: Environment) -> None:
    house = project(env)
    account = house.analytic_account_id
    house.write({"name": "Villa"})
    assert account.name == "Villa"
    house.unlink()
    assert not account.exists()


# who sees which project, whose task: for a user who follows neither
SEEN = {
    (): "employees portal",
    (USER,): "employees portal",
    (MANAGER,): "followers employees portal",
}


@pytest.mark.parametrize("groups", SEEN, ids=lambda groups: "".join(groups) or "nobody")
def test_who_sees_projects_and_tasks(env: Environment, groups: tuple[str, ...]) -> None:
    theirs = user(env, "kim", *groups)
    made = {kind: project(env, privacy_visibility=kind) for kind in ("followers", "employees", "portal")}
    tasks = {kind: task(env, project_id=of.id) for kind, of in made.items()}
    private = task(env)
    seen = [kind for kind, of in made.items() if theirs["project.project"].search([("id", "=", of.id)])]
    assert seen == SEEN[groups].split()
    if groups:
        found = [kind for kind, of in tasks.items() if theirs["project.task"].search([("id", "=", of.id)])]
        assert found == seen
        assert not theirs["project.task"].search([("id", "=", private.id)])
    made["followers"].message_subscribe(theirs.user.partner_id.ids)
    assert theirs["project.project"].search_count([("id", "=", made["followers"].id)]) == 1


def test_only_a_manager_makes_projects(env: Environment) -> None:
    kim = user(env, "kim", USER)
    with pytest.raises(AccessError, match="create 'Project'"):
        project(kim, allow_timesheets=False)
    with pytest.raises(AccessError, match="Analytic Account"):
        project(kim)
    assert task(kim, project_id=project(env).id).user_ids == kim.user
    with pytest.raises(AccessError, match="top-secret"):
        task(kim, user_ids=[(6, 0, [env.uid])]).with_user(user(env, "lee", USER).uid).write({"name": "Mine"})


def hours(env: Environment, **values: Any) -> Recordset:
    return env["account.analytic.line"].create({"name": "Work", "unit_amount": 1, **values})


def test_working_time_needs_an_employee_and_is_ones_own(env: Environment) -> None:
    house = project(env, privacy_visibility="employees")
    kim, lee = user(env, "kim", OWN_TIME), user(env, "lee", ALL_TIME)
    with pytest.raises(ValidationError, match="active employee"):
        hours(kim, project_id=house.id)
    env["hr.employee"].create([{"name": who.user.name, "user_id": who.uid, "hourly_cost": 40} for who in (kim, lee)])
    own, other = hours(kim, project_id=house.id), hours(lee, project_id=house.id)
    assert (own.amount, own.user_id, own.account_id) == (-40.0, kim.user, house.analytic_account_id)
    assert kim["account.analytic.line"].search([("project_id", "=", house.id)]) == own
    with pytest.raises(AccessError, match="not yours"):
        other.with_user(kim.uid).write({"unit_amount": 2})
    own.with_user(lee.uid).write({"unit_amount": 2})
    assert own.amount == -80.0
    with pytest.raises(RedirectWarning, match="This project has"):
        house.unlink()


def test_the_internal_project_of_a_new_company(env: Environment) -> None:
    company = env["res.company"].create({"name": "Second"})
    internal = company.internal_project_id
    assert (internal.name, internal.company_id, internal.is_internal_project) == ("Internal", company, True)
    assert set(internal.tasks.mapped("name")) == {"Training", "Meeting"}


class Walk:
    """Two projects with tasks and working time that change at random."""

    def __init__(self, env: Environment) -> None:
        self.env, self.houses = env, [project(env), project(env)]
        self.tasks = [task(env, project_id=self.houses[0].id, allocated_hours=8)]
        self.lines: list[Recordset] = []

    def act(self, action: str, pick: int, amount: float) -> None:
        at, house = self.tasks[pick % len(self.tasks)], self.houses[pick % 2]
        values: dict[str, dict[str, Any]] = {
            "move": {"project_id": house.id},
            "plan": {"allocated_hours": amount},
            "close": {"state": "1_done"},
            "below": {"parent_id": self.tasks[0].id},
            "subtask": {"child_ids": [(0, 0, {"name": "Part", "allocated_hours": amount})]},
        }
        if action == "task":
            self.tasks.append(task(self.env, project_id=house.id))
        elif action == "hours":
            self.lines.append(hours(self.env, task_id=at.id, unit_amount=amount))
        elif action == "more" and self.lines:
            self.lines[pick % len(self.lines)].write({"unit_amount": amount, "task_id": at.id})
        elif action == "delete" and len(self.tasks) > 1:
            at.unlink()
        elif action in values:
            at.write(values[action])
        self.tasks = list(self.env["project.task"].search([("project_id", "in", [one.id for one in self.houses])]))
        self.tasks = self.tasks or [task(self.env, project_id=house.id)]


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["task", "subtask", "hours", "more", "move", "plan", "close", "below", "delete"]),
        st.integers(0, 9),
        st.sampled_from([0, 0.25, 1, 2.5, 8]),
    ),
    min_size=1,
    max_size=14,
)


@given(actions=ACTIONS)
@examples(25)
def test_totals_hold_after_any_calls(database: Database, actions: list[tuple[str, int, float]]) -> None:
    snapshot = database.snapshot()
    try:
        walk = Walk(database.env(database.profile.admin_id))
        for action in actions:
            try:
                with database.transaction():
                    walk.act(*action)
            except (UserError, RedirectWarning):
                pass
        _check_totals(walk)
    finally:
        database.restore(snapshot)


def _check_totals(walk: Walk) -> None:
    for one in walk.tasks:
        own = sum(line.unit_amount for line in walk.lines if line.exists() and line.task_id == one)
        below = sum(child.effective_hours + child.subtask_effective_hours for child in one.child_ids)
        assert one.effective_hours == pytest.approx(own)
        assert one.subtask_effective_hours == pytest.approx(below)
        planned = one.allocated_hours
        assert one.remaining_hours == pytest.approx(planned - own - below if planned else 0)
        assert one.overtime == pytest.approx(max(own + below - planned, 0) if planned else 0)
        assert one.subtask_count == len(one.child_ids)
        if one.parent_id and not one.display_in_project:
            assert one.project_id == one.parent_id.project_id
        held = one.env["project.task.stage.personal"].sudo().search([("task_id", "=", one.id)])
        assert held.user_id == one.user_ids


@pytest.mark.parametrize("profile", ["odoo-11.0", "odoo-14.0", "odoo-16.0", "odoo-19.0"])
def test_tasks_and_working_time_of_other_versions(profile: str) -> None:
    found = seed.build("t", profile=profiles.get(profile), clock=Clock(), fixtures=["hr_timesheet"])
    env = found.env(found.profile.admin_id)
    house = project(env)
    stage = env["project.task.type"].create({"name": "Backlog", "project_ids": [(4, house.id)]})
    planned = "allocated_hours" if "allocated_hours" in env["project.task"]._model.fields else "planned_hours"
    paint = task(env, project_id=house.id, **{planned: 8})
    part = task(env, project_id=house.id, parent_id=paint.id)
    employee = env["hr.employee"].create({"name": "Kim", _cost(env): 40})
    line = hours(env, task_id=part.id, employee_id=employee.id, unit_amount=2)
    assert (paint.stage_id, line.project_id, line.amount) == (stage, house, -80.0)
    assert (part.effective_hours, paint.remaining_hours) == (2.0, 6.0)
    copy = house.copy()
    assert {one.name for one in copy.tasks} == {"Paint"}
    line.unlink()
    house.unlink()
    assert not paint.exists()


def _cost(env: Environment) -> str:
    return "hourly_cost" if "hourly_cost" in env["hr.employee"]._model.fields else "timesheet_cost"


def test_a_stage_is_deleted_or_archived_with_its_tasks(env: Environment) -> None:
    project = env["project.project"].create({"name": "Office"})
    stages = env["project.task.type"].create(
        [{"name": name, "project_ids": [(4, project.id)]} for name in ("New", "Old", "Empty")]
    )
    new, old, empty = stages
    task = env["project.task"].create({"name": "Paint", "project_id": project.id, "stage_id": old.id})
    wizards = env["project.task.type.delete.wizard"].with_context(default_project_id=project.id)
    wizard = wizards.browse(old.unlink_wizard()["res_id"]).with_context(default_project_id=project.id)
    assert (wizard.tasks_count, wizard.stages_active) == (1, True)
    action: Any = wizard.action_archive()
    assert (task.active, old.active, action["domain"]) == (False, False, [("project_id", "=", project.id)])
    wizard.action_unarchive_task()
    assert task.active
    wizards.browse(empty.unlink_wizard()["res_id"]).action_unlink()
    assert not empty.exists()
    assert new.exists()


def test_windows_of_tasks_show_what_they_say(env: Environment) -> None:
    project = env["project.project"].create({"name": "Office", "allow_task_dependencies": True})
    values = {"project_id": project.id}
    above = env["project.task"].create({"name": "Paint", **values})
    below = env["project.task"].create(
        {"name": "Sand", "parent_id": above.id, "depend_on_ids": [(4, above.id)], **values}
    )
    assert below.action_open_parent_task()["res_id"] == above.id
    assert env["project.task"].search(above.action_dependent_tasks()["domain"]) == below
    assert below.action_convert_to_subtask()["target"] == "new"
    note = env["project.task"].create({"name": "note"})
    assert note.action_convert_to_subtask()["tag"] == "display_notification"
    assert env["project.tags"].arrange_tag_list_by_id([(1, "a"), (2, "b")], [2, 3, 1]) == [(2, "b"), (1, "a")]


def test_working_time_until_a_task_is_assigned_and_ratings_nobody_gave() -> None:
    clock = Clock()
    clock.freeze("2024-05-17 15:00:00")  # a Friday
    env = seed.build("t", profile=profiles.get("odoo-17.0"), clock=clock, fixtures=["project"]).env(2)
    project = env["project.project"].create({"name": "Office"})
    task = env["project.task"].create({"name": "Paint", "project_id": project.id, "user_ids": False})
    assert (task.working_hours_open, task.rating_avg_text, task.rating_percentage_satisfaction) == (0.0, "none", -1)
    clock.freeze("2024-05-20 10:00:00")
    task.write({"user_ids": [(6, 0, [env.uid])]})
    assert (task.working_hours_open, task.working_days_open) == (4.0, 0.5)
    assert project.rating_percentage_satisfaction == -1
