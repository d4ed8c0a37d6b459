"""Clients without a socket: each gives the same values and raises the same exceptions as it does on a socket."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import http.client
import io
import json
import re
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import xmlrpc.client
from collections.abc import Callable, Iterator
from typing import Any
from xml.parsers.expat import ExpatError

import httpcore  # noqa: F401  httpx imports it late; within an in-process pytest run it would be another copy
import httpx
import pytest
import requests

from mockserver import (
    Delay,
    Garbage,
    HttpError,
    MockServer,
    Reset,
    SerializationFailure,
    SlowBody,
    Timeout,
    Truncate,
    UserError,
)
from mockserver.testing.transports.httpx import Transport
from tests.waiting import HANG, until

IMPATIENT = 0.15  # seconds that a client waits for an answer that does not come
JSON = {"Content-Type": "application/json"}

Answer = tuple[int, dict[str, str], bytes]


@pytest.fixture(scope="module")
def shared() -> Iterator[MockServer]:
    with MockServer(journal=50) as server:
        yield server


@pytest.fixture
def odoo(shared: MockServer) -> Iterator[MockServer]:
    shared.reset()
    yield shared
    shared.faults.begin()
    assert shared.errors == []


# -- the libraries, each with and without a socket ---------------------------------------------------


def told(headers: Any) -> dict[str, str]:
    """The headers of an answer, without those that are the connection's own."""
    return {name.lower(): value for name, value in headers if name.lower() not in ("date", "connection")}


class HttpClient:
    """`http.client`; follows no redirects and keeps no cookies."""

    def __init__(self, server: MockServer, wired: bool, patience: float) -> None:
        self.connection: http.client.HTTPConnection
        if wired:
            self.connection = http.client.HTTPConnection(server.host, server.port, timeout=patience)
        else:
            self.connection = server.http_connection(server.host, server.port, timeout=patience)

    def __call__(self, method: str, path: str, body: Any = None, headers: Any = None) -> Answer:
        self.connection.request(method, path, body, headers or {})
        response = self.connection.getresponse()
        return response.status, told(response.getheaders()), response.read()

    def close(self) -> None:
        self.connection.close()


class Urllib:
    """`urllib.request` with cookies."""

    def __init__(self, server: MockServer, wired: bool, patience: float) -> None:
        self.patience = patience
        cookies = urllib.request.HTTPCookieProcessor()
        self.opener = urllib.request.build_opener(cookies) if wired else server.opener()
        self.url = server.url

    def __call__(self, method: str, path: str, body: Any = None, headers: Any = None) -> Answer:
        if body is not None and not isinstance(body, bytes):
            body = b"".join(body)
        request = urllib.request.Request(self.url + path, body, headers or {}, method=method)
        try:
            response = self.opener.open(request, timeout=self.patience)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            return response.status, told(response.headers.items()), response.read()

    def close(self) -> None:
        self.opener.close()


class Requests:
    """A session of requests."""

    def __init__(self, server: MockServer, wired: bool, patience: float) -> None:
        self.patience = patience
        self.session = requests.Session() if wired else server.requests_session()
        self.url = server.url

    def __call__(self, method: str, path: str, body: Any = None, headers: Any = None) -> Answer:
        data = iter(body) if isinstance(body, list) else body  # a list would be fields of a form
        response = self.session.request(method, self.url + path, data=data, headers=headers, timeout=self.patience)
        return response.status_code, told(response.headers.items()), response.content

    def close(self) -> None:
        self.session.close()


class Httpx:
    """A client of httpx."""

    def __init__(self, server: MockServer, wired: bool, patience: float) -> None:
        options: Any = {"timeout": patience, "follow_redirects": True}
        if wired:
            self.client = httpx.Client(base_url=server.url, **options)
        else:
            self.client = server.httpx_client(**options)

    def __call__(self, method: str, path: str, body: Any = None, headers: Any = None) -> Answer:
        response = self.client.request(method, path, content=body, headers=headers)
        return response.status_code, told(response.headers.items()), response.content

    def close(self) -> None:
        self.client.close()


