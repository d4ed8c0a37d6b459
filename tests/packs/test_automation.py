"""Automation rules and server actions: what sets a rule off, what its actions do, and how loops end.  Inferred."""

from __future__ import annotations

import json
import xmlrpc.client
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from mockserver import MockServer, profiles
from mockserver.clock import Clock
from mockserver.errors import NotDoneWarning, UserError, ValidationError
from mockserver.orm.database import Database
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.seed import build as seed
from tests.properties.budget import examples

OLD, NEW = ("odoo-11.0", "odoo-14.0", "odoo-16.0"), ("odoo-17.0", "odoo-18.0", "odoo-19.0")


def _database(profile: str, *fixtures: str) -> Database:
    return seed.build("t", profile=profiles.get(profile), clock=Clock(), fixtures=["base_automation", *fixtures])


@pytest.fixture(scope="module")
def database() -> Database:
    return _database("odoo-17.0", "crm")


def _model(env: Environment, name: str) -> int:
    return int(env["ir.model"].search([("model", "=", name)]).id)


def _field(env: Environment, model: str, name: str) -> int:
    return int(env["ir.model.fields"].search([("model", "=", model), ("name", "=", name)]).id)


def write(path: str, value: Any, **more: Any) -> dict[str, Any]:
    """The values of an action that writes a text into a field."""
    return {"name": f"Write {path}", "state": "object_write", "update_path": path, "value": value, **more}


def rule(env: Environment, model: str, trigger: str, *actions: dict[str, Any], **values: Any) -> Recordset:
    """A rule with its actions, as an integration creates it."""
    id_ = _model(env, model)
    if "action_server_id" not in env["base.automation"]:
        lines = [(0, 0, {"model_id": id_, **action}) for action in actions]
        values = {"action_server_ids": lines, **values}
    return env["base.automation"].create({"name": "Rule", "model_id": id_, "trigger": trigger, **values})


# -- every version


@pytest.mark.parametrize("profile", OLD + NEW)
def test_a_rule_writes_once_its_condition_is_met(profile: str) -> None:
    env = _database(profile).env()
    values: dict[str, Any] = {"filter_domain": "[('city', '=', 'Ghent'), ('create_uid', '=', uid)]"}
    if profile in OLD:
        line = {"col1": _field(env, "res.partner", "website"), "value": "http://azure.example"}
        values |= {"state": "object_write", "fields_lines": [(0, 0, line)]}
        made = rule(env, "res.partner", "on_create_or_write", **values)
        assert (made.action_server_id.usage, made.action_server_id.name) == ("base_automation", "Rule")
    else:
        made = rule(env, "res.partner", "on_create_or_write", write("website", "http://azure.example"), **values)
        assert made.action_server_ids.mapped("usage") == ["base_automation"]
    partner = env["res.partner"].create({"name": "Azure"})
    assert not partner.website
    partner.write({"city": "Ghent"})
    assert partner.website == "http://azure.example"
    assert env["res.partner"].create({"name": "Other", "city": "Ghent"}).website == "http://azure.example"
    made.write({"active": False})
    assert env["res.partner"].create({"name": "Third", "city": "Ghent"}).website is False
    made.write({"active": True})
    made.unlink()
    assert env["res.partner"].create({"name": "Fourth", "city": "Ghent"}).website is False


@pytest.mark.parametrize("profile", ["odoo-14.0", "odoo-17.0"])
def test_the_old_condition_and_the_watched_fields_decide(profile: str) -> None:
    env = _database(profile).env()
    watched = [(6, 0, [_field(env, "res.partner", "phone")])]
    values: dict[str, Any] = {"filter_pre_domain": "[('city', '=', False)]", "trigger_field_ids": watched}
    if profile == "odoo-14.0":
        line = {"col1": _field(env, "res.partner", "ref"), "value": "changed"}
        rule(env, "res.partner", "on_write", state="object_write", fields_lines=[(0, 0, line)], **values)
    else:
        rule(env, "res.partner", "on_write", write("ref", "changed"), **values)
    partner = env["res.partner"].create({"name": "Azure", "phone": "1"})
    partner.write({"street": "A", "phone": "1"})
    assert not partner.ref  # no watched field has another value
    partner.write({"phone": "2", "city": "Ghent"})
    assert partner.ref == "changed"
    partner.write({"ref": False, "phone": "3"})
    assert partner.ref is False  # the city was there before


