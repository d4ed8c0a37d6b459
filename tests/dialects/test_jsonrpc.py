from __future__ import annotations

import json
from typing import Any

import pytest

from tests.dialects.wire import DB, JSON, PASSWORD, UID, Wire

VERSION = {"service": "common", "method": "version", "args": []}


def error(envelope: dict[str, Any]) -> tuple[str, str]:
    assert "result" not in envelope
    data = envelope["error"]["data"]
    return data["name"], data["message"]


@pytest.mark.parametrize("id_", [7, "abc", None, 1.5, [1]])
def test_the_id_is_echoed_as_it_came(wire: Wire, id_: Any) -> None:
    answer = wire.json("/jsonrpc", {"jsonrpc": "1.0", "method": "whatever", "id": id_, "params": VERSION})
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json; charset=utf-8")
    envelope = answer.json()
    assert list(envelope) == ["jsonrpc", "id", "result"]
    assert (envelope["jsonrpc"], envelope["id"], envelope["result"]["server_serie"]) == ("2.0", id_, "17.0")


def test_a_missing_id_is_null(wire: Wire) -> None:
    assert wire.json("/jsonrpc", {"params": VERSION}).json()["id"] is None


@pytest.mark.parametrize("verb", ["POST", "PUT", "GET"])
@pytest.mark.parametrize("path", ["/jsonrpc", "/jsonrpc/"])
@pytest.mark.parametrize("content_type", [JSON, "application/json; charset=utf-8", "application/json-rpc"])
def test_any_verb_with_a_json_body_is_answered(wire: Wire, verb: str, path: str, content_type: str) -> None:
    assert wire.http(verb, path, json.dumps({"params": VERSION}), content_type).status == 200


@pytest.mark.parametrize("content_type", ["text/plain", "", "text/json", "application/x-www-form-urlencoded"])
def test_another_content_type_is_a_bad_request(wire: Wire, content_type: str) -> None:
    answer = wire.http("POST", "/jsonrpc", json.dumps({"params": VERSION}), content_type)
    assert (answer.status, answer.media_type) == (400, "text/html")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"{not json}", b"Invalid JSON data"),
        (b"", b"Invalid JSON data"),
        (b'{"id": ' + b"9" * 9000 + b"}", b"Invalid JSON data"),
        (b"[]", b"Invalid JSON-RPC data"),
        (b"5", b"Invalid JSON-RPC data"),
        (b"null", b"Invalid JSON-RPC data"),
    ],
)
def test_a_broken_body_is_a_bad_request(wire: Wire, body: bytes, text: bytes) -> None:
    answer = wire.http("POST", "/jsonrpc", body, JSON)
    assert (answer.status, answer.headers["Content-Type"], answer.body) == (400, "text/html; charset=utf-8", text)


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"service": "common", "method": "version"}, "RPC.jsonrpc() missing 1 required positional argument: 'args'"),
        ({"args": []}, "RPC.jsonrpc() missing 2 required positional arguments: 'service' and 'method'"),
        ({}, "RPC.jsonrpc() missing 3 required positional arguments: 'service', 'method', and 'args'"),
        ([], "RPC.jsonrpc() missing 3 required positional arguments: 'service', 'method', and 'args'"),
        (None, "'NoneType' object is not iterable"),
        ([1, 2], "cannot convert dictionary update sequence element #0 to a sequence"),
    ],
)
def test_wrong_params_are_type_errors(wire: Wire, params: Any, text: str) -> None:
    envelope = wire.json("/jsonrpc", {"id": 3, "params": params}).json()
    assert envelope["id"] == 3
    assert error(envelope) == ("builtins.TypeError", text)


def test_absent_params_are_none_at_all(wire: Wire) -> None:
    assert error(wire.json("/jsonrpc", {}).json())[1].startswith("RPC.jsonrpc() missing 3 required")


def test_unknown_params_are_dropped(wire: Wire) -> None:
    envelope = wire.json("/jsonrpc", {"params": {**VERSION, "context": {}, "bogus": 1}}).json()
    assert envelope["result"]["protocol_version"] == 1


