"""`--mockserver-live`: the tests run against a live server alone, which is another instance of ourselves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mockserver.server.server import MockServer
from tests.upstream import PASSWORD, Run, live_server, output, partners, runner

LIVE = "--mockserver-live"


@pytest.fixture(scope="module")
def live() -> Iterator[MockServer]:
    with live_server() as server:
        yield server


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    return runner(pytester, monkeypatch)


def test_the_fixture_is_the_live_server(run: Run, live: MockServer) -> None:
    source = f"""
        def test_it(mockserver):
            assert (mockserver.url, mockserver.db) == ({live.url!r}, "erp_scratch")
            assert (mockserver.login, mockserver.password) == ("admin", {PASSWORD!r})
            assert mockserver.uid == 2
            assert mockserver.environ()["ODOO_URL"] == mockserver.base_url
            assert mockserver.profile.name == "odoo-17.0"
            with mockserver.xmlrpc("common") as common:
                assert common.version()["server_version"] == "17.0"
    """
    run(live, source, LIVE).assert_outcomes(passed=1)


def test_the_environment_reads_and_writes_over_rpc(run: Run, live: MockServer) -> None:
    before = partners(live)
    source = """
        import pytest

        def test_it(mockserver):
            env = mockserver.env
            partners = env["res.partner"]
            belgium = mockserver.ref("base.be")
            azure, bob = partners.create([{"name": "Azure", "country_id": belgium.id}, {"name": "Bob"}])
            assert (azure.name, azure.email, azure.id) == ("Azure", False, azure.ids[0])
            assert azure.country_id == env.ref("base.be") and azure.country_id.code == "BE"
            bob.parent_id = azure
            bob["phone"] = "1"
            assert azure.child_ids == bob and azure.child_ids.mapped("phone") == ["1"]
            assert (azure + bob).mapped("country_id.name") == ["Belgium"]
            assert (azure | bob).filtered("parent_id") == bob
            assert (bob + azure).sorted("name").ids == [azure.id, bob.id]
            assert partners.search([("name", "in", ["Azure", "Bob"])], order="name desc").ids == [bob.id, azure.id]
            assert partners.search_count([("name", "=", "Bob")]) == 1
            assert partners.browse(bob.id).read(["name"])[0]["name"] == "Bob"
            assert bob in azure.child_ids and "phone" in bob and "nope" not in bob
            assert len(azure + bob) == 2 and not azure.browse() and azure.browse().name is False
            bob.unlink()
            assert not bob.exists() and azure.exists()
            assert azure.copy().parent_id == azure.browse()
            assert env.user.login == mockserver.login and env.company == mockserver.ref("base.main_company")
            with pytest.raises(AttributeError, match="no field 'nope'"):
                azure.nope = 1
            with pytest.raises(KeyError, match="there is no model 'no.model'"):
                env["no.model"]
            with pytest.raises(ValueError, match="External ID not found in the system: no.thing"):
                mockserver.ref("no.thing")
    """
    run(live, source, LIVE).assert_outcomes(passed=1)
    assert partners(live) == before


def test_errors_are_those_of_the_mock(run: Run, live: MockServer) -> None:
    source = """
        import pytest
        from mockserver.errors import UserError

        def test_it(mockserver):
            category = mockserver.env["res.partner.category"].create({"name": "A"})
            with pytest.raises(UserError):
                category.parent_id = category
    """
    run(live, source, LIVE).assert_outcomes(passed=1)


def test_what_the_code_under_test_makes_is_deleted(run: Run, live: MockServer) -> None:
    before = partners(live)
    source = """
        import pytest

        @pytest.mark.parametrize("round", [1, 2])
        def test_it(mockserver, round):
            assert call(mockserver, "res.partner", "search_count", [["name", "=", "Left"]]) == 0
            call(mockserver, "res.partner", "create", {"name": "Left", "child_ids": [[0, 0, {"name": "Left too"}]]})
            mockserver.env["res.partner.category"].create({"name": "Left"})
    """
    run(live, source, LIVE).assert_outcomes(passed=2)
    assert partners(live) == before


def test_a_user_logs_in(run: Run, live: MockServer) -> None:
    before = partners(live)
    source = """
        def test_it(mockserver):
            user = mockserver.user("sales@example.com", groups=["base.group_user"])
            assert user.env.uid == user.uid != mockserver.uid
            assert user.env.user.login == "sales@example.com"
            with mockserver.xmlrpc("common") as common:
                assert common.login(mockserver.db, user.login, user.password) == user.uid
            own = mockserver.env["res.users"].browse(user.uid).with_user(user.uid)
            assert own.env.uid == user.uid
    """
    result = run(live, source, LIVE)
    result.assert_outcomes(passed=1)
    assert partners(live) == before


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("mockserver.clock.freeze()", "mockserver.clock exists only on the mock"),
        ("mockserver.calls", "mockserver.calls exists only on the mock"),
        ("mockserver.changes.created", "mockserver.changes exists only on the mock"),
        ("mockserver.assert_called('res.partner', 'read')", "mockserver.assert_called exists only on the mock"),
        ("mockserver.faults.add(None)", "mockserver.faults exists only on the mock"),
        ("mockserver.on_call('res.partner', 'read')", "mockserver.on_call exists only on the mock"),
        ("mockserver.env.db", "mockserver.env.db exists only on the mock"),
        ("mockserver.env['res.partner']._private()", "res.partner._private is private"),
        ("mockserver.env.with_user(5)", "the tests cannot log in as user 5 on the live server"),
        ("mockserver_factory()", "the test wants a second server"),
    ],
)
def test_what_only_a_mock_has_skips_the_test(run: Run, live: MockServer, line: str, reason: str) -> None:
    result = run(live, f"def test_it(mockserver, mockserver_factory):\n    {line}\n", LIVE)
    result.assert_outcomes(skipped=1)
    assert reason in output(result)


@pytest.mark.parametrize(
    ("marker", "reason"),
    [
        ("profile='odoo-13.0'", "the test is about odoo-13.0, and the live server is odoo-17.0"),
        ("db=['one', 'two']", "the test wants 2 databases"),
        ("rest='muk_rest'", "the test wants rest='muk_rest', which only the mock supports"),
    ],
)
def test_a_test_of_another_server_is_skipped(run: Run, live: MockServer, marker: str, reason: str) -> None:
    source = f"import pytest\n@pytest.mark.mockserver({marker})\ndef test_it(mockserver):\n    pass\n"
    result = run(live, source, LIVE)
    result.assert_outcomes(skipped=1)
    assert reason in output(result)


def test_a_misspelt_attribute_is_an_error(run: Run, live: MockServer) -> None:
    result = run(live, "def test_it(mockserver):\n    mockserver.ulr\n", LIVE)
    result.assert_outcomes(failed=1)
    assert "'LiveServer' object has no attribute 'ulr'" in output(result)


def test_fixtures_that_the_database_has_are_no_obstacle(run: Run, fixture_file) -> None:  # type: ignore[no-untyped-def]
    path = fixture_file("Anna")
    source = "def test_it(mockserver):\n    assert mockserver.ref('mine.partner_0').name == 'Anna'\n"
    with live_server(fixtures=[str(path)]) as live:
        run(live, source, LIVE, "--mockserver-fixtures", str(path)).assert_outcomes(passed=1)


@pytest.mark.parametrize("profile", ["odoo-11.0", "odoo-15.0", "odoo-19.0", "flectra-2.0"])
def test_servers_of_other_versions_work_too(run: Run, profile: str) -> None:
    with live_server(profile) as live:
        before = partners(live)
        source = """
            def test_it(mockserver):
                user = mockserver.user("sales@example.com")
                partner = mockserver.env["res.partner"].create({"name": "Anna"})
                call(mockserver, "res.partner", "write", [partner.id], {"phone": "1"})
                assert partner.copy().phone == "1"
                assert user.env.user.id == user.uid
        """
        run(live, source, LIVE).assert_outcomes(passed=1)
        assert partners(live) == before


def test_a_database_without_a_mark_is_refused(run: Run) -> None:
    with live_server(db="production") as live:
        result = run(live, "def test_it(mockserver): pass", LIVE)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "is not marked as scratch" in output(result)


def test_a_run_that_skips_each_test_for_its_server_fails(run: Run, live: MockServer) -> None:
    source = """
        def test_it(mockserver):
            mockserver.clock.freeze("2026-01-31 12:00:00")
    """
    result = run(live, source, LIVE)
    result.assert_outcomes(skipped=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    reason = "mockserver upstream: mockserver.clock exists only on the mock"
    assert f"nothing was tested: the one test that uses mockserver was skipped ({reason})" in output(result)
