from __future__ import annotations

import xmlrpc.client
from typing import Any

import pytest

from mockserver.dialects.rpc import xmlrpc as dialect
from tests.dialects.conftest import AWKWARD
from tests.dialects.wire import DB, PASSWORD, UID, Wire, loads

VERSION = "<?xml version='1.0'?><methodCall><methodName>version</methodName></methodCall>"


def echo(wire: Wire, method: str, *args: Any) -> Any:
    return wire.xmlrpc("object", "execute_kw", (DB, UID, PASSWORD, "res.partner", method, list(args)))


def last_line(fault: xmlrpc.client.Fault) -> str:
    return fault.faultString.rstrip("\n").rpartition("\n")[2]


@pytest.mark.parametrize("content_type", ["text/xml", "application/json", "", "text/plain; charset=x"])
@pytest.mark.parametrize("path", ["/xmlrpc/2/common", "/xmlrpc/2/common/", "/xmlrpc/common", "/xmlrpc/common/"])
def test_version_answers_on_both_paths_whatever_the_content_type(wire: Wire, path: str, content_type: str) -> None:
    answer = wire.http("POST", path, VERSION, content_type)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert answer.body.startswith(b"<?xml version='1.0'?>\n<methodResponse>")
    assert loads(answer.body)["server_version_info"] == [17, 0, 0, "final", 0, ""]


@pytest.mark.parametrize("verb", ["GET", "HEAD", "PUT", "DELETE"])
def test_other_verbs_than_post_are_refused(wire: Wire, verb: str) -> None:
    answer = wire.http(verb, "/xmlrpc/2/common", "", "application/json")
    assert (answer.status, answer.media_type, answer.headers["Allow"]) == (405, "text/html", "OPTIONS, POST")


def test_options_tells_the_verbs(wire: Wire) -> None:
    answer = wire.http("OPTIONS", "/xmlrpc/2/common")
    assert (answer.status, answer.headers["Allow"], answer.body) == (200, "OPTIONS, POST", b"")


def test_another_generation_is_not_found(wire: Wire) -> None:
    answer = wire.http("POST", "/xmlrpc/3/common", VERSION, "text/xml")
    assert (answer.status, answer.media_type) == (404, "text/html")


def test_an_unknown_service_is_a_key_error(wire: Wire) -> None:
    fault = wire.xmlrpc("nope", "version", ())
    assert (fault.faultCode, last_line(fault)) == (1, "KeyError: 'nope'")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<not xml", "xml.parsers.expat.ExpatError: unclosed token: line 1, column 0"),
        ("", "xml.parsers.expat.ExpatError: no element found: line 1, column 0"),
        ("junk", "xml.parsers.expat.ExpatError: syntax error: line 1, column 0"),
    ],
)
def test_junk_is_a_fault_that_ends_in_the_parsers_error(wire: Wire, body: str, text: str) -> None:
    answer = wire.http("POST", "/xmlrpc/2/common", body, "text/xml")
    assert (answer.status, answer.media_type) == (200, "text/xml")
    with pytest.raises(xmlrpc.client.Fault) as caught:
        xmlrpc.client.loads(answer.body)
    assert (caught.value.faultCode, last_line(caught.value)) == (1, text)


def test_a_form_content_type_leaves_an_empty_document(wire: Wire) -> None:
    answer = wire.http("POST", "/xmlrpc/2/common", VERSION, "application/x-www-form-urlencoded")
    assert b"no element found" in answer.body


def test_an_entity_bomb_is_refused_at_its_doctype(wire: Wire) -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE x [<!ENTITY a0 "ha">{entities}]><methodCall><methodName>&a11;</methodName></methodCall>'
    answer = wire.http("POST", "/xmlrpc/2/common", bomb, "text/xml")
    assert b"ValueError: a DOCTYPE is not allowed" in answer.body


def test_deep_nesting_is_refused_with_the_limit_named(wire: Wire) -> None:
    depth = 100_000
    body = VERSION.replace(
        "</methodName>",
        "</methodName><params><param>" + "<value><array><data>" * depth + "</data></array></value>" * depth
        + "</param></params>",
    )  # fmt: skip
    answer = wire.http("POST", "/xmlrpc/2/common", body, "text/xml")
    assert b"ValueError: the request nests deeper than 200 levels" in answer.body


def test_a_call_without_a_method_name_is_a_type_error(wire: Wire) -> None:
    answer = wire.http("POST", "/xmlrpc/2/common", "<methodCall><params/></methodCall>", "text/xml")
    assert b'TypeError: can only concatenate str (not "NoneType") to str' in answer.body


def test_an_int_beyond_pythons_limit_is_a_fault(wire: Wire) -> None:
    body = VERSION.replace(
        "</methodName>", f"</methodName><params><param><value><int>{'9' * 9000}</int></value></param></params>"
    )
    answer = wire.http("POST", "/xmlrpc/2/common", body, "text/xml")
    assert b"ValueError: Exceeds the limit" in answer.body


