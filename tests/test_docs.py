"""Every Python snippet of the README and of docs/ runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GUIDES = ("docs/*.md", "docs/sources/*.md", "docs/testing/*.md", "examples/*/README.md")
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
def test_a_snippet_runs(source: str, tmp_path: Path) -> None:
    is_test = re.search(r"^\s*def test_", source, re.MULTILINE) is not None
    file = tmp_path / ("test_snippet.py" if is_test else "snippet.py")
    file.write_text(source, encoding="utf-8")
    how = ["-m", "pytest", "-q", "-p", "no:cacheprovider"] if is_test else ["-W", "error"]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, *how, file.name], cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CONTRIBUTING.md"], ids=lambda page: page.name)
def test_a_link_leads_to_a_file(page: Path) -> None:
    targets = [link["target"] for link in _LINK.finditer(page.read_text(encoding="utf-8"))]
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_the_readme_begins_with_the_two_commands() -> None:
    commands = re.findall(r"^make \w+", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert commands[:2] == ["make serve", "make test"]
