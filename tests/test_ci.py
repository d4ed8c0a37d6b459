"""What continuous integration runs, with a `make` that only says what it was asked for."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

RUN = Path(__file__).parent.parent / ".ci" / "run"
MAKE = """#!/bin/sh
echo "make $*"
test "$1" != "$FAILING"
"""


@pytest.mark.parametrize(("failing", "status"), [("", 0), ("lint", 1), ("conformance", 1), ("test", 1)])
def test_all_is_run_and_one_failure_is_enough(tmp_path: Path, failing: str, status: int) -> None:
    (tmp_path / "make").write_text(MAKE)
    (tmp_path / "make").chmod(0o755)
    environ = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "FAILING": failing}
    done = subprocess.run([RUN], env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == status
    assert done.stdout.splitlines() == ["make lint", "make conformance", "make test ARGS=-n 2 --dist loadfile"]
    assert (f"FAILED: make {failing}" in done.stderr) is (failing in ("lint", "conformance"))
