"""Sockets and HTTP, with apps of three lines behind them."""

from __future__ import annotations

import contextlib
import http.client
import socket
import socketserver
import threading
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from mockserver.server import arrival, handler, serving
from mockserver.server.serving import CannotListen, KeepAliveServer
from tests.waiting import HANG, until

GET = b"GET /x HTTP/1.1\r\nHost: h\r\n\r\n"
POST_OF_TEN = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n"


def echo(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Answers what it was sent: method, path, body."""
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} ".encode(), body]


@pytest.fixture
def server() -> Iterator[KeepAliveServer]:
    server = KeepAliveServer(echo)
    server.start()
    yield server
    server.stop()


def raw(server: KeepAliveServer, request: bytes, *, end: bool = False) -> bytes:
    """Everything that the server sends back until it closes; `end` closes our side after sending."""
    with socket.create_connection((server.host, server.port), timeout=HANG) as client:
        client.sendall(request)
        if end:
            client.shutdown(socket.SHUT_WR)
        pieces = []
        while piece := client.recv(65536):
            pieces.append(piece)
    return b"".join(pieces)


def closing(request: bytes) -> bytes:
    """The request with `Connection: close`, so that the answer has an end."""
    return request.replace(b"\r\n", b"\r\nConnection: close\r\n", 1)


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def post(headers: str, body: bytes = b"") -> bytes:
    return f"POST /p HTTP/1.1\r\nHost: h\r\n{headers}\r\n\r\n".encode() + body


# -- one request ----------------------------------------------------------------------------------


def test_an_answer_has_length_date_and_body(server: KeepAliveServer) -> None:
    head, _, body = raw(server, closing(GET)).partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "HTTP/1.1 200 OK"
    assert {line.split(":")[0] for line in lines[1:]} == {"Content-Type", "Content-Length", "Date", "Connection"}
    assert body == b"GET /x "


def test_the_body_is_what_content_length_says(server: KeepAliveServer) -> None:
    assert raw(server, closing(post("Content-Length: 3", b"abc"))).endswith(b"POST /p abc")


def test_head_gets_the_length_and_no_body(server: KeepAliveServer) -> None:
    answer = raw(server, closing(GET.replace(b"GET", b"HEAD")))
    assert b"Content-Length: 8\r\n" in answer
    assert answer.endswith(b"\r\n\r\n")


def test_no_content_has_neither_length_nor_body() -> None:
    def nothing(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("204 No Content", [])
        return [b"never sent"]

    with running(nothing) as server:
        answer = raw(server, closing(GET))
    assert answer.startswith(b"HTTP/1.1 204 No Content\r\n")
    assert b"Content-Length" not in answer
    assert answer.endswith(b"\r\n\r\n")


def test_an_unknown_method_reaches_the_app(server: KeepAliveServer) -> None:
    assert raw(server, closing(GET.replace(b"GET", b"BREW"))).endswith(b"BREW /x ")


@pytest.mark.parametrize("name", ["access_token", "Access-Token", "ACCESS_TOKEN"])
def test_a_header_with_an_underscore_reaches_the_app(name: str) -> None:
    def told(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [environ["HTTP_ACCESS_TOKEN"].encode()]

    server = KeepAliveServer(told)
    server.start()
    try:
        assert raw(server, closing(post(f"{name}: key\r\nContent-Length: 0\r\n"))).endswith(b"\r\n\r\nkey")
    finally:
        server.stop()


def test_the_app_is_told_the_length_of_a_chunked_body() -> None:
    def length(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [environ["CONTENT_LENGTH"].encode(), b" ", environ["wsgi.input"].read()]

    with running(length) as server:
        answer = raw(
            server, closing(post("Transfer-Encoding: chunked", b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: v\r\n\r\n"))
        )
    assert answer.endswith(b"5 abcde")


def test_expect_100_continue_is_answered_before_the_body_is_sent(server: KeepAliveServer) -> None:
    with socket.create_connection((server.host, server.port), timeout=HANG) as client:
        client.sendall(closing(post("Content-Length: 2\r\nExpect: 100-continue")))
        assert client.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"ok")
        assert client.recv(65536).endswith(b"POST /p ok")


def test_an_iterable_with_close_is_closed() -> None:
    closed = []

    class Pieces:
        def __iter__(self) -> Iterator[bytes]:
            return iter([b"a", b"b"])

        def close(self) -> None:
            closed.append(True)

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        return Pieces()

    with running(app) as server:
        assert raw(server, closing(GET)).endswith(b"\r\n\r\nab")
    assert closed == [True]


# -- connections ----------------------------------------------------------------------------------


def test_an_answer_is_one_write_that_waits_for_nothing(
    server: KeepAliveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # two writes an answer, or Nagle's algorithm left on, cost 40 ms a call
    written: list[int] = []
    stream: Any = vars(socketserver)["_SocketWriter"]
    write = stream.write

    def counted(self: Any, data: bytes) -> Any:
        written.append(len(data))
        return write(self, data)

    monkeypatch.setattr(stream, "write", counted)
    client = http.client.HTTPConnection(server.host, server.port)
    for _ in range(50):
        client.request("POST", "/", b"x" * 300)
        assert client.getresponse().read() == b"POST / " + b"x" * 300
    assert len(written) == 50
    (connection,) = server._connections
    assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    client.close()


def test_pipelined_requests_are_answered_in_order(server: KeepAliveServer) -> None:
    requests = GET.replace(b"/x", b"/1") + post("Content-Length: 2", b"zz") + closing(GET.replace(b"/x", b"/3"))
    answer = raw(server, requests)
    assert [answer.index(body) for body in (b"GET /1 ", b"POST /p zz", b"GET /3 ")] == sorted(
        answer.index(body) for body in (b"GET /1 ", b"POST /p zz", b"GET /3 ")
    )
    assert answer.count(b"HTTP/1.1 200 OK") == 3


def test_a_body_that_the_app_does_not_read_leaves_the_connection_usable() -> None:
    def careless(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [environ["PATH_INFO"].encode()]

    with running(careless) as server:
        answer = raw(server, post("Content-Length: 30", GET + b"  ") + closing(GET))
    assert answer.count(b"HTTP/1.1 200 OK") == 2
    assert answer.endswith(b"/x")


def test_a_stray_newline_between_requests_is_skipped(server: KeepAliveServer) -> None:
    assert raw(server, GET + b"\r\n" + closing(GET)).count(b"200 OK") == 2


def test_http_1_0_closes(server: KeepAliveServer) -> None:
    answer = raw(server, GET.replace(b"HTTP/1.1", b"HTTP/1.0"))
    assert status(answer) == 200
    assert b"Connection: close\r\n" in answer


def test_http_1_0_may_ask_to_keep_the_connection(server: KeepAliveServer) -> None:
    old = GET.replace(b"HTTP/1.1\r\n", b"HTTP/1.0\r\nConnection: keep-alive\r\n")
    answer = raw(server, old + closing(GET))
    assert answer.count(b"200 OK") == 2
    assert b"Connection: keep-alive\r\n" in answer


def test_the_app_may_close_the_connection() -> None:
    def last(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Connection", "close")])
        return [b"bye"]

    with running(last) as server:
        assert raw(server, GET).count(b"Connection: close") == 1


def test_a_connection_without_requests_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handler.KeepAliveHandler, "timeout", 0.05)
    monkeypatch.setattr(arrival, "PAUSE_SECONDS", 0.05)
    with running(echo) as server:
        assert raw(server, b"") == b""
        with contextlib.suppress(ConnectionResetError):  # it came too late
            assert raw(server, b"GET / HTTP/1.1\r\nHos") == b""


# -- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ("Content-Length: -1", 400),
        ("Content-Length: +1", 400),
        ("Content-Length: 1_0", 400),
        ("Content-Length: ", 400),
        ("Content-Length: ten", 400),
        ("Content-Length: 1\r\nContent-Length: 2", 400),
        ("Content-Length: 1\r\nTransfer-Encoding: chunked", 400),
        ("Content-Length: 999999999999", 413),
        ("Content-Length: " + "9" * 5000, 413),
        ("Transfer-Encoding: gzip", 501),
        ("\r\n".join(f"X-{number}: y" for number in range(200)), 431),
        ("X: " + "y" * 70000, 431),
    ],
)
def test_a_wrong_header_is_refused_in_one_line(server: KeepAliveServer, headers: str, expected: int) -> None:
    answer = raw(server, post(headers))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert status(head) == expected
    assert b"Content-Type: text/plain" in head
    assert b"Connection: close" in head
    assert body.count(b"\n") == 1
    assert raw(server, closing(GET)).endswith(b"GET /x ")


@pytest.mark.parametrize(
    "body", [b"zz\r\nab\r\n", b"-1\r\n", b"\r\n", b"3\r\nabcd\r\n0\r\n\r\n", b"3\r\na", b"0\r\n" + b"a: b\r\n" * 101]
)
def test_a_malformed_chunked_body_is_refused(server: KeepAliveServer, body: bytes) -> None:
    assert status(raw(server, post("Transfer-Encoding: chunked", body), end=True)) in (400, 431)


def test_the_body_limit_counts_chunks_together(server: KeepAliveServer) -> None:
    server.max_body = 10
    body = b"8\r\n12345678\r\n8\r\n12345678\r\n0\r\n\r\n"
    assert status(raw(server, post("Transfer-Encoding: chunked", body))) == 413


def test_a_client_that_sends_less_than_it_said_is_refused(server: KeepAliveServer) -> None:
    assert status(raw(server, post("Content-Length: 10", b"abc"), end=True)) == 400


def test_a_body_that_stops_arriving_does_not_hold_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrival, "PAUSE_SECONDS", 0.05)
    with running(echo) as server:
        assert status(raw(server, post("Content-Length: 10", b"abc"))) == 408


@pytest.mark.parametrize(
    ("start", "drop"),
    [
        (b"", b"G"),
        (b"GET / HTTP/1.1\r\nX: ", b"y"),
        (post("Content-Length: 1000000"), b"x"),
        (post("Transfer-Encoding: chunked"), b"1\r\nx\r\n"),
        (post("Transfer-Encoding: chunked", b"0\r\n"), b"x"),
        (GET * 2 + post("Content-Length: 1000000"), b"x"),
    ],
)
def test_a_request_that_drips_in_does_not_hold_a_thread(
    monkeypatch: pytest.MonkeyPatch, start: bytes, drop: bytes
) -> None:
    monkeypatch.setattr(arrival, "REQUEST_SECONDS", 0.1)
    with running(echo) as server, socket.create_connection((server.host, server.port)) as client:
        client.sendall(start)
        until(lambda: closed(client, drop))


def closed(client: socket.socket, drop: bytes) -> bool:
    """Whether the server has closed the connection, to which these bytes are sent else."""
    client.settimeout(0.01)
    try:
        client.sendall(drop)
        while client.recv(65536):
            pass
    except TimeoutError:
        return False
    except ConnectionError:
        pass
    return True


def test_a_slow_request_leaves_its_time_to_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is of each request, not of the connection."""
    monkeypatch.setattr(arrival, "REQUEST_SECONDS", 0.0)
    with running(echo) as server, socket.create_connection((server.host, server.port), timeout=HANG) as client:
        for _ in range(3):  # a request that arrives at once takes no time
            client.sendall(GET)
            assert client.recv(65536).endswith(b"GET /x ")


def test_a_refused_client_that_goes_on_sending_can_read_the_answer(server: KeepAliveServer) -> None:
    server.max_body = 1000
    client = http.client.HTTPConnection(server.host, server.port)
    client.request("POST", "/", b"x" * 3_000_000)
    response = client.getresponse()
    assert (response.status, response.read()) == (413, b"the body limit is 1000 bytes\n")
    client.close()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 \r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\n\r\n", 505),
        (b"GET http://[x HTTP/1.1\r\n\r\n", 400),
        (b"GET /" + b"a" * 70000 + b" HTTP/1.1\r\n\r\n", 414),
    ],
)
def test_a_malformed_request_line_is_refused(server: KeepAliveServer, line: bytes, expected: int) -> None:
    assert status(raw(server, line, end=True)) == expected
    assert server.errors == []


