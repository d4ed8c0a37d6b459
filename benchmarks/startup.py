"""(a) What a process pays once: imports, the first server, the pytest plugin."""

from __future__ import annotations

import compileall
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import mockserver
from benchmarks.measuring import Figure
from mockserver import profiles
from mockserver.clock import Clock
from mockserver.seed import build as seed

ROUNDS = 15

# each prints a JSON list of seconds: import, until the first answer
OURS = """
import json, time
times = [time.perf_counter()]
from mockserver import MockServer
times.append(time.perf_counter())
server = MockServer().start()
from xmlrpc.client import ServerProxy
call = ServerProxy(server.url + "/xmlrpc/2/object").execute_kw
assert call(server.db, server.uid, server.password, "res.partner", "search_count", [[]])
times.append(time.perf_counter())
server.stop()
print(json.dumps([b - a for a, b in zip(times, times[1:])]))
"""
BARE = """
import json, time
times = [time.perf_counter()]
from werkzeug.serving import make_server
times.append(time.perf_counter())
from mockserver.server.serving import KeepAliveServer
times.append(time.perf_counter())
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/xml")])
    return [b"<methodResponse><params><param><value>1</value></param></params></methodResponse>"]
server = KeepAliveServer(app)
server.start()
from xmlrpc.client import ServerProxy
assert ServerProxy(server.url).version()
times.append(time.perf_counter())
server.stop()
print(json.dumps([b - a for a, b in zip(times, times[1:])]))
"""


# seconds of the first server with all business modules, of the next one, and of the first without them
BUSINESS = """
import json, time
from mockserver import MockServer
times = [time.perf_counter()]
for _ in range(2):
    MockServer(fixtures=["business"])
    times.append(time.perf_counter())
print(json.dumps([b - a for a, b in zip(times, times[1:])]))
"""
BASE = BUSINESS.replace('fixtures=["business"]', "")


def figures() -> Iterator[Figure]:
    """Fresh processes, ours and the baseline's in turn, with our byte code compiled as pip does when it installs us."""
    compileall.compile_dir(Path(mockserver.__file__).parent, quiet=1)
    ours, bare = [_in_process(OURS)], [_in_process(BARE)]
    for _ in range(ROUNDS):
        ours.append(_in_process(OURS))
        bare.append(_in_process(BARE))
    imported, answered = (min(times) for times in zip(*ours, strict=True))
    werkzeug, _, constant = (min(times) for times in zip(*bare, strict=True))
    name = "(a) MockServer() until its first answer, after import"
    yield Figure(name, answered, "s", constant, "server of a constant app", within=0.25)
    name = "    from mockserver import MockServer"
    yield Figure(name, imported * 1e3, "ms", werkzeug * 1e3, "import werkzeug.serving")
    yield from base_packs()
    yield from business()
    yield from plugin()


def base_packs() -> Iterator[Figure]:
    """The first database of each profile, in one process: the default's, and that of the slowest."""
    took = dict.fromkeys(profiles.PROFILES, math.inf)
    for _ in range(ROUNDS):
        for name, profile in profiles.PROFILES.items():
            seed._templates.clear()
            start = time.perf_counter()
            seed.build("bench", profile=profile, clock=Clock())
            took[name] = min(took[name], time.perf_counter() - start)
    seed._templates.clear()
    slowest, default = max(took, key=took.__getitem__), took[profiles.DEFAULT]
    yield Figure(
        f"    base pack of {slowest}, the slowest",
        took[slowest] * 1e3,
        "ms",
        default * 1e3,
        profiles.DEFAULT,
        within=200,
    )


def business() -> Iterator[Figure]:
    """A server with all business modules in a fresh process, and the next one in the same process."""
    rounds = [(_in_process(BUSINESS), _in_process(BASE)) for _ in range(ROUNDS)]
    first, following, base, next_base = (min(times) for times in zip(*(a + b for a, b in rounds), strict=True))
    without = "without the fixtures"
    yield Figure("    MockServer(fixtures=['business'])", first * 1e3, "ms", base * 1e3, without, within=600)
    yield Figure("    the next one in that process", following * 1e3, "ms", next_base * 1e3, without, within=10)
    with tempfile.TemporaryDirectory() as empty:
        options = ("-B", "-X", f"pycache_prefix={empty}")
        compiling = min(_in_process(BUSINESS, *options)[0] for _ in range(ROUNDS // 5))
    yield Figure("    the first one where no byte code is kept", compiling * 1e3, "ms", first * 1e3, "with byte code")


def _in_process(program: str, *options: str) -> list[float]:
    done = subprocess.run([sys.executable, *options, "-c", program], capture_output=True, text=True, check=True)
    times: list[float] = json.loads(done.stdout)
    return times


def plugin() -> Iterator[Figure]:
    """A pytest run of one test that does not use us, in processor time, which other work disturbs less."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_nothing.py").write_text("def test_nothing():\n    pass\n")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", folder]
        runs = [(_cpu(command, folder), _cpu([*command, "-p", "no:odoo_mockserver"], folder)) for _ in range(ROUNDS)]
    ours, baseline = (min(costs) for costs in zip(*runs, strict=True))
    name = "    pytest run of one empty test, our plugin installed"
    yield Figure(name, ours * 1e3, "ms", baseline * 1e3, "-p no:odoo_mockserver")
    program = (
        "import pytest, time; t = time.perf_counter()\n"
        "import mockserver.pytest_plugin; print([time.perf_counter() - t])"
    )
    imported = min(_in_process(program)[0] for _ in range(ROUNDS))
    yield Figure("    import of the plugin, after pytest", imported * 1e3, "ms")


def _cpu(command: Sequence[str], folder: str) -> float:
    """Seconds of processor time that a program takes."""
    before = os.times()
    subprocess.run(command, cwd=folder, capture_output=True, check=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system