# -- triggers of 17


def test_triggers_fill_in_their_field_and_their_condition(env: Environment) -> None:
    stage = env["crm.stage"].search([])[1]
    tag = env["crm.tag"].create({"name": "Hot"})
    by_stage = rule(env, "crm.lead", "on_stage_set", trg_field_ref=stage.id)
    assert by_stage.filter_domain == f"[('stage_id', '=', {stage.id})]"
    assert by_stage.trigger_field_ids.mapped("name") == ["stage_id"]
    assert by_stage.trg_field_ref_model_name == "crm.stage"
    by_tag = rule(env, "crm.lead", "on_tag_set", trg_field_ref=tag.id)
    assert (by_tag.filter_pre_domain, by_tag.filter_domain) == (
        f"[('tag_ids', 'not in', [{tag.id}])]",
        f"[('tag_ids', 'in', [{tag.id}])]",
    )
    assert rule(env, "crm.lead", "on_user_set").filter_domain == "[('user_id', '!=', False)]"
    assert rule(env, "crm.lead", "on_archive").filter_domain == "[('active', '=', False)]"
    assert rule(env, "crm.lead", "on_unarchive").filter_domain == "[('active', '=', True)]"
    by_state = rule(env, "crm.lead", "on_priority_set", filter_domain="[('priority', '=', '3')]")
    assert by_state.trigger_field_ids.mapped("name") == ["priority"]


def test_a_stage_sets_off_its_rule_only_when_it_is_reached(env: Environment) -> None:
    stages = env["crm.stage"].search([])
    rule(env, "crm.lead", "on_stage_set", write("referred", "won"), trg_field_ref=stages[1].id)
    lead = env["crm.lead"].create({"name": "L"})
    lead.write({"stage_id": stages[1].id})
    assert lead.referred == "won"
    lead.write({"referred": False, "stage_id": stages[1].id})
    assert lead.referred is False
    assert env["crm.lead"].create({"name": "L", "stage_id": stages[1].id}).referred == "won"


def test_archiving_deleting_and_a_tag_set_off_rules(env: Environment) -> None:
    tag = env["crm.tag"].create({"name": "Hot"})
    rule(env, "crm.lead", "on_archive", write("referred", "archived"))
    rule(env, "crm.lead", "on_tag_set", write("referred", "tagged"), trg_field_ref=tag.id)
    rule(env, "crm.lead", "on_unlink", write("partner_id.ref", "gone"))
    partner = env["res.partner"].create({"name": "Azure"})
    lead = env["crm.lead"].create({"name": "L", "partner_id": partner.id})
    lead.write({"tag_ids": [(4, tag.id)]})
    assert lead.referred == "tagged"
    lead.action_archive()
    assert lead.referred == "archived"
    lead.unlink()
    assert partner.ref == "gone"


def test_a_computed_field_sets_off_a_rule_at_the_end_of_the_call(env: Environment) -> None:
    company = env["res.partner"].create({"name": "Azure", "is_company": True})
    person = env["res.partner"].create({"name": "Ann", "parent_id": company.id})
    watched = [(6, 0, [_field(env, "res.partner", "commercial_company_name")])]
    rule(env, "res.partner", "on_write", write("ref", "moved"), trigger_field_ids=watched,
         filter_domain=f"[('id', '=', {person.id})]")  # fmt: skip
    company.write({"name": "Azure Interior"})
    assert (person.commercial_company_name, person.ref) == ("Azure Interior", "moved")


