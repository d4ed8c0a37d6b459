"""What is published: one version everywhere, a README that works on PyPI, an sdist with all that is needed."""

from __future__ import annotations

import configparser
import json
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
import yaml

import mockserver
from tests.waiting import HANG

ROOT = Path(__file__).parent.parent
SETUP = configparser.ConfigParser()
SETUP.read(ROOT / "setup.cfg", encoding="utf-8")
ADDRESS = SETUP["metadata"]["url"]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
_LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)")


def test_the_version_is_the_same_everywhere() -> None:
    client = ROOT / "clients" / "js"
    dated = re.findall(r"^## (\d+\.\d+\.\d+) – (\d{4}-\d\d-\d\d)$", CHANGELOG, re.MULTILINE)
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    action = re.findall(r"odoo-mockserver/odoo-mockserver@v([\w.]+)", (ROOT / "docs/howto/ci.md").read_text())
    assert (citation["version"], citation["date-released"]) == dated[0]
    told = {
        json.loads((client / "package.json").read_text())["version"],
        json.loads((client / "package-lock.json").read_text())["version"],
        *action,
        dated[0][0],
    }
    assert told == {mockserver.__version__}


def test_the_changelog_has_a_place_for_what_is_not_released() -> None:
    assert re.findall(r"^## (.*)", CHANGELOG, re.MULTILINE)[0] == "Unreleased"


def test_the_links_of_the_readme_work_on_pypi_and_lead_to_files() -> None:
    targets = [link["target"] for link in _LINK.finditer((ROOT / "README.md").read_text(encoding="utf-8"))]
    assert [target for target in targets if not target.startswith(("https://", "#"))] == []
    ours = [target for target in targets if "github.com" in target]
    assert len(ours) > 20
    for target in ours:
        found = re.fullmatch(rf"{re.escape(ADDRESS)}/(?P<kind>blob|tree)/main/(?P<path>[^#]+)(#.*)?", target)
        assert found, target
        path = ROOT / found["path"]
        assert path.is_file() if found["kind"] == "blob" else path.is_dir(), target


def test_the_addresses_of_the_project_are_below_one() -> None:
    addresses = dict(line.split(" = ") for line in SETUP["metadata"]["project_urls"].strip().splitlines())
    assert set(addresses) == {"Documentation", "Source", "Issues", "Changelog"}
    assert all(address.startswith(ADDRESS) for address in addresses.values())
    package = json.loads((ROOT / "clients" / "js" / "package.json").read_text())
    assert package["repository"]["url"] == f"git+{ADDRESS}.git"


def test_the_source_distribution_has_pages_fixtures_and_tests(tmp_path: Path) -> None:
    pytest.importorskip("setuptools")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this is no checkout")
    files = [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    copy = tmp_path / "copy"
    for name in files:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).symlink_to(ROOT / name)
    program = "import setuptools.build_meta as b; print(b.build_sdist('dist'))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=copy, capture_output=True, text=True, timeout=HANG, check=False
    )
    assert done.returncode == 0, done.stderr
    (archive,) = (copy / "dist").glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        packed = {name.partition("/")[2] for name in opened.getnames()}
    left_out = {name for name in files if name not in packed}
    assert {name for name in left_out if not name.startswith(".")} == set()
