"""Helpdesk: a ticket's life over XML-RPC, and what teams, stages and policies do.  Inferred, as the pack is."""

from __future__ import annotations

import xmlrpc.client
from typing import Any

import pytest

from mockserver import MockServer, profiles
from mockserver.clock import Clock
from mockserver.errors import AccessError
from mockserver.orm.database import Database
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.seed import build as seed


@pytest.fixture(scope="module")
def database() -> Database:
    return seed.build("t", profile=profiles.get("odoo-17.0"), clock=Clock(), fixtures=["helpdesk"])


def ticket(env: Environment, **values: Any) -> Recordset:
    return env["helpdesk.ticket"].create({"name": "Printer 4711", **values})


def stage(env: Environment, name: str) -> Recordset:
    return env.ref(f"helpdesk.stage_{name}")  # type: ignore[return-value]


def policy(env: Environment, **values: Any) -> Recordset:
    team, solved = env.ref("helpdesk.helpdesk_team1"), stage(env, "solved")
    return env["helpdesk.sla"].create({"name": "Solve", "team_id": team.id, "stage_id": solved.id, **values})  # type: ignore[union-attr]


def agent(env: Environment, login: str, *groups: str) -> Recordset:
    ids = [env.ref(name).id for name in groups or ("helpdesk.group_helpdesk_user",)]  # type: ignore[union-attr]
    return env["res.users"].create({"name": login, "login": login, "groups_id": [(6, 0, ids)]})


def test_a_new_ticket_has_team_first_stage_number_and_customer(env: Environment) -> None:
    known = env["res.partner"].create({"name": "Kim", "email": "kim@customer.example"})
    found = ticket(env, partner_name="Kim Other", partner_email="kim@customer.example")
    assert (found.team_id.name, found.stage_id.name, found.ticket_ref) == ("Customer Care", "New", "00001")
    assert (found.partner_id, found.partner_name, found.priority) == (known, "Kim Other", "0")
    assert known in found.message_partner_ids
    assert found.display_name == "Printer 4711 (#00001)"
    other = ticket(env, partner_name="Lou", partner_email="lou@customer.example")
    assert (other.partner_id.name, other.partner_id.email) == ("Lou", "lou@customer.example")
    assert other.copy().ticket_ref == "00003"


def test_a_folded_stage_closes_a_ticket_and_another_opens_it_again(env: Environment) -> None:
    found = ticket(env, kanban_state="blocked")
    env.db.clock.freeze("2024-05-17 13:30:00")
    found.write({"stage_id": stage(env, "solved").id})
    assert (found.close_date, found.kanban_state, found.close_hours) == ("2024-05-17 13:30:00", "normal", 0.5)
    found.write({"stage_id": stage(env, "in_progress").id})
    assert found.close_date is False
    kinds = found.message_ids.mapped("subtype_id.name")
    assert kinds == ["Stage Changed", "Ticket Created"]


def test_the_first_assignment_counts(env: Environment) -> None:
    found = ticket(env)
    assert (found.user_id.id, found.assign_date) == (False, False)
    found.write({"user_id": env.uid})
    env.db.clock.freeze("2024-05-18 12:00:00")
    found.write({"user_id": agent(env, "second").id})
    assert found.assign_date == "2024-05-17 12:00:00"


@pytest.mark.parametrize(("method", "expected"), [("randomly", "abab"), ("balanced", "abaa")])
def test_a_team_gives_tickets_to_its_members(env: Environment, method: str, expected: str) -> None:
    members = [agent(env, "a"), agent(env, "b")]
    ids = [member.id for member in members]
    values = {"name": "VIP", "auto_assignment": True, "assign_method": method, "member_ids": [(6, 0, ids)]}
    team = env["helpdesk.team"].create(values)
    assert team.stage_ids.mapped("name") == ["New", "In Progress", "Solved", "Cancelled"]
    given = [ticket(env, team_id=team.id) for _ in range(3)]
    given[0].write({"stage_id": stage(env, "solved").id})
    given[2].write({"stage_id": stage(env, "solved").id})
    given.append(ticket(env, team_id=team.id))
    assert "".join(one.user_id.login for one in given) == expected


