"""What the web client calls: web_read, web_search_read, web_save, web_read_group, onchange."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.orm.records.environment import Environment
from tests.sales import sales


@pytest.fixture
def env() -> Environment:
    return sales()


def web_read(env: Environment, ids: list[int], specification: Any, model: str = "shop.sale") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = env[model].browse(ids).call("web_read", specification)
    return found


def onchange(
    env: Environment, ids: list[int], values: Any, names: list[str], spec: Any, model: str = "shop.sale"
) -> Any:
    return env[model].browse(ids).call("onchange", values, names, spec)["value"]


# -- web_read


def test_plain_fields_and_bare_ids(env: Environment) -> None:
    specification: dict[str, Any] = {"name": {}, "customer_id": {}, "tag_ids": {}, "day": {}}
    assert web_read(env, [2, 4], specification) == [
        {"id": 2, "name": "S1", "customer_id": 1, "tag_ids": [1, 2], "day": "2024-01-20"},
        {"id": 4, "name": "S3", "customer_id": False, "tag_ids": [], "day": False},
    ]


def test_a_many2one_with_fields_is_a_dict_or_false(env: Environment) -> None:
    specification: dict[str, Any] = {"customer_id": {"fields": {"display_name": {}, "rank": {}}}}
    assert web_read(env, [1, 4], specification) == [
        {"id": 1, "customer_id": {"id": 1, "rank": 1, "display_name": "One"}},
        {"id": 4, "customer_id": False},
    ]


def test_lines_have_fields_an_order_and_a_limit(env: Environment) -> None:
    lines = {"fields": {"name": {}}, "order": "name", "limit": 1}
    assert web_read(env, [2], {"tag_ids": lines}) == [{"id": 2, "tag_ids": [{"id": 2, "name": "Blue"}, {"id": 1}]}]
    assert web_read(env, [2], {"tag_ids": {"fields": {}}}) == [{"id": 2, "tag_ids": [{"id": 1}, {"id": 2}]}]
    assert web_read(env, [2], {"tag_ids": {"order": "name"}}) == [{"id": 2, "tag_ids": [2, 1]}]


def test_specifications_nest(env: Environment) -> None:
    specification: dict[str, Any] = {"sale_ids": {"fields": {"customer_id": {"fields": {"display_name": {}}}}}}
    assert web_read(env, [2], specification, "shop.customer") == [
        {"id": 2, "sale_ids": [{"id": 3, "customer_id": {"id": 2, "display_name": "Two"}},
                               {"id": 5, "customer_id": {"id": 2, "display_name": "Two"}}]}
    ]  # fmt: skip


def test_a_reference_shows_model_and_id(env: Environment) -> None:
    env["shop.sale"].browse(1).write({"about": "shop.customer,2"})
    assert web_read(env, [1], {"about": {}}) == [{"id": 1, "about": "shop.customer,2"}]
    assert web_read(env, [1], {"about": {"fields": {"display_name": {}}}}) == [
        {"id": 1, "about": {"id": {"id": 2, "model": "shop.customer"}, "display_name": "Two"}}
    ]
    env.db.store.delete("shop.customer", 2)
    assert web_read(env, [1], {"about": {"fields": {}}}) == [{"id": 1, "about": False}]


def test_a_many2one_reference_is_followed_by_its_model(env: Environment) -> None:
    env["ir.model.data"].create({"name": "a", "module": "b", "model": "shop.customer", "res_id": 1})
    specification: dict[str, Any] = {"res_id": {"fields": {"display_name": {}}}}
    assert web_read(env, [1], specification, "ir.model.data") == [{"id": 1, "res_id": {"id": 1, "display_name": "One"}}]


def test_without_fields_only_ids_are_told(env: Environment) -> None:
    assert web_read(env, [1, 999], {}) == [{"id": 1}, {"id": 999}]
    assert web_read(env, [1, 999], {"name": {}}) == [{"id": 1, "name": "S0"}]


def test_an_unknown_field_is_refused(env: Environment) -> None:
    with pytest.raises(ValueError, match=r"Invalid field 'nope' on model 'shop\.sale'"):
        web_read(env, [1], {"nope": {}})


# -- web_search_read


@pytest.mark.parametrize(
    ("options", "length", "names"),
    [
        ({}, 6, ["S0", "S1", "S2", "S3", "S4", "S5"]),
        ({"limit": 2}, 6, ["S0", "S1"]),
        ({"limit": 2, "count_limit": 3}, 3, ["S0", "S1"]),
        ({"limit": 2, "offset": 4}, 6, ["S4", "S5"]),
        ({"limit": 4, "offset": 4}, 6, ["S4", "S5"]),
        ({"limit": 2, "order": "name desc"}, 6, ["S5", "S4"]),
        ({"offset": 10}, 0, []),
    ],
)
def test_web_search_read_counts_what_it_does_not_show(
    env: Environment, options: dict[str, Any], length: int, names: list[str]
) -> None:
    found = env["shop.sale"].call("web_search_read", [], {"name": {}}, **options)
    assert found["length"] == length
    assert [record["name"] for record in found["records"]] == names


# -- web_save


def test_web_save_creates_writes_and_reads(env: Environment) -> None:
    assert env["shop.sale"].call("web_save", {"name": "New"}, {"name": {}}) == [{"id": 7, "name": "New"}]
    specification: dict[str, Any] = {"name": {}, "picture": {}}
    saved = env["shop.sale"].browse(7).call("web_save", {"name": "Newer", "picture": "QUJD"}, specification)
    assert saved == [{"id": 7, "name": "Newer", "picture": "3.00 bytes"}]


def test_web_save_reads_the_next_record_when_asked(env: Environment) -> None:
    assert env["shop.sale"].browse(1).call("web_save", {"name": "X"}, {"name": {}}, 2) == [{"id": 2, "name": "S1"}]
    assert env["shop.sale"].browse(1).name == "X"


def test_web_save_shows_what_it_wrote_to_a_missing_record(env: Environment) -> None:
    """Recorded in json2-values (19.0); the server looks for the record if another field is wanted."""
    missing = env["shop.sale"].browse(999)
    assert missing.call("web_save", {"quantity": 3}, {"quantity": {}}) == [{"id": 999, "quantity": 3}]
    assert missing.call("web_save", {"quantity": 3}, {"quantity": {}, "name": {}}) == []


# -- web_read_group, read_progress_bar


@pytest.mark.parametrize(
    ("options", "shown", "length"), [({}, 3, 3), ({"limit": 2}, 2, 3), ({"offset": 1}, 2, 3), ({"limit": 5}, 3, 3)]
)
def test_web_read_group_counts_all_groups(env: Environment, options: dict[str, Any], shown: int, length: int) -> None:
    found = env["shop.sale"].call("web_read_group", [], ["quantity"], ["state"], **options)
    assert (len(found["groups"]), found["length"]) == (shown, length)


def test_web_read_group_of_nothing(env: Environment) -> None:
    found = env["shop.sale"].call("web_read_group", [("id", "<", 0)], [], ["state"])
    assert found == {"groups": [], "length": 0}


def test_a_progress_bar_counts_the_colours(env: Environment) -> None:
    bar = {"field": "state", "colors": {"n": "warning", "d": "success"}}
    assert env["shop.sale"].call("read_progress_bar", [], "customer_id", bar) == {
        "One": {"n": 1, "d": 1}, "Two": {"n": 1, "d": 1}, "False": {"n": 1, "d": 0},
    }  # fmt: skip


# -- onchange


SPECIFICATION: dict[str, Any] = {
    "name": {}, "quantity": {}, "doubled": {}, "tripled": {}, "state": {},
    "customer_id": {"fields": {"display_name": {}}}, "tag_ids": {"fields": {"name": {}}},
}  # fmt: skip


def test_a_new_form_gets_defaults_and_computed_values(env: Environment) -> None:
    assert onchange(env, [], {}, [], SPECIFICATION) == {
        "name": False, "quantity": 1, "doubled": 2, "tripled": 3, "state": "n", "customer_id": False,
    }  # fmt: skip


def test_defaults_of_relations_come_as_dicts_and_commands(env: Environment) -> None:
    context = env.with_context(default_customer_id=2, default_tag_ids=[(6, 0, [1])])
    values = onchange(context, [], {}, [], {name: SPECIFICATION[name] for name in ("customer_id", "tag_ids")})
    assert values == {
        "customer_id": {"id": 2, "display_name": "Two"},
        "tag_ids": [(4, 1, {"id": 1, "name": "Red"})],
    }


def test_default_lines_come_as_create_commands(env: Environment) -> None:
    context = env.with_context(default_sale_ids=[(0, 0, {"name": "Line", "quantity": 4})])
    specification: dict[str, Any] = {"name": {}, "sale_ids": {"fields": {"name": {}, "doubled": {}}}}
    assert onchange(context, [], {}, [], specification, "shop.customer") == {
        "name": False, "sale_ids": [(0, 0, {"name": "Line", "doubled": 8})],
    }  # fmt: skip


def test_a_change_tells_only_what_follows_from_it(env: Environment) -> None:
    values = {"name": "X", "quantity": 10, "doubled": 2, "tripled": 3, "state": "n", "customer_id": False}
    assert onchange(env, [], values, ["quantity"], SPECIFICATION) == {"doubled": 20, "tripled": 30}
    assert onchange(env, [1], {"quantity": 10}, ["quantity"], SPECIFICATION) == {"doubled": 20, "tripled": 30}
    assert onchange(env, [1], {"name": "Y"}, ["name"], SPECIFICATION) == {}


def test_an_onchange_leaves_nothing_behind(env: Environment) -> None:
    before = env.db.store.sequences
    onchange(env, [], {"name": "X"}, ["name"], SPECIFICATION)
    onchange(env, [1], {"name": "X"}, ["name"], SPECIFICATION)
    assert env["shop.sale"].browse(1).name == "S0"
    assert env["shop.sale"].search_count([]) == 6
    assert env.db.store.sequences == before


def test_an_unknown_changed_field_changes_nothing(env: Environment) -> None:
    assert env["shop.sale"].browse(1).call("onchange", {"nope": 1}, ["nope"], SPECIFICATION) == {}


@pytest.mark.parametrize(
    ("ids", "values", "names", "spec", "error", "text"),
    [
        ([], {}, [], {"nope": {}}, KeyError, "nope"),
        ([1], {}, [], {"nope": {}}, ValueError, "Invalid field 'nope' on model 'shop.sale'"),
        (
            [1],
            {"name": "X", "nope": 1},
            ["name"],
            {"name": {}},
            ValueError,
            "Invalid field 'nope' on model 'shop.sale'",
        ),
        ([], {"nope": 1}, [], {"name": {}}, ValueError, "Invalid field 'nope' on model 'shop.sale'"),
        ([], {"quantity": 1}, ["name"], {"name": {}}, KeyError, "name"),
    ],
)
def test_a_form_with_what_is_no_field_or_without_what_has_changed(
    env: Environment, ids: list[int], values: Any, names: list[str], spec: Any, error: type[Exception], text: str
) -> None:
    with pytest.raises(error) as caught:
        onchange(env, ids, values, names, spec)
    assert caught.value.args == (text,) or str(caught.value) == text


def test_a_new_record_does_not_lead_to_itself(env: Environment) -> None:
    spec: dict[str, Any] = {"display_name": {}, "sale_id": {}, "size": {}}
    assert onchange(env, [], {}, [], spec, "shop.sale.detail")["size"] == 0
