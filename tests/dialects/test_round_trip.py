"""Any value that a wire can carry comes back as it went, in both directions."""

from __future__ import annotations

import json
import xmlrpc.client
from typing import Any
from xml.parsers import expat

import pytest
from hypothesis import given, strategies as st

from mockserver.dialects import to_json
from mockserver.dialects.rpc import plain_calls, xmlrpc as dialect

# a lone \r is a line end for every XML reader
_XML_TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff") | st.sampled_from("\t\n")
)
_NUMBERS = st.booleans() | st.floats(allow_nan=False, allow_infinity=False)


def _nested(leaves: st.SearchStrategy[Any], keys: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=20)


XML_VALUES = _nested(_NUMBERS | st.integers(-(2**31), 2**31 - 1) | _XML_TEXT, _XML_TEXT)
JSON_VALUES = _nested(_NUMBERS | st.none() | st.integers() | st.text(st.characters(codec=None)), st.text())


@given(XML_VALUES)
def test_xmlrpc_answers_are_read_back_by_the_standard_library(value: Any) -> None:
    assert xmlrpc.client.loads(dialect.dumps(value))[0][0] == value


@given(st.lists(XML_VALUES | st.none()), st.from_regex(r"[a-z_.]+", fullmatch=True))
def test_xmlrpc_calls_of_the_standard_library_are_read(args: list[Any], method: str) -> None:
    document = xmlrpc.client.dumps(tuple(args), method, allow_none=True).encode()
    assert plain_calls.read(document) == dialect.loads(document) == (tuple(args), method)


_TAGS = st.sampled_from(
    [
        "value",
        "string",
        "int",
        "i4",
        "double",
        "boolean",
        "nil",
        "array",
        "data",
        "struct",
        "member",
        "name",
        "dateTime.iso8601",
        "x:y",
    ]
)
_FRAGMENTS = st.recursive(
    st.sampled_from(["", " ", "1", "0", "-2.5", "nan", "a&amp;b", "&#10;", "<!-- -->", "<![CDATA[<]]>", "<?p i?>"]),
    lambda inner: st.builds(lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>", _TAGS, st.lists(inner, max_size=3)),
    max_leaves=12,
)
_VALUES = _FRAGMENTS | st.builds(
    lambda value: xmlrpc.client.dumps((value,), allow_none=True)[
        len("<params>\n<param>\n") : -len("</param>\n</params>\n")
    ],
    XML_VALUES | st.none(),
)


def _same_as_the_library(document: bytes) -> None:
    """What the short way of reading a call gives is what the library's reader gives; it may refuse any document."""
    try:
        plain = plain_calls.read(document)
    except Exception:
        return  # then the library reads it
    assert repr(plain) == repr(dialect._any_call(document))


@given(st.lists(_VALUES, max_size=3), st.sampled_from(["param", "value", "params"]))
def test_the_short_way_of_reading_a_call_reads_what_the_library_reads(values: list[str], tag: str) -> None:
    params = "".join(f"<{tag}>{value}</{tag}>" for value in values)
    _same_as_the_library(f"<methodCall><methodName>m</methodName><params>{params}</params></methodCall>".encode())


_JUNK = st.sampled_from(
    [
        b"<", b">", b"&", b";", b"&lt;", b"&#x0;", b"&#13;", b"&#65534;", b"&nbsp;", b"]]>", b"\r\n", b"\r", b"\x0b",
        b"\xff", b"\xef\xbf\xbf", b"\xc2\x85", b"\xef\xbb\xbf", b"<value>", b"</value>", b"<nil/>", b"<value/>",
        b"<params/>", b"<param>", b"<member>", b"</data>", b" ", b"x", b"<!--x-->", b"<![CDATA[x]]>", b"<?p?>", b"</",
        b"<string>", b" a='>'", b"<!DOCTYPE x>", b"<?xml version='1.0'?>", b"<?xml version='1.0' encoding='ascii'?>",
    ]
)  # fmt: skip


@given(st.lists(XML_VALUES | st.none(), max_size=3), st.data())
def test_a_call_with_faults_in_it_is_read_as_the_library_reads_it(args: list[Any], data: st.DataObject) -> None:
    document = xmlrpc.client.dumps(tuple(args), "m", allow_none=True).encode()
    if data.draw(st.booleans()):
        document = document.replace(b"\n", data.draw(st.sampled_from([b"", b"\r\n", b"\n\t ", b"\xc2\xa0"])))
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, len(document)))
        to = min(len(document), at + data.draw(st.integers(0, 12)))
        document = document[:at] + data.draw(_JUNK | st.just(b"")) + document[to:]
    _same_as_the_library(document)


@pytest.mark.parametrize("reference", ["&#65;", "&#x1F600;", "&#13;", "&quot;&apos;&amp;lt;&gt;"])
def test_references_to_characters_are_read(reference: str) -> None:
    document = f"<methodCall><methodName>m</methodName><params><param><value>{reference}</value></param></params>"
    document = f'<?xml version="1.0" encoding="utf-8"?>\r\n{document}</methodCall>'
    assert plain_calls.read(document.encode()) == dialect._any_call(document.encode())


@given(st.text(st.characters(codec=None)))
def test_any_text_makes_a_document_that_can_be_read(text: str) -> None:
    assert isinstance(xmlrpc.client.loads(dialect.dumps({text: text}))[0][0], dict)


@given(JSON_VALUES)
def test_json_answers_are_read_back(value: Any) -> None:
    assert json.loads(to_json(value)) == value


@given(st.binary())
def test_junk_is_refused_by_the_parser_and_nothing_else_happens(junk: bytes) -> None:
    with pytest.raises((expat.ExpatError, xmlrpc.client.ResponseError, ValueError)):
        dialect.loads(junk)
