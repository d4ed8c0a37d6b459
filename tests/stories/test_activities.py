"""A program gives people things to do on records, and reports what came of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.stories.conftest import Story


@pytest.fixture
def fixtures() -> list[str]:
    return ["mail"]


@pytest.fixture
def ann(story: Story) -> Any:
    return story.create("res.partner", name="Ann")


def activity(story: Story, record: Any, **values: Any) -> Any:
    (model,) = story.env["ir.model"].search([("model", "=", record._name)])
    kind = story.odoo.env.ref("mail.mail_activity_data_todo").id
    known = {"res_model_id": model, "res_id": record.id, "activity_type_id": kind, "date_deadline": "2024-05-16"}
    known["user_id"] = story.env.uid  # which 19.0 leaves empty
    return story.create("mail.activity", **{**known, **values})


def test_an_activity_shows_on_its_record(story: Story, ann: Any) -> None:
    made = activity(story, ann, summary="Call back")
    assert (made.res_model, made.res_name, made.state, made.user_id) == (
        "res.partner", "Ann", "overdue", story.env.user,
    )  # fmt: skip
    assert story.read(ann, "activity_state", "activity_summary", "activity_date_deadline") == (
        "overdue", "Call back", "2024-05-16",
    )  # fmt: skip
    made.date_deadline = "2024-05-17"
    assert story.read(ann, "activity_state") == "today"
    story.server.clock.tick(86400)
    assert story.read(ann, "activity_state") == "overdue"
    assert story.env["res.partner"].search([("activity_user_id", "=", story.env.uid)]) == ann.ids


def test_an_activity_names_its_model_by_id(story: Story, ann: Any) -> None:
    told = story.by_version(
        {14: "Document Model (res_model_id)", 19: "Activities have to be linked to records with a not null res_id."}
    )
    with story.refused(told, "ValidationError"):
        story.env["mail.activity"].create({"res_model": "res.partner", "res_id": ann.id, "summary": "Call back"})


def test_what_is_done_becomes_a_message(story: Story, ann: Any) -> None:
    made = activity(story, ann, summary="Call back")
    made.action_feedback(feedback="Spoke with Ann")
    assert story.read(ann, "activity_ids", "activity_state") == ([], False)
    messages = story.env["mail.message"].search_read(
        [("model", "=", "res.partner"), ("res_id", "=", ann.id)], ["body", "subtype_id"], order="id desc", limit=1
    )
    assert messages[0]["subtype_id"][1] == "Activities"
    assert "Call back" in messages[0]["body"]
    assert "Spoke with Ann" in messages[0]["body"]
    kept = story.env["mail.activity"].with_context(active_test=False).search_count([])
    assert kept == story.by_version({14: 0, 19: 1})


def test_activities_go_with_their_record(story: Story, ann: Any) -> None:
    activity(story, ann)
    activity(story, ann, date_deadline="2024-06-01")
    assert len(story.read(ann, "activity_ids")) == 2
    ann.unlink()
    assert story.env["mail.activity"].search_count([]) == 0
