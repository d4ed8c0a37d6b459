"""`POST /_mock/verify`: what `assert_called` tells, for tests in any language."""

from __future__ import annotations

import json
import xmlrpc.client
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from mockserver import MockServer
from tests.waiting import HANG

CREATE: dict[str, Any] = {"model": "res.partner", "method": "create"}


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer(control=True) as server:
        with xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/object") as models:
            for name in ("Acme", "Azure"):
                args = [{"name": name, "country_id": 20}]
                models.execute_kw(server.db, server.uid, server.password, "res.partner", "create", args)
        yield server


def verify(server: MockServer, body: Any) -> tuple[int, dict[str, Any]]:
    headers = {"Content-Type": "application/json"}
    answer = requests.post(f"{server.url}/_mock/verify", json.dumps(body), headers=headers, timeout=HANG)
    return answer.status_code, answer.json()


@pytest.mark.parametrize(
    ("body", "calls"),
    [
        (CREATE, [1, 2]),
        (CREATE | {"times": 2}, [1, 2]),
        (CREATE | {"at_least": 2, "at_most": 3}, [1, 2]),
        (CREATE | {"vals__contains": {"name": "Acme"}}, [1]),
        (CREATE | {"vals": {"name": "Azure", "country_id": 20}, "times": 1}, [2]),
        (CREATE | {"args": {"vals": {"name": "Azure", "country_id": 20}}, "user": "admin"}, [2]),
        (CREATE | {"error": False, "fault": False, "dialect": "xmlrpc", "user": 2, "db": "mock"}, [1, 2]),
        (CREATE | {"self": 1, "times": 0}, []),
        ({"model": "res.users", "at_most": 4}, []),
        ({"model": "res.users", "times": 0}, []),
        ({}, [1, 2]),
    ],
)
def test_what_was_called_is_verified(server: MockServer, body: dict[str, Any], calls: list[int]) -> None:
    assert verify(server, body) == (200, {"count": len(calls), "calls": calls})


@pytest.mark.parametrize(
    ("body", "count", "head"),
    [
        ({"times": 1}, 1, "res.partner.create was called twice, not once."),
        ({"at_least": 3}, None, "res.partner.create was called twice, not at least 3 times."),
        ({"at_most": 1}, None, "res.partner.create was called twice, not at most once."),
        ({"at_least": 3, "at_most": 4}, None, "res.partner.create was called twice, not 3 to 4 times."),
        ({"times": 0}, 0, "res.partner.create was called, and should not be."),
        ({"vals__contains": {"name": "Acmy"}}, None, "res.partner.create was not called like this."),
        ({"vals__contains": {"name": "Acmy"}, "times": 2}, 2,
         "res.partner.create was not called like this, and twice was expected."),
    ],
)  # fmt: skip
def test_what_was_not_called_is_told_as_the_assertion_tells_it(
    server: MockServer, body: dict[str, Any], count: int | None, head: str
) -> None:
    status, answer = verify(server, CREATE | body)
    assert (status, answer["error"].splitlines()[0]) == (409, head)
    if not body.keys() & {"at_least", "at_most"}:
        criteria = {key: value for key, value in body.items() if key != "times"}
        with pytest.raises(AssertionError) as told:
            server.assert_called("res.partner", "create", count=count, **criteria)
        assert answer["error"] == str(told.value)


def test_the_nearest_call_is_told_with_its_difference(server: MockServer) -> None:
    _, answer = verify(server, CREATE | {"vals__contains": {"name": "Acmy"}})
    assert "vals.name: 'Acme', expected 'Acmy'" in answer["error"]


@pytest.mark.parametrize(("model", "near"), [("res.partnr", "res.partner"), ("res.user", "res.users")])
def test_never_called_is_not_true_of_a_misspelt_name(server: MockServer, model: str, near: str) -> None:
    status, answer = verify(server, {"model": model, "times": 0})
    assert (status, f"did you mean {near!r}" in answer["error"]) == (409, True)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ([], "the body is a JSON object"),
        ({"times": "1"}, "times is a whole number"),
        ({"times": True}, "times is a whole number"),
        ({"times": -1}, "times is a number from 0 on"),
        ({"times": 1, "at_least": 1}, "times excludes at_least and at_most"),
        ({"at_least": 2, "at_most": 1}, "at_least is 2, more than at_most, 1"),
        ({"modle": "res.partner"}, "did you mean 'model'"),
        ({"atleast": 1}, "did you mean 'at_least'"),
        ({"count": 2}, "did you mean 'times'"),
        ({"max": 2}, "did you mean 'at_most'"),
        ({"kwargs": {}}, "arguments are named themselves"),
        ({"args": [1]}, "args is an object"),
        ({"ids": "1"}, "ids is an id, or a list of ids"),
        ({"user": None}, "user is a login"),
        ({"model": 1}, "model is a text"),
        ({"context": []}, "context is an object"),
    ],
)
def test_a_wrong_pattern_is_refused(server: MockServer, body: Any, text: str) -> None:
    status, answer = verify(server, body)
    assert (status, text in answer["error"]) == (400, True), answer


def test_calls_that_are_no_longer_kept_are_not_guessed() -> None:
    with MockServer(control=True, journal=1) as server:
        with xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/object") as models:
            for _ in range(2):
                models.execute_kw(server.db, server.uid, server.password, "res.partner", "search", [[]])
        search = {"model": "res.partner", "method": "search"}
        status, answer = verify(server, {**search, "times": 2})
        assert (status, "cannot be told" in answer["error"]) == (409, True)
        assert verify(server, search) == (200, {"count": 1, "calls": [2]})
