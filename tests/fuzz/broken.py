"""Requests that are broken as bytes: bodies for the app, and whole requests for the socket."""

from __future__ import annotations

import base64
from collections.abc import Callable
from random import Random

from tests.fuzz.sent import Sent, raw

_NOISE = (b"\x00", b"\xff", b"<", b">", b"&", b'"', b"{", b"}", b"[", b"]", b"\\", b"\r\n", b"\n", b"<!DOCTYPE x>",
b"&x;",
          b"</value>", b"<value>", b"\xed\xa0\x80", b"\\ud800", b"9" * 50, b"-", b"e5", b"<int>", b"<nil/>",
          b"<i4>x</i4>",
          b"<dateTime.iso8601>x</dateTime.iso8601>", b"<base64>x</base64>", b"<boolean>2</boolean>")  # fmt: skip
_LENGTHS = (b"-1", b"+5", b"1_0", b"x", b"", b"999999999999", b"0x10", b"5, 6", b"1" * 300, b"\xb2")
_FIRST_LINES = (
    b"GET", b"GET /", b"GET / HTTP/9.9", b"GET  / HTTP/1.1", b"\x16\x03\x01", b"POST http://[x HTTP/1.1",
    b"GET /" + b"a" * 70_000 + b" HTTP/1.1", b"get / http/1.1", b"GET /%zz%00 HTTP/1.1", b"PRI * HTTP/2.0",
    b"OPTIONS * HTTP/1.1", b"GET //x/../../etc/passwd HTTP/1.0", b"CONNECT x:1 HTTP/1.1",
)  # fmt: skip
_HEADERS = (
    b"Transfer-Encoding: gzip", b"Transfer-Encoding: chunked", b"Expect: 100-continue", b"Connection: close",
    b"NoColon", b" folded", b": empty", b"Host: a\x00b", b"Upgrade: websocket", b"Expect: x",
)  # fmt: skip
_LAST_CHUNKS = (
    b"0\r\n\r\n", b"0\r\n\r\n", b"0\r\nX: y\r\n\r\n", b"", b"zz\r\n", b"-1\r\n\r\n", b"f" * 20 + b"\r\n",
)  # fmt: skip


def broken_body(random: Random, sent: Sent) -> Sent:
    """Return the request with its body cut off, or with a few bytes of it changed."""
    content = _changed(random, sent.content())
    try:
        body = {"text": content.decode()}
    except UnicodeDecodeError:
        body = {"base64": base64.b64encode(content).decode()}
    return Sent(sent.path, sent.verb, sent.query, sent.headers, sent.media, body, sent.login)


def _changed(random: Random, content: bytes) -> bytes:
    kind = random.randrange(4)
    at = random.randrange(len(content) + 1)
    if kind == 0:
        return content[:at]
    if kind == 1:
        return content[:at] + random.choice(_NOISE) + content[at:]
    if kind == 2:
        return content[:at] + random.choice(_NOISE) + content[at + random.randrange(1, 9) :]
    return content[:at] + content[at + random.randrange(1, 30) :]


def broken_request(random: Random, sent: Sent, proof: dict[str, str]) -> Sent:
    """Return a request as bytes that break HTTP in one way, by chance in none."""
    data = sent.written(proof)
    head, _, content = data.partition(b"\r\n\r\n")
    return random.choice(_BREAKS)(random, head.split(b"\r\n"), content)


def _whole(lines: list[bytes], content: bytes) -> bytes:
    return b"\r\n".join(lines) + b"\r\n\r\n" + content


def _cut(random: Random, lines: list[bytes], content: bytes) -> Sent:
    data = _whole(lines, content)
    return raw(data[: random.randrange(len(data) + 1)])


def _noisy(random: Random, lines: list[bytes], content: bytes) -> Sent:
    return raw(_changed(random, _whole(lines, content)))


def _with_two_lengths(random: Random, lines: list[bytes], content: bytes) -> Sent:
    return raw(_whole([*lines, b"Content-Length: " + random.choice(_LENGTHS)], content))


def _with_wrong_length(random: Random, lines: list[bytes], content: bytes) -> Sent:
    without = [line for line in lines if not line.startswith(b"Content-Length")]
    length = max(len(content) + random.randrange(-3, 9), 0)
    return raw(_whole([*without, b"Content-Length: %d" % length], content))


def _with_many_headers(random: Random, lines: list[bytes], content: bytes) -> Sent:
    many = (b"X-%d: %s" % (n, b"y" * random.randrange(50)) for n in range(random.choice((50, 99, 150, 2000))))
    return raw(_whole([*lines, *many], content))


def _with_long_header(random: Random, lines: list[bytes], content: bytes) -> Sent:
    return raw(_whole([*lines, b"X: " + b"y" * random.choice((60_000, 65_536, 70_000))], content))


def _with_first_line(random: Random, lines: list[bytes], content: bytes) -> Sent:
    return raw(_whole([random.choice(_FIRST_LINES), *lines[1:]], content))


def _with_header(random: Random, lines: list[bytes], content: bytes) -> Sent:
    return raw(_whole([*lines, random.choice(_HEADERS)], content))


def _several(random: Random, lines: list[bytes], content: bytes) -> Sent:
    return raw(_whole(lines, content) * random.randrange(1, 5))


def _random_bytes(random: Random, lines: list[bytes], content: bytes) -> Sent:
    return raw(random.randbytes(random.randrange(400)))


def _with_other_ends(random: Random, lines: list[bytes], content: bytes) -> Sent:
    return raw(_whole(lines, content).replace(b"\r\n", random.choice((b"\n", b"\r", b"\n\r"))))


def _chunked(random: Random, lines: list[bytes], content: bytes) -> Sent:
    without = [line for line in lines if not line.startswith(b"Content-Length")]
    body, rest = b"", content
    while rest:
        size = random.randrange(1, 200)
        piece, rest = rest[:size], rest[size:]
        told = len(piece) + (random.randrange(-2, 3) if random.random() < 0.05 else 0)
        body += b"%x%s\r\n%s\r\n" % (max(told, 0), random.choice((b"", b"", b";a=b", b" ")), piece)
    return raw(_whole([*without, b"Transfer-Encoding: chunked"], body + random.choice(_LAST_CHUNKS)))


_BREAKS: tuple[Callable[[Random, list[bytes], bytes], Sent], ...] = (
    _cut, _noisy, _with_two_lengths, _with_wrong_length, _with_many_headers, _with_long_header, _with_first_line,
    _with_header, _several, _random_bytes, _with_other_ends, _chunked, _chunked,
)  # fmt: skip
