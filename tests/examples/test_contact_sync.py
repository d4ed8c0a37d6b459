"""The sample integration: its tests run as in a project of its own, and they notice what breaks it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

# pytester forgets the modules that a run imports first, and with them the data that they have read
import mockserver.server.server
import mockserver.testing.transports.requests  # noqa: F401
from tests.waiting import HANG

EXAMPLE = Path(__file__).parents[2] / "examples" / "contact_sync"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy, far from the settings of this one."""
    copy = tmp_path / "contact_sync"
    shutil.copytree(EXAMPLE, copy, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    return copy


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Its tests, with what is installed and nothing else."""
    environ = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PYTEST"))}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
        cwd=project, env={**environ, "NO_PROXY": "*"}, capture_output=True, text=True, timeout=HANG, check=False,
    )  # fmt: skip


def test_its_tests_pass_in_a_project_of_its_own(project: Path) -> None:
    done = run(project)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"rootdir: {project}" in done.stdout
    assert " passed in " in done.stdout
    assert not any(word in done.stdout for word in ("skipped", "warning"))


# what it should say and says instead; the test that notices, and what that prints
BROKEN: dict[str, tuple[tuple[str, str], str, str, list[str]]] = {
    "a lost answer makes a duplicate": (
        ("odoo_session.py", 'return self._post("/web/dataset/call_kw", params)\n        except OdooError'),
        'return self.patiently(lambda: self._post("/web/dataset/call_kw", params))\n        except OdooError',
        "test_a_contact_is_created_once",
        ["assert 2 == 1", "2 failed, 2 passed"],
    ),
    "their values are written over": (
        ("contact_sync.py", 'if same or row["write_date"] > contact.seen:'),
        "if same:",
        "test_what_odoo_changed_since_is_kept",
        ["1 failed", "res.partner.write(["],
    ),
    "the end of a second is not read": (
        ("contact_sync.py", '("write_date", ">=", since), ("id", "not in", read)'),
        '("write_date", ">", since)',
        "test_an_import_of_one_second_is_read_page_by_page",
        ["1 failed", "Right contains 15 more items"],
    ),
    "a duplicate is deleted": (
        ("contact_sync.py", "                return report.duplicate\n            for"),
        '                self._odoo.call("res.partner", "unlink", [found[1]["id"]])\n'
        "                return report.duplicate\n            for",
        "test_of_duplicates_none_is_touched",
        ["1 failed", "1 call that this test does not expect", "res.partner.unlink(["],
    ),
    "a field is misspelt": (
        ("contact_sync.py", '"write", [id_], contact.values'),
        '"write", [id_], {**contact.values, "emial": "x"}',
        "test_contacts_go_up_and_come_down",  # in those versions too where the server takes no notice of it
        ["5 failed", "res.partner has no field 'emial'; did you mean 'email'?"],
    ),
}


@pytest.mark.parametrize("mistake", BROKEN)
def test_its_tests_notice_that(
    project: Path, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, mistake: str
) -> None:
    (name, right), instead, test, told = BROKEN[mistake]
    source = (project / name).read_text(encoding="utf-8")
    assert source.count(right) == 1
    (project / name).write_text(source.replace(right, instead), encoding="utf-8")
    monkeypatch.chdir(project)
    monkeypatch.delitem(sys.modules, __name__)  # their tests are in a module of that name too
    done = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-q", "-k", test)
    assert done.ret == pytest.ExitCode.TESTS_FAILED
    assert [text for text in told if text not in str(done.stdout)] == []
