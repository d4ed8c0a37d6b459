"""One table of calls through every dialect: the same value, or the same error as that wire shows it."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.errors import AccessDenied, AccessError, MissingError, RedirectWarning, UserError, ValidationError
from tests.dialects.wire import DIALECTS, Wire, call, expected

CALLS: list[tuple[str, list[Any], dict[str, Any], Any]] = [
    ("wire_echo", [7], {}, 7),
    ("wire_echo", [], {"value": "Grüße & <Küsse>"}, "Grüße & <Küsse>"),
    ("wire_echo", [[]], {}, []),
    ("wire_echo", [{}], {}, {}),
    ("wire_echo", [True], {"context": {"lang": "en_US"}}, True),
    ("wire_echo", [[1, [2.5, {"a": {"b": [False, ""]}}]]], {}, [1, [2.5, {"a": {"b": [False, ""]}}]]),
    ("wire_echo", ["  spaces\nand\ttabs "], {}, "  spaces\nand\ttabs "),
    ("wire_awkward", ["tuple"], {}, [1, "x"]),
    ("wire_awkward", ["bytes"], {}, "Grüße"),
    ("wire_awkward", ["date"], {}, ["2024-02-29", "2024-02-29 13:05:00"]),
    ("wire_fail", ["UserError"], {}, UserError("Böse & <schlecht>")),
    ("wire_fail", ["AccessError"], {}, AccessError("no")),
    ("wire_fail", ["AccessDenied"], {}, AccessDenied()),
    ("wire_fail", ["MissingError"], {}, MissingError("gone")),
    ("wire_fail", ["ValidationError"], {}, ValidationError("bad\nworse")),
    ("wire_fail", ["RedirectWarning"], {}, RedirectWarning("go", 42, "There")),
    ("wire_fail", ["KeyError"], {}, KeyError("name")),
    ("wire_fail", ["ValueError"], {}, ValueError("wrong", 3)),
    ("no_such_method", [[]], {}, AttributeError("The method 'res.partner.no_such_method' does not exist")),
    ("_search", [[]], {}, AccessError("Private methods (such as 'res.partner._search') cannot be called remotely.")),
    ("__init__", [], {}, AccessError("Private methods (such as 'res.partner.__init__') cannot be called remotely.")),
    ("init", [], {}, AccessError("Private methods (such as 'res.partner.init') cannot be called remotely.")),
    (
        "wire_echo",
        [1, 2],
        {},
        TypeError("WireMethods.wire_echo() takes from 1 to 2 positional arguments but 3 were given"),
    ),
    ("wire_echo", [], {"bogus": 1}, TypeError("WireMethods.wire_echo() got an unexpected keyword argument 'bogus'")),
    ("wire_fail", [], {}, TypeError("WireMethods.wire_fail() missing 1 required positional argument: 'name'")),
]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(("method", "args", "kwargs", "outcome"), CALLS, ids=lambda value: str(value)[:40])
def test_every_dialect_gives_the_same_outcome(
    wire: Wire, dialect: str, method: str, args: list[Any], kwargs: dict[str, Any], outcome: Any
) -> None:
    got = call(wire, dialect, "res.partner", method, args, kwargs)
    assert got == (expected(outcome, dialect) if isinstance(outcome, Exception) else outcome)


RECORDS: list[tuple[str, list[Any], dict[str, Any], Any]] = [
    ("search", [[["login", "=", "admin"]]], {}, [2]),
    ("search", [], {"domain": [["login", "=", "admin"]], "limit": 1, "context": {"active_test": False}}, [2]),
    ("search_count", [[["id", "<", 0]]], {}, 0),
    ("read", [[2], ["login"]], {}, [{"id": 2, "login": "admin"}]),
    ("read", [2], {"fields": ["login"]}, [{"id": 2, "login": "admin"}]),
    ("exists", [[2, 99999999]], {}, [2]),
    ("search", [], {}, TypeError("BaseModel.search() missing 1 required positional argument: 'domain'")),
]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(("method", "args", "kwargs", "outcome"), RECORDS, ids=lambda value: str(value)[:40])
def test_every_dialect_reads_the_same_records(
    wire: Wire, dialect: str, method: str, args: list[Any], kwargs: dict[str, Any], outcome: Any
) -> None:
    got = call(wire, dialect, "res.users", method, args, kwargs)
    assert got == (expected(outcome, dialect) if isinstance(outcome, Exception) else outcome)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_create_gives_an_id_for_a_dict_and_ids_for_a_list(wire: Wire, dialect: str) -> None:
    one = call(wire, dialect, "res.partner", "create", [{"name": "One"}], {})
    many = call(wire, dialect, "res.partner", "create", [[{"name": "Two"}, {"name": "Three"}]], {})
    copy = call(wire, dialect, "res.partner", "copy", [one], {})
    names = call(wire, dialect, "res.partner", "read", [[one, *many], ["name"]], {})
    assert [row["name"] for row in names] == ["One", "Two", "Three"]
    assert isinstance(copy, int)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_record_method_without_arguments_misses_its_ids(wire: Wire, dialect: str) -> None:
    # the web route hands its list on; the RPC service makes a tuple of it
    text = "list index out of range" if dialect == "web" else "tuple index out of range"
    assert call(wire, dialect, "res.users", "read", [], {}) == expected(IndexError(text), dialect)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_create_with_keywords_only_fails_after_the_method_and_leaves_nothing(wire: Wire, dialect: str) -> None:
    text = "list index out of range" if dialect == "web" else "tuple index out of range"
    got = call(wire, dialect, "res.partner", "create", [], {"vals_list": [{"name": "Nobody at all"}]})
    assert got == expected(IndexError(text), dialect)
    assert call(wire, dialect, "res.partner", "search_count", [[["name", "=", "Nobody at all"]]], {}) == 0


@pytest.mark.parametrize("dialect", ["xmlrpc 2", "xmlrpc 1", "jsonrpc"])
def test_an_unknown_model_is_a_user_error_over_rpc(wire: Wire, dialect: str) -> None:
    got = call(wire, dialect, "no.such.model", "search", [[]], {})
    assert got == expected(UserError("Object no.such.model doesn't exist"), dialect)


def test_an_unknown_model_is_a_key_error_over_the_web_route(wire: Wire) -> None:
    assert call(wire, "web", "no.such.model", "search", [[]], {}) == expected(KeyError("no.such.model"), "web")
