"""What methods do in other versions than 17: groups, export and import, the web client's calls, copies.

Each expectation is from versions.md §6, or from Odoo's source of the version.
"""

from __future__ import annotations

from typing import Any

import pytest

from mockserver import profiles
from mockserver.clock import Clock
from mockserver.errors import DatabaseError, UserError
from mockserver.orm.records.environment import Environment
from mockserver.seed import build as seed
from tests.sales import sales

PROFILES = ("odoo-11.0", "odoo-13.0", "odoo-15.0", "odoo-16.0", "odoo-18.0", "odoo-19.0")


@pytest.fixture
def envs() -> dict[int, Environment]:
    return {env.db.profile.generation: env for env in map(sales, PROFILES)}


def call(env: Environment, method: str, *args: Any, **kwargs: Any) -> Any:
    return env["shop.sale"].call(method, *args, **kwargs)


# -- read_group


def test_until_11_the_groupby_is_one_of_the_fields(envs: dict[int, Environment]) -> None:
    with pytest.raises(AssertionError, match="must appear in the list of fields to read"):
        call(envs[11], "read_group", [], ["amount"], ["state"])
    first = call(envs[11], "read_group", [], ["amount", "state", "no_such_field", "quantity:max"], ["state"])[0]
    assert first == {"state": "d", "state_count": 2, "amount": 25.25, "__domain": [("state", "=", "d")]}


def test_until_16_the_calls_own_domain_comes_last(envs: dict[int, Environment]) -> None:
    domain = [["quantity", ">", 1]]
    for generation, leaves in ((15, ["state", "quantity"]), (18, ["quantity", "state"])):
        first = call(envs[generation], "read_group", domain, ["amount"], ["state"])[0]
        assert [leaf[0] for leaf in first["__domain"][1:]] == leaves


def test_ranges_come_with_15_and_have_the_groupbys_name_from_16_on(envs: dict[int, Environment]) -> None:
    def ranges(generation: int) -> Any:
        return call(envs[generation], "read_group", [], ["quantity"], ["day:year"])[0].get("__range")

    bounds = {"from": "2024-01-01", "to": "2025-01-01"}
    assert [ranges(generation) for generation in (13, 15, 16, 18)] == [
        None,
        {"day": bounds},
        {"day:year": bounds},
        {"day:year": bounds},
    ]


def test_a_level_that_is_left_to_the_context_has_an_empty_range_until_16(envs: dict[int, Environment]) -> None:
    group = call(envs[16], "read_group", [], ["quantity"], ["state", "day"])[0]
    assert group["__range"] == {"day": False}
    assert "__range" not in call(envs[18], "read_group", [], ["quantity"], ["state", "day"])[0]


def test_weeks_begin_on_monday_until_16(envs: dict[int, Environment]) -> None:
    begins = {15: ("day", "2024-01-01"), 16: ("day:week", "2024-01-01"), 18: ("day:week", "2023-12-31")}
    for generation, (name, begin) in begins.items():
        first = call(envs[generation], "read_group", [], ["quantity"], ["day:week"])[0]
        assert (first["day:week"], first["__range"][name]["from"]) == ("W1 2024", begin)


def test_until_16_no_fields_mean_all_that_can_be_added_up(envs: dict[int, Environment]) -> None:
    assert call(envs[16], "read_group", [], [], ["paid"])[0]["amount"] == 120.0
    assert "amount" not in call(envs[18], "read_group", [], [], ["paid"])[0]


def test_until_16_the_total_tells_an_id_and_no_domain(envs: dict[int, Environment]) -> None:
    assert call(envs[16], "read_group", [], ["quantity"], []) == [{"id": 1, "__count": 6, "quantity": 15}]
    assert call(envs[16], "read_group", [["id", "<", 0]], ["quantity"], []) == [
        {"id": None, "__count": 0, "quantity": None}
    ]
    assert call(envs[18], "read_group", [], ["quantity"], []) == [{"__count": 6, "quantity": 15, "__domain": []}]


def test_until_16_an_offset_needs_a_limit(envs: dict[int, Environment]) -> None:
    def states(generation: int, **window: int) -> list[Any]:
        groups = call(envs[generation], "read_group", [], ["quantity"], ["state"], **window)
        return [group["state"] for group in groups]

    assert states(16, offset=1) == ["d", "n", False]
    assert states(16, offset=1, limit=1) == ["n"]
    assert states(18, offset=1) == ["n", False]


