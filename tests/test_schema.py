"""Model definitions and the registry."""

from __future__ import annotations

import pytest

from mockserver.models import BaseModel
from mockserver.orm.fields.base import UnknownFieldType, make
from mockserver.orm.records.environment import Environment
from mockserver.orm.schema.model import Model
from mockserver.orm.schema.registry import Registry
from tests.models import define, extend


def test_every_model_has_the_magic_fields() -> None:
    model = Model.define("item", {"code": {"type": "char"}})
    assert list(model.fields) == [
        "code", "id", "display_name", "create_uid", "create_date", "write_uid", "write_date",
    ]  # fmt: skip
    assert [field.name for field in model.columns] == [
        "code", "id", "create_uid", "create_date", "write_uid", "write_date",
    ]  # fmt: skip
    assert all(model.fields[name].readonly for name in model.fields if name != "code")


def test_a_custom_model_has_the_magic_fields_first() -> None:
    model = Model.define("x_item", {"x_name": {"type": "char"}}, manual=True)
    assert list(model.fields)[:2] == ["id", "display_name"]
    assert list(model.fields)[-1] == "x_name"


def test_a_model_without_log_access_has_no_log_fields(env: Environment) -> None:
    items = define(env, "item", {"name": {"type": "char"}}, log_access=False)
    assert list(items.create({"name": "a"}).read()[0]) == ["id", "name", "display_name"]


@pytest.mark.parametrize(
    ("fields", "rec_name", "expected"),
    [({"name": "char"}, None, "name"), ({"x_name": "char"}, None, "x_name"), ({"code": "char"}, "code", "code"),
     ({"code": "char"}, None, None)],
)  # fmt: skip
def test_the_field_that_names_a_record(fields: dict[str, str], rec_name: str | None, expected: str | None) -> None:
    model = Model.define("item", {name: {"type": type_} for name, type_ in fields.items()}, rec_name=rec_name)
    assert model.label_field == expected


def test_x_active_archives_as_active_does() -> None:
    assert Model.define("item", {"x_active": {"type": "boolean"}}).active_name == "x_active"
    assert Model.define("item", {"active": {"type": "boolean"}}).active_name == "active"
    assert Model.define("item", {"active": {"type": "boolean", "store": False}}).active_name is None
    assert Model.define("item", {}).active_name is None


def test_an_unknown_field_has_the_servers_error() -> None:
    model = Model.define("item", {})
    with pytest.raises(ValueError, match=r"^Invalid field 'nope' on model 'item'$"):
        model.field("nope")
    with pytest.raises(ValueError, match=r"^Invalid field \[\] on model 'item'$"):
        model.field([])  # type: ignore[arg-type]


def test_extending_a_model_leaves_the_old_one_as_it_was() -> None:
    model = Model.define("item", {})
    more = model.extended([make("code", {"type": "char", "model": "item"})], order="code")
    assert "code" in more.fields
    assert "code" not in model.fields
    assert (more.order, model.order) == ("code", "id")
    assert "code" not in more.without(["code"]).fields


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(UnknownFieldType, match="nonsense"):
        Model.define("item", {"x": {"type": "nonsense"}})


def test_a_model_inherits_the_fields_of_its_parent() -> None:
    parent = Model.define("parent", {"name": {"type": "char"}, "own": {"type": "char"}})
    child = Model.define(
        "child", {"parent_id": {"type": "many2one", "relation": "parent"}, "own": {"type": "integer"}},
        inherits={"parent": "parent_id"},
    )  # fmt: skip
    registry = Registry(base=BaseModel, generation=17).evolve(parent, child)
    inherited = registry["child"].fields["name"]
    assert (inherited.related, inherited.inherited, inherited.column) == ("parent_id.name", True, False)
    assert registry["child"].fields["own"].type == "integer"


def test_inherited_fields_follow_their_parent(env: Environment) -> None:
    extend(env, "res.partner", {"x_level": {"type": "char", "string": "Level"}})
    assert env["res.users"].fields_get(["x_level"], ["string"]) == {"x_level": {"string": "Level"}}
    extend(env, "res.partner", {"x_level": {"type": "char", "string": "Grade"}})
    assert env["res.users"].fields_get(["x_level"], ["string"]) == {"x_level": {"string": "Grade"}}
    env.db.add_model(env.db.registry["res.partner"].without(["x_level"]))
    assert env["res.users"].fields_get(["x_level"]) == {}


def test_a_registry_is_never_changed() -> None:
    registry = Registry(base=BaseModel, generation=17)
    more = registry.evolve(Model.define("item", {}))
    assert list(registry) == []
    assert list(more) == ["item"]
    assert list(more.evolve(without=["item", "nope"])) == []


def test_referrers_are_the_columns_that_point_to_a_model() -> None:
    registry = Registry(base=BaseModel, generation=17).evolve(
        Model.define("item", {
            "parent_id": {"type": "many2one", "relation": "item"},
            "tag_ids": {"type": "many2many", "relation": "tag"},
            "child_ids": {"type": "one2many", "relation": "item", "relation_field": "parent_id"},
        }),
        Model.define("tag", {"item_ids": {"type": "many2many", "relation": "item", "mirror": "tag_ids"}}),
        Model.define("shape", {"item_id": {"type": "many2one", "relation": "item"}}, abstract=True),
    )  # fmt: skip
    assert [(f.model, f.name) for f in registry.referrers["item"]] == [("item", "parent_id")]
    assert [(f.model, f.name) for f in registry.referrers["tag"]] == [("item", "tag_ids")]
