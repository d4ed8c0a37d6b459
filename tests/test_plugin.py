"""The pytest plugin, in test sessions of its own."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from mockserver.testing import pool
from mockserver.testing.pool import Configuration
from tests.waiting import HANG

KNOWN = f"(known: {', '.join((*Configuration._fields, 'deprecated'))})"
HEAVY = "{'werkzeug', 'tinydb', 'click', 'hypothesis', 'mockserver.server.server', 'mockserver.orm', 'xmlrpc.client'}"


def passed(pytester: pytest.Pytester, source: str, *args: str, count: int = 1) -> pytest.RunResult:
    """Run the source as a test module in which every test passes."""
    pytester.makepyfile(source)
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", *args)
    result.assert_outcomes(passed=count)
    return result


def failed(pytester: pytest.Pytester, source: str, *args: str) -> str:
    """Run the source as a test module whose one test does not pass; gives the output."""
    pytester.makepyfile(source)
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", *args)
    assert result.ret == 1
    return "\n".join(result.outlines)


# -- the fixture ----------------------------------------------------------------------------------


def test_the_fixture_is_a_running_server(pytester: pytest.Pytester) -> None:
    passed(
        pytester,
        """
        import xmlrpc.client

        def test_it(mockserver):
            with xmlrpc.client.ServerProxy(mockserver.url + "/xmlrpc/2/common") as common:
                assert common.authenticate(mockserver.db, mockserver.login, mockserver.password, {}) == mockserver.uid
        """,
    )


def test_the_server_lives_for_the_session_and_the_state_for_the_test(pytester: pytest.Pytester) -> None:
    passed(
        pytester,
        """
        import pytest
        urls = set()

        @pytest.mark.parametrize("round", [1, 2, 3])
        def test_it(mockserver, round):
            urls.add(mockserver.url)
            assert len(urls) == 1
            partners = mockserver.env["res.partner"]
            assert partners.search_count([("name", "=", "Left over")]) == 0
            partners.create({"name": "Left over"})
        """,
        count=3,
    )


def test_the_state_is_reset_after_a_test_that_failed(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        def test_one(mockserver):
            mockserver.env["res.partner"].create({"name": "Left over"})
            assert False

        def test_two(mockserver):
            assert mockserver.env["res.partner"].search_count([("name", "=", "Left over")]) == 0
        """
    )
    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=1, failed=1)


def test_a_test_that_stops_the_server_does_not_spoil_the_next(pytester: pytest.Pytester) -> None:
    passed(
        pytester,
        """
        import urllib.request, pytest

        @pytest.mark.parametrize("round", [1, 2])
        def test_it(mockserver, round):
            urllib.request.urlopen(mockserver.url).close()
            mockserver.stop()
        """,
        count=2,
    )


def test_two_servers_in_one_test_are_apart(pytester: pytest.Pytester) -> None:
    passed(
        pytester,
        """
        def test_it(mockserver, mockserver_factory):
            other = mockserver_factory()
            third = mockserver_factory(db="third")
            assert len({mockserver.url, other.url, third.url}) == 3
            mockserver.env["res.partner"].create({"name": "Here"})
            assert other.env["res.partner"].search_count([("name", "=", "Here")]) == 0
            assert third.db == "third"

        def test_again(mockserver, mockserver_factory):
            assert mockserver.env["res.partner"].search_count([("name", "=", "Here")]) == 0
            assert mockserver_factory().env["res.partner"].search_count([("name", "=", "Here")]) == 0
        """,
        count=2,
    )