def test_a_many2many_groups_from_15_on(envs: dict[int, Environment]) -> None:
    with pytest.raises(AssertionError, match="must be regular database-persisted fields"):
        call(envs[13], "read_group", [], ["quantity"], ["tag_ids"])
    last = call(envs[15], "read_group", [], ["quantity"], ["tag_ids"])[-1]
    assert (last["tag_ids"], last["tag_ids_count"], last["__domain"]) == (False, 3, [("tag_ids", "=", False)])
    with pytest.raises(UserError, match=r"shop\.sale\.tripled is not a stored field"):
        call(envs[15], "read_group", [], ["quantity"], ["tripled"])


def test_what_read_group_does_not_know_is_told_as_the_version_does(envs: dict[int, Environment]) -> None:
    for generation in (13, 15, 18, 19):
        with pytest.raises(ValueError, match=r"Invalid field 'nope' on model 'shop\.sale'"):
            call(envs[generation], "read_group", [], ["quantity"], ["nope"])
    with pytest.raises(UserError, match=r"Invalid aggregation function 'nope'\."):
        call(envs[15], "read_group", [], ["quantity:nope"], ["state"])
    with pytest.raises(UserError, match=r"Output name 'quantity' is used twice\."):
        call(envs[15], "read_group", [], ["quantity", "quantity:max"], ["state"])
    with pytest.raises(UserError, match=r"Cannot aggregate field 'tripled'\."):
        call(envs[15], "read_group", [], ["tripled:sum"], ["state"])
    with pytest.raises(ValueError, match=r"Invalid field 'nope' on model 'shop\.sale'"):
        call(envs[15], "read_group", [], ["quantity"], ["state"], orderby="nope")


def test_an_order_by_what_the_groups_do_not_show_is_left_aside_until_16(envs: dict[int, Environment]) -> None:
    for orderby, expected in (("quantity desc", ["n", "d", False]), ("amount desc", ["d", "n", False])):
        groups = call(envs[16], "read_group", [], ["quantity"], ["state"], orderby=orderby)
        assert [group["state"] for group in groups] == expected


def test_a_joined_domain_is_flat_from_19_on(envs: dict[int, Environment]) -> None:
    for generation, operators in ((18, ["&", "&"]), (19, ["&", "&"])):
        (first, *_) = call(envs[generation], "read_group", [["quantity", ">", 1]], [], ["day:year"])
        assert [token for token in first["__domain"] if token == "&"] == operators
        assert first["__domain"][1] == ("&" if generation == 19 else ("quantity", ">", 1))


# -- formatted_read_group


def test_a_formatted_group_has_its_specifications_as_keys(envs: dict[int, Environment]) -> None:
    groups = call(envs[19], "formatted_read_group", [], ["state"], ["__count", "amount:sum"])
    assert groups == [
        {"state": "d", "__count": 2, "amount:sum": 25.25, "__extra_domain": [("state", "=", "d")]},
        {"state": "n", "__count": 3, "amount:sum": 118.25, "__extra_domain": [("state", "=", "n")]},
        {"state": False, "__count": 1, "amount:sum": 0.0, "__extra_domain": [("state", "=", False)]},
    ]


def test_a_formatted_period_is_its_beginning_and_its_label(envs: dict[int, Environment]) -> None:
    first = call(envs[19], "formatted_read_group", [], ["day:month", "customer_id"], ["__count"])[0]
    assert first == {
        "day:month": ["2024-01-01", "January 2024"],
        "customer_id": [1, "One"],
        "__count": 2,
        "__extra_domain": ["&", "&", ("day", ">=", "2024-01-01"), ("day", "<", "2024-02-01"), ("customer_id", "=", 1)],
    }


def test_grouping_sets_are_groups_for_each_set(envs: dict[int, Environment]) -> None:
    sets = call(envs[19], "formatted_read_grouping_sets", [], [["state"], ["paid"], []], ["__count"], order="paid desc")
    assert [[group["__count"] for group in groups] for groups in sets] == [[2, 3, 1], [3, 3], [6]]


def test_a_group_by_a_path_reads_the_record_of_the_many2one(envs: dict[int, Environment]) -> None:
    groups = call(envs[19], "formatted_read_group", [], ["customer_id.name"], ["quantity:sum"])
    assert [(group["customer_id.name"], group["quantity:sum"]) for group in groups] == [
        ("One", 3), ("Two", 7), (False, 5),
    ]  # fmt: skip
    assert groups[0]["__extra_domain"] == [("customer_id", "any", [("name", "=", "One")])]
    assert groups[2]["__extra_domain"] == [
        "|", ("customer_id", "not any", []), ("customer_id", "any", [("name", "=", False)]),
    ]  # fmt: skip
    with pytest.raises(ValueError, match=r"Only many2one path is accepted for the .name\.x. groupby spec"):
        call(envs[19], "formatted_read_group", [], ["name.x"], ["__count"])


