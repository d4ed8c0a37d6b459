"""Views made from the fields, actions that open records, and the search panel."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.errors import UserError
from mockserver.orm.records.environment import Environment
from mockserver.seed.build import build


def base(profile: str) -> Environment:
    found = profiles.get(profile)
    return build("t", profile=found, clock=Clock()).env(found.admin_id)


def test_views_of_16_and_later_come_without_fields_and_get_views_has_them_by_model() -> None:
    partners = base("odoo-17.0")["res.partner"]
    assert sorted(partners.call("get_view", None, "form")) == ["arch", "id", "model", "models"]
    found = partners.call("get_views", [[False, "list"], [False, "search"]], {"load_filters": True})
    assert found["views"]["list"]["arch"].startswith("<tree")
    assert found["views"]["search"]["filters"] == []
    assert found["models"]["res.partner"]["name"]["type"] == "char"
    later = base("odoo-18.0")["res.partner"].call("get_views", [[False, "list"]])
    assert later["views"]["list"]["arch"].startswith("<list")
    assert later["models"]["res.partner"]["fields"]["name"]["type"] == "char"


def test_views_until_15_come_with_their_fields() -> None:
    partners = base("odoo-14.0")["res.partner"]
    found = partners.call("load_views", [[False, "list"]], {"toolbar": True})
    assert found["fields_views"]["list"]["type"] == "tree"
    assert sorted(found["fields_views"]["list"]["toolbar"]) == ["action", "print", "relate"]
    assert found["fields_views"]["list"]["fields"]["name"]["select"] is None


@pytest.mark.parametrize(
    ("profile", "method", "end"), [("odoo-14.0", "fields_view_get", " !"), ("odoo-17.0", "get_view", "!")]
)
def test_an_unknown_type_of_view_is_an_error(profile: str, method: str, end: str) -> None:
    with pytest.raises(UserError, match=f"^No default view of type 'nope' could be found{end}$"):
        base(profile)["res.partner"].call(method, None, "nope")


def test_a_stored_view_has_priority_and_bound_actions_are_in_the_toolbar() -> None:
    env = base("odoo-17.0")
    arch = '<form><field name="code"/></form>'
    view = env["ir.ui.view"].create({"name": "own", "model": "res.country", "type": "form", "arch": arch})
    model = env["ir.model"].search([("model", "=", "res.country")])
    env["ir.actions.act_window"].create(
        {"name": "Open", "res_model": "res.country", "binding_model_id": model.id, "binding_view_types": "form"}
    )
    found = env["res.country"].call("get_views", [[False, "form"], [False, "list"]], {"toolbar": True})["views"]
    assert (found["form"]["id"], found["form"]["arch"]) == (view.id, arch)
    assert [action["name"] for action in found["form"]["toolbar"]["action"]] == ["Open"]
    assert found["list"]["toolbar"] == {}


def test_the_action_of_a_record_names_kinds_of_views_until_16() -> None:
    action = base("odoo-17.0")["res.partner"].browse(3).call("get_formview_action")
    assert action == {
        "type": "ir.actions.act_window", "res_model": "res.partner", "views": [[False, "form"]],
        "target": "current", "res_id": 3, "context": {},
    }  # fmt: skip
    assert base("odoo-14.0")["res.partner"].browse(3).call("get_formview_action")["view_mode"] == "form"


def panel(env: Environment, name: str, kind: str = "range", model: str = "res.partner", **options: Any) -> Any:
    return env[model].call(f"search_panel_select_{kind}", name, **options)


def test_a_category_of_a_tree_lists_ancestors_and_adds_up_their_counts() -> None:
    env = base("odoo-17.0")
    top = env["res.partner"].create({"name": "Top", "ref": "p"})
    middle = env["res.partner"].create({"name": "Middle", "parent_id": top.id, "ref": "p"})
    env["res.partner"].create({"name": "Low", "parent_id": middle.id, "ref": "p"})
    searched = [("ref", "=", "p")]
    found = panel(env, "parent_id", search_domain=searched, enable_counters=True)
    assert found["parent_field"] == "parent_id"
    counts = {item["id"]: (item["parent_id"], item["__count"]) for item in found["values"]}
    assert counts == {top.id: (False, 2), middle.id: (top.id, 1)}
    plain = panel(env, "parent_id", search_domain=searched, hierarchize=False)
    assert sorted(plain["values"][0]) == ["display_name", "id"]
    assert panel(env, "parent_id", search_domain=searched, limit=2) == {"error_msg": "Too many items to display."}


def test_counts_obey_the_filters_while_values_come_from_the_search_alone() -> None:
    env = base("odoo-17.0")
    tags = env["res.partner.category"].create([{"name": "A"}, {"name": "B"}])
    for kind, tag in (("contact", tags.ids), ("other", tags.ids[:1])):
        env["res.partner"].create({"name": kind, "ref": "p", "type": kind, "category_id": [(6, 0, tag)]})
    options: dict[str, Any] = {
        "search_domain": [("ref", "=", "p")], "filter_domain": [("type", "=", "other")], "enable_counters": True,
    }  # fmt: skip
    assert [(v["id"], v["__count"]) for v in panel(env, "type", **options)["values"]] == [("contact", 0), ("other", 1)]
    found = panel(env, "category_id", "multi_range", **options)["values"]
    assert [(item["display_name"], item["__count"]) for item in found] == [("A", 1), ("B", 0)]
    every = panel(env, "type", "multi_range", expand=True, **options)["values"]
    assert [item["__count"] for item in every].count(0) == len(every) - 1


def test_filters_may_be_in_groups() -> None:
    env = base("odoo-17.0")
    belgium = env["res.country"].search([("code", "=", "BE")])
    state = env["res.country.state"].create({"name": "S", "code": "S1", "country_id": belgium.id})
    env["res.partner"].create({"name": "p", "ref": "p", "state_id": state.id, "country_id": belgium.id})
    options: dict[str, Any] = {"search_domain": [("ref", "=", "p")], "group_by": "country_id"}
    (item,) = panel(env, "state_id", "multi_range", **options)["values"]
    assert (item["id"], item["group_id"], item["group_name"]) == (state.id, belgium.id, "Belgium")


def test_a_field_of_another_type_has_no_panel() -> None:
    env = base("odoo-17.0")
    with pytest.raises(UserError, match=r"Only types many2one, selection are supported for category \(found type char"):
        panel(env, "name")


def test_errors_of_python_name_the_class_of_the_server_that_has_the_method() -> None:
    with pytest.raises(TypeError, match=r"^Base.web_read\(\) missing"):
        base("odoo-17.0")["res.partner"].call("web_read")
    with pytest.raises(TypeError, match=r"^Partner.write\(\) missing"):
        base("odoo-17.0")["res.partner"].call("write")