class AsyncHttpx:
    """An asynchronous client of httpx, on a loop of its own."""

    def __init__(self, server: MockServer, wired: bool, patience: float) -> None:
        self.loop = asyncio.new_event_loop()
        options: Any = {"timeout": patience, "follow_redirects": True}
        if wired:
            self.client = httpx.AsyncClient(base_url=server.url, **options)
        else:
            self.client = server.httpx_async_client(**options)

    def __call__(self, method: str, path: str, body: Any = None, headers: Any = None) -> Answer:
        if body is not None and not isinstance(body, bytes):
            body = b"".join(body)
        response = self.loop.run_until_complete(self.client.request(method, path, content=body, headers=headers))
        return response.status_code, told(response.headers.items()), response.content

    def close(self) -> None:
        self.loop.run_until_complete(self.client.aclose())
        self.loop.close()


Library = type[HttpClient | Urllib | Requests | Httpx | AsyncHttpx]
LIBRARIES: list[Library] = [HttpClient, Urllib, Requests, Httpx, AsyncHttpx]


@pytest.fixture(params=LIBRARIES, ids=lambda library: library.__name__)
def library(request: pytest.FixtureRequest) -> Library:
    found: Library = request.param
    return found


@contextlib.contextmanager
def both(odoo: MockServer, library: Library, patience: float = HANG) -> Iterator[list[Any]]:
    """The client on the socket, and the one without; each waits so many seconds for an answer."""
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(contextlib.closing(library(odoo, wired, patience))) for wired in (True, False)]


def rpc(odoo: MockServer, model: str, method: str, *args: Any, **kwargs: Any) -> bytes:
    call = [odoo.db, odoo.uid, odoo.password, model, method, list(args), kwargs]
    return json.dumps({"id": 1, "params": {"service": "object", "method": "execute_kw", "args": call}}).encode()


# -- answers ----------------------------------------------------------------------------------------

LOGIN = {"params": {"db": "mock", "login": "admin", "password": "admin"}}
CALLS: dict[str, tuple[str, str, Any, dict[str, str]]] = {
    "a page": ("GET", "/web/database/selector", None, {}),
    "a query": ("GET", "/web/database/selector?redirect=1&x=%20%C3%A9", None, {}),
    "JSON": ("POST", "/web/webclient/version_info", b'{"id": 1, "params": {}}', JSON),
    "no JSON": ("POST", "/jsonrpc", b"{", JSON),
    "another type": ("POST", "/jsonrpc", b"{}", {"Content-Type": "text/plain"}),
    "an error": ("POST", "/jsonrpc", b'{"id": 1, "params": {"service": "object"}}', JSON),
    "not found": ("GET", "/no/such/page", None, {}),
    "not found, quoted": ("GET", "/no/such%2Fp%C3%A4ge", None, {}),
    "a wrong verb": ("DELETE", "/jsonrpc", None, {}),
    "a head": ("HEAD", "/web/database/selector", None, {}),
    "XML": ("POST", "/xmlrpc/2/common", xmlrpc.client.dumps((), "version").encode(), {"Content-Type": "text/xml"}),
    "in chunks": ("POST", "/web/webclient/version_info", [b'{"id": 1, ', b'"params": {}}'], JSON),
    "not logged in": ("POST", "/web/session/get_session_info", b'{"params": {}}', JSON),
}


@pytest.mark.parametrize("name", CALLS)
def test_an_answer_is_the_same(odoo: MockServer, library: Library, name: str) -> None:
    with both(odoo, library) as clients:
        there, here = (client(*CALLS[name]) for client in clients)
    assert here == there


def test_binary_and_large_bodies_go_through_both_ways(odoo: MockServer, library: Library) -> None:
    data = bytes(range(256)) * 4000
    with both(odoo, library) as clients:
        values = {"name": "x.bin", "datas": base64.b64encode(data).decode()}
        there, here = (
            client("POST", "/jsonrpc", rpc(odoo, "ir.attachment", "create", values), JSON) for client in clients
        )
        created = json.loads(here[2])["result"]
        assert json.loads(there[2])["result"] + 1 == created
        read = rpc(odoo, "ir.attachment", "read", [created], ["datas"])
        there, here = (client("POST", "/jsonrpc", read, JSON) for client in clients)
    assert here == there
    assert base64.b64decode(json.loads(here[2])["result"][0]["datas"]) == data


