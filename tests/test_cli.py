"""The command line, as a process."""

from __future__ import annotations

import http.client
import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import xmlrpc.client
from collections.abc import Iterator
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from mockserver import MockServer, __version__, cli
from mockserver.addons.base.webhooks import Webhook
from mockserver.cli.log import log
from mockserver.cli.serve import log_webhook, serve, tell_of_kept, warn_if_reachable
from tests.waiting import HANG

COMMAND = [sys.executable, "-W", "error", "-m", "mockserver"]


class Process:
    """`mockserver serve` after its ready line."""

    def __init__(self, *options: str) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, "serve", "--port", "0", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.ready = self.process.stdout.readline()
        self.url = self.ready.split()[2] if self.ready else ""

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        """Exit code, the rest of stdout, and stderr after a signal."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=HANG)
        return self.process.returncode, out, err


@contextmanager
def serving(*options: str) -> Iterator[Process]:
    running = Process(*options)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.process.kill()
            running.process.communicate()


def refused(*options: str) -> str:
    """The one line on stderr of a `serve` that exits with 2."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit) as done, redirect_stdout(out), redirect_stderr(err):
        cli.main(["serve", *options])
    assert (done.value.code, out.getvalue()) == (2, "")
    (line,) = err.getvalue().splitlines()
    return line


def test_serve_prints_one_line_when_it_can_answer() -> None:
    with serving() as odoo:
        port = odoo.url.rpartition(":")[2]
        assert odoo.ready == (
            f"mockserver ready: http://127.0.0.1:{port} db=mock login=admin password=admin profile=odoo-17.0\n"
        )
        with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/common") as common:
            assert common.authenticate("mock", "admin", "admin", {}) == 2
        assert odoo.stop()[:2] == (0, "")


FAILING_LOG = """
import sys
import threading
from mockserver.cli import main

def fails(exchange):
    raise OSError("the disk\\nis full")

sys.modules["mockserver.cli.serve"].log_request = fails
main()
"""


