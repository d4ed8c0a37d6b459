"""Cleaning of HTML values."""

from __future__ import annotations

import pytest

from mockserver.orm.fields.html import sanitize
from tests.cost import costs_like


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""), ("  ", "  "), ("plain", "<p>plain</p>"), ("a & b", "<p>a &amp; b</p>"), ("<p>hi</p>", "<p>hi</p>"),
        ("<p>hi</p><script>x()</script>", "<p>hi</p>"), ("<p>a<style>b{}</style>c</p>", "<p>ac</p>"),
        ('<p onclick="x()" class="k">a</p>', '<p class="k">a</p>'), ('<a href="javascript:x()">a</a>', "<a>a</a>"),
        ('<a href=" JavaScript:x()">a</a>', "<a>a</a>"),
        ('<a href="https://x.test/?a=1&amp;b=2">a</a>', '<a href="https://x.test/?a=1&amp;b=2">a</a>'),
        ('<img src="x.png" onerror="x()">', '<img src="x.png">'), ("<p>a<br>b</p>", "<p>a<br>b</p>"),
        ("<p>open", "<p>open</p>"), ("<p><b>a</p>", "<p><b>a</b></p>"), ("</p>stray", "<p>stray</p>"),
        ("<custom>a</custom>", "<p>a</p>"),
        ("<iframe src='x'>a</iframe><p>b</p>", "<p>b</p>"), ("<p>1 &lt; 2</p>", "<p>1 &lt; 2</p>"),
        ("<p>é</p>", "<p>é</p>"),
        ("<!-- note --><p>a</p>", "<p>a</p>"), ("<script>only</script>", ""), ("<svg:a>b", "<p>b</p>"),
        ("<p>a</p> 1 <b", "<p>a</p> 1 &lt;b"), ("<b x='", "<p>&lt;b x='</p>"), ("a <!-- b", "<p>a &lt;!-- b</p>"),
        ("<b>a</i>b</b>", "<b>ab</b>"), ("<i>a<b>b</i>c</b>", "<span><i>a<b>b</b></i>c</span>"),
        ("a <i>b</i><p>c</p>", "<p>a <i>b</i></p><p>c</p>"), ("a <b>b", "<p>a <b>b</b></p>"),
    ],
)  # fmt: skip
def test_what_is_left_of_it(text: str, expected: str) -> None:
    assert sanitize(text) == expected


def test_cleaning_twice_is_cleaning_once() -> None:
    for text in ("plain", "<p>a<b>b</p>", "a & b", '<a href="x?a&b">c</a>'):
        once = sanitize(text)
        assert sanitize(once) == once


@pytest.mark.parametrize(
    "text", ["<b x" * 25_000, "<b a='" * 16_000, "<a" * 50_000, "<!--" * 25_000, "<b>" * 14_000 + "</i>" * 14_000]
)
def test_unclosed_markup_costs_what_closed_markup_does(text: str) -> None:
    assert costs_like(lambda: sanitize(text), lambda: sanitize("<b>a</b>" * 12_000))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("<p>--<br>Ann</p>", '<p data-o-mail-quote="1">--<br data-o-mail-quote="1">Ann</p>'),
        ("<p>- -<br>Ann</p>", "<p>- -<br>Ann</p>"),
        (
            "<div><p>-- <br>Ann</p><p>late</p></div>",
            '<div data-o-mail-quote-container="1"><p data-o-mail-quote="1">-- <br data-o-mail-quote="1">Ann</p>'
            '<p data-o-mail-quote="1">late</p></div>',
        ),
        (
            "<blockquote><b>x</b></blockquote>",
            '<blockquote data-o-mail-quote-node="1" data-o-mail-quote="1"><b>x</b></blockquote>',
        ),
    ],
)
def test_what_a_mail_quotes_is_marked(given: str, kept: str) -> None:
    assert sanitize(given) == kept
    assert sanitize(kept) == kept
