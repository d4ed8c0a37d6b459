"""The sample integration for products and invoices: its tests run as in a project of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.examples.test_contact_sync import run

EXAMPLE = Path(__file__).parents[2] / "examples" / "order_sync"


def test_its_tests_pass_in_a_project_of_its_own(tmp_path: Path) -> None:
    project = tmp_path / "order_sync"
    shutil.copytree(EXAMPLE, project, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    done = run(project)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed in " in done.stdout
    assert not any(word in done.stdout for word in ("skipped", "warning"))
