"""Consumer contracts: from the tests of an integration, against other versions of the server."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from mockserver.cli import main
from mockserver.contract import structure
from mockserver.server.server import MockServer
from tests.upstream import CALL, output

SUITE = """
def test_sync(mockserver):
    partner = mockserver.env["res.partner"].create({"name": "Anna", "country_id": mockserver.ref("base.be").id})
    for name in ("Anna", "Nobody"):
        call(mockserver, "res.partner", "search", [["name", "=", name]])
    rows = call(mockserver, "res.partner", "search_read", [["id", "=", partner.id]], ["name", "mobile", "country_id"])
    call(mockserver, "res.country", "read", [rows[0]["country_id"][0]], ["code"])
    new = call(mockserver, "res.partner", "create", {"name": "Bob", "parent_id": partner.id})
    call(mockserver, "res.partner", "write", [new], {"phone": "1", "category_id": [[0, 0, {"name": "Tag"}]]})
    call(mockserver, "res.partner", "name_get", [new])

def test_again(mockserver):
    call(mockserver, "res.partner", "search", [["name", "=", "Somebody"]])
    call(mockserver, "res.partner", "search_count", [["name", "=", "Somebody"]])
"""


@pytest.fixture
def export(pytester: pytest.Pytester) -> Callable[..., dict[str, Any]]:
    """The contract of a suite, as data."""

    def run(source: str, *options: str) -> dict[str, Any]:
        pytester.makepyfile(CALL + source)
        result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "--mockserver-contract", "mine.json", *options)
        assert result.ret == 0, output(result)
        run.told = output(result)  # type: ignore[attr-defined]
        data: dict[str, Any] = json.loads(Path("mine.json").read_text())
        return data

    return run


def command(*args: str) -> tuple[int, str]:
    """Exit code and output of a command."""
    result = CliRunner(env={"COLUMNS": "120"}).invoke(main, list(args))
    return result.exit_code, result.output


def calls(data: dict[str, Any]) -> list[str]:
    """The calls that count."""
    steps = [step for step in data["steps"] if not step.get("unscored")]
    return [f"{step['call']['model']}.{step['call']['method']}" for step in steps]


# -- what is in it ---------------------------------------------------------------------------------


def test_equal_calls_are_one(export: Callable[..., dict[str, Any]]) -> None:
    data = export(SUITE)
    assert calls(data) == [
        "res.partner.search", "res.partner.search_read", "res.country.read", "res.partner.create", "res.partner.write",
        "res.partner.name_get", "res.partner.search_count",
    ]  # fmt: skip
    assert "mine.json: 7 distinct calls of 9" in export.told  # type: ignore[attr-defined]
    assert (data["consumer"], data["profile"]) == (Path.cwd().name, "odoo-17.0")


def test_ids_are_labels_and_values_are_types(export: Callable[..., dict[str, Any]]) -> None:
    data = export(SUITE)
    steps = {f"{s['call']['model']}.{s['call']['method']}": s for s in data["steps"] if not s.get("unscored")}
    read = steps["res.partner.search_read"]
    assert read["call"]["args"][0] == [["id", "=", {"$ref": "res.partner.1"}]]
    assert read["expect"]["result"] == [{"id": "number", "name": "text", "mobile": "<any>", "country_id": "record"}]
    assert steps["res.country.read"]["call"]["args"][0] == [{"$ref": "base.be"}]
    assert steps["res.partner.create"]["as"] == "res.partner.2"
    assert steps["res.partner.write"]["expect"] == {"result": "boolean"}
    assert steps["res.partner.search"]["expect"] == {"result": ["number"]}


def test_the_file_fits_the_schema(export: Callable[..., dict[str, Any]]) -> None:
    schema = json.loads((Path(__file__).parent.parent / "fixtures" / "contract-schema.json").read_text())
    jsonschema.validate(export(SUITE), schema)


def test_errors_are_kept_as_their_class(export: Callable[..., dict[str, Any]]) -> None:
    data = export(
        """
import pytest
def test_it(mockserver):
    with pytest.raises(xmlrpc.client.Fault):
        call(mockserver, "res.partner.category", "create", {"name": False})
"""
    )
    assert data["steps"][0]["expect"] == {"error": {"name": "odoo.exceptions.ValidationError"}}


def test_secrets_and_what_a_fault_did_are_not_in_it(export: Callable[..., dict[str, Any]]) -> None:
    data = export(
        """
import pytest
def test_it(mockserver):
    call(mockserver, "res.users", "write", [mockserver.uid], {"password": "hunter2"})

