"""What the packs hold: counts, external ids, references, and that they pass the checks that users' files get."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.orm.database import Database
from mockserver.orm.fields.base import TYPES, Field
from mockserver.orm.query.values import selection
from mockserver.orm.records.environment import Environment
from mockserver.profiles import Profile
from mockserver.seed import build as seed, files as fixture_files
from mockserver.seed.check import check_model, check_record, check_required, check_value
from mockserver.seed.records import find_xmlid
from mockserver.seed.versions import present, resolve

PROFILE = profiles.get(profiles.DEFAULT).with_demo(True)
PROFILES = [pytest.param(profile, id=name) for name, profile in profiles.PROFILES.items()]
PACKS = [pack for pack in fixture_files.packs() if pack != "demo"]

# required values of versions up to 16 that no source tells
NOT_RECORDED = (("account.account", "user_type_id"), ("mail.channel", "alias_id"), ("stock.rule", "route_id"))

# what clients look up by external id in any database
XMLIDS = {
    "res.company": "main_company",
    "res.groups": "group_allow_export group_erp_manager group_multi_company group_multi_currency group_no_one "
    "group_partner_manager group_portal group_public group_sanitize_override group_system group_user",
    "res.partner": "default_user_res_partner main_partner partner_admin partner_demo partner_demo_portal partner_root "
    "public_partner template_portal_user_id_res_partner res_partner_main1 res_partner_main2 "
    + " ".join(f"res_partner_{n}" for n in (1, 2, 3, 4, 10, 12, 18))
    + " "
    + " ".join(
        f"res_partner_address_{n}"
        for n in (1, 2, 3, 4, 5, 7, 10, 11, 13, 14, 15, 16, 17, 18, 24, 25, 27, 28, 30, 31, 32, 33, 34)
    ),
    "res.partner.industry": " ".join(f"res_partner_industry_{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTU"),
    "res.partner.title": " ".join(
        f"res_partner_title_{name}" for name in ("doctor", "madam", "miss", "mister", "prof")
    ),
    "res.users": "default_user demo_user0 public_user template_portal_user_id user_admin user_demo user_root",
    "res.country": "be us uk fr in",
    "res.currency": "USD EUR GBP",
    "res.lang": "lang_en lang_fr lang_de",
    "res.country.state": "state_us_5 state_us_27 state_us_39",
    "ir.model": "model_res_partner model_res_users",
    "ir.module.module": "module_base module_web",
}


@pytest.fixture(scope="module")
def database() -> Database:
    return seed.build("test", profile=PROFILE, clock=Clock())


@pytest.fixture(scope="module")
def env(database: Database) -> Environment:
    return database.env()


@pytest.mark.parametrize(
    ("model", "count"),
    [
        ("res.country", 250),
        ("res.country.state", 1749),
        ("res.currency", 170),
        ("res.lang", 91),
        ("res.partner.industry", 21),
        ("res.partner.title", 5),
        ("res.users", 7),
        ("res.groups", 13),
        ("res.company", 1),
    ],
)
def test_the_base_pack_has_so_many_records(env: Environment, model: str, count: int) -> None:
    assert env[model].with_context(active_test=False).search_count([]) == count


def test_one_currency_and_one_language_are_active(env: Environment) -> None:
    assert env["res.currency"].search([]).mapped("name") == ["USD"]
    assert env["res.lang"].search([]).mapped("code") == ["en_US"]


def test_partners_have_every_field_of_the_real_server(database: Database) -> None:
    assert len(database.registry["res.partner"].fields) == 178


def test_the_first_model_is_base(env: Environment) -> None:
    assert env["ir.model"].browse(1).read(["model", "name"]) == [{"id": 1, "model": "base", "name": "Base"}]


@pytest.mark.parametrize(("model", "name"), [(m, n) for m, names in XMLIDS.items() for n in names.split()])
def test_a_well_known_external_id_leads_to_its_model(env: Environment, model: str, name: str) -> None:
    record = env.ref(f"base.{name}")
    assert record is not None
    assert record._name == model
    assert record.exists() == record


def test_the_users_are_those_of_a_new_database(env: Environment) -> None:
    users = env["res.users"].with_context(active_test=False).search([], order="id")
    assert [(u.id, u.login, u.active, u.share, u.partner_id.id) for u in users] == [
        (1, "__system__", False, False, 2),
        (2, "admin", True, False, 3),
        (3, "default", False, False, 5),
        (4, "public", False, True, 4),
        (5, "portaltemplate", False, True, 6),
        (6, "demo", True, False, 7),
        (7, "portal", True, True, 8),
    ]


def test_a_contact_carries_the_name_of_its_company(env: Environment) -> None:
    contact = env.ref("base.res_partner_address_15")
    assert contact is not None
    assert contact.complete_name == "Azure Interior, Brandon Freeman"
    assert contact.commercial_partner_id == env.ref("base.res_partner_12")


def test_a_child_category_names_its_parent(env: Environment) -> None:
    category = env.ref("base.res_partner_category_12")
    assert category is not None
    assert category.display_name == "Services / Consulting Services"


def test_every_model_of_the_base_pack_can_be_read_by_the_administrator(database: Database) -> None:
    admin = database.env(PROFILE.admin_id)
    for model in database.registry.values():
        if not model.abstract:
            assert admin[model.name].search_count([]) >= 0


def test_every_many2one_of_every_row_leads_to_a_record(database: Database) -> None:
    for model in database.registry.values():
        fields = [f for f in model.columns if f.type == "many2one" and f.relation in database.registry]
        for row in database.store.rows(model.name).values():
            for field in fields:
                target = row.get(field.name)
                assert target is None or target in database.store.rows(field.relation or ""), (model.name, row)


def test_every_many2many_of_every_row_leads_to_records(database: Database) -> None:
    for model in database.registry.values():
        fields = [f for f in model.columns if f.type == "many2many" and f.relation in database.registry]
        for row in database.store.rows(model.name).values():
            for field in fields:
                assert set(row.get(field.name, ())) <= database.store.rows(field.relation or "").keys()


def test_inverse_fields_and_mirrors_exist_in_the_comodel(database: Database) -> None:
    for model in database.registry.values():
        for field in model.own_fields.values():
            comodel = database.registry.get(field.relation or "")
            inverse = field.mirror or (field.relation_field if field.type == "one2many" else None)
            if comodel is not None and inverse:
                assert inverse in comodel.fields, f"{model.name}.{field.name}"


def _resolved(database: Database, field: Field, value: Any, labels: Mapping[str, str]) -> Any:
    """A value with each reference replaced by what it stands for; for a label, whose record has some id, by 1."""
    if isinstance(value, dict) and "add" in value:
        value = value["add"]
    if isinstance(value, list):
        return [_resolved(database, field, item, labels) for item in value]
    if isinstance(value, dict) and "ref" in value:
        label = labels.get(value["ref"])
        found = (label, 1) if label else find_xmlid(database, value["ref"])
        assert found, value
        return f"{found[0]},{found[1]}" if field.type == "reference" else found[1]
    return value


@pytest.fixture(scope="module", params=PROFILES)
def everything(request: pytest.FixtureRequest) -> Database:
    """A database with every pack, in each profile."""
    return seed.build("test", profile=request.param, fixtures=PACKS, clock=Clock())


def test_a_pack_passes_the_checks_of_a_file_of_the_users(everything: Database) -> None:
    files = {path.name: fixture for path, fixture in fixture_files.closure(["base", *PACKS]).items()}
    fixtures = resolve(files, everything.profile)
    records = [record for fixture in fixtures.values() for _, record in present(fixture)]
    labels = {record["label"]: record["model"] for record in records if "label" in record}
    for source, fixture in fixtures.items():
        for name, definition in fixture["models"].items():
            check_model(source, name, definition, everything.registry)
        for index, data in present(fixture):
            record = check_record(source, index, data, everything.registry)
            model = everything.registry[record.model]
            if not record.update and model.name not in dict(NOT_RECORDED):
                check_required(record, model)
            for name, value in record.values.items():
                field = model.fields[name]
                stored = _resolved(everything, field, value, labels)
                check_value(record.location, field, stored, selection(everything.env(), field))


@pytest.mark.parametrize("pack", PACKS)
def test_a_pack_loads_alone(pack: str) -> None:
    database = seed.build("test", profile=PROFILE, fixtures=[pack], clock=Clock())
    assert pack in database.loaded.packs


def test_no_two_rows_of_the_packs_break_a_unique_constraint(everything: Database) -> None:
    for model in everything.registry.values():
        for constraint in model.constraints:
            rows = everything.store.rows(model.name).values()
            keys = [tuple(row.get(name) for name in constraint.unique) for row in rows]
            keys = [key for key in keys if key and None not in key]
            assert len(keys) == len(set(keys)), (model.name, constraint.unique)


def test_no_row_of_the_packs_lacks_a_required_value(everything: Database) -> None:
    for model in everything.registry.values():
        for row in everything.store.rows(model.name).values():
            for field in model.required_columns:
                if everything.profile.generation <= 16 and (model.name, field.name) in NOT_RECORDED:
                    continue
                assert row.get(field.name) is not None, (model.name, field.name, row["id"])


@pytest.mark.parametrize("profile", PROFILES)
def test_no_two_records_of_the_base_pack_share_an_external_id_or_an_id(profile: Profile) -> None:
    files = {path.name: fixture for path, fixture in fixture_files.closure(["base"]).items()}
    records = [r for fixture in resolve(files, profile).values() for _, r in present(fixture)]
    xmlids = [r["xmlid"] for r in records if "xmlid" in r]
    ids = [(r["model"], r["id"]) for r in records if "id" in r]
    assert len(xmlids) == len(set(xmlids))
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("fixtures", [["demo"], ["business", "demo"]])
@pytest.mark.parametrize("profile", PROFILES)
def test_the_demonstration_company_has_customers_products_leads_and_orders(
    profile: Profile, fixtures: list[str]
) -> None:
    env = seed.build("test", profile=profile, fixtures=fixtures, clock=Clock()).env(profile.admin_id)
    order = env.ref("demo.order_hotel")
    assert order is not None
    assert order.partner_id.name == "Blue Door Hotel"
    assert order.order_line.mapped("product_id.default_code") == ["DESK-01", "ASSEMBLY"]
    assert env["crm.lead"].search([("expected_revenue", ">", 5000)]).mapped("name") == ["Desks for 24 rooms"]
    # a product has the fields of its template
    chair = env["product.product"].search([("default_code", "=", "CHAIR-01")])
    assert chair.name == "Office Chair"
    assert chair.product_tmpl_id.uom_id.name in ("Units", "Unit(s)")


def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((fixture_files.folder() / "schema.json").read_text("utf-8"))
    return schema


def test_the_json_schema_knows_the_keys_that_the_program_knows() -> None:
    from mockserver.seed.calls import CALL_KEYS
    from mockserver.seed.check import FIELD_KEYS, MODEL_KEYS, RECORD_KEYS
    from mockserver.seed.versions import SPAN

    schema = _schema()
    assert set(schema["properties"]) == set(fixture_files.KEYS)
    assert set(schema["$defs"]["model"]["properties"]) == {*MODEL_KEYS, *SPAN, "versions"}
    assert set(schema["$defs"]["record"]["properties"]) == {*RECORD_KEYS, *SPAN, "versions"}
    assert set(schema["$defs"]["call"]["properties"]) == {*CALL_KEYS, *SPAN, "versions"}
    assert set(schema["$defs"]["name"]["properties"]) == {"xmlid", "path", *SPAN}
    assert set(schema["$defs"]["field"]["properties"]) == {"type", *FIELD_KEYS, *SPAN, "versions"}
    assert set(schema["$defs"]["field"]["properties"]["type"]["enum"]) == set(TYPES)


FILES = [
    pytest.param(path, id=path.stem)
    for path in sorted(fixture_files.folder().glob("*.json"))
    if not path.stem.endswith("schema")
]


@pytest.mark.parametrize("path", FILES)
def test_a_bundled_file_is_in_the_json_schema(path: Any) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.validate(json.loads(path.read_text("utf-8")), _schema())


@pytest.mark.parametrize("path", FILES)
def test_a_bundled_file_has_one_record_a_line(path: Any) -> None:
    lines = path.read_text("utf-8").splitlines()
    for line in lines:
        if line.strip().startswith('{"model"'):
            json.loads(line.strip().rstrip(",").removesuffix("]}" if line == lines[-1] else "]"))
