"""Every citation of a document of docs/sources names a section that is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = ROOT / "docs" / "sources"
VERSIONS = "versions.md"
_SECTION = r"\d+(?:\.\d+)?(?: \([a-z]\))?"
_SIGN = "\u00a7"
_PART = rf"{_SIGN}{_SECTION}(?:[-–]{_SIGN}?{_SECTION})?"
# a text of Python that begins with a section is completed where it is used: `_V + "…"` and the like
_CITATION = re.compile(
    rf"(?P<document>versions\.md\s+|rest-[a-z]+\s+|odoo-20\s+|RFC \d+ |\")?{_PART}(?:(?:, | and |,\n\s+){_PART})*"
)
_HEADING = re.compile(rf"^#+ {_SIGN}({_SECTION})(?= |$)", re.MULTILINE)


def document(page: Path) -> str:
    """How a page is cited: versions.md with its suffix, the pages of the add-ons without."""
    return page.name if page.name == VERSIONS else page.stem


SECTIONS = {
    document(page): set(_HEADING.findall(page.read_text(encoding="utf-8")))
    for page in SOURCES.glob("*.md")
    if page.name != "README.md"
}


def expanded(part: str) -> Iterator[str]:
    """The sections of one part: `8.4` to `8.8` are five."""
    first, *last = re.split("[-–]", part.replace(_SIGN, ""))
    if not last:
        yield first
        return
    chapter, _, start = first.rpartition(".")
    end = last[0].rpartition(".")[2]
    assert int(start) < int(end), part
    for number in range(int(start), int(end) + 1):
        yield f"{chapter}.{number}" if chapter else str(number)


def wrong(text: str, own: str = "") -> list[str]:
    """The citations in a text that lead nowhere; `own` is the document that a section alone belongs to."""
    found = []
    for citation in _CITATION.finditer(text):
        name = (citation["document"] or "").strip()
        if name.startswith("RFC"):
            continue
        name = (VERSIONS if name == '"' else name) or own
        for part in re.findall(_PART, citation[0]):
            known = SECTIONS.get(name, set())
            found += [f"{name or 'no document'} {_SIGN}{section}" for section in expanded(part) if section not in known]
    return found


def pages() -> Iterator[Path]:
    for folder in ("mockserver", "tests", "docs"):
        for suffix in ("py", "md"):
            yield from sorted(page for page in (ROOT / folder).rglob(f"*.{suffix}") if page != Path(__file__))


def own_document(page: Path) -> str:
    """In the documents themselves a section alone is one of theirs."""
    if page.parent != SOURCES:
        return ""
    return VERSIONS if page.name == "README.md" else document(page)


def test_every_citation_names_a_section() -> None:
    found = {
        page.relative_to(ROOT).as_posix(): where
        for page in pages()
        if (where := wrong(page.read_text(encoding="utf-8"), own_document(page)))
    }
    assert found == {}


def test_the_documents_have_the_sections_that_are_cited_most() -> None:
    assert {"0", "1.1", "6.1", "8.4", "11.4", "12 (b)"} <= SECTIONS[VERSIONS]
    assert {"1", "10"} <= SECTIONS["rest-yezy"]
    assert set(SECTIONS) == {VERSIONS, "odoo-20", "rest-yezy", "rest-flectra", "rest-muk", "rest-collisions"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Source: versions.md §7.3, §8.7; recorded.", []),
        ("Source: versions.md §1-§3, §5 and §9.1–9.3.", []),
        ('_feature("any", "…", _V + "§8.1", {})', []),
        ("rest-muk §1, rest-flectra §1", []),
        ("versions.md §12 (b)", []),
        ("RFC 9110 §7.6.1", []),
        ("versions.md §7.9", ["versions.md §7.9"]),
        ("versions.md §7.3, §70", ["versions.md §70"]),
        ("versions.md §1.4,\n    §5.7", ["versions.md §5.7"]),
        ("versions.md §8.8–8.10", ["versions.md §8.10"]),
        ("versions.md §12 (d)", ["versions.md §12 (d)"]),
        ('_V + "§2.2, §2.9"', ["versions.md §2.9"]),
        ("rest-yezy §5-11", ["rest-yezy §11"]),
        ("rest-muk §1, rest-flectra §9", ["rest-flectra §9"]),
        ("rest-nobody §1", ["rest-nobody §1"]),
        ("as in §2", ["no document §2"]),
    ],
)
def test_a_wrong_citation_is_found(text: str, expected: list[str]) -> None:
    assert wrong(text) == expected
