"""What public integrations ask of business models: a pack answers it, or the page of packs says why none does."""

from __future__ import annotations

import functools
import re
import xmlrpc.client
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from mockserver import MockServer, profiles
from mockserver.clock import Clock
from mockserver.orm.database import Database
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.seed import absent, build as seed
from mockserver.seed.origins import origin
from mockserver.testing.journal.gaps import named
from tests.packs.asked import ASKED, METHODS

PAGE = (Path(__file__).parents[2] / "docs" / "packs.md").read_text("utf-8")
ALWAYS = "always loaded"
ALONE = ("base_automation", "helpdesk", "note")  # packs that business does not contain


class Asked(NamedTuple):
    """A model with what is asked of it, each with the version in which it is looked for."""

    model: str
    version: int
    fields: Mapping[str, int]
    methods: Mapping[str, int]


def asked() -> Iterator[Asked]:
    for line in re.sub(r"\n  ", " ", ASKED).splitlines():
        head, _, rest = line.partition(":")
        model, version = at(head, 17)
        fields, _, methods = rest.partition("|")
        yield Asked(model, version, *(dict(at(word, version) for word in part.split()) for part in (fields, methods)))


def at(word: str, version: int) -> tuple[str, int]:
    name, _, other = word.partition("@")
    return name, int(other or version)


@functools.cache
def business(version: int) -> Database:
    profile = profiles.get(f"odoo-{version}.0")
    return seed.build("t", profile=profile, clock=Clock(), fixtures=["business", *ALONE])


@pytest.mark.parametrize("one", list(asked()), ids=lambda one: one.model)
def test_the_fields_and_methods_that_integrations_ask_for_are_answered(one: Asked) -> None:
    assert one.model in business(one.version).registry
    for version in sorted({one.version, *one.fields.values()}):
        database = business(version)
        names = [name for name, since in one.fields.items() if since == version]
        records = database.env(database.profile.admin_id).sudo()[one.model]
        if not records._model.abstract:
            assert all(row.keys() == {"id", *names} for row in records.search_read([], ["id", *names], limit=2))
        assert [*named(database, one.model, "read", {"fields": names}, [1])] == []
    missing = [name for name, version in one.methods.items() if not business(version).method(one.model, name)]
    assert missing == []


@pytest.mark.parametrize("line", METHODS.splitlines())
def test_the_buttons_and_other_methods_that_integrations_call_are_there(line: str) -> None:
    method, _, rest = line.partition(":")
    for model, version in (at(word, 17) for word in rest.split()):
        assert business(version).method(model, method) is not None, f"{model}@{version}"


def table(title: str) -> list[list[str]]:
    """Return the cells of the table below a title of the page."""
    lines = PAGE.split(f"## {title}\n")[1].split("\n## ")[0].splitlines()
    return [re.split(r" \| ", line.strip("| ")) for line in lines if line.startswith("| ")][2:]


@pytest.mark.parametrize(("pack", "cell"), table("Which pack has a model"))
def test_the_page_of_packs_names_the_pack_of_each_model(pack: str, cell: str) -> None:
    models = re.findall(r"`([\w.]+)`", cell)
    fixtures = [] if pack == ALWAYS else [pack.strip("`")]
    for version in (17, 12) if "until 12.0" in cell else (16 if "until 16.0" in cell else 17,):
        database = seed.build("t", profile=profiles.get(f"odoo-{version}.0"), clock=Clock(), fixtures=fixtures)
        there = [model for model in models if model in database.registry]
        models = [model for model in models if model not in there]
    assert models == []


def test_the_page_of_packs_names_every_model_that_is_asked_for() -> None:
    listed = {model for _, cell in table("Which pack has a model") for model in re.findall(r"`([\w.]+)`", cell)}
    assert {one.model for one in asked()} - listed == set()


def test_the_page_of_packs_names_every_model_that_no_pack_has_with_the_reason() -> None:
    rows = {module.strip("`"): (models, why) for module, models, why in table("Models without a pack")}
    told = {
        module.name: (", ".join(f"`{m}`" for m in module.models), module.why) for module in absent.by_model().values()
    }
    assert rows == told


