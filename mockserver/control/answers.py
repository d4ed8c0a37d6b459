"""The answers of the control API: JSON, and errors with an HTTP status."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from http import HTTPStatus
from typing import Any, NamedTuple

from mockserver.dialects import Reply

MAX_DEPTH = 50
# nothing may be embedded, framed or cached; the page sends a policy of its own in addition
ANSWER_HEADERS = (
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)
_NO_CONTENT = (("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),)


class Answer(NamedTuple):
    """An HTTP answer."""

    code: int
    content_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def status(self) -> str:
        """Such as `200 OK`."""
        return f"{self.code} {HTTPStatus(self.code).phrase}"


class Refusal(Exception):
    """A refused request: an HTTP status and a sentence with the reason."""

    def __init__(self, code: int, text: str, headers: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(text)
        self.code = code
        self.headers = headers

    def answer(self) -> Answer:
        """Return `{"error": the sentence}`."""
        answer = json_answer({"error": str(self)}, self.code)
        return answer._replace(headers=(*answer.headers, *self.headers))


def json_answer(value: Any, code: int = 200) -> Answer:
    """Return a value as JSON."""
    # escaped, since texts of clients may have lone surrogates, which UTF-8 cannot encode
    body = json.dumps(plain(value), allow_nan=False).encode() + b"\n"
    return Answer(code, "application/json", body, _NO_CONTENT)


def plain(value: Any, depth: int = MAX_DEPTH) -> Any:
    """Return the value as JSON can represent it; anything else becomes text."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Reply):
        return {"status": value.status, "content_type": value.content_type, "bytes": len(value.body)}
    if isinstance(value, (Mapping, list, tuple)) and not depth:
        return "…"
    if isinstance(value, Mapping):
        return {str(key): plain(item, depth - 1) for key, item in value.items()}
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray)):
        return f"({len(value)} bytes)"
    if isinstance(value, Iterable):
        return [plain(item, depth - 1) for item in value]
    return str(value)