def test_messages_set_off_rules_by_who_wrote_them(env: Environment) -> None:
    rule(env, "crm.lead", "on_message_received", write("referred", "customer"))
    rule(env, "crm.lead", "on_message_sent", write("referred", "us"))
    lead = env["crm.lead"].create({"name": "L"})
    customer = env["res.partner"].create({"name": "Kim", "email": "kim@x.example"})
    lead.message_post(body="Hi", message_type="comment", subtype_xmlid="mail.mt_comment")
    assert lead.referred == "us"
    lead.message_post(body="Note")
    assert lead.referred == "us"
    lead.message_post(body="Hi", message_type="email", subtype_xmlid="mail.mt_comment", author_id=customer.id)
    assert lead.referred == "customer"
    with pytest.raises(ValidationError, match="Mail event can not be configured on model Country"):
        rule(env, "res.country", "on_message_sent")


def test_rules_that_depend_on_time_run_by_their_scheduled_action(env: Environment) -> None:
    made = rule(
        env, "crm.lead", "on_time_created", write("referred", "old"), trg_date_range=2, trg_date_range_type="day"
    )
    assert made.trg_date_id.name == "create_date"
    cron = env.ref("base_automation.ir_cron_data_base_automation_check")
    assert cron is not None
    assert (cron.active, cron.interval_number, cron.interval_type) == (True, 240, "minutes")
    lead = env["crm.lead"].create({"name": "L"})
    for days, expected in ((1, False), (3, "old"), (4, "old")):
        env.db.clock.freeze(f"2024-05-{17 + days} 12:00:00")
        cron.method_direct_trigger()
        assert lead.referred == expected
    lead.write({"referred": False})
    cron.method_direct_trigger()
    assert lead.referred is False  # once only
    made.unlink()
    assert cron.active is False


# -- actions


def test_actions_send_mail_schedule_activities_and_add_followers(env: Environment) -> None:
    kim = env["res.partner"].create({"name": "Kim", "email": "kim@x.example"})
    kind = env.ref("mail.mail_activity_data_todo")
    template = env["mail.template"].create(
        {
            "name": "T",
            "model_id": _model(env, "crm.lead"),
            "subject": "About {{ object.name }}",
            "email_to": "a@x.example",
        }
    )
    assert kind is not None
    rule(
        env, "crm.lead", "on_create",
        {"name": "Follow", "state": "followers", "partner_ids": [(6, 0, kim.ids)]},
        {"name": "Do", "state": "next_activity", "activity_type_id": kind.id, "activity_summary": "Call",
         "activity_date_deadline_range": 2, "activity_date_deadline_range_type": "days",
         "activity_user_type": "specific", "activity_user_id": env.uid},
        {"name": "Post", "state": "mail_post", "template_id": template.id, "mail_post_method": "note"},
        {"name": "Mail", "state": "mail_post", "template_id": template.id, "mail_post_method": "email"},
    )  # fmt: skip
    lead = env["crm.lead"].create({"name": "Shop"})
    assert kim in lead.message_partner_ids
    activity = lead.activity_ids
    assert (activity.summary, activity.date_deadline, activity.user_id.id) == ("Call", "2024-05-19", env.uid)
    assert "About Shop" in lead.message_ids.mapped("subject")
    waiting = env["mail.mail"].search([("res_id", "=", lead.id), ("model", "=", "crm.lead")])
    assert waiting.mapped("email_to") == ["a@x.example"]


def test_an_action_of_several_runs_each(env: Environment) -> None:
    ids = [
        env["ir.actions.server"].create({**write(path, value), "model_id": _model(env, "crm.lead")}).id
        for path, value in (("referred", "a"), ("partner_name", "b"))
    ]
    rule(env, "crm.lead", "on_create", {"name": "Both", "state": "multi", "child_ids": [(6, 0, ids)]})
    lead = env["crm.lead"].create({"name": "L"})
    assert (lead.referred, lead.partner_name) == ("a", "b")


