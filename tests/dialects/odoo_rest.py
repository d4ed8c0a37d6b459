"""A client of odoo-rest-api over a WSGI app in this process."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from tests.dialects.wire import DB, JSON, LOGIN, PASSWORD, Answer, Wire


class Api:
    """Logged in as the administrator, unless another login is given; nobody for an empty one."""

    def __init__(self, wire: Wire, login: str = LOGIN, password: str = PASSWORD) -> None:
        self.wire = Wire(wire.app)
        if login:
            answer = self.wire.json("/auth/", {"params": {"login": login, "password": password, "db": DB}})
            self.wire.cookie = answer.headers["Set-Cookie"].partition(";")[0]
        self.uid = answer.json()["result"]["uid"] if login else 0

    def plain(self, verb: str, path: str, **params: Any) -> Answer:
        """A plain HTTP request with its parameters in the query string."""
        return self.wire.http(verb, path, QUERY_STRING=urlencode(params))

    def get(self, path: str, **params: Any) -> Any:
        """The JSON of a GET that succeeds or is refused in JSON."""
        answer = self.plain("GET", path, **params)
        assert (answer.status, answer.headers["Content-Type"]) == (200, JSON), answer.body[:300]
        return answer.json()

    def rows(self, path: str, **params: Any) -> list[Any]:
        """The records of a list."""
        return list(self.get(path, **params)["result"])

    def status(self, path: str, **params: Any) -> int:
        """The status of a GET."""
        return self.plain("GET", path, **params).status

    def json(self, verb: str, path: str, envelope: Any, content_type: str = JSON) -> Answer:
        """A request with a JSON body."""
        return self.wire.http(verb, path, envelope if isinstance(envelope, str) else json.dumps(envelope), content_type)

    def sent(self, verb: str, path: str, **params: Any) -> dict[str, Any]:
        """The envelope that answers `{"params": params}`."""
        answer = self.json(verb, path, {"params": params})
        assert answer.status == 200, answer.body[:300]
        envelope: dict[str, Any] = answer.json()
        return envelope

    def result(self, verb: str, path: str, **params: Any) -> Any:
        """The result, which there must be."""
        return self.sent(verb, path, **params)["result"]

    def failure(self, verb: str, path: str, **params: Any) -> tuple[str, str]:
        """Name and text of the error in the envelope, which there must be."""
        return failed(self.sent(verb, path, **params))


def failed(envelope: dict[str, Any]) -> tuple[str, str]:
    """Name and text of an error of the framework."""
    error = envelope["error"]
    assert error["message"] in ("Odoo Server Error", "Odoo Session Expired")
    return error["data"]["name"], error["data"]["message"]


def told(answer: Any) -> tuple[str, str]:
    """Class and text of an error of the add-on, whose shape is its own."""
    assert list(answer) == ["jsonrpc", "id", "error"]
    assert (answer["jsonrpc"], answer["id"], answer["error"]["code"]) == ("2.0", None, 200)
    data = answer["error"]["data"]
    assert list(data) == ["name", "debug", "message", "arguments", "exception_type"]
    assert data["debug"] == ""
    assert data["message"] == answer["error"]["message"]
    return data["exception_type"], data["message"]
