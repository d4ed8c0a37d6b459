"""Python literals in parameters: what is read, and that nothing else is, however large or deep."""

from __future__ import annotations

import ast
import warnings
from typing import Any

import pytest
from hypothesis import given, strategies as st

from mockserver.dialects.rest.literals import MAX_DEPTH, MAX_LENGTH, MAX_NUMBER, NotALiteral, parse
from tests.cost import costs_like

WRITTEN = [
    ("[('name', 'like', 'x')]", [("name", "like", "x")]),
    ('[["id", "=", 1], \'|\']', [["id", "=", 1], "|"]),
    (" \n( )\t", ()),
    ("[1,\n 2,]", [1, 2]),
    ("{'a': (1,), 'b': {1, 2}, 'c': {}}", {"a": (1,), "b": {1, 2}, "c": {}}),
    ("True", True), ("False", False), ("None", None),
    ("-1", -1), ("+ 2", 2), ("1_000", 1000), ("0x1F", 31), ("0o17", 15), ("0b11", 3), (".5", 0.5), ("1.", 1.0),
    ("-1.5e-3", -0.0015), ("1E5", 1e5), ("00", 0),
    ("''", ""), ("'a' \"b\" u'c'", "abc"), ("'it''s'", "its"), (r"'\x41\u0042\103\n\''", "ABC\n'"),
    (r"'\d\%\é'", r"\d\%\é"), (r"r'\d\n'", r"\d\n"), (r"'a\\d'", r"a\d"), ("'''a\n'b\"'''", "a\n'b\""),
    ('"""x""" \'\'\'y\'\'\'', "xy"), ("'a\\\nb'", "ab"), ("'é€😀'", "é€😀"), ("('x')", "x"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), WRITTEN, ids=[text for text, _ in WRITTEN])
def test_a_literal_is_its_value(text: str, value: Any) -> None:
    assert parse(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "true",
        "null",
        "name,email",
        "name",
        "os.system('x')",
        "__import__('os')",
        "1 + 1",
        "1-1",
        "1+2j",
        "2j",
        "[1][0]",
        "'a'[0]",
        "(1)(2)",
        "[](1)",
        "{}{}",
        "1 2",
        "1 'a'",
        "None None",
        "--1",
        "- -1",
        "not 1",
        "1 if 1 else 2",
        "[x for x in y]",
        "[*[1]]",
        "{**{}}",
        "lambda: 1",
        "f'{1}'",
        "b'x'",
        "set()",
        "...",
        "a=1",
        "1;2",
        "# x",
        "[1] # x",
        "'",
        "'a",
        "'a\nb'",
        "'''a",
        "'\\'",
        "[",
        "]",
        "[)",
        "([)]",
        "[1 2]",
        "[,]",
        "{1: }",
        "{[]: 1}",
        "{[]}",
        "01",
        "1__0",
        "1.e",
        "1if",
        "'\\x4'",
        "'\\N{no such name}'",
        "'\0'",
        "\0",
        "1\\\n",
        "9" * 5000,
        "'\ud800'",
        "x := 1",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(NotALiteral):
        parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 99_000,
        "[" * 40_000 + "]" * 40_000,
        "(" * (MAX_DEPTH + 1) + ")" * (MAX_DEPTH + 1),
        "{1:" * 30_000,
        "-" * 99_000 + "1",
        "+ " * 49_000,
        "1" + "-1" * 49_000,
        "1" + "+1" * 49_000,
        "[]" + "()" * 49_000,
        "[1]" * 33_000,
        "1" + "[0]" * 33_000,
        "not " * 24_000 + "1",
        "lambda:" * 14_000 + "1",
        "1 if 1 else " * 8_000 + "1",
        "a." * 49_000 + "a",
        "'" * 99_999,
        "'\\" * 49_000,
        '"""' + "\\" * 99_000,
        "1_" * 49_000,
        "[]:" * 33_000,
        "await " * 16_000,
        "1**" * 33_000 + "1",
        " " * 99_000 + "x",
        "-" + " " * 99_000,
        "'a'" * 33_000 + "x",
        "[1," * 33_000,
        "f'{" * 33_000,
        "9" * 99_000,
        "9" * 99_000 + "x",
        "9" * 50_000 + "." + "9" * 49_000 + "x",
        "1." + "9" * 49_000 + "e" + "9" * 49_000 + "x",
        "1_" * 49_000 + "0x",
        "-1." + "9" * 99_000,
        "1e" + "9" * 99_000,
        "0b" + "1" * 99_000,
        "0x" + "f" * 99_000 + "g",
        "{" * 50 + "}" * 50,
        "'x'\n" * 24_000 + "'",
    ],
    ids=lambda text: f"{text[:12]!r} {len(text)}",
)
def test_a_text_that_is_deep_or_strange_is_refused_at_once(text: str) -> None:
    def refused() -> None:
        with pytest.raises(NotALiteral):
            parse(text)

    assert costs_like(refused, lambda: parse("'" + "a" * 99_000 + "'"))


def test_the_limits_are_told() -> None:
    with pytest.raises(NotALiteral, match="100001 characters; the limit is 100000"):
        parse("1" * (MAX_LENGTH + 1))
    with pytest.raises(NotALiteral, match="nested more than 50 deep"):
        parse("[" * 51)
    assert parse("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    with pytest.raises(NotALiteral, match="a number of 1001 characters; the limit is 1000"):
        parse("[('id', '=', " + "1" * (MAX_NUMBER + 1) + ")]")
    assert parse("1" * MAX_NUMBER) == int("1" * MAX_NUMBER)


def test_a_bracket_in_a_text_is_no_depth() -> None:
    assert parse("['" + "[" * 1000 + "']") == ["[" * 1000]


def test_a_long_list_of_ids_is_read() -> None:
    ids = list(range(10_000))
    assert parse(f"[('id', 'in', {ids})]") == [("id", "in", ids)]


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text("ab\\'\"\n", max_size=4), inner, max_size=3)
    ),
    max_leaves=20,
)


@given(VALUES)
def test_what_python_prints_is_read_back(value: Any) -> None:
    assert parse(repr(value)) == value


@given(st.text("[](){}'\"\\ru,:+-._0 1eEjxTNone# ", max_size=40))
def test_junk_is_a_value_that_python_sees_as_well_or_is_refused(text: str) -> None:
    try:
        value = parse(text)
    except NotALiteral:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a backslash that escapes nothing
        assert repr(value) == repr(ast.literal_eval(text.strip()))