def test_code_is_left_out_and_noted_and_the_other_actions_run(env: Environment) -> None:
    code = {"name": "Code", "state": "code", "code": "record.write({'referred': 'x'})"}
    made = rule(env, "crm.lead", "on_create", code, write("partner_name", "done"))
    with env.db.transaction():
        lead = env["crm.lead"].create({"name": "L"})
        (noted,) = env.db.unmet
    assert (lead.referred, lead.partner_name) == (False, "done")
    assert noted == (
        "The server action 'Code' was not run: mockserver never runs the Python code of an action."
        " Let the test put a function in the place of ir.actions.server.run."
    )
    with pytest.warns(NotDoneWarning, match="The server action 'Code' was not run"):
        env["crm.lead"].create({"name": "M"})
    with pytest.raises(UserError, match="never runs the Python code"):
        made.action_server_ids[0].with_context(active_model="crm.lead", active_id=lead.id).run()


def test_a_condition_that_cannot_be_read_is_noted(env: Environment) -> None:
    rule(
        env,
        "crm.lead",
        "on_create",
        write("referred", "x"),
        filter_domain="[('name', '=', open('/etc/passwd').read())]",
    )
    with env.db.transaction():
        lead = env["crm.lead"].create({"name": "L"})
        (noted,) = env.db.unmet
    assert lead.referred is False
    assert noted.startswith("The automation 'Rule' was not run: mockserver cannot read its filter_domain: Call")


def test_rules_are_checked(env: Environment) -> None:
    other = write("name", "x", model_id=_model(env, "crm.tag"))
    with pytest.raises(
        ValidationError, match="Model of action Write name should match the one from automated rule Rule"
    ):
        rule(env, "crm.lead", "on_create", other)
    with pytest.raises(ValidationError, match="can only be used with"):
        rule(env, "crm.lead", "on_change", write("name", "x"))
    with pytest.raises(ValidationError, match="cannot be used when deleting records"):
        rule(env, "crm.lead", "on_unlink", {"name": "F", "state": "followers"})


def test_a_failed_action_undoes_the_change_and_names_its_rule(env: Environment) -> None:
    made = rule(env, "crm.lead", "on_create", {"name": "W", "state": "webhook"})
    with pytest.raises(UserError, match="give me a URL") as caught:
        env["crm.lead"].create({"name": "L"})
    assert caught.value.context == {
        "exception_class": "base_automation",
        "base_automation": {"id": made.id, "name": "Rule"},
    }
    assert not env["crm.lead"].search([("name", "=", "L")])


# -- loops


