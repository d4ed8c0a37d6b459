"""Spans and variants of a fixture: what a profile gets of one source."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.orm.database import Database
from mockserver.seed import build as seed
from mockserver.seed.build import FixtureError
from mockserver.seed.versions import ABSENT, present, resolve

DOCS = Path(__file__).resolve().parent.parent / "docs" / "fixtures.md"


def shop(name: str, **fixture: Any) -> dict[str, Any]:
    """The fixture as the profile of that name has it."""
    return resolve({"shop.json": fixture}, profiles.get(name))["shop.json"]


def fields(name: str, **given: Any) -> dict[str, Any]:
    """The fields of a model `shop.order` in the profile."""
    found: dict[str, Any] = shop(name, models={"shop.order": {"fields": given}})["models"]["shop.order"]["fields"]
    return found


def build(name: str) -> Database:
    return seed.build("test", profile=profiles.get(name).with_demo(True), clock=Clock())


@pytest.mark.parametrize(
    ("span", "having"),
    [
        ({}, ["odoo-11.0", "odoo-15.0", "odoo-19.0", "flectra-1.6", "flectra-2.0"]),
        ({"since": 15}, ["odoo-15.0", "odoo-19.0"]),
        ({"until": 15}, ["odoo-11.0", "odoo-15.0", "flectra-1.6", "flectra-2.0"]),
        ({"since": 12, "until": 15}, ["odoo-15.0", "flectra-2.0"]),
        ({"products": ["flectra"]}, ["flectra-1.6", "flectra-2.0"]),
        ({"products": ["flectra-2.0", "odoo"], "until": 13}, ["odoo-11.0", "flectra-2.0"]),
        ({"since": 15, "also": ["flectra-1.6"]}, ["odoo-15.0", "odoo-19.0", "flectra-1.6"]),
    ],
)
def test_a_span_says_which_profiles_have_a_thing(span: dict[str, Any], having: list[str]) -> None:
    names = ["odoo-11.0", "odoo-15.0", "odoo-19.0", "flectra-1.6", "flectra-2.0"]
    assert [name for name in names if fields(name, note={"type": "char", **span})] == having


def test_a_variant_is_laid_over_what_stands_beside_it() -> None:
    note = {
        "type": "html", "string": "Notes", "required": True,
        "versions": [{"until": 14, "type": "text"}, {"since": 13, "string": "Note", "required": None}],
    }  # fmt: skip
    assert fields("odoo-12.0", note=note) == {"note": {"type": "text", "string": "Notes", "required": True}}
    assert fields("odoo-13.0", note=note) == {"note": {"type": "text", "string": "Note"}}
    assert fields("odoo-15.0", note=note) == {"note": {"type": "html", "string": "Note"}}


def test_a_model_has_variants_too() -> None:
    model = {
        "order": "name", "since": 12,
        "fields": {"name": {"type": "char"}},
        "defaults": {"name": "New", "color": 1},
        "versions": [
            {"since": 17, "order": "id", "fields": {"color": {"type": "integer"}}, "defaults": {"name": None}},
        ],
    }  # fmt: skip
    assert shop("odoo-11.0", models={"shop.order": model})["models"] == {}
    assert shop("odoo-16.0", models={"shop.order": model})["models"]["shop.order"]["order"] == "name"
    new = shop("odoo-17.0", models={"shop.order": model})["models"]["shop.order"]
    assert (new["order"], list(new["fields"]), new["defaults"]) == ("id", ["name", "color"], {"color": 1})


def test_a_default_goes_with_its_field() -> None:
    model = {"fields": {"old": {"type": "char", "until": 15}}, "defaults": {"old": "x"}}
    assert shop("odoo-15.0", models={"shop.order": model})["models"]["shop.order"]["defaults"] == {"old": "x"}
    assert shop("odoo-16.0", models={"shop.order": model})["models"]["shop.order"]["defaults"] == {}


def test_a_constraint_has_a_span() -> None:
    texts = [{"name": "uniq", "unique": ["code"], "message": "Must be unique !", "until": 16},
             {"name": "uniq", "unique": ["code"], "message": "Must be unique!", "since": 17}]  # fmt: skip
    model = {"fields": {"code": {"type": "char"}}, "constraints": texts}
    [old] = shop("odoo-16.0", models={"shop.order": model})["models"]["shop.order"]["constraints"]
    assert old == {"name": "uniq", "unique": ["code"], "message": "Must be unique !"}


def test_what_names_a_field_follows_it_to_its_new_name() -> None:
    renamed = {"type": "many2many", "relation": "shop.tag", "versions": [{"since": 19, "name": "label_ids"}]}
    fixture = {
        "models": {
            "shop.order": {"fields": {"tag_ids": renamed}, "defaults": {"tag_ids": [{"ref": "shop.red"}]},
                           "constraints": [{"name": "one", "unique": ["tag_ids"], "message": "One!"}]},
            "shop.tag": {"fields": {"orders": {"type": "many2many", "relation": "shop.order", "mirror": "tag_ids"}}},
        },
        "records": [{"model": "shop.order", "values": {"tag_ids": []}}],
    }  # fmt: skip
    new = shop("odoo-19.0", **fixture)
    order = new["models"]["shop.order"]
    assert list(order["fields"]) == ["label_ids"]
    assert list(order["defaults"]) == ["label_ids"]
    assert order["constraints"][0]["unique"] == ["label_ids"]
    assert new["models"]["shop.tag"]["fields"]["orders"]["mirror"] == "label_ids"
    assert new["records"] == [{"model": "shop.order", "values": {"label_ids": []}}]
    assert shop("odoo-18.0", **fixture)["models"]["shop.tag"]["fields"]["orders"]["mirror"] == "tag_ids"


def test_a_record_of_an_absent_model_is_absent_and_what_refers_to_it_lets_go() -> None:
    fixture = {
        "models": {"shop.tag": {"until": 15, "fields": {}}, "shop.order": {"fields": {"tag_ids": {}, "tag_id": {}}}},
        "records": [
            {"model": "shop.tag", "xmlid": "shop.red"},
            {"model": "shop.order", "values": {"tag_ids": [{"ref": "shop.red"}, 3], "tag_id": {"ref": "shop.red"}}},
        ],
    }
    found = shop("odoo-16.0", **fixture)
    assert found["records"] == [ABSENT, {"model": "shop.order", "values": {"tag_ids": [3]}}]
    assert [position for position, _ in present(found)] == [2]
    assert shop("odoo-15.0", **fixture)["records"] == fixture["records"]


def test_a_record_has_variants() -> None:
    record = {"model": "res.partner", "id": 70, "xmlid": "x.anna", "values": {"name": "Anna", "color": 1},
              "versions": [{"until": 11, "id": 80, "values": {"name": "Ann"}}]}  # fmt: skip
    assert shop("odoo-11.0", records=[record])["records"] == [
        {"model": "res.partner", "id": 80, "xmlid": "x.anna", "values": {"name": "Ann", "color": 1}}
    ]
    assert shop("odoo-12.0", records=[record])["records"][0]["id"] == 70


def test_a_sequence_sets_the_next_id_and_never_goes_back() -> None:
    database = build("odoo-17.0")
    sequences = [{"model": "res.partner", "next": 500, "since": 17}, {"model": "res.partner", "next": 900, "until": 16}]
    seed.load(database, {"sequences": sequences}, source="my.json")
    assert database.env()["res.partner"].create({"name": "A"}).id == 500
    seed.load(database, {"sequences": [{"model": "res.partner", "next": 3}]}, source="my.json")
    assert database.env()["res.partner"].create({"name": "B"}).id == 501


def test_one_fixture_serves_several_profiles() -> None:
    fixture = {
        "models": {"res.partner": {"fields": {"x_phone": {"type": "char", "since": 19}}}},
        "records": [
            {"model": "res.partner", "xmlid": "x.anna", "values": {"name": "Anna", "x_phone": "1"}},
            {"model": "res.partner", "until": 18, "xmlid": "x.ben", "values": {"name": "Ben", "mobile": "2"}},
        ],
    }
    for name, expected in (("odoo-18.0", ["Anna", "Ben"]), ("odoo-19.0", ["Anna"])):
        database = build(name)
        seed.load(database, fixture, source="my.json")
        found = database.env()["res.partner"].search([("name", "in", ["Anna", "Ben"])])
        assert found.mapped("name") == expected


@pytest.mark.parametrize(
    ("fixture", "text"),
    [
        ({"records": [{"model": "res.partner", "since": "15"}]},
         "my.json: record 1: 'since' is a generation, such as 17, not '15'"),
        ({"records": [{"model": "res.partner", "products": "odoo"}]},
         "my.json: record 1: 'products' is a list such as [\"flectra\", \"odoo-17.0\"], not 'odoo'"),
        ({"models": {"x": {"fields": {"a": {"type": "char", "until": 15.0}}}}},
         "my.json: model x, field 'a': 'until' is a generation, such as 17, not 15.0"),
        ({"models": {"x": {"versions": {"since": 15}}}},
         "my.json: model x: 'versions' is a list of variants, each an object with 'since' or 'until'"),
        ({"models": {"x": {"versions": [{"fields": []}]}}},
         "my.json: model x, versions: 'fields' is an object, not []"),
        ({"sequences": [{"model": "res.partner"}]},
         "my.json: sequence 1: a sequence is an object with a 'model' and 'next', the id to come"),
        ({"sequences": [{"model": "res.partnr", "next": 1}]},
         "my.json: sequence 1: unknown model 'res.partnr'; did you mean 'res.partner'?"),
        ({"sequences": [{"model": "res.partner", "next": 0}]},
         "my.json: sequence 1: 'next' is a positive integer, not 0"),
        ({"records": [{"model": "res.partner", "until": 16}, {"model": "res.partner", "values": {"nam": "A"}}]},
         "my.json: record 2 of res.partner, field 'nam': unknown field of res.partner; did you mean 'name'?"),
    ],
    ids=["since", "products", "until", "versions", "variant", "sequence", "model", "next", "position"],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(fixture: dict[str, Any], text: str) -> None:
    with pytest.raises(FixtureError) as caught:
        seed.load(build("odoo-17.0"), fixture, source="my.json")
    assert str(caught.value) == text


@pytest.mark.parametrize(
    ("name", "phones", "visits", "note", "tags"),
    [
        ("flectra-1.6", True, ["First", "Second"], "text", "tag_ids"),
        ("odoo-17.0", True, ["First"], "html", "tag_ids"),
        ("odoo-19.0", False, ["First"], "html", "label_ids"),
    ],
)
def test_the_fixture_of_the_documentation_serves_its_profiles(
    name: str, phones: bool, visits: list[str], note: str, tags: str
) -> None:
    found = re.search(r"<!-- fixture: versions.json -->\n```json\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    assert found is not None
    database = build(name)
    seed.load(database, json.loads(found[1]), source="versions.json")
    records = database.env()["shop.visit"].search([], order="id")
    assert records.mapped("name") == visits
    assert ("phone" in records._model.fields) is phones
    assert records._model.fields["note"].type == note
    assert len(getattr(records, tags)) == 1
