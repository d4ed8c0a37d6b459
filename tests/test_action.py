"""The GitHub Action and the workflows: their options exist, and the script that starts the server does so."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import yaml

from mockserver.cli.serve import serve
from tests.waiting import HANG

ROOT = Path(__file__).parent.parent
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
INSTALL, START = ACTION["runs"]["steps"]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
_BLOCK = re.compile(r"^```yaml[^\n]*\n(?P<source>.*?)^```", re.MULTILINE | re.DOTALL)
VARIABLES = {f"MOCKSERVER_{(option.name or '').upper()}": option for option in serve.params}


def variables_of_the_server(text: str) -> set[str]:
    return set(re.findall(r"\bMOCKSERVER_[A-Z_]+\b", text))


def test_its_variables_are_options_of_serve() -> None:
    given = {name for name in START["env"] if not name.startswith("ACTION_")}
    assert given
    assert given <= set(VARIABLES)


def test_each_input_is_used_and_described_and_each_used_one_is_there() -> None:
    used = set(re.findall(r"\$\{\{ inputs\.([a-z-]+) \}\}", (ROOT / "action.yml").read_text()))
    assert used == set(ACTION["inputs"])
    assert all(about["description"] and "default" in about for about in ACTION["inputs"].values())


def test_no_input_stands_in_a_script() -> None:
    """It would be run as shell; as a variable it is only a text."""
    assert not any("${{" in step["run"] for step in (INSTALL, START))


@pytest.fixture
def runner(tmp_path: Path) -> dict[str, str]:
    """The variables of a runner, with the server of this checkout as the command."""
    command = tmp_path / "mockserver"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m mockserver "$@"\n')
    command.chmod(0o755)
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("MOCKSERVER_")},
        "PYTHONPATH": str(ROOT),
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "ACTION_COMMAND": str(command),
        "ACTION_OPTIONS": "",
        "ACTION_TIMEOUT": "100",
    }


def start(runner: dict[str, str], **variables: str) -> tuple[int, str, dict[str, str]]:
    """Run the start step; its status, what it prints, and its outputs."""
    done = subprocess.run(
        ["bash", "-c", START["run"]], env={**runner, **variables}, capture_output=True, text=True, timeout=2 * HANG
    )
    output = Path(runner["GITHUB_OUTPUT"])
    lines = output.read_text().splitlines() if output.exists() else []
    return done.returncode, done.stdout + done.stderr, dict(line.split("=", 1) for line in lines)


def test_it_starts_a_server_that_answers_at_its_url(runner: dict[str, str]) -> None:
    empty = dict.fromkeys(("MOCKSERVER_PROFILE", "MOCKSERVER_API_KEY", "MOCKSERVER_CONTROL_TOKEN"), "")
    options = "--quiet --without-demo"
    status, printed, outputs = start(
        runner, **empty, MOCKSERVER_PORT="0", MOCKSERVER_DB="shop", MOCKSERVER_FIXTURES="uom", ACTION_OPTIONS=options
    )
    assert status == 0, printed
    try:
        with urllib.request.urlopen(f"{outputs['url']}/_mock/health", timeout=HANG) as answer:
            assert b'"db": "shop"' in answer.read().replace(b'"db":"', b'"db": "')
        assert "mockserver ready:" in Path(outputs["log"]).read_text()
    finally:
        os.kill(int(outputs["pid"]), signal.SIGTERM)


def test_a_server_that_does_not_start_fails_the_step_with_its_message(runner: dict[str, str]) -> None:
    status, printed, outputs = start(runner, MOCKSERVER_PORT="0", MOCKSERVER_PROFILE="odoo-1.0")
    assert status == 1
    assert "odoo-1.0" in printed
    assert "::error::mockserver did not start" in printed
    assert "url" not in outputs


@pytest.mark.parametrize("page", WORKFLOWS, ids=lambda page: page.name)
def test_a_workflow_gives_the_action_what_it_takes(page: Path) -> None:
    check_workflow(page.read_text())


def blocks() -> list[Any]:
    """The YAML blocks of the guides that name the server: workflows and compose files."""
    found: list[Any] = []
    for page in sorted(ROOT.glob("docs/**/*.md")):
        for block in _BLOCK.finditer(page.read_text()):
            if "mockserver" in block["source"]:
                found.append(pytest.param(block["source"], id=f"{page.name}-{len(found)}"))
    return found


@pytest.mark.parametrize("source", blocks())
def test_a_block_of_a_guide_says_what_the_server_knows(source: str) -> None:
    check_workflow(source)


def check_workflow(text: str) -> None:
    assert variables_of_the_server(text) <= set(VARIABLES)
    for job in (yaml.safe_load(text).get("jobs") or {}).values():
        for step in job["steps"]:
            if step.get("uses", "").split("@")[0] in ("./", "odoo-mockserver/odoo-mockserver"):
                assert set(step.get("with", {})) <= set(ACTION["inputs"])
        outputs = set(re.findall(r"steps\.odoo\.outputs\.([a-z_-]+)", str(job)))
        assert outputs <= set(ACTION["outputs"])
