"""Whatever a client sends in the place of arguments, it is answered by an error of the call, and can be looked at."""

from __future__ import annotations

import contextlib
import json
import xmlrpc.client
from collections import Counter
from typing import Any

import pytest
from hypothesis import event, example, given, strategies as st

from mockserver import MockServer, Reset
from mockserver.contract.consumer.watcher import Watcher
from mockserver.control import Control
from mockserver.report.deprecated_calls import Watch, listed
from mockserver.testing.journal.report import section
from tests.dialects.wire import DB, JSON, KEY, PASSWORD, Answer, Wire
from tests.properties.budget import examples

_LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**40), 2**40),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=6),
    st.sampled_from([DB, 2, PASSWORD, "res.partner", "name", "search", "write", "child_ids"]),
)
VALUES = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(["name", "child_ids", "context", "vals", "domain", "fields", "ids", "x"]), inner
        ),
    ),
    max_leaves=8,
)
# what is nearly right gets further than what is not
METHODS = st.one_of(
    st.sampled_from(["search", "read", "write", "create", "search_read", "read_group", "fields_get", "copy", "nope"]),
    VALUES,
)
MODELS = st.one_of(st.sampled_from(["res.partner", "res.users", "no.model"]), VALUES)
CONTEXTS = st.builds(lambda context: {"context": context}, VALUES)
ARGUMENTS = st.one_of(VALUES, st.lists(VALUES, max_size=3))
KEYWORDS = st.one_of(VALUES, CONTEXTS, st.dictionaries(st.sampled_from(["domain", "fields", "vals", "limit"]), VALUES))


class Server:
    """A strict mock, looked at by everything that looks at calls."""

    def __init__(self, profile: str) -> None:
        self.kit = MockServer(profile=profile, strict=True, api_key=KEY)
        self.kit.remember()
        self.watch = Watch(self.kit.app)
        self.consumer = Watcher(self.kit, Counter(), Counter())
        self.wire = Wire(self.kit.app)
        self.control = Control(self.kit, self.kit.reset)

    def begin(self) -> None:
        """Forget the last example."""
        self.kit.reset()
        self.wire.cookie = ""
        self.kit.expect_only("*")
        self.kit.faults.add(Reset(), nth=1_000_000, required=False)
        self.kit.respond("res.partner", "copy", True)

    def ask_control(self, path: str) -> Any:
        """The JSON that the control API answers."""
        wire = Wire(self.kit.app)
        wire.app = self.control  # type: ignore[assignment]
        answer = wire.http("GET", path, REMOTE_ADDR="127.0.0.1", HTTP_HOST="localhost")
        assert answer.status == 200, answer.body
        return answer.json()

    def check(self) -> None:
        """Everything that can be made of the calls is made of them, and nobody who looked at them failed."""
        kit, calls = self.kit, self.kit.calls
        assert kit.errors == []
        assert repr(calls)
        assert repr(calls.refused)
        assert section(calls)
        assert isinstance(kit.problems(), list)
        assert listed(self.watch.findings, "p")
        for entry in self.ask_control("/_mock/calls")["calls"]:
            assert self.ask_control(f"/_mock/calls/{entry['number']}")["target"] == entry["target"]
        for wanted in ({}, {"ids": [1]}, {"context": {"lang": "en_US"}}, {"vals": {"name": "x"}}, {"user": "admin"}):
            for claim in (kit.assert_called, kit.assert_not_called):
                with contextlib.suppress(AssertionError):
                    claim("res.partner", "write", **wanted)
        with contextlib.suppress(AssertionError):
            kit.assert_called("res.partner", "write", vals__contains={"name": "x"}, domain__contains=[1])
        for model in {entry.model for entry in calls}:
            kit.calls.of(model)


@pytest.fixture(scope="module")
def servers() -> dict[str, Server]:
    return {profile: Server(profile) for profile in ("odoo-17.0", "odoo-19.0")}


@pytest.fixture(scope="module", params=["odoo-17.0", "odoo-19.0"])
def server(servers: dict[str, Server], request: pytest.FixtureRequest) -> Server:
    return servers[request.param]


