"""The samples of the document of muk_rest, in each language that can run here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mockserver import MockServer
from tests.waiting import HANG

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples" / "muk_rest"
PRINTED = "every call of the document was answered as printed"


@pytest.mark.mockserver(profile="odoo-11.0", fixtures=["demo"], rest="muk_rest")
@pytest.mark.parametrize(
    ("example", "command"),
    [("rest_api.py", (sys.executable, "-W", "error")), ("rest_api.mjs", ("node",))],
    ids=["python", "node"],
)
def test_muk_rest_answers_as_its_document_prints(
    mockserver: MockServer, example: str, command: tuple[str, ...]
) -> None:
    program = shutil.which(command[0])
    if program is None:
        pytest.skip(f"{command[0]} is not installed")
    environ = {**os.environ, **mockserver.environ(), "NO_PROXY": "*"}
    done = subprocess.run(
        [program, *command[1:], str(EXAMPLES / example)],
        env=environ, capture_output=True, encoding="utf-8", timeout=HANG, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip().endswith(PRINTED)
