"""A client of Flectra's rest_api over a WSGI app in this process, for its tests."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from tests.dialects.wire import DB, LOGIN, PASSWORD, Answer, Wire

FORM = "application/x-www-form-urlencoded"
LOGIN_PATH, LOGOUT_PATH = "/api/auth/get_tokens", "/api/auth/delete_tokens"


class Flectra:
    """Calls with a token in the header; parameters go in a form, whatever the verb."""

    def __init__(self, wire: Wire, token: str = "") -> None:
        self.wire = wire
        self.token = token

    def login(self, login: str = LOGIN, password: str = PASSWORD, db: str = DB) -> Flectra:
        """A client with the token of that user; cookies are not kept."""
        answer = self.form("POST", LOGIN_PATH, {"username": login, "password": password, "db": db})
        assert answer.status == 200, answer.body
        return Flectra(self.wire, answer.json()["access_token"])

    def form(self, verb: str, path: str, sent: dict[str, Any] | None = None, **extra: Any) -> Answer:
        """One request with these parameters in a form; without a body when there are none."""
        if self.token:
            extra.setdefault("HTTP_ACCESS_TOKEN", self.token)
        path, _, query = path.partition("?")
        if sent is None:
            return self.wire.http(verb, path, QUERY_STRING=query, **extra)
        return self.wire.http(verb, path, urlencode(sent), FORM, QUERY_STRING=query, **extra)

    def __call__(self, verb: str, path: str, /, **sent: Any) -> Answer:
        """One request with these parameters."""
        return self.form(verb, f"/api/{path}", sent or None)

    def value(self, verb: str, path: str, /, **sent: Any) -> Any:
        """The value that is answered, which must be one."""
        answer = self(verb, path, **sent)
        assert answer.status == 200, answer.body
        assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
        return answer.json()

    def error(self, verb: str, path: str, /, **sent: Any) -> tuple[int, str, str]:
        """Status, code and text of an error in JSON."""
        return told(self(verb, path, **sent))

    def breaks(self, verb: str, path: str, /, **sent: Any) -> bool:
        """Whether the answer is the page of a broken add-on."""
        return is_page(self(verb, path, **sent), 500)


def told(answer: Answer) -> tuple[int, str, str]:
    """Status, code and text of an error in JSON."""
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8", answer.body
    assert list(answer.json()) == ["error", "error_descrip"]
    return answer.status, *answer.json().values()


def is_page(answer: Answer, status: int) -> bool:
    """Whether the answer is a page with that status, and without a cookie, as werkzeug's are."""
    return (answer.status, answer.media_type, "Set-Cookie" in answer.headers) == (status, "text/html", False)