# -- errors of the app ----------------------------------------------------------------------------


class Unhappy(BaseException):
    """As `pytest.fail` raises: no Exception."""


@pytest.mark.parametrize("kind", [ValueError, Unhappy])
def test_an_error_of_the_app_is_kept_and_the_client_gets_a_plain_500(kind: type[BaseException]) -> None:
    error = kind("secret detail")

    def broken(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        raise error

    with running(broken) as server:
        answer = raw(server, GET)
        assert server.errors == [error]
    assert answer.startswith(b"HTTP/1.1 500 Internal Server Error\r\n")
    assert answer.endswith(b"\r\n\r\nInternal Server Error\n")


def test_an_app_that_never_calls_start_response_is_an_error() -> None:
    with running(lambda environ, start_response: []) as server:
        assert status(raw(server, GET)) == 500
        assert [type(error) for error in server.errors] == [ValueError]


def test_a_client_that_hangs_up_early_is_no_error(server: KeepAliveServer) -> None:
    for _ in range(5):
        client = socket.create_connection((server.host, server.port))
        client.sendall(GET)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # close with a reset
        client.close()
    assert raw(server, closing(GET)).endswith(b"GET /x ")
    assert server.errors == []


# -- life -----------------------------------------------------------------------------------------


def running(app: Any) -> Running:
    return Running(app)


class Running:
    """A started server as a context manager."""

    def __init__(self, app: Any) -> None:
        self.server = KeepAliveServer(app)

    def __enter__(self) -> KeepAliveServer:
        self.server.start()
        return self.server

    def __exit__(self, *_: object) -> None:
        self.server.stop()


def test_port_zero_takes_a_free_port_and_the_url_names_it() -> None:
    with running(echo) as first, running(echo) as second:
        assert first.port != second.port
        assert first.url == f"http://127.0.0.1:{first.port}"


def test_a_client_that_connects_before_start_waits() -> None:
    server = KeepAliveServer(echo)
    client = http.client.HTTPConnection(server.host, server.port, timeout=HANG)
    client.request("GET", "/early")
    server.start()
    assert client.getresponse().read() == b"GET /early "
    client.close()
    server.stop()


def test_a_client_for_whom_there_is_no_place_waits_until_another_one_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "MAX_CONNECTIONS", 2)
    with running(echo) as server:
        first, second, third = (socket.create_connection((server.host, server.port), timeout=HANG) for _ in range(3))
        for client in (first, second):
            client.sendall(GET)
            assert client.recv(65536).endswith(b"GET /x ")
        third.sendall(GET)
        third.settimeout(0.05)
        with pytest.raises(TimeoutError):  # an answer within that time would be wrong; that none came is no proof
            third.recv(65536)
        third.settimeout(HANG)
        first.close()
        assert third.recv(65536).endswith(b"GET /x ")
        second.close()
        third.close()


