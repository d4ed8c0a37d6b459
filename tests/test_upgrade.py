"""Calls that a later version changes: what finds them, and what pytest and the shell do about them."""

from __future__ import annotations

import signal
import warnings
import xmlrpc.client
from collections.abc import Iterator
from typing import Any

import pytest

import mockserver
from mockserver import MockServer
from mockserver.contract.live.client import Client
from mockserver.profiles.deprecations import DEPRECATIONS, between, later
from mockserver.report.deprecated_calls import Watch, listed
from tests.test_cli import serving


class Watched:
    """A server, a client of it, and what the watch has found."""

    def __init__(self, profile: str) -> None:
        self.server = MockServer(profile=profile).start()
        self.client = Client(self.server.url, self.server.db, self.server.login, self.server.password)
        self.watch = Watch(self.server.app)

    def found(self, model: str, method: str, *args: Any, **kwargs: Any) -> list[str]:
        """The findings of one call, as text, but for the wire that it came by."""
        self.watch.findings.clear()
        self.client.reply("jsonrpc", model, method, list(args), kwargs)
        return [str(finding) for finding in self.watch.findings if finding.subject != "/jsonrpc"]

    def close(self) -> None:
        self.client.close()
        self.server.stop()


@pytest.fixture(scope="module")
def old() -> Iterator[Watched]:
    watched = Watched("odoo-11.0")
    yield watched
    watched.close()


@pytest.fixture(scope="module")
def new() -> Iterator[Watched]:
    watched = Watched("odoo-17.0")
    yield watched
    watched.close()


# -- the data


def test_every_entry_is_of_a_later_generation_than_the_one_that_warns() -> None:
    assert all(entry.since < entry.generation for entry in DEPRECATIONS)
    assert all(entry.deprecated < entry.generation for entry in DEPRECATIONS if entry.deprecated)
    assert len({(entry.call, entry.model) for entry in DEPRECATIONS}) == len(DEPRECATIONS)


def test_version_19_has_calls_that_are_deprecated_already() -> None:
    calls = [entry.call for entry in later(19)]
    assert {"XML-RPC", "/jsonrpc", "read_group", "toggle_active"} <= set(calls)
    assert "name_get" not in calls


def test_between_two_versions_is_what_one_has_and_the_other_changes() -> None:
    calls = [entry.call for entry in between(16, 18)]
    assert {"name_get", "check_access_rights", "copy", "get_xml_id"} <= set(calls)
    assert {"XML-RPC", "search(args=)", "copy_multi"}.isdisjoint(calls)
    assert between(18, 16) == ()


# -- what is found


def test_a_method_that_goes_is_found_with_its_version_and_replacement(new: Watched) -> None:
    assert new.found("res.partner", "name_get", [1]) == [
        "res.partner.name_get: removed in 18.0 (deprecated since 17.0); use read(ids, ['display_name'])"
    ]


@pytest.mark.parametrize(
    ("method", "args", "kwargs", "subject"),
    [
        ("search", [[]], {"count": True}, "search(count=)"),
        ("search", [[], 0, None, None, True], {}, "search(count=)"),
        ("search", [], {"args": []}, "search(args=)"),
        ("search", [[], 0, None, None, False, {"lang": "en_US"}], {}, "search(…, context)"),
        ("name_search", [], {"args": []}, "name_search(args=)"),
        ("read", [[1], ["name"], "_classic_read", {"tz": "UTC"}], {}, "read(…, context)"),
        ("create", [{"name": "x", "no_such_field": 1}], {}, "create(unknown fields)"),
        ("write", [[1], {"no_such_field": 1}], {}, "write(unknown fields)"),
        ("export_data", [[1], ["name"], True], {}, "export_data(raw_data=)"),
        ("fields_get", [["color"], ["group_operator"]], {}, "fields_get(attribute group_operator)"),
        ("copy", [1], {}, "copy"),
        ("user_has_groups", ["base.group_user"], {}, "user_has_groups"),
    ],
)
def test_an_argument_or_a_method_is_found(
    old: Watched, method: str, args: list[Any], kwargs: dict[str, Any], subject: str
) -> None:
    found = old.found("res.partner", method, *args, **kwargs)
    assert f"res.partner.{subject}" in [line.partition(": ")[0] for line in found]


@pytest.mark.parametrize(
    ("method", "args", "kwargs"),
    [
        ("search", [[]], {"limit": 1}),
        ("search", [[], 0, None, "name"], {}),
        ("read", [[1], ["name"]], {}),
        ("create", [{"name": "x"}], {}),
        ("write", [[1], {"name": "x"}], {}),
        ("search_count", [[]], {}),
        ("fields_get", [["color"], ["type"]], {}),
        ("check_access_rights", ["read"], {}),
    ],
)
def test_what_stays_is_not_found(old: Watched, method: str, args: list[Any], kwargs: dict[str, Any]) -> None:
    expected = ["check_access_rights"] if method == "check_access_rights" else []
    found = old.found("res.partner", method, *args, **kwargs)
    assert [line.partition(": ")[0].rpartition(".")[2] for line in found] == expected


def test_a_field_that_goes_is_found_wherever_it_is_named(new: Watched, old: Watched) -> None:
    assert "the field groups_id" in new.found("res.users", "search", [["groups_id", "!=", False]])[0]
    assert "the field __last_update" in old.found("res.partner", "search_read", [], ["__last_update"])[0]
    assert "the field __last_update" in old.found("res.partner", "search", [], order="name, __last_update desc")[0]
    assert new.found("res.partner", "search", [["name", "=", "groups_id"]]) == []