def test_groups_show_the_stages_of_the_team_without_tickets(env: Environment) -> None:
    ticket(env)
    tickets = env["helpdesk.ticket"].with_context(default_team_id=1)
    groups = tickets.read_group([], ["stage_id"], ["stage_id"])
    counted = [(group["stage_id"][1], group["stage_id_count"], group["__fold"]) for group in groups]
    assert counted == [("New", 1, False), ("In Progress", 0, False), ("Solved", 0, True), ("Cancelled", 0, True)]


@pytest.mark.parametrize(
    ("time", "deadline"),
    [
        (2.0, "2024-05-17 15:00:00"),  # one o'clock follows the break of Friday
        (6.0, "2024-05-20 10:00:00"),
        (8.0, "2024-05-20 13:00:00"),
        (17.0, "2024-05-21 14:00:00"),
    ],
)
def test_deadlines_count_the_working_hours_of_the_team(env: Environment, time: float, deadline: str) -> None:
    policy(env, time=time)
    assert ticket(env).sla_deadline == deadline


def test_a_policy_is_kept_or_failed(env: Environment) -> None:
    policy(env, time=2.0)
    policy(env, time=2.0, priority="3")
    found, late = ticket(env), ticket(env)
    assert (found.sla_status_ids.status, found.sla_fail, found.sla_ids.mapped("priority")) == ("ongoing", False, ["0"])
    found.write({"stage_id": stage(env, "solved").id})
    assert (found.sla_status_ids.status, found.sla_success, found.sla_deadline) == ("reached", True, False)
    env.db.clock.freeze("2024-05-17 16:00:00")
    late.write({"stage_id": stage(env, "solved").id})
    assert (late.sla_status_ids.status, late.sla_fail, late.sla_status_ids.exceeded_hours) == ("failed", True, 1.0)
    assert env["helpdesk.ticket"].search([("sla_fail", "=", True)]) == late
    late.write({"stage_id": stage(env, "new").id})
    assert late.sla_status_ids.reached_datetime is False
    late.write({"priority": "3"})
    assert late.sla_ids.mapped("priority") == ["3"]


@pytest.mark.parametrize(
    ("profile", "reached"), [("odoo-14.0", [False, True, True, True]), ("odoo-15.0", [False, True, False, False])]
)
def test_a_policy_counts_for_what_is_more_urgent_until_14(profile: str, reached: list[bool]) -> None:
    database = seed.build("t", profile=profiles.get(profile), clock=Clock(), fixtures=["helpdesk"])
    env = database.env(database.profile.admin_id)
    policy(env, priority="1")
    assert [bool(ticket(env, priority=priority).sla_status_ids) for priority in "0123"] == reached


def test_agents_write_tickets_and_cannot_delete_them_or_change_teams(env: Environment) -> None:
    user = agent(env, "agent")
    found = ticket(env).with_user(user)
    found.write({"priority": "2"})
    with pytest.raises(AccessError):
        found.unlink()
    with pytest.raises(AccessError):
        found.team_id.write({"name": "Mine"})
    private = env["helpdesk.team"].create({"name": "Private", "privacy_visibility": "invited_internal"})
    hidden = ticket(env, team_id=private.id)
    assert hidden not in env["helpdesk.ticket"].with_user(user).search([])
    with pytest.raises(AccessError):
        env["helpdesk.ticket"].with_user(agent(env, "outsider", "base.group_user")).search([])


@pytest.mark.parametrize(
    "profile", ["odoo-11.0", "cloudoffix-11.0", "flectra-2.0", "odoo-14.0", "odoo-16.0", "odoo-19.0"]
)
def test_every_profile_has_tickets_that_close_and_policies(profile: str) -> None:
    clock = Clock()
    clock.freeze("2024-05-17 12:00:00")
    database = seed.build("t", profile=profiles.get(profile), clock=clock, fixtures=["helpdesk"])
    env = database.env(database.profile.admin_id)
    name = "time" if "time" in env["helpdesk.sla"] else "time_hours"
    policy(env, **{name: 1})
    found = ticket(env)
    assert (found.stage_id.name, found.sla_deadline) == ("New", "2024-05-17 14:00:00")
    found.write({"stage_id": stage(env, "cancelled").id})
    assert (found.close_date, found.sla_status_ids.status) == ("2024-05-17 12:00:00", "reached")


