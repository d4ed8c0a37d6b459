"""Any value that a wire can carry comes back as it went, in both directions."""

from __future__ import annotations

import json
import xmlrpc.client
from typing import Any
from xml.parsers import expat

import pytest
from hypothesis import given, strategies as st

from mockserver.dialects import to_json, xmlrpc as dialect

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
    assert dialect.loads(document) == (tuple(args), method)


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
