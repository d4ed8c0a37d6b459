"""The bodies that `http` steps send, the cookies that they keep, and the parts of answers that they compare."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from mockserver.contract.live.connection import Answer
from mockserver.contract.pictures import described
from mockserver.contract.placeholders import FORM

_BOUNDARY = "----mockserver-contract"
_TEXT = 2000  # characters of a body that `text` compares


def form(fields: Mapping[str, str]) -> tuple[bytes, str]:
    """Return the body of an HTML form and its content type."""
    return urlencode(fields).encode(), FORM


def multipart(parts: Sequence[Sequence[str]]) -> tuple[bytes, str]:
    """Return the body of a form with files and its content type.

    A part is `[name, text]`, or `[name, file name, content type, base64]`.
    """
    body = b""
    for name, text, *file in parts:
        head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'
        if file:
            kind, content = file[0], base64.b64decode(file[1])
            head += f'; filename="{text}"\r\nContent-Type: {kind}'
        else:
            content = text.encode()
        body += head.encode() + b"\r\n\r\n" + content + b"\r\n"
    return body + f"--{_BOUNDARY}--\r\n".encode(), f"multipart/form-data; boundary={_BOUNDARY}"


class CookieJars:
    """The cookies of the sessions of a run, by name; a request without a session has none."""

    def __init__(self) -> None:
        self._jars: dict[str, dict[str, str]] = {}

    def cookies(self, session: str) -> dict[str, str]:
        """Return the cookies of a session by name; changes are kept."""
        return self._jars.setdefault(session, {}) if session else {}

    def header(self, session: str) -> dict[str, str]:
        """Return the header that sends the cookies of a session, if it has any."""
        cookies = self.cookies(session)
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {}

    def keep(self, session: str, answer: Answer) -> None:
        """Keep the cookies that an answer sets; one without a value ends."""
        cookies = self.cookies(session)
        for name, value, _ in set_cookies(answer):
            cookies.pop(name, None)
            if value:
                cookies[name] = value


def set_cookies(answer: Answer) -> list[tuple[str, str, list[str]]]:
    """Return name, value and the sorted names of attributes of the cookies that an answer sets."""
    found = []
    for name, text in answer.pairs or answer.headers.items():
        if name.lower() == "set-cookie":
            first, *rest = text.split(";")
            cookie, _, value = first.partition("=")
            attributes = sorted(item.partition("=")[0].strip().lower() for item in rest if item.strip())
            found.append((cookie.strip(), value, attributes))
    return found


def part(answer: Answer, wanted: str, db: str) -> tuple[str, Any]:
    """Return name and value of a part of an answer that is compared.

    `text`, `len`, `sha1` are of the body; `image` is its kind and size, `has:WORD` whether it contains a word;
    `location` is without the host, `header:NAME` one header, `headers:NAME,NAME` several, `cookies` what is set.
    """
    kind, _, told = wanted.partition(":")
    name = kind if kind == "headers" else wanted
    return name, _PARTS[kind](answer, told, db)


def is_part(wanted: str) -> bool:
    """Return whether there is such a part."""
    kind, colon, told = wanted.partition(":")
    return kind in _PARTS and bool(colon and told) is (kind in _NAMED)


def _location(answer: Answer, db: str) -> str | None:
    found = answer.headers.get("location")
    return found and re.sub(r"^https?://[^/]+", "", found).replace(db, "{db}")


def _text(answer: Answer) -> str:
    return answer.body.decode("utf-8", "replace")


_NAMED = ("has", "header", "headers")
_PARTS: Mapping[str, Callable[[Answer, str, str], Any]] = {
    "text": lambda answer, told, db: _text(answer)[:_TEXT].replace(db, "{db}"),
    "len": lambda answer, told, db: len(answer.body),
    "sha1": lambda answer, told, db: hashlib.sha1(answer.body).hexdigest(),
    "image": lambda answer, told, db: described(answer.body),
    "has": lambda answer, told, db: told in _text(answer),
    "location": lambda answer, told, db: _location(answer, db),
    "header": lambda answer, told, db: answer.headers.get(told.lower()),
    "headers": lambda answer, told, db: {name: answer.headers.get(name.lower()) for name in told.split(",")},
    "cookies": lambda answer, told, db: sorted(
        [name, "<set>" if value else "", attributes] for name, value, attributes in set_cookies(answer)
    ),
}
PARTS = tuple(f"{name}:…" if name in _NAMED else name for name in _PARTS)


def cookies(answer: Answer) -> dict[str, str]:
    """Return the cookies that an answer sets, by name."""
    return {name: value for name, value, _ in set_cookies(answer)}
