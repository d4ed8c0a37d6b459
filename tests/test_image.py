"""The container image: what its Dockerfile must say, where docker does not run."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mockserver import MockServer
from mockserver.cli.serve import serve
from tests.test_packaging import PARTS
from tests.waiting import HANG

ROOT = Path(__file__).parent.parent
DOCKERFILE = ROOT / "Dockerfile"
HADOLINT = shutil.which("hadolint") or shutil.which("hadolint", path=str(Path(sys.executable).parent))


def instructions() -> list[tuple[str, str]]:
    """`(instruction, arguments)` of the Dockerfile, with continued lines joined."""
    text = re.sub(r"^\s*#.*\n", "", DOCKERFILE.read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    return [(line.split()[0], line.partition(" ")[2].strip()) for line in text.splitlines() if line.strip()]


def arguments(name: str) -> list[str]:
    return [given for instruction, given in instructions() if instruction == name]


def variables() -> dict[str, str]:
    """What the image sets in the environment."""
    return dict(pair.split("=", 1) for given in arguments("ENV") for pair in shlex.split(given))


@pytest.mark.skipif(HADOLINT is None, reason="hadolint is not installed")
def test_hadolint_finds_nothing() -> None:
    done = subprocess.run([str(HADOLINT), DOCKERFILE], capture_output=True, text=True, timeout=HANG, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_bases_are_small_and_have_a_version() -> None:
    bases = [given.split()[0] for given in arguments("FROM")]
    assert len(bases) == 2
    assert all(re.fullmatch(r"python:3\.\d+-slim", base) for base in bases)


def test_the_server_is_not_run_by_root() -> None:
    kinds = [instruction for instruction, _ in instructions()]
    last = len(kinds) - 1 - kinds[::-1].index("FROM")
    assert all(number not in ("0", "root") for number in arguments("USER")[-1].split(":"))
    assert kinds.index("USER") > last
    assert "RUN" not in kinds[kinds.index("USER") :]


def test_the_build_has_what_the_wheel_is_made_of_and_the_context_nothing_else() -> None:
    copied = {source for given in arguments("COPY") if not given.startswith("--from") for source in given.split()[:-1]}
    assert copied == set(PARTS) - {"MANIFEST.in"}
    context = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] not in ("", "#")]
    assert context[0] == "*"
    assert {line[1:] for line in context if line.startswith("!")} == copied


def test_nothing_secret_is_in_it() -> None:
    options = {f"MOCKSERVER_{(option.name or '').upper()}" for option in serve.params}
    ours = {name for name in variables() if name.startswith("MOCKSERVER_")}
    assert ours == {"MOCKSERVER_HOST", "MOCKSERVER_PORT"}
    assert ours <= options
    assert not re.search(r"token=|password|secret|api_key", DOCKERFILE.read_text(), re.IGNORECASE)


def test_it_listens_for_other_containers_on_the_port_that_it_tells() -> None:
    assert variables()["MOCKSERVER_HOST"] == "0.0.0.0"
    assert arguments("EXPOSE") == [variables()["MOCKSERVER_PORT"]]
    assert json.loads(arguments("ENTRYPOINT")[0]) + json.loads(arguments("CMD")[0]) == ["mockserver", "serve"]


def health(port: int) -> int:
    """The status of the command that tells docker how the server is."""
    (check,) = arguments("HEALTHCHECK")
    command = json.loads(check.partition(" CMD ")[2])
    assert command[:2] == ["python", "-c"]
    environ = {"MOCKSERVER_PORT": str(port)}
    done = subprocess.run([sys.executable, *command[1:]], env=environ, capture_output=True, timeout=HANG, check=False)
    return done.returncode


@pytest.mark.parametrize("control", [True, False])
def test_a_server_that_listens_is_healthy_and_one_that_is_gone_is_not(control: bool) -> None:
    with MockServer(control=control) as server:
        port = int(server.url.rpartition(":")[2])
        assert health(port) == 0
    assert health(port) == 1
