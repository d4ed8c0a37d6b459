"""The PDF writer, read back by a strict reader."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, strategies as st
from pypdf import PdfReader

from mockserver.services import pdf


def read(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content), strict=True)


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "(a) \\ b)",
        "Åse Müller, 5 €",
        "Привет",
        "日本語",
        "smile 😀 and more",
        "mixed Ж and Z",
        "<html>&amp;",
        "endstream endobj",
    ],
)
def test_a_line_is_read_back(text: str) -> None:
    [page] = read(pdf.document("Title", [text])).pages
    assert text in page.extract_text()


def test_the_title_is_on_the_first_page_and_in_the_properties() -> None:
    reader = read(pdf.document("Заказ (1)", []))
    assert reader.metadata is not None
    assert reader.metadata.title == "Заказ (1)"
    assert "Заказ (1)" in reader.pages[0].extract_text()


def test_many_lines_go_on_several_pages_in_their_order() -> None:
    reader = read(pdf.document("Long", [f"line {i}." for i in range(300)]))
    text = "".join(page.extract_text() for page in reader.pages)
    assert len(reader.pages) == 6
    assert [text.index(f"line {i}.") for i in range(300)] == sorted(text.index(f"line {i}.") for i in range(300))


def test_the_same_lines_give_the_same_bytes() -> None:
    assert pdf.document("T", ["a", "б"]) == pdf.document("T", ["a", "б"])


def test_more_strange_characters_than_one_block_of_the_map_holds() -> None:
    text = "".join(chr(0x4E00 + i) for i in range(250))
    assert text in read(pdf.document("T", [text])).pages[0].extract_text()


def test_a_lone_surrogate_does_no_harm() -> None:
    assert len(read(pdf.document("T", ["x\ud800y"])).pages) == 1


@given(title=st.text(max_size=20), lines=st.lists(st.text(max_size=30), max_size=5))
def test_any_text_gives_a_valid_document(title: str, lines: list[str]) -> None:
    reader = read(pdf.document(title, lines))
    assert [page.extract_text() is not None for page in reader.pages] == [True]
