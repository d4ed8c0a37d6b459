"""The head of a request is read as Python's own HTTP server and werkzeug read it, on which the real server is built."""

from __future__ import annotations

import http.client
import io
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, strategies as st
from werkzeug.serving import WSGIRequestHandler

from mockserver.server.handler import environ_of
from mockserver.server.head import Head, Refused, read_head

_TEXT = st.text(st.characters(min_codepoint=0, max_codepoint=255, exclude_characters="\r\n"), max_size=12)
_NAMES = st.sampled_from(
    ["Host", "X-Some", "x-some", "Content-Type", "content-TYPE", "X_Some", "", "Na me", "é", "no colon"]
)
_LINES = st.builds(lambda name, value: f"{name}:{value}", _NAMES, _TEXT) | st.sampled_from(
    ["no colon", " goes on", "\tgoes on ", "X-Some:", ": x", "A:b:c", "X-Some: a, b  "]
)


def read(lines: list[str], end: str = "\r\n", first: str = "GET / HTTP/1.1") -> Head:
    """The head of these header lines."""
    rest = io.BytesIO("".join(f"{line}{end}" for line in [*lines, ""]).encode("latin-1"))
    found = read_head(rest, f"{first}\r\n".encode("latin-1"))
    assert found is not None
    assert rest.read() == b""
    return found


def library(lines: list[str]) -> Any:
    """What Python's reader makes of them."""
    return http.client.parse_headers(io.BytesIO("".join(f"{line}\r\n" for line in [*lines, ""]).encode("latin-1")))


@given(st.lists(_LINES, max_size=6), st.sampled_from(["\r\n", "\n"]))
def test_headers_are_those_that_the_library_reads(lines: list[str], end: str) -> None:
    # the blanks before an empty first line of a value are kept by some versions of Python
    expected = [(name, value.replace("\r\n", "").lstrip(" \t")) for name, value in library(lines).items()]
    assert read(lines, end).headers == expected


@given(
    st.lists(_LINES, max_size=6),
    st.sampled_from(["/", "/a%20b?c=%20d&e", "http://host:1/x?y", "/%zz%ff#part", "/\xe9", "*", "//x/y", "/a;b=c"]),
)
def test_what_the_app_is_told_is_what_werkzeug_tells_it(lines: list[str], target: str) -> None:
    head = read(lines, first=f"PUT {target} HTTP/1.1")
    handler: Any = object.__new__(WSGIRequestHandler)
    server = SimpleNamespace(
        ssl_context=None, multithread=True, multiprocess=False, _server_version="w", server_address=("127.0.0.1", 80)
    )
    handler.__dict__ |= {
        "server": server, "path": head.target, "command": "PUT", "request_version": "HTTP/1.1", "rfile": None,
        "client_address": ("127.0.0.1", 5), "headers": SimpleNamespace(items=lambda: head.headers), "connection": None,
    }  # fmt: skip
    told = handler.make_environ()
    ours = {**head.fields, **environ_of(head.target)}
    assert ours == {key: text for key, text in told.items() if key.startswith(("HTTP_", "CONTENT_")) or key in ours}


@pytest.mark.parametrize(
    ("first", "version"),
    [("GET /", (0, 9)), ("GET / HTTP/1.0", (1, 0)), ("X / HTTP/1.1", (1, 1)), ("GET / HTTP/01.07", (1, 7))],
)
def test_the_version_is_read(first: str, version: tuple[int, int]) -> None:
    assert read([], first=first).version == version


@pytest.mark.parametrize(
    ("first", "status"),
    [
        ("GET", 400), ("POST /", 400), ("GET / HTTP", 400), ("GET / HTTP/1", 400), ("GET / HTTP/1.1.1", 400),
        ("GET / HTTP/1.x", 400), ("GET / HTTP/\xb2.0", 400), ("GET / http/1.1", 400), ("GET / x HTTP/1.1", 400),
        ("GET / HTTP/2.0", 505), ("PRI * HTTP/2.0", 505), ("GET / HTTP/99999999999.1", 400),
    ],
)  # fmt: skip
def test_a_wrong_first_line_is_refused(first: str, status: int) -> None:
    with pytest.raises(Refused) as caught:
        read([], first=first)
    assert caught.value.status == status


def test_a_first_line_without_words_is_no_request() -> None:
    assert read_head(io.BytesIO(b"\r\n"), b"  \r\n") is None


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (["X: a\rContent-Length: 5"], 400), (["X: a\r"], 400), (["\r"], 400),
        (["Content-Length: 1", "Content-Length: 2"], 400),
        (["X: y"] * 101, 431), (["X: " + "y" * 65536], 431),
    ],
)  # fmt: skip
def test_wrong_headers_are_refused(lines: list[str], status: int) -> None:
    with pytest.raises(Refused) as caught:
        read(lines)
    assert caught.value.status == status


def test_as_many_headers_as_allowed_are_read() -> None:
    assert len(read([f"X-{number}: y" for number in range(100)]).headers) == 100


@pytest.mark.parametrize(
    ("first", "connection", "stays"),
    [
        ("GET / HTTP/1.1", "", True), ("GET / HTTP/1.1", "Close", False), ("GET / HTTP/1.1", "TE, close", False),
        ("GET / HTTP/1.0", "", False), ("GET / HTTP/1.0", "Keep-Alive", True), ("GET /", "", False),
    ],
)  # fmt: skip
def test_a_connection_stays_as_the_client_wishes(first: str, connection: str, stays: bool) -> None:
    assert read([f"Connection: {connection}"], first=first).stays is stays
