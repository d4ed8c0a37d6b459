"""Another instance of ourselves as the live server of a test session."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

# pytester forgets the modules that its runs import: these are to stay the ones that the tests have
import mockserver.cli.verify
import mockserver.contract.consumer.profile_check
import mockserver.contract.verify
import mockserver.pytest_plugin.upstream
import mockserver.testing.transports.requests  # noqa: F401
from mockserver.server.server import MockServer

PASSWORD = "between us"
CALL = """
import xmlrpc.client

def call(server, model, method, *args, **kwargs):
    with xmlrpc.client.ServerProxy(server.url + "/xmlrpc/2/object") as models:
        return models.execute_kw(server.db, server.uid, server.password, model, method, list(args), kwargs)
"""


@contextmanager
def live_server(profile: str = "odoo-17.0", db: str = "erp_scratch", **options: object) -> Iterator[MockServer]:
    """A live server; its ids are others than those of a mock."""
    with MockServer(profile=profile, db=db, password=PASSWORD, master_password="master", **options) as server:  # type: ignore[arg-type]
        for number in range(7):
            server.env["res.partner"].create({"name": f"Theirs {number}"})
        yield server


Run = Callable[..., pytest.RunResult]


def runner(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a test module, which has `call`, with a live server: `run(server, source, *options)`."""
    monkeypatch.setenv("MOCKSERVER_UPSTREAM_PASSWORD", PASSWORD)
    monkeypatch.setenv("MASTER", "master")

    def run(server: MockServer | str, source: str, *options: str, db: str | None = None) -> pytest.RunResult:
        url, named = (server, "erp_scratch") if isinstance(server, str) else (server.url, server.db)
        pytester.makepyfile(CALL + textwrap.dedent(source))
        where = ["--mockserver-upstream", url, "--mockserver-upstream-db", db or named]
        return pytester.runpytest_inprocess("-p", "no:cacheprovider", "-rs", *where, *options)

    return run


def output(result: pytest.RunResult) -> str:
    """All that it printed."""
    return "\n".join([*result.outlines, *result.errlines])


def partners(server: MockServer) -> list[str]:
    """The names of the live server's partners, archived ones too."""
    found = server.env["res.partner"].with_context(active_test=False).search([], order="name, id")
    return [str(name) for name in found.mapped("name")]
