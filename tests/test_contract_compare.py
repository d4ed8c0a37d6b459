"""Where two outcomes differ."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.contract.compare import Difference, across_protocols, differences
from mockserver.contract.labels import Labels
from mockserver.contract.live.connection import Answer
from mockserver.contract.normal import Normaliser
from mockserver.contract.paths import value_at
from mockserver.contract.replay import bound_value


def places(expected: Any, got: Any, **options: Any) -> list[tuple[str, Any, Any]]:
    found = differences({"result": expected}, {"result": got}, **options)
    return [(item.path, item.expected, item.got) for item in found]


@pytest.mark.parametrize("value", [None, False, 0, "", [], {}, 1.5, "é", [1, [2, {"a": None}]], {"a": {"b": [1]}}])
def test_equal_values_have_no_difference(value: Any) -> None:
    assert places(value, value) == []


@pytest.mark.parametrize(
    ("one", "other"), [(1, True), (1, 1.0), (0, False), ("1", 1), (None, False), ([], {}), ([1], [True])]
)
def test_json_types_differ(one: Any, other: Any) -> None:
    assert places(one, other) == [("result", one, other)]
    assert places(other, one) == [("result", other, one)]


def test_a_difference_is_told_at_its_field() -> None:
    expected = [{"id": "a", "name": "Anna", "tags": [1, 2]}, {"id": "b", "name": "Berta", "tags": []}]
    got = [{"id": "a", "name": "Anna", "tags": [2, 1]}, {"id": "b", "name": "Bert", "more": 1}]
    assert places(expected, got) == [
        ("result.0.tags", [1, 2], [2, 1]),
        ("result.1.name", "Berta", "Bert"),
        ("result.1.tags", [], "<absent>"),
        ("result.1.more", "<absent>", 1),
    ]


def test_a_record_that_is_missing_is_told_alone() -> None:
    records = [{"id": name} for name in "abcde"]
    assert places(records, records[:2] + records[3:]) == [("result.2", {"id": "c"}, "<absent>")]
    assert places(records[1:], records) == [("result.0", "<absent>", {"id": "a"})]


def test_an_error_in_place_of_a_result_is_one_difference() -> None:
    error = {"error": {"code": 200, "message": "Odoo Server Error", "name": "builtins.KeyError", "text": "'x'"}}
    assert differences({"result": [1]}, error) == [Difference("result", {"result": [1]}, error)]
    assert differences(error, {"result": [1]}) == [Difference("error", error, {"result": [1]})]
    assert differences(error, {"unbound": "a"}) == [Difference("error", error, {"unbound": "a"})]


def test_any_error_will_do_for_that_of_a_database_driver() -> None:
    leaked = {"error": {"code": 200, "name": "psycopg2.errors.NotNullViolation", "text": "null value in column"}}
    assert differences(leaked, {"error": {"name": "odoo.exceptions.ValidationError"}}) == []
    assert len(differences(leaked, {"result": 1})) == 1
    fault = {"fault": {"code": 1, "text": "psycopg2.errors.X: y"}}
    assert differences(fault, {"fault": {"code": 2, "text": "z"}}) == []
    assert len(differences(fault, {"result": 1})) == 1


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("write_date", ["result.0.name", "result.1.name", "status"]),
        ("result.*.write_date", ["result.0.name", "result.1.name", "status"]),
        ("result.0", ["result.1.name", "result.1.write_date", "status"]),
        ("result", ["status"]),
        ("name", ["result.0.write_date", "result.1.write_date", "status"]),
        ("*.*.name", ["result.0.write_date", "result.1.write_date", "status"]),
        ("0.name", ["result.0.name", "result.0.write_date", "result.1.name", "result.1.write_date", "status"]),
    ],
)
def test_what_is_ignored_is_no_difference(pattern: str, left: list[str]) -> None:
    expected = {"result": [{"name": "a", "write_date": 1}, {"name": "b", "write_date": 1}], "status": 200}
    got = {"result": [{"name": "x", "write_date": 2}, {"name": "y"}], "status": 201}
    assert [item.path for item in differences(expected, got, [pattern])] == left


def test_an_answer_may_hold_more_where_the_contract_says_so() -> None:
    expected = [{"name": "a"}, {"name": "b"}]
    got = [{"name": "a", "new": 1}, {"name": "b", "new": 1}, {"name": "c", "new": 1}]
    assert places(expected, got[:2], at_least=True) == []
    assert places(got, expected, at_least=True) != []
    assert places([{"name": "a"}, {"name": "z"}], got[:2], at_least=True) == [("result.1.name", "z", "b")]


@pytest.mark.parametrize(
    ("placeholder", "good", "bad"),
    [
        ("<any>", [None, 1, "x", [1]], []),
        ("<date>", ["2024-02-29"], ["29.2.2024", 1, "2024-02-29 00:00:00"]),
        ("<datetime>", ["2024-02-29 10:00:00", "2024-02-29T10:00:00Z", "<datetime>"], ["2024-02-29", False]),
        ("<token>", ["0123456789abcdef"], ["short", 12345678, False]),
    ],
)
def test_a_placeholder_matches_its_kind(placeholder: str, good: list[Any], bad: list[Any]) -> None:
    assert [value for value in good if places({"a": [placeholder]}, {"a": [value]})] == []
    assert [value for value in bad if not places({"a": placeholder}, {"a": value})] == []


def test_errors_are_alike_over_every_protocol() -> None:
    told = {"error": {"text": "Invalid field"}}
    jsonrpc = {
        "error": {"code": 200, "message": "Odoo Server Error", "name": "builtins.ValueError", "text": "Invalid field"}
    }
    assert across_protocols(jsonrpc) == told
    assert across_protocols({"fault": {"code": 1, "text": "ValueError: Invalid field"}}) == told
    assert across_protocols({"fault": {"code": 2, "text": "Invalid field"}}) == told
    assert across_protocols({"result": "<no result key>"}) == {"result": None}


# -- what is left of an answer


def test_a_path_leads_into_an_answer() -> None:
    payload = {"a": [{"b": 1}, {"b": {"c": None}}]}
    assert value_at(payload, "a.1.b.c") is None
    assert value_at(payload, "a.0.b.<type>") == "int"
    assert value_at(payload, "a.1.<keys>") == ["b"]
    assert value_at(payload, "a.2") == value_at(payload, "x") == value_at(None, "a") == "<absent>"


def test_what_later_steps_need_comes_from_body_header_or_cookie() -> None:
    headers = {"set-cookie": "session_id=abc; Path=/; HttpOnly", "x-token": "t"}
    answer = Answer(200, "application/json", b'{"data": {"id": 7}}', headers)
    assert bound_value(answer, "data.id") == 7
    assert bound_value(answer, "header:X-Token") == "t"
    assert bound_value(answer, "cookie:session_id") == "abc"
    assert bound_value(answer, "cookie:other") == bound_value(answer, "header:other") == "<absent>"


def normaliser() -> Normaliser:
    labels = Labels()
    labels.bind("anna", "res.partner", 7)
    labels.bind("be", "res.country", 7)
    many = {"type": "many2one", "relation": "res.country"}
    fields = {
        "res.partner": {
            "country_id": many,
            "create_uid": {"type": "many2one", "relation": "res.users"},
            "child_ids": {"type": "one2many", "relation": "res.partner"},
        }
    }
    return Normaliser(fields, labels)


@pytest.mark.parametrize(
    ("shape", "value", "left"),
    [
        ("raw", 7, 7),
        ("id:res.partner", 7, "anna"),
        ("id:res.partner", 8, "#?"),
        ("id:res.partner", 90_000_001, "#90000001"),
        ("id:res.partner", False, False),
        ("ids:res.country", [7, 8], ["be", "#?"]),
        ("idset:res.partner", [8, 7], ["#?", "anna"]),
        ("name:res.partner", [7, "Anna"], ["anna", "Anna"]),
        ("names:res.partner", [[7, "Anna"]], [["anna", "Anna"]]),
        ("created", 7, "<new>"),
        ("created", [7, 8], ["<new>", "<new>"]),
        ("type", [7], "list"),
        ("loaded", {"ids": [1, 2]}, {"ids": 2}),
        ("webrecords", {"records": [{"id": 1, "x": 2}]}, {"records": [{"x": 2}]}),
        (
            "groups:res.partner",
            [{"country_id": [7, "Belgium"], "n": 7}, None],
            [{"country_id": ["be", "Belgium"], "n": 7}, None],
        ),
        (
            "record:res.partner",
            {
                "id": 7,
                "country_id": [7, "B"],
                "create_uid": [2, "A"],
                "child_ids": [7],
                "write_date": "2024-01-01 00:00:00",
            },
            {
                "id": "anna",
                "country_id": ["be", "B"],
                "create_uid": "<user>",
                "child_ids": ["anna"],
                "write_date": "<datetime>",
            },
        ),
        ("records:res.partner", "no list", "no list"),
    ],
)
def test_ids_become_labels_as_the_shape_says(shape: str, value: Any, left: Any) -> None:
    assert normaliser().result(value, shape) == left


def test_an_odd_reply_is_an_outcome_too() -> None:
    normal = normaliser()
    assert normal.reply({"error": "no object"}, "raw")["error"]["message"] == "no object"
    assert normal.reply({}, "raw") == {"result": "<no result key>"}
    assert normal.reply({"fault": {"code": 1, "string": "Traceback:\n…\nKeyError: res.partner(7,)\n"}}, "raw") == {
        "fault": {"code": 1, "text": "KeyError: res.partner(anna)"}
    }
    assert normal.answer(Answer(200, "text/html", b"<p>"), "raw")["result"] == "<not json>"
