"""Both protocols carry any value there and back; what is no request gets a documented answer and no traceback."""

from __future__ import annotations

import contextlib
import re
import xmlrpc.client
from typing import Any

import pytest
from hypothesis import example, given, strategies as st

from mockserver import api, models
from mockserver.addons import summaries
from mockserver.dialects.rpc import xmlrpc as dialect
from mockserver.seed import classes
from mockserver.server.app import App, create_app
from tests.dialects.wire import DB, JSON, PASSWORD, UID, Wire
from tests.properties.budget import examples

STATUSES = {200, 303, 400, 404, 405, 413}
PATHS = [
    "/", "/web", "/jsonrpc", "/jsonrpc/", "/xmlrpc/common", "/xmlrpc/2/common", "/xmlrpc/2/object", "/xmlrpc/2/db",
    "/xmlrpc/2/nothing", "/web/session/authenticate", "/web/session/get_session_info", "/web/session/check",
    "/web/session/destroy", "/web/dataset/call_kw", "/web/dataset/call_kw/res.partner/read",
    "/web/dataset/call_button", "/web/webclient/version_info", "/web/database/list", "/nothing",
]  # fmt: skip
VERBS = ["GET", "HEAD", "POST", "PUT", "OPTIONS", "DELETE"]
TYPES = ["", JSON, "application/json-rpc; charset=utf-8", "text/xml", "application/x-www-form-urlencoded", "\u00e9"]

ANY_TEXT = st.text(st.characters(codec=None))  # control characters and halves of surrogates too
CLEAN_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="\ufffe\uffff"))
NUMBERS = st.booleans() | st.floats(allow_nan=False, allow_infinity=False)
SMALL = st.integers(-(2**31), 2**31 - 1)


def _nested(leaves: st.SearchStrategy[Any], keys: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=6)


XML_VALUES = _nested(NUMBERS | SMALL | CLEAN_TEXT, CLEAN_TEXT)
JSON_VALUES = _nested(NUMBERS | st.none() | st.integers() | ANY_TEXT, ANY_TEXT)


class Echo(models.Model):
    _inherit = "res.partner"

    @api.model
    def property_echo(self, value: Any = None) -> Any:
        """The argument."""
        return value


@pytest.fixture(scope="module")
def app() -> App:
    app = create_app()
    app.databases.extend(lambda database: classes.attach(database, [summaries.of_class(Echo)]))
    app.snapshot()  # so that the log of changes is kept
    return app


@pytest.fixture(scope="module")
def wire(app: App) -> Wire:
    return Wire(app)


def _speakable(text: str) -> str:
    """The text as it arrives: without what XML 1.0 has no place for, and with its one kind of line end."""
    kept = [c for c in text if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"]
    return re.sub("\r\n?", "\n", "".join(kept))


# -- values


@examples(60)
@given(XML_VALUES)
def test_a_response_is_written_as_the_standard_library_writes_it(value: Any) -> None:
    assert dialect.dumps(value).decode() == xmlrpc.client.dumps((value,), methodresponse=True, allow_none=False)


@examples(60)
@given(ANY_TEXT)
@example("\x00\x0b\x1f\ufffe\ud800 \r\n \r & < > ]]>")
def test_characters_that_xml_cannot_carry_are_dropped(text: str) -> None:
    assert xmlrpc.client.loads(dialect.dumps([text]))[0][0] == [_speakable(text)]


@examples(50)
@given(st.integers(0, 9) | CLEAN_TEXT, ANY_TEXT)
def test_a_fault_is_read_back_with_its_code_and_text(code: int | str, text: str) -> None:
    fault = _fault(dialect.dumps_fault(code, text))
    assert (fault.faultCode, fault.faultString) == (code, _speakable(text))


@examples(40)
@given(value=XML_VALUES)
def test_a_value_comes_back_over_xmlrpc(wire: Wire, value: Any) -> None:
    params = (DB, UID, PASSWORD, "res.partner", "property_echo", [value])
    assert wire.xmlrpc("object", "execute_kw", params) == value


@examples(40)
@given(value=JSON_VALUES.filter(lambda value: value is not None))
def test_a_value_comes_back_over_jsonrpc(wire: Wire, value: Any) -> None:
    assert wire.rpc("object", "execute_kw", [DB, UID, PASSWORD, "res.partner", "property_echo", [value]]) == {
        "jsonrpc": "2.0", "id": 1, "result": value,
    }  # fmt: skip


@examples(40)
@given(id_=JSON_VALUES, params=st.dictionaries(st.text(max_size=3), JSON_VALUES, max_size=2))
def test_the_envelope_carries_the_id_back(wire: Wire, id_: Any, params: Any) -> None:
    answer = wire.json("/web/webclient/version_info", {"id": id_, "params": params}).json()
    assert list(answer) == ["jsonrpc", "id", "result"]
    assert answer["id"] == id_


@examples(40)
@given(
    number=st.integers(min_value=2**31) | st.integers(max_value=-(2**31) - 1), names=st.lists(CLEAN_TEXT, max_size=2)
)
def test_an_integer_too_big_for_xmlrpc_is_a_fault(wire: Wire, number: int, names: list[str]) -> None:
    value: Any = number
    for name in names:
        value = [name, {name: value}]
    big = xmlrpc.client.dumps((DB, UID, PASSWORD, "res.partner", "property_echo", ["BIG"]), "execute_kw")
    body = big.replace("<string>BIG</string>", f"<i8>{number}</i8>")  # the library refuses to write it
    fault = _fault(wire.http("POST", "/xmlrpc/2/object", body, "text/xml").body)
    assert (fault.faultCode, fault.faultString.splitlines()[-1]) == (1, "OverflowError: int exceeds XML-RPC limits")
    with pytest.raises(OverflowError, match=r"^int exceeds XML-RPC limits$"):
        dialect.dumps(value)


def _fault(document: bytes) -> xmlrpc.client.Fault:
    with pytest.raises(xmlrpc.client.Fault) as caught:
        xmlrpc.client.loads(document)
    return caught.value


# -- junk


def _check(answer: Any) -> None:
    assert answer.status in STATUSES
    assert b'File "' not in answer.body
    assert b"mockserver/" not in answer.body


@examples(100)
@given(
    verb=st.sampled_from(VERBS), path=st.sampled_from(PATHS), kind=st.sampled_from(TYPES),
    body=st.binary(max_size=200) | st.text(max_size=50).map(str.encode),
    extra=st.fixed_dictionaries({}, optional={
        "HTTP_COOKIE": st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=20)
        | st.just("session_id=x"),
        "CONTENT_LENGTH": st.sampled_from(["", "-1", "x", "0", "9" * 30, "3", "²"]),
        "QUERY_STRING": st.sampled_from(["", "db=mock", "%zz"]),
    }),
)  # fmt: skip
@example(verb="GET", path="/", kind="", body=b"", extra={"HTTP_COOKIE": "\x80"})
def test_junk_gets_a_documented_status_and_no_traceback(
    wire: Wire, verb: str, path: str, kind: str, body: bytes, extra: dict[str, str]
) -> None:
    _check(wire.http(verb, path, body, kind, **extra))


