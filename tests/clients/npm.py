"""Packages from npm for tests on Node; without node, npm or a registry these tests are skipped."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

NODE, NPM = shutil.which("node"), shutil.which("npm")
INSTALL_SECONDS = 180
NEEDED = pytest.mark.skipif(not (NODE and NPM), reason="node or npm is not installed")


def installed(packages: Path, config: pytest.Config, temporary: pytest.TempPathFactory) -> Path:
    """Install once what the lock file in that folder says; returns `node_modules`."""
    lock = hashlib.sha256((packages / "package-lock.json").read_bytes()).hexdigest()[:12]
    cache: pytest.Cache | None = getattr(config, "cache", None)  # none with -p no:cacheprovider
    home = cache.mkdir("node-clients") if cache else temporary.mktemp("node-clients")
    modules = home / lock / "node_modules"
    if not modules.is_dir():
        # elsewhere first: workers of pytest-xdist come here at the same time
        with tempfile.TemporaryDirectory(dir=home) as work:
            target = Path(work, "packages")
            target.mkdir()
            for name in ("package.json", "package-lock.json"):
                shutil.copy(packages / name, target)
            _install(target)
            if not modules.is_dir():
                target.rename(modules.parent)
    return modules


def _install(target: Path) -> None:
    command = [str(NPM), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        done = subprocess.run(command, cwd=target, capture_output=True, text=True, timeout=INSTALL_SECONDS)
    except subprocess.TimeoutExpired:
        pytest.skip(f"npm did not answer within {INSTALL_SECONDS} s")
    if done.returncode:
        pytest.skip(f"npm cannot install the clients: {' '.join(done.stderr.split())[:200]}")