def test_a_session_is_the_clients_business(odoo: MockServer, library: Library) -> None:
    outcomes = []
    with both(odoo, library) as clients:
        for client in clients:
            login = client("POST", "/web/session/authenticate", json.dumps(LOGIN).encode(), JSON)
            session = re.search("session_id=([^;]+)", login[1]["set-cookie"])
            assert session is not None
            # http.client leaves cookies to its user
            headers = {**JSON, "Cookie": session[0]} if isinstance(client, HttpClient) else JSON
            info = json.loads(client("POST", "/web/session/get_session_info", b'{"params": {}}', headers)[2])
            outcomes.append((login[0], info["result"]["uid"], info["result"]["username"]))
    assert outcomes == [(200, 2, "admin")] * 2


def test_a_redirect_is_followed_where_the_library_does_that(odoo: MockServer, library: Library) -> None:
    with both(odoo, library) as clients:
        there, here = (client("GET", "/") for client in clients)
    assert here[0] == there[0]
    assert here[0] == (303 if library is HttpClient else 200)
    # the login page has another token for every visitor
    assert (here[1].get("location"), len(here[2])) == (there[1].get("location"), len(there[2]))


def test_a_connection_is_used_again(odoo: MockServer) -> None:
    connection = odoo.http_connection()
    for _ in range(3):
        connection.request("GET", "/web/database/selector")
        assert b"<title>" in connection.getresponse().read()
    connection.request("GET", "/web/database/selector")
    with pytest.raises(http.client.CannotSendRequest):
        connection.request("GET", "/web/database/selector")


def test_a_body_may_be_a_file(odoo: MockServer) -> None:
    connection = odoo.http_connection()
    connection.request("POST", "/web/webclient/version_info", io.BytesIO(b'{"id": 1, "params": {}}'), JSON)
    assert json.loads(connection.getresponse().read())["result"]["server_serie"] == "17.0"


# -- what goes wrong --------------------------------------------------------------------------------

FAULTS: dict[str, Callable[[], Any]] = {
    "a reset": Reset,
    "a reset after the call": lambda: Reset(after=True),
    "no answer": lambda: Timeout(HANG),
    "no answer for a while": lambda: Timeout(0.05),
    "a late call": lambda: Delay(HANG),
    "a late answer": lambda: Delay(HANG, after=True),
    "a short delay": lambda: Delay(0.02),
    "a short delay of the answer": lambda: Delay(0.02, after=True),
    "half an answer": Truncate,
    "nothing of the body": lambda: Truncate(0),
    "noise": Garbage,
    "noise from the start": lambda: Garbage(whole=True),
    "a slow body": lambda: SlowBody(0.1, 3),
    "a body that is too slow": lambda: SlowBody(2 * HANG, 3),
    "a page of a proxy": lambda: HttpError(503, retry_after=3),
    "a page in the answer's place": lambda: HttpError(502, after=True),
    "a delay and a page": lambda: Delay(0.02) + HttpError(504),
    "a delay and a reset": lambda: Delay(0.02, after=True) + Reset(after=True),
    "an error of the call": lambda: UserError("No."),
    "an error of the server": SerializationFailure,
}
# those for which no client waits; what comes before the silence of a slow body is to arrive in that time
GIVEN_UP = {
    "no answer": IMPATIENT,
    "a late call": IMPATIENT,
    "a late answer": IMPATIENT,
    "a body that is too slow": 1.0,
}


def outcome(client: Any, *request: Any) -> Any:
    """The answer, or the exception with its causes."""
    try:
        return client(*request)
    except Exception as error:
        return described(error)


def described(error: BaseException | None) -> list[tuple[str, str]]:
    """Class and text of what reaches the client's user, and of what it says is its reason."""
    found = []
    while error is not None:
        text = re.sub(r" object at 0x\w+|(?<=port=)\d+|session_id=\w+", "", str(error))
        found.append((f"{type(error).__module__}.{type(error).__name__}", text))
        reason = getattr(error, "reason", None)
        error = reason if isinstance(reason, BaseException) else None
    return found


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_met_as_on_a_socket(odoo: MockServer, library: Library, name: str) -> None:
    with both(odoo, library, GIVEN_UP.get(name, HANG)) as clients:
        outcomes = []
        for client in clients:
            odoo.faults.add(FAULTS[name](), model="res.partner", method="search_count", times=1)
            outcomes.append(outcome(client, "POST", "/jsonrpc", rpc(odoo, "res.partner", "search_count", []), JSON))
            odoo.faults.begin()
        # and is over then
        fresh = outcome(clients[1], "GET", "/web/database/selector") if library is not HttpClient else None
    if library is AsyncHttpx:  # on a socket, its exceptions have no texts
        outcomes = [found if isinstance(found, tuple) else [name for name, _ in found] for found in outcomes]
    assert outcomes[1] == outcomes[0]
    assert fresh is None or fresh[0] == 200