@pytest.mark.parametrize("model", sorted(absent.by_model()))
def test_no_pack_has_the_models_that_are_said_to_be_in_none(model: str) -> None:
    assert all(model not in business(version).registry for version in (12, 17, 19))
    assert absent.by_model()[model].name in origin(model, profiles.get("odoo-17.0"))


@pytest.mark.parametrize(
    ("model", "told"),
    [
        ("crm.lead", "the pack 'crm' has it: fixtures=[\"crm\"]"),
        ("account.invoice", "it exists until Odoo 12.0"),
        ("mrp.production", "it is of the module 'mrp', of which there is no pack"),
    ],
)
def test_the_journal_says_where_a_model_comes_from_that_is_not_loaded(model: str, told: str) -> None:
    with MockServer() as odoo, xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/object") as proxy:
        with pytest.raises(xmlrpc.client.Fault, match="doesn't exist"):
            proxy.execute_kw(odoo.db, odoo.uid, odoo.password, model, "search_read", [[]])
        [note] = odoo.calls.last.gaps
    assert note.startswith(f"the mock has no model {model}: {told}")


def test_a_model_that_nobody_knows_is_to_be_defined() -> None:
    with MockServer() as odoo, xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/object") as proxy:
        with pytest.raises(xmlrpc.client.Fault):
            proxy.execute_kw(odoo.db, odoo.uid, odoo.password, "x.unheard", "search_read", [[]])
        [note] = odoo.calls.last.gaps
        assert note == "the mock has no model x.unheard: a fixture, a model class or `mockserver pull` gives it one"


@pytest.fixture(scope="module")
def database() -> Database:
    return seed.build("t", profile=profiles.get("odoo-17.0"), clock=Clock(), fixtures=["business"])


def ref(env: Environment, xmlid: str) -> Recordset:
    found = env.ref(xmlid)
    assert found is not None
    return found


def test_settings_give_groups_defaults_parameters_and_values_of_companies(env: Environment) -> None:
    settings, employee = env["res.config.settings"], ref(env, "base.group_user")
    wanted = {
        "group_project_stages": True,
        "default_invoice_policy": "delivery",
        "po_lead": 4.0,
        "use_invoice_terms": True,
    }
    assert settings.create(wanted).execute() == {"type": "ir.actions.client", "tag": "reload"}
    assert ref(env, "project.group_project_stages") in employee.implied_ids
    assert env.user.has_group("project.group_project_stages")
    assert env["product.template"].default_get(["invoice_policy"]) == {"invoice_policy": "delivery"}
    assert env.user.company_id.po_lead == 4.0
    assert settings.create({}).read([*wanted]) == [{"id": settings.search([])[-1:].id, **wanted}]
    settings.create({"group_project_stages": False}).set_values()
    assert not env.user.has_group("project.group_project_stages")


def test_a_group_stays_with_users_who_have_it_by_another_group(env: Environment) -> None:
    env["res.config.settings"].create({"group_project_stages": True}).execute()
    other = env["res.groups"].create({"name": "X", "implied_ids": [(4, ref(env, "project.group_project_stages").id)]})
    env.user.write({"groups_id": [(4, other.id)]})
    env["res.config.settings"].create({"group_project_stages": False}).execute()
    assert env.user.has_group("project.group_project_stages")


def test_menus_are_told_flat_with_their_apps(env: Environment) -> None:
    menus = env["ir.ui.menu"].load_menus(False)
    settings = ref(env, "base.menu_administration")
    assert settings.id in menus["root"]["children"]
    users = ref(env, "base.menu_action_res_users")
    assert menus[users.id]["app_id"] == settings.id
    assert users.display_name == "Settings/Users & Companies/Users"


def test_absences_are_in_the_calendar_that_all_see_until_they_are_refused(env: Environment) -> None:
    employee = env["hr.employee"].create({"name": "Eva"})
    kind = env["hr.leave.type"].create({"name": "Away", "requires_allocation": "no"})
    days = {"request_date_from": "2024-06-03", "request_date_to": "2024-06-04"}
    leave = env["hr.leave"].create({"employee_id": employee.id, "holiday_status_id": kind.id, **days})
    calendar = env["hr.leave.report.calendar"]
    [absence] = calendar.search_read([], ["name", "employee_id", "duration", "state", "is_hatched"])
    assert absence == {
        "id": leave.id, "name": "Eva: 2 days", "employee_id": [employee.id, "Eva"], "duration": 2.0,
        "state": "confirm", "is_hatched": True,
    }  # fmt: skip
    leave.action_refuse()
    assert calendar.search_count([]) == 0