@pytest.mark.parametrize("name", ["none", "deep none"])
def test_none_anywhere_in_the_answer_is_a_fault(wire: Wire, name: str) -> None:
    fault = echo(wire, "wire_awkward", name)
    assert fault.faultCode == 1
    assert last_line(fault) == "TypeError: cannot marshal None unless allow_none is enabled"


def test_none_in_the_request_is_accepted(wire: Wire) -> None:
    assert echo(wire, "wire_echo", False) is False
    assert last_line(echo(wire, "wire_echo", None)).startswith("TypeError: cannot marshal None")


@pytest.mark.parametrize("value", [2**31, -(2**31) - 1, 10**40])
def test_an_int_above_32_bits_is_an_overflow(value: int) -> None:
    with pytest.raises(OverflowError, match=r"^int exceeds XML-RPC limits$"):
        dialect.dumps([value])


def test_the_32_bit_limits_themselves_travel() -> None:
    assert xmlrpc.client.loads(dialect.dumps([2**31 - 1, -(2**31)]))[0][0] == [2**31 - 1, -(2**31)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("big", "OverflowError: int exceeds XML-RPC limits"),
        ("set", "TypeError: cannot marshal <class 'set'> objects"),
        ("int keys", "TypeError: dictionary key must be string"),
    ],
)
def test_what_xmlrpc_cannot_carry_is_a_fault(wire: Wire, name: str, text: str) -> None:
    fault = echo(wire, "wire_awkward", name)
    assert (fault.faultCode, last_line(fault)) == (1, text)


def test_characters_that_xml_cannot_carry_are_left_out(wire: Wire) -> None:
    assert echo(wire, "wire_awkward", "control") == "abc\td\ue000"
    assert echo(wire, "wire_awkward", "surrogate") == "xy"


def test_a_recordset_in_an_answer_is_refused(wire: Wire) -> None:
    with pytest.raises(TypeError, match=r"^cannot marshal <class 'odoo\.api\.res\.partner'> objects$"):
        dialect.dumps([wire.app.databases[DB].env(2)["res.partner"]])


def test_base64_and_dates_arrive_as_the_librarys_objects(wire: Wire) -> None:
    binary = echo(wire, "wire_echo", xmlrpc.client.Binary(b"\x00\xff"))
    moment = echo(wire, "wire_echo", xmlrpc.client.DateTime("20240229T13:05:00"))
    assert (binary.data, str(moment)) == (b"\x00\xff", "20240229T13:05:00")


def test_plain_values_are_written_as_the_standard_library_writes_them() -> None:
    value = {"a": [1, -2, 0.1, 1e300, True, False, "ü<&>", "", {}, [], {"b": {"c": ["]]>"]}}]}
    assert dialect.dumps(value).decode() == xmlrpc.client.dumps((value,), methodresponse=True)


@pytest.mark.parametrize("name", [n for n in AWKWARD if n in ("tuple", "bytes", "date")])
def test_subclasses_and_python_types_have_a_form(wire: Wire, name: str) -> None:
    assert not isinstance(echo(wire, "wire_awkward", name), xmlrpc.client.Fault)


@pytest.mark.parametrize(
    ("name", "code", "text"),
    [
        ("UserError", "warning -- UserError\n\nBöse & <schlecht>", ""),
        ("AccessDenied", "AccessDenied", "Access Denied"),
        ("AccessError", "warning -- AccessError\n\nno", ""),
        ("ValueError", "wrong\n3", None),
    ],
)
def test_the_older_path_has_text_codes(wire: Wire, name: str, code: str, text: str | None) -> None:
    params = (DB, UID, PASSWORD, "res.partner", "wire_fail", [name])
    fault = wire.xmlrpc("object", "execute_kw", params, "/xmlrpc/")
    assert fault.faultCode == code
    if text is not None:
        assert fault.faultString == text


def test_php_sends_empty_lists_for_mappings(wire: Wire) -> None:
    assert wire.xmlrpc("common", "authenticate", (DB, "admin", "admin", [])) == 2
    params: tuple[Any, ...] = (DB, UID, PASSWORD, "res.partner", "wire_echo", ["x"], [])
    assert wire.xmlrpc("object", "execute_kw", params) == "x"


def test_multicall_and_introspection_are_methods_that_do_not_exist(wire: Wire) -> None:
    assert (
        last_line(wire.xmlrpc("common", "system.listMethods", ())) == "Exception: Method not found: system.listMethods"
    )
    assert last_line(wire.xmlrpc("object", "system.multicall", ([],))) == "IndexError: tuple index out of range"


def test_ten_megabytes_travel(wire: Wire) -> None:
    text = "ä" * 5_000_000
    assert echo(wire, "wire_echo", text) == text
