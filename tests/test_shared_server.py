"""`--mockserver-url`: runs of pytest on one server, each process or test with a database of its own."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import mockserver
from mockserver.server.server import MockServer
from mockserver.services.leases import Leases

TOKEN = "a-token-of-the-team"
Run = Callable[..., pytest.RunResult]

# each test creates a partner of the same name, and sees its own alone
SUITE = """
    import os
    import pytest
    import xmlrpc.client

    @pytest.mark.parametrize("round", range(4))
    def test_it(mockserver, round):
        login = mockserver.db, mockserver.uid, mockserver.password
        with xmlrpc.client.ServerProxy(f"{mockserver.url}/xmlrpc/2/object") as models:
            for name in ("Mine", "Mine too"):
                models.execute_kw(*login, "res.partner", "create", [{"name": name, "comment": mockserver.db}])
            domain = [("name", "like", "Mine")]
            rows = models.execute_kw(*login, "res.partner", "search_read", [domain], {"fields": ["comment"]})
        assert [mockserver.db in row["comment"] for row in rows] == [True, True]
        assert mockserver.env["res.partner"].search_count([("name", "=", "Mine")]) == 1
        assert ("-gw" if "PYTEST_XDIST_WORKER" in os.environ else "-main") in mockserver.db
"""


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer(control=True, control_token=TOKEN) as server:
        yield server


@pytest.fixture(autouse=True)
def nothing_is_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """No database of a run is left, and nothing was written to the one that was copied."""
    yield
    if "server" in request.fixturenames:
        server = request.getfixturevalue("server")
        assert list(server.app.databases) == ["mock"]
        assert server.env["res.partner"].search_count([("name", "like", "Mine")]) == 0


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs pytest on a server: `run(server.url, source, *options)`; `process`: in a process of its own."""
    monkeypatch.setenv("MOCKSERVER_CONTROL_TOKEN", TOKEN)
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)  # of the run that these tests are part of
    monkeypatch.setenv("PYTHONPATH", str(Path(mockserver.__file__).parents[1]))  # processes run the code under test

    def run(url: str, source: str, *options: str, process: bool = False) -> pytest.RunResult:
        pytester.makepyfile(source)
        start = pytester.runpytest_subprocess if process or "-n" in options else pytester.runpytest_inprocess
        return start("-p", "no:cacheprovider", "-rs", "--mockserver-url", url, *options)

    return run


