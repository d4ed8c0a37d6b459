"""A web form becomes a lead, the lead an opportunity with its customer, and the opportunity is won or lost."""

from __future__ import annotations

from typing import Any

import pytest

from tests.stories.conftest import Story

FORM = {
    "name": "Ten chairs", "type": "lead", "contact_name": "Ann Smith", "partner_name": "Shop Ltd",
    "email_from": "Ann@Shop.example", "description": "<p>by the web form</p>",
}  # fmt: skip


@pytest.fixture
def fixtures() -> list[str]:
    return ["crm"]


def convert(story: Story, lead: Any, action: str = "create") -> Any:
    """Convert a lead by the wizard, and browse it anew."""
    wizard = story.wizard("crm.lead2opportunity.partner", lead, name="convert", action=action, user_id=story.env.uid)
    shown = wizard.action_apply()
    assert (shown["res_model"], shown["res_id"]) == ("crm.lead", lead.id)
    return story.record("crm.lead", lead.id)


def lose(story: Story, lead: Any, reason: int) -> None:
    links = {"lead_ids": [(6, 0, lead.ids)]} if story.version >= 17 else {}
    story.wizard("crm.lead.lost", lead, lost_reason_id=reason, **links).action_lost_reason_apply()


def test_a_form_is_a_lead_without_a_customer(story: Story) -> None:
    lead = story.create("crm.lead", **FORM)
    assert (lead.type, lead.stage_id.name, lead.team_id.name, lead.user_id.name) == (
        "lead", "New", "Sales", "Administrator",
    )  # fmt: skip
    assert (lead.email_normalized, lead.partner_id.ids, lead.active) == ("ann@shop.example", [], True)


def test_a_form_without_a_subject_or_with_a_field_that_is_not_there_is_refused(story: Story) -> None:
    required = story.by_version({14: "Field: Opportunity (name)", 19: "Missing required value for the field"})
    with story.refused(required, "ValidationError"):
        story.env["crm.lead"].create({"type": "lead"})
    unknown = story.by_version({14: "Invalid field 'utm' on model 'crm.lead'", 19: "Invalid field 'utm' in 'crm.lead'"})
    with story.refused(unknown, "ValueError"):
        story.env["crm.lead"].create({**FORM, "utm": "x"})
    with story.refused("Wrong value for crm.lead.type: 'form'", "ValueError"):
        story.env["crm.lead"].create({**FORM, "type": "form"})
    assert story.env["crm.lead"].search_count([]) == 0


def test_a_lead_becomes_an_opportunity_of_a_new_person_in_a_new_company(story: Story) -> None:
    lead = convert(story, story.create("crm.lead", **FORM))
    assert (lead.type, lead.partner_id.name, lead.partner_id.parent_id.name) == ("opportunity", "Ann Smith", "Shop Ltd")
    assert (lead.partner_id.email, lead.partner_id.is_company) == ("Ann@Shop.example", False)
    assert story.read(lead, "date_conversion") == "2024-05-17 12:00:00"
    assert lead.partner_id.parent_id.is_company is True


def test_a_known_customer_is_found_by_the_address_as_it_is_written(story: Story) -> None:
    known = story.create("res.partner", name="Known", email="ann@shop.example")
    lead = convert(story, story.create("crm.lead", **{**FORM, "email_from": "ann@shop.example"}), action="exist")
    assert lead.partner_id == known
    other = convert(story, story.create("crm.lead", **FORM), action="exist")  # Ann@Shop.example
    assert other.partner_id != known


