"""ir.actions.server, ir.filters, ir.exports, res.config.settings.  Source: recorded in misc-config (17.0)."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.errors import AccessError, UserError, ValidationError
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.seed import build as seed


def _field(env: Environment, model: str, name: str) -> int:
    found = env["ir.model.fields"].search([("model", "=", model), ("name", "=", name)])
    assert found.id
    return found.id


def _action(env: Environment, **values: Any) -> Recordset:
    model = env["ir.model"].search([("model", "=", "res.partner")]).id
    return env["ir.actions.server"].create({"name": "A", "model_id": model, **values})


def _run(action: Recordset, *partners: Recordset) -> Any:
    ids = [partner.id for partner in partners]
    return action.with_context(active_model="res.partner", active_id=ids[0], active_ids=ids).run()


# -- server actions


@pytest.mark.parametrize(
    ("path", "values", "expected"),
    [
        ("parent_id.color", {"value": "7"}, 7),
        ("active", {"update_boolean_value": "false"}, False),
        ("partner_latitude", {"value": "1.5"}, 1.5),
        ("city", {"value": "'Paris'", "evaluation_type": "equation"}, "Paris"),
    ],
)
def test_an_action_writes_a_value_as_the_field_takes_it(
    env: Environment, path: str, values: dict[str, Any], expected: Any
) -> None:
    parent = env["res.partner"].create({"name": "Parent"})
    partner = env["res.partner"].create({"name": "P", "parent_id": parent.id})
    assert _run(_action(env, state="object_write", update_path=path, **values), partner) is False
    *steps, name = path.split(".")
    assert (parent if steps else partner)[name] == expected


def test_an_action_adds_to_a_many2many(env: Environment) -> None:
    partner, tag = env["res.partner"].create({"name": "P"}), env["res.partner.category"].create({"name": "T"})
    _run(_action(env, state="object_write", update_path="category_id", value=str(tag.id)), partner)
    assert partner.category_id == tag


def test_an_action_creates_a_record_and_links_it(env: Environment) -> None:
    partner = env["res.partner"].create({"name": "P"})
    model, link = env["ir.model"].search([("model", "=", "res.partner.category")]).id, "category_id"
    action = _action(
        env, state="object_create", crud_model_id=model, value="New tag", link_field_id=_field(env, "res.partner", link)
    )
    _run(action, partner)
    assert partner.category_id.name == "New tag"


def test_until_16_an_action_has_lines_of_values() -> None:
    env = seed.build("t", profile=profiles.get("odoo-16.0"), clock=Clock()).env(2)
    partner = env["res.partner"].create({"name": "P"})
    line = {"col1": _field(env, "res.partner", "color"), "value": "4"}
    _run(_action(env, state="object_write", fields_lines=[(0, 0, line)]), partner)
    assert partner.color == 4


def test_python_code_is_checked_but_never_run(env: Environment) -> None:
    with pytest.raises(ValidationError, match="SyntaxError : invalid syntax at line 1\nif:\n"):
        _action(env, state="code", code="if:")
    with pytest.raises(ValidationError, match=r"forbidden opcode\(s\) in 'import os': IMPORT_NAME"):
        _action(env, state="code", code="import os")
    partner = env["res.partner"].create({"name": "P"})
    with pytest.raises(UserError, match="mockserver never runs the Python code of an action"):
        _run(_action(env, state="code", code="record.unlink()"), partner)
    assert _run(_action(env, state="code", code="pass"), partner) is False


def test_an_action_is_for_its_groups_and_for_who_may_write(env: Environment) -> None:
    partner = env["res.partner"].create({"name": "P"})
    action = _action(env, state="object_write", update_path="city", value="X")
    group = env.ref("base.group_system")
    assert group is not None
    action.write({"groups_id": [(4, group.id)]})
    with pytest.raises(AccessError, match="You don't have enough access rights to run this action"):
        _run(action.with_user(6), partner)


# -- filters


def test_filters_are_the_users_own_and_those_of_all(env: Environment) -> None:
    filters = env["ir.filters"]
    for name, user in (("mine", 2), ("all", False), ("other", 6)):
        filters.create({"name": name, "model_id": "res.partner", "user_id": user})
    found = filters.with_user(2).get_filters("res.partner")
    assert [found_filter["name"] for found_filter in found] == ["all", "mine"]


def test_a_filter_is_replaced_by_one_of_the_same_name_and_owner(env: Environment) -> None:
    filters = env["ir.filters"].with_user(2)
    values = {"model_id": "res.partner", "user_id": 2}
    first = filters.create({**values, "name": "One", "is_default": True})
    again = filters.create_or_replace({**values, "name": "one", "domain": "[('id', '=', 1)]"})
    second = filters.create_or_replace({**values, "name": "Two", "is_default": True})
    assert (again, first.domain, first.is_default) == (first.id, "[('id', '=', 1)]", False)
    assert filters.browse(second).is_default


def test_the_default_filter_of_all_is_not_taken_over(env: Environment) -> None:
    filters = env["ir.filters"]
    filters.create({"name": "One", "model_id": "res.partner", "is_default": True})
    with pytest.raises(UserError, match=r"There is already a shared filter set as default for res\.partner"):
        filters.create_or_replace({"name": "Two", "model_id": "res.partner", "is_default": True})


# -- settings


def test_settings_give_a_group_to_all_employees(env: Environment) -> None:
    settings, employees, group = env["res.config.settings"], env.ref("base.group_user"), "base.group_multi_currency"
    assert employees is not None
    assert settings.default_get(["group_multi_currency"]) == {"group_multi_currency": False}
    form = settings.create({"group_multi_currency": True, "show_effect": True})
    assert form.execute() == {"type": "ir.actions.client", "tag": "reload"}
    assert env.ref(group) in employees.implied_ids
    assert settings.default_get(["group_multi_currency", "show_effect"]) == {
        "group_multi_currency": True, "show_effect": True,
    }  # fmt: skip
    settings.create({"group_multi_currency": False}).execute()
    assert env.ref(group) not in employees.implied_ids
    with pytest.raises(KeyError, match="group_nothing"):
        settings.default_get(["group_nothing"])


def test_an_action_shows_what_it_writes_to(env: Environment) -> None:
    action = _action(env, state="object_write", update_path="parent_id.country_id", resource_ref="res.country,20")
    assert (action.update_field_id.name, action.crud_model_id.model) == ("country_id", "res.partner")
    assert (action.update_related_model_id.model, action.value_field_to_show) == ("res.country", "resource_ref")
    assert action.value == "20"


def test_a_report_gives_the_action_that_prints_it(env: Environment) -> None:
    values = {"name": "R", "model": "res.partner", "report_name": "m.r", "report_type": "qweb-pdf"}
    report = env["ir.actions.report"].create(values)
    action = report.report_action([1, 2])
    assert (action["type"], action["report_name"], action["context"]["active_ids"]) == (
        "ir.actions.report", "m.r", [1, 2],
    )  # fmt: skip
    report.create_action()
    assert report.binding_model_id.model == "res.partner"
