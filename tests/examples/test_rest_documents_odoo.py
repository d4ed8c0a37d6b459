"""The samples of the document of odoo-rest-api."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mockserver import MockServer
from tests.waiting import HANG

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples" / "odoo_rest_api"
PRINTED = "every call of the document was answered as printed"


@pytest.mark.parametrize("profile", ["odoo-12.0", "odoo-15.0", "odoo-17.0", "odoo-19.0"])
def test_the_put_document_is_answered_as_it_prints(profile: str) -> None:
    with MockServer(fixtures=[str(EXAMPLES / "related_products.json")], profile=profile) as server:
        done = subprocess.run(
            [sys.executable, str(EXAMPLES / "put.py")], capture_output=True, text=True, timeout=HANG,
            env={**os.environ, **server.environ(), "NO_PROXY": "*"}, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith(PRINTED)