def test_an_observer_that_fails_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "COMMAND", [sys.executable, "-W", "error", "-c", FAILING_LOG])
    with serving() as odoo:
        with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/common") as common:
            assert common.authenticate("mock", "admin", "admin", {}) == 2
        assert odoo.stop() == (0, "", "mockserver: internal error: OSError: the disk?is full\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it_at_once_with_exit_code_0(number: int) -> None:
    with serving("--quiet") as odoo:
        idle = socket.create_connection(("127.0.0.1", int(odoo.url.rpartition(":")[2])))
        assert odoo.stop(number) == (0, "", "")
        idle.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_was_answered_when_it_is_stopped_amid_calls_is_saved(number: int, tmp_path: Path) -> None:
    """64 clients create records all the time: each gets whole answers only, and what it was told was done is done."""
    file, told, faults, enough = tmp_path / "state.json", list[str](), list[str](), threading.Event()

    def create(connection: http.client.HTTPConnection, name: str) -> None:
        args = ["mock", 2, "admin", "res.partner.category", "create", [{"name": name}]]
        body = json.dumps({"params": {"service": "object", "method": "execute_kw", "args": args}})
        connection.request("POST", "/jsonrpc", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        try:
            assert json.load(answer)["result"] > 0
            told.append(name)
        except (AssertionError, ValueError, KeyError, http.client.HTTPException) as error:
            faults.append(repr(error))

    def client(name: str, port: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=HANG)
        with closing(connection), suppress(ConnectionError):
            for turn in range(10_000):
                create(connection, f"{name} {turn}")
                if len(told) >= 128:
                    enough.set()

    with serving("--quiet", "--save", str(file)) as odoo:
        port = int(odoo.url.rpartition(":")[2])
        threads = [threading.Thread(target=client, args=(f"client {n}", port)) for n in range(64)]
        for thread in threads:
            thread.start()
        assert enough.wait(HANG)
        assert odoo.stop(number) == (0, "", "")
        for thread in threads:
            thread.join(HANG)
    assert faults == []
    saved = [record["values"]["name"] for record in json.loads(file.read_text())["records"]]
    assert sorted(saved) == sorted(told)


def test_each_request_is_one_log_line() -> None:
    with serving() as odoo:
        with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/common") as common:
            common.version()
        with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/object") as models:
            models.execute_kw("mock", 2, "admin", "res.partner", "search_count", [[]])
            with pytest.raises(xmlrpc.client.Fault):
                models.execute_kw("mock", 2, "admin", "res.partner", "nope", [[]])
        lines = odoo.stop()[2].splitlines()
    assert [line.rsplit(" ", 2)[0] for line in lines] == [
        "xmlrpc common.version ok",
        "xmlrpc res.partner.search_count ok",
        "xmlrpc res.partner.nope AttributeError",
        "mockserver: note: the mock has no method nope of res.partner; an override",
    ]
    assert all(line.endswith(" ms") and float(line.split()[-2]) > 0 for line in lines[:3])


def test_strict_tells_what_to_add_and_ends_with_1() -> None:
    with serving("--strict", "--quiet") as odoo:
        for _ in range(2):
            with (
                xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/object") as models,
                pytest.raises(xmlrpc.client.Fault, match=r"sale\.order doesn't exist"),
            ):
                models.execute_kw("mock", 2, "admin", "sale.order", "search", [[]])
        code, _, told = odoo.stop()
    assert code == 1
    assert told.splitlines() == [
        "mockserver: note: there is no model 'sale.order'",
        "called: sale.order.search(domain=[])",
        "The pack 'sale' has it: fixtures=[\"sale\"]",
        "mockserver: strict: the mock lacked 1 thing that calls used",
        "mockserver: strict: here --fixtures loads packs and files, and POST /_mock/overrides adds methods",
    ]


def test_strict_without_findings_ends_with_0() -> None:
    with serving("--strict", "--quiet") as odoo:
        with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/common") as common:
            common.version()
        assert odoo.stop() == (0, "", "")


def test_a_webhook_is_one_log_line(capsys: pytest.CaptureFixture[str]) -> None:
    log_webhook(Webhook("http://shop.example/\nx", {}, ("res.partner", 7), error="not sent: it is elsewhere"))
    log_webhook(Webhook("http://127.0.0.1/", {}, ("res.partner", 7), sent=True, status=200))
    assert log.flush(HANG)
    assert capsys.readouterr().err == (
        "webhook res.partner POST http://shop.example/?x not sent: it is elsewhere\n"
        "webhook res.partner POST http://127.0.0.1/ 200\n"
    )


def test_quiet_logs_nothing() -> None:
    with serving("--quiet") as odoo:
        with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/common") as common:
            common.version()
        assert odoo.stop() == (0, "", "")


@pytest.mark.parametrize(("options", "status"), [((), 200), (("--no-control",), 404)])
def test_the_control_api_is_there_unless_it_is_turned_off(options: tuple[str, ...], status: int) -> None:
    with serving("--quiet", *options) as odoo:
        connection = http.client.HTTPConnection(odoo.url.removeprefix("http://"))
        connection.request("GET", "/_mock/health")
        assert connection.getresponse().status == status
        connection.close()


def test_login_password_and_databases_are_as_the_options_say() -> None:
    options = ("--db", "one", "--db", "two", "--login", "me", "--password", "secret", "--master-password", "master")
    with serving(*options) as odoo:
        assert " db=one,two login=me password=secret " in odoo.ready
        with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/common") as common:
            assert common.authenticate("two", "me", "secret", {}) == 2
            assert common.authenticate("two", "admin", "admin", {}) is False
        with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/db") as db:
            assert db.list() == ["one", "two"]
            assert db.duplicate_database("master", "one", "three") is True


def test_a_fixture_file_is_served(tmp_path: Path) -> None:
    fixture = tmp_path / "mine.json"
    fixture.write_text('{"records": [{"model": "res.partner", "xmlid": "my.one", "values": {"name": "Mine"}}]}')
    with (
        serving("--fixtures", str(fixture)) as odoo,
        xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/object") as models,
    ):
        domain = [["name", "=", "Mine"]]
        assert models.execute_kw("mock", 2, "admin", "res.partner", "search_count", [domain]) == 1


def test_a_taken_port_is_one_line_and_exit_code_2() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert refused("--port", str(port)) == f"mockserver: cannot listen on 127.0.0.1:{port}: Address already in use"


def test_a_missing_fixture_is_one_line_and_exit_code_2() -> None:
    assert (
        refused("--port", "0", "--fixtures", "no/such.json")
        == "mockserver: no/such.json: no such fixture file or folder"
    )


def test_a_broken_fixture_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"records": [}')
    line = refused("--port", "0", "--fixtures", str(broken))
    assert line.startswith(f"mockserver: {broken}: line 1 column 14: ")


def test_an_unknown_profile_is_one_line_and_exit_code_2() -> None:
    line = refused("--port", "0", "--profile", "odoo-17")
    assert line.startswith("mockserver: unknown profile 'odoo-17'; did you mean odoo-17.0")


def test_an_unusable_database_name_is_one_line_and_exit_code_2() -> None:
    line = refused("--port", "0", "--db", "a b")
    assert line.startswith("mockserver: Invalid database name. ")
    assert line.endswith("'a b'")
    assert refused("--port", "0", "--db", "a", "--db", "a") == "mockserver: database 'a' already exists!"


def test_an_address_for_other_machines_gets_a_warning() -> None:
    with serving("--host", "0.0.0.0", "--quiet") as odoo:
        assert odoo.stop() == (0, "", "mockserver: warning: 0.0.0.0 can be reached from other machines\n")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost"])
def test_a_loopback_address_gets_no_warning(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    warn_if_reachable(host)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("host", ["http://127.0.0.1", "127.0.0.1:8069", "::1]", "[]"])
def test_what_is_no_host_is_named_and_nothing_listens(host: str) -> None:
    assert refused("--port", "0", "--host", host) == (
        f"mockserver: --host {host!r}: it is a name or an address such as 127.0.0.1 or ::1, without scheme and port"
    )


def test_a_password_that_a_folder_goes_before_is_told(tmp_path: Path) -> None:
    with serving("--data", str(tmp_path / "data"), "--quiet") as odoo:
        odoo.stop()
    with serving("--data", str(tmp_path / "data"), "--quiet", "--login", "admin", "--password", "new") as odoo:
        assert " login=admin password=admin " in odoo.ready
        _, _, err = odoo.stop()
    assert "mockserver: data: mock keeps the password that it has; --password is for databases that are new\n" in err
    assert "--login" not in err


def test_options_that_a_folder_goes_before_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with MockServer(data=tmp_path / "data"):
        pass
    context = click.Context(serve)
    serve.parse_args(context, ["--master-password", "new", "--without-demo"])
    with MockServer(data=tmp_path / "data", master_password="new", demo=False) as again:
        tell_of_kept(again, context)
        assert again.master_password == "admin"
    assert capsys.readouterr().err == (
        "mockserver: data: the master password is that of the folder; --master-password is for a folder that is new\n"
        "mockserver: data: mock keeps the data that it has; --without-demo is for databases that are new\n"
    )


EMPTY = {
    "serve": ("--host", "--data", "--save", "--db", "--fixtures", "--control-token", "--profile", "--password"),
    "pull": ("--url", "--models"),
    "record": ("--upstream", "--db"),
    "verify": ("--url", "--json", "CONTRACT..."),
    "check": ("--fixtures", "FILE..."),
}


@pytest.mark.parametrize(("command", "option"), [(name, option) for name, found in EMPTY.items() for option in found])
def test_empty_options_and_arguments_are_refused(
    command: str, option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an unset variable of the shell leaves them; pathlib takes an empty path for the current folder."""
    monkeypatch.chdir(tmp_path)
    arguments = [option, ""] if option.startswith("--") else [""]
    done = CliRunner().invoke(cli.main, [command, *arguments])
    assert (done.exit_code, done.output) == (2, f"mockserver: {option} is empty\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (["--no-control", "--control-token", "t"], "--control-token has no effect with --no-control"),
        (["--no-control", "--allow-host", "odoo.test"], "--allow-host has no effect with --no-control"),
        (
            ["--allow-host", "odoo.test", "--control-token", "t"],
            "--allow-host has no effect with --control-token, which is answered under any host name",
        ),
        (["--sync", "on"], "--sync is for --data, which is not given"),
    ],
)
def test_options_without_effect_are_refused(options: list[str], text: str) -> None:
    assert refused("--port", "0", *options) == f"mockserver: {text}"


def test_a_variable_without_effect_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCKSERVER_CONTROL_TOKEN", "t")
    assert refused("--no-control") == (
        "mockserver: --control-token has no effect with --no-control "
        "(options from the environment: MOCKSERVER_CONTROL_TOKEN)"
    )


def test_variables_are_options(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"DB": "one two", "LOGIN": "me", "PROFILE": "odoo-16.0", "FIXTURES": "crm,sale", "CONTROL_TOKEN": "tok",
             "QUIET": "1", "PORT": "1"}  # fmt: skip
    for name, value in given.items():
        monkeypatch.setenv(f"MOCKSERVER_{name}", value)
    with serving("--profile", "odoo-15.0") as odoo:  # also --port 0: an option goes before its variable
        assert " db=one,two login=me password=admin profile=odoo-15.0\n" in odoo.ready
        connection = http.client.HTTPConnection(odoo.url.removeprefix("http://"))
        for token, status in (("tok", 200), ("no", 401)):
            path = "/_mock/databases/two/models/sale.order"
            connection.request("GET", path, headers={"Authorization": f"Bearer {token}", "Host": "mock.internal"})
            answer = connection.getresponse()
            answer.read()
            assert answer.status == status
        connection.close()
        assert odoo.stop() == (0, "", "")


def test_the_state_is_saved_and_comes_back(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    options = ("--fixtures", f"crm,{file}", "--save", str(file))
    for times in (1, 2):
        with serving(*options) as odoo:
            with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/object") as models:
                models.execute_kw("mock", 2, "admin", "crm.lead", "create", [{"name": "Kept"}])
                count = models.execute_kw("mock", 2, "admin", "crm.lead", "search_count", [[["name", "=", "Kept"]]])
            assert count == times
            code, _, err = odoo.stop()
            assert (code, err.splitlines()[-1]) == (0, f"mockserver: the state is saved in {file}")
        assert json.loads(file.read_text("utf-8"))["requires"][-1] == "crm"
        assert [path.name for path in tmp_path.iterdir()] == ["state.json"]


def test_the_state_is_saved_when_asked_for_and_nowhere_else(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    with serving("--quiet", "--save", str(file)) as odoo:
        connection = http.client.HTTPConnection(odoo.url.removeprefix("http://"))
        for body, status in (({}, 200), ({"path": str(tmp_path / "other.json")}, 400)):
            connection.request("POST", "/_mock/save", json.dumps(body), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            told = json.loads(answer.read())
            assert answer.status == status
            if status == 200:
                assert (told["db"], told["saved"], told["fixture"]["records"]) == ("mock", True, [])
                assert json.loads(file.read_text("utf-8")) == told["fixture"]
        connection.close()
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]


def test_what_cannot_be_saved_is_told_at_the_start(tmp_path: Path) -> None:
    assert refused("--port", "0", "--save", str(tmp_path)) == f"mockserver: --save {tmp_path}: it is a folder"
    missing = tmp_path / "no" / "state.json"
    text = f"mockserver: --save {missing}: there is no folder {missing.parent} that can be written to"
    assert refused("--port", "0", "--save", str(missing)) == text
    two = refused("--port", "0", "--save", "x.json", "--db", "a", "--db", "b")
    assert two == "mockserver: --save keeps the state of one database, and --db names 2"


def test_a_flag_is_turned_off_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCKSERVER_CONTROL", "0")
    with serving() as odoo:
        connection = http.client.HTTPConnection(odoo.url.removeprefix("http://"))
        connection.request("GET", "/_mock/ready")
        assert connection.getresponse().status == 404
        connection.close()


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("PORT", "tcp://10.0.0.1:8069", "Invalid value for '--port' (environment variable MOCKSERVER_PORT): "),
        (
            "PORT",
            "70000",
            "Invalid value for '--port' (environment variable MOCKSERVER_PORT): 70000 is not in the range",
        ),
        ("DEMO", "maybe", "(environment variable MOCKSERVER_DEMO): 'maybe' is not a valid boolean"),
        ("PROFILE", "odoo-17", "did you mean odoo-17.0"),
        ("PROFILE", "odoo-17", "(options from the environment: MOCKSERVER_PROFILE)"),
        ("CONTROL_TOKEN", "two words", "(options from the environment: MOCKSERVER_CONTROL_TOKEN)"),
    ],
)
def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str, text: str) -> None:
    monkeypatch.setenv(f"MOCKSERVER_{name}", value)
    done = CliRunner().invoke(cli.main, ["serve"])
    assert done.exit_code == 2
    assert text in done.output


@pytest.mark.parametrize(
    ("name", "near"), [("PROT", "PORT"), ("FIXTURE", "FIXTURES"), ("UPSTREAM_PASSWORD", None), ("X", None)]
)
def test_a_misspelt_variable_is_told(monkeypatch: pytest.MonkeyPatch, name: str, near: str | None) -> None:
    monkeypatch.setenv(f"MOCKSERVER_{name}", "1")
    done = CliRunner().invoke(cli.main, ["serve", "--profile", "none"])
    warning = (
        f"mockserver: warning: the variable MOCKSERVER_{name} is no option of serve; did you mean MOCKSERVER_{near}?"
    )
    assert (warning in done.output.splitlines()) is (near is not None), done.output


def test_version_is_told() -> None:
    assert CliRunner().invoke(cli.main, ["--version"]).output == f"mockserver, version {__version__}\n"


def test_the_list_of_commands_fits_into_60_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    for group in ([], ["profiles"], ["contract"]):
        _, _, listed = CliRunner().invoke(cli.main, [*group, "--help"]).output.partition("Commands:")
        assert listed.strip()
        assert "..." not in listed


def test_help_names_every_option() -> None:
    text = CliRunner().invoke(cli.main, ["serve", "--help"]).output
    for option in ("--host", "--port", "--profile", "--db", "--login", "--password", "--master-password", "--fixtures",
                   "--control-token", "--allow-host", "MOCKSERVER_CONTROL_TOKEN"):  # fmt: skip
        assert option in text


def test_a_closed_stderr_does_not_stop_the_server() -> None:
    read, write = os.pipe()
    process = subprocess.Popen([*COMMAND, "serve", "--port", "0"], stdout=subprocess.PIPE, stderr=write, text=True)
    os.close(read)
    os.close(write)
    assert process.stdout is not None
    url = process.stdout.readline().split()[2]
    for _ in range(2):
        with xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/common") as common:
            version: Any = common.version()
            assert version["server_version"] == "17.0"
    process.terminate()
    assert process.wait(HANG) == 0
    process.stdout.close()


FULL = Path("/dev/full")  # a file that takes no byte, as on a full disk


@pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full, which Linux has")
def test_a_stderr_on_a_full_disk_does_not_stop_the_server() -> None:
    options = [*COMMAND, "serve", "--port", "0", "--host", "0.0.0.0"]  # which prints a warning
    with FULL.open("w") as full:
        process = subprocess.Popen(options, stdout=subprocess.PIPE, stderr=full, text=True)
    assert process.stdout is not None
    url = process.stdout.readline().split()[2].replace("0.0.0.0", "127.0.0.1")
    with xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/common") as common:
        assert common.version()
    process.terminate()
    assert process.wait(HANG) == 0
    process.stdout.close()


@pytest.mark.parametrize("arguments", [["serve", "--profile", "x"], ["serve", "--prot", "0"], ["scan", "no"]])
def test_an_error_that_cannot_be_printed_is_exit_code_2(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(sys, "stdout", io.StringIO())
    monkeypatch.setattr(sys, "stderr", Full())
    with pytest.raises(SystemExit) as end:
        cli.main(arguments)
    assert end.value.code == 2


def test_a_stderr_that_nobody_reads_does_not_stop_the_server() -> None:
    """More lines than a pipe holds: the calls are answered, and so is the signal at the end."""
    with serving() as odoo:
        with xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/common") as common:
            for _ in range(3000):
                common.version()
        odoo.process.terminate()
        assert odoo.process.wait(HANG) == 0
        odoo.process.communicate()


def test_an_api_key_may_be_given() -> None:
    with serving("--profile", "odoo-17.0", "--api-key", "from-the-shell") as process:
        with xmlrpc.client.ServerProxy(f"{process.url}/xmlrpc/2/common") as common:
            assert common.login("mock", "admin", "from-the-shell") == 2
        process.stop()


def test_an_api_key_is_refused_where_there_are_none() -> None:
    line = refused("--port", "0", "--profile", "odoo-13.0", "--api-key", "x")
    assert line == "mockserver: odoo-13.0 has no API keys: its clients log in with a password"