def test_a_server_without_a_place_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "MAX_CONNECTIONS", 1)
    before = threading.active_count()
    with running(echo) as server:
        first, second = (socket.create_connection((server.host, server.port), timeout=HANG) for _ in range(2))
        first.sendall(GET)
        assert first.recv(65536).endswith(b"GET /x ")
    assert second.recv(1) == b""
    assert threading.active_count() == before
    first.close()
    second.close()


def test_ipv6_loopback_works() -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    server = KeepAliveServer(echo, "::1")
    server.start()
    assert server.url == f"http://[::1]:{server.port}"
    client = http.client.HTTPConnection("::1", server.port, timeout=HANG)
    client.request("GET", "/six")
    assert client.getresponse().read() == b"GET /six "
    client.close()
    server.stop()


def test_a_taken_port_is_named(server: KeepAliveServer, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CannotListen, match=rf"^cannot listen on 127\.0\.0\.1:{server.port}: Address already in use$"):
        KeepAliveServer(echo, port=server.port)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("host", "port"), [("192.0.2.1", 0), ("no such host", 0), ("127.0.0.1", 70000)])
def test_an_address_that_is_not_ours_is_named(host: str, port: int) -> None:
    with pytest.raises(CannotListen, match=f"^cannot listen on {host}:{port}: ."):
        KeepAliveServer(echo, host, port)


