"""Building databases from fixtures: the format, the errors, the cache, and the way back."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.orm.database import Database
from mockserver.seed import build as seed, files
from mockserver.seed.build import FixtureError
from mockserver.seed.files import folder

PROFILE = profiles.get(profiles.DEFAULT).with_demo(True)
DOCS = Path(__file__).resolve().parent.parent / "docs" / "fixtures.md"

SHOP: dict[str, Any] = {
    "models": {
        "shop.order": {
            "description": "Shop Order",
            "fields": {
                "name": {"type": "char", "required": True},
                "partner_id": {"type": "many2one", "relation": "res.partner"},
                "tag_ids": {"type": "many2many", "relation": "res.partner.category"},
                "state": {"type": "selection", "selection": [["draft", "Draft"], ["done", "Done"]]},
                "about": {"type": "reference", "selection": [["res.partner", "Contact"], ["res.country", "Country"]]},
                "total": {"type": "float", "digits": [16, 2]},
            },
            "defaults": {"state": "draft"},
            "constraints": [{"name": "name_uniq", "unique": ["name"], "message": "The number must be unique!"}],
        }
    },
    "records": [
        {
            "model": "shop.order", "xmlid": "shop.one", "id": 7,
            "values": {"name": "S1", "partner_id": {"ref": "shop.anna"}, "total": 1.005,
                       "tag_ids": [{"ref": "base.res_partner_category_0"}], "about": {"ref": "base.be"}},
        },
        {"model": "res.partner", "xmlid": "shop.anna", "values": {"name": "Anna", "parent_id": {"ref": "shop.co"}}},
        {"model": "res.partner", "xmlid": "shop.co", "values": {"name": "Co", "is_company": True}},
    ],
}  # fmt: skip


def build(*fixtures: str | Path, **options: Any) -> Database:
    return seed.build("test", profile=PROFILE, fixtures=fixtures, clock=Clock(), **options)


def write(path: Path, fixture: Any) -> Path:
    path.write_text(fixture if isinstance(fixture, str) else json.dumps(fixture), "utf-8")
    return path


@pytest.fixture
def database() -> Database:
    return build()


# -- what a fixture does


def test_a_fixture_defines_a_model_and_its_records(database: Database) -> None:
    seed.load(database, SHOP, source="shop.json")
    order = database.env().ref("shop.one")
    assert order is not None
    assert order.read(["name", "partner_id", "state", "total"]) == [
        {"id": 7, "name": "S1", "partner_id": [order.partner_id.id, "Co, Anna"], "state": "draft", "total": 1.01}
    ]
    assert order.tag_ids.mapped("name") == ["Partner"]
    assert order.about == "res.country,20"


def test_the_next_record_follows_the_highest_id_of_the_fixture(database: Database) -> None:
    seed.load(database, SHOP, source="shop.json")
    assert database.env()["shop.order"].create({"name": "S2"}).id == 8


def test_stored_computed_fields_of_fixture_records_are_computed(database: Database) -> None:
    seed.load(database, SHOP, source="shop.json")
    anna = database.env().ref("shop.anna")
    assert anna is not None
    assert anna.complete_name == "Co, Anna"
    assert anna.commercial_partner_id.name == "Co"


def test_a_fixture_extends_a_model_of_the_base_pack(database: Database) -> None:
    fixture = {
        "models": {"res.partner": {"fields": {"x_rank": {"type": "integer"}}, "defaults": {"x_rank": 3}}},
        "records": [{"model": "res.partner", "xmlid": "my.anna", "values": {"name": "Anna"}}],
    }
    seed.load(database, fixture, source="my.json")
    env = database.env()
    anna = env.ref("my.anna")
    assert anna is not None
    assert (anna.x_rank, anna.type) == (3, "contact")
    assert len(database.registry["res.partner"].fields) == 179
    assert env["ir.model.fields"].search([("model", "=", "res.partner"), ("name", "=", "x_rank")]).state == "manual"


def test_a_column_that_a_fixture_adds_has_its_default_in_the_rows_that_are_there(database: Database) -> None:
    fixture = {
        "models": {
            "res.bank": {"fields": {"x_rank": {"type": "integer"}}, "defaults": {"x_rank": 3, "active": False}},
            "x_late": {"fields": {"name": {"type": "char"}}},
        },
    }
    seed.load(database, fixture, source="my.json")
    banks = database.env()["res.bank"].with_context(active_test=False).search([])
    assert banks.mapped("x_rank") == [3, 3, 3]
    assert banks.mapped("active") == [True, True, True]  # a column that was there keeps its values


def test_a_new_model_may_be_used_by_internal_users(database: Database) -> None:
    seed.load(database, SHOP, source="shop.json")
    demo = database.env().ref("base.user_demo")
    assert demo is not None
    assert database.env(demo.ids[0])["shop.order"].search_count([]) == 1


def test_a_new_model_with_access_rights_of_its_own_gets_no_others(database: Database) -> None:
    rights = {"name": "shop", "model_id": {"ref": "base.model_shop_order"}, "group_id": {"ref": "base.group_system"}}
    fixture = {**SHOP, "records": [{"model": "ir.model.access", "values": {**rights, "perm_read": True}}]}
    seed.load(database, fixture, source="shop.json")
    access = database.env()["ir.model.access"].search([("model_id.model", "=", "shop.order")])
    assert access.mapped("name") == ["shop"]


def test_a_record_may_change_one_that_exists(database: Database) -> None:
    update = {"model": "res.company", "xmlid": "base.main_company", "update": True,
              "values": {"currency_id": {"ref": "base.EUR"}}}  # fmt: skip
    seed.load(database, {"records": [update]}, source="my.json")
    assert database.env().company.currency_id.name == "EUR"


def test_records_may_refer_to_each_other_in_a_circle(database: Database) -> None:
    fixture = {
        "records": [
            {"model": "res.partner", "xmlid": "my.a", "values": {"name": "A", "parent_id": {"ref": "my.b"}}},
            {"model": "res.partner", "xmlid": "my.b", "values": {"name": "B", "user_id": {"ref": "my.u"}}},
            {"model": "res.users", "xmlid": "my.u", "values": {"login": "u", "partner_id": {"ref": "my.a"}}},
        ]
    }
    seed.load(database, fixture, source="my.json")
    env = database.env()
    assert env.ref("my.a").parent_id.user_id.partner_id == env.ref("my.a")  # type: ignore[union-attr]


def test_a_user_of_a_fixture_gets_a_contact(database: Database) -> None:
    fixture = {"records": [{"model": "res.users", "xmlid": "my.u", "values": {"name": "Ute", "login": "ute"}}]}
    seed.load(database, fixture, source="my.json")
    user = database.env().ref("my.u")
    assert user is not None
    assert user.partner_id.name == "Ute"
    assert user.groups_id.filtered(lambda group: group == database.env().ref("base.group_user"))


def test_an_external_id_of_a_fixture_is_a_row_of_ir_model_data(database: Database) -> None:
    fixture = {"records": [{"model": "res.bank", "xmlid": "my.bank", "noupdate": True, "values": {"name": "Bank"}}]}
    seed.load(database, fixture, source="my.json")
    data = database.env()["ir.model.data"].search([("module", "=", "my")])
    assert data.read(["name", "model", "res_id", "noupdate"]) == [
        {"id": data.id, "name": "bank", "model": "res.bank", "res_id": 4, "noupdate": True}
    ]


def test_a_pack_that_is_required_is_loaded_once(database: Database) -> None:
    fixture = {"requires": ["product"], "records": [{"model": "uom.uom", "xmlid": "uom.product_uom_unit",
                                                     "update": True, "values": {"name": "pc"}}]}  # fmt: skip
    seed.load(database, fixture, source="one.json")
    seed.load(database, {"requires": ["product"]}, source="two.json")
    assert database.env().ref("uom.product_uom_unit").name == "pc"  # type: ignore[union-attr]


def test_a_path_in_requires_is_relative_to_its_file(tmp_path: Path) -> None:
    write(tmp_path / "models.json", {"models": SHOP["models"]})
    main = write(tmp_path / "main.json", {"requires": ["models.json"], "records": SHOP["records"]})
    assert build(main).env()["shop.order"].search([]).mapped("name") == ["S1"]


def test_the_example_of_the_documentation_loads(database: Database) -> None:
    found = re.search(r"<!-- fixture: shop.json -->\n```json\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    assert found
    seed.load(database, json.loads(found[1]), source="shop.json")
    env = database.env(PROFILE.admin_id)
    order = env.ref("shop.order_1")
    assert order is not None
    assert (order.partner_id.x_shop_rank, order.line_ids.mapped("product")) == (3, ["Desk"])


# -- build


def test_build_sets_the_login_and_password_of_the_administrator() -> None:
    database = build(login="boss", password="secret")
    row = database.store.rows("res.users")[PROFILE.admin_id]
    assert (row["login"], row["password"]) == ("boss", "secret")


def test_a_login_of_another_user_is_refused() -> None:
    with pytest.raises(FixtureError, match=r"^the login 'demo' is that of another user of the fixtures"):
        build(login="demo")


def test_two_databases_of_the_same_fixtures_are_independent() -> None:
    one, other = build(), build()
    one.env().company.write({"name": "One"})
    assert other.env().company.name == "YourCompany"


def test_two_databases_of_the_same_fixtures_share_their_rows() -> None:
    one, other = build(), build()
    assert one.store.rows("res.country")[1] is other.store.rows("res.country")[1]


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = write(tmp_path / "my.json", {"records": [{"model": "res.bank", "xmlid": "my.b", "values": {"name": "A"}}]})
    assert build(path).env().ref("my.b").name == "A"  # type: ignore[union-attr]
    write(path, {"records": [{"model": "res.bank", "xmlid": "my.b", "values": {"name": "B"}}]})
    os.utime(path, ns=(1, 1))
    assert build(path).env().ref("my.b").name == "B"  # type: ignore[union-attr]


def test_a_database_lives_by_the_clock_it_was_built_with() -> None:
    clock = Clock()
    assert seed.build("test", profile=PROFILE, clock=clock).clock is clock


def test_records_of_the_base_pack_have_a_fixed_date(database: Database) -> None:
    assert database.env().company.create_date == "2024-01-01 00:00:00"


# -- export


def test_a_database_without_changes_exports_nothing(database: Database) -> None:
    nothing = {"profile": PROFILE.name, "demo": PROFILE.demo, "stored": True, "models": {}, "records": []}
    assert seed.export(database) == nothing


def test_an_exported_database_loads_again_and_is_the_same(database: Database) -> None:
    seed.load(database, SHOP, source="shop.json")
    database.env()["res.partner"].create({"name": "Bob", "category_id": [(4, 1)]})
    database.env().company.write({"name": "Shop"})
    exported = seed.export(database)
    copy = build()
    seed.load(copy, json.loads(json.dumps(exported)), source="export")
    assert seed.export(copy) == exported
    assert copy.env()["shop.order"].browse(7).partner_id.name == "Anna"
    assert copy.env().company.name == "Shop"


def test_an_export_names_references_by_their_external_ids(database: Database) -> None:
    seed.load(database, SHOP, source="shop.json")
    [order] = [record for record in seed.export(database)["records"] if record["model"] == "shop.order"]
    logged = {"create_uid", "create_date", "write_uid", "write_date"}
    assert {**order, "values": {name: order["values"][name] for name in order["values"].keys() - logged}} == {
        "model": "shop.order", "id": 7, "xmlid": "shop.one",
        "values": {"name": "S1", "partner_id": {"ref": "shop.anna"}, "state": "draft", "about": {"ref": "base.be"},
                   "total": 1.01, "tag_ids": [{"ref": "base.res_partner_category_0"}]},
    }  # fmt: skip


def test_the_tables_of_a_rest_add_on_are_required_and_not_exported() -> None:
    profile = profiles.get("flectra-1.6")
    db = seed.build("a", profile=profile, fixtures=["rest-flectra"], clock=Clock())
    assert seed.export(db)["requires"] == ["rest-flectra"]
    assert (seed.export(db)["models"], seed.export(db)["records"]) == ({}, [])
    seed.load(db, {"models": {"shop.thing": {"module": "shop"}}}, source="my.json")
    models = db.env()["ir.model"]
    models.search([("model", "in", ["res.bank", "shop.thing"])]).write({"rest_api": True})
    models.search([("model", "=", "res.partner")]).write({"rest_api": False})
    fixture = seed.export(db)
    for packs in ([], ["rest-flectra"]):
        again = seed.build("b", profile=profile, fixtures=packs, clock=Clock())
        seed.load(again, fixture, source="exported")
        served = {row["model"] for row in again.store.rows("ir.model").values() if row.get("rest_api")}
        assert {"res.bank", "shop.thing"} <= served
        assert served.isdisjoint({"res.partner", "oauth.access_token"})


def test_models_made_over_rpc_are_exported(database: Database) -> None:
    env = database.env()
    model = env["ir.model"].create({"name": "Thing", "model": "x_thing", "state": "manual"})
    env["ir.model.fields"].create(
        {"name": "x_size", "model_id": model.id, "ttype": "integer", "field_description": "Size", "state": "manual"}
    )
    env["x_thing"].create({"x_name": "Box", "x_size": 4})
    copy = build()
    seed.load(copy, seed.export(database), source="export")
    assert copy.env()["x_thing"].search_read([], ["x_name", "x_size"]) == [{"id": 1, "x_name": "Box", "x_size": 4}]


# -- errors

ANNA = {"model": "res.partner", "xmlid": "my.anna", "values": {"name": "Anna"}}


def anna(**values: Any) -> dict[str, Any]:
    return {"records": [{**ANNA, "values": {"name": "Anna", **values}}]}


def field(**attributes: Any) -> dict[str, Any]:
    return {"models": {"x_thing": {"fields": {"x_a": attributes}}}}


WHO = "my.json: record 1 (my.anna) of res.partner"
LINES = {"x_line": {"fields": {"x_thing_id": {"type": "many2one", "relation": "x_thing"}}}}
ERRORS = {
    "unknown comodel": (
        field(type="many2one", relation="res.partnr"),
        "my.json: model x_thing, field 'x_a', relation: unknown model 'res.partnr'; did you mean 'res.partner'?",
    ),
    "comodel of a pack": (
        field(type="many2one", relation="sale.order"),
        "my.json: model x_thing, field 'x_a', relation: unknown model 'sale.order'; the pack 'sale' has it: "
        '"requires": ["sale"]',
    ),
    "comodel of nowhere": (
        field(type="many2one", relation="z.z"),
        "my.json: model x_thing, field 'x_a', relation: unknown model 'z.z'; if the fixture does without it, say so: "
        '"absent": ["z.z"]',
    ),
    "unknown relation_field": (
        {
            "models": {
                **LINES,
                "x_thing": {"fields": {"x_a": {"type": "one2many", "relation": "x_line", "relation_field": "x_thng"}}},
            }
        },
        "my.json: model x_thing, field 'x_a', relation_field: x_line has no field 'x_thng'; did you mean 'x_thing_id'?",
    ),
    "unknown step of a path": (
        field(type="char", related="create_uid.partner_id.cityy"),
        "my.json: model x_thing, field 'x_a', related: res.partner has no field 'cityy'; did you mean 'city'?",
    ),
    "path through a field without comodel": (
        field(type="char", related="x_a.name"),
        "my.json: model x_thing, field 'x_a', related: x_a is no relation, so it has no field 'name'",
    ),
    "unknown field of an order": (
        {
            "models": {
                "x_thing": {
                    "order": "sequence, x_aa desc",
                    "fields": {"x_a": {"type": "char"}, "sequence": {"type": "integer"}},
                }
            }
        },
        "my.json: model x_thing, order: unknown field 'x_aa'; did you mean 'x_a'?",
    ),
    "unknown rec_name": (
        {"models": {"x_thing": {"rec_name": "titel", "fields": {"title": {"type": "char"}}}}},
        "my.json: model x_thing, rec_name: unknown field 'titel'; did you mean 'title'?",
    ),
    "unknown top key": (
        {"record": []},
        "my.json: unknown key 'record'; did you mean 'records'? "
        "(keys: $schema, about, profile, requires, packs, absent, stored, demo, models, records, calls, "
        "names, deleted, sequences)",
    ),
    "top level": (
        [],
        "my.json: a fixture is a JSON object with the keys $schema, about, profile, requires, packs, absent, "
        "stored, demo, models, records, calls, names, deleted, sequences",
    ),
    "models as a list": ({"models": []}, "my.json: 'models' is an object, not a list"),
    "unknown model": (
        {"records": [{"model": "res.parner", "values": {}}]},
        "my.json: record 1 of res.parner: unknown model 'res.parner'; did you mean 'res.partner'?",
    ),
    "unknown key of a record": (
        {"records": [{"model": "res.partner", "vals": {}}]},
        "my.json: record 1 of res.partner: unknown key 'vals'; did you mean 'values'?",
    ),
    "unknown field": (
        anna(contry_id=1),
        f"{WHO}, field 'contry_id': unknown field of res.partner; did you mean 'country_id'?",
    ),
    "unknown external id": (
        anna(company_id={"ref": "base.main_compny"}),
        f"{WHO}, field 'company_id': there is no record with the external id 'base.main_compny'; "
        "did you mean 'base.main_company'?",
    ),
    "reference to another model": (
        anna(country_id={"ref": "base.USD"}),
        f"{WHO}, field 'country_id': 'base.USD' is a res.currency, not a res.country",
    ),
    "unknown id": (anna(country_id=9999), f"{WHO}, field 'country_id': there is no res.country with the id 9999"),
    "many2one from a text": (
        anna(country_id="be"),
        f"{WHO}, field 'country_id': a many2one takes an id or {{\"ref\": xmlid}}, not 'be'",
    ),
    "many2many from one reference": (
        anna(category_id={"ref": "base.be"}),
        f"{WHO}, field 'category_id': a many2many takes a list of ids or of {{\"ref\": xmlid}}, "
        "not {'ref': 'base.be'}",
    ),
    "date": (
        anna(date="29/02/2024"),
        f"{WHO}, field 'date': a date takes a date 'YYYY-MM-DD', not '29/02/2024'",
    ),
    "integer": (anna(color="1"), f"{WHO}, field 'color': an integer takes an integer, not '1'"),
    "boolean": (anna(active=1), f"{WHO}, field 'active': a boolean takes true or false, not 1"),
    "binary": (anna(image_1920="!!"), f"{WHO}, field 'image_1920': an image takes a base64 text, not '!!'"),
    "text": (anna(name=5), f"{WHO}, field 'name': a char takes a text, not 5"),
    "choice": (
        anna(type="contct"),
        f"{WHO}, field 'type': 'contct' is not a choice; did you mean 'contact'? "
        "(choices: contact, invoice, delivery, other)",
    ),
    "choice that the data decides": (
        anna(lang="fr_XX"),
        f"{WHO}, field 'lang': 'fr_XX' is not a choice (choices: en_US)",
    ),
    "comodel that is not loaded": (
        anna(team_id=1),
        f"{WHO}, field 'team_id': its comodel 'crm.team' is not a model of this database",
    ),
    "required field": (
        {"records": [{"model": "res.country", "values": {"name": "Nowhere"}}]},
        "my.json: record 1 of res.country, field 'code': a res.country needs a value here",
    ),
    "check": (anna(name=None), f"{WHO}: The operation cannot be completed: Contacts require a name"),
    "unique constraint": (
        {"records": [{"model": "res.country", "values": {"name": "Nowhere", "code": "BE"}}]},
        "my.json: record 1 of res.country: The operation cannot be completed: The code of the country must be unique!",
    ),
    "external id twice": (
        {"records": [ANNA, ANNA]},
        "my.json: record 2 (my.anna) of res.partner: 'my.anna' is that of record 1 already",
    ),
    "external id that is taken": (
        {"records": [{"model": "res.country", "xmlid": "base.be", "values": {"name": "B", "code": "B"}}]},
        "my.json: record 1 (base.be) of res.country: the external id 'base.be' is that of res.country(20) already; "
        '"update": true changes that record',
    ),
    "id twice": (
        {"records": [{"model": "res.bank", "id": 9, "values": {"name": "A"}}] * 2},
        "my.json: record 2 of res.bank: 9 is that of record 1 already",
    ),
    "id that is taken": (
        {"records": [{"model": "res.bank", "id": 1, "values": {"name": "A"}}]},
        'my.json: record 1 of res.bank: the id 1 is that of res.bank(1) already; "update": true changes that record',
    ),
    "update of nothing": (
        {"records": [{"model": "res.bank", "xmlid": "my.bank", "update": True, "values": {}}]},
        "my.json: record 1 (my.bank) of res.bank: there is nothing to update: no record has this external id or id",
    ),
    "external id without a module": (
        {"records": [{**ANNA, "xmlid": "anna"}]},
        "my.json: record 1 (anna) of res.partner: 'xmlid' is a text 'module.name', not 'anna'",
    ),
    "abstract model": (
        {"records": [{"model": "base", "values": {}}]},
        "my.json: record 1 of base: base is abstract and has no records",
    ),
    "field without a type": (
        field(typ="char"),
        "my.json: model x_thing, field 'x_a': a field is an object with at least a 'type'",
    ),
    "unknown attribute": (
        field(type="char", requird=True),
        "my.json: model x_thing, field 'x_a': unknown key 'requird'; did you mean 'required'?",
    ),
    "many2one without a comodel": (
        field(type="many2one"),
        "my.json: model x_thing, field 'x_a': a many2one needs 'relation', the name of its comodel",
    ),
    "one2many without an inverse": (
        field(type="one2many", relation="res.partner"),
        "my.json: model x_thing, field 'x_a': a one2many needs 'relation_field', the many2one of its comodel",
    ),
    "unknown key of a model": (
        {"models": {"x_thing": {"filds": {}}}},
        "my.json: model x_thing: unknown key 'filds'; did you mean 'fields'?",
    ),
    "default of an unknown field": (
        {"models": {"x_thing": {"fields": {"x_name": {"type": "char"}}, "defaults": {"x_nam": "a"}}}},
        "my.json: model x_thing, defaults: unknown field 'x_nam'; did you mean 'x_name'?",
    ),
    "unknown pack in requires": (
        {"requires": ["prodct"]},
        "my.json: requires: unknown fixture pack 'prodct'; did you mean 'product'? (a file of your own is named by its "
        "path, with its .json, an add-on by its folder or import name)",
    ),
}


@pytest.mark.parametrize(("fixture", "text"), ERRORS.values(), ids=ERRORS.keys())
def test_a_mistake_is_named_with_its_place(database: Database, fixture: Any, text: str) -> None:
    with pytest.raises(FixtureError) as caught:
        seed.load(database, fixture, source="my.json")
    assert str(caught.value) == text


def test_definitions_may_refer_to_those_that_come_later_and_to_absent_models(database: Database) -> None:
    thing = {
        "order": '"x_when" desc, create_uid.name, id',
        "fields": {
            "x_line_ids": {"type": "one2many", "relation": "x_line", "relation_field": "x_thing_id"},
            "x_city": {"type": "char", "related": "x_line_ids.x_thing_id.create_uid.partner_id.city"},
            "x_when": {"type": "date"},
            "x_far_id": {"type": "many2one", "relation": "far.away"},
            "x_far": {"type": "char", "related": "x_far_id.anything.at_all"},
        },
    }
    fixture = {"absent": ["far.away"], "models": {"x_thing": thing, **LINES}}
    seed.load(database, fixture, source="my.json")
    assert database.env()["x_thing"].create({}).read(["x_far_id"])[0]["x_far_id"] is False
    assert seed.export(database)["absent"] == ["far.away"]


def test_a_key_that_stands_twice_is_told_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "my.json"
    path.write_text(
        '{"models": {"x_thing": {"fields": {"x_a": {"type": "char"}, "x_b": {}, "x_a": {"type": "date"}}}}}'
    )
    with pytest.raises(FixtureError) as caught:
        files.read(path)
    assert str(caught.value) == f"{path}: models, x_thing, fields: the key 'x_a' stands twice"
    path.write_text('{"records": [{"model": "res.partner"}, {"model": "res.partner", "model": "res.users"}]}')
    with pytest.raises(FixtureError, match=r"records 2: the key 'model' stands twice"):
        files.read(path)


@pytest.mark.parametrize("pack", sorted(files.folder().glob("*.json")), ids=lambda path: path.stem)
def test_a_pack_has_no_key_twice(pack: Path) -> None:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len(dict(pairs)) == len(pairs), [key for key, _ in pairs]
        return dict(pairs)

    json.loads(pack.read_bytes(), object_pairs_hook=unique)


def test_the_same_data_are_loaded_once(database: Database) -> None:
    fixture = {**field(type="char"), "records": [{"model": "x_thing", "xmlid": "my.thing", "values": {"x_a": "A"}}]}
    for _ in range(2):
        seed.load(database, json.loads(json.dumps(fixture)), source="the fixture")
    assert database.env()["x_thing"].search_count([]) == 1
    database.env()["x_thing"].search([]).unlink()
    seed.load(database, fixture, source="the fixture")  # it is not there any more
    assert database.env()["x_thing"].search_count([]) == 1


def test_an_unknown_field_type_names_the_nearest(database: Database) -> None:
    with pytest.raises(
        FixtureError, match=r"field 'x_a': unknown field type 'chr'; did you mean 'char'\? \(types: binary, boolean"
    ):
        seed.load(database, field(type="chr"), source="my.json")


def test_a_mistake_leaves_the_database_as_it_was(database: Database) -> None:
    fixture = {**SHOP, "records": [*SHOP["records"], {"model": "shop.order", "values": {"name": "S1"}}]}
    with pytest.raises(FixtureError, match=r"record 4 of shop.order: .*The number must be unique!"):
        seed.load(database, fixture, source="shop.json")
    assert "shop.order" not in database.registry
    exported = seed.export(database)
    assert (exported["models"], exported["records"], "deleted" in exported) == ({}, [], False)


def test_broken_json_is_named_with_line_and_column(tmp_path: Path) -> None:
    path = write(tmp_path / "my.json", '{"records": [\n  {"model": }\n]}')
    with pytest.raises(FixtureError) as caught:
        build(path)
    assert str(caught.value) == f"{path}: line 2 column 13: not JSON: Expecting value"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FixtureError) as caught:
        build(tmp_path / "my.json")
    assert str(caught.value) == f"{tmp_path / 'my.json'}: no such fixture file or folder"


def test_an_unknown_pack_names_the_nearest_or_the_main_ones() -> None:
    with pytest.raises(FixtureError) as caught:
        build("slae")
    assert str(caught.value) == (
        "unknown fixture pack 'slae'; did you mean 'sale'? (a file of your own is named by its path, with its "
        ".json, an add-on by its folder or import name)"
    )
    with pytest.raises(FixtureError, match="unknown fixture pack 'xyzzy'; the packs are account, base, base_"):
        build("xyzzy")


def test_a_file_that_requires_itself_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "my.json", {"requires": ["my.json"]})
    with pytest.raises(FixtureError, match="requires itself"):
        build(path)


def test_the_packs_are_found() -> None:
    assert (folder() / "base.json").is_file()


def test_an_exported_custom_model_with_its_access_rights_loads_again() -> None:
    fixture = {
        "models": {"x_own.thing": {"fields": {"x_name": {"type": "char"}}}, "x_locked": {"fields": {}}},
        "records": [
            {"model": "x_own.thing", "values": {"x_name": "One"}},
            {
                "model": "ir.model.access",
                "xmlid": "own.access_locked",
                "values": {"name": "locked", "model_id": {"ref": "__custom__.model_x_locked"}, "perm_read": True},
            },
        ],
    }
    database = build()
    seed.load(database, fixture, source="own")
    exported = seed.export(database)
    again = build()
    seed.load(again, json.loads(json.dumps(exported)), source="again")
    assert seed.export(again) == exported
    refs = [r["values"]["model_id"] for r in exported["records"] if r["model"] == "ir.model.access"]
    assert sorted(ref["ref"] for ref in refs) == ["__custom__.model_x_locked", "__custom__.model_x_own_thing"]


def test_a_model_has_no_key_for_methods(database: Database) -> None:
    shop = {"models": {"shop.order": {**SHOP["models"]["shop.order"], "methods": ["confirm"]}}}
    with pytest.raises(FixtureError, match=r"^shop\.json: model shop\.order: unknown key 'methods'"):
        seed.load(database, shop, source="shop.json")


# -- what is loaded already


ANONYMOUS = {"requires": ["shop.json"], "records": [{"model": "shop.order", "values": {"name": "S2"}}]}


def test_a_file_that_is_named_twice_is_loaded_once(tmp_path: Path) -> None:
    shop, more = write(tmp_path / "shop.json", SHOP), write(tmp_path / "more.json", ANONYMOUS)
    database = build("crm", "crm", shop, more, shop, more)
    assert sorted(database.env()["shop.order"].search([]).mapped("name")) == ["S1", "S2"]


def test_a_file_or_pack_that_is_loaded_twice_is_there_once(database: Database, tmp_path: Path) -> None:
    shop, more = write(tmp_path / "shop.json", SHOP), write(tmp_path / "more.json", ANONYMOUS)
    for fixture in ("crm", "crm", shop, more, more, str(shop)):
        seed.load_file(database, fixture)
    assert sorted(database.env()["shop.order"].search([]).mapped("name")) == ["S1", "S2"]
    copy = database.clone("copy")
    seed.load_file(copy, more)
    assert copy.env()["shop.order"].search_count([]) == 2


def test_a_file_that_another_requires_is_not_loaded_again(database: Database, tmp_path: Path) -> None:
    # nothing in it is known by an external id
    small = write(tmp_path / "small.json", {"records": [{"model": "res.partner", "values": {"name": "Only"}}]})
    for name in ("one", "two"):
        seed.load_file(database, write(tmp_path / f"{name}.json", {"requires": ["small.json"]}))
    seed.load(database, {"requires": [str(small)]}, source="three")
    assert database.env()["res.partner"].search_count([("name", "=", "Only")]) == 1


def test_a_file_is_loaded_again_once_it_was_undone(database: Database, tmp_path: Path) -> None:
    shop = write(tmp_path / "shop.json", SHOP)
    before = database.snapshot()
    seed.load_file(database, shop)
    database.restore(before)
    seed.load_file(database, shop)
    assert database.env()["shop.order"].search_count([]) == 1
    with pytest.raises(ZeroDivisionError), database.transaction():
        seed.load_file(database, "crm")
        raise ZeroDivisionError
    seed.load_file(database, "crm")
    assert "crm.lead" in database.registry


def test_a_file_that_has_changed_since_is_loaded_and_may_collide(database: Database, tmp_path: Path) -> None:
    shop = write(tmp_path / "shop.json", SHOP)
    seed.load_file(database, shop)
    write(shop, {**SHOP, "records": SHOP["records"][::-1]})
    with pytest.raises(FixtureError, match="already"):
        seed.load_file(database, shop)