def check_envelope(answer: Answer) -> None:
    """An answer of JSON-RPC, a result or an error."""
    assert answer.status == 200, answer.body
    envelope = answer.json()
    event("error" if "error" in envelope else "result")
    if "error" in envelope:
        assert envelope["error"]["message"].startswith("Odoo ") or envelope["error"]["code"] == 404
        assert "mockserver" not in envelope["error"]["data"]["message"]


@given(params=st.one_of(VALUES, st.fixed_dictionaries({"service": VALUES, "method": VALUES, "args": VALUES})))
@example(params={"service": "object", "method": "execute_kw", "args": 7})
@example(params={"service": "common", "method": "version", "args": True})
@example(params={"service": "db", "method": "list", "args": 1.5})
@example(params={"service": "object", "method": "execute_kw", "args": "abcdefg"})
@examples(40)
def test_the_parameters_of_jsonrpc(server: Server, params: Any) -> None:
    server.begin()
    check_envelope(server.wire.json("/jsonrpc", {"id": 1, "params": params}))
    server.check()


@given(service=st.sampled_from(["object", "common", "db"]), method=METHODS, args=ARGUMENTS)
@examples(40)
def test_the_arguments_of_a_service(server: Server, service: str, method: Any, args: Any) -> None:
    server.begin()
    check_envelope(server.wire.json("/jsonrpc", {"params": {"service": service, "method": method, "args": args}}))
    server.check()


@given(model=MODELS, method=METHODS, args=ARGUMENTS, kwargs=KEYWORDS)
@example(model="res.partner", method="search", args=5, kwargs={})
@example(model="res.partner", method="write", args=[[1], {"child_ids": 5}], kwargs={"context": 5})
@examples(60)
def test_execute_kw(server: Server, model: Any, method: Any, args: Any, kwargs: Any) -> None:
    server.begin()
    params = [DB, 2, PASSWORD, model, method, args, kwargs]
    check_envelope(
        server.wire.json("/jsonrpc", {"params": {"service": "object", "method": "execute_kw", "args": params}})
    )
    server.check()


@given(route=st.sampled_from(["call_kw", "call_button"]), model=MODELS, method=METHODS, args=ARGUMENTS, kwargs=KEYWORDS)
@example(route="call_kw", model="res.partner", method="search", args=5, kwargs={})
@example(route="call_kw", model="res.partner", method="write", args=[[1], {"name": "x"}], kwargs=5)
@example(route="call_button", model="res.partner", method="write", args="ab", kwargs=[["vals", {"name": "x"}]])
@example(route="call_kw", model="res.partner", method="search", args=[[]], kwargs={"context": [1]})
@examples(60)
def test_the_routes_of_the_web_client(
    server: Server, route: str, model: Any, method: Any, args: Any, kwargs: Any
) -> None:
    server.begin()
    server.wire.login()
    params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
    check_envelope(server.wire.json(f"/web/dataset/{route}", {"params": params}))
    server.check()


@given(model=st.sampled_from(["res.partner", "res.users", "no.model"]), method=st.text(max_size=9), body=KEYWORDS)
@examples(40)
def test_json2(servers: dict[str, Server], model: str, method: str, body: Any) -> None:
    server = servers["odoo-19.0"]
    server.begin()
    for name in ("search", "write", "create"):
        answer = server.wire.json2(model, name, json.dumps(body))
        assert answer.media_type == JSON, answer.body
        answer.json()
    server.check()


@given(
    service=st.sampled_from(["object", "common", "db"]),
    method=st.sampled_from(["execute_kw", "execute", "login", "list"]),
    params=st.lists(VALUES, max_size=7),
)
@example(service="object", method="execute_kw", params=[DB, 2, PASSWORD, "res.partner", "search", 5, 6])
@examples(40)
def test_xmlrpc(server: Server, service: str, method: str, params: list[Any]) -> None:
    server.begin()
    try:
        xmlrpc.client.dumps(tuple(params), method, allow_none=True).encode()
    except (OverflowError, TypeError, UnicodeEncodeError):
        return
    answer = server.wire.http(
        "POST", f"/xmlrpc/2/{service}", xmlrpc.client.dumps(tuple(params), method, allow_none=True), "text/xml"
    )
    assert answer.status == 200, answer.body
    server.check()