def test_xdist_needs_nothing(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("round", range(4))
        def test_it(mockserver, round):
            mockserver.env["res.partner"].create({"name": "Mine"})
            assert mockserver.env["res.partner"].search_count([("name", "=", "Mine")]) == 1
        """
    )
    pytester.runpytest_subprocess("-n", "2").assert_outcomes(passed=4)


def test_no_thread_and_no_socket_is_left(pytester: pytest.Pytester) -> None:
    before = set(threading.enumerate())
    source = 'def test_it(mockserver):\n    mockserver.env["res.partner"].create({"name": "x"})\n'
    passed(pytester, source, "-W", "error")
    assert set(threading.enumerate()) <= before


# -- configuration --------------------------------------------------------------------------------


def test_the_marker_chooses_fixtures_and_database(pytester: pytest.Pytester, fixture_file: Callable[..., Path]) -> None:
    path = fixture_file("Marked")
    passed(
        pytester,
        f"""
        import pytest

        @pytest.mark.mockserver(fixtures=[{str(path)!r}], db="shop", profile="odoo-17.0")
        def test_marked(mockserver):
            assert mockserver.db == "shop"
            assert mockserver.ref("mine.partner_0").name == "Marked"

        def test_unmarked(mockserver):
            assert mockserver.db == "mock"
            assert mockserver.env.ref("mine.partner_0", raise_if_not_found=False) is None
        """,
        count=2,
    )


def test_a_path_in_a_marker_counts_from_the_test_file(
    pytester: pytest.Pytester, fixture_file: Callable[..., Path]
) -> None:
    (pytester.path / "data").mkdir()
    fixture_file("Near").rename(pytester.path / "data" / "near.json")
    passed(
        pytester,
        """
        import pytest

        @pytest.mark.mockserver(fixtures=["data/near.json"])
        def test_it(mockserver):
            assert mockserver.ref("mine.partner_0").name == "Near"
        """,
        "--rootdir=/",
    )


def test_webhooks_stay_on_this_machine_unless_the_marker_or_the_options_say_otherwise(
    pytester: pytest.Pytester,
) -> None:
    test = """
        import pytest

        @pytest.mark.mockserver(allow_webhooks=True)
        def test_marked(mockserver):
            assert mockserver.app.webhooks.allowed is True

        def test_unmarked(mockserver):
            assert mockserver.app.webhooks.allowed is {unmarked}
        """
    passed(pytester, test.format(unmarked=False), count=2)
    passed(pytester, test.format(unmarked=True), "--mockserver-allow-webhooks", count=2)
    pytester.makeini("[pytest]\nmockserver_allow_webhooks = true")
    passed(pytester, test.format(unmarked=True), count=2)


SHOWS = 'def test_it(mockserver):\n    assert mockserver.ref("mine.partner_0").name == "{name}"\n'


def test_the_ini_file_chooses_fixtures_and_profile(
    pytester: pytest.Pytester, fixture_file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    fixture_file("From ini").rename(pytester.path / "mine.json")
    pytester.makeini("[pytest]\nmockserver_fixtures = mine.json\nmockserver_profile = odoo-17.0\n")
    pytester.makepyfile(SHOWS.format(name="From ini"))
    (pytester.path / "below").mkdir()
    monkeypatch.chdir(pytester.path / "below")
    pytester.runpytest_inprocess("-p", "no:cacheprovider", str(pytester.path)).assert_outcomes(passed=1)


def test_the_command_line_is_stronger_than_the_ini_file(
    pytester: pytest.Pytester, fixture_file: Callable[..., Path]
) -> None:
    pytester.makeini("[pytest]\nmockserver_fixtures = absent.json\nmockserver_profile = absent\n")
    options = ("--mockserver-fixtures", str(fixture_file("From shell")), "--mockserver-profile", "odoo-17.0")
    passed(pytester, SHOWS.format(name="From shell"), *options)


def test_the_marker_is_stronger_than_the_command_line(
    pytester: pytest.Pytester, fixture_file: Callable[..., Path]
) -> None:
    source = f"import pytest\npytestmark = pytest.mark.mockserver(fixtures=[{str(fixture_file('Marked'))!r}])\n"
    options = ("--mockserver-fixtures", "absent.json")
    passed(pytester, source + SHOWS.format(name="Marked"), *options)


@pytest.mark.parametrize(
    ("marker", "message"),
    [
        (
            "fixture=['base']",
            f"@pytest.mark.mockserver does not know fixture; did you mean 'fixtures'? {KNOWN}",
        ),
        (
            "['base']",
            "@pytest.mark.mockserver takes its settings by name, not ['base']",
        ),
        (
            "fixtures='base'",
            "@pytest.mark.mockserver: fixtures is a list of packs and paths, such as ['sale'], not 'base'",
        ),
        ("fixtures=[1]", "fixtures is a list of packs and paths, such as ['sale'], not [1]"),
        ("models=['x']", "@pytest.mark.mockserver: models is a list of model classes, not ['x']"),
        ("profile=17.0", "@pytest.mark.mockserver: profile is a name such as 'odoo-17.0', not 17.0"),
        ("db=[]", "@pytest.mark.mockserver: db is a name, or a list of names, not []"),
        ("journal='all'", "@pytest.mark.mockserver: journal is the number of calls to keep, True or False, not 'all'"),
        ("strict='no'", "@pytest.mark.mockserver: strict is True or False, not 'no'"),
        ("deprecated='yes'", '@pytest.mark.mockserver: deprecated is "warn" or "error", not \'yes\''),
        ("profile='odoo-17'", "mockserver: unknown profile 'odoo-17'; did you mean odoo-17.0"),
        ("fixtures=['bse']", "mockserver: unknown fixture pack 'bse'; did you mean 'base'"),
        ("db='a b'", "mockserver: Invalid database name."),
    ],
)
def test_a_wrong_marker_is_told_without_a_traceback(pytester: pytest.Pytester, marker: str, message: str) -> None:
    output = failed(pytester, f"import pytest\n@pytest.mark.mockserver({marker})\ndef test_it(mockserver):\n    pass\n")
    assert message in output
    assert "Traceback" not in output
    assert "plugin.py" not in output


def test_markers_of_a_module_and_of_a_test_add_up(pytester: pytest.Pytester) -> None:
    passed(
        pytester,
        """
        import pytest
        pytestmark = pytest.mark.mockserver(fixtures=["uom"], db="shop", strict=True)

        class TestIt:
            pytestmark = pytest.mark.mockserver(db="store")

            @pytest.mark.mockserver(profile="odoo-16.0")
            def test_it(self, mockserver):
                assert mockserver.profile.name == "odoo-16.0"
                assert mockserver.db == "store"
                assert mockserver.strict.on
                assert mockserver.env["uom.uom"].search_count([])
        """,
    )


def test_a_test_is_parametrized_with_settings(pytester: pytest.Pytester) -> None:
    passed(
        pytester,
        """
        import pytest
        seen = []

        @pytest.mark.mockserver(db="shop")
        @pytest.mark.parametrize(
            "mockserver", ["odoo-16.0", {"profile": "odoo-18.0", "fixtures": ["uom"], "db": "other"}], indirect=True
        )
        def test_it(mockserver):
            seen.append((mockserver.profile.name, mockserver.db))

        def test_both():
            assert seen == [("odoo-16.0", "shop"), ("odoo-18.0", "other")]
        """,
        count=3,
    )


@pytest.mark.parametrize(
    ("parameter", "message"),
    [
        ("16.0", "a parameter of mockserver is a profile or a dict of settings, not 16.0"),
        ("{'fixture': ['uom']}", "parametrize(\"mockserver\", …) does not know fixture; did you mean 'fixtures'?"),
        ("'odoo-17'", "mockserver: unknown profile 'odoo-17'; did you mean odoo-17.0"),
    ],
)
def test_a_wrong_parameter_is_told(pytester: pytest.Pytester, parameter: str, message: str) -> None:
    source = f"""
        import pytest

        @pytest.mark.parametrize("mockserver", [{parameter}], indirect=True)
        def test_it(mockserver):
            pass
    """
    output = failed(pytester, source)
    assert message in output
    assert "During handling" not in output


def test_a_parameter_reaches_the_factory(pytester: pytest.Pytester) -> None:
    passed(
        pytester,
        """
        import pytest

        @pytest.mark.parametrize("mockserver_factory", ["odoo-16.0"], indirect=True)
        def test_it(mockserver, mockserver_factory):
            assert mockserver.profile.name == mockserver_factory(db="b").profile.name == "odoo-16.0"
            assert mockserver_factory(profile="odoo-18.0").profile.name == "odoo-18.0"
        """,
    )


@pytest.mark.parametrize("name", ["strict", "control", "demo", "allow_webhooks"])
def test_a_flag_of_the_ini_file_is_true_or_false(pytester: pytest.Pytester, name: str) -> None:
    output = failed(pytester, "def test_it(mockserver):\n    pass\n", "-o", f"mockserver_{name}=maybe")
    assert f"the ini option mockserver_{name} is true or false: invalid truth value 'maybe'" in output
    assert "Traceback" not in output
    assert "getini" not in output


def test_the_marker_is_registered(pytester: pytest.Pytester) -> None:
    passed(
        pytester,
        "import pytest\n@pytest.mark.mockserver(db='x')\ndef test_it():\n    pass\n",
        "--strict-markers",
    )
    shown = pytester.runpytest_inprocess("--markers")
    expected = "@pytest.mark.mockserver(fixtures=[[]...[]], models=[[]...[]], profile=..., *, deprecated=...): *"
    shown.stdout.fnmatch_lines([expected])


def test_the_options_are_in_the_help(pytester: pytest.Pytester) -> None:
    text = "\n".join(pytester.runpytest_inprocess("--help").outlines)
    for name in ("--mockserver-profile", "--mockserver-fixtures", "mockserver_profile", "mockserver_fixtures"):
        assert name in text


# -- errors of the server itself ------------------------------------------------------------------

BREAKS = """
    import urllib.error, urllib.request, pytest

    def bug(environ, start_response):
        raise ZeroDivisionError("of the server")

    def test_it(mockserver, monkeypatch):
        monkeypatch.setattr(mockserver._http, "app", bug)
        {call}
"""


def test_an_error_of_the_server_fails_the_test(pytester: pytest.Pytester) -> None:
    call = "with pytest.raises(urllib.error.HTTPError) as error: urllib.request.urlopen(mockserver.url)"
    pytester.makepyfile(BREAKS.format(call=f"{call}\n        error.value.close()"))
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E *ZeroDivisionError: of the server"])


def test_an_error_of_the_server_is_shown_with_what_the_client_saw(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(BREAKS.format(call="urllib.request.urlopen(mockserver.url)"))
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E *urllib.error.HTTPError: HTTP Error 500: *", "E *ZeroDivisionError: of the server"])


def test_an_error_of_an_observer_fails_the_test_and_no_call(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import xmlrpc.client

        def fails(exchange):
            raise ZeroDivisionError("of an observer")

        def test_it(mockserver):
            mockserver.app.observe(fails)
            with xmlrpc.client.ServerProxy(mockserver.url + "/xmlrpc/2/common") as common:
                assert common.version()["protocol_version"] == 1
        """
    )
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E *ZeroDivisionError: of an observer"])


