"""fields_get, get_metadata, get_external_id."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.orm.records.environment import Environment
from tests.models import define

COMMON = {"change_default", "company_dependent", "default_export_compatible", "depends", "exportable", "manual", "name",
          "readonly", "required", "searchable", "sortable", "store", "string", "type"}  # fmt: skip


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"type": "char"}, {"translate": False, "trim": True}),
        ({"type": "char", "size": 4}, {"translate": False, "trim": True, "size": 4}),
        ({"type": "text", "translate": True}, {"translate": True}),
        ({"type": "html"}, {"translate": False, "sanitize": True, "sanitize_tags": True}),
        ({"type": "integer"}, {"group_operator": "sum"}), ({"type": "integer", "store": False}, {}),
        ({"type": "float", "digits": [16, 2]}, {"group_operator": "sum", "digits": [16, 2]}),
        ({"type": "monetary", "currency_field": "cur"}, {"group_operator": "sum", "currency_field": "cur"}),
        ({"type": "boolean"}, {}), ({"type": "date"}, {}), ({"type": "datetime"}, {}), ({"type": "json"}, {}),
        ({"type": "binary"}, {"attachment": True}), ({"type": "image"}, {"attachment": True}),
        ({"type": "selection", "selection": [["a", "A"]]}, {"selection": [["a", "A"]]}),
        ({"type": "many2one", "relation": "res.partner"}, {"relation": "res.partner", "domain": [], "context": {}}),
        ({"type": "many2many", "relation": "res.partner"}, {"relation": "res.partner", "domain": [], "context": {}}),
        ({"type": "one2many", "relation": "item", "relation_field": "up", "domain": [["a", "=", 1]],
          "context": {"b": 1}},
         {"relation": "item", "relation_field": "up", "domain": [["a", "=", 1]], "context": {"b": 1}}),
        ({"type": "reference", "selection": [["item", "I"]]}, {"selection": [["item", "I"]]}),
        ({"type": "many2one_reference"}, {}),
        ({"type": "char", "related": "up.name"}, {"related": "up.name", "translate": False, "trim": True}),
    ],
)  # fmt: skip
def test_the_attributes_of_each_type(env: Environment, attributes: dict[str, Any], expected: dict[str, Any]) -> None:
    described = define(env, "item", {"field": {"string": "Label", **attributes}}).fields_get(["field"])["field"]
    assert {name: value for name, value in described.items() if name not in COMMON} == expected
    assert set(described) >= COMMON
    assert described["type"] == {"image": "binary"}.get(attributes["type"], attributes["type"])
    assert (described["name"], described["string"]) == ("field", "Label")


def test_only_the_fields_and_attributes_asked_for(env: Environment) -> None:
    partners = env["res.partner"]
    assert partners.fields_get(["name", "nope"], ["string", "type", "nope"]) == {"name": {"string": "Name",
                                                                                          "type": "char"}}  # fmt: skip
    assert partners.fields_get(["nope"]) == {}
    assert set(partners.fields_get()) == set(partners.fields_get([], [])) == set(partners._model.fields)


def test_a_label_is_made_from_the_name_where_none_is_given(env: Environment) -> None:
    described = define(env, "item", {"birth_date": {"type": "date"}}).fields_get(["birth_date"], ["string"])
    assert described == {"birth_date": {"string": "Birth Date"}}


def test_metadata_tells_the_log_and_the_external_ids(env: Environment) -> None:
    plain = env["res.partner"].create({"name": "P"})
    found = env["res.partner"].browse([1, plain.id]).get_metadata()
    assert [row["id"] for row in found] == [1, plain.id]
    assert found[0]["xmlid"] == "base.main_partner"
    assert found[0]["xmlids"][0] == {"xmlid": "base.main_partner", "noupdate": found[0]["noupdate"]}
    assert found[1] == {
        "id": plain.id, "create_uid": [2, env.user.display_name], "create_date": plain.create_date,
        "write_uid": [2, env.user.display_name], "write_date": plain.write_date,
        "xmlid": False, "xmlids": [], "noupdate": False,
    }  # fmt: skip


def test_metadata_leaves_out_what_is_gone(env: Environment) -> None:
    assert [row["id"] for row in env["res.partner"].browse([99999, 1]).get_metadata()] == [1]


def test_metadata_of_a_model_without_a_log(env: Environment) -> None:
    items = define(env, "item", {"name": {"type": "char"}}, log_access=False)
    assert items.create({"name": "a"}).get_metadata() == [{"id": 1, "xmlid": False, "xmlids": [], "noupdate": False}]


def test_external_ids_by_record(env: Environment) -> None:
    plain = env["res.partner"].create({"name": "P"})
    assert env["res.partner"].browse([1, plain.id]).get_external_id() == {1: "base.main_partner", plain.id: ""}