@pytest.mark.mockserver(fixtures=["helpdesk"])
def test_a_support_desk_over_xml_rpc(mockserver: MockServer) -> None:
    """A form makes a ticket; a bot finds it, answers, takes it, solves it, and counts what is left."""
    mockserver.clock.freeze("2024-05-17 12:00:00")
    with xmlrpc.client.ServerProxy(f"{mockserver.url}/xmlrpc/2/object") as objects:

        def call(model: str, method: str, *args: Any, **kwargs: Any) -> Any:
            login = (mockserver.db, mockserver.uid, mockserver.password)
            return objects.execute_kw(*login, f"helpdesk.{model}", method, list(args), kwargs)

        (team,) = call("team", "search_read", [], fields=["name", "stage_ids"])
        stages = {row["name"]: row["id"] for row in call("stage", "read", team["stage_ids"], ["name", "fold"])}
        form = {"partner_name": "Kim", "partner_email": "kim@customer.example", "description": "<p>It is dark.</p>"}
        tag = call("tag", "create", {"name": "Lamp"})
        first = call("ticket", "create", {"name": "No light", **form, "priority": "2", "tag_ids": [(6, 0, [tag])]})
        second = call("ticket", "create", {"name": "No heat", "team_id": team["id"]})

        wanted = [("partner_id.email", "=", "kim@customer.example"), ("stage_id.fold", "=", False)]
        fields = ["ticket_ref", "team_id", "stage_id", "user_id", "partner_id", "kanban_state"]
        (row,) = call("ticket", "search_read", wanted, fields=fields)
        assert (row["id"], row["ticket_ref"], row["stage_id"][1]) == (first, "00001", "New")
        assert (row["team_id"][1], row["user_id"], row["partner_id"][1]) == ("Customer Care", False, "Kim")

        call("ticket", "message_post", [first], body="On our way")
        call("ticket", "write", [first], {"user_id": mockserver.uid, "stage_id": stages["In Progress"]})
        mockserver.clock.tick(3600)
        call("ticket", "write", [first], {"stage_id": stages["Solved"]})
        (row,) = call("ticket", "read", [first], ["close_date", "assign_date", "message_ids", "close_hours"])
        assert (row["assign_date"], row["close_date"]) == ("2024-05-17 12:00:00", "2024-05-17 13:00:00")
        assert len(row["message_ids"]) == 4

        assert call("ticket", "search", [("close_date", "=", False)]) == [second]
        context = {"default_team_id": team["id"]}
        groups = call("ticket", "read_group", [], ["stage_id"], ["stage_id"], context=context)
        assert [group["stage_id_count"] for group in groups] == [1, 0, 1, 0]
        assert call("team", "read", [team["id"]], ["open_ticket_count"])[0]["open_ticket_count"] == 1


@pytest.mark.parametrize("profile", ["odoo-14.0", "odoo-17.0", "odoo-19.0"])
def test_working_time_on_tickets_goes_to_the_project_of_the_team(profile: str) -> None:
    fixtures = ["helpdesk", "hr_timesheet"]
    database = seed.build("t", profile=profiles.get(profile), clock=Clock(), fixtures=fixtures)
    env = database.env(database.profile.admin_id)
    if not env["hr.employee"].search([("user_id", "=", env.uid)]):
        env["hr.employee"].create({"name": "Agent", "user_id": env.uid})
    project = env["project.project"].create({"name": "Support"})
    env.ref("helpdesk.helpdesk_team1").write({"project_id": project.id, "use_helpdesk_timesheet": True})  # type: ignore[union-attr]
    customer = env["res.partner"].create({"name": "Kim"})
    found = ticket(env, partner_id=customer.id)
    for hours in (1.5, 0.25):
        line = env["account.analytic.line"].create({"helpdesk_ticket_id": found.id, "unit_amount": hours})
        assert (line.project_id, line.partner_id) == (project, customer)
    assert found.total_hours_spent == 1.75
    found.timesheet_ids[:1].unlink()
    assert found.total_hours_spent in (1.5, 0.25)
