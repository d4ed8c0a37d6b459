"""What people install: the wheel, its fixtures, its entry points."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.waiting import HANG

ROOT = Path(__file__).parent.parent
PARTS = (
    "mockserver",
    "odoo_mockserver.py",
    "fixtures",
    "setup.py",
    "setup.cfg",
    "pyproject.toml",
    "MANIFEST.in",
    "README.md",
    "LICENSE",
)


def run(*command: str | Path, cwd: Path, path: Path | None = None) -> str:
    """What the command prints; fails the test with all of it when the command fails."""
    environ = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PYTEST"))}
    if path is not None:
        environ["PYTHONPATH"] = str(path)
    done = subprocess.run(list(map(str, command)), cwd=cwd, env=environ, capture_output=True, text=True, timeout=HANG)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the wheel is built from: building writes into its folder."""
    folder = tmp_path_factory.mktemp("source")
    for part in PARTS:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, folder / part)
    return folder


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index")
    run(*pip, "--wheel-dir", folder, source, cwd=folder)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the wheel is installed, far from the checkout."""
    folder = tmp_path_factory.mktemp("site")
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile")
    run(*pip, "--target", folder, wheel, cwd=folder)
    return folder


def test_the_wheel_holds_the_package_and_every_fixture(wheel: Path) -> None:
    assert wheel.name.startswith("odoo_mockserver-")
    names = set(zipfile.ZipFile(wheel).namelist())
    fixtures = {f"mockserver/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "fixtures").rglob("*.json")}
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "mockserver").rglob("*.py")}
    assert {name for name in names if name.endswith(".json")} == fixtures
    assert modules <= names
    page = {path.relative_to(ROOT).as_posix() for path in (ROOT / "mockserver/control/page").iterdir()}
    assert page <= names
    assert "mockserver/py.typed" in names
    assert {name.split("/")[0].partition("-")[0] for name in names} == {
        "mockserver",
        "odoo_mockserver",
        "odoo_mockserver.py",
    }


def test_a_server_from_the_wheel_has_the_base_data(installed: Path, tmp_path: Path) -> None:
    program = (
        "import mockserver; print(mockserver.__file__)\n"
        "with mockserver.MockServer() as odoo:\n"
        "    import xmlrpc.client\n"
        "    with xmlrpc.client.ServerProxy(odoo.url + '/xmlrpc/2/object') as models:\n"
        "        print(models.execute_kw(odoo.db, odoo.uid, odoo.password, 'res.country', 'search_count', [[]]))\n"
    )
    file, countries = run(sys.executable, "-c", program, cwd=tmp_path, path=installed).split()
    assert Path(file).is_relative_to(installed)
    assert countries == "250"


def test_the_installed_version_is_the_one_the_package_tells(installed: Path, tmp_path: Path) -> None:
    program = "import mockserver, importlib.metadata as m; print(m.version('odoo-mockserver'), mockserver.__version__)"
    told, own = run(sys.executable, "-c", program, cwd=tmp_path, path=installed).split()
    assert told == own


def test_pytest_finds_the_plugin_of_the_wheel(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "def test_it(mockserver):\n    assert mockserver.env['res.country'].search_count([('code', '=', 'BE')]) == 1\n"
    )
    output = run(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=tmp_path, path=installed)
    assert "1 passed" in output


def test_the_run_time_dependencies_are_three(installed: Path, tmp_path: Path) -> None:
    program = "import importlib.metadata as m; print(*sorted(r for r in m.requires('odoo-mockserver') if ';' not in r))"
    assert run(sys.executable, "-c", program, cwd=tmp_path, path=installed).split() == [
        "click>=8",
        "tinydb>=4.8",
        "werkzeug>=3",
    ]


def test_importing_the_package_imports_neither_werkzeug_nor_tinydb(tmp_path: Path) -> None:
    program = "import sys, mockserver; print(*sorted({'werkzeug', 'tinydb', 'click', 'pytest'} & set(sys.modules)))"
    assert run(sys.executable, "-c", program, cwd=tmp_path).split() == []


def test_every_public_name_can_be_imported() -> None:
    import mockserver

    names = [name for name in mockserver.__all__ if name != "__version__"]
    # `fields` is a module
    assert [getattr(mockserver, name).__name__.rpartition(".")[2] for name in names] == names


def test_an_unknown_name_of_the_package_is_an_attribute_error() -> None:
    import mockserver

    with pytest.raises(AttributeError, match="module 'mockserver' has no attribute 'nope'"):
        mockserver.nope  # noqa: B018
