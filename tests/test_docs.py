"""The pages: every Python snippet runs, every link leads somewhere, and the site has them all."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests  # noqa: F401  pytester forgets what a run imports first, and requests cannot be imported twice

import mockserver.cli
import mockserver.testing.kit  # noqa: F401  nor may half of the package be: a mail of the one half is none of the other

ROOT = Path(__file__).parent.parent
PAGES = sorted(
    [
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "benchmarks/README.md")),
        *(ROOT / "docs").rglob("*.md"),
        *ROOT.glob("examples/*/README.md"),
    ]
)
_BLOCK = re.compile(r"^```(?P<kind>\w*)[ \t]*(?P<note>[^\n]*)\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL)
_TITLE = re.compile(r'title="(?P<name>[^"]+)"')
_LINK = re.compile(r"\]\((?!https?:|mailto:)(?P<target>[^)#\s]*)(#(?P<anchor>[^)\s]*))?\)")
_HEADING = re.compile(r"^#+ +(?P<text>.+?) *$", re.MULTILINE)


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path) -> Iterator[re.Match[str]]:
    """What is fenced on a page."""
    return _BLOCK.finditer(page.read_text(encoding="utf-8"))


def snippets() -> Iterator[object]:
    """`(source, id)` of every block that is fenced as python and is no file of a story."""
    for page in PAGES:
        for block in blocks(page):
            if block["kind"] == "python" and not _TITLE.search(block["note"]):
                line = block.string.count("\n", 0, block.start()) + 1
                yield pytest.param(block["text"], id=f"{name_of(page)}:{line}")


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


# -- stories: pages whose blocks are files, by `title="file.py"`, and are run by the `pytest` lines between them


def steps(page: Path) -> Iterator[tuple[str, str]]:
    """The files, the runs of pytest and the results of a page, in order: `(what, text)`."""
    for block in blocks(page):
        if title := _TITLE.search(block["note"]):
            yield title["name"], block["text"]
        elif block["kind"] == "sh":
            yield from (("$", line) for line in block["text"].splitlines() if re.match(r"pytest\b", line))
        elif result := re.search(r"^(?P<counts>\d+ (passed|failed).*) in [\d.]+s$", block["text"], re.MULTILINE):
            yield "=", result["counts"]


STORIES = [page for page in PAGES if {"$", "="} <= {what for what, _ in steps(page)}]


@pytest.mark.parametrize("page", STORIES, ids=name_of)
def test_a_story_ends_as_it_says(page: Path, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # a file is replaced within the second
    monkeypatch.syspath_prepend(str(pytester.path))
    for needed in re.findall(r"<!-- needs: (.+) -->", page.read_text(encoding="utf-8")):
        for module in needed.split(", "):
            pytest.importorskip(module)
    outcomes: list[dict[str, int]] = []
    for what, text in steps(page):
        if what == "$":
            arguments = text.partition("#")[0].split()[1:]
            found = pytester.runpytest_inprocess("-p", "no:cacheprovider", *arguments).parseoutcomes()
            outcomes.append({noun: count for noun, count in found.items() if noun != "warnings"})  # of other libraries
        elif what == "=":
            assert outcomes[-1] == {noun: int(count) for count, noun in re.findall(r"(\d+) (\w+)", text)}
        else:
            (pytester.path / what).parent.mkdir(parents=True, exist_ok=True)
            (pytester.path / what).write_text(text, encoding="utf-8")
    assert outcomes


# -- links


def anchor(heading: str) -> str:
    """What leads to a heading, as GitHub and the site make it."""
    text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def prose(page: Path) -> str:
    return _BLOCK.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> list[str]:
    return [anchor(heading["text"]) for heading in _HEADING.finditer(prose(page))]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_link_leads_somewhere(page: Path) -> None:
    broken = []
    for link in _LINK.finditer(prose(page)):
        target = page.parent / link["target"] if link["target"] else page
        if not target.exists() or (link["anchor"] and link["anchor"] not in anchors(target)):
            broken.append(link.group())
    assert broken == []


# -- pages that `make docs` writes


@pytest.fixture(scope="module")
def written() -> dict[str, Callable[[], str]]:
    pages: dict[str, Callable[[], str]] = runpy.run_path(str(ROOT / "docs" / "reference.py"))["PAGES"]
    return pages


@pytest.mark.parametrize("name", ["closeness.md", "errors.md"])
def test_a_page_follows_from_the_program(written: dict[str, Callable[[], str]], name: str) -> None:
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == written[name]()


def test_every_option_is_on_its_page(written: dict[str, Callable[[], str]]) -> None:
    def options(page: str) -> list[str]:  # their texts depend on the version of click
        return re.findall(r"^(?:## .*|\| `[^ `]+)", page, re.MULTILINE)

    assert options((ROOT / "docs" / "options.md").read_text(encoding="utf-8")) == options(written["options.md"]())


# -- the site

MAP = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:\n")[2]


def test_the_site_shows_every_page() -> None:
    shown = re.findall(r"[\w./-]+\.md$", MAP, re.MULTILINE)
    assert len(shown) == len(set(shown))
    assert set(shown) == {name_of(page).removeprefix("docs/") for page in PAGES} - {"README.md"}


def test_the_site_has_the_four_kinds_of_pages() -> None:
    kinds = re.findall(r"^  - ([^:]+):", MAP, re.MULTILINE)
    assert kinds == ["Start", "Tutorial", "How-to", "Reference", "Explanation"]


def test_the_site_is_built(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs", reason="the extra `docs` is not installed")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    environ = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    assert "A tested order sync" in (tmp_path / "site" / "tutorial.html").read_text(encoding="utf-8")


def test_the_readme_begins_with_the_users_commands_and_has_those_of_a_clone() -> None:
    blocks = re.findall(
        r"^```sh\n(.*?)^```", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    assert blocks[0] == "pip install odoo-mockserver pytest\n"
    commands = re.findall(r"^make \w+", "".join(blocks), re.MULTILINE)
    assert commands[:2] == ["make serve", "make test"]
