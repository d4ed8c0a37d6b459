"""(b) A call over the wire, against an app that answers a constant, on the libraries' server and on ours."""

from __future__ import annotations

import io
import json
import os
import threading
import xmlrpc.client
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from benchmarks.data import fill
from benchmarks.measuring import Figure, best
from mockserver import MockServer
from mockserver.server.handler import call_app
from mockserver.server.serving import KeepAliveServer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FIELDS = ["name", "email", "country_id"]
WIRES = {"XML-RPC": ("/xmlrpc/2/object", "text/xml"), "JSON-RPC": ("/jsonrpc", "application/json")}
CALLS = 25  # a round


def figures() -> Iterator[Figure]:
    """One record and a hundred, several threads, several databases."""
    names = [f"mock{i}" for i in range(10)]
    with on_one_core(), MockServer(db=names) as server:
        ids = fill(server.database(names[0]), 100)
        for wire in WIRES:
            yield from _against_constant(server, wire, f"(b) keep-alive read of 1 record, {wire}", [3], aim=1.5)
        for wire in WIRES:
            name = f"(b) the same, bytes sent and not decoded, {wire}"
            yield from _against_constant(server, wire, name, [3], aim=1.5, decoded=False)
        for wire in WIRES:
            yield from _against_constant(server, wire, f"    keep-alive read of 100 records, {wire}", ids)
        yield from _without_socket(server)
        yield _threads(server)
        yield _databases(server, names)


@contextmanager
def on_one_core() -> Iterator[None]:
    """Keep this process on one core, where the system can: client and server share an interpreter lock anyway,
    and whether they meet on one core or on two, which is chance, changes a figure by half."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def _params(server: MockServer, db: str, ids: list[int]) -> tuple[Any, ...]:
    return (db, server.uid, server.password, "res.partner", "read", [ids, FIELDS])


def encoded(wire: str, params: tuple[Any, ...], method: str = "execute_kw") -> bytes:
    """The body of a call of `object`."""
    if wire == "XML-RPC":
        return xmlrpc.client.dumps(params, method).encode()
    call = {"service": "object", "method": method, "args": params}
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": "call", "params": call}).encode()


def _decoded(wire: str, answer: bytes) -> Any:
    return xmlrpc.client.loads(answer)[0][0] if wire == "XML-RPC" else json.loads(answer)["result"]


def constant(answer: bytes, content_type: str) -> WSGIApplication:
    """An app that gives the same answer to every request."""
    headers = [("Content-Type", content_type), ("Content-Length", str(len(answer)))]

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["wsgi.input"].read()
        start_response("200 OK", headers)
        return [answer]

    return app


class LibraryHandler(WSGIRequestHandler):
    """What `http.server` and werkzeug do for a request, on a connection that stays open, and nothing else."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def handle_one_request(self) -> None:
        """Answer one request."""
        self.raw_requestline = self.rfile.readline(65537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        environ = self.make_environ()
        environ["wsgi.input"] = io.BytesIO(self.rfile.read(int(self.headers["Content-Length"])))
        status, headers, content = call_app(self.server.app, environ)
        headers.append(("Date", self.date_time_string()))
        lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers), "", ""]
        self.wfile.write("\r\n".join(lines).encode() + content)


