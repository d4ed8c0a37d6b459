"""Packs: which are loaded, what modules say of it, and loading them one by one, by every way."""

from __future__ import annotations

import xmlrpc.client
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mockserver import MockServer, UserError, profiles
from mockserver.clock import Clock
from mockserver.errors import OdooError
from mockserver.orm.database import Database
from mockserver.seed import build as seed
from mockserver.seed.files import closure, find, main_packs, packs, read
from mockserver.seed.glue import GLUE
from mockserver.services import dumps

NOT_MODULES = ("base", "business", "demo")
ALONE = {"helpdesk", "helpdesk_timesheet"}  # packs that business does not contain
GONE = {"note"}  # packs that the last version does not have
MODULES = [pack for pack in packs() if pack not in NOT_MODULES]
PROFILES = ["odoo-12.0", "odoo-17.0", "odoo-20.0"]


def build(*fixtures: str, profile: str = profiles.DEFAULT) -> Database:
    return seed.build("test", profile=profiles.get(profile), fixtures=fixtures, clock=Clock())


def states(database: Database) -> dict[str, str]:
    return {row["name"]: row["state"] for row in database.store.rows("ir.module.module").values()}


def button(server: MockServer, module: str, method: str) -> Any:
    """What the button of a module answers over XML-RPC."""
    with xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/object") as models:
        login = server.db, server.uid, server.password
        ids = models.execute_kw(*login, "ir.module.module", "search", [[["name", "=", module]]])
        return models.execute_kw(*login, "ir.module.module", method, [ids])


@pytest.fixture(scope="module")
def shared() -> Iterator[MockServer]:
    with MockServer() as server:
        yield server


@pytest.fixture
def odoo(shared: MockServer) -> MockServer:
    shared.reset()
    return shared


# -- the modules of packs


@pytest.mark.parametrize("pack", MODULES)
def test_every_pack_is_a_module_that_needs_what_the_pack_requires(pack: str) -> None:
    database = build(profile="odoo-16.0" if pack in GONE else "odoo-20.0")
    module = database.env().ref(f"base.module_{pack}")
    assert module is not None
    assert module.name == pack
    assert module.auto_install is (pack in GLUE)
    required = {name for name in read(find(pack)).get("requires", []) if "-" not in name}
    assert required <= set(module.dependencies_id.mapped("name"))
    assert set(GLUE.get(pack, ())) <= {path.stem for path in closure([pack])}


@pytest.mark.parametrize("profile", PROFILES)
def test_what_is_loaded_is_installed_and_the_rest_is_not(profile: str) -> None:
    base = states(build(profile=profile))
    assert (base["base"], base["sale"], base["stock"], base["sale_stock"]) == ("installed", *["uninstalled"] * 3)
    found = states(build("sale", "stock", profile=profile))
    assert (found["sale"], found["stock"], found["sale_stock"], found["account"]) == ("installed",) * 4
    assert (found["crm"], found["sale_crm"], found["website"]) == ("uninstalled",) * 3


def test_everything_is_installed_with_business() -> None:
    found = states(build("business"))
    assert {name for name in MODULES if found.get(name, "installed") != "installed"} == ALONE


@pytest.mark.parametrize("profile", ["odoo-14.0", "odoo-17.0"])
def test_packs_loaded_one_by_one_are_as_those_loaded_together(profile: str) -> None:
    together, single = build("business", profile=profile), build(profile=profile)
    for path in closure(["business"], known=closure(["base"])):
        seed.load_file(single, path.stem)
    assert sorted(single.loaded.packs) == sorted(together.loaded.packs)
    for model in together.registry.values():
        other = single.registry[model.name]
        assert set(other.fields) == set(model.fields)
        assert (set(other.mixins), other.defaults) == (set(model.mixins), model.defaults), model.name
        assert set(other.definitions) == set(model.definitions), model.name
        if not model.abstract:
            assert len(single.store.rows(model.name)) == len(together.store.rows(model.name)), model.name


# -- installing


@pytest.mark.parametrize("profile", PROFILES)
def test_the_install_button_loads_the_pack_with_what_it_needs_and_its_glue(profile: str) -> None:
    with MockServer(profile=profile, fixtures=["sale"]) as server:
        assert "crm.lead" not in server.env
        answer = button(server, "crm", "button_immediate_install")
        assert answer == {"type": "ir.actions.act_url", "target": "self", "url": "/web"}
        found = states(server.database("mock"))
        assert (found["crm"], found["calendar"], found["sale_crm"]) == ("installed",) * 3
        assert server.env["crm.lead"].create({"name": "A lead"}).name == "A lead"
        assert "opportunity_id" in server.env["sale.order"]._model.fields
        server.reset()
        assert "crm.lead" not in server.env
        assert states(server.database("mock"))["crm"] == "uninstalled"


def test_modules_marked_to_install_are_loaded_by_the_wizard(odoo: MockServer) -> None:
    modules = odoo.env["ir.module.module"]
    project = modules.search([("name", "=", "project")])
    assert project.button_install()["res_model"] == "base.module.upgrade"
    assert project.state == "to install"
    wizard = odoo.env["base.module.upgrade"].create({})
    assert "project: to install" in wizard.module_info.splitlines()
    assert wizard.upgrade_module() == {"type": "ir.actions.act_window_close"}
    assert project.state == "installed"
    assert odoo.env["project.task"].search_count([]) == 0


