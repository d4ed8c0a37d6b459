"""Every Python snippet of the README and of docs/ runs."""

from __future__ import annotations

import re
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests  # noqa: F401  pytester forgets what a run imports first, and requests cannot be imported twice

import mockserver.testing.kit  # noqa: F401  nor may half of the package be: a mail of the one half is none of the other

ROOT = Path(__file__).parent.parent
GUIDES = (
    "docs/*.md",
    "docs/howto/*.md",
    "docs/sources/*.md",
    "docs/testing/*.md",
    "docs/packs/*.md",
    "examples/*/README.md",
)
PAGES = sorted([ROOT / "README.md", *(page for guide in GUIDES for page in ROOT.glob(guide))])
_BLOCK = re.compile(r"^```python[ \t]*(?P<note>[^\n]*)\n(?P<source>.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?!https?:|mailto:|#)(?P<target>[^)#\s]+)")


def snippets() -> Iterator[object]:
    """`(source, id)` of every block that is fenced as python."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for block in _BLOCK.finditer(text):
            line = text.count("\n", 0, block.start()) + 1
            yield pytest.param(block["source"], id=f"{page.relative_to(ROOT).as_posix()}:{line}")


@pytest.mark.parametrize("source", list(snippets()))
def test_a_snippet_runs(source: str, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    if re.search(r"^\s*def test_", source, re.MULTILINE):
        pytester.makepyfile(test_snippet=source)
        assert pytester.runpytest_inprocess("-p", "no:cacheprovider").ret == pytest.ExitCode.OK
    else:
        monkeypatch.setattr(sys, "argv", ["snippet.py"])
        code: object = None
        try:
            runpy.run_path(str(pytester.makepyfile(snippet=source)), run_name="__main__")
        except SystemExit as end:  # of unittest.main
            code = end.code
        assert not code


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CONTRIBUTING.md"], ids=lambda page: page.name)
def test_a_link_leads_to_a_file(page: Path) -> None:
    targets = [link["target"] for link in _LINK.finditer(page.read_text(encoding="utf-8"))]
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_the_readme_begins_with_the_two_commands() -> None:
    commands = re.findall(r"^make \w+", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert commands[:2] == ["make serve", "make test"]