def _counting(env: Environment, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Let every run of an action be noted: its id and that of its record."""
    runs: list[tuple[int, int]] = []
    cls = env.db.registry.records("ir.actions.server")
    run = cls.run

    def counted(self: Recordset) -> Any:
        runs.extend((action.id, self.env.context["active_id"]) for action in self)
        return run(self)

    monkeypatch.setattr(cls, "run", counted)
    return runs


def test_a_rule_that_writes_its_own_record_ends(env: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    first = rule(env, "crm.lead", "on_create_or_write", write("referred", "a"))
    lead = env["crm.lead"].create({"name": "L"})
    runs = _counting(env, monkeypatch)
    lead.write({"name": "M"})
    assert runs == [(first.action_server_ids.id, lead.id)]


@examples(12)
@given(data=st.data())
def test_no_rule_runs_within_its_own_run_for_a_record(database: Database, data: st.DataObject) -> None:
    """Rules write the fields that others watch: a chain of calls ends, and has no rule twice for a record."""
    names = ["referred", "partner_name", "email_cc"]
    snapshot, env = database.snapshot(), database.env()
    chain: list[int] = []
    worst = 0
    with pytest.MonkeyPatch.context() as patched:
        for _ in range(data.draw(st.integers(1, 3))):
            watched, written = data.draw(st.sampled_from(names)), data.draw(st.sampled_from(names))
            ids = [_field(env, "crm.lead", watched)] if data.draw(st.booleans()) else []
            rule(env, "crm.lead", "on_create_or_write", write(written, watched), trigger_field_ids=[(6, 0, ids)])
        cls = env.db.registry.records("ir.actions.server")
        run = cls.run

        def counted(self: Recordset) -> Any:
            nonlocal worst
            chain.append(self.id)
            worst = max(worst, chain.count(self.id))
            try:
                return run(self)
            finally:
                chain.pop()

        patched.setattr(cls, "run", counted)
        lead = env["crm.lead"].create({"name": "L"})
        lead.write({data.draw(st.sampled_from(names)): "x"})
    database.restore(snapshot)
    assert worst <= 1


# -- where rules come from


def test_rules_of_a_fixture_and_of_a_restored_database_hold(tmp_path: Path) -> None:
    model = {"ref": "base.model_res_partner"}
    action = {"name": "Mark", "model_id": model, "state": "object_write", "update_path": "ref", "value": "new"}
    rule = {"name": "R", "model_id": model, "trigger": "on_create"}
    path = tmp_path / "rules.json"
    path.write_text(
        json.dumps(
            {
                "records": [
                    {"model": "base.automation", "xmlid": "my.rule", "values": rule},
                    {"model": "ir.actions.server", "values": {**action, "base_automation_id": {"ref": "my.rule"}}},
                ]
            }
        )
    )
    with MockServer(fixtures=["base_automation", str(path)]) as server:
        assert server.env["res.partner"].create({"name": "Azure"}).ref == "new"
        with xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/db") as service:
            dump = service.dump("admin", "mock", "zip")
            assert service.restore("admin", "copy", dump)
            assert service.duplicate_database("admin", "mock", "twin")
        for name in ("copy", "twin"):
            assert server.database(name).env()["res.partner"].create({"name": "Azure"}).ref == "new"


def test_a_rule_that_is_rolled_back_does_not_hold(env: Environment) -> None:
    with pytest.raises(ZeroDivisionError), env.db.transaction():
        rule(env, "res.partner", "on_create", write("ref", "new"))
        assert env["res.partner"].create({"name": "Azure"}).ref == "new"
        raise ZeroDivisionError
    assert not env["res.partner"].create({"name": "Azure"}).ref


@pytest.mark.parametrize(("profile", "state"), [("odoo-15.0", "email"), ("odoo-16.0", "mail_post")])
def test_rules_of_older_versions_send_mail(profile: str, state: str) -> None:
    env = _database(profile).env()
    template = {"name": "T", "model_id": _model(env, "res.partner"), "email_to": "a@x.example"}
    subject = "About {{ object.name }}"
    made = env["mail.template"].create({**template, "subject": subject})
    values: dict[str, Any] = {"mail_post_method": "note"} if state == "mail_post" else {}
    rule(env, "res.partner", "on_create", state=state, template_id=made.id, **values)
    partner = env["res.partner"].create({"name": "Azure"})
    if state == "mail_post":
        assert "About Azure" in partner.message_ids.mapped("subject")
    else:
        assert env["mail.mail"].search([("subject", "=", "About Azure")]).mapped("email_to") == ["a@x.example"]


@pytest.mark.parametrize("profile", ["odoo-17.0", "odoo-19.0"])
def test_actions_of_rules_have_a_name_by_themselves(profile: str) -> None:
    env = _database(profile).env()
    path = {"state": "object_write", "update_path": "parent_id.country_id", "value": "1"}
    made = rule(env, "res.partner", "on_create", path, {"state": "webhook", "webhook_url": "http://127.0.0.1:9/"})
    assert set(made.action_server_ids.mapped("name")) == {
        "Update Related Company > Country", "Send Webhook Notification",
    }  # fmt: skip
    copy = made.copy()
    assert copy.action_server_ids.mapped("name") == made.action_server_ids.mapped("name")
    assert not copy.action_server_ids & made.action_server_ids
    assert copy.webhook_uuid != made.webhook_uuid
