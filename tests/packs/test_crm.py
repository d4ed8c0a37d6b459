"""Leads and opportunities: stories of a salesperson, and what holds after any calls."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.errors import AccessError, UserError, ValidationError
from mockserver.orm.database import Database
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.seed import build as seed
from mockserver.services.call import Call, execute
from tests.properties.budget import examples


@pytest.fixture(scope="module")
def database() -> Database:
    return seed.build("t", profile=profiles.get("odoo-17.0"), clock=Clock(), fixtures=["crm"])


def lead(env: Environment, **values: Any) -> Recordset:
    return env["crm.lead"].create({"name": "Lead 4711", **values})


def stage(env: Environment, name: str) -> Recordset:
    return env.ref(f"crm.stage_lead{('New', 'Qualified', 'Proposition', 'Won').index(name) + 1}")  # type: ignore[return-value]


def salesperson(env: Environment, login: str) -> Recordset:
    groups = [env.ref(f"{name}").id for name in ("base.group_user", "sales_team.group_sale_salesman")]  # type: ignore[union-attr]
    values = {"name": login, "login": login, "email": f"{login}@x.test", "groups_id": [(6, 0, groups)]}
    return env["res.users"].create(values)


def test_a_new_lead_has_stage_team_salesperson_and_company(env: Environment) -> None:
    found = lead(env)
    assert (found.type, found.stage_id.name, found.team_id.name) == ("opportunity", "New", "Sales")
    assert (found.user_id, found.company_id) == (env.user, env.company)
    assert found.date_open == "2024-05-17 12:00:00"
    nobody = lead(env, user_id=False)
    assert (nobody.team_id.name, nobody.date_open) == (False, False)


def test_a_lead_takes_what_its_contact_has(env: Environment) -> None:
    company = env["res.partner"].create({"name": "Known SA", "is_company": True, "city": "Mons", "phone": "1"})
    kim = env["res.partner"].create({"name": "Kim", "parent_id": company.id, "email": "kim@known.example"})
    found = lead(env, partner_id=kim.id)
    assert (found.partner_name, found.contact_name, found.email_from) == ("Known SA", "Kim", "kim@known.example")
    assert found.city == "Mons"
    found.write({"email_from": "new@known.example"})
    assert kim.email == "new@known.example"
    kim.write({"email": "third@known.example"})
    assert found.email_from == "third@known.example"
    found.write({"partner_id": False})
    assert (found.email_from, found.contact_name) == ("third@known.example", "Kim")


def test_won_lost_and_brought_back(env: Environment) -> None:
    found = lead(env, expected_revenue=1000)
    found.action_set_won()
    assert (found.stage_id.name, found.probability, found.date_closed) == ("Won", 100.0, "2024-05-17 12:00:00")
    assert found.prorated_revenue == 1000.0
    found.write({"stage_id": stage(env, "Qualified").id})
    assert found.date_closed is False
    reason = env.ref("crm.lost_reason_1")
    found.action_set_lost(lost_reason_id=reason.id)  # type: ignore[union-attr]
    assert (found.active, found.probability, found.lost_reason_id) == (False, 0.0, reason)
    found.toggle_active()
    assert (found.active, found.lost_reason_id.id) == (True, False)


def test_the_comment_of_a_loss_is_in_its_message(env: Environment) -> None:
    with env.db.transaction():
        found = lead(env)
    wizard = env["crm.lead.lost"].create({"lead_ids": [(6, 0, found.ids)], "lost_feedback": "<p>Too late</p>"})
    with env.db.transaction() as transaction:
        wizard.action_lost_reason_apply()
        transaction.complete()
    bodies = [message.body for message in found.message_ids]
    assert any("Lost Comment:" in body and "Too late" in body for body in bodies)


def test_conversion_makes_a_customer_of_company_and_contact(env: Environment) -> None:
    found = lead(env, type="lead", partner_name="Lee Trading", contact_name="Ann Lee", email_from="ann@lee.example")
    context = {"active_model": "crm.lead", "active_id": found.id, "active_ids": found.ids}
    wizard = env["crm.lead2opportunity.partner"].with_context(context).create({})
    assert (wizard.name, wizard.action, wizard.lead_id) == ("convert", "create", found)
    action = wizard.action_apply()
    assert (action["res_model"], action["res_id"]) == ("crm.lead", found.id)
    assert (found.type, found.partner_id.display_name) == ("opportunity", "Lee Trading, Ann Lee")
    assert found.date_conversion == "2024-05-17 12:00:00"


def test_a_won_lead_is_not_converted(env: Environment) -> None:
    found = lead(env)
    found.action_set_won()
    context = {"active_id": found.id, "active_ids": found.ids}
    with pytest.raises(UserError, match=r"Closed/Dead leads cannot be converted"):
        env["crm.lead2opportunity.partner"].with_context(context).create({})


def test_many_leads_are_converted_and_their_duplicates_merged(env: Environment) -> None:
    one, two = (lead(env, type="lead", email_from="same@x.test", name=name) for name in "ab")
    other = lead(env, type="lead", email_from="other@x.test", contact_name="Olga")
    ids = [one.id, two.id, other.id]
    wizard = env["crm.lead2opportunity.partner.mass"].with_context(active_ids=ids, active_id=one.id).create({})
    assert wizard.lead_tomerge_ids.ids
    wizard.action_mass_convert()
    left = env["crm.lead"].search([("id", "in", ids)])
    assert len(left) == 2
    assert set(left.mapped("type")) == {"opportunity"}
    assert other.partner_id.name == "Olga"


def test_merging_keeps_the_most_promising_lead(env: Environment) -> None:
    one = lead(env, email_from="d@x.test", expected_revenue=10, description="<p>a</p>", priority="2")
    two = lead(env, email_from="d@x.test", stage_id=stage(env, "Proposition").id, description="<p>b</p>")
    assert set(one.duplicate_lead_ids.ids) == {one.id, two.id}
    kept = (one | two).merge_opportunity()
    assert kept == two
    assert not one.exists()
    assert (two.expected_revenue, two.priority) == (10.0, "2")
    assert two.description.startswith("<p>b</p>")
    with pytest.raises(UserError, match=r"more than one element"):
        two.merge_opportunity()


@pytest.mark.parametrize(
    ("values", "domain"),
    [({"email_from": "Ann <ANN@firm.example>"}, "@firm.example"), ({"email_from": "ann@gmail.com"}, "ann@gmail.com")],
)
def test_addresses_of_one_firm_are_alike(env: Environment, values: dict[str, Any], domain: str) -> None:
    assert lead(env, **values).email_domain_criterion == domain


def test_a_salesperson_is_in_one_team(env: Environment) -> None:
    sales, seller = env.ref("sales_team.team_sales_department"), salesperson(env, "s")
    north = env["crm.team"].create({"name": "North", "member_ids": [(4, seller.id)]})
    assert (north.member_ids, seller.sale_team_id) == (seller, north)
    assert lead(env.with_user(seller)).team_id == north
    sales.write({"member_ids": [(4, seller.id)]})  # type: ignore[union-attr]
    assert not north.member_ids
    assert seller.sale_team_id == sales
    with pytest.raises(UserError, match=r'Cannot delete default team "Website"'):
        env.ref("sales_team.salesteam_website_sales").unlink()  # type: ignore[union-attr]


def test_a_team_has_an_alias_that_makes_its_leads(env: Environment) -> None:
    team = env["crm.team"].create({"name": "Web", "alias_name": "Wéb Leads"})
    assert (team.alias_name, team.alias_id.alias_model_id.model) == ("web-leads", "crm.lead")
    assert team.alias_defaults == f"{{'type': 'opportunity', 'team_id': {team.id}}}"
    with pytest.raises(ValidationError, match="Invalid expression"):
        team.write({"alias_defaults": "nothing"})


def test_stages_without_leads_are_groups_too(env: Environment) -> None:
    found = lead(env)
    groups = env["crm.lead"].read_group([("id", "=", found.id)], ["expected_revenue"], ["stage_id"])
    assert [(group["stage_id"][1], group["stage_id_count"], group["__fold"]) for group in groups] == [
        ("New", 1, False), ("Qualified", 0, False), ("Proposition", 0, False), ("Won", 0, False),
    ]  # fmt: skip
    eager = env["crm.lead"].read_group([("id", "=", found.id)], ["expected_revenue"], ["stage_id"], lazy=False)
    assert [group["stage_id"][1] for group in eager] == ["New"]


def test_methods_begin_by_reading_their_records(env: Environment) -> None:
    seller, other = salesperson(env, "s"), lead(env)
    for method in ("action_set_won", "write"):
        args = ([other.id], {"name": "x"}) if method == "write" else ([other.id],)
        call = Call("jsonrpc", "object", method, args, uid=seller.id, model="crm.lead")
        with pytest.raises(AccessError, match="doesn't have 'read' access"):
            execute(env.db, call)


STEPS = st.lists(
    st.sampled_from(["won", "lost", "toggle", "Qualified", "Proposition", "Won", "copy", "unassign", "assign"]),
    max_size=8,
)


@examples(30)
@given(steps=STEPS)
def test_what_holds_whatever_happens_to_a_lead(database: Database, steps: list[str]) -> None:
    snapshot = database.snapshot()
    try:
        env = database.env(database.profile.admin_id)
        found = lead(env, expected_revenue=200)
        for step in steps:
            apply(env, found, step)
            assert found.date_closed is not False or found.probability < 100
            assert found.prorated_revenue == 200 * found.probability / 100
            assert bool(found.date_open) is bool(found.user_id)
            assert found.stage_id
    finally:
        database.restore(snapshot)


def apply(env: Environment, found: Recordset, step: str) -> None:
    if step in ("won", "lost"):
        getattr(found, f"action_set_{step}")()
    elif step == "toggle":
        found.toggle_active()
    elif step == "copy":
        assert found.copy().stage_id.name == "New"
    elif step in ("assign", "unassign"):
        found.write({"user_id": env.uid if step == "assign" else False})
    else:
        found.write({"stage_id": stage(env, step).id})


def test_in_19_a_lead_that_is_won_stays_won() -> None:
    env = seed.build("t", profile=profiles.get("odoo-19.0"), clock=Clock(), fixtures=["crm"]).env(2)
    found = lead(env)
    found.action_archive()
    assert (found.active, found.won_status) == (False, "lost")
    found.write({"stage_id": stage(env, "Won").id})
    assert (found.active, found.probability, found.won_status) == (True, 100.0, "won")
    with pytest.raises(ValidationError, match="A lead in a Won stage cannot be lost"):
        found.action_set_lost()
    assert found.active
    found.action_archive()
    assert (found.probability, found.won_status) == (100.0, "pending")
    kinds = env["mail.message"].search([("model", "=", "crm.lead"), ("res_id", "=", found.id)], order="id").subtype_id
    assert kinds.mapped("name").count("Opportunity Lost") == 1
