"""A client of muk_rest over a WSGI app in this process, for its tests."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from tests.dialects.wire import DB, LOGIN, PASSWORD, Answer, Wire

FORM = "application/x-www-form-urlencoded"


class Muk:
    """Calls with a token; parameters that are no text are sent as JSON, those of a GET in the query."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.token = ""

    def send(self, verb: str, path: str, sent: dict[str, Any] | None = None, **extra: Any) -> Answer:
        """One request with just these parameters."""
        text = urlencode({k: v if isinstance(v, str) else json.dumps(v) for k, v in (sent or {}).items()})
        if verb in ("GET", "HEAD", "OPTIONS"):
            return self.wire.http(verb, path, QUERY_STRING=text, **extra)
        return self.wire.http(verb, path, text, FORM, **extra)

    def login(self, login: str = LOGIN, password: str = PASSWORD, db: str = DB) -> Muk:
        """The same client with a fresh token."""
        answer = self.send("POST", "/api/authenticate", {"db": db, "login": login, "password": password})
        assert answer.status == 200, answer.body[:500]
        self.token = answer.json()["token"]
        return self

    def __call__(self, verb: str, path: str, /, **sent: Any) -> Answer:
        """One request with the token."""
        return self.send(verb, path, {"token": self.token, **sent})

    def value(self, verb: str, path: str, /, **sent: Any) -> Any:
        """The value that is answered, which must be one."""
        answer = self(verb, path, **sent)
        assert answer.status == 200, answer.body[:500]
        return answer.json()

    def failure(self, verb: str, path: str, /, **sent: Any) -> str:
        """The last line of the traceback that is answered, which must be one."""
        answer = self(verb, path, **sent)
        assert answer.status == 400, answer.body[:500]
        assert list(answer.json()) == ["error"]
        text = answer.json()["error"]
        assert text.startswith("Traceback (most recent call last):\n  ")
        assert text.endswith("\n")
        return str(text.rstrip("\n").split("\n")[-1])
