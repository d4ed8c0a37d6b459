"""mockserver-client from PyPI, whose package and pytest plugin are named `mockserver` too, beside or over ours."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.waiting import HANG

ROOT = Path(__file__).parent.parent
ENTRY_POINTS = {
    "mockserver_client": "[pytest11]\nmockserver = mockserver.pytest_plugin\n",
    "odoo_mockserver": "[pytest11]\nodoo_mockserver = odoo_mockserver\n",
}
TEST = "def test_it(request):\n    assert request.config.pluginmanager.has_plugin('mockserver')\n"


def distribution(folder: Path, *names: str) -> None:
    """Make the folder look as if these were installed there."""
    for name in names:
        (folder / f"{name}-9.0.dist-info").mkdir(parents=True)
        (folder / f"{name}-9.0.dist-info" / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {name}\nVersion: 9.0\n"
        )
        (folder / f"{name}-9.0.dist-info" / "entry_points.txt").write_text(ENTRY_POINTS[name])


def foreign_package(folder: Path) -> None:
    """Write the modules of the other distribution, over those that are there."""
    folder.mkdir(exist_ok=True)
    (folder / "__init__.py").write_text("from mockserver.models import MockServerClient\n")
    (folder / "models.py").write_text("class MockServerClient: pass\n")
    (folder / "websocket_client.py").write_text("")
    (folder / "pytest_plugin.py").write_text("import mockserver.websocket_client\n")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder into which ours is installed, without its data."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "mockserver", tmp_path / "site" / "mockserver", ignore=ignored)
    shutil.copy(ROOT / "odoo_mockserver.py", tmp_path / "site")
    distribution(tmp_path / "site", "odoo_mockserver")
    return tmp_path / "site"


def run(*command: str, cwd: Path, path: list[Path]) -> tuple[int, str]:
    """The status of python with these folders first on its path, and what it prints."""
    environ = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PYTEST"))}
    environ["PYTHONPATH"] = os.pathsep.join(map(str, path))
    done = subprocess.run(
        [sys.executable, *command], cwd=cwd, env=environ, capture_output=True, text=True, timeout=HANG, check=False
    )
    return done.returncode, done.stdout + done.stderr


def run_pytest(tmp_path: Path, *path: Path) -> tuple[int, str]:
    (tmp_path / "test_it.py").write_text(TEST)
    return run("-m", "pytest", "-p", "no:cacheprovider", "test_it.py", cwd=tmp_path, path=list(path))


def test_without_the_other_nothing_is_said(site: Path, tmp_path: Path) -> None:
    status, output = run_pytest(tmp_path, site)
    assert status == 0, output
    assert "1 passed in" in output
    assert "mockserver-client" not in output


@pytest.mark.parametrize("theirs_first", [False, True])
def test_theirs_below_ours_is_a_warning_and_tests_run(site: Path, tmp_path: Path, theirs_first: bool) -> None:
    (site / "mockserver" / "websocket_client.py").write_text("")
    other = tmp_path / "other"
    distribution(other, "mockserver_client")
    status, output = run_pytest(tmp_path, *([other, site] if theirs_first else [site, other]))
    assert status == 0, output
    assert "1 passed, 1 warning" in output
    assert f"is installed in the same folder as odoo-mockserver, {site / 'mockserver'}" in output
    assert "pip uninstall mockserver-client" in output


@pytest.mark.parametrize("theirs_first", [False, True])
def test_theirs_over_ours_ends_the_run(site: Path, tmp_path: Path, theirs_first: bool) -> None:
    foreign_package(site / "mockserver")
    other = tmp_path / "other"
    distribution(other, "mockserver_client")
    status, output = run_pytest(tmp_path, *([other, site] if theirs_first else [site, other]))
    assert status == pytest.ExitCode.USAGE_ERROR
    assert "Traceback" not in output
    assert f"ERROR: mockserver: the package mockserver at {site / 'mockserver' / '__init__.py'} is not" in output
    assert "pip uninstall mockserver-client" in output


def test_theirs_in_an_earlier_folder_ends_the_run(tmp_path: Path) -> None:
    other = tmp_path / "other"
    distribution(other, "mockserver_client", "odoo_mockserver")
    foreign_package(other / "mockserver")
    status, output = run_pytest(tmp_path, other, ROOT)
    assert status == pytest.ExitCode.USAGE_ERROR
    assert f"the package mockserver at {other / 'mockserver' / '__init__.py'} is not that of odoo-mockserver" in output


def test_ours_after_the_removal_of_theirs_is_told_from_a_whole_one(site: Path, tmp_path: Path) -> None:
    (site / "mockserver" / "__init__.py").unlink()  # pip removes what it has installed, though it was ours before
    program = "import odoo_mockserver; odoo_mockserver.main()"
    status, output = run("-c", program, "profiles", cwd=tmp_path, path=[site])
    assert status == 1
    assert output.startswith("mockserver: error: the package mockserver at ")
    assert "its removal takes files away" in output


def test_the_command_says_that_theirs_cannot_be_imported(site: Path, tmp_path: Path) -> None:
    foreign_package(site / "mockserver")
    (site / "mockserver" / "models.py").write_text("import a_package_that_is_not_there\n")
    status, output = run("-c", "import odoo_mockserver; odoo_mockserver.main()", "profiles", cwd=tmp_path, path=[site])
    assert status == 1
    assert output.startswith(
        "mockserver: error: import mockserver fails (No module named 'a_package_that_is_not_there')"
    )


def test_a_name_of_theirs_that_ours_does_not_have_says_why(site: Path, tmp_path: Path) -> None:
    program = "from mockserver import MockServerClient"
    _, before = run("-c", program, cwd=tmp_path, path=[site])
    assert "ImportError: cannot import name 'MockServerClient'" in before
    (site / "mockserver" / "websocket_client.py").write_text("")
    _, output = run("-c", program, cwd=tmp_path, path=[site])
    assert "ImportError: mockserver-client, the client of the Java MockServer, is installed in the same" in output


def test_the_entry_point_imports_nothing_of_the_server(tmp_path: Path) -> None:
    program = (
        "import sys, odoo_mockserver as o; assert o.replaced() is None; print(*sorted(m for m in sys.modules "
        "if m.startswith('mockserver') or m in ('werkzeug', 'click', 'pytest', 'importlib.metadata')))"
    )
    status, output = run("-c", program, cwd=tmp_path, path=[ROOT])
    assert (status, output.split()) == (0, ["mockserver"])
