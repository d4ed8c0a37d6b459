"""The TypeScript client of the control API: its types are those of the server, and its own tests pass on Node."""

from __future__ import annotations

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mockserver.control import ROUTES, openapi
from tests.clients import npm
from tests.waiting import HANG

ROOT = Path(__file__).parent.parent.parent
CLIENT = ROOT / "clients" / "js"
GUIDE = ROOT / "docs" / "howto" / "typescript.md"
generate: dict[str, Any] = runpy.run_path(str(CLIENT / "generate.py"), run_name="generate")


def test_the_types_are_those_of_the_server() -> None:
    """`make client` writes them."""
    assert (CLIENT / "src" / "api.ts").read_text() == generate["typescript"](openapi.description(ROUTES))


def test_each_route_has_a_method() -> None:
    """But for those that only the page needs."""
    source = (CLIENT / "src" / "index.ts").read_text()
    used = {
        re.sub(r"\$\{\w+\}", "{}", found["path"]) for found in re.finditer(r"[\"`](?P<path>/[a-z][^\"`]*)[\"`]", source)
    }
    routes = {re.sub(r"\{\w+\}", "{}", route.path) for route in ROUTES}
    page = {"/databases/{}/models", "/databases/{}/models/{}", "/databases/{}/export"}
    page |= {"/databases/{}/models/{}/records/{}"}
    assert routes - used <= page
    assert used <= routes


def test_it_has_no_dependencies_and_the_lock_file_no_registry() -> None:
    package = json.loads((CLIENT / "package.json").read_text())
    assert "dependencies" not in package
    assert '"resolved"' not in (CLIENT / "package-lock.json").read_text()


@pytest.fixture(scope="module")
def built(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the client with its compiled module and declarations."""
    folder = tmp_path_factory.mktemp("client") / "js"
    shutil.copytree(CLIENT, folder, ignore=shutil.ignore_patterns("node_modules", "dist"))
    (folder / "node_modules").symlink_to(npm.installed(CLIENT, pytestconfig, tmp_path_factory))
    compile_(folder)
    return folder


def compile_(folder: Path, *options: str) -> None:
    compiler = folder / "node_modules" / "typescript" / "bin" / "tsc"
    command = [str(npm.NODE), str(compiler), *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=HANG, check=False)
    assert done.returncode == 0, done.stdout


@npm.NEEDED
def test_its_tests_pass(built: Path) -> None:
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("MOCKSERVER_")},
        "PYTHONPATH": str(ROOT),
        "MOCKSERVER_COMMAND": json.dumps([sys.executable, "-m", "mockserver"]),
    }
    command = [str(npm.NODE), "--test", "test/"]
    done = subprocess.run(
        command, cwd=built, env=environ, capture_output=True, encoding="utf-8", timeout=HANG, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "# pass 12" in done.stdout


@npm.NEEDED
def test_the_code_of_the_guide_has_the_right_types(built: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    (work / "node_modules").mkdir(parents=True)
    for name in ("typescript", "@types"):
        (work / "node_modules" / name).symlink_to(built / "node_modules" / name)
    (work / "node_modules" / "odoo-mockserver-control").symlink_to(built)
    # what the guide uses of vitest
    (work / "node_modules" / "vitest").mkdir()
    (work / "node_modules" / "vitest" / "package.json").write_text('{"type": "module", "exports": "./index.js"}')
    (work / "node_modules" / "vitest" / "index.d.ts").write_text(
        "type Hook = (run: () => unknown) => void;\n"
        "export const afterAll: Hook, beforeAll: Hook, beforeEach: Hook;\n"
        "export const test: (name: string, run: () => unknown) => void;\n"
        "export const expect: (value: unknown) => any;\n"
    )
    blocks = re.findall(r'^```ts title="(.*?)"\n(.*?)^```', GUIDE.read_text(), re.MULTILINE | re.DOTALL)
    assert [name for name, _ in blocks] == ["contacts.ts", "contacts.test.ts"]
    for name, source in blocks:
        (work / name).write_text(source)
    (work / "package.json").write_text('{"type": "module"}')
    compile_(work, "--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "contacts.test.ts")
