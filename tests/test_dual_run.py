"""`--mockserver-upstream`: the calls of tests go to a live server too, which is another instance of ourselves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mockserver.server.server import MockServer
from tests.stub import stub
from tests.upstream import Run, live_server, output, partners, runner

SYNC = """
def test_sync(mockserver):
    company = mockserver.env["res.partner"].create(
        {"name": "Azure", "country_id": mockserver.ref("base.be").id, "child_ids": [(0, 0, {"name": "Anna"})]}
    )
    assert call(mockserver, "res.partner", "search", [["name", "=", "Azure"]]) == [company.id]
    call(mockserver, "res.partner", "write", [company.id], {"phone": "1"})
    assert company.phone == "1"
    rows = call(mockserver, "res.partner", "read", [company.id], ["phone", "country_id", "child_ids", "write_date"])
    assert rows[0]["child_ids"] == company.child_ids.ids
    new = call(mockserver, "res.partner", "create", {"name": "Bob", "parent_id": company.child_ids.id})
    domain = [["parent_id", "in", company.child_ids.ids]]
    assert call(mockserver, "res.partner", "search_read", domain, ["name", "parent_id"])[0]["id"] == new
    call(mockserver, "res.partner", "unlink", [new])
"""


@pytest.fixture(scope="module")
def live() -> Iterator[MockServer]:
    with live_server() as server:
        yield server


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    return runner(pytester, monkeypatch)


# -- what is compared ------------------------------------------------------------------------------


def test_equal_servers_answer_alike_whatever_their_ids(run: Run, live: MockServer) -> None:
    before = partners(live)
    result = run(live, SYNC)
    result.assert_outcomes(passed=1)
    assert "database erp_scratch: 6 calls compared, 0 differ" in output(result)
    assert partners(live) == before


def test_a_difference_fails_its_test_and_names_the_field(run: Run) -> None:
    with live_server() as live:
        live.on_call("res.partner", "search_count")(lambda records, domain: 41)
        result = run(
            live,
            """
            def test_count(mockserver):
                assert call(mockserver, "res.partner", "search_count", [["name", "=", "Nobody"]]) == 0

            def test_other(mockserver):
                assert call(mockserver, "res.partner", "search", [["name", "=", "Nobody"]]) == []
            """,
        )
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "1 call differs between the live server and the mock, of 1 compared:",
            "  step 1  xmlrpc res.partner.search_count",
            "    result",
            "      live      41",
            "      mock      0",
        ]
    )


def test_differences_can_be_reported_alone(run: Run) -> None:
    with live_server("odoo-18.0") as live:
        result = run(
            live,
            """
            def test_names(mockserver):
                partner = mockserver.env["res.partner"].create({"name": "Anna"})
                assert call(mockserver, "res.partner", "name_get", [partner.id]) == [[partner.id, "Anna"]]
            """,
            "--mockserver-upstream-differences=report",
        )
    result.assert_outcomes(passed=1)
    text = output(result)
    assert "test_names: 1 call differs between the live server and the mock, of 1 compared" in text
    assert "the error AttributeError: The method 'res.partner.name_get' does not exist" in text
    assert "1 call compared, 1 differ" in text


def test_the_same_error_is_no_difference(run: Run, live: MockServer) -> None:
    result = run(
        live,
        """
        import pytest

        def test_refused(mockserver):
            for method, args in (("nope", []), ("read", [[4_000_000], ["nope"]]), ("create", [{"nope": 1}])):
                with pytest.raises(xmlrpc.client.Fault):
                    call(mockserver, "res.partner", method, *args)
        """,
    )
    result.assert_outcomes(passed=1)
    assert "3 calls compared, 0 differ" in output(result)


def test_calls_over_the_web_routes_are_compared_too(run: Run, live: MockServer) -> None:
    result = run(
        live,
        """
        import requests

        def test_web(mockserver):
            web = requests.Session()
            ask = lambda path, **params: web.post(mockserver.url + path, json={"params": params}).json()["result"]
            ask("/web/session/authenticate", db=mockserver.db, login=mockserver.login, password=mockserver.password)
            kw = {"fields": ["name"]}
            row = {"model": "res.partner", "method": "create", "args": [{"name": "Eve"}], "kwargs": {}}
            new = ask("/web/dataset/call_kw", **row)
            found = {"model": "res.partner", "method": "web_search_read", "args": [],
                     "kwargs": {"domain": [["id", "=", new]], "specification": {"name": {}, "user_id": {"fields": {}}}}}
            assert ask("/web/dataset/call_kw", **found)["records"][0]["id"] == new
        """,
    )
    result.assert_outcomes(passed=1)
    text = output(result)
    assert "2 calls compared, 0 differ" in text
    assert "not compared: calls of services other than models (1)" in text


def test_calls_over_json2_are_compared_too(run: Run) -> None:
    with live_server("odoo-19.0") as live:
        result = run(
            live,
            """
            import json, urllib.request

            def test_json2(mockserver):
                def ask(model, method, **body):
                    request = urllib.request.Request(
                        f"{mockserver.url}/json/2/{model}/{method}", json.dumps(body).encode(),
                        {"Authorization": f"bearer {mockserver.api_key}", "Content-Type": "application/json"})
                    with urllib.request.urlopen(request) as answer:
                        return json.load(answer)
                [new] = ask("res.partner", "create", vals_list=[{"name": "Eve"}])
                assert ask("res.partner", "read", ids=[new], fields=["name"]) == [{"id": new, "name": "Eve"}]
                assert ask("res.partner", "search_count", domain=[["name", "=", "Eve"]]) == 1
            """,
            "--mockserver-profile=odoo-19.0",
        )
    result.assert_outcomes(passed=1)
    assert "3 calls compared, 0 differ" in output(result)


def test_a_user_of_the_test_calls_as_that_user(run: Run, live: MockServer) -> None:
    result = run(
        live,
        """
        def test_user(mockserver):
            user = mockserver.user("sales@example.com")
            with xmlrpc.client.ServerProxy(mockserver.url + "/xmlrpc/2/object") as models:
                args = (mockserver.db, user.uid, user.password, "res.users", "search_read")
                row = models.execute_kw(*args, [[["login", "=", "sales@example.com"]]], {"fields": ["partner_id"]})
            assert row[0]["id"] == user.uid
        """,
    )
    result.assert_outcomes(passed=1)
    assert "1 call compared, 0 differ" in output(result)
    assert "sales@example.com" not in partners(live)


# -- what cannot be arranged -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("mockserver.clock.freeze('2026-01-01')", "mockserver.clock exists only on the mock"),
        ("mockserver.fail('res.partner', 'read', ValueError('no'))", "mockserver.fail exists only on the mock"),
        ("mockserver.respond('res.partner', 'read', [])", "mockserver.respond exists only on the mock"),
        ("mockserver.load({'records': []})", "mockserver.load exists only on the mock"),
        ("mockserver_factory()", "the test wants a second server"),
        ("mockserver.env['res.users'].with_user(1).create({'login': 'x', 'name': 'x'})", "user 1 of the mock"),
    ],
)  # fmt: skip
def test_what_only_the_mock_can_do_skips_the_test(run: Run, live: MockServer, line: str, reason: str) -> None:
    result = run(live, f"def test_it(mockserver, mockserver_factory):\n    {line}\n")
    result.assert_outcomes(skipped=1)
    assert reason in output(result)


def test_what_the_live_server_refuses_to_arrange_skips_the_test(run: Run) -> None:
    with live_server("odoo-19.0") as live:
        result = run(
            live, "def test_it(mockserver):\n    mockserver.env['res.partner'].create({'mobile': '1', 'name': 'A'})"
        )
    result.assert_outcomes(skipped=1)
    assert "the live server cannot be prepared: res.partner.create: Invalid field 'mobile'" in output(result)


def test_records_of_fixtures_that_the_live_server_lacks_skip_the_test(run: Run, live: MockServer, fixture_file) -> None:  # type: ignore[no-untyped-def]
    path = fixture_file("Anna", "Bob")
    result = run(live, "def test_it(mockserver):\n    pass\n", "--mockserver-fixtures", str(path))
    result.assert_outcomes(skipped=1)
    assert "of the live server lacks 2 records of the test's fixtures: mine.partner_0, mine.partner_1" in output(result)


def test_a_record_that_nobody_knows_there_ends_the_comparison(run: Run, live: MockServer) -> None:
    result = run(
        live,
        """
        def test_it(mockserver):
            store = mockserver.database(mockserver.db).store
            behind = store.insert("res.partner", {"name": "Behind", "active": True})
            call(mockserver, "res.partner", "write", [behind], {"phone": "1"})
        """,
    )
    result.assert_outcomes(skipped=1)
    reason = "the data of the live server no longer match those of the mock: res.partner.write: res.partner"
    assert reason in output(result)


# -- the scratch database --------------------------------------------------------------------------


def test_what_a_test_writes_on_records_of_others_is_written_back(run: Run, live: MockServer) -> None:
    admin = live.ref("base.partner_admin")
    phone, tags = admin.phone, admin.category_id.ids
    result = run(
        live,
        """
        def test_write(mockserver):
            admin = mockserver.ref("base.partner_admin")
            tag = mockserver.env["res.partner.category"].create({"name": "Tag"})
            call(mockserver, "res.partner", "write", [admin.id], {"phone": "555", "category_id": [[4, tag.id]]})
            assert admin.phone == "555"
        """,
    )
    result.assert_outcomes(passed=1)
    assert (admin.phone, admin.category_id.ids) == (phone, tags)
    assert not live.env["res.partner.category"].search([("name", "=", "Tag")])


def test_what_cannot_be_undone_is_told(run: Run) -> None:
    with live_server() as live:
        result = run(
            live,
            """
            def test_unlink(mockserver):
                found = mockserver.env["res.country.group"].search([], limit=1)
                call(mockserver, "res.country.group", "unlink", found.ids)
            """,
        )
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(
        ["left on the live server: res.country.group.unlink on record *, which the test did not make: cannot be undone"]
    )


def test_a_database_without_a_mark_is_refused(run: Run) -> None:
    with live_server(db="production") as live:
        before = partners(live)
        result = run(live, SYNC)
        assert partners(live) == before
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "the database 'production' of" in output(result)
    assert "set its system parameter mockserver.scratch to true" in output(result)


def test_a_system_parameter_marks_a_database(run: Run) -> None:
    with live_server(db="staging") as live:
        live.env["ir.config_parameter"].set_param("mockserver.scratch", "True")
        run(live, SYNC).assert_outcomes(passed=1)


def test_a_copy_is_made_for_the_run_and_dropped(run: Run) -> None:
    with live_server(db="production") as live:
        before = partners(live)
        live.app.databases["production"].store.forget()
        result = run(live, SYNC, "--mockserver-upstream-master-password-env=MASTER")
        result.assert_outcomes(passed=1)
        assert list(live.app.databases) == ["production"]
        assert partners(live) == before
    result.stdout.fnmatch_lines(["*, database production-*-scratch: 6 calls compared, 0 differ"])


def test_a_wrong_master_password_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with live_server(db="production") as live:
        monkeypatch.setenv("MASTER", "wrong")
        result = run(live, SYNC, "--mockserver-upstream-master-password-env=MASTER")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "does not copy the database 'production': Access Denied" in output(result)


# -- what is wrong with the live server ------------------------------------------------------------


def test_a_wrong_password_ends_the_run(run: Run, live: MockServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCKSERVER_UPSTREAM_PASSWORD", "hunter2")
    result = run(live, SYNC)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "does not let 'admin' into database 'erp_scratch': wrong login or password" in output(result)
    assert "hunter2" not in output(result)


def test_a_host_that_is_not_there_ends_the_run(run: Run) -> None:
    result = run("http://127.0.0.1:9", SYNC)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "mockserver upstream: http://127.0.0.1:9 cannot be reached: nothing listens there" in output(result)


def test_something_else_at_that_address_ends_the_run(run: Run) -> None:
    with stub((200, {"Content-Type": "text/html"}, b"<html></html>")) as server:
        result = run(server.url, SYNC)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "is that the address of an Odoo server?" in output(result)


def test_a_live_server_that_goes_away_ends_the_comparison(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with live_server() as live:
        monkeypatch.setattr("builtins.upstream", live, raising=False)
        result = run(
            live,
            """
            def test_it(mockserver):
                upstream.stop()
                call(mockserver, "res.partner", "search", [["name", "=", "Nobody"]])
            """,
        )
    assert result.parseoutcomes()["skipped"] == 1
    assert "the data of the live server no longer match those of the mock: res.partner.search:" in output(result)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--mockserver-live"], "--mockserver-live needs --mockserver-upstream, the URL of the live server"),
        (["--mockserver-upstream=http://x"], "--mockserver-upstream-db is missing"),
        (["--mockserver-upstream=http://x", "--mockserver-upstream-db=x", "--mockserver-upstream-password-env=NOT_SET"],
         "--mockserver-upstream-password-env: the environment variable NOT_SET is not set"),
        (["--mockserver-upstream=x", "--mockserver-contract=x"], "exclude each other: use them in two runs"),
        (["--mockserver-upstream="], "--mockserver-upstream is empty"),
        (["--mockserver-upstream-login=x"], "--mockserver-upstream-login has no effect without --mockserver-upstream"),
        (["--mockserver-upstream-differences=fail"],
         "--mockserver-upstream-differences has no effect without --mockserver-upstream"),
        (["--mockserver-upstream=x", "--mockserver-live", "--mockserver-strict"],
         "--mockserver-strict has no effect with --mockserver-live: it is for runs with a mock"),
        (["--mockserver-contract="], "--mockserver-contract is empty"),
        (["--mockserver-record="], "--mockserver-record is empty"),
    ],
)  # fmt: skip
def test_options_that_do_not_go_together_are_refused(
    pytester: pytest.Pytester, options: list[str], reason: str
) -> None:
    pytester.makepyfile("def test_it(mockserver): pass")
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", *options)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert reason in output(result)


def test_a_run_that_uses_no_mock_asks_no_live_server(run: Run) -> None:
    run("http://127.0.0.1:9", "def test_it():\n    pass\n").assert_outcomes(passed=1)
