"""`MockServerTestCase`, run by unittest and by pytest."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
import unittest
import xmlrpc.client
from pathlib import Path
from typing import Any

import pytest

from mockserver import HttpError, MockServer
from mockserver.testing.unittest import MockServerTestCase
from tests.waiting import HANG


def execute(server: MockServer, model: str, method: str, *args: Any) -> Any:
    """`execute_kw` over XML-RPC as the admin."""
    with xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/object") as models:
        return models.execute_kw(server.db, server.uid, server.password, model, method, list(args))


def run(*cases: type[unittest.TestCase]) -> unittest.TestResult:
    """All tests of the classes."""
    result = unittest.TestResult()
    for case in cases:
        unittest.defaultTestLoader.loadTestsFromTestCase(case).run(result)
    return result


def texts(found: list[tuple[unittest.TestCase, str]]) -> list[str]:
    """The last lines of tracebacks, without the notes."""
    return [text.partition("\n\nmockserver calls")[0].splitlines()[-1] for _, text in found]


class TestItself(MockServerTestCase):
    """As a user writes it; pytest collects it too."""

    profile = "odoo-18.0"
    db = "shop"

    def setUp(self) -> None:  # without super(), as many do
        self.partner = self.mockserver.env["res.partner"].create({"name": "Left over"})

    def test_one(self) -> None:
        self.assertEqual(
            execute(self.mockserver, "res.partner", "search", [("name", "=", "Left over")]), [self.partner.id]
        )

    def test_two(self) -> None:
        self.assertEqual(self.mockserver.env["res.partner"].search_count([("name", "=", "Left over")]), 1)
        self.assertEqual((self.mockserver.profile.name, self.mockserver.db), ("odoo-18.0", "shop"))

    def test_three(self) -> None:
        self.mockserver.fail("res.partner", "create", HttpError(503))
        with self.assertRaises(xmlrpc.client.ProtocolError):
            execute(self.mockserver, "res.partner", "create", {"name": "x"})
        self.mockserver.assert_called("res.partner", "create")


class TestAsync(MockServerTestCase, unittest.IsolatedAsyncioTestCase):
    """With an asynchronous client."""

    async def test_it(self) -> None:
        async with self.mockserver.httpx_async_client() as client:
            self.assertEqual((await client.get("/web/login")).status_code, 200)


def test_classes_with_equal_attributes_share_a_server() -> None:
    seen = []

    class One(MockServerTestCase):
        def test_it(self) -> None:
            seen.append(self.mockserver)

    class Two(One):
        pass

    class Other(One):
        db = "other"

    assert run(One, Two, Other).wasSuccessful()
    assert seen[0] is seen[1]
    assert seen[2] is not seen[0]


def test_a_test_that_stops_the_server_does_not_spoil_the_next() -> None:
    class Stops(MockServerTestCase):
        def test_a(self) -> None:
            self.mockserver.stop()

        def test_b(self) -> None:
            self.assertTrue(self.mockserver.running)

    assert run(Stops).wasSuccessful()


def test_a_fixture_counts_from_the_file_of_the_class(tmp_path: Path) -> None:
    records = [{"model": "res.partner", "xmlid": "mine.partner", "values": {"name": "From file"}}]
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "mine.json").write_text(json.dumps({"records": records}))
    source = """
        import unittest
        from mockserver.testing.unittest import MockServerTestCase

        class PartnerTest(MockServerTestCase):
            fixtures = ["data/mine.json"]

            def test_it(self):
                self.assertEqual(self.mockserver.ref("mine.partner").name, "From file")
    """
    (tmp_path / "test_mine.py").write_text(textwrap.dedent(source))
    for how in (
        ["unittest", "discover", "-s", str(tmp_path)],
        ["pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
    ):
        command = [sys.executable, "-W", "error", "-m", *how]
        done = subprocess.run(command, capture_output=True, text=True, timeout=HANG, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stdout or done.stderr.splitlines()[-1] == "OK"


def test_an_error_of_the_server_fails_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    def bug(environ: Any, start_response: Any) -> Any:
        raise ZeroDivisionError("of the server")

    class Breaks(MockServerTestCase):
        def test_seen(self) -> None:
            monkeypatch.setattr(self.mockserver._http, "app", bug)
            execute(self.mockserver, "res.partner", "search", [])

        def test_unseen(self) -> None:
            monkeypatch.setattr(self.mockserver._http, "app", bug)
            with self.assertRaises(xmlrpc.client.ProtocolError):
                execute(self.mockserver, "res.partner", "search", [])

        def tearDown(self) -> None:
            monkeypatch.undo()

    result = run(Breaks)
    assert texts(result.errors) == ["ZeroDivisionError: of the server"] * 2
    assert "500 Internal Server Error" in result.errors[0][1]


def test_a_fault_that_no_call_met_fails_the_test_once() -> None:
    class Unused(MockServerTestCase):
        def test_it(self) -> None:
            self.mockserver.fail("res.partner", "create", HttpError(503))

        def test_that_fails_by_itself(self) -> None:
            self.mockserver.fail("res.partner", "create", HttpError(503))
            self.fail("of its own")

        def test_that_is_skipped(self) -> None:
            self.mockserver.fail("res.partner", "create", HttpError(503), required=False)
            self.skipTest("not today")

    result = run(Unused)
    assert (len(result.failures), result.errors, len(result.skipped)) == (2, [], 1)
    assert "no call met the fault HttpError(503)" in result.failures[0][1]
    assert "of its own" in result.failures[1][1]


def test_what_a_tear_down_does_counts() -> None:
    class Late(MockServerTestCase):
        def tearDown(self) -> None:
            self.mockserver.fail("res.partner", "create", HttpError(503))

        def test_it(self) -> None:
            self.assertTrue(self.mockserver.running)

    assert len(run(Late).failures) == 1


@pytest.mark.skipif(sys.version_info < (3, 11), reason="exceptions have notes since Python 3.11")
def test_a_failure_shows_the_last_calls() -> None:
    class Wrong(MockServerTestCase):
        def test_it(self) -> None:
            execute(self.mockserver, "res.partner", "search_count", [("name", "=", "Nobody")])
            self.mockserver.assert_called("res.partner", "create")

    [(_, text)] = run(Wrong).failures
    assert "mockserver calls:" in text
    assert "Nobody" in text.partition("mockserver calls:")[2]


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        (
            {"fixtures": "base"},
            "ValueError: Wrong: fixtures is a list of packs and paths, such as ['sale'], not 'base'",
        ),
        ({"fixture": ["base"]}, "ValueError: Wrong.fixture: did you mean 'fixtures'?"),
        ({"strict": "no"}, "ValueError: Wrong: strict is True or False, not 'no'"),
        (
            {"profile": "odoo-17"},
            "mockserver.profiles.UnknownProfile: unknown profile 'odoo-17'; did you mean odoo-17.0",
        ),
    ],
)
def test_a_wrong_attribute_is_an_error_of_the_test(attributes: dict[str, Any], message: str) -> None:
    def test_it(self: Any) -> None:
        _ = self.mockserver

    result = run(type("Wrong", (MockServerTestCase,), {**attributes, "test_it": test_it}))
    [text] = texts(result.errors)
    assert text.startswith(message)


def test_a_test_without_the_server_needs_none() -> None:
    class Plain(MockServerTestCase):
        profile = "no such profile"

        def test_it(self) -> None:
            self.assertEqual(1 + 1, 2)

    assert run(Plain).wasSuccessful()
