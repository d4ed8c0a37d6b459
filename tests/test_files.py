"""Files that cannot be written or read: a full disk, and brackets without end."""

from __future__ import annotations

import errno
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner

from mockserver import MockServer
from mockserver.cli import main
from mockserver.contract import format as contracts
from mockserver.contract.checks import ContractError
from mockserver.json_files import MAX_DEPTH
from mockserver.saving import CannotWrite, save
from mockserver.seed.files import FixtureError
from tests.test_cli import COMMAND, serving
from tests.waiting import HANG

FULL = Path("/dev/full")
with_full = pytest.mark.skipif(not FULL.exists(), reason="the system has no /dev/full")
ADDON = {
    "__manifest__.py": "{'name': 'Depot', 'version': '17.0.1.0.0'}",
    "depot.py": "from odoo import models, fields\nclass Depot(models.Model):\n    _name = 'x.depot'\n",
}


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk without room."""

    def full_file(path: Path, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        if mode != "w":
            return opened(path, mode, *args, **kwargs)
        path.touch()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    opened = Path.open
    monkeypatch.setattr(Path, "open", full_file)


def nested(depth: int) -> Any:
    value: Any = 0
    for _ in range(depth):
        value = [value]
    return value


def refused(*args: str) -> str:
    """The one line of a command that exits with 2."""
    done = CliRunner().invoke(main, args)
    assert done.exit_code == 2, done.output
    (line,) = done.output.splitlines()
    return line


# -- a full disk -----------------------------------------------------------------------------------


def test_a_file_that_cannot_be_written_is_named_and_stays_as_it_was(tmp_path: Path, request: Any) -> None:
    file = tmp_path / "state.json"
    save(file, "before")
    request.getfixturevalue("full")
    with pytest.raises(CannotWrite) as refusal:
        save(file, "after")
    assert str(refusal.value) == f"cannot write {file}: No space left on device"
    assert refusal.value.errno == errno.ENOSPC
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]
    assert file.read_text() == "before"


@with_full
def test_a_device_is_written_to_and_not_replaced() -> None:
    with pytest.raises(CannotWrite, match=r"^cannot write /dev/full: No space left on device$"):
        save(FULL, "text")
    assert not FULL.is_file()


def test_scan_names_the_file_that_cannot_be_written(tmp_path: Path, full: None) -> None:
    for name, text in ADDON.items():
        (tmp_path / name).write_bytes(text.encode())
    out = tmp_path / "depot.json"
    line = f"mockserver: cannot write {out}: No space left on device"
    assert refused("scan", str(tmp_path), "--out", str(out)) == line


def test_verify_names_the_report_that_cannot_be_written(tmp_path: Path, full: None) -> None:
    (tmp_path / "one.json").write_bytes(b'{"profile": "odoo-17.0", "steps": []}')
    for option in ("--json", "--junit"):
        done = CliRunner().invoke(main, ["verify", str(tmp_path / "one.json"), option, str(tmp_path / "report")])
        assert done.exit_code == 2
        assert (
            done.output.splitlines()[-1] == f"mockserver: cannot write {tmp_path / 'report'}: No space left on device"
        )


def test_pull_names_the_file_that_cannot_be_written(
    tmp_path: Path, full: None, mockserver: MockServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ERP_PASSWORD", mockserver.password)
    out = tmp_path / "pulled.json"
    line = refused(
        "pull", "--url", mockserver.url, "--db", "mock", "--login", "admin", "--password-env", "ERP_PASSWORD",
        "--models", "res.lang", "--output", str(out),
    )  # fmt: skip
    # what it has read so far is the first that it writes
    assert line == f"mockserver: cannot write {out}.pull.part: No space left on device"


def test_save_names_the_file_that_cannot_be_written(tmp_path: Path, full: None) -> None:
    with MockServer(control=True) as odoo:
        odoo.save_file = tmp_path / "state.json"
        answer = requests.post(f"{odoo.url}/_mock/save", json={}, timeout=HANG)
        line = f"cannot write {tmp_path / 'state.json'}: No space left on device"
        assert (answer.status_code, answer.json()) == (500, {"error": f"--save: {line}"})
        with pytest.raises(CannotWrite, match="No space left on device"):
            odoo.export(tmp_path / "state.json")


def test_serve_names_the_state_that_cannot_be_saved(tmp_path: Path) -> None:
    state = tmp_path / "folder" / "state.json"
    state.parent.mkdir()
    with serving("--save", str(state)) as odoo:
        state.parent.rmdir()
        code, _, log = odoo.stop()
    assert (code, log) == (2, f"mockserver: --save: cannot write {state}: No such file or directory\n")


@with_full
@pytest.mark.parametrize("args", [["profiles"], ["serve", "--port", "0"], ["schema"], ["--help"]])
def test_a_full_standard_output_is_one_line(args: list[str]) -> None:
    with FULL.open("w") as output:
        done = subprocess.run([*COMMAND, *args], stdout=output, stderr=subprocess.PIPE, text=True, timeout=HANG)
    assert (done.returncode, done.stderr) == (2, "mockserver: standard output: No space left on device\n")


@with_full
def test_a_full_log_does_not_stop_the_server() -> None:
    with FULL.open("w") as log:
        process = subprocess.Popen([*COMMAND, "serve", "--port", "0"], stdout=subprocess.PIPE, stderr=log, text=True)
    assert process.stdout is not None
    url = process.stdout.readline().split()[2]
    for _ in range(2):
        assert requests.get(f"{url}/web/health", timeout=HANG).status_code == 200
    process.terminate()
    assert process.wait(HANG) == 0
    process.stdout.close()


# -- brackets without end ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[" * 100_000, "it is nested too deeply"),
        ('{"records": ' + "[" * 900 + "]" * 900 + "}", "it is nested too deeply"),
        ('{"records": [' + "9" * 5000 + "]}", "not JSON: Exceeds the limit (4300"),
        ('{"steps": ' + "[" * 900 + "]" * 900 + "}", "it is nested too deeply"),
        ('{"steps": [' + "9" * 5000 + "]}", "not JSON: Exceeds the limit (4300"),
    ],
)
@pytest.mark.parametrize("command", ["check", "verify", "serve --port 0 --fixtures"])
def test_a_file_nested_too_deeply_is_named(tmp_path: Path, command: str, text: str, told: str) -> None:
    file = tmp_path / "deep.json"
    file.write_text(text)
    done = CliRunner().invoke(main, [*command.split(), str(file)])
    (line,) = done.output.splitlines()
    assert f"{file}: {told}" in line
    assert done.exit_code == (1 if command == "check" else 2)


def test_a_file_of_the_allowed_depth_is_read(tmp_path: Path) -> None:
    file = tmp_path / "deep.json"
    for depth, told in ((MAX_DEPTH - 1, "'name' is a text"), (MAX_DEPTH, "nested too deeply")):
        file.write_text(json.dumps({"steps": [], "name": nested(depth)}))
        with pytest.raises(ContractError, match=told):
            contracts.read(file)


@pytest.mark.parametrize("load", ["python", "control"])
def test_a_fixture_nested_too_deeply_is_refused_and_changes_nothing(load: str) -> None:
    with MockServer(control=True) as odoo:
        fixture: dict[str, Any] = {"records": [{"model": "res.partner", "values": {"name": nested(400)}}]}
        if load == "control":
            answer = requests.post(f"{odoo.url}/_mock/fixtures", json={"fixture": fixture}, timeout=HANG)
            assert (answer.status_code, answer.json()["error"]) == (
                400, f"the fixture: more than {MAX_DEPTH} brackets in each other",
            )  # fmt: skip
        else:
            with pytest.raises(FixtureError, match=f"more than {MAX_DEPTH} brackets"):
                odoo.load(fixture)


@pytest.mark.parametrize("value", [5, None, [{"model": "res.partner"}], b"sale"])
def test_what_is_no_fixture_is_told(mockserver: MockServer, value: Any) -> None:
    load: Callable[[Any], None] = mockserver.load
    with pytest.raises(FixtureError, match=r"^load takes the name of a pack, a path or the data of a fixture, not "):
        load(value)
