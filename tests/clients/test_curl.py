"""curl: the requests that people paste into a shell, and what curl does by itself with large bodies and connections."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mockserver import MockServer
from tests.waiting import HANG

CURL = shutil.which("curl")
JSON = ("-H", "Content-Type: application/json")
XML = ("-H", "Content-Type: text/xml")
VERSION_CALL = "<?xml version='1.0'?><methodCall><methodName>version</methodName><params/></methodCall>"

pytestmark = pytest.mark.skipif(not CURL, reason="curl is not installed")


@pytest.fixture
def curl(mockserver: MockServer) -> Callable[..., str]:
    """Run curl on one path of the server, or `times` on the same; gives what it prints."""

    def curl(path: str, *arguments: str, stdin: str | None = None, times: int = 1) -> str:
        urls = [mockserver.url + path] * times
        command = [str(CURL), "--silent", "--show-error", "--noproxy", "*", "--max-time", "30", *arguments, *urls]
        done = subprocess.run(command, input=stdin, capture_output=True, encoding="utf-8", timeout=HANG)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return curl


def rpc(service: str, method: str, *args: Any) -> str:
    return json.dumps({"jsonrpc": "2.0", "id": 7, "params": {"service": service, "method": method, "args": args}})


def test_a_json_call_is_one_line(curl: Callable[..., str], mockserver: MockServer) -> None:
    login = rpc("common", "login", mockserver.db, "admin", "admin")
    assert json.loads(curl("/jsonrpc", *JSON, "-d", login)) == {"jsonrpc": "2.0", "id": 7, "result": 2}
    create = rpc("object", "execute_kw", mockserver.db, 2, "admin", "res.partner", "create", [{"name": "Curled"}])
    partner = json.loads(curl("/jsonrpc", *JSON, "-d", create))["result"]
    assert mockserver.env["res.partner"].browse(partner).name == "Curled"


def test_an_xml_call_is_a_document(curl: Callable[..., str]) -> None:
    answer = curl("/xmlrpc/2/common", *XML, "-d", VERSION_CALL)
    assert answer.startswith("<?xml version='1.0'?>\n<methodResponse>")
    assert "<member>\n<name>server_version</name>\n<value><string>17.0</string></value>\n</member>" in answer


def test_without_a_content_type_the_xml_is_taken_for_a_form(curl: Callable[..., str]) -> None:
    answer = curl("/xmlrpc/2/common", "-d", VERSION_CALL)
    assert "<name>faultCode</name>\n<value><int>1</int></value>" in answer
    assert "no element found" in answer


def test_a_session_lives_in_the_cookie_jar(curl: Callable[..., str], mockserver: MockServer, tmp_path: Path) -> None:
    jar = ("-c", str(tmp_path / "jar"), "-b", str(tmp_path / "jar"), *JSON)
    login = json.dumps({"params": {"db": mockserver.db, "login": "admin", "password": "admin"}})
    search = {"model": "res.partner", "method": "search_count", "args": [[["id", "<", 0]]], "kwargs": {}}
    count = json.dumps({"params": search})
    assert json.loads(curl("/web/session/authenticate", *jar, "-d", login))["result"]["username"] == "admin"
    assert "session_id" in (tmp_path / "jar").read_text()
    assert json.loads(curl("/web/dataset/call_kw/res.partner/search_count", *jar, "-d", count))["result"] == 0
    assert "result" not in json.loads(curl("/web/session/destroy", *jar, "-d", "{}"))
    expired = json.loads(curl("/web/dataset/call_kw/res.partner/search_count", *jar, "-d", count))
    assert (expired["id"], expired["error"]["code"], expired["error"]["message"]) == (None, 100, "Odoo Session Expired")


def test_several_requests_share_a_connection(curl: Callable[..., str]) -> None:
    call = (*JSON, "-d", rpc("common", "version"))
    out = curl("/jsonrpc", *call, "-w", "|%{http_code} %{num_connects}|", times=3)
    assert [part for part in out.split("|") if part[:3] == "200"] == ["200 1", "200 0", "200 0"]


def test_a_large_body_waits_for_the_continue_of_the_server(curl: Callable[..., str], mockserver: MockServer) -> None:
    text = "x" * 3_000_000
    create = rpc(
        "object", "execute", mockserver.db, 2, "admin", "res.partner", "create", {"name": "Big", "comment": text}
    )
    asked = (*JSON, "-H", "Expect: 100-continue", "--expect100-timeout", str(HANG), "-D", "-")
    heads, _, answer = curl("/jsonrpc", *asked, "--data-binary", "@-", stdin=create).rpartition("\n\n")
    assert heads.startswith("HTTP/1.1 100 Continue\n")
    partner = mockserver.env["res.partner"].browse(json.loads(answer)["result"])
    assert partner.comment == f"<p>{text}</p>"


def test_http_1_0_is_answered_and_closed(curl: Callable[..., str]) -> None:
    out = curl("/jsonrpc", "--http1.0", *JSON, "-d", rpc("common", "version"), "-w", "|%{http_code}")
    assert out.endswith("|200")


def test_the_root_leads_to_the_web_client_and_other_paths_nowhere(curl: Callable[..., str]) -> None:
    def head(path: str, *arguments: str) -> tuple[str, dict[str, str]]:
        status, *lines = curl(path, *arguments, "-o", "/dev/null", "-D", "-").strip().split("\n")
        return status.split()[1], {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}

    status, headers = head("/", "--head")
    assert (status, headers["location"]) == ("303", "/web")
    assert head("/no/such/page")[0] == "404"
    status, headers = head("/xmlrpc/2/common")
    assert (status, headers["allow"]) == ("405", "OPTIONS, POST")