def test_having_keeps_groups_by_their_aggregates(envs: dict[int, Environment]) -> None:
    def states(having: Any) -> list[Any]:
        groups = call(envs[19], "formatted_read_group", [], ["state"], ["__count"], having)
        return [group["state"] for group in groups]

    assert states([["__count", ">", "1"], ["amount:sum", "<", 100]]) == ["d"]
    assert states(["|", ["__count", "=", 1], ["amount:max", ">=", 100]]) == ["n", False]
    assert states(["!", ["day:max", "<", "2024-12-31"]]) == ["n"]  # that of the last group is NULL
    for having, text in (
        ("x", "Invalid having clause 'x': it should be a domain-like clause"),
        ([["amount", ">", 1]], "Aggregate method is mandatory for 'amount'"),
        ([["__count", "like", 1]], "supported comparators are"),
    ):
        with pytest.raises(ValueError, match=text):
            states(having)


# -- the web client


def test_web_search_read_reads_fields_until_16(envs: dict[int, Environment]) -> None:
    expected = {"length": 5, "records": [{"id": 2, "name": "S1"}]}
    domain = [["quantity", ">", 0]]
    for generation in (13, 15, 16):
        assert call(envs[generation], "web_search_read", domain, ["name"], 1, 1) == expected
    assert call(envs[16], "web_search_read", domain, ["name"], limit=1, count_limit=3)["length"] == 3


def test_web_read_group_by_version(envs: dict[int, Environment]) -> None:
    old = call(envs[15], "web_read_group", [], ["quantity"], ["state"], limit=1, expand=True, expand_limit=1)
    assert old["length"] == 3
    assert old["groups"][0]["__data"]["length"] == 2
    new = call(envs[19], "web_read_group", [], ["state", "paid"], limit=2)
    assert (new["length"], [group["__count"] for group in new["groups"]]) == (3, [2, 3])


def test_the_calls_that_came_with_19(envs: dict[int, Environment]) -> None:
    env = envs[19]
    records = env["shop.sale"].browse([3, 1])
    found = records.call("web_save_multi", [{"quantity": 8}, {"quantity": 9}], {"quantity": {}})
    assert found == [{"id": 3, "quantity": 8}, {"id": 1, "quantity": 9}]
    with pytest.raises(ValueError, match="Each record must have a corresponding vals entry"):
        records.call("web_save_multi", [], {})
    found = records.call("web_resequence", {"quantity": {}}, "quantity", 5)
    assert found == [{"id": 3, "quantity": 5}, {"id": 1, "quantity": 6}]
    assert records.call("web_resequence", {"quantity": {}}) == []
    assert call(env, "web_name_search", "S5", {"quantity": {}}) == [{"id": 6, "quantity": 5}]
    assert call(env, "web_name_search", "S5", {"display_name": {}})[0]["display_name"] == "S5"


def test_onchange_until_16_names_fields_and_gives_pairs(envs: dict[int, Environment]) -> None:
    env = envs[15]
    spec = {"quantity": "1", "doubled": "", "customer_id": "", "customer_id.name": ""}
    values = {"quantity": 4, "doubled": 2, "customer_id": False}
    assert call(env, "onchange", values, "quantity", spec) == {"value": {"doubled": 8}}
    record = env["shop.sale"].browse(1)
    assert record.call("onchange", {"customer_id": 2}, ["customer_id"], spec)["value"] == {}
    with pytest.raises(ValueError, match=r"^Invalid field 'nope' on model 'shop\.sale'$"):
        call(env, "onchange", {**values, "nope": 1}, "quantity", spec)
    assert call(envs[11], "onchange", {**values, "nope": 1}, "quantity", spec) == {"value": {"doubled": 8}}


# -- export and import


def test_export_until_12_gives_texts_and_false_for_nothing(envs: dict[int, Environment]) -> None:
    columns = ["name", "amount", "day", "customer_id", "customer_id/name", "state", "paid"]
    rows = {g: env["shop.sale"].browse([1, 4]).call("export_data", columns)["datas"] for g, env in envs.items()}
    assert rows[11] == [
        ["S0", "10.5", "2024-01-05", "One", "One", "New", "True"],
        ["S3", "0.0", "", False, "", False, "False"],
    ]
    assert rows[13][1] == ["S3", 0.0, "", False, "", "", False]
    assert rows[15][1] == rows[19][1] == ["S3", 0.0, "", "", "", "", False]
    raw = envs[11]["shop.sale"].browse([1]).call("export_data", ["amount", "paid"], raw_data=True)
    assert raw == {"datas": [[10.5, True]]}