def test_the_first_line_of_a_note_is_its_name_and_each_user_has_stages() -> None:
    database = seed.build("t", profile=profiles.get("odoo-16.0"), clock=Clock(), fixtures=["note"])
    env = database.env(database.profile.admin_id)
    note = env["note.note"].create({"memo": "<p>Buy <b>milk</b></p><p>and bread</p>"})
    assert (note.name, note.stage_id.name, note.open) == ("Buy milk", "New", True)
    note.stage_id = ref(env, "note.note_stage_03")
    assert note.stage_ids.mapped("name") == ["Todo"]
    note.action_close()
    assert not note.open
    assert note.date_done == database.clock.now()[:10]


def test_mail_that_answers_is_caught_at_the_address_of_the_company(env: Environment) -> None:
    company = env.user.company_id
    company.write({"alias_domain_id": env["mail.alias.domain"].create({"name": "example.com"}).id})
    assert company.catchall_email == "catchall@example.com"
    assert company.catchall_formatted == f'"{company.name}" <catchall@example.com>'


@pytest.mark.parametrize(
    ("profile", "model", "field", "told"),
    [
        ("odoo-17.0", "res.users", "group_ids", "it exists from Odoo 19.0 on"),
        ("odoo-19.0", "res.users", "groups_id", "it exists until Odoo 18.0"),
        ("odoo-17.0", "product.product", "is_storable", "it exists from Odoo 18.0 on"),
        ("odoo-17.0", "product.product", "qty_available", "the pack 'stock' has it: fixtures=[\"stock\"]"),
    ],
)
def test_the_journal_and_strict_mode_say_where_a_field_comes_from(
    profile: str, model: str, field: str, told: str
) -> None:
    with MockServer(profile=profile, fixtures=["product"]) as odoo:
        odoo.strict.start()
        with pytest.raises(xmlrpc.client.Fault):
            odoo.xmlrpc().execute_kw(odoo.db, odoo.uid, odoo.password, model, "search_read", [[]], {"fields": [field]})
        assert odoo.calls.last.gaps == [f"the mock has no field {field} of {model}: {told}"]
        [problem] = odoo.strict.problems()
    assert problem.startswith(f"{model} has no field {field!r}; {told}\ncalled: ")
    assert "fixture" not in problem.replace("fixtures=", "")


def test_a_record_tells_the_event_of_its_next_activity(env: Environment) -> None:
    lead = env["crm.lead"].create({"name": "Chairs"})
    assert not lead.activity_calendar_event_id
    times = {"start": "2024-05-20 10:00:00", "stop": "2024-05-20 11:00:00"}
    event = env["calendar.event"].create({"name": "Call", **times})
    lead.activity_schedule(summary="Call").write({"calendar_event_id": event.id})
    assert lead.activity_calendar_event_id == event


def test_models_without_a_table_of_their_own_are_abstract_in_the_list_of_models() -> None:
    env = business(19).env(2)
    found = env["ir.model"].search([("model", "in", ["mail.thread", "res.partner"])])
    assert {row.model: row.abstract for row in found} == {"mail.thread": True, "res.partner": False}


def test_the_wizard_for_new_modules_tells_how_many_it_found(env: Environment) -> None:
    wizard = env["base.module.update"].create({})
    assert wizard.update_module() is False
    assert wizard.read(["state", "updated", "added"]) == [{"id": wizard.id, "state": "done", "updated": 0, "added": 0}]


def test_a_server_for_incoming_mail_is_confirmed_and_taken_back(env: Environment) -> None:
    server = env["fetchmail.server"].create({"name": "In"})
    assert (server.state, server.server_type) == ("draft", "imap")
    server.button_confirm_login()
    assert server.state == "done"
    server.set_draft()
    assert server.state == "draft"