EXPECTED = {
    Reset: (ConnectionResetError, requests.ConnectionError, httpx.ReadError),
    Timeout: (TimeoutError, requests.ReadTimeout, httpx.ReadTimeout),
    Truncate: (http.client.IncompleteRead, requests.exceptions.ChunkedEncodingError, httpx.RemoteProtocolError),
}


@pytest.mark.parametrize("fault", EXPECTED, ids=lambda fault: fault.__name__)
def test_what_a_client_raises_is_named(odoo: MockServer, fault: Any) -> None:
    libraries: list[Library] = [HttpClient, Requests, Httpx]
    for kind, library in zip(EXPECTED[fault], libraries, strict=True):
        odoo.faults.add(fault(), times=1)
        with (
            contextlib.closing(library(odoo, False, IMPATIENT if fault is Timeout else HANG)) as client,
            pytest.raises(kind),
        ):
            client("POST", "/jsonrpc", rpc(odoo, "res.partner", "search_count", []), JSON)


def test_a_server_that_is_down_refuses(odoo: MockServer, library: Library) -> None:
    with both(odoo, library) as clients:
        with odoo.down():
            there, here = (outcome(client, "GET", "/web/database/selector") for client in clients)
        after = clients[1]("GET", "/web/database/selector") if library is not HttpClient else (200,)
    names = [[name for name, _ in described] for described in (there, here)]
    assert names[1] == names[0]
    assert "refused" in here[-1][1] or "attempts failed" in there[-1][1]
    assert after[0] == 200


def test_who_gives_up_does_not_stop_the_call(odoo: MockServer, request: pytest.FixtureRequest) -> None:
    given_up = threading.Event()
    request.addfinalizer(odoo.app.guard(lambda request, call: given_up.wait(HANG)))
    models = odoo.xmlrpc("object", timeout=0.02)
    with pytest.raises(TimeoutError, match="timed out"):
        models.execute_kw(odoo.db, odoo.uid, odoo.password, "res.partner", "create", [{"name": "Late"}])
    partners = odoo.env["res.partner"]
    assert not partners.search_count([("name", "=", "Late")])
    given_up.set()
    until(lambda: partners.search_count([("name", "=", "Late")]))


def test_a_call_that_takes_too_long_by_itself_has_timed_out(odoo: MockServer) -> None:
    @odoo.on_call("res.partner", "search_count")
    def slow(records: Any, parent: Any, *args: Any) -> Any:
        time.sleep(0.03)  # longer than the client waits, whatever else the machine does
        return parent()

    with pytest.raises(TimeoutError):
        odoo.xmlrpc(timeout=0.01).execute_kw(odoo.db, 2, "admin", "res.partner", "search_count", [[]])


def test_a_task_that_waits_does_not_stop_the_others(odoo: MockServer, request: pytest.FixtureRequest) -> None:
    together = threading.Barrier(5)
    # none goes on before all five have come so far
    request.addfinalizer(odoo.app.guard(lambda request, call: together.wait(HANG)))
    body = rpc(odoo, "res.partner", "search_count", [])

    async def five() -> list[httpx.Response]:
        async with odoo.httpx_async_client(timeout=HANG) as client:
            return await asyncio.gather(*(client.post("/jsonrpc", content=body, headers=JSON) for _ in range(5)))

    assert [answer.status_code for answer in asyncio.run(five())] == [200] * 5


def test_a_task_may_be_cancelled(odoo: MockServer) -> None:
    odoo.faults.add(Timeout(2 * HANG))

    async def impatient() -> None:
        async with odoo.httpx_async_client(timeout=None) as client:
            await asyncio.wait_for(
                client.post("/jsonrpc", content=rpc(odoo, "res.partner", "search", []), headers=JSON), 0.05
            )

    with pytest.raises(asyncio.TimeoutError):
        asyncio.run(impatient())
    # the thread that waits for the answer still does; the task did not
    assert "AnyIO worker thread" in str(threading.enumerate())


# -- XML-RPC ----------------------------------------------------------------------------------------


