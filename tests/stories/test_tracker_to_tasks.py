"""A tracker's tickets become tasks by external ids: brought up to date, discussed, worked on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.stories.conftest import Story

COLUMNS = ["id", "name", "project_id/id", "stage_id/id", "date_deadline", "priority"]
ROWS = [
    ["__tracker__.t1", "Paint", "__tracker__.p1", "__tracker__.doing", "2024-06-01", "1"],
    ["__tracker__.t2", "Sand", "__tracker__.p1", "__tracker__.todo", "2024-06-02", "0"],
]


@pytest.fixture
def fixtures() -> list[str]:
    return ["hr_timesheet"]


@pytest.fixture
def project(story: Story) -> Any:
    """A project with three stages, all with external ids."""
    found = story.create("project.project", name="Tracker", allow_timesheets=True)
    named(story, "p1", found)
    for sequence, (xmlid, name) in enumerate((("todo", "To do"), ("doing", "Doing"), ("done", "Finished"))):
        values = {"name": name, "sequence": sequence, "project_ids": [(4, found.id)], "fold": xmlid == "done"}
        named(story, xmlid, story.create("project.task.type", **values))
    return found


def named(story: Story, xmlid: str, record: Any) -> None:
    story.create("ir.model.data", module="__tracker__", name=xmlid, model=record._name, res_id=record.id)


def load(story: Story, rows: list[list[str]], columns: list[str] = COLUMNS) -> Any:
    found = story.env["project.task"].load(columns, rows)
    return found["ids"], [message["message"] for message in found["messages"]]


def hours_field(story: Story) -> str:
    return str(story.by_version({14: "planned_hours", 17: "allocated_hours"}))


def test_tickets_are_loaded_and_loaded_again(story: Story, project: Any) -> None:
    first, told = load(story, ROWS)
    assert told == []
    assert [story.odoo.env.ref(f"__tracker__.t{n}").id for n in (1, 2)] == first
    task = story.record("project.task", first[0])
    assert (task.name, task.stage_id.name, task.project_id, task.priority) == ("Paint", "Doing", project, "1")
    # a day became midnight where the user is
    assert story.read(task, "date_deadline") == story.by_version({14: "2024-06-01", 17: "2024-05-31 22:00:00"})

    again, told = load(story, [["__tracker__.t1", "Paint twice"], ["__tracker__.t3", "Wax"]], ["id", "name"])
    assert (again[0], told, story.read(task, "name")) == (first[0], [], "Paint twice")
    assert story.env["project.task"].search_count([("project_id", "=", project.id)]) == 2  # t3 names no project


def test_one_bad_ticket_stops_all(story: Story, project: Any) -> None:
    bad = ["__tracker__.t3", "Wax", "__tracker__.p1", "__tracker__.nowhere", "2024-06-01", "0"]
    ids, told = load(story, [*ROWS, bad])
    assert (ids, told) == (False, ["No matching record found for external id '__tracker__.nowhere' in field 'Stage'"])
    kind = story.by_version({14: "date", 17: "datetime"})
    ids, told = load(story, [["__tracker__.t1", "Paint", "tomorrow"]], ["id", "name", "date_deadline"])
    assert (ids, told) == (False, [f"'tomorrow' does not seem to be a valid {kind} for field 'Deadline'"])
    assert story.env["project.task"].search_count([("project_id", "=", project.id)]) == 0


def test_a_stage_is_one_thing_and_the_state_another(story: Story, project: Any) -> None:
    ids, _ = load(story, ROWS)
    task = story.record("project.task", ids[0])
    task.stage_id = story.odoo.env.ref("__tracker__.done")
    assert story.read(task, "date_end") == "2024-05-17 12:00:00"  # the stage is folded
    if story.version >= 17:
        assert story.read(task, "state") == "01_in_progress"
        task.state = "1_done"
        assert story.read(task, "state", "stage_id")[0] == "1_done"
    else:
        assert story.read(task, "kanban_state") == "normal"
        task.kanban_state = "done"
        assert story.read(task, "kanban_state_label") == "Ready"


def test_subtasks(story: Story, project: Any) -> None:
    ids, _ = load(story, ROWS)
    task = story.record("project.task", ids[0])
    values = {"name": "Buy paint", "parent_id": task.id, hours_field(story): 3.0}
    if story.version == 18:
        with story.refused("A private task cannot have a parent.", "ValidationError"):
            story.env["project.task"].create(values)
    else:
        below = story.create("project.task", **values)
        assert below.project_id == (project if story.version >= 14 else below.project_id)
    below = story.create("project.task", **values, project_id=project.id)
    planned = story.by_version({14: "subtask_planned_hours", 17: "subtask_allocated_hours"})
    assert below.id in story.read(task, "child_ids")
    assert story.read(task, "subtask_count", planned) == ((1, 3.0) if story.version == 18 else (2, 6.0))
    with story.refused("You cannot create a recursive hierarchy of tasks.", "ValidationError"):
        task.parent_id = below


def test_comments_and_people(story: Story, project: Any) -> None:
    ids, _ = load(story, ROWS)
    task = story.record("project.task", ids[0])
    posted = task.message_post(body="From the tracker", message_type="comment", subtype_xmlid="mail.mt_comment")
    message = story.record("mail.message", posted)
    assert (message.body, message.message_type, message.subtype_id.name) == (
        "<p>From the tracker</p>", "comment", "Discussions",
    )  # fmt: skip
    user = story.create("res.users", name="Dev", login="dev", email="dev@tracker.example")
    if story.version < 15:
        task.user_id = user
        assert story.read(task, "user_id") == [user.id, "Dev"]
    else:
        task.user_ids += user
        assert sorted(story.read(task, "user_ids")) == [story.env.uid, user.id]
    followers = story.env["mail.followers"].search_read(
        [("res_model", "=", "project.task"), ("res_id", "=", task.id)], ["partner_id"]
    )
    assert user.partner_id.id in [follower["partner_id"][0] for follower in followers]
    task.tag_ids = [(0, 0, {"name": "bug"})]
    with story.refused(story.by_version({14: "Tag name already exists!", 16: "A tag with the same name"})):
        story.env["project.tags"].create({"name": "bug"})


def test_hours(story: Story, project: Any) -> None:
    ids, _ = load(story, ROWS)
    task = story.record("project.task", ids[0])
    setattr(task, hours_field(story), 8.0)
    cost = story.by_version({14: "timesheet_cost", 16: "hourly_cost"})
    ann = story.create("hr.employee", name="Ann", **{cost: 30.0})
    line = story.create(
        "account.analytic.line",
        name="first coat", project_id=project.id, task_id=task.id, employee_id=ann.id, unit_amount=2.0,
    )  # fmt: skip
    assert story.read(line, "amount", "project_id") == (-60.0, [project.id, "Tracker"])
    assert story.read(task, "effective_hours", "remaining_hours") == (2.0, 6.0)
    assert story.read(task, "progress") == story.by_version({14: 25.0, 18: 0.25})
    setattr(ann, cost, 50.0)
    assert story.read(line, "amount") == -60.0
    line.unit_amount = 3.0
    assert story.read(line, "amount") == -150.0
    told = story.by_version(
        {14: "This task has some timesheet entries referencing it.", 19: "Some timesheet entries are weighing down"}
    )
    with story.refused(told, "RedirectWarning"):
        task.unlink()


def test_an_archived_project_hides_its_tasks(story: Story, project: Any) -> None:
    load(story, ROWS)
    project.active = False
    tasks = story.env["project.task"]
    domain = [("project_id", "=", project.id)]
    assert (tasks.search_count(domain), tasks.with_context(active_test=False).search_count(domain)) == (0, 2)