def test_the_wizard_can_be_cancelled(odoo: MockServer) -> None:
    project = odoo.env["ir.module.module"].search([("name", "=", "project")])
    project.button_install()
    odoo.env["base.module.upgrade"].upgrade_module_cancel()
    assert project.state == "uninstalled"


def test_what_was_loaded_cannot_be_uninstalled(odoo: MockServer) -> None:
    odoo.load("crm")
    with pytest.raises(xmlrpc.client.Fault, match="cannot uninstall crm"):
        button(odoo, "crm", "button_immediate_uninstall")
    with pytest.raises(UserError, match="cannot uninstall calendar, crm"):
        odoo.env.ref("base.module_calendar").button_uninstall()  # type: ignore[union-attr]
    assert states(odoo.database("mock"))["crm"] == "installed"


def test_of_a_module_that_is_no_pack_only_the_state_changes_and_the_journal_says_so(odoo: MockServer) -> None:
    button(odoo, "website", "button_immediate_install")
    assert states(odoo.database("mock"))["website"] == "installed"
    note = "the mock has no models of the module website: installing it changes only its state"
    assert odoo.calls[-1].gaps == [note]
    button(odoo, "website", "button_immediate_uninstall")
    assert states(odoo.database("mock"))["website"] == "uninstalled"


def test_strict_mode_fails_a_test_that_installs_a_module_without_models() -> None:
    own = {"model": "ir.module.module", "values": {"name": "shop", "state": "uninstalled"}}
    with MockServer(strict=True) as odoo:
        odoo.load({"models": {"shop.visit": {"module": "shop"}}, "records": [own]})
        button(odoo, "shop", "button_immediate_install")
        button(odoo, "crm", "button_immediate_install")
        assert odoo.problems() == []
        button(odoo, "website", "button_immediate_install")
        [problem] = odoo.problems()
    assert problem.startswith("the mock has no models of the module website")


def test_only_administrators_install_modules(odoo: MockServer) -> None:
    user = odoo.user("ann")
    module = odoo.env.ref("base.module_crm")
    assert module is not None
    with pytest.raises(OdooError):
        module.with_user(user.uid).button_immediate_install()
    assert "crm.lead" not in odoo.env


# -- every way of loading


def test_a_pack_loaded_again_changes_nothing(odoo: MockServer) -> None:
    odoo.load("sale")
    before = odoo.database("mock").dump()
    odoo.load("sale")
    odoo.load("product")
    odoo.load({"requires": ["sale"]})
    assert odoo.database("mock").dump() == before


def test_glue_is_loaded_when_the_last_of_what_it_joins_is_loaded(odoo: MockServer) -> None:
    odoo.load("sale")
    assert "sale_stock" not in odoo.database("mock").loaded.packs
    odoo.load("stock")
    assert {"sale_stock", "stock_account"} <= set(odoo.database("mock").loaded.packs)
    assert "warehouse_id" in odoo.env["sale.order"]._model.fields


def test_a_file_of_ones_own_brings_its_packs(tmp_path: Path, odoo: MockServer) -> None:
    path = tmp_path / "mine.json"
    path.write_text('{"requires": ["crm"], "records": [{"model": "crm.lead", "values": {"name": "Mine"}}]}')
    odoo.load("sale")
    odoo.load(path)
    assert odoo.env["crm.lead"].search([]).mapped("name") == ["Mine"]
    assert "sale_crm" in odoo.database("mock").loaded.packs


def test_a_restored_dump_knows_what_is_loaded() -> None:
    with MockServer(fixtures=["sale"]) as server:
        databases = server.app.databases
        databases.undump("again", dumps.pack(server.database("mock"), "zip"))
        again = databases["again"]
        assert again.loaded.packs == server.database("mock").loaded.packs
        seed.load_file(again, "sale")
        again.env(server.uid).ref("base.module_stock").button_immediate_install()  # type: ignore[union-attr]
        assert {"stock", "sale_stock"} <= set(again.loaded.packs)
        assert "stock" not in server.database("mock").loaded.packs


def test_a_label_leads_to_its_record_from_a_pack_that_is_loaded_later() -> None:
    database = build("account", profile="odoo-14.0")
    assert "account.1_stock_valuation" in database.loaded.labels
    seed.load_file(database, "stock")
    model, id_ = database.loaded.labels["account.1_stock_valuation"]
    assert database.store.get(model, id_) is not None


def test_a_failing_load_leaves_nothing(odoo: MockServer) -> None:
    wrong = {"requires": ["sale"], "records": [{"model": "sale.order", "values": {"nmae": "x"}}]}
    with pytest.raises(ValueError, match="did you mean 'name'"):
        odoo.load(wrong)
    assert "sale.order" not in odoo.env
    assert "sale" not in odoo.database("mock").loaded.packs
    assert states(odoo.database("mock"))["sale"] == "uninstalled"
    odoo.load("sale")
    assert "sale.order" in odoo.env


def test_the_packs_that_one_would_name_are_packs() -> None:
    assert set(main_packs()) <= set(packs())
    assert not set(GLUE) & set(main_packs())