def test_stop_closes_open_connections_and_leaves_no_thread() -> None:
    before = threading.active_count()
    server = KeepAliveServer(echo)
    server.start()
    clients = [socket.create_connection((server.host, server.port), timeout=HANG) for _ in range(5)]
    for client in clients:
        client.sendall(GET)
        assert client.recv(65536).endswith(b"GET /x ")
    server.stop()
    assert [client.recv(1) for client in clients] == [b""] * 5
    assert threading.active_count() == before
    for client in clients:
        client.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((server.host, server.port))


def test_stop_does_not_wait_for_an_idle_connection() -> None:
    # one that it waited for would be there still, once STOP_SECONDS are over
    with running(echo) as server:
        client = socket.create_connection((server.host, server.port))
        client.sendall(GET)
        client.recv(65536)
        with server._connections_lock:  # which accepts a connection until its thread is noted
            (thread,) = server._connections.values()
    assert not thread.is_alive()
    client.close()


@pytest.mark.parametrize("part", [b"POST / HT", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Le", POST_OF_TEN + b"half"])
def test_a_request_of_which_a_part_has_arrived_when_it_is_stopped_gets_no_answer(part: bytes) -> None:
    with running(echo) as server, socket.create_connection((server.host, server.port)) as client:
        client.sendall(GET)
        client.recv(65536)
        client.sendall(part)
        server.stop()
        assert client.recv(65536) == b""


def test_stop_completes_the_answer_of_a_call_that_is_running(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockserver.server.serving.STOP_SECONDS", HANG)
    entered = threading.Event()

    def slow(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        entered.set()
        until(lambda: stopped.stopping)
        start_response("200 OK", [])
        return [b"done"]

    with running(slow) as stopped:
        client = socket.create_connection((stopped.host, stopped.port), timeout=HANG)
        client.sendall(GET)
        assert entered.wait(HANG)
    head, _, body = b"".join(iter(lambda: client.recv(65536), b"")).partition(b"\r\n\r\n")
    assert (head.split(b"\r\n")[0], b"Connection: close" in head, body) == (b"HTTP/1.1 200 OK", True, b"done")
    client.close()


def test_stop_cuts_a_call_that_does_not_end() -> None:
    entered, over = threading.Event(), threading.Event()

    def endless(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        entered.set()
        assert over.wait(HANG)
        start_response("200 OK", [])
        return [b"late"]

    server = KeepAliveServer(endless)
    server.start()
    client = socket.create_connection((server.host, server.port), timeout=HANG)
    client.sendall(GET)
    assert entered.wait(HANG)
    stopper = threading.Thread(target=server.stop, args=(0.01,))
    stopper.start()
    assert client.recv(1) == b""
    over.set()
    stopper.join(HANG)
    client.close()


def test_the_port_can_be_taken_again_at_once() -> None:
    with running(echo) as first:
        raw(first, closing(GET))
    with_same_port = KeepAliveServer(echo, port=first.port)
    with_same_port.stop()


def test_eight_connections_at_once_get_their_own_answers(server: KeepAliveServer) -> None:
    wrong: list[bytes] = []

    def client(number: int) -> None:
        connection = http.client.HTTPConnection(server.host, server.port, timeout=HANG)
        for _ in range(30):
            connection.request("POST", f"/{number}", str(number))
            body = connection.getresponse().read()
            if body != f"POST /{number} {number}".encode():
                wrong.append(body)
        connection.close()

    threads = [threading.Thread(target=client, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
