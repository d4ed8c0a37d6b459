"""ir.model and ir.model.fields: the registry as records, and custom models and fields."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.clock import Clock
from mockserver.errors import UserError, ValidationError
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.profiles import PROFILES
from mockserver.seed import build as seed
from tests.models import one

BAD_SELECTION = (
    "The Selection Options expression is not a valid Pythonic expression."
    " Please provide an expression in the [('key','Label'), ...] format."
)


@pytest.fixture
def things(env: Environment) -> Recordset:
    """The ir.model row of an empty custom model."""
    created: Recordset = env["ir.model"].create({"name": "Things", "model": "x_thing"})
    return created


def add(model: Recordset, name: str, ttype: str, **values: Any) -> Recordset:
    """A custom field."""
    return model.env["ir.model.fields"].create(
        {"name": name, "model_id": model.id, "ttype": ttype, "field_description": name, **values}
    )


def rows(model: Recordset) -> Recordset:
    """The records of the custom model, as the superuser sees them."""
    return model.env.db.env(1)[model.model]


# -- what the registry shows


def test_every_model_and_field_has_its_row(env: Environment) -> None:
    assert set(env["ir.model"].search([]).mapped("model")) == set(env.db.registry)
    fields = env["ir.model.fields"].search([("model", "=", "res.country")])
    assert set(fields.mapped("name")) == set(env.db.registry["res.country"].fields)
    (code,) = env["ir.model.fields"].search_read(
        [("model", "=", "res.country"), ("name", "=", "code")], ["ttype", "state", "store", "model_id", "relation"]
    )
    country = env["ir.model"].search([("model", "=", "res.country")])
    assert (code["ttype"], code["state"], code["store"], code["relation"]) == ("char", "base", True, False)
    assert code["model_id"] == [country.id, "Country"]
    assert (country.name, country.state, country.count, country.transient) == ("Country", "base", 250, False)
    assert country.field_id.ids
    assert env["ir.model"].name_search("res.country", operator="=") == [[country.id, "Country"]]


# -- models


def test_a_custom_model_is_usable_at_once(things: Recordset) -> None:
    record = rows(things).create({"x_name": "a"})
    assert one(record, "x_name", "display_name") == ("a", "a")
    assert (things.state, things.count, things.order) == ("manual", 1, "id")
    assert sorted(things.field_id.mapped("name")) == [
        "create_date", "create_uid", "display_name", "id", "write_date", "write_uid", "x_name",
    ]  # fmt: skip
    (x_name,) = things.field_id.filtered(lambda field: field.name == "x_name")
    assert (x_name.ttype, x_name.state) == ("char", "manual")


def test_a_custom_model_comes_with_its_fields(env: Environment) -> None:
    model = env["ir.model"].create({
        "name": "Things", "model": "x_thing", "order": "x_code desc",
        "field_id": [(0, 0, {"name": "x_code", "ttype": "char", "field_description": "Code"}),
                     (0, 0, {"name": "x_qty", "ttype": "integer", "field_description": "Qty"})],
    })  # fmt: skip
    records = rows(model).create([{"x_code": "a", "x_qty": 1}, {"x_code": "b"}])
    assert records.search([]).mapped("x_code") == ["b", "a"]
    assert one(records[0], "display_name") == "x_thing,1"


def test_a_model_whose_fields_fail_leaves_nothing(env: Environment) -> None:
    with pytest.raises(ValidationError, match="must have a name that starts with 'x_'"):
        env["ir.model"].create({
            "name": "Things", "model": "x_thing",
            "field_id": [(0, 0, {"name": "x_ok", "ttype": "char", "field_description": "ok"}),
                         (0, 0, {"name": "bad", "ttype": "char", "field_description": "bad"})],
        })  # fmt: skip
    assert "x_thing" not in env.db.registry
    assert not env["ir.model"].search([("model", "=", "x_thing")])
    assert not env["ir.model.fields"].search([("model", "=", "x_thing")])


@pytest.mark.parametrize(
    ("values", "text"),
    [({"name": "T", "model": "thing"}, "The model name must start with 'x_'."),
     ({"name": "T", "model": "x_thing"}, "The operation cannot be completed: Each model must have a unique name.")],
)  # fmt: skip
def test_a_bad_model_is_refused(things: Recordset, values: dict[str, Any], text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        things.create(values)
    assert str(caught.value) == text


def test_what_may_be_changed_of_a_model(things: Recordset) -> None:
    records = rows(things)
    records.create([{"x_name": "a"}, {"x_name": "b"}])
    things.write({"name": "Objects", "order": "x_name desc"})
    assert rows(things).search([]).mapped("x_name") == ["b", "a"]
    assert things.env.db.registry["x_thing"].description == "Objects"
    for values, label in (({"model": "x_other"}, "Model"), ({"state": "base"}, "Type")):
        with pytest.raises(UserError, match=f'^Field "{label}" cannot be modified on models.$'):
            things.write(values)


def test_a_custom_model_goes_with_all_it_has(things: Recordset, env: Environment) -> None:
    partner_model = env["ir.model"].search([("model", "=", "res.partner")])
    add(partner_model, "x_thing_id", "many2one", relation="x_thing")
    env["ir.model.access"].create({"name": "a", "model_id": things.id, "perm_read": True})
    thing = rows(things).create({"x_name": "a"})
    partner = env["res.partner"].create({"name": "P", "x_thing_id": thing.id})
    things.unlink()
    assert "x_thing" not in env.db.registry
    assert "x_thing_id" not in env.db.registry["res.partner"].fields
    assert not env["ir.model.fields"].search(["|", ("model", "=", "x_thing"), ("name", "=", "x_thing_id")])
    assert not env["ir.model.access"].search([("name", "=", "a")])
    assert partner.read(["name"]) == [{"id": partner.id, "name": "P"}]
    again = env["ir.model"].create({"name": "Things", "model": "x_thing"})
    assert rows(again).search_count([]) == 0


def test_a_model_of_a_module_stays(env: Environment) -> None:
    base = env["ir.model"].search([("model", "=", "base")])
    with pytest.raises(UserError, match=r"^Model 'Base' contains module data and cannot be removed.$"):
        base.unlink()
    country = env["ir.model"].search([("model", "=", "res.country")])
    with pytest.raises(UserError, match=r"^This column contains module data and cannot be removed!$"):
        country.unlink()


# -- fields


@pytest.mark.parametrize(
    ("ttype", "more", "value", "read"),
    [
        ("char", {}, "a", "a"), ("char", {"size": 2}, "abc", "ab"), ("text", {}, "a", "a"),
        ("html", {}, "a", "<p>a</p>"),
        ("integer", {}, 3, 3), ("float", {}, 1.5, 1.5), ("boolean", {}, True, True),
        ("date", {}, "2024-01-02", "2024-01-02"),
        ("datetime", {}, "2024-01-02 03:04:05", "2024-01-02 03:04:05"), ("binary", {}, "aGk=", "aGk="),
        ("selection", {"selection": "[('a','A'),('b','B')]"}, "b", "b"),
        ("many2one", {"relation": "res.country"}, 20, [20, "Belgium"]),
        ("many2many", {"relation": "res.country"}, [20], [20]),
        ("reference", {"selection": "[('res.country','C')]"}, "res.country,20", "res.country,20"),
        ("many2one_reference", {}, 5, 5), ("json", {}, {"a": 1}, {"a": 1}), ("monetary", {}, 1.5, 1.5),
    ],
)  # fmt: skip
def test_a_custom_field_of_each_type(
    things: Recordset, ttype: str, more: dict[str, Any], value: Any, read: Any
) -> None:
    field = add(things, "x_it", ttype, **more)
    assert (field.state, field.model, field.ttype) == ("manual", "x_thing", ttype)
    described = rows(things).fields_get(["x_it"])["x_it"]
    assert (described["type"], described["manual"], described["string"]) == (ttype, True, "x_it")
    record = rows(things).create({"x_it": value})
    assert one(record, "x_it") == read
    assert rows(things).search([("x_it", "!=", False)]) == record


def test_a_custom_one2many_finds_its_lines(things: Recordset) -> None:
    add(things, "x_up", "many2one", relation="x_thing")
    add(things, "x_down", "one2many", relation="x_thing", relation_field="x_up")
    top = rows(things).create({"x_name": "top", "x_down": [(0, 0, {"x_name": "a"}), (0, 0, {"x_name": "b"})]})
    assert top.x_down.mapped("x_name") == ["a", "b"]
    assert top.x_down.x_up == top
    assert top.copy().x_down.ids == []


def test_a_custom_related_field_shows_its_target(things: Recordset, env: Environment) -> None:
    add(things, "x_country_id", "many2one", relation="res.country")
    add(things, "x_code", "char", related="x_country_id.code", readonly=True)
    record = rows(things).create({"x_country_id": env.ref("base.be").id})  # type: ignore[union-attr]
    assert one(record, "x_code") == "BE"
    assert rows(things).search([("x_code", "=", "BE")]) == record


def test_a_custom_field_on_a_base_model(env: Environment) -> None:
    model = env["ir.model"].search([("model", "=", "res.partner")])
    add(model, "x_score", "integer")
    partner = env["res.partner"].create({"name": "P", "x_score": 7})
    assert env["res.partner"].search([("x_score", ">", 5)]) == partner
    assert env["res.partner"].browse(1).x_score == 0
    user = env["res.users"].sudo().create({"name": "U", "login": "u", "x_score": 3})
    assert user.partner_id.x_score == 3


@pytest.mark.parametrize(
    ("values", "error", "text"),
    [
        ({"name": "code"}, ValidationError,
         "The operation cannot be completed: Custom fields must have a name that starts with 'x_'!"),
        ({"name": "x_name"}, ValidationError,
         "The operation cannot be completed: Field names must be unique per model."),
        ({"ttype": "nonsense"}, ValueError, "Wrong value for ir.model.fields.ttype: 'nonsense'"),
        ({"ttype": "selection", "selection": "__import__('os').getcwd()"}, ValidationError, BAD_SELECTION),
        ({"ttype": "selection", "selection": "[(1, 2"}, ValidationError, BAD_SELECTION),
        ({"ttype": "selection", "selection": "[1, 2]"}, ValidationError, BAD_SELECTION),
        ({"ttype": "selection", "selection": "open"}, ValidationError, BAD_SELECTION),
        ({"ttype": "selection", "selection": "(" * 500}, ValidationError, BAD_SELECTION),
    ],
)  # fmt: skip
def test_a_bad_field_is_refused(things: Recordset, values: dict[str, Any], error: type[Exception], text: str) -> None:
    with pytest.raises(error) as caught:
        add(things, **{"name": "x_bad", "ttype": "char", **values})
    assert str(caught.value) == text
    assert "x_bad" not in things.env.db.registry["x_thing"].fields


def test_a_required_custom_field_is_required(things: Recordset) -> None:
    add(things, "x_code", "char", required=True)
    with pytest.raises(ValidationError, match=r"Model: Things \(x_thing\)\nField: x_code \(x_code\)"):
        rows(things).create({})


def test_a_custom_field_may_be_changed(things: Recordset) -> None:
    field = add(things, "x_kind", "selection", selection="[('a','A'),('b','B')]")
    assert field.selection == "[('a', 'A'), ('b', 'B')]"
    assert field.selection_ids.mapped("name") == ["A", "B"]
    record = rows(things).create({"x_kind": "a"})
    field.write({"field_description": "Kind", "selection": "[('c','C')]", "required": True})
    described = rows(things).fields_get(["x_kind"])["x_kind"]
    assert (described["string"], described["selection"], described["required"]) == ("Kind", [["c", "C"]], True)
    record.write({"x_kind": "c"})
    with pytest.raises(ValueError, match=r"Wrong value for x_thing.x_kind: 'b'"):
        record.write({"x_kind": "b"})


def test_a_renamed_field_takes_its_values_along(things: Recordset) -> None:
    field = add(things, "x_old", "char")
    record = rows(things).create({"x_old": "v"})
    field.write({"name": "x_new"})
    assert one(rows(things).browse(record.id), "x_new") == "v"
    assert "x_old" not in things.env.db.registry["x_thing"].fields
    with pytest.raises(ValidationError, match="must have a name that starts with 'x_'"):
        field.write({"name": "new"})
    assert "x_new" in things.env.db.registry["x_thing"].fields


def test_what_stays_of_a_field(things: Recordset, env: Environment) -> None:
    field = add(things, "x_it", "char")
    with pytest.raises(UserError, match=r"^Changing the type of a field is not yet supported."):
        field.write({"ttype": "integer"})
    with pytest.raises(UserError, match=r"^Changing the model of a field is forbidden!$"):
        field.write({"model_id": env["ir.model"].search([("model", "=", "res.partner")]).id})
    base = env["ir.model.fields"].search([("model", "=", "res.partner"), ("name", "=", "name")])
    with pytest.raises(UserError, match=r"^Properties of base fields cannot be altered in this manner!"):
        base.write({"field_description": "X", "required": True})
    assert base.write({"field_description": "X"}) is True
    with pytest.raises(UserError, match=r"^This column contains module data and cannot be removed!$"):
        base.unlink()


def test_a_field_goes_with_its_values(things: Recordset) -> None:
    field = add(things, "x_it", "char")
    record = rows(things).create({"x_it": "v"})
    field.unlink()
    assert "x_it" not in rows(things).browse(record.id).read()[0]
    with pytest.raises(ValueError, match=r"^Invalid field 'x_it' on model 'x_thing'$"):
        rows(things).create({"x_it": 1})
    add(things, "x_it", "char")
    assert one(rows(things).browse(record.id), "x_it") is False


def test_an_undone_call_brings_the_old_definitions_back(things: Recordset) -> None:
    with pytest.raises(RuntimeError), things.env.db.transaction():
        add(things, "x_it", "char")
        things.unlink()
        raise RuntimeError
    assert list(things.env.db.registry["x_thing"].own_fields)[-1] == "x_name"
    assert things.exists()


@pytest.mark.parametrize(("profile", "name"), [("odoo-11.0", "copy"), ("flectra-1.6", "copy"), ("odoo-12.0", "copied")])
def test_a_custom_field_is_copied_under_each_version_s_name_of_that(profile: str, name: str) -> None:
    env = seed.build("t", profile=PROFILES[profile], clock=Clock()).env()
    fields = env["ir.model.fields"]
    country = env["ir.model"].search([("model", "=", "res.country")])
    values = {"model_id": country.id, "ttype": "char"}
    fields.create({**values, "name": "x_kept", "field_description": "Kept"})
    fields.create({**values, "name": "x_left", "field_description": "Left", name: False})
    twin = (
        env["res.country"]
        .create({"name": "Twin", "code": "XX", "x_kept": "a", "x_left": "b"})
        .copy({"code": "XY", "name": "Other"})
    )
    assert (twin.x_kept, twin.x_left) == ("a", False)
    (known,) = fields.search_read([("model", "=", "res.country"), ("name", "=", "name")], [name])
    assert known[name] is True


def test_a_field_that_others_need_stays(things: Recordset) -> None:
    up = add(things, "x_up", "many2one", relation="x_thing")
    add(things, "x_lines", "one2many", relation="x_thing", relation_field="x_up")
    with pytest.raises(UserError, match=r"^The field 'x_thing.x_up' cannot be removed because .* 'x_thing.x_lines'"):
        up.unlink()
    with pytest.raises(UserError, match=r"^The field 'x_thing.x_up' cannot be removed"):
        up.write({"name": "x_above"})


def test_the_choices_of_a_field_change_its_values(things: Recordset, env: Environment) -> None:
    field = add(things, "x_kind", "selection", selection_ids=[(0, 0, {"value": "a", "name": "A", "sequence": 7})])
    assert field.selection_ids.sequence == 0
    record = rows(things).create({"x_kind": "a"})
    field.selection_ids.write({"value": "b"})
    assert record.x_kind == "b"
    field.selection_ids.unlink()
    assert record.x_kind is False
    base = env["ir.model.fields"].search([("model", "=", "res.partner"), ("name", "=", "type")])
    with pytest.raises(UserError, match=r"^Properties of base fields cannot be altered"):
        env["ir.model.fields.selection"].create({"field_id": base.id, "value": "z", "name": "Z"})


def test_a_value_goes_through_a_custom_related_field(things: Recordset, env: Environment) -> None:
    add(things, "x_partner", "many2one", relation="res.partner")
    add(things, "x_country_code", "char", related="x_partner.country_id.code", store=False)
    country = env["res.country"].create({"name": "C", "code": "XX"})
    partner = env["res.partner"].create({"name": "P", "country_id": country.id})
    record = rows(things).create({"x_partner": partner.id})
    record.write({"x_country_code": "XY"})
    assert country.code == "XY"
    described = rows(things).fields_get(["x_country_code"])["x_country_code"]
    assert (described["readonly"], described["sortable"], described["depends"]) == (
        False,
        False,
        ["x_partner.country_id.code"],
    )