def test_an_opportunity_is_worked_on_and_won(story: Story) -> None:
    lead = convert(story, story.create("crm.lead", **FORM))
    lead.expected_revenue = 500.0
    lead.probability = 40.0
    assert story.read(lead, "prorated_revenue", "is_automated_probability") == (200.0, False)
    lead.tag_ids = [(0, 0, {"name": "Web"})]
    lead.tag_ids += story.create("crm.tag", name="Chairs")
    assert sorted(tag.name for tag in story.record("crm.lead", lead.id).tag_ids) == ["Chairs", "Web"]
    lead.stage_id = story.env["crm.stage"].search([("name", "=", "Qualified")])[0]
    assert story.read(lead, "probability") == 40.0

    story.server.clock.tick(86400)
    assert lead.action_set_won() is True
    won = story.record("crm.lead", lead.id)
    assert (won.stage_id.name, won.stage_id.is_won, won.probability) == ("Won", True, 100.0)
    assert story.read(won, "date_closed") == "2024-05-18 12:00:00"


def test_a_lost_lead_is_archived_with_its_reason_and_comes_back_without(story: Story) -> None:
    lead = story.create("crm.lead", **FORM)
    (reason, *_) = story.env["crm.lost.reason"].search([("name", "=", "Too expensive")])
    name = "lost_reason_id" if story.version >= 16 else "lost_reason"
    lose(story, lead, reason)
    assert story.read(lead, "active", "probability", "stage_id", name) == (
        False, 0.0, [1, "New"], [reason, "Too expensive"],
    )  # fmt: skip
    assert story.env["crm.lead"].search_count([]) == 0
    assert story.env["crm.lead"].with_context(active_test=False).search([]) == lead.ids
    if story.version < 18:
        lead.toggle_active()
    else:
        lead.action_unarchive()
    assert story.read(lead, "active", name) == (True, False)


def test_the_same_form_twice_is_told_as_a_duplicate(story: Story) -> None:
    first, second = (story.create("crm.lead", **FORM) for _ in range(2))
    if story.version >= 16:
        assert sorted(second.duplicate_lead_ids.ids) == [first.id, second.id]
        assert second.duplicate_lead_count == 1
    wizard = story.wizard("crm.lead2opportunity.partner", second, name="convert", action="create")
    assert sorted(wizard.duplicated_lead_ids.ids) == [first.id, second.id]


def test_stages_without_opportunities_are_counted_too(story: Story) -> None:
    convert(story, story.create("crm.lead", **FORM)).expected_revenue = 500.0
    domain = [("type", "=", "opportunity")]
    groups = story.env["crm.lead"].read_group(domain, ["expected_revenue:sum"], ["stage_id"])
    assert [(group["stage_id"][1], group["stage_id_count"], group["expected_revenue"]) for group in groups] == [
        ("New", 1, 500.0), ("Qualified", 0, False), ("Proposition", 0, False), ("Won", 0, False),
    ]  # fmt: skip


def test_the_chatter_tells_of_the_form(story: Story) -> None:
    lead = story.create("crm.lead", **FORM)
    posted = lead.message_post(body="Form 4711 <b>sent</b>", subtype_xmlid="mail.mt_note")
    (message, created) = story.env["mail.message"].search_read(
        [("model", "=", "crm.lead"), ("res_id", "=", lead.id)], ["body", "message_type", "subtype_id"], order="id desc"
    )
    assert message["id"] == (posted[0] if story.version >= 19 else posted)
    assert message["body"] == story.by_version(
        {14: "<p>Form 4711 <b>sent</b></p>", 17: "<p>Form 4711 &lt;b&gt;sent&lt;/b&gt;</p>"}
    )
    assert (message["message_type"], message["subtype_id"][1]) == ("notification", "Note")
    assert created["subtype_id"][1] == "Opportunity Created"


def test_a_salesperson_sees_own_leads_only(story: Story) -> None:
    others = story.create("crm.lead", **FORM)
    story.server.user("seller", groups=["sales_team.group_sale_salesman"])
    story.odoo.login(story.server.db, "seller", "seller")
    own = story.create("crm.lead", **FORM)
    assert story.odoo.env["crm.lead"].search([]) == own.ids
    with story.refused("Lead", "AccessError"):
        story.odoo.env["crm.lead"].write(others.ids, {"name": "Mine"})
