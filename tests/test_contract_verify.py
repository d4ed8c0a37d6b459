"""`mockserver verify`: contracts against the mock and against another instance of it as the live server."""

from __future__ import annotations

import json
import os
import re
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mockserver import MockServer
from mockserver.cli import main
from mockserver.contract.format import parse
from mockserver.contract.live.client import Client
from mockserver.contract.live.errors import visible
from mockserver.contract.report import headline, lines, readable
from mockserver.contract.verify import Interrupted, fresh, verify
from tests.conformance import HERE
from tests.stub import Answer, Silence, stub
from tests.test_cli import COMMAND
from tests.waiting import HANG

SECRET = "correct-horse-battery"
VARIABLES = {"ERP_PASSWORD": SECRET, "ERP_KEY": "key-of-the-administrator", "WRONG": "wrong-wrong-wrong"}
FIELDS = {"res.partner": {"category_id": {"type": "many2many", "relation": "res.partner.category"}}}


def step(method: str, *args: Any, expect: Any, model: str = "res.partner", **more: Any) -> dict[str, Any]:
    """A step that calls a method and expects a result, or an outcome."""
    outcome = expect if isinstance(expect, dict) else {"result": expect}
    kwargs = more.pop("kwargs", {})
    return {"call": {"model": model, "method": method, "args": list(args), "kwargs": kwargs}, **more, "expect": outcome}


STEPS = [
    step("create", {"name": "Anna", "color": 3}, expect="anna", **{"as": "anna", "shape": "id:res.partner"}),
    step(
        "read",
        [{"$ref": "anna"}],
        ["name", "color"],
        expect=[{"id": "anna", "name": "Anna", "color": 3}],
        shape="records:res.partner",
    ),
    step("write", [{"$ref": "anna"}], {"color": 4}, expect=True),
    step("search", [["id", "=", {"$ref": "anna"}], ["color", "=", 4]], expect=["anna"], shape="ids:res.partner"),
    step("unlink", [{"$ref": "anna"}], expect=True),
]


Write = Callable[..., str]


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """Writes a contract, and gives its path."""

    def write(*steps: dict[str, Any], name: str = "contract.json", **top: Any) -> str:
        path = tmp_path / name
        path.write_text(json.dumps({"profile": "odoo-17.0", "fields": FIELDS, **top, "steps": steps}))
        return str(path)

    return write


@pytest.fixture(scope="module")
def live() -> Iterator[MockServer]:
    """The live server: another version, another database and login."""
    key = VARIABLES["ERP_KEY"]
    with MockServer(
        profile="odoo-19.0", fixtures=["crm"], db="production", login="erp", password=SECRET, api_key=key
    ) as server:
        yield server


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["verify", *arguments], env=VARIABLES)


def at(server: MockServer, *more: str) -> list[str]:
    return ["--url", server.url, "--db", server.db, "--login", server.login, "--password-env", "ERP_PASSWORD", *more]


def refusal(*arguments: str) -> str:
    """The one line on stderr of a run that exits with 2."""
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert SECRET not in result.output
    (line,) = [line for line in result.stderr.splitlines() if line]
    return line


# -- against the mock


def test_what_agrees_is_a_line_and_exit_code_0(written: Write) -> None:
    path = written(*STEPS)
    result = run(path)
    assert result.exit_code == 0
    first, last = result.output.splitlines()
    assert re.fullmatch(rf"ok       {re.escape(path)} on odoo-17\.0: 5 of 5 steps, \d\.\d s", first)
    assert last == "5 passed, 0 failed"


def test_a_difference_is_told_with_its_call_and_field(written: Write) -> None:
    wrong = step("read", [{"$ref": "anna"}], ["name"], expect=[{"id": "anna", "name": "Anne"}], about="The name stays.")
    result = run(written(STEPS[0], {**wrong, "shape": "records:res.partner", "via": "xmlrpc"}))
    assert result.exit_code == 1
    assert result.output.splitlines()[1:] == [
        "",
        "  step 2  xmlrpc res.partner.read",
        '    ([{"$ref": "anna"}], ["name"])',
        "    The name stays.",
        "    result.0.name",
        '      expected  "Anne"',
        '      got       "Anna"',
        "",
        "1 passed, 1 failed",
    ]


