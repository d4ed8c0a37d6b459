"""LIKE patterns against a naive matcher and a regular expression, and what hostile ones cost."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, strategies as st

from mockserver.errors import DatabaseError
from mockserver.orm.query.like import like, like_any
from tests.cost import costs_like
from tests.properties import naive_values
from tests.properties.budget import examples

TEXTS = st.text("abA%_\\\nÉ", max_size=9)
PATTERNS = st.text("aabA%%__\\\nÉ", max_size=8).filter(lambda text: (len(text) - len(text.rstrip("\\"))) % 2 == 0)


def by_regex(text: str, pattern: str) -> bool:
    """The pattern as a regular expression: right, and slow where it has many `%`."""
    signs = re.findall(r"\\.|.", pattern, re.DOTALL)
    parts = [{"%": ".*", "_": "."}.get(sign) or re.escape(sign[-1]) for sign in signs]
    return re.fullmatch("".join(parts), text, re.DOTALL) is not None


@given(TEXTS, PATTERNS)
@example("", "")
@example("", "%%")
@example("aba", "ab%ba")  # the two ends may not overlap
@example("abab", "%ab_%")
@example("aXbaXb", "%a_b")
@example("ab", "a_b")
@example("a%", "a\\%")
@example("x\\", "%\\\\")
@examples(500)
def test_a_pattern_matches_what_the_naive_matcher_says(text: str, pattern: str) -> None:
    assert like(pattern, False)(text) is naive_values.like(text, pattern) is by_regex(text, pattern)
    assert like(pattern, True)(text) is naive_values.like(text.lower(), pattern.lower())


@given(st.text("ab", max_size=40), st.lists(st.text("ab_", max_size=4), min_size=1, max_size=6))
@examples(500)
def test_a_pattern_of_many_pieces_matches_what_a_regular_expression_does(text: str, pieces: list[str]) -> None:
    pattern = "%".join(pieces)
    assert like(pattern, False)(text) is by_regex(text, pattern)


@given(st.text("abA\nÉ", max_size=9), st.lists(PATTERNS, min_size=1, max_size=12), st.booleans())
@example("ab", ["a%", "%%"], True)
@example("", ["%"], False)
@examples(500)
def test_patterns_together_match_what_one_of_them_does(text: str, patterns: list[str], fold: bool) -> None:
    common = [pattern for pattern in patterns if like_any([pattern], fold)]
    together = like_any(common, fold)
    assert together is not None
    assert together(text) is any(like(pattern, fold)(text) for pattern in common)


@pytest.mark.parametrize("pattern", ["\\", "a\\", "%\\", "a\\\\\\", "_%a\\"])
def test_a_backslash_at_the_end_is_refused(pattern: str) -> None:
    with pytest.raises(DatabaseError, match="must not end with escape character"):
        like(pattern, True)


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("a" * 250, "a%" * 4 + "z"),
        ("a" * 100_000, "a%" * 1_000 + "z"),
        ("a" * 100_000, "%a_" * 1_000 + "%z%"),
        ("a" * 100_000, "%" + "_%" * 1_000 + "z%"),
        ("ab" * 50_000, "%aa%" * 1_000),
        ("a" * 100_000, "%" + "_a" * 10 + "b%"),
    ],
    ids=lambda text: f"{text[:8]} {len(text)}",
)
@pytest.mark.parametrize("fold", [False, True])
def test_a_pattern_of_many_wildcards_costs_little_more_than_a_plain_one(text: str, pattern: str, fold: bool) -> None:
    plain = like("%" + "ab" * (len(pattern) // 2) + "c%", fold)
    assert costs_like(lambda: like(pattern, fold)(text), lambda: plain(text))