def proxies(odoo: MockServer, **options: Any) -> list[xmlrpc.client.ServerProxy]:
    """On the socket, and without."""
    return [
        xmlrpc.client.ServerProxy(f"{odoo.url}/xmlrpc/2/object", **options),
        odoo.xmlrpc("object", **options),
    ]


@pytest.mark.parametrize(
    ("method", "args"),
    [
        ("search_read", [[("id", "<", 5)], ["name", "parent_id"]]),
        ("read", [[1], ["image_1920", "create_date"]]),
        ("nope", []),
        ("create", [{}]),
        ("search", [[("nope", "=", 1)]]),
        ("_search", [[]]),
    ],
)
def test_xmlrpc_answers_and_faults_are_the_same(odoo: MockServer, method: str, args: list[Any]) -> None:
    outcomes: list[Any] = []
    for proxy in proxies(odoo):
        with proxy as models:
            try:
                outcomes.append(models.execute_kw(odoo.db, odoo.uid, odoo.password, "res.partner", method, args))
            except xmlrpc.client.Fault as fault:
                outcomes.append((fault.faultCode, fault.faultString.splitlines()[-1]))
    assert outcomes[1] == outcomes[0]


def test_the_options_of_a_proxy_are_those_of_the_standard_library(odoo: MockServer) -> None:
    partner = odoo.env["res.partner"].create({"name": "Typed"})
    call = (odoo.db, odoo.uid, odoo.password, "res.partner", "action_archive", [partner.ids])
    with pytest.raises(TypeError, match="unexpected keyword"):
        odoo.xmlrpc(nonsense=True)
    with odoo.xmlrpc(allow_none=True, headers=[("X-Mine", "1")]) as models, pytest.raises(xmlrpc.client.Fault):
        models.execute_kw(*call)
    with odoo.xmlrpc("common") as common:
        version: Any = common.version()
        assert version["server_serie"] == "17.0"
    with odoo.xmlrpc("db", use_builtin_types=True) as db:
        assert db.list() == [odoo.db]


@pytest.mark.parametrize("fault", [HttpError(503), Garbage(), Truncate(), Garbage(whole=True)], ids=str)
def test_an_xmlrpc_client_meets_the_same_fault(odoo: MockServer, fault: Any) -> None:
    outcomes = []
    for proxy in proxies(odoo):
        odoo.faults.add(fault, times=1)
        with proxy as models:
            outcomes.append(
                outcome(lambda models=models: models.execute_kw("mock", 2, "admin", "res.partner", "search", [[]]))
            )
    assert outcomes[1] == outcomes[0]
    kinds = (xmlrpc.client.ProtocolError, ExpatError, http.client.BadStatusLine)
    assert outcomes[1][0][0].rpartition(".")[2] in {kind.__name__ for kind in kinds}


def test_an_xmlrpc_client_tries_once_more_after_a_reset(odoo: MockServer) -> None:
    odoo.faults.add(Reset(after=True), model="res.partner", method="create", times=1)
    with odoo.xmlrpc() as models:
        models.execute_kw(odoo.db, odoo.uid, odoo.password, "res.partner", "create", [{"name": "Twice"}])
    assert odoo.env["res.partner"].search_count([("name", "=", "Twice")]) == 2


def test_one_transport_serves_several_proxies(odoo: MockServer) -> None:
    transport = odoo.xmlrpc_transport()
    common, models = (
        xmlrpc.client.ServerProxy(f"https://erp.example.com/xmlrpc/2/{service}", transport)
        for service in ("common", "object")
    )
    uid = common.authenticate(odoo.db, odoo.login, odoo.password, {})
    assert models.execute_kw(odoo.db, uid, odoo.password, "res.country", "search_count", [[("code", "=", "BE")]]) == 1


# -- the kit ----------------------------------------------------------------------------------------


def test_calls_without_a_socket_are_in_the_journal(odoo: MockServer) -> None:
    odoo.xmlrpc().execute_kw(odoo.db, odoo.uid, odoo.password, "res.partner", "create", [{"name": "Seen"}])
    with odoo.httpx_client() as client:
        client.post("/jsonrpc", content=rpc(odoo, "res.partner", "write", [1], {"name": "x"}), headers=JSON)
    assert [(call.dialect, call.method) for call in odoo.calls] == [("xmlrpc", "create"), ("jsonrpc", "write")]
    odoo.assert_called("res.partner", "create", vals__contains={"name": "Seen"})