# -- several processes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("each", ["worker", "test"])
def test_workers_or_tests_do_not_meet(run: Run, server: MockServer, each: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made, begin = set[str](), Leases.begin

    def noted(leases: Leases, name: str, seconds: float | None) -> None:
        made.add(name)
        begin(leases, name, seconds)

    monkeypatch.setattr(Leases, "begin", noted)
    processes = ("-n", "2") if each == "worker" else ()
    run(server.url, SUITE, *processes, "--mockserver-url-each", each).assert_outcomes(passed=4)
    tests = {name.partition("-")[2][7:] for name in made if name.count("-") > 1}
    assert tests == ({"gw0", "gw1"} if each == "worker" else {"main-1", "main-2", "main-3", "main-4"})


def test_two_suites_run_at_once(server: MockServer, run: Run) -> None:
    results: list[pytest.RunResult] = []
    threads = [threading.Thread(target=lambda: results.append(run(server.url, SUITE, process=True))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        result.assert_outcomes(passed=4)


def test_what_a_worker_leaves_that_crashes_is_dropped_at_the_end(server: MockServer, run: Run) -> None:
    source = """
        import os

        def test_crash(mockserver):
            mockserver.env["res.partner"].create({"name": "Mine"})
            os._exit(1)

        def test_other(mockserver):
            assert mockserver.env["res.partner"].search_count([("name", "=", "Mine")]) == 0
    """
    run(server.url, source, "-n", "2").assert_outcomes(passed=1, failed=1)


def test_what_a_run_leaves_that_is_killed_is_dropped_by_a_later_one(server: MockServer, run: Run) -> None:
    source = """
        import os

        def test_kill(mockserver):
            os._exit(1)
    """
    assert run(server.url, source, process=True).ret == 1
    left = [name for name in server.app.databases if name != "mock"]
    assert len(left) == 2
    assert all(name.startswith("mock-") for name in left)
    run(server.url, SUITE).assert_outcomes(passed=4)
    assert set(left) <= set(server.app.databases)  # it may still run
    for name in left:
        server.app.databases.leases[name].used -= 3601
    run(server.url, SUITE).assert_outcomes(passed=4)


# -- data ----------------------------------------------------------------------------------------------------


def test_the_data_are_those_of_the_database_and_of_the_fixtures(server: MockServer, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "shop.json"
    file.write_text('{"records": [{"model": "res.partner", "xmlid": "shop.azure", "values": {"name": "Mine, Azure"}}]}')
    server.database("mock").env()["res.partner"].create({"name": "Before"})
    source = f"""
        import pytest

        @pytest.mark.mockserver(fixtures=["uom", {str(file)!r}])
        @pytest.mark.parametrize("round", range(2))
        def test_fixtures(mockserver, mockserver_factory, round):
            assert mockserver.ref("shop.azure").name == "Mine, Azure"
            assert mockserver.ref("uom.product_uom_unit").name == "Units"
            mockserver.ref("shop.azure").unlink()
            other = mockserver_factory()
            assert other.db != mockserver.db
            assert other.ref("shop.azure").name == "Mine, Azure"

        def test_none(mockserver):
            assert mockserver.env["res.partner"].search_count([("name", "like", "Mine")]) == 0
            assert mockserver.env["res.partner"].search_count([("name", "=", "Before")]) == 1
            assert mockserver.profile.name == "odoo-17.0"
            assert mockserver.environ()["ODOO_DB"] == mockserver.db
            user = mockserver.user("ann@example.com")
            assert user.env["res.users"].browse(user.uid).login == "ann@example.com"

        @pytest.mark.mockserver(fixtures=[{str(tmp_path)!r}])
        def test_a_folder(mockserver):
            pass

        @pytest.mark.mockserver(fixtures=["sal"])
        def test_an_unknown_pack(mockserver):
            pass
    """
    result = run(server.url, source)
    result.assert_outcomes(passed=3, errors=2)
    result.stdout.fnmatch_lines(
        [
            "*is a folder, and a shared server takes packs and JSON files only",
            "*unknown fixture pack 'sal'; did you mean 'sale'?*",
        ]
    )
    server.reset()


def test_another_database_is_copied(server: MockServer, run: Run) -> None:
    second = server.app.databases.duplicate("mock", "second")
    second.env()["res.partner"].create({"name": "Of the second"})
    source = """
        def test_it(mockserver):
            assert mockserver.db.startswith("second-")
            assert mockserver.env["res.partner"].search_count([("name", "=", "Of the second")]) == 1
    """
    run(server.url, source, "--mockserver-url-db", "second").assert_outcomes(passed=1)
    server.app.databases.drop("second")


def test_what_needs_a_server_of_ones_own_is_skipped_with_the_reason(server: MockServer, run: Run) -> None:
    source = """
        import pytest

        def test_clock(mockserver):
            mockserver.clock.freeze("2026-01-31 12:00:00")

        @pytest.mark.mockserver(profile="odoo-18.0")
        def test_profile(mockserver):
            pass

        @pytest.mark.mockserver(rest="muk_rest")
        def test_rest(mockserver):
            pass

        @pytest.mark.mockserver(db=["one", "two"])
        def test_databases(mockserver):
            pass
    """
    result = run(server.url, source)
    result.assert_outcomes(skipped=4)
    result.stdout.fnmatch_lines_random(
        [
            "*mockserver.clock is not available on the shared server of --mockserver-url, which others use too",
            "*the test is about odoo-18.0, and the server of --mockserver-url is odoo-17.0",
            "*the test wants rest='muk_rest', which the shared server does not have",
            "*the test wants 2 databases, each with a name of its choice",
        ]
    )


SKIPPED = """
    import pytest

    @pytest.mark.mockserver(profile="odoo-18.0")
    @pytest.mark.parametrize("round", range(2))
    def test_profile(mockserver, round):
        pass

    def test_clock(mockserver_factory):
        mockserver_factory().clock.freeze("2026-01-31 12:00:00")

    def test_without_the_fixture():
        pass
"""


@pytest.mark.parametrize("options", [(), ("-n", "2")])
def test_a_run_that_skips_each_test_for_its_server_fails(
    server: MockServer, run: Run, options: tuple[str, ...]
) -> None:
    result = run(server.url, SKIPPED, *options)
    result.assert_outcomes(skipped=3, passed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        ["nothing was tested: all 3 tests that use mockserver were skipped (the first: mockserver: *"]
    )


def test_a_run_that_skips_its_only_test_gives_the_reason(server: MockServer, run: Run) -> None:
    result = run(server.url, SKIPPED, "-k", "0")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    reason = "mockserver: the test is about odoo-18.0, and the server of --mockserver-url is odoo-17.0"
    result.stdout.fnmatch_lines([f"nothing was tested: the one test that uses mockserver was skipped ({reason})"])


@pytest.mark.parametrize("test", ["def test_it(mockserver): ...", "def test_it(mockserver): pytest.skip('today')"])
def test_a_run_that_skips_some_tests_passes(server: MockServer, run: Run, test: str) -> None:
    result = run(server.url, f"{SKIPPED}\n    {test}")
    assert result.ret == pytest.ExitCode.OK
    assert "nothing was tested" not in result.stdout.str()


def test_a_profile_of_all_tests_that_the_server_does_not_have_ends_the_run(
    server: MockServer, run: Run, pytester: pytest.Pytester
) -> None:
    text = "and the server of --mockserver-url is odoo-17.0"
    line = _refused(run(server.url, SUITE, "--mockserver-profile", "odoo-18.0"))
    assert line == f"ERROR: --mockserver-profile is odoo-18.0, {text}"
    pytester.makeini("[pytest]\nmockserver_profile = odoo-16.0")
    assert _refused(run(server.url, SUITE)) == f"ERROR: mockserver_profile of the ini file is odoo-16.0, {text}"
    run(server.url, SUITE, "--mockserver-profile", "odoo-17.0").assert_outcomes(passed=4)


def test_ini_options_that_have_no_effect_on_the_server_are_told(
    server: MockServer, run: Run, pytester: pytest.Pytester
) -> None:
    pytester.makeini("[pytest]\nmockserver_strict = true\nmockserver_control = true\nmockserver_demo = false")
    result = run(server.url, SUITE)
    result.assert_outcomes(passed=4)
    result.stdout.fnmatch_lines(
        [
            f"mockserver: {server.url}, databases mock-*-… "
            "(no effect on it: mockserver_strict, mockserver_demo of the ini file)"
        ]
    )


def test_a_server_that_was_started_anew_is_copied_anew(run: Run) -> None:
    with MockServer(control=True, control_token=TOKEN) as own:
        source = """
            import json
            import os
            import urllib.request

            def drop(mockserver, name):
                headers = {"Authorization": "Bearer " + os.environ["MOCKSERVER_CONTROL_TOKEN"]}
                url = f"{mockserver.url}/_mock/databases/{name}"
                urllib.request.urlopen(urllib.request.Request(url, headers=headers, method="DELETE")).close()

            def test_first(mockserver):
                drop(mockserver, mockserver.db)
                drop(mockserver, mockserver.db.removesuffix("-main"))

            def test_second(mockserver):
                assert mockserver.env["res.partner"].search_count([]) > 0
        """
        run(own.url, source).assert_outcomes(passed=2)
        assert list(own.app.databases) == ["mock"]


# -- servers that cannot be used -----------------------------------------------------------------------------


@pytest.fixture
def other_server() -> Iterator[str]:
    """A server that is no mockserver."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(404)

        def log_message(self, format: str, *args: object) -> None:
            """Print nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as served:
        thread = threading.Thread(target=served.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{served.server_port}"
        served.shutdown()
        thread.join()


def _refused(result: pytest.RunResult) -> str:
    """The one line with which a run ended before its first test."""
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    [line] = [line for line in result.errlines if line]
    return line


def test_another_server_is_told(run: Run, other_server: str) -> None:
    assert _refused(run(other_server, SUITE)) == (
        f"ERROR: --mockserver-url: {other_server} is no mockserver with a control API: it answers 404 to GET "
        "/_mock/health. --mockserver-url is the address of `mockserver serve` (without --no-control); for an Odoo "
        "server there is --mockserver-upstream"
    )


def test_a_wrong_token_is_told(run: Run, server: MockServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCKSERVER_CONTROL_TOKEN", "wrong")
    text = (
        "the token is not the control token of this server (the environment variable MOCKSERVER_CONTROL_TOKEN holds it)"
    )
    assert _refused(run(server.url, SUITE)) == f"ERROR: --mockserver-url: {server.url}: {text}"


def test_a_wrong_password_ends_the_run(run: Run, server: MockServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCKSERVER_PASSWORD", "wrong")
    line = _refused(run(server.url, SUITE))
    assert line.startswith(f"ERROR: --mockserver-url: {server.url}")
    assert line.endswith("wrong login or password (the environment variable MOCKSERVER_PASSWORD holds the password)")


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (("--mockserver-url", "nonsense"), "--mockserver-url: 'nonsense' is not the URL of a server*"),
        (
            ("--mockserver-url", "http://127.0.0.1:1"),
            "--mockserver-url: * cannot be reached: nothing listens there (`mockserver serve` prints a line when it is "
            "ready)",
        ),
        (
            ("--mockserver-url", "http://127.0.0.1:1", "--mockserver-live", "--mockserver-upstream", "http://x"),
            "--mockserver-url and --mockserver-upstream exclude each other",
        ),
        (
            ("--mockserver-url", "http://127.0.0.1:1", "--mockserver-allow-webhooks"),
            "--mockserver-allow-webhooks has no effect on the running server of --mockserver-url: start it with "
            "`mockserver serve --allow-webhooks`",
        ),
        (("--mockserver-url", ""), "--mockserver-url is empty"),
        (("--mockserver-profile", ""), "--mockserver-profile is empty"),
        (("--mockserver-rest", ""), "--mockserver-rest is empty"),
        (
            ("--mockserver-profile", "odoo-17"),
            "--mockserver-profile: unknown profile 'odoo-17'; did you mean odoo-17.0*",
        ),
        (("-o", "mockserver_profile=odoo-17"), "mockserver_profile of the ini file: unknown profile 'odoo-17'; *"),
        (
            ("--mockserver-fixtures", "crm,slae"),
            "--mockserver-fixtures: unknown fixture pack 'slae'; did you mean 'sale'? *",
        ),
        (("--mockserver-url-db", "mock"), "--mockserver-url-db has no effect without --mockserver-url"),
        (("--mockserver-url-each", "worker"), "--mockserver-url-each has no effect without --mockserver-url"),
    ],
)
def test_options_that_cannot_be_are_refused(pytester: pytest.Pytester, options: tuple[str, ...], text: str) -> None:
    pytester.makepyfile("def test_it():\n    pass\n")
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", *options)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {text}"])


def test_an_unknown_database_is_told(run: Run, server: MockServer) -> None:
    line = _refused(run(server.url, SUITE, "--mockserver-url-db", "mok"))
    assert line == f"ERROR: --mockserver-url: {server.url}: there is no database 'mok'; did you mean 'mock'?"