def test_load_tells_less_until_14(envs: dict[int, Environment]) -> None:
    assert call(envs[11], "load", ["name", "quantity"], [["L1", "5"], ["L2", "6"]]) == {"ids": [7, 8], "messages": []}
    assert call(envs[13], "load", ["name"], [["L1"]]) == {"ids": [7], "messages": [], "nextrow": 0}
    (message,) = call(envs[11], "load", ["quantity"], [["abc"]])["messages"]
    assert set(message) == {"rows", "record", "type", "field", "message"}
    (message,) = call(envs[15], "load", ["quantity"], [["abc"]])["messages"]
    assert message["field_name"] == "Quantity"


# -- the rest


def test_the_attribute_of_the_sum_is_renamed_in_18(envs: dict[int, Environment]) -> None:
    for generation, name in ((16, "group_operator"), (18, "aggregator")):
        assert call(envs[generation], "fields_get", ["amount"], ["group_operator", "aggregator"]) == {
            "amount": {name: "sum"}
        }


def test_copy_takes_several_records_from_18_on(envs: dict[int, Environment]) -> None:
    assert envs[18]["shop.sale"].browse([1, 2]).call("copy", {"name": "Same"}).mapped("name") == ["Same", "Same"]
    with pytest.raises(ValueError, match="Expected singleton"):
        envs[16]["shop.sale"].browse([1, 2]).call("copy")
    assert [values["name"] for values in envs[18]["shop.sale"].browse([1, 2]).call("copy_data")] == ["S0", "S1"]
    with pytest.raises(ValueError, match="Expected singleton"):
        envs[16]["shop.sale"].browse([1, 2]).call("copy_data")


def test_external_ids_of_metadata_are_listed_from_16_on(envs: dict[int, Environment]) -> None:
    for generation, env in envs.items():
        (row,) = env["shop.sale"].browse(1).call("get_metadata")
        assert ("xmlids" in row) == (generation >= 16)
        assert (row["xmlid"], row["noupdate"]) == (False, False)


def test_open_groups_have_their_records_or_the_groups_of_the_next_level(envs: dict[int, Environment]) -> None:
    opening = [{"value": "n", "folded": False, "offset": 1, "limit": 1}, {"value": "d", "folded": True}]
    found = call(
        envs[19], "web_read_group", [], ["state"], order="state, name desc", auto_unfold=True,
        opening_info=opening, unfold_read_specification={"name": {}},
    )["groups"]  # fmt: skip
    assert [group.get("__records") for group in found] == [None, [{"id": 5, "name": "S4"}], [{"id": 4, "name": "S3"}]]
    without, first, *_ = call(
        envs[19], "web_read_group", [], ["customer_id", "state"], auto_unfold=True,
        unfold_read_specification={"name": {}}, groupby_read_specification={"customer_id": {"rank": {}}},
    )["groups"]  # fmt: skip
    assert (without["__values"], "__groups" in without) == ({"id": False}, False)
    assert first["__values"] == {"id": 2, "rank": 2}
    assert [len(group["__records"]) for group in first["__groups"]["groups"]] == [1, 1]


@pytest.mark.parametrize(("profile", "named"), [("odoo-17.0", "Users"), ("odoo-19.0", "ResUsers")])
def test_an_error_about_arguments_names_the_servers_class(profile: str, named: str) -> None:
    env = seed.build("t", profile=profiles.get(profile), clock=Clock()).env(2)
    with pytest.raises(TypeError, match=rf"^{named}\.has_group\(\) missing 1 required positional argument"):
        env["res.users"].call("has_group")


# -- conditions of 19


def test_a_list_of_19_may_hold_ids_and_names(envs: dict[int, Environment]) -> None:
    def names(domain: Any) -> Any:
        return envs[19]["shop.sale"].search(domain).mapped("name")

    assert names([("customer_id", "in", ["One", 2])]) == ["S0", "S1", "S2", "S4"]
    assert names([("tag_ids", "not in", ["Blue", 1])]) == ["S2", "S3", "S5"]


@pytest.mark.parametrize(
    ("domain", "order", "error", "text"),
    [
        (
            [("customer_id", "any!", [])],
            None,
            ValueError,
            "Domain\\(\\) invalid item in domain: \\('customer_id', 'any!'",
        ),
        ([("name", "in", [["S1"]])], None, TypeError, "unhashable type: 'list'"),
        ([("name", "=", {})], None, TypeError, "unhashable type: 'dict'"),
        ([("id", "=", True)], None, DatabaseError, "operator does not exist: integer = boolean"),
        ([], "customer_id.name", ValueError, "Invalid field property 'name' on shop.sale.customer_id"),
    ],
)
def test_what_19_refuses(
    envs: dict[int, Environment], domain: Any, order: str | None, error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        call(envs[19], "search", domain, order=order)