def test_the_way_over_rpc_is_found_once(new: Watched) -> None:
    new.watch.findings.clear()
    for via in ("jsonrpc", "xmlrpc", "xmlrpc"):
        new.client.reply(via, "res.partner", "search_count", [[]], {})
    new.client.service_reply("xmlrpc", "db", "list", [])
    assert [finding.subject for finding in new.watch.findings] == ["/jsonrpc", "XML-RPC", "the db service"]


def test_nothing_is_looked_at_unless_asked_for(new: Watched) -> None:
    with MockServer(journal=False) as server:
        assert server.app._observers.current == ()
        watch = Watch(server.app)
        assert len(server.app._observers.current) == 1
        watch.stop()
        assert server.app._observers.current == ()


def test_the_list_is_readable(new: Watched) -> None:
    new.found("res.partner", "name_get", [1])
    lines = listed(new.watch.findings, "odoo-17.0").splitlines()
    assert lines[0] == "mockserver: 2 calls that a later version changes (profile odoo-17.0)"
    assert lines[2].startswith("  res.partner.name_get: removed in 18.0")


# -- pytest

CALLS = """
    import xmlrpc.client, pytest

    {mark}
    def test_it(mockserver):
        with xmlrpc.client.ServerProxy(mockserver.url + "/xmlrpc/2/object") as models:
            for _ in range(2):
                models.execute_kw(mockserver.db, mockserver.uid, mockserver.password,
                                  "res.partner", "name_get", [[1]])
        {end}
"""


def result(pytester: pytest.Pytester, mark: str, *args: str, end: str = "") -> pytest.RunResult:
    pytester.makepyfile(CALLS.format(mark=mark and f"@pytest.mark.mockserver({mark})", end=end or "pass"))
    return pytester.runpytest_inprocess("-p", "no:cacheprovider", *args)


def test_a_warning_for_each_distinct_call_stands_in_the_summary(pytester: pytest.Pytester) -> None:
    done = result(pytester, 'deprecated="warn"')
    done.assert_outcomes(passed=1, warnings=2)
    done.stdout.fnmatch_lines(
        ["*MockserverDeprecationWarning: res.partner.name_get: removed in 18.0 *(profile odoo-17.0)"]
    )


def test_error_fails_the_test_with_a_list(pytester: pytest.Pytester) -> None:
    done = result(pytester, 'deprecated="error"')
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(
        [
            "mockserver: 2 calls that a later version changes (profile odoo-17.0)",
            "  XML-RPC: removed in 22.0 *",
            "  res.partner.name_get: removed in 18.0 *",
        ]
    )
    assert "plugin.py" not in "\n".join(done.outlines)


def test_a_test_that_fails_by_itself_shows_its_own_error(pytester: pytest.Pytester) -> None:
    done = result(pytester, 'deprecated="error"', end="assert 1 == 2")
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["E * assert 1 == 2"])


def test_warnings_as_errors_fail_the_test_and_nothing_else(pytester: pytest.Pytester) -> None:
    done = result(pytester, 'deprecated="warn"', "-W", "error")
    done.assert_outcomes(failed=1)
    assert "INTERNALERROR" not in "\n".join(done.outlines)
    done.stdout.fnmatch_lines(["E *MockserverDeprecationWarning: *"])


def test_a_filter_by_the_class_silences_them(pytester: pytest.Pytester) -> None:
    done = result(pytester, 'deprecated="warn"', "-W", "ignore::mockserver.MockserverDeprecationWarning")
    done.assert_outcomes(passed=1, warnings=0)


def test_the_option_and_the_ini_file_ask_for_it_too(pytester: pytest.Pytester) -> None:
    result(pytester, "", "--mockserver-deprecated", "error").assert_outcomes(failed=1)
    pytester.makeini("[pytest]\nmockserver_deprecated = error\n")
    result(pytester, "").assert_outcomes(failed=1)
    result(pytester, "deprecated=None").assert_outcomes(passed=1)
    result(pytester, "").assert_outcomes(failed=1)


def test_without_being_asked_there_is_no_warning(pytester: pytest.Pytester) -> None:
    result(pytester, "", "-W", "error").assert_outcomes(passed=1)


def test_another_word_is_refused(pytester: pytest.Pytester) -> None:
    done = result(pytester, 'deprecated="fail"')
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(['@pytest.mark.mockserver: deprecated is "warn" or "error", not \'fail\''])


def test_a_server_of_the_factory_is_watched_as_the_call_says(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import xmlrpc.client

        def test_it(mockserver_factory):
            server = mockserver_factory(profile="odoo-15.0", deprecated="error")
            with xmlrpc.client.ServerProxy(server.url + "/xmlrpc/2/common") as common:
                common.version()

        def test_the_next_has_the_server_unwatched(mockserver_factory):
            assert len(mockserver_factory(profile="odoo-15.0").app._observers.current) == 1  # the journal
        """
    )
    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(failed=1, passed=1)


def test_the_class_is_a_deprecation_warning_of_the_package() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert issubclass(mockserver.MockserverDeprecationWarning, DeprecationWarning)


# -- the shell


def test_serve_tells_each_distinct_call_once() -> None:
    with serving("--quiet", "--deprecated", "--profile", "odoo-15.0") as odoo:
        with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/object") as models:
            for _ in range(2):
                models.execute_kw("mock", 2, "admin", "res.partner", "name_get", [[1]])
        lines = odoo.stop(signal.SIGTERM)[2].splitlines()
    assert lines == [
        "deprecated: XML-RPC: removed in 22.0 (deprecated since 19.0);"
        " use POST /json/2/<model>/<method> with an API key",
        "deprecated: res.partner.name_get: removed in 18.0 (deprecated since 17.0); use read(ids, ['display_name'])",
    ]
