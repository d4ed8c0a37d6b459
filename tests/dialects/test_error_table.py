"""The table in `errors.py`: every error class through every dialect of every profile, and the right code."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from mockserver.profiles import PROFILES
from tests.dialects.wire import DB, PASSWORD, Wire, call

# error → fault code of /xmlrpc/2 before and since 14, class in JSON, status of JSON-2, exception_type until 13
ROWS: dict[str, tuple[int, int, str, int, str]] = {
    "UserError": (2, 2, "{}.exceptions.UserError", 422, "user_error"),
    "RedirectWarning": (2, 2, "{}.exceptions.RedirectWarning", 422, "warning"),
    "MissingError": (2, 2, "{}.exceptions.MissingError", 404, "missing_error"),
    "AccessError": (4, 4, "{}.exceptions.AccessError", 403, "access_error"),
    "AccessDenied": (3, 3, "{}.exceptions.AccessDenied", 403, "access_denied"),
    "ValidationError": (1, 2, "{}.exceptions.ValidationError", 422, "validation_error"),
    "KeyError": (1, 1, "builtins.KeyError", 500, "internal_error"),
    "ValueError": (1, 1, "builtins.ValueError", 500, "internal_error"),
}
Wires = Callable[[str], Wire]


def fault(wire: Wire, name: str, path: str) -> Any:
    params: tuple[Any, ...] = (DB, wire.uid, PASSWORD, "res.partner", "wire_fail", [name], {})
    return wire.xmlrpc("object", "execute_kw", params, path)


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("profile", PROFILES)
def test_xmlrpc_has_the_code_of_the_table(wires: Wires, profile: str, name: str) -> None:
    old, new = ROWS[name][:2]
    expected = old if PROFILES[profile].generation < 14 else new
    got = fault(wires(profile), name, "/xmlrpc/2/")
    assert got.faultCode == expected
    assert got.faultString.startswith("Traceback") is (expected == 1)


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("dialect", ["jsonrpc", "web"])
@pytest.mark.parametrize("profile", PROFILES)
def test_json_rpc_has_the_code_and_the_class_of_the_table(wires: Wires, profile: str, dialect: str, name: str) -> None:
    got = call(wires(profile), dialect, "res.partner", "wire_fail", [name], {})
    assert got.code == (0 if PROFILES[profile].generation >= 19 else 200)
    assert got.name == ROWS[name][2].format(PROFILES[profile].package)


@pytest.mark.parametrize("name", ROWS)
def test_json_2_has_the_status_of_the_table(wires: Wires, name: str) -> None:
    answer = wires("odoo-19.0").json2("res.partner", "wire_fail", {"name": name})
    assert answer.status == ROWS[name][3]
    assert answer.json()["name"] == ROWS[name][2].format("odoo")
    assert list(answer.json()) == ["name", "message", "arguments", "context", "debug"]


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("profile", ["odoo-11.0", "odoo-13.0", "flectra-1.6", "flectra-2.0", "cloudoffix-11.0"])
def test_until_13_an_error_tells_its_kind(wires: Wires, profile: str, name: str) -> None:
    wire = wires(profile)
    params = [DB, wire.uid, PASSWORD, "res.partner", "wire_fail", [name], {}]
    assert wire.rpc("object", "execute_kw", params)["error"]["data"]["exception_type"] == ROWS[name][4]


# error → (message, arguments) in JSON, text on /xmlrpc/2, code on /xmlrpc: until 13
OLD: dict[str, tuple[str, list[Any], str, str]] = {
    "UserError": ("Böse & <schlecht>\n", ["Böse & <schlecht>", ""], "Böse & <schlecht>",
                  "warning -- Böse & <schlecht>\n\n"),
    "AccessError": ("no\nNone", ["no", None], "('no', None)", "warning -- AccessError\n\n('no', None)"),
    "MissingError": ("gone\nNone", ["gone", None], "('gone', None)", "warning -- MissingError\n\n('gone', None)"),
    "AccessDenied": ("Access denied", ["Access denied"], "Access denied", "AccessDenied"),
    "RedirectWarning": ("go\n42\nThere", ["go", 42, "There"], "('go', 42, 'There')",
                        "warning -- Warning\n\n('go', 42, 'There')"),
    "ValidationError": ("bad\nworse\nNone", ["bad\nworse", None], "", "bad\nworse\nNone"),
}  # fmt: skip
NEW: dict[str, tuple[str, list[Any], str, str]] = {
    "UserError": ("Böse & <schlecht>", ["Böse & <schlecht>"], "Böse & <schlecht>",
                  "warning -- UserError\n\nBöse & <schlecht>"),
    "AccessError": ("no", ["no"], "no", "warning -- AccessError\n\nno"),
    "MissingError": ("gone", ["gone"], "gone", "warning -- MissingError\n\ngone"),
    "AccessDenied": ("Access Denied", ["Access Denied"], "Access Denied", "AccessDenied"),
    "RedirectWarning": ("go\n42\nThere\nNone", ["go", 42, "There", None], "('go', 42, 'There', None)",
                        "warning -- Warning\n\n('go', 42, 'There', None)"),
    "ValidationError": ("bad\nworse", ["bad\nworse"], "bad\nworse", "warning -- UserError\n\nbad\nworse"),
}  # fmt: skip


@pytest.mark.parametrize("name", OLD)
@pytest.mark.parametrize("profile", PROFILES)
def test_the_texts_are_those_of_the_generation(wires: Wires, profile: str, name: str) -> None:
    wire = wires(profile)
    message, arguments, text, code = (OLD if PROFILES[profile].generation < 14 else NEW)[name]
    params = [DB, wire.uid, PASSWORD, "res.partner", "wire_fail", [name], {}]
    data = wire.rpc("object", "execute_kw", params)["error"]["data"]
    assert (data["message"], data["arguments"]) == (message, arguments)
    if text:
        assert fault(wire, name, "/xmlrpc/2/").faultString == text
    else:
        last = fault(wire, name, "/xmlrpc/2/").faultString.splitlines()[-1]
        assert last == f"{PROFILES[profile].package}.exceptions.ValidationError: ('bad\\nworse', None)"
    assert fault(wire, name, "/xmlrpc/").faultCode == code


@pytest.mark.parametrize(
    ("profile", "keys"),
    [
        ("odoo-11.0", ["name", "debug", "message", "arguments", "exception_type"]),
        ("odoo-13.0", ["name", "debug", "message", "arguments", "exception_type"]),
        ("odoo-14.0", ["name", "debug", "message", "arguments", "context"]),
        ("odoo-18.0", ["name", "debug", "message", "arguments", "context"]),
        ("odoo-19.0", ["name", "message", "arguments", "context", "debug"]),
        ("flectra-1.6", ["name", "debug", "message", "arguments", "exception_type"]),
    ],
)
def test_an_error_object_has_the_keys_of_the_generation_in_its_order(
    wires: Wires, profile: str, keys: list[str]
) -> None:
    error = wires(profile).rpc("common", "nope", [])["error"]
    assert list(error) == ["code", "message", "data"]
    assert list(error["data"]) == keys
    assert json.dumps(error["message"]) == json.dumps(f"{PROFILES[profile].brand} Server Error")
