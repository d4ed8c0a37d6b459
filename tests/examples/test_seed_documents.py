"""The samples of the external API documents of Flectra and CloudOffix, in each language that can run here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mockserver import MockServer
from tests.waiting import HANG

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
PRINTED = "every call of the document was answered as printed"
# arguments with which a program fails where it lacks what the example needs
LIBRARIES = {
    ("ruby",): ("-e", "require 'xmlrpc/client'"),
    ("php",): ("-r", "exit((int) (PHP_VERSION_ID < 80100 || !class_exists('SimpleXMLElement')));"),
    ("java",): ("--describe-module", "jdk.compiler"),
}
COMPANIES = 19  # as many as the document of Flectra finds


def run(server: MockServer, example: str, *command: str) -> None:
    """Run one example as its reader would; skip where its interpreter is missing."""
    program = shutil.which(command[0])
    if program is None:
        pytest.skip(f"{command[0]} is not installed")
    if command in LIBRARIES and subprocess.run([program, *LIBRARIES[command]], capture_output=True).returncode:
        pytest.skip(f"{command[0]} lacks what the example needs: {' '.join(LIBRARIES[command])}")
    environ = {**os.environ, **server.environ(), "NO_PROXY": "*"}
    done = subprocess.run(
        [program, *command[1:], str(EXAMPLES / example)],
        env=environ, capture_output=True, encoding="utf-8", timeout=HANG, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip().endswith(PRINTED)


@pytest.fixture
def flectra(mockserver: MockServer) -> MockServer:
    """Enough companies for the second page, and an API key."""
    partners = mockserver.env["res.partner"]
    for number in range(COMPANIES - len(partners.search([("is_company", "=", True)]))):
        partners.create({"name": f"Company {number}", "is_company": True})
    assert mockserver.api_key
    return mockserver


@pytest.mark.mockserver(profile="flectra-2.0")
@pytest.mark.parametrize(
    ("example", "command"),
    [
        ("external_api.py", (sys.executable, "-W", "error")),
        ("external_api.rb", ("ruby",)),
        ("external_api.php", ("php",)),
        ("ExternalApi.java", ("java",)),
    ],
    ids=["python", "ruby", "php", "java"],
)
def test_flectra_answers_as_its_document_prints(flectra: MockServer, example: str, command: tuple[str, ...]) -> None:
    run(flectra, f"flectra/{example}", *command)


@pytest.mark.mockserver(profile="cloudoffix-11.0", db="demo.cloudoffix.com")
def test_cloudoffix_answers_python_as_its_document_prints(mockserver: MockServer) -> None:
    run(mockserver, "cloudoffix/cloudconnect.py", sys.executable, "-W", "error")


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.mockserver(profile="cloudoffix-11.0", db="demo.cloudoffix.com")
def test_cloudoffix_answers_curl_as_its_document_prints(mockserver: MockServer) -> None:
    run(mockserver, "cloudoffix/cloudconnect.sh", "sh")