@contextmanager
def serving(app: WSGIApplication, ours: bool) -> Iterator[str]:
    """Serve an app, on our server or on the libraries'; give its URL."""
    server = KeepAliveServer(app) if ours else ThreadedWSGIServer("127.0.0.1", 0, app, LibraryHandler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Client:
    """A connection that stays open, and the same call on it again and again.

    `decoded`: with what a client library does at least, the standard library's encoding and decoding;
    otherwise bytes that are there already are sent, and the answer's bytes are read.
    """

    def __init__(self, url: str, wire: str, params: tuple[Any, ...], decoded: bool = True) -> None:
        host, _, port = url.partition("://")[2].rpartition(":")
        self._connection = HTTPConnection(host, int(port))
        self._wire, self._params, self._decoded = wire, params, decoded
        self._body = encoded(wire, params)

    def __call__(self) -> Any:
        if not self._decoded:
            return self.exchange(self._body)
        return _decoded(self._wire, self.exchange(encoded(self._wire, self._params)))

    def exchange(self, body: bytes) -> bytes:
        """The answer to a request."""
        path, content_type = WIRES[self._wire]
        self._connection.request("POST", path, body, {"Content-Type": content_type})
        return self._connection.getresponse().read()

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


def _against_constant(
    server: MockServer, wire: str, name: str, ids: list[int], aim: float | None = None, decoded: bool = True
) -> Iterator[Figure]:
    params = _params(server, server.db, ids)
    ours = Client(server.url, wire, params, decoded)
    answer = ours.exchange(encoded(wire, params))
    assert len(_decoded(wire, answer)) == len(ids), answer
    app = constant(answer, WIRES[wire][1])
    with serving(app, ours=False) as library_url, serving(app, ours=True) as own_url:
        clients = [ours, *(Client(url, wire, params, decoded) for url in (library_url, own_url))]
        assert clients[2]() == clients[1]() == ours()
        cost, baseline, own = (seconds * 1e3 for seconds in best(*clients, number=CALLS, rounds=200))
        for client in clients:
            client.close()
    against = f"constant app, {len(answer)} bytes"
    yield Figure(name, cost, "ms", baseline, against, aim)
    if aim is not None:
        yield Figure("(b)   beside that app on our own server", cost, "ms", own, "constant app, our server", aim)


def _without_socket(server: MockServer) -> Iterator[Figure]:
    """The app alone: what is ours of the figures above, without server, socket and client."""
    for wire in WIRES:
        body = encoded(wire, _params(server, server.db, [3]))
        ours = wsgi_call(server.app, wire, body)
        bare = wsgi_call(constant(ours(), WIRES[wire][1]), wire, body)
        costs = best(ours, bare, number=CALLS, rounds=200)
        name = f"    the same read, the WSGI app alone, {wire}"
        yield Figure(name, costs[0] * 1e6, "µs", costs[1] * 1e6, "constant app")


def wsgi_call(app: WSGIApplication, wire: str, body: bytes) -> Callable[[], bytes]:
    """What sends a request to an app, without a socket, and gives the answer."""
    path, content_type = WIRES[wire]
    fixed = {"REQUEST_METHOD": "POST", "PATH_INFO": path, "CONTENT_TYPE": content_type, "SCRIPT_NAME": ""}
    fixed |= {"CONTENT_LENGTH": str(len(body)), "SERVER_NAME": "localhost", "SERVER_PORT": "80", "QUERY_STRING": ""}

    def call() -> bytes:
        environ: Any = {**fixed, "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(body)}
        return b"".join(app(environ, lambda status, headers, exc_info=None: lambda data: None))

    return call


def _threads(server: MockServer) -> Figure:
    """Four clients at a time, in the process of the server: they share its one interpreter lock."""
    params = _params(server, server.db, [3])
    clients = [Client(server.url, "JSON-RPC", params) for _ in range(4)]

    def four() -> None:
        threads = [threading.Thread(target=lambda c=client: [c() for _ in range(CALLS)]) for client in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def one() -> None:
        for _ in range(4 * CALLS):
            clients[0]()

    ours, baseline = (cost / (4 * CALLS) * 1e3 for cost in best(four, one, rounds=10))
    for client in clients:
        client.close()
    return Figure("    a call, 4 clients at a time, JSON-RPC", ours, "ms", baseline, "1 client")


def _databases(server: MockServer, names: list[str]) -> Figure:
    """Ten databases in turn, on one connection each, against one."""
    clients = [Client(server.url, "JSON-RPC", _params(server, name, [3])) for name in names]

    def ten() -> None:
        for client in clients:
            client()

    def one() -> None:
        for _ in clients:
            clients[0]()

    ours, baseline = (cost / len(names) * 1e3 for cost in best(ten, one, number=10, rounds=40))
    for client in clients:
        client.close()
    return Figure("    a call, 10 databases in turn, JSON-RPC", ours, "ms", baseline, "1 database")