@examples(40)
@given(
    path=st.sampled_from([path for path in PATHS if path.startswith("/xmlrpc")]),
    params=st.lists(XML_VALUES, max_size=7),
    method=st.text(st.characters(codec="utf-8", min_codepoint=32), max_size=12),
)  # fmt: skip
def test_any_call_over_xmlrpc_gives_a_value_or_a_fault(wire: Wire, path: str, params: list[Any], method: str) -> None:
    answer = wire.http("POST", path, xmlrpc.client.dumps(tuple(params), method), "text/xml")
    _check(answer)
    with contextlib.suppress(xmlrpc.client.Fault):
        xmlrpc.client.loads(answer.body)


@examples(40)
@given(path=st.sampled_from([path for path in PATHS if "rpc" in path or "/web/" in path]), envelope=JSON_VALUES)
def test_any_json_gives_an_envelope_or_a_plain_refusal(wire: Wire, path: str, envelope: Any) -> None:
    answer = wire.json(path, envelope)
    _check(answer)
    if answer.media_type == JSON:
        assert set(answer.json()) <= {"jsonrpc", "id", "result", "error"}


METHODS = [
    "create", "read", "write", "unlink", "search", "search_read", "search_count", "name_search", "name_create", "copy",
    "exists", "default_get", "fields_get", "browse", "__class__", "_name_search", "nothing",
]  # fmt: skip
FIELD_NAMES = st.sampled_from(["name", "id", "parent_id", "category_id", "child_ids", "active", "color", "date", "zz"])
IDS = st.integers(-1, 12) | st.lists(st.integers(-1, 12), max_size=3)
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=5), IDS,
    st.lists(st.tuples(st.integers(-1, 8), IDS, IDS | st.dictionaries(FIELD_NAMES, st.integers(0, 3), max_size=2))
             .map(list), max_size=2),
)  # fmt: skip
VALS = st.dictionaries(FIELD_NAMES, VALUES, max_size=3)
DOMAINS = st.lists(
    st.sampled_from("&|!")
    | st.tuples(FIELD_NAMES, st.sampled_from(["=", "in", "ilike", "child_of", "any", "<", "nope"]), VALUES).map(list),
    max_size=4,
)
ARGUMENTS = st.lists(IDS | VALS | DOMAINS | st.lists(FIELD_NAMES, max_size=2) | VALUES, max_size=4)


@examples(120)
@given(method=st.sampled_from(METHODS), args=ARGUMENTS, kwargs=st.just({}) | st.fixed_dictionaries({"context": VALS}))
def test_a_call_that_fails_leaves_nothing_behind(app: App, wire: Wire, method: str, args: Any, kwargs: Any) -> None:
    store = app.databases[DB].store
    before = store.mark()
    answer = wire.rpc("object", "execute_kw", [DB, UID, PASSWORD, "res.partner", method, args, kwargs])
    if "error" in answer:
        assert store.mark() == before
        assert answer["error"]["data"]["debug"].startswith("Traceback (most recent call last):\n  (frames are not")
    else:
        store.rollback(before)


def test_the_server_answers_after_all_of_this(wire: Wire) -> None:
    assert wire.rpc("object", "execute_kw", [DB, UID, PASSWORD, "res.partner", "search_count", [[]]])["result"] > 1