def test_a_malformed_call_is_listed_where_the_test_fails(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import json, urllib.request

        def test_it(mockserver):
            login = {"db": mockserver.db, "login": mockserver.login, "password": mockserver.password}
            opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
            for path, params in (
                ("/web/session/authenticate", login),
                ("/web/dataset/call_kw", {"model": "res.partner", "method": "search", "args": 5, "kwargs": {}}),
            ):
                body = json.dumps({"params": params}).encode()
                request = urllib.request.Request(mockserver.url + path, body, {"Content-Type": "application/json"})
                opener.open(request).close()
            assert False
        """
    )
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["2. web admin res.partner.search(domain=5) raised TypeError: *"])


# -- cost -----------------------------------------------------------------------------------------


def test_loading_the_plugin_imports_nothing_of_the_server(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        f"import sys\ndef test_it():\n    assert 'mockserver.pytest_plugin' in sys.modules\n"
        f"    assert {HEAVY} & set(sys.modules) == set()\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest"]
    done = subprocess.run([*command, str(tmp_path)], cwd=tmp_path, capture_output=True, text=True, timeout=HANG)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_setting_of_a_server_may_be_given_in_a_marker() -> None:
    with pytest.raises(ValueError, match=rf"\(known: {', '.join(pool.Configuration._fields)}\)"):
        pool.check_settings({"no_such_setting": 1}, "@pytest.mark.mockserver")


# -- a test that breaks its server ------------------------------------------------------------------


BROKEN = """
    import threading
    import xmlrpc.client
    import pytest

    over = threading.Event()
    urls = []

    def count(mockserver):
        with xmlrpc.client.ServerProxy(mockserver.url + "/xmlrpc/2/object") as models:
            return models.execute_kw("mock", 2, "admin", "res.partner", "search_count", [[]])

    def break_it(mockserver):
        {how}

    def test_first(mockserver):
        urls.append(mockserver.url)
        assert count(mockserver) > 0
        break_it(mockserver)

    @pytest.mark.parametrize("number", [1, 2])
    def test_next(mockserver, number):
        assert count(mockserver) > 0
        assert mockserver.url not in urls[:1]
        assert mockserver.calls.count == 1
        urls.append(mockserver.url)
        assert urls[1] == urls[-1]
        over.set()
"""


@pytest.mark.parametrize(
    "how",
    [
        "mockserver.stop()",
        "mockserver._http.socket.close()",
        "mockserver._http.service_actions = lambda: 1 / 0; mockserver._http._thread.join()",
        """
        running = threading.Event()
        mockserver.respond("res.partner", "search_count", lambda *_: running.set() or over.wait() or 1)
        threading.Thread(target=count, args=[mockserver], daemon=True).start()
        running.wait()
        """,
    ],
)
def test_a_test_that_breaks_its_server_leaves_a_sound_one_to_the_next(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr("mockserver.server.server.RENEW_SECONDS", 0.01)
    monkeypatch.setattr("mockserver.server.serving.STOP_SECONDS", 0.01)
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    passed(pytester, BROKEN.format(how=how), "-p", "no:threadexception", count=3)


def test_a_server_that_is_down_at_the_end_of_a_test_is_up_in_the_next(pytester: pytest.Pytester) -> None:
    passed(
        pytester,
        """
        import pytest
        urls = set()

        @pytest.mark.parametrize("number", [1, 2])
        def test_it(mockserver, number):
            urls.add(mockserver.url)
            assert len(urls) == 1
            mockserver.down()
        """,
        count=2,
    )
