"""read_group: groups, aggregates, periods, orders, and what it refuses."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mockserver.errors import DatabaseError
from mockserver.orm.query import periods
from mockserver.orm.records.environment import Environment
from mockserver.orm.storage import view
from tests.models import define
from tests.sales import sales


@pytest.fixture
def env() -> Environment:
    return sales()


def read_group(env: Environment, *args: Any, **kwargs: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = env["shop.sale"].call("read_group", *args, **kwargs)
    return found


def column(groups: list[dict[str, Any]], *names: str) -> list[Any]:
    return [tuple(group[name] for name in names) if len(names) > 1 else group[names[0]] for group in groups]


# -- shape


def test_a_lazy_group_has_key_count_sum_and_domain(env: Environment) -> None:
    assert read_group(env, [], ["amount"], ["state"]) == [
        {"state": "d", "state_count": 2, "amount": 25.25, "__domain": [("state", "=", "d")]},
        {"state": "n", "state_count": 3, "amount": 118.25, "__domain": [("state", "=", "n")]},
        {"state": False, "state_count": 1, "amount": 0.0, "__domain": [("state", "=", False)]},
    ]


def test_a_field_has_a_function_of_its_own_or_none(env: Environment) -> None:
    own = {"a": {"type": "float", "aggregator": "none"}, "b": {"type": "integer", "aggregator": "avg"}}
    grades = define(env, "x.grade", own)
    grades.create([{"a": 1, "b": 2}, {"a": 2, "b": 5}])
    assert grades.call("read_group", [], ["a", "b"], []) == [{"__count": 2, "b": 3.5, "__domain": []}]


def test_without_groupby_there_is_one_group_with_the_domain_as_it_was_given(env: Environment) -> None:
    assert read_group(env, [["paid", "=", True], ["quantity", ">", 1]], ["quantity"], []) == [
        {"__count": 2, "quantity": 7, "__domain": [["paid", "=", True], ["quantity", ">", 1]]}
    ]


def test_a_lazy_call_leaves_the_other_levels_to_the_context(env: Environment) -> None:
    (first, *_) = read_group(env, [], [], ["state", "customer_id", "day:year"])
    assert first == {
        "state": "d", "state_count": 2, "__domain": [("state", "=", "d")],
        "__context": {"group_by": ["customer_id", "day:year"]},
    }  # fmt: skip


def test_an_eager_call_groups_by_all_levels_and_joins_the_domains(env: Environment) -> None:
    groups = read_group(env, [["quantity", ">", 1]], [], ["day:year", "customer_id"], lazy=False)
    assert column(groups, "day:year", "customer_id", "__count") == [
        ("2024", False, 1), ("2024", [2, "Two"], 1), ("2024", [1, "One"], 1), ("2025", [2, "Two"], 1),
    ]  # fmt: skip
    assert groups[1]["__domain"] == [
        "&", "&", ("quantity", ">", 1), "&", ("day", ">=", "2024-01-01"), ("day", "<", "2025-01-01"),
        ("customer_id", "=", 2),
    ]  # fmt: skip


def test_groupby_may_be_one_name(env: Environment) -> None:
    assert column(read_group(env, [], [], "state"), "state_count") == [2, 3, 1]


def test_a_group_by_id_shows_the_name_of_the_record(env: Environment) -> None:
    assert read_group(env, [], ["id"], ["id"], limit=1) == [
        {"id": [1, "S0"], "id_count": 1, "__domain": [("id", "=", 1)]}
    ]


def test_archived_records_are_left_out_as_in_search(env: Environment) -> None:
    env["shop.tag"].browse(1).write({"active": False})
    assert column(env["shop.tag"].call("read_group", [], [], ["active"]), "active") == [True]
    every = env["shop.tag"].with_context(active_test=False).call("read_group", [], [], ["active"])
    assert column(every, "active", "active_count") == [(False, 1), (True, 1)]


# -- keys


def test_a_record_counts_in_each_group_of_a_many2many(env: Environment) -> None:
    groups = read_group(env, [], ["quantity"], ["tag_ids"])
    assert column(groups, "tag_ids", "tag_ids_count", "quantity") == [
        ([1, "Red"], 2, 3), ([2, "Blue"], 2, 6), (False, 3, 8),
    ]  # fmt: skip
    assert groups[0]["__domain"] == [("tag_ids", "=", 1)]
    assert groups[2]["__domain"] == [("tag_ids", "not any", [(1, "=", 1)])]


def test_an_archived_tag_still_has_its_group(env: Environment) -> None:
    env["shop.tag"].browse(1).write({"active": False})
    assert column(read_group(env, [], [], ["tag_ids"]), "tag_ids") == [[1, "Red"], [2, "Blue"], False]


def test_a_many2one_comes_in_the_order_of_its_model(env: Environment) -> None:
    # which is by rank downwards, so that no customer comes first
    assert column(read_group(env, [], [], ["customer_id"]), "customer_id") == [False, [2, "Two"], [1, "One"]]


def test_a_missing_boolean_counts_as_false(env: Environment) -> None:
    env["shop.sale"].create({"name": "S6"})
    assert column(read_group(env, [], [], ["paid"]), "paid", "paid_count") == [(False, 4), (True, 3)]


def test_an_inherited_field_groups_by_the_parents_value(env: Environment) -> None:
    env["shop.sale.detail"].create([{"name": "A", "size": 2}, {"name": "A", "size": 3}, {"name": "B", "size": 4}])
    groups = env["shop.sale.detail"].call("read_group", [], ["size", "quantity"], ["name"])
    assert column(groups, "name", "size", "quantity") == [("A", 5, 2), ("B", 4, 1)]


# -- aggregates


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("amount:sum", 118.25),
        ("amount:avg", 39.416666666666664),
        ("quantity:avg", 10 / 3),
        ("quantity:min", 1),
        ("quantity:max", 5),
        ("name:max", "S5"),
        ("day:min", "2024-01-05"),
        ("quantity:count", 3),
        ("customer_id:count", 2),
        ("customer_id:count_distinct", 2),
        ("paid:bool_and", False),
        ("paid:bool_or", True),
        ("quantity:array_agg", [1, 4, 5]),
        ("customer_id:array_agg", [1, 2, None]),
        ("customer_id:recordset", "shop.customer(1, 2)"),
    ],
)
def test_an_aggregate_over_a_group(env: Environment, spec: str, expected: Any) -> None:
    groups = read_group(env, [["state", "=", "n"]], [spec], ["state"])
    assert column(groups, spec.split(":")[0]) == [expected]


def test_an_alias_names_the_aggregate(env: Environment) -> None:
    groups = read_group(env, [], ["total:sum(amount)", "top:max(amount)", "again:sum(amount)"], ["paid"])
    assert column(groups, "total", "top", "again") == [(120.0, 100.0, 120.0), (23.5, 10.5, 23.5)]


def test_fields_that_cannot_be_added_up_are_left_out(env: Environment) -> None:
    (group,) = read_group(env, [], ["name", "tripled", "state", "id", "__count", "quantity"], [])
    assert set(group) == {"__count", "quantity", "__domain"}


def test_a_decimal_field_is_added_up_exactly_and_a_float_as_it_comes(env: Environment) -> None:
    env["shop.sale"].create([{"name": "X", "price": value, "amount": value} for value in (0.1, 0.2, 0.3)])
    (group,) = read_group(env, [["name", "=", "X"]], ["price", "amount"], [])
    assert (group["price"], group["amount"]) == (0.6, 0.6000000000000001)


def test_aggregates_of_nothing_are_false_zero_and_an_empty_list(env: Environment) -> None:
    fields = ["quantity", "amount:count", "all:array_agg(quantity)"]
    for domain in ([["id", "<", 0]], [["id", "in", []]]):
        assert read_group(env, domain, fields, []) == [
            {"__count": 0, "quantity": False, "amount": 0, "all": [], "__domain": domain}
        ]
        assert read_group(env, domain, fields, ["state"]) == []


def test_missing_numbers_do_not_count(env: Environment) -> None:
    env["shop.sale"].create([{"name": "M", "state": "d"}, {"name": "M", "state": "d", "amount": 4}])
    (group,) = read_group(env, [["name", "=", "M"]], ["amount:avg", "n:count(amount)", "day:max"], ["state"])
    assert (group["amount"], group["n"], group["day"]) == (4.0, 1, False)


# -- periods


@pytest.mark.parametrize(
    ("spec", "labels", "first"),
    [
        ("day", ["January 2024", "February 2024", "February 2025", False], ("2024-01-01", "2024-02-01")),
        ("day:year", ["2024", "2025", False], ("2024-01-01", "2025-01-01")),
        ("day:quarter", ["Q1 2024", "Q1 2025", False], ("2024-01-01", "2024-04-01")),
        ("day:week", ["W1 2024", "W3 2024", "W5 2024", "W9 2024", "W6 2025", False], ("2023-12-31", "2024-01-07")),
        ("day:day", ["05 Jan 2024", "20 Jan 2024", "01 Feb 2024", "29 Feb 2024", "03 Feb 2025", False],
         ("2024-01-05", "2024-01-06")),
        ("at:hour", ["10:00 05 Jan", "11:00 20 Jan", "12:00 01 Feb", "08:00 29 Feb", "12:00 03 Feb", False],
         ("2024-01-05 10:00:00", "2024-01-05 11:00:00")),
    ],
)  # fmt: skip
def test_periods_have_labels_and_bounds(env: Environment, spec: str, labels: list[Any], first: tuple[str, str]) -> None:
    groups = read_group(env, [], [], [spec])
    assert column(groups, spec) == labels
    name = spec.split(":")[0]
    assert groups[0]["__range"] == {spec: {"from": first[0], "to": first[1]}}
    assert groups[0]["__domain"] == ["&", (name, ">=", first[0]), (name, "<", first[1])]
    assert groups[-1]["__range"] == {spec: False}
    assert groups[-1]["__domain"] == [(name, "=", False)]


def test_datetimes_are_grouped_in_the_time_zone_of_the_context(env: Environment) -> None:
    brussels = env.with_context(tz="Europe/Brussels")
    groups = read_group(brussels, [["at", "<", "2024-03-01"]], [], ["at:day"])
    assert column(groups, "at:day") == ["05 Jan 2024", "21 Jan 2024", "01 Feb 2024", "29 Feb 2024"]
    assert groups[1]["__range"]["at:day"] == {"from": "2024-01-20 23:00:00", "to": "2024-01-21 23:00:00"}
    (quarter, *_) = read_group(brussels, [], [], ["at:quarter"])
    assert quarter["__range"]["at:quarter"] == {"from": "2023-12-31 23:00:00", "to": "2024-03-31 22:00:00"}


def test_an_unknown_time_zone_means_utc(env: Environment) -> None:
    groups = read_group(env.with_context(tz="Mars/Olympus"), [], [], ["at:day"], limit=2)
    assert column(groups, "at:day") == ["05 Jan 2024", "20 Jan 2024"]


@pytest.mark.parametrize(
    ("granularity", "french", "other"),
    [
        ("month", "février 2024", "February 2024"),
        ("day", "05 févr. 2024", "05 Feb 2024"),
        ("quarter", "T1 2024", "Q1 2024"),
        ("week", "W6 2024", "W6 2024"),
    ],
)
def test_the_label_of_a_period_is_in_the_language(granularity: str, french: str, other: str) -> None:
    at = datetime(2024, 2, 5)
    assert [periods.Periods(granularity, False, lang=lang).label(at) for lang in ("fr_BE", "sv_SE")] == [french, other]


def test_weeks_begin_as_the_language_says(env: Environment) -> None:
    groups = read_group(env.with_context(lang="de_DE"), [], [], ["day:week"], limit=1)
    assert groups[0]["__range"]["day:week"] == {"from": "2024-01-01", "to": "2024-01-08"}
    assert groups[0]["day:week"] == "W1 2024"


@pytest.mark.parametrize(
    ("day", "sunday", "monday"),
    [
        ((2024, 12, 29), (2025, 1), (2024, 52)),
        ((2023, 12, 24), (2023, 52), (2023, 51)),
        ((2021, 1, 2), (2021, 1), (2020, 53)),
    ],
)
def test_the_number_of_a_week(day: tuple[int, int, int], sunday: tuple[int, int], monday: tuple[int, int]) -> None:
    start = datetime(*day)
    assert periods.week_number(start.date(), periods.SUNDAY) == sunday
    assert periods.week_number(start.date(), 0) == monday


def test_a_repeated_or_skipped_hour_counts_as_standard_time() -> None:
    zone = ZoneInfo("Europe/Brussels")
    assert periods.to_utc(datetime(2024, 10, 27, 2, 30), zone) == datetime(2024, 10, 27, 1, 30)
    assert periods.to_utc(datetime(2024, 3, 31, 2, 30), zone) == datetime(2024, 3, 31, 1, 30)


# -- order and slices


@pytest.mark.parametrize(
    ("orderby", "states"),
    [
        ("state desc", [False, "n", "d"]),
        ("state desc nulls last", ["n", "d", False]),
        ("quantity desc", ["n", "d", False]),
        ("quantity", [False, "d", "n"]),
        ("state_count desc, state", ["n", "d", False]),
        ("__count asc", [False, "d", "n"]),
        ("amount:max desc", ["n", "d", False]),
    ],
)
def test_groups_are_ordered_by_keys_and_aggregates(env: Environment, orderby: str, states: list[Any]) -> None:
    assert column(read_group(env, [], ["quantity"], ["state"], orderby=orderby), "state") == states


def test_an_order_by_a_date_means_its_periods(env: Environment) -> None:
    groups = read_group(env, [], [], ["day:year"], orderby="day desc")
    assert column(groups, "day:year") == [False, "2025", "2024"]


def test_a_many2one_is_ordered_backwards_too(env: Environment) -> None:
    groups = read_group(env, [], [], ["customer_id"], orderby="customer_id desc")
    assert column(groups, "customer_id") == [[1, "One"], [2, "Two"], False]


def test_offset_and_limit_cut_the_groups(env: Environment) -> None:
    assert column(read_group(env, [], [], ["state"], offset=1), "state") == ["n", False]
    assert column(read_group(env, [], [], ["state"], limit=1), "state") == ["d"]
    assert column(read_group(env, [], [], ["state"], 1, 1), "state") == ["n"]


# -- errors


@pytest.mark.parametrize(
    ("fields", "groupby", "text"),
    [
        (["nope"], ["state"], "Invalid field 'nope' on model 'shop.sale'"),
        (["nope:sum"], ["state"], "Invalid field 'nope' on model 'shop.sale' for 'nope:sum'."),
        ([], ["nope"], "Invalid field 'nope' on model 'shop.sale'"),
        (["quantity:nope"], ["state"], "Invalid aggregate method 'nope' for 'quantity:nope'."),
        (["tripled:sum"], [], "Cannot convert field shop.sale.tripled to SQL"),
        ([], ["tripled"], "Cannot convert field shop.sale.tripled to SQL"),
        ([], ["picture"], "Cannot convert field shop.sale.picture to SQL"),
        ([], ["name:month"], "Granularity set on a no-datetime field or property: 'name:month'"),
        ([], ["day:decade"], "Granularity specification isn't correct: 'decade'"),
        ([], ["notes"], "You must choose the property you want to group by."),
        ([], ["name.x"], "Property name 'x' has to be used on a property field."),
        ([""], [], "Invalid field specification ''."),
        (["quantity:recordset"], [],
         "Aggregate method 'recordset' can be only used on relational field (or id) (for 'quantity:recordset')."),
    ],
)  # fmt: skip
def test_what_is_unknown_or_not_stored_is_refused(
    env: Environment, fields: list[str], groupby: list[str], text: str
) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        read_group(env, [], fields, groupby)


def test_a_specification_that_cannot_be_read_is_refused(env: Environment) -> None:
    with pytest.raises(ValueError, match="Invalid aggregate/groupby specification 'a b'"):
        read_group(env, [], [], ["a b"])


@pytest.mark.parametrize("orderby", ["amount", "nope desc", "quantity:nope"])
def test_an_order_by_what_is_not_in_the_answer_is_refused(env: Environment, orderby: str) -> None:
    with pytest.raises(ValueError, match=r"Order term .* is not a valid aggregate nor valid groupby"):
        read_group(env, [], ["quantity"], ["state"], orderby=orderby)


def test_an_order_that_cannot_be_read_is_refused(env: Environment) -> None:
    with pytest.raises(ValueError, match=r"Invalid order 'state sideways' for _read_group\(\)"):
        read_group(env, [], [], ["state"], orderby="state sideways")


@pytest.mark.parametrize("spec", ["name:sum", "paid:max", "quantity:bool_and", "day:avg"])
def test_the_database_has_no_such_function_for_the_type(env: Environment, spec: str) -> None:
    with pytest.raises(DatabaseError, match="does not exist") as error:
        read_group(env, [], [spec], [])
    assert error.value.name == "errors.UndefinedFunction"


def test_dates_have_no_hours(env: Environment) -> None:
    with pytest.raises(AttributeError, match=r"'datetime\.date' object has no attribute 'hour'"):
        read_group(env, [], [], ["day:hour"])


def test_a_domain_must_be_a_list(env: Environment) -> None:
    with pytest.raises(AssertionError, match="Domains to normalize"):
        read_group(env, None, [], [])


# -- groups of periods without records


def filled(env: Environment, wanted: Any, *args: Any, **kwargs: Any) -> list[Any]:
    groups = read_group(env.with_context(fill_temporal=wanted), *args, **kwargs)
    return column(groups, "day:month", "day_count")


def test_empty_months_between_bounds(env: Environment) -> None:
    nothing = [("id", "=", 0)]
    bounds = {"fill_from": "2024-01-15", "fill_to": "2024-03-01"}
    assert filled(env, bounds, nothing, [], ["day:month"]) == [
        ("January 2024", 0), ("February 2024", 0), ("March 2024", 0),
    ]  # fmt: skip
    assert filled(env, {"fill_from": "2024-11-01", "min_groups": 2}, nothing, [], ["day:month"]) == [
        ("November 2024", 0), ("December 2024", 0),
    ]  # fmt: skip
    assert filled(env, True, nothing, [], ["day:month"]) == []


def test_what_fill_temporal_refuses(env: Environment) -> None:
    with pytest.raises(TypeError, match=r"_read_group_fill_temporal\(\) got an unexpected keyword argument 'until'"):
        filled(env, {"until": "2024-01-01"}, [], [], ["day:month"])
    with pytest.raises(TypeError, match=r"can't compare datetime\.datetime to datetime\.date"):
        filled(env, {"fill_from": "2024-01-01"}, [], [], ["at:month"])


# -- groups that are counted by columns


@pytest.mark.parametrize("name", ["state", "customer_id", "quantity", "paid", "name"])
@pytest.mark.parametrize("direction", ["", " desc"])
@pytest.mark.parametrize("by", ["", "__count", "amount:sum", "amount:max", "quantity:sum"])
def test_counted_groups_are_in_the_order_of_any_others(
    env: Environment, monkeypatch: pytest.MonkeyPatch, name: str, direction: str, by: str
) -> None:
    orderby = ", ".join([*([by + direction] if by else []), name + direction])
    scanned = read_group(env, [], [name], [name], orderby=orderby)
    monkeypatch.setattr(view, "SMALL", 1)
    for _ in range(3):  # the column is built by the second search that asks for it
        assert read_group(env, [], [name], [name], orderby=orderby) == scanned
    assert env.db.store.view("shop.sale") is not None