def test_the_error_object_has_the_recorded_members(wire: Wire) -> None:
    envelope = wire.rpc("nope", "version", [])
    assert list(envelope) == ["jsonrpc", "id", "error"]
    assert envelope["error"] == {
        "code": 200,
        "message": "Odoo Server Error",
        "data": {
            "name": "builtins.KeyError",
            "debug": "Traceback (most recent call last):\n  (frames are not sent)\nKeyError: 'nope'\n",
            "message": "nope",
            "arguments": ["nope"],
            "context": {},
        },
    }


def test_a_method_that_returns_none_has_no_result_key(wire: Wire) -> None:
    envelope = wire.rpc("object", "execute", [DB, UID, PASSWORD, "res.partner", "wire_awkward", "none"])
    assert envelope == {"jsonrpc": "2.0", "id": 1}


def test_non_ascii_is_sent_unescaped(wire: Wire) -> None:
    params = {
        "service": "object",
        "method": "execute",
        "args": [DB, UID, PASSWORD, "res.partner", "wire_echo", "Grüße"],
    }
    assert "Grüße".encode() in wire.json("/jsonrpc", {"params": params}).body


@pytest.mark.parametrize("name", ["surrogate", "control"])
def test_any_text_comes_back_as_it_is(wire: Wire, name: str) -> None:
    from tests.dialects.conftest import AWKWARD

    envelope = wire.rpc("object", "execute", [DB, UID, PASSWORD, "res.partner", "wire_awkward", name])
    assert envelope["result"] == AWKWARD[name]


def test_int_keys_become_text_and_big_ints_travel(wire: Wire) -> None:
    args = [DB, UID, PASSWORD, "res.partner", "wire_awkward"]
    assert wire.rpc("object", "execute", [*args, "int keys"])["result"] == {"1": "x"}
    assert wire.rpc("object", "execute", [*args, "big"])["result"] == 2**31


def test_deep_nesting_is_answered_with_a_recursion_error(wire: Wire) -> None:
    body = '{"id": 1, "params": ' + "[" * 200_000 + "]" * 200_000 + "}"
    answer = wire.http("POST", "/jsonrpc", body, JSON)
    assert error(answer.json())[0] == "builtins.RecursionError"
    assert b"mockserver" not in answer.body


@pytest.mark.parametrize("service", ["session", "dataset", "page", "__class__", ""])
def test_only_the_three_services_can_be_reached(wire: Wire, service: str) -> None:
    assert error(wire.rpc(service, "authenticate", [])) == ("builtins.KeyError", service)


@pytest.mark.parametrize("service", [[], {}])
def test_a_service_that_is_no_text_is_a_type_error(wire: Wire, service: Any) -> None:
    assert error(wire.rpc(service, "version", []))[0] == "builtins.TypeError"


@pytest.mark.parametrize("method", [None, 5, [], {}])
@pytest.mark.parametrize("service", ["common", "db"])
def test_a_method_that_is_no_text_is_a_type_error(wire: Wire, service: str, method: Any) -> None:
    assert error(wire.rpc(service, method, []))[0] == "builtins.TypeError"


@pytest.mark.parametrize("method", ["__class__", "__init__", "service", "connect", "functions"])
@pytest.mark.parametrize("service", ["common", "db", "object"])
def test_names_of_ours_are_no_methods(wire: Wire, service: str, method: str) -> None:
    name, text = error(wire.rpc(service, method, [DB, UID, PASSWORD]))
    assert (name, text) in {
        ("builtins.Exception", f"Method not found: {method}"),
        ("builtins.KeyError", f"Method not found: {method}"),
        ("builtins.NameError", f"Method not available {method}"),
    }


def test_a_body_above_the_limit_is_refused_unread(wire: Wire) -> None:
    wire.app.max_body = 1000
    try:
        answer = wire.http("POST", "/jsonrpc", b"{" + b" " * 1000, JSON)
    finally:
        wire.app.max_body = 128 * 1024 * 1024
    assert (answer.status, answer.media_type) == (413, "text/html")


def test_ten_megabytes_travel(wire: Wire) -> None:
    text = "ä" * 5_000_000
    assert wire.rpc("object", "execute", [DB, UID, PASSWORD, "res.partner", "wire_echo", text])["result"] == text