def test_the_mock_is_fresh_for_each_contract(written: Write) -> None:
    kept = [STEPS[0], step("search_count", [["name", "=", "Anna"]], expect=1)]
    assert run(written(*kept, name="one.json"), written(*kept, name="two.json")).exit_code == 0


def test_the_mock_has_the_rest_add_on_of_the_option(written: Write) -> None:
    asked = {"http": {"method": "GET", "path": "/api"}, "keep": ["api_version"]}
    path = written({**asked, "expect": {"status": 200, "type": "application/json", "api_version": 1}})
    assert run(path).exit_code == 1
    assert run(path, "--rest", "muk_rest").exit_code == 0


def test_the_mock_is_what_the_contract_or_the_option_says(written: Write) -> None:
    version = {"service": {"name": "common", "method": "version"}, "expect": {"result": "dict"}, "shape": "type"}
    path = written(version, profile="odoo-15.0")
    assert "on odoo-15.0:" in run(path).output
    assert "on flectra-1.6:" in run(path, "--profile", "flectra-1.6").output
    assert "on odoo-17.0:" in run(written(version, profile="odoo-17.0")).output


def test_the_mock_has_the_fixtures_of_contract_and_options(written: Write, tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text('{"records": [{"model": "res.partner", "values": {"name": "Zoe"}}]}')
    leads = step("search_count", [], expect="int", model="crm.lead", shape="type")
    zoe = step("search_count", [["name", "=", "Zoe"]], expect=1)
    assert run(written(leads, zoe, fixtures=["mine.json"]), "--fixtures", "crm").exit_code == 0
    assert run(written(leads, zoe, fixtures=["mine.json", "crm"])).exit_code == 0
    assert run(written(leads, zoe)).exit_code == 1


def test_a_step_that_is_not_scored_is_run_and_not_compared(written: Write) -> None:
    result = run(written({**STEPS[0], "unscored": True, "expect": {"result": 5}}, *STEPS[1:]))
    assert result.exit_code == 0
    assert "4 of 4 steps, 1 not compared" in result.output


def test_what_the_steps_before_did_not_make_is_told(written: Write) -> None:
    wrong = step("create", {"nme": "Anna"}, expect="anna", **{"as": "anna", "shape": "id:res.partner"})
    output = run(written(wrong, STEPS[2])).output
    assert "got       not sent: the step that makes 'anna' did not succeed" in output
    assert "Invalid field 'nme'" in output


def test_ignored_fields_and_paths_may_differ(written: Write) -> None:
    other = [{"id": "anna", "name": "Berta", "color": 9}]
    path = written(STEPS[0], {**STEPS[1], "expect": {"result": other}})
    assert run(path).exit_code == 1
    assert run(path, "--ignore", "name").exit_code == 1
    assert run(path, "--ignore", "name", "--ignore", "result.*.color").exit_code == 0
    assert run(written(STEPS[0], {**STEPS[1], "expect": {"result": other}}, ignore=["name", "color"])).exit_code == 0
    alone = {**STEPS[1], "expect": {"result": other}, "ignore": ["name", "color"]}
    assert run(written(STEPS[0], alone)).exit_code == 0


def test_show_limits_what_is_told(written: Write) -> None:
    wrong = [step("search_count", [["id", "=", number]], expect=-1) for number in range(1, 13)]
    path = written(*wrong)
    assert run(path).output.count("step ") == 10
    assert "… and 2 more steps (--show 12)" in run(path).output
    assert run(path, "--show", "12").output.count("  step ") == 12
    assert len(run(path, "--show", "0").output.splitlines()) == 2


def test_what_many_steps_say_is_told_once(written: Write) -> None:
    wrong = step("create", {"nme": "Anna"}, expect="anna", **{"as": "anna", "shape": "id:res.partner"})
    output = run(written(wrong, wrong, *STEPS[1:]), "--show", "1").output
    assert "  … and 5 more steps (--show 6)" in output.splitlines()
    assert "    4 steps: not sent: a step that they need did not succeed" in output.splitlines()
    assert "    2 steps: Invalid field 'nme' on model 'res.partner'" in output.splitlines()


def test_every_protocol_may_be_chosen(written: Write) -> None:
    failing = step("search", [["nope", "=", 1]], expect={"error": {"name": "builtins.ValueError", "text": "x"}})
    path = written(*STEPS, failing, profile="odoo-19.0")
    for protocol in ("jsonrpc", "xmlrpc", "json2"):
        result = run(path, "--protocol", protocol)
        assert "5 passed, 1 failed" in result.output
    with fresh(parse({"steps": [], "profile": "odoo-19.0"}, "x")) as (client, _):
        (text,) = [
            client.reply("jsonrpc", "res.partner", "search", [[["nope", "=", 1]]], {})["error"]["data"]["message"]
        ]
    failing["expect"]["error"]["text"] = text
    for protocol in ("xmlrpc", "json2"):
        assert run(written(*STEPS, failing, profile="odoo-19.0"), "--protocol", protocol).exit_code == 0


def test_what_an_answer_gave_is_sent_on(written: Write) -> None:
    headers = {"Content-Type": "application/json"}
    login = {"db": "{db}", "login": "{login}", "password": "{password}"}
    call = {"model": "res.partner", "method": "create", "args": [{"name": "Z"}], "kwargs": {}}
    path = written(
        {
            "http": {
                "method": "POST",
                "path": "/web/session/authenticate",
                "headers": headers,
                "json": {"params": login},
            },
            "keep": {"result.username": "raw", "result.db": "raw"},
            "bind": {"session": "cookie:session_id"},
            "expect": {"status": 200, "type": "application/json", "result.username": "admin", "result.db": "{db}"},
        },
        {
            "http": {
                "method": "POST",
                "path": "/web/dataset/call_kw",
                "headers": {**headers, "Cookie": "session_id={session}"},
                "json": {"params": call},
            },
            "bind": {"zoe": "result"},
            "as_model": "res.partner",
            "keep": {"result": "id:res.partner"},
            "expect": {"status": 200, "type": "application/json", "result": "zoe"},
        },
        step("read", [{"$ref": "zoe"}], ["name"], expect=[{"id": "zoe", "name": "Z"}], shape="records:res.partner"),
    )
    result = run(path)
    assert result.exit_code == 0, result.output


# -- against a live server


@pytest.mark.parametrize("protocol", [None, "jsonrpc", "xmlrpc", "json2"])
def test_a_live_server_answers_over_every_protocol(live: MockServer, written: Write, protocol: str | None) -> None:
    chosen = ["--protocol", protocol] if protocol else []
    result = run(written(*STEPS), *at(live, "--api-key-env", "ERP_KEY", *chosen))
    assert result.exit_code == 0, result.output
    assert f" on {live.url}: 5 of 5 steps" in result.output
    assert live.env["res.partner"].search_count([("name", "=", "Anna")]) == 0


def test_json2_alone_needs_no_password(live: MockServer, written: Write) -> None:
    path = written({"json2": {"model": "res.partner", "method": "search_count", "body": {"domain": [["id", "<", 0]]}},
                    "expect": {"status": 200, "type": "application/json", "result": 0}})  # fmt: skip
    server = ["--url", live.url, "--db", live.db]
    assert run(path, *server, "--api-key-env", "ERP_KEY").exit_code == 0
    assert refusal(path, *server, "--api-key-env", "WRONG").endswith("for database 'production': Invalid apikey")
    assert refusal(path, *at(live)).startswith("mockserver: --api-key-env is missing: there are JSON-2 calls")


def test_another_version_differs_where_it_is_another(live: MockServer, written: Write) -> None:
    result = run(written(step("search_count", [["mobile", "=", "1"]], expect=0), *STEPS), *at(live))
    assert result.exit_code == 1
    assert "Invalid field res.partner.mobile" in result.output
    assert "5 passed, 1 failed" in result.output


def test_a_model_that_the_server_lacks_is_named_once(live: MockServer, written: Write) -> None:
    asked = step("search_count", [], model="sale.order", expect=0)
    for via in ("jsonrpc", "xmlrpc"):
        output = run(written({**asked, "via": via}, {**asked, "via": via}), *at(live)).output
        assert "  the server has no model 'sale.order': 2 steps" in output.splitlines()
    with MockServer(profile="odoo-15.0", password=SECRET) as older:
        assert "the server has no model 'sale.order': 1 step" in run(written(asked), *at(older)).output


@pytest.mark.parametrize("protocol", ["jsonrpc", "xmlrpc"])
def test_a_wrong_password_is_one_line_and_exit_code_2(live: MockServer, written: Write, protocol: str) -> None:
    options = ["--url", live.url, "--db", live.db, "--login", "erp", "--password-env", "WRONG", "--protocol", protocol]
    assert refusal(written(*STEPS), *options) == (
        f"mockserver: {live.url} does not let 'erp' into database 'production': wrong login or password"
    )
    assert "does not let 'erp' into database 'nope'" in refusal(written(*STEPS), *at(live, "--db", "nope"))


@pytest.mark.parametrize(
    ("answer", "seconds", "told"),
    [
        ((503, {"Retry-After": "900"}, b""), HANG, "is not available: it answers 503 (it asks to try again in 900 s)"),
        (
            (502, {"Content-Type": "text/html"}, b"<p>"),
            HANG,
            "answers 502 text/html: is that the address of an Odoo server?",
        ),
        (Silence.HELD, 0.2, "did not answer within 0.2 s"),
    ],
)
def test_a_server_that_cannot_be_used_is_one_line_and_exit_code_2(
    written: Write, answer: Answer, seconds: float, told: str
) -> None:
    options = ["--db", "x", "--login", "me", "--password-env", "ERP_PASSWORD", "--timeout", str(seconds)]
    with stub(answer) as server:
        assert refusal(written(*STEPS), "--url", server.url, *options).endswith(told)


def test_an_untrusted_certificate_or_no_server_is_one_line_and_exit_code_2(written: Write) -> None:
    options = ["--db", "x", "--login", "me", "--password-env", "ERP_PASSWORD"]
    with stub((200, {}, b"{}"), tls=True) as server:
        url = f"https://localhost:{server.server_port}"
        assert f"{url} has a certificate that is not trusted" in refusal(written(*STEPS), "--url", url, *options)
    assert refusal(written(*STEPS), "--url", url, *options).endswith("cannot be reached: nothing listens there")
    assert "is not the URL of a server" in refusal(written(*STEPS), "--url", "erp", *options)


def test_a_server_that_goes_away_in_between_is_told_with_the_step() -> None:
    contract = parse({"steps": STEPS}, "mine.json")
    server = MockServer().start()
    with Client(server.url, server.db, server.login, server.password) as client:
        assert client.uid == 2
        server.stop()
        with pytest.raises(
            Interrupted, match=r"mine\.json: step 1 \(jsonrpc res\.partner\.create\): .* nothing listens"
        ):
            verify(client, contract, "live")


def test_a_page_in_place_of_one_answer_is_a_difference(written: Write) -> None:
    json_type = {"Content-Type": "application/json"}
    answers = [
        (200, json_type, b'{"result": 2}'),
        (502, {"Content-Type": "text/html"}, b""),
        (200, json_type, b'{"result": 7}'),
    ]
    options = ["--db", "x", "--login", "me", "--password-env", "ERP_PASSWORD"]
    count = step("search_count", [], expect=7)
    with stub(*answers) as server:
        result = run(written(count, count), "--url", server.url, *options)
    assert result.exit_code == 1
    assert "/jsonrpc answers 502 text/html" in result.output
    assert "1 passed, 1 failed" in result.output


# -- what cannot be run


def test_what_cannot_be_run_is_one_line_and_exit_code_2(written: Write, tmp_path: Path) -> None:
    good, wrong = written(*STEPS), written({**STEPS[0], "shape": "isd"}, name="wrong.json")
    assert refusal("no/such.json") == "mockserver: no/such.json: No such file or directory"
    assert refusal(good, wrong).startswith(f"mockserver: {wrong}: step 1: unknown shape 'isd'; did you mean 'id'?")
    assert refusal(good, "--profile", "odoo-17").startswith("mockserver: unknown profile 'odoo-17'")
    assert refusal(good, "--fixtures", "slae").startswith("mockserver: unknown fixture pack 'slae'")
    assert refusal(good, "--rest", "muk").startswith("mockserver: unknown REST add-on 'muk'; did you mean muk_rest?")
    assert refusal(good, "--db", "x") == "mockserver: --db is for a live server: --url is missing"
    assert refusal(good, "--timeout", "60") == "mockserver: --timeout is for a live server: --url is missing"
    assert refusal(good, "--url", "http://x", "--profile", "odoo-17.0").startswith("mockserver: --profile, --f")
    assert refusal(good, "--url", "http://x").startswith("mockserver: --db is missing")
    assert refusal(good, "--url", "http://x", "--db", "x").startswith("mockserver: --login is missing")
    unset = ["--url", "http://x", "--db", "x", "--login", "x"]
    assert refusal(good, *unset).startswith("mockserver: --password-env or --api-key-env is missing")
    assert refusal(good, *unset, "--password-env", "UNSET").endswith("the environment variable UNSET is not set")
    assert refusal(good, "--junit", str(tmp_path / "no" / "x.xml")).endswith("there is no such folder")
    assert run().exit_code == 2


def test_a_report_is_not_written_over_a_contract(written: Write) -> None:
    one, two = written(*STEPS, name="one.json"), written(*STEPS, name="two.json")
    before = Path(one).read_text()
    assert refusal("--json", one, two) == f"mockserver: {one} is a contract: a report is not written over it"
    assert Path(one).read_text() == before


def test_no_report_is_written_when_it_could_not_be_run(live: MockServer, written: Write, tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    refusal(written(*STEPS), *at(live, "--db", "nope"), "--json", str(target), "--junit", str(tmp_path / "out.xml"))
    assert [path.name for path in tmp_path.iterdir()] == ["contract.json"]


# -- reports


def test_the_report_may_be_json(written: Write, tmp_path: Path) -> None:
    path = written(
        STEPS[0], {**STEPS[1], "expect": {"result": [{"id": "anna", "name": "B", "color": 3}]}}, name="a.json"
    )
    result = run(path, "--json")
    told = json.loads(result.stdout)
    assert (told["passed"], told["failed"], result.exit_code) == (1, 1, 1)
    (contract,) = told["contracts"]
    assert (contract["file"], contract["against"], contract["missing_models"]) == (path, "odoo-17.0", {})
    (difference,) = contract["differences"]
    assert (difference["step"], difference["via"], difference["call"]["method"]) == (2, "jsonrpc", "read")
    assert difference["places"] == [{"path": "result.0.name", "expected": "B", "got": "Anna"}]
    assert difference["got"] == {"result": [{"id": "anna", "name": "Anna", "color": 3}]}
    target = tmp_path / "report.json"
    assert run(path, "--json", str(target)).output.endswith("1 passed, 1 failed\n")
    assert json.loads(target.read_text())["contracts"][0]["differences"] == [difference]


def test_the_report_may_be_junit(written: Write, tmp_path: Path) -> None:
    target = tmp_path / "report.xml"
    wrong = step("create", {"name": "\x01<&>"}, expect={"error": {"text": "\x00\ud800"}})
    run(written(*STEPS, wrong), "--junit", str(target))
    (suite,) = ElementTree.parse(target).getroot()
    assert {key: suite.attrib[key] for key in ("tests", "failures", "errors")} == {
        "tests": "6",
        "failures": "1",
        "errors": "0",
    }
    assert [len(case) for case in suite] == [0, 0, 0, 0, 0, 1]
    assert suite[1].attrib["name"] == "step 2: jsonrpc res.partner.read"
    failure = suite[5][0]
    assert failure.attrib["message"] == "error differs"
    assert "res.partner.create" in str(failure.text)


def test_no_secret_is_in_any_report(live: MockServer, written: Write, tmp_path: Path) -> None:
    login = {"service": {"name": "common", "method": "login", "args": ["{db}", "{login}", "{password}"]}, "expect": {}}
    echo = {"http": {"method": "GET", "path": "/{password}"}, "keep": ["a"], "expect": {"status": 1}}
    files = [tmp_path / "out.json", tmp_path / "out.xml"]
    result = run(written(login, echo), *at(live), "--json", str(files[0]), "--junit", str(files[1]))
    assert result.exit_code == 1
    assert '("{db}", "{login}", "{password}")' in result.output
    for text in (result.output, *(file.read_text() for file in files)):
        assert SECRET not in text


def test_long_values_are_cut_around_what_differs() -> None:
    text = "x" * 300
    contract = parse({"steps": [step("f", expect=f"{text}A{text}")]}, "c")
    with fresh(contract) as (client, name):
        report = verify(client, contract, name)
    report.verdicts[0].differences[0] = type(report.verdicts[0].differences[0])("result", f"{text}A{text}", f"{text}BB")
    told = list(lines(report, width=80))
    assert all(len(line) <= 80 for line in told[1:])
    assert any(re.search(r"expected  …x{24}Ax+…$", line) for line in told)
    assert any(line.endswith('xxxBB"') for line in told)
    assert headline(report).startswith("differs  c on odoo-17.0: 0 of 1 step, ")


def test_what_a_terminal_would_obey_is_shown_instead() -> None:
    assert visible("é\n\x1b[31m\u202e\x9b") == "é⏎\\x1b[31m\\u202e\\x9b"


def test_a_whole_outcome_reads_as_a_sentence() -> None:
    assert readable({"result": [1]}) == "the result [1]"
    assert readable({"error": {"name": "a.B", "text": "no"}}) == "the error a.B: no"
    assert readable({"fault": {"code": 2, "text": "no"}}) == "the fault 2: no"
    assert readable("<absent>") == "(not there)"
    assert readable({"a": 1, "b": 2}) == '{"a": 1, "b": 2}'


# -- the program


def test_colours_are_for_terminals_that_want_them(written: Write) -> None:
    path = written(step("search_count", [], expect=-1))
    told = CliRunner().invoke(main, ["verify", path], color=True).output
    assert "\x1b[31m\x1b[1mdiffers\x1b[0m" in told
    assert "\x1b" not in CliRunner().invoke(main, ["verify", path], color=True, env={"NO_COLOR": "1"}).output


def test_what_the_terminal_cannot_write_is_escaped(written: Write) -> None:
    path = written(step("search_count", [["name", "=", "é"]], expect=-1))
    environ = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [*COMMAND, "verify", path]
    done = subprocess.run(command, capture_output=True, text=True, timeout=HANG, env=environ)
    assert (done.returncode, done.stderr) == (1, "")
    assert '([["name", "=", "\\xe9"]])' in done.stdout


def test_the_recordings_of_this_project_are_contracts() -> None:
    recording = str(HERE / "odoo-17.0" / "core-crud.json")
    done = subprocess.run(
        [*COMMAND, "verify", recording, "--profile", "odoo-15.0", "--show", "1"],
        capture_output=True, text=True, timeout=HANG, env={**os.environ, "COLUMNS": "100"},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, "")
    told = done.stdout.splitlines()
    assert told[2] == "  step 22  jsonrpc res.partner.search_count"
    assert told[-1] == "100 passed, 6 failed"
    assert max(map(len, told[1:])) <= 100