def test_a_server_need_not_be_started() -> None:
    odoo = MockServer()
    odoo.env["res.partner"].create({"name": "Before"})
    assert odoo.base_url == "http://mockserver.test"
    models = odoo.xmlrpc()
    login = (odoo.db, odoo.uid, odoo.password)
    models.execute_kw(*login, "res.partner", "create", [{"name": "After"}])
    assert not odoo.running
    odoo.reset()  # to the state in which the first client was made
    assert odoo.env["res.partner"].search([("name", "in", ["Before", "After"])]).mapped("name") == ["Before"]
    with odoo.requests_session() as session:
        version = session.post(f"{odoo.base_url}/web/webclient/version_info", json={"params": {}})
    assert version.json()["result"]["server_serie"] == "17.0"
    with odoo:
        assert odoo.base_url == odoo.url
        assert models.execute_kw(*login, "res.partner", "search_count", [[("name", "=", "Before")]]) == 1


def test_a_server_that_is_not_started_can_be_down_too() -> None:
    odoo = MockServer()
    common = odoo.xmlrpc("common")
    with odoo.down(), pytest.raises(ConnectionRefusedError):
        common.version()
    version: Any = common.version()
    assert version["server_serie"] == "17.0"


def test_an_adapter_may_be_mounted_where_it_is_wanted(odoo: MockServer) -> None:
    session = requests.Session()
    session.mount("https://erp.example.com", odoo.requests_adapter())
    with session:
        answer = session.get("https://erp.example.com/web/login")
        assert (answer.status_code, answer.url) == (200, "https://erp.example.com/web/login")


def test_an_adapter_tries_again_as_it_is_told(odoo: MockServer) -> None:
    from urllib3.util import Retry

    odoo.faults.add([HttpError(503), Reset(), None])
    retry = Retry(3, status_forcelist=[503], allowed_methods=None, backoff_factor=0)
    with odoo.requests_session(max_retries=retry) as session:
        answer = session.post(f"{odoo.url}/web/webclient/version_info", json={"params": {}})
    assert answer.json()["result"]["server_serie"] == "17.0"


def test_a_transport_may_be_mounted_where_it_is_wanted(odoo: MockServer) -> None:
    with httpx.Client(mounts={"https://erp.example.com": odoo.httpx_transport()}) as client:
        assert client.get("https://erp.example.com/web/login").status_code == 200


def test_a_handler_may_be_added_to_an_opener(odoo: MockServer) -> None:
    opener = urllib.request.build_opener()
    opener.add_handler(odoo.urllib_handler())
    with opener.open("https://erp.example.com/web/login") as answer:
        assert b"<title>" in answer.read()
    opener.close()


def test_an_error_of_the_server_is_kept_for_the_test(odoo: MockServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def bug(environ: Any, start_response: Any) -> Any:
        raise ZeroDivisionError("of the server")

    monkeypatch.setattr(odoo.inprocess, "app", bug)
    with odoo.httpx_client(timeout=None) as client:
        answer = client.get("/web/database/selector")
    assert (answer.status_code, answer.text) == (500, "Internal Server Error\n")
    with pytest.raises(ZeroDivisionError, match="of the server"):
        odoo.raise_errors()


def test_a_body_may_be_streamed_as_it_arrives(odoo: MockServer) -> None:
    odoo.faults.add(SlowBody(0.2, 4))
    body = rpc(odoo, "res.partner", "search", [])
    with odoo.httpx_client() as client, client.stream("POST", "/jsonrpc", content=body, headers=JSON) as answer:
        assert len(list(answer.iter_raw())) == 4
    assert isinstance(odoo.httpx_transport(), Transport)


@pytest.mark.parametrize(("package", "method"), [("httpx", "httpx_client"), ("requests", "requests_session")])
def test_a_missing_package_is_named(package: str, method: str) -> None:
    program = (
        f"import sys\nsys.modules[{package!r}] = None\nfrom mockserver import MockServer\nMockServer().{method}()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    expected = f"ModuleNotFoundError: this needs the package {package}: pip install {package}"
    assert done.stderr.splitlines()[-1] == expected


def test_no_client_library_is_imported_before_it_is_asked_for() -> None:
    program = (
        "import sys\nfrom mockserver import MockServer\nMockServer().xmlrpc()\n"
        "print(sorted({'httpx', 'requests', 'urllib3', 'anyio'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
