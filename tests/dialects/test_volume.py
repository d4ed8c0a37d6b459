"""How much a body may hold: what is beyond the limits is refused in no time, what is within them is read."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.exceptions import RequestEntityTooLarge

from mockserver import MockServer
from mockserver.control import routes
from mockserver.dialects import volume
from mockserver.dialects.rpc import xmlrpc
from mockserver.dialects.volume import MAX_DIGITS, json_value
from tests.dialects.wire import JSON, KEY, Answer, Wire

FORM = "application/x-www-form-urlencoded"
VALUES, ELEMENTS, ESCAPES = 300, 900, 50  # the limits of these tests


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Low limits."""
    monkeypatch.setattr(volume, "MAX_VALUES", VALUES)
    monkeypatch.setattr(volume, "MAX_ELEMENTS", ELEMENTS)
    monkeypatch.setattr(volume, "MAX_ESCAPES", ESCAPES)


@pytest.fixture(scope="module")
def post() -> Callable[..., Answer]:
    """Send a body to a server with everything that reads one."""
    kit = MockServer(profile="odoo-19.0", rest="all", api_key=KEY)
    wire = Wire(kit.app)
    return lambda path, body, media=JSON, **headers: wire.http("POST", path, body, media, **headers)


def _call(values: Any) -> str:
    return json.dumps({"params": {"service": "common", "method": "version", "args": values}})


def _xml(inner: str) -> bytes:
    return f"<methodCall><methodName>version</methodName><params>{inner}</params></methodCall>".encode()


def _array(inner: str) -> bytes:
    return _xml(f"<param><value><array><data>{inner}</data></array></value></param><!-- not plain -->")


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("value", [1, [], {}, [[]], {"a": 1}, ""])
def test_json_of_too_many_values_is_refused(post: Callable[..., Answer], value: Any) -> None:
    answer = post("/jsonrpc", _call([value] * (VALUES + 1)))
    assert answer.status == 413
    assert b"The body has more than 300 values; send them in several requests" in answer.body


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(
    "text", ["[" * 9 + "," * 400, '\\"[,' * 200, "\\\\", '\\\\\\"' + "," * 400, "9" * 600, "é" * 400]
)
def test_commas_brackets_and_digits_of_texts_are_no_values(text: str) -> None:
    for value in ([text, "x", 5], {text: [text]}, [json.dumps([text])]):
        assert json_value(json.dumps(value)) == value
        assert json_value(json.dumps(value, ensure_ascii=False).encode()) == value


@pytest.mark.usefixtures("few")
def test_values_around_texts_are_counted() -> None:
    within = ['a,"[\\'] * (VALUES - 3)
    assert json_value(json.dumps(within)) == within
    for beyond in (['a,"[\\'] * (VALUES + 3), {f'{number},"': "" for number in range(VALUES + 3)}):
        with pytest.raises(RequestEntityTooLarge):
            json_value(json.dumps(beyond))
    with pytest.raises(RequestEntityTooLarge):  # no JSON, but it would take as long to find out
        json_value('","' * 2000)


@pytest.mark.usefixtures("few")
def test_numbers_of_too_many_digits_are_refused(post: Callable[..., Answer]) -> None:
    longest = "9" * MAX_DIGITS
    assert json_value(f"[{longest}]") == [int(longest)]
    answer = post("/jsonrpc", f'{{"params": {{"a": ["9", 0.{longest}1]}}}}')
    assert (answer.status, b"A number in the body has more than 500 digits" in answer.body) == (413, True)
    assert xmlrpc.loads(_array(f"<value><int>{longest}</int></value>")) == (([int(longest)],), "version")
    for tag in ("int", "i4", "i8"):
        answer = post("/xmlrpc/2/common", _array(f"<value><{tag}>1_{longest}</{tag}></value>"), "text/xml")
        assert (answer.status, b"A number in the body has more than 500 digits" in answer.body) == (413, True)


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(
    "inner", ["<x/>", "<x></x>", "<x", "<value/>", "<value><x a='1'/></value>", '<x a="1" b="2"/>']
)
def test_xml_of_too_many_elements_is_refused(post: Callable[..., Answer], inner: str) -> None:
    answer = post("/xmlrpc/2/common", _array(inner * (ELEMENTS + 1)), "text/xml")
    assert (answer.status, b"The body has more than 900 elements" in answer.body) == (413, True)


@pytest.mark.usefixtures("few")
def test_a_form_of_too_many_escapes_is_refused(post: Callable[..., Answer]) -> None:
    assert post("/web/login", "a=" + "%41" * ESCAPES, FORM).status == 400  # without a token
    answer = post("/web/login", "a=" + "%41" * (ESCAPES + 1), FORM)
    assert (answer.status, b"escapes; send a large value as multipart/form-data" in answer.body) == (413, True)


@pytest.mark.usefixtures("few")
def test_every_reader_of_json_has_the_limit(post: Callable[..., Answer]) -> None:
    many = json.dumps([1] * (VALUES + 1))
    assert post("/web/webclient/version_info", f'{{"params": {{"a": {many}}}}}').status == 413
    assert post("/json/2/res.partner/search", f'{{"domain": {many}}}', HTTP_AUTHORIZATION=f"bearer {KEY}").status == 413
    with pytest.raises(RequestEntityTooLarge):
        routes.parsed(many)


def test_a_large_import_is_within_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(volume, "MAX_VALUES", volume.MAX_VALUES // 100)  # and the import has a hundredth of its rows
    monkeypatch.setattr(volume, "MAX_ELEMENTS", volume.MAX_ELEMENTS // 100)
    rows, columns = 1000, 10
    table = [[f"value {column}" for column in range(columns)] for _ in range(rows)]
    assert json_value(json.dumps([["name"] * columns, table])) == [["name"] * columns, table]
    member = "<member><name>field</name><value><string>x</string></value></member>"
    volume.check_xml(_array(f"<value><struct>{member * columns}</struct></value>" * rows))


@pytest.mark.parametrize("piece", [b"[[]],", b'"",', b'\\",', b'"\\\\",', b"9,", b"99999999999,"])
def test_a_refusal_takes_a_part_of_a_second_whatever_the_body(piece: bytes) -> None:
    body = b"[" + piece * (16 * 1024 * 1024 // len(piece))
    started = time.process_time()
    with pytest.raises((RequestEntityTooLarge, ValueError)):
        json_value(body)
    assert time.process_time() - started < 1
