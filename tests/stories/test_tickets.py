"""A support form writes tickets: who wrote, until when it is due, who takes it, and when it is closed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.stories.conftest import Story

FORM = {"name": "No light", "partner_name": "Kim", "partner_email": "kim@customer.example", "description": "dark"}


@pytest.fixture
def fixtures() -> list[str]:
    return ["helpdesk"]


def stage(story: Story, name: str) -> Any:
    return story.odoo.env.ref(f"helpdesk.stage_{name}")


@pytest.fixture
def policy(story: Story) -> Any:
    """Six working hours until a ticket is to be solved."""
    time = {"time_hours": 6} if story.version < 15 else {"time": 6}
    team = story.odoo.env.ref("helpdesk.helpdesk_team1")
    return story.create("helpdesk.sla", name="Six hours", team_id=team.id, stage_id=stage(story, "solved").id, **time)


def test_a_form_is_a_ticket_of_a_contact(story: Story) -> None:
    ticket = story.create("helpdesk.ticket", **FORM)
    assert (ticket.team_id.name, ticket.stage_id.name, ticket.user_id.ids) == ("Customer Care", "New", [])
    assert (ticket.partner_id.name, ticket.partner_id.email) == ("Kim", "kim@customer.example")
    number = story.by_version({14: f"#{ticket.id}", 16: "#00001"})
    assert story.read(ticket, "display_name") == f"No light ({number})"
    again = story.create("helpdesk.ticket", **FORM)
    assert again.partner_id == ticket.partner_id
    nameless = story.create("helpdesk.ticket", name="Dark", partner_email="lee@customer.example")
    assert nameless.partner_id.ids == []  # a contact needs the name too
    with story.refused("name"):
        story.env["helpdesk.ticket"].create({"team_id": ticket.team_id.id})


def test_a_ticket_is_taken_solved_and_opened_again(story: Story, policy: Any) -> None:
    ticket = story.create("helpdesk.ticket", **FORM)
    # an hour of Friday afternoon is a break; five hours are left, of which four are worked until five o'clock
    assert story.read(ticket, "sla_deadline", "sla_fail") == ("2024-05-20 10:00:00", False)
    story.server.clock.tick(3600)
    ticket.user_id = story.env.user
    ticket.stage_id = stage(story, "in_progress")
    assert story.read(ticket, "assign_date") == "2024-05-17 13:00:00"
    ticket.stage_id = stage(story, "solved")
    assert story.read(ticket, "close_date", "sla_fail") == ("2024-05-17 13:00:00", False)
    status = story.record("helpdesk.sla.status", story.env["helpdesk.sla.status"].search([]))
    assert status.status == "reached"
    ticket.stage_id = stage(story, "in_progress")
    assert story.read(ticket, "close_date") is False


def test_a_ticket_is_late(story: Story, policy: Any) -> None:
    ticket = story.create("helpdesk.ticket", **FORM)
    assert story.env["helpdesk.ticket"].search([("sla_fail", "=", True)]) == []
    story.server.clock.freeze("2024-05-20 10:01:00")
    assert story.env["helpdesk.ticket"].search([("sla_fail", "=", True)]) == ticket.ids
    assert story.read(ticket, "sla_fail") is True


def test_an_answer_and_an_activity(story: Story) -> None:
    ticket = story.create("helpdesk.ticket", **FORM)
    ticket.message_post(body="We look at it", message_type="comment", subtype_xmlid="mail.mt_comment")
    ticket.activity_schedule(
        act_type_xmlid="mail.mail_activity_data_todo", summary="Call back", date_deadline="2024-05-16"
    )
    assert story.read(ticket, "activity_state", "activity_summary") == ("overdue", "Call back")
    ticket.activity_feedback(act_type_xmlids=["mail.mail_activity_data_todo"], feedback="Spoke with Kim")
    assert story.read(ticket, "activity_ids", "activity_state") == ([], False)
    bodies = story.env["mail.message"].search_read(
        [("model", "=", "helpdesk.ticket"), ("res_id", "=", ticket.id)], ["body"], order="id desc", limit=2
    )
    assert "Spoke with Kim" in bodies[0]["body"]
    assert bodies[1]["body"] == "<p>We look at it</p>"
