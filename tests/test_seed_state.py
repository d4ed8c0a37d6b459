"""The state of a database as a fixture: what is exported loads beside the same packs and gives the same rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from mockserver import MockServer, profiles
from mockserver.clock import Clock
from mockserver.orm.database import Database
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.seed import build as seed, stored
from mockserver.seed.build import FixtureError
from tests.properties.budget import examples

TAGS = "res.partner.category"

GENERATED = {"ir.model", "ir.model.fields", "ir.model.fields.selection"}
SAME = {"profile": "odoo-17.0", "demo": True, "stored": True, "models": {}, "records": []}


def build(*fixtures: str, profile: str = "odoo-17.0", demo: bool = True) -> Database:
    chosen = profiles.get(profile).with_demo(demo)
    return seed.build("test", profile=chosen, fixtures=fixtures, clock=Clock(seed="state"))


def rows(database: Database) -> dict[str, Any]:
    """Every row, without those that only describe the models, and external ids without their own ids and times."""
    found: dict[str, Any] = {
        model: database.store.rows(model)
        for model in database.store.models()
        if model not in GENERATED | {"ir.model.data"} and database.store.rows(model)
    }
    names = database.store.rows("ir.model.data").values()
    kept = ("module", "name", "model", "res_id", "noupdate")
    found["names"] = sorted(tuple(str(row.get(key)) for key in kept) for row in names if row["model"] not in GENERATED)
    return found


def ref(env: Environment, xmlid: str) -> Recordset:
    found = env.ref(xmlid)
    assert found is not None
    return found


def again(database: Database) -> Database:
    """The database that a fresh server has of the exported state."""
    fixture = json.loads(json.dumps(seed.export(database)))
    packs = fixture.get("requires", ())
    copy = seed.build("copy", profile=database.profile, fixtures=packs, clock=Clock(seed="again"))
    seed.load(copy, fixture, source="state.json")
    return copy


def check_same(database: Database) -> Database:
    copy = again(database)
    one, other = rows(database), rows(copy)
    assert one.keys() == other.keys()
    for model, expected in one.items():
        assert other[model] == expected, model
    assert copy.store.sequences.keys() >= {m for m in database.store.sequences if m not in GENERATED}
    return copy


@pytest.mark.parametrize("packs", [(), ("crm",), ("sale", "account"), ("demo",)])
def test_a_new_database_exports_its_packs_by_name(packs: tuple[str, ...]) -> None:
    found = seed.export(build(*packs))
    required = found.pop("requires", [])
    assert found == SAME
    assert set(packs) <= set(required)
    assert "base" not in required


def test_an_order_is_the_same_with_its_messages_its_price_and_the_next_number() -> None:
    database = build("sale", "account")
    env = database.env(2)
    partner = env["res.partner"].create({"name": "Acme"})
    product = env["product.product"].create({"name": "Desk", "list_price": 10.0})
    lines = [(0, 0, {"product_id": product.id, "product_uom_qty": 3, "price_unit": 7.5})]
    orders = [env["sale.order"].create({"partner_id": partner.id, "order_line": lines}) for _ in range(2)]
    orders[0].action_confirm()
    orders[1].unlink()
    found = seed.export(database)
    assert len(found["records"]) < 60
    copy = check_same(database)
    order = copy.env(2)["sale.order"].browse(orders[0].id)
    assert (order.state, order.order_line.price_unit, order.amount_untaxed) == ("sale", 7.5, 22.5)
    new = copy.env(2)["sale.order"].create({"partner_id": partner.id})
    assert (new.id, new.name) == (orders[1].id + 1, "S00003")


def test_records_of_packs_that_are_deleted_or_changed_are_so_again() -> None:
    database = build("crm")
    env = database.env()
    ref(env, "crm.stage_lead3").unlink()
    env["res.partner.category"].search([], limit=1).unlink()
    ref(env, "crm.stage_lead1").write({"name": "Fresh"})
    env["ir.model.data"].search([("name", "=", "stage_lead2"), ("module", "=", "crm")]).unlink()
    found = seed.export(database)
    assert {"model": "crm.stage", "xmlid": "crm.stage_lead3"} in found["deleted"]
    assert [item["model"] for item in found["deleted"]].count("ir.model.data") == 1
    check_same(database)


def test_values_by_language_and_company_and_several_names_of_a_record_are_kept() -> None:
    database = build("product")
    env = database.env()
    env["base.language.install"].create({"lang_ids": [(6, 0, [ref(env, "base.lang_fr").id])]}).lang_install()
    second = env["res.company"].create({"name": "Second"})
    product = env["product.template"].create({"name": "Desk", "standard_price": 3.0})
    product.with_context(lang="fr_FR").write({"name": "Bureau"})
    product.with_company(second).write({"standard_price": 4.0})
    for name in ("one", "two"):
        values = {"module": "my", "name": name, "model": "product.template", "res_id": product.id}
        env["ir.model.data"].create(values)
    belgium = {"module": "my", "name": "be", "model": "res.country", "res_id": ref(env, "base.be").id}
    env["ir.model.data"].create(belgium)
    copy = check_same(database)
    same = copy.env().ref("my.two")
    assert same is not None
    assert same.with_context(lang="fr_FR").name == "Bureau"
    assert same.with_company(second.id).standard_price == 4.0


def test_files_of_ones_own_are_in_the_state(tmp_path: Path) -> None:
    path = tmp_path / "shop.json"
    model = {"fields": {"name": {"type": "char"}, "of": {"type": "many2one", "relation": "shop.thing"}}}
    values = {"shop.a": {"name": "A"}, "shop.b": {"name": "B", "of": {"ref": "shop.a"}}}
    records = [{"model": "shop.thing", "xmlid": xmlid, "values": own} for xmlid, own in values.items()]
    path.write_text(json.dumps({"requires": ["crm"], "models": {"shop.thing": model}, "records": records}))
    database = build(str(path))
    database.env()["shop.thing"].browse(1).write({"of": 2})
    copy = check_same(database)
    assert copy.env()["shop.thing"].search_count([("of.name", "=", "B")]) == 1


def test_a_pack_that_came_after_records_is_in_the_state_itself() -> None:
    database = build()
    database.env()["res.partner"].create({"name": "Before"})
    database.env()["res.users"].create({"name": "Early", "login": "early"})
    seed.load_file(database, "sale")
    found = seed.export(database)
    if "requires" not in found:
        assert "sale.order" in found["models"]
    check_same(database)


def test_a_login_of_the_server_is_not_in_the_state() -> None:
    database = seed.build("x", profile=profiles.get("odoo-17.0"), login="me", password="secret", clock=Clock())
    assert seed.export(database) == SAME


@pytest.mark.parametrize("frozen", ["2026-03-01 10:00:00"])
def test_a_frozen_clock_changes_nothing(frozen: str) -> None:
    clock = Clock()
    clock.freeze(frozen)
    database = seed.build("x", profile=profiles.get("odoo-17.0"), fixtures=["crm"], clock=clock)
    clock.tick(60)
    assert seed.export(database)["records"] == []


@pytest.mark.parametrize("profile", ["odoo-11.0", "odoo-15.0", "odoo-19.0", "odoo-20.0", "flectra-1.6"])
def test_every_generation_keeps_its_state(profile: str) -> None:
    database = build(profile=profile)
    env = database.env()
    partner = env["res.partner"].create({"name": "Acme", "category_id": [(4, 1)]})
    env["res.partner.category"].browse(2).unlink()
    env["res.users"].create({"name": "Anna", "login": "anna", "partner_id": partner.id})
    check_same(database)


OPERATION = st.tuples(
    st.sampled_from(["create", "write", "unlink"]),
    st.sampled_from(["res.partner", "res.partner.category", "crm.lead", "crm.tag", "crm.stage", "res.country.state"]),
    st.integers(0, 60),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=8),
)


@examples(12)
@given(operations=st.lists(OPERATION, max_size=12))
def test_whatever_was_done_is_the_same_again(operations: list[tuple[str, str, int, str]]) -> None:
    database = build("crm")
    env = database.env(2)
    for verb, model, number, text in operations:
        ids = env[model].with_context(active_test=False).search([])._ids
        record = env[model].browse(ids[number % len(ids)]) if ids else env[model]
        values: dict[str, Any] = {"name": text}
        if model == "res.country.state":
            values |= {"code": text, "country_id": 1 + number}
        try:
            with database.transaction():
                env[model].create(values) if verb == "create" else getattr(record, verb)(*[values][: verb == "write"])
        except Exception:  # what the server refuses changes nothing
            continue
    check_same(database)


# -- what is wrong


@pytest.fixture
def database() -> Database:
    return build()


@pytest.mark.parametrize(
    ("deleted", "text"),
    [
        ([1], "deleted 1: a deleted record is an object with a 'model', and an 'xmlid' or an 'id'"),
        ([{"model": "res.partnr", "id": 1}], "deleted 1: unknown model 'res.partnr'; did you mean 'res.partner'?"),
        ([{"model": "mail.thread", "id": 1}], "deleted 1: mail.thread has no records to delete"),
        ([{"model": "res.partner"}], "deleted 1 of res.partner: needs an 'xmlid' or an 'id', one of them"),
        ([{"model": "res.partner", "id": 1, "xmlid": "a.b"}],
         "deleted 1 of res.partner: needs an 'xmlid' or an 'id', one of them"),
        ([{"model": "res.partner", "idd": 1}],
         "deleted 1: unknown key 'idd'; did you mean 'id'? (keys: model, xmlid, id)"),
        ([{"model": "res.partner", "id": True}], "deleted 1 of res.partner: there is no record with the id True"),
        ([{"model": "res.partner", "id": 999}], "deleted 1 of res.partner: there is no record with the id 999"),
        ([{"model": "res.company", "xmlid": "base.main_compny"}],
         "deleted 1 of res.company: there is no record with the external id 'base.main_compny'; "
         "did you mean 'base.main_company'?"),
        ([{"model": "res.partner", "xmlid": "base.be"}], "deleted 1 of res.partner: 'base.be' is a res.country"),
        ([{"model": "res.country", "xmlid": []}],
         "deleted 1 of res.country: there is no record with the external id []"),
    ],
)  # fmt: skip
def test_a_wrong_deletion_is_named_with_its_place(database: Database, deleted: Any, text: str) -> None:
    with pytest.raises(FixtureError) as told:
        seed.load(database, {"deleted": deleted}, source="my.json")
    assert str(told.value) == f"my.json: {text}"


def test_a_fixture_deletes_as_the_server_does(database: Database) -> None:
    env = database.env()
    category = env["res.partner.category"].search([], limit=1)
    partner = env["res.partner"].create({"name": "Acme", "category_id": [(4, category.id)]})
    deleted = [{"model": "res.partner.category", "id": category.id}]
    seed.load(database, {"deleted": [*deleted, *deleted]}, source="my.json")
    assert (category.exists().ids, partner.category_id.ids) == ([], [])
    with pytest.raises(FixtureError, match=r"^my.json: deleted 1 of res\.partner: .*"):
        seed.load(database, {"deleted": [{"model": "res.partner", "xmlid": "base.main_partner"}]}, source="my.json")


def test_a_deletion_may_be_of_some_versions(database: Database) -> None:
    items = [{"model": "res.country", "xmlid": "base.be", "since": 18}, {"model": "no.such", "id": 1, "until": 16}]
    seed.load(database, {"deleted": items}, source="my.json")
    assert database.env().ref("base.be")


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"profile": "odoo-18.0"}, "it is the state of a server with the profile odoo-18.0, and this is odoo-17.0"),
        ({"demo": False},
         "it is the state of a server that has no demonstration data (demo=False, --without-demo)"),
        ({"stored": 1}, "'stored' is true or false, not a number"),
        ({"records": [{"model": "res.partner", "values": {"name": "A"}}]},
         "record 1 of res.partner: a record of a saved state has an 'id'"),
        ({"records": [{"model": "res.partner", "id": 900, "values": {"name": 1}}]},
         "record 1 of res.partner, field 'name': a char takes a text, not 1"),
        ({"records": [{"model": "res.partner", "id": 900, "values": {"parent_id": 901}}]},
         "record 1 of res.partner, field 'parent_id': there is no res.partner with the id 901"),
        ({"sequences": [{"counter": "x", "next": 1}]},
         "sequence 1: a counter is that of an ir.sequence, such as 'ir_sequence_012', not 'x'"),
    ],
)  # fmt: skip
def test_a_wrong_state_is_named_with_its_place(database: Database, changes: dict[str, Any], text: str) -> None:
    with pytest.raises(FixtureError) as told:
        seed.load(database, {**SAME, **changes}, source="my.json")
    assert str(told.value) == f"my.json: {text}"


def test_a_server_starts_from_the_state_of_another(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    with MockServer(fixtures=["sale"]) as first:
        partner = first.env["res.partner"].create({"name": "Acme"})
        first.ref("base.res_partner_category_2").unlink()
        first.export(path)
    with MockServer(fixtures=[str(path)], login="other", password="secret") as second:
        assert second.env["res.partner"].browse(partner.id).name == "Acme"
        assert second.env.ref("base.res_partner_category_2", raise_if_not_found=False) is None
        assert second.env["sale.order"].create({"partner_id": partner.id}).name == "S00001"
        assert second.env.user.login == "other"


def _many(number: int, **differing: Any) -> dict[str, Any]:
    values = {"name": "Brussels", "color": 3, "active": True, **differing}
    records = [{"model": TAGS, "id": 500 + i, "xmlid": f"test.tag_{i}", "values": dict(values)} for i in range(number)]
    return {"stored": True, "records": records}


def test_a_large_state_is_loaded_once_and_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seed, "_MANY", 3)
    with MockServer() as server:
        database = server.database(server.db)
        fixture = _many(5)
        seed.load(database, fixture, source="many")
        seed.load(database, fixture, source="many")

        assert "records" not in str(database.loaded.files)
        with pytest.raises(FixtureError, match=r"'test.tag_0' is that of res.partner.category\(500\) already"):
            seed.load(database, _many(5, color=4), source="others")


def test_equal_texts_of_a_state_are_one_object() -> None:
    with MockServer() as server:
        fixture = json.loads(json.dumps(_many(3)))
        seed.load(server.database(server.db), fixture, source="many")
        rows = server.database(server.db).store.rows(TAGS)

        assert rows[500]["name"] is rows[502]["name"]
        assert rows[500] == {**rows[501], "id": 500}


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"name": 7}, "a char takes a text, not 7"),
        ({"color": True}, "an integer takes an integer, not True"),
        ({"parent_id": 7000}, "there is no res.partner.category with the id 7000"),
        ({"write_date": "2024-02-30 00:00:00"}, "a datetime takes a time"),
    ],
)
def test_a_wrong_value_of_a_state_is_named(values: dict[str, Any], text: str) -> None:
    with MockServer() as server, pytest.raises(FixtureError, match=text):
        seed.load(server.database(server.db), _many(2, **values), source="many")


def test_the_first_wrong_record_of_a_state_is_told_whichever_field_it_is_in() -> None:
    fixture = _many(4, parent_id=500)
    fixture["records"][2]["values"]["name"] = 7  # the first field, of a later record
    fixture["records"][1]["values"]["parent_id"] = {"ref": "test.tag_9"}
    with MockServer() as server, pytest.raises(FixtureError, match=r"record 2 \(test.tag_1\).*, field 'parent_id'"):
        seed.load(server.database(server.db), fixture, source="many")


def test_records_of_a_state_with_different_fields_are_stored_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "_CHUNK", 4)
    fixture = _many(6)
    varied = [record["values"] for record in fixture["records"]]
    varied[0]["parent_id"] = 503
    varied[1]["parent_id"] = {"ref": "test.tag_5"}
    varied[2] |= {"name": {"value": "Gold", "translations": {"en_US": "Golden"}}, "parent_id": None}
    del varied[3]["color"]
    fixture["records"] += [
        {"model": TAGS, "xmlid": "base.res_partner_category_2", "update": True, "values": {key: 2}}
        for key in ("color", "write_uid")
    ]
    with MockServer() as server:
        seed.load(server.database(server.db), fixture, source="many")
        rows = server.database(server.db).store.rows(TAGS)
        updated = rows[server.ref("base.res_partner_category_2").id]

    plain = {"name": "Brussels", "color": 3, "active": True}
    assert [rows[id_] for id_ in (500, 501, 504, 505)] == [
        {"id": 500, **plain, "parent_id": 503},
        {"id": 501, **plain, "parent_id": 505},
        {"id": 504, **plain},
        {"id": 505, **plain},
    ]
    assert (rows[502]["name"], "parent_id" in rows[502], "color" in rows[503]) == ("Gold", False, False)
    assert (updated["color"], updated["write_uid"]) == (2, 2)