def test_fault(mockserver):
    mockserver.fail("res.partner", "read", ValueError("no"))
    with pytest.raises(xmlrpc.client.Fault):
        call(mockserver, "res.partner", "read", [1])
"""
    )
    assert "hunter2" not in json.dumps(data)
    assert calls(data) == ["res.users.write"]
    assert "left out: calls refused at the door (1)" in export.told  # type: ignore[attr-defined]


def test_json2_and_web_calls_are_calls_as_well(export: Callable[..., dict[str, Any]]) -> None:
    data = export(
        """
def test_it(mockserver):
    web = mockserver.requests_session()
    def ask(path, **params):
        return web.post(mockserver.url + path, json={"params": params}).json()["result"]
    ask("/web/session/authenticate", db=mockserver.db, login=mockserver.login, password=mockserver.password)
    ask("/web/dataset/call_kw", model="res.partner", method="search_count", args=[[]], kwargs={})
    headers = {"Authorization": "bearer " + mockserver.api_key}
    body = {"domain": [], "fields": ["name"], "limit": 1}
    web.post(mockserver.url + "/json/2/res.partner/search_read", json=body, headers=headers)
""",
        "--mockserver-profile=odoo-19.0",
    )
    assert calls(data) == ["res.partner.search_count", "res.partner.search_read"]
    assert command("verify", "mine.json")[0] == 0


def test_a_run_without_calls_writes_nothing(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(mockserver): pass")
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "--mockserver-contract", "mine.json")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "the tests made no calls that a contract could hold" in output(result)
    assert not Path("mine.json").exists()


# -- against other servers -------------------------------------------------------------------------


def test_it_holds_on_the_version_that_it_is_from(export: Callable[..., dict[str, Any]]) -> None:
    export(SUITE)
    code, text = command("verify", "mine.json")
    assert (code, text.splitlines()[-2:]) == (
        0,
        ["your integration against odoo-17.0: 7 calls, nothing differs", "7 passed, 0 failed"],
    )


def test_another_version_is_told_in_one_line(export: Callable[..., dict[str, Any]]) -> None:
    export(SUITE)
    code, text = command("verify", "mine.json", "--profile", "odoo-19.0")
    assert code == 1
    assert "your integration against odoo-19.0: 2 of 7 calls differ" in text
    assert "Invalid field 'mobile'" in text
    assert "The method 'res.partner.name_get' does not exist" in text


def test_a_live_server_with_other_data_is_no_difference(
    export: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    export(SUITE)
    monkeypatch.setenv("PASSWORD", "p")
    with MockServer(profile="odoo-16.0", password="p", fixtures=["crm"]) as live:
        live.env["res.partner"].create([{"name": f"Theirs {number}", "mobile": "1"} for number in range(9)])
        before = set(live.env.db.store.rows("res.partner"))
        where = ["--url", live.url, "--db", live.db, "--login", "admin", "--password-env", "PASSWORD"]
        code, text = command("verify", "mine.json", *where)
        assert set(live.env.db.store.rows("res.partner")) == before
    assert code == 0, text
    assert f"your integration against {live.host and 'http://'}" in text


def test_profiles_check_says_the_same_without_data(export: Callable[..., dict[str, Any]]) -> None:
    export(SUITE)
    code, text = command("profiles", "check", "mine.json", "--profile", "odoo-19.0")
    assert code == 1
    assert "there is no field res.partner.mobile" in text
    assert "name_get: removed in 18.0 (deprecated since 17.0); use read(ids, ['display_name'])" in text
    assert "deprecated, in 7 of the calls: XML-RPC" in text
    assert text.splitlines()[-1] == "your integration against odoo-19.0: 2 of 7 calls differ"
    code, text = command("profiles", "check", "mine.json", "--profile", "odoo-17.0")
    assert (code, text) == (0, "your integration against odoo-17.0: 7 calls, nothing differs\n")


def contract(tmp_path: Path, *steps: dict[str, Any]) -> str:
    """The path of a contract of these steps."""
    path = tmp_path / "c.json"
    path.write_text(
        json.dumps({"consumer": "c", "profile": "odoo-17.0", "steps": [{"expect": {}, **s} for s in steps]})
    )
    return str(path)


@pytest.mark.parametrize(
    ("call", "profile", "line"),
    [
        ({"model": "res.partner", "method": "search", "args": [[["name", "any", []]]]}, "odoo-15.0",
         "there is no operator 'any'"),
        ({"model": "res.partner", "method": "search_count", "args": [[]], "kwargs": {"limit": 1}}, "odoo-11.0",
         "search_count(): got an unexpected keyword argument 'limit'"),
        ({"model": "res.users", "method": "search", "args": [[["groups_id.name", "=", "x"]]]}, "odoo-19.0",
         "there is no field res.users.groups_id"),
        ({"model": "res.partner", "method": "read_group", "args": [[], ["mobile"], ["mobile"]]}, "odoo-19.0",
         "there is no field res.partner.mobile"),
        ({"model": "res.partner", "method": "create", "args": [{"child_ids": [[0, 0, {"mobile": "1"}]]}]}, "odoo-19.0",
         "there is no field res.partner.mobile"),
        ({"model": "res.partner", "method": "search_read", "args": [], "kwargs": {"order": "name, mobile desc"}},
         "odoo-19.0",
         "there is no field res.partner.mobile"),
        ({"model": "res.users", "method": "write", "args": [[1], {"groups_id": []}]}, "odoo-19.0",
         "the field groups_id: renamed in 19.0; use group_ids"),
    ],
)  # fmt: skip
def test_profiles_check_names_what_is_gone(tmp_path: Path, call: dict[str, Any], profile: str, line: str) -> None:
    code, text = command("profiles", "check", contract(tmp_path, {"call": call}), "--profile", profile)
    assert (code, line in text) == (1, True), text


def test_what_no_profile_knows_is_no_difference(tmp_path: Path) -> None:
    call = {"model": "fleet.vehicle", "method": "search", "args": [[]]}
    code, text = command("profiles", "check", contract(tmp_path, {"call": call}), "--profile", "odoo-19.0")
    assert code == 0
    assert "not known here, in either version: there is no model 'fleet.vehicle'" in text


def test_a_json2_contract_needs_a_version_that_has_it(tmp_path: Path) -> None:
    step = {"json2": {"model": "res.partner", "method": "search", "body": {"domain": []}}}
    code, text = command("profiles", "check", contract(tmp_path, step), "--profile", "odoo-18.0")
    assert code == 1
    assert "there is no JSON-2, which came with 19.0" in text


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (["nope.json", "--profile", "odoo-19.0"], "mockserver: nope.json: No such file or directory"),
        (["{}", "--profile", "odoo-91.0"], "mockserver: unknown profile 'odoo-91.0'"),
    ],
)
def test_profiles_check_says_what_is_wrong(tmp_path: Path, args: list[str], reason: str) -> None:
    path = contract(tmp_path)
    code, text = command("profiles", "check", *(path if arg == "{}" else arg for arg in args))
    assert (code, reason in text) == (2, True), text


def test_the_command_runs_the_tests(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(CALL + SUITE)
    result = pytester.run(
        *(
            __import__("sys").executable,
            "-m",
            "mockserver",
            "contract",
            "export",
            "-o",
            "mine.json",
            "-q",
            "-k",
            "again",
        )
    )
    assert result.ret == 0
    assert calls(json.loads(Path("mine.json").read_text())) == ["res.partner.search", "res.partner.search_count"]


# -- structure -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, "boolean"),
        (1.5, "number"),
        ("2026-01-01", "date"),
        ("2026-01-01 10:00:00", "datetime"),
        ([], "<list>"),
        ([[1, "Anna"]], ["record"]),
        ([{"a": False}, {"a": "x"}], [{"a": "text"}]),
        ([{"a": False}], [{"a": "<any>"}]),
        ([1, "x"], "record"),
        ({"a": {"b": 1}}, {"a": {"b": "number"}}),
        ([1, "x", 2], ["<any>"]),
    ],
)
def test_an_answer_is_expected_as_its_structure(value: Any, expected: Any) -> None:
    assert structure.expected(value) == expected


def test_a_boolean_field_is_one_whatever_it_holds() -> None:
    fields = {"active": {"type": "boolean"}, "name": {"type": "char"}, "ids": {"type": "many2many"}}
    assert structure.types({"active": False, "name": False, "ids": []}, fields) == {
        "active": "boolean",
        "name": "empty",
        "ids": "ids",
    }


def test_several_processes_are_refused(pytester: pytest.Pytester) -> None:
    """Each would write a contract of its own calls."""
    pytester.makepyfile("def test_it(mockserver): pass")
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-n", "2", "--mockserver-contract", "mine.json")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["ERROR: --mockserver-contract collects the calls of one process: use it without -n, or with -n 0"]
    )
    assert not (pytester.path / "mine.json").exists()
