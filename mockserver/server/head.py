"""The head of a request: its first line and its headers, read within limits."""

from __future__ import annotations

import re
from collections.abc import Iterable
from http import HTTPStatus
from io import BufferedIOBase
from typing import NamedTuple

MAX_LINE = 65536  # bytes of the first line, and of each header
MAX_HEADERS = 100

_VERSIONS = {"HTTP/1.1": (1, 1), "HTTP/1.0": (1, 0)}
_VERSION = re.compile(r"HTTP/([0-9]{1,10})\.([0-9]{1,10})")
_NAME = re.compile("[!-9;-~]+")  # of a header: ASCII without blanks and colons
_ENDS = (b"\r\n", b"\n", b"")
_BLANKS = (" ", "\t")


class Refused(Exception):
    """A request that does not reach the app: `status` and one line of text for the client."""

    def __init__(self, status: HTTPStatus, text: str) -> None:
        super().__init__(text)
        self.status = status


class Head(NamedTuple):
    """Method, target and version of a request, and its headers as they were received.

    `fields` are the headers by the names of WSGI, those of one name joined; headers with an underscore in their name,
    which would be taken for others, are not among them.
    """

    verb: str
    target: str
    version: tuple[int, int]
    headers: list[tuple[str, str]]
    fields: dict[str, str]

    @property
    def protocol(self) -> str:
        """The version as text, such as `HTTP/1.1`."""
        return f"HTTP/{self.version[0]}.{self.version[1]}"

    @property
    def stays(self) -> bool:
        """Whether the connection is to stay open after the answer."""
        wish = self.fields.get("HTTP_CONNECTION", "").lower()
        return "close" not in wish and (self.version >= (1, 1) or wish == "keep-alive")


def read_head(lines: BufferedIOBase, first: bytes) -> Head | None:
    """Return the head whose first line was read already; None for one without a word in it.  Raises `Refused`."""
    if len(first) > MAX_LINE:
        raise Refused(HTTPStatus.REQUEST_URI_TOO_LONG, "the request line is too long")
    words = first.decode("latin-1").split()
    if not words:
        return None
    version = _version(words)
    verb, target = words[:2]
    if target.startswith("//"):  # which clients take for the address of another server, where it is sent back to them
        target = f"/{target.lstrip('/')}"
    headers = _headers(lines)
    return Head(verb, target, version, headers, _fields(headers))


def _version(words: list[str]) -> tuple[int, int]:
    if len(words) == 2 and words[0] == "GET":
        return 0, 9
    version = _VERSIONS.get(words[-1])
    if version is None:
        found = _VERSION.fullmatch(words[-1])
        version = (int(found[1]), int(found[2])) if found else (0, 0)
        if version >= (2, 0):
            raise Refused(HTTPStatus.HTTP_VERSION_NOT_SUPPORTED, "the server speaks HTTP/1.1")
    if len(words) != 3 or not any(version):
        raise Refused(HTTPStatus.BAD_REQUEST, "the request line is malformed")
    return version


def _headers(lines: BufferedIOBase) -> list[tuple[str, str]]:
    """Read the headers and the blank line after them.  As on the real server, a line that is no header hides the rest.

    Source: `http.client.parse_headers`, which the real server's HTTP server calls.
    Differs: a carriage return inside a line is refused; there it ends the line.
    """
    found: list[tuple[str, str]] = []
    hidden = goes_on = False  # whether the rest is hidden, and whether the latest value may go on in the next line
    for _ in range(MAX_HEADERS + 1):
        line = lines.readline(MAX_LINE + 1)
        if len(line) > MAX_LINE:
            raise Refused(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "a header is too long")
        if line in _ENDS:
            return found
        text = line.decode("latin-1").removesuffix("\n").removesuffix("\r")
        if "\r" in text:
            raise Refused(HTTPStatus.BAD_REQUEST, "a header has a line break in it")
        name, colon, value = text.partition(":")
        if colon and not hidden and _NAME.fullmatch(name):
            found.append((name, value.lstrip(" \t")))
            goes_on = True
        elif text[:1] not in _BLANKS:
            hidden, goes_on = hidden or name != "", False
        elif goes_on:
            found[-1] = (found[-1][0], (found[-1][1] + text).lstrip(" \t"))
    raise Refused(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "too many headers")


def _fields(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in headers:
        if "_" in name:
            continue
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_LENGTH", "CONTENT_TYPE"):
            key = f"HTTP_{key}"
            if key in found:
                value = f"{found[key]},{value}"
        elif key == "CONTENT_LENGTH" and found.get(key, value) != value:
            raise Refused(HTTPStatus.BAD_REQUEST, "Content-Length is not one number")
        found[key] = value
    return found
