"""Webhooks: what automations send, what the test kit tells of it, and those that come in."""

from __future__ import annotations

import json
import threading
import xmlrpc.client
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests

from mockserver import MockServer
from mockserver.testing.faults import HttpError, Reset, Timeout
from tests.waiting import HANG


class Consumer(ThreadingHTTPServer):
    """The program under test: it keeps what it receives, and answers with `status`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.received: list[tuple[str, str, dict[str, Any]]] = []
        self.status = 200
        self.then: Any = None  # called with the payload before the answer
        self.url = f"http://127.0.0.1:{self.server_address[1]}/hook?key=1"


class _Handler(BaseHTTPRequestHandler):
    server: Consumer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        payload = json.loads(body)
        self.server.received.append((self.path, self.headers["Content-Type"], payload))
        if self.server.then is not None:
            self.server.then(payload)
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Print nothing."""


@contextmanager
def _consumer() -> Iterator[Consumer]:
    with Consumer() as consumer:
        thread = threading.Thread(target=consumer.serve_forever, daemon=True)
        thread.start()
        yield consumer
        consumer.shutdown()
        thread.join(HANG)


@pytest.fixture
def consumer() -> Iterator[Consumer]:
    with _consumer() as found:
        yield found


@pytest.fixture(scope="module")
def running() -> Iterator[MockServer]:
    with MockServer(fixtures=["base_automation"], control=True) as server:
        yield server


@pytest.fixture
def server(running: MockServer) -> MockServer:
    running.reset()
    return running


def _rule(server: MockServer, url: str, trigger: str = "on_create_or_write", **values: Any) -> int:
    """A rule of contacts that sends their name and country; what an integration sets up over XML-RPC."""
    model = _call(server, "ir.model", "search", [("model", "=", "res.partner")])[0]
    names = ["name", "country_id", "active", "category_id", "write_date"]
    fields = _call(server, "ir.model.fields", "search", [("model", "=", "res.partner"), ("name", "in", names)])
    action = {
        "name": "Tell the shop", "model_id": model, "state": "webhook", "webhook_url": url,
        "webhook_field_ids": [(6, 0, fields)],
    }  # fmt: skip
    rule = {"name": "Shop", "model_id": model, "trigger": trigger, "action_server_ids": [(0, 0, action)], **values}
    return int(_call(server, "base.automation", "create", rule))


def _call(server: MockServer, model: str, method: str, *args: Any) -> Any:
    with xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/object", allow_none=True) as proxy:
        return proxy.execute_kw(server.db, server.uid, server.password, model, method, list(args))


# -- out


def test_a_create_and_a_write_are_sent_as_the_real_server_sends_them(server: MockServer, consumer: Consumer) -> None:
    server.clock.freeze("2024-05-17 12:00:00")
    rule = _rule(server, consumer.url)
    action = server.env["base.automation"].browse(rule).action_server_ids
    belgium = server.ref("base.be").id
    partner = _call(server, "res.partner", "create", {"name": "Azure", "country_id": belgium})
    _call(server, "res.partner", "write", [partner], {"name": "Azure Interior", "country_id": False})
    paths, types, payloads = zip(*consumer.received, strict=True)
    assert set(paths) == {"/hook?key=1"}
    assert set(types) == {"application/json"}
    first = {
        "_action": f"Tell the shop(#{action.id})", "_id": partner, "_model": "res.partner", "id": partner,
        "name": "Azure", "country_id": belgium, "active": True, "category_id": [], "write_date": "2024-05-17 12:00:00",
    }  # fmt: skip
    assert payloads == (first, {**first, "name": "Azure Interior", "country_id": False})
    assert [(hook.payload, hook.sent, hook.status, hook.error, hook.ok) for hook in server.webhooks] == [
        (payload, True, 200, "", True) for payload in payloads
    ]
    assert server.webhooks.of(server.env["res.partner"].browse(partner)).last.action == "Tell the shop"
    assert not server.webhooks.of("res.users")
    assert (
        len(server.webhooks.of(url="/hook", action="Tell the shop", keep=lambda hook: hook.payload["country_id"])) == 1
    )
    assert repr(server.webhooks).startswith("http://127.0.0.1:")
    server.webhooks.clear()
    assert (len(server.webhooks), repr(server.webhooks)) == (0, "no webhook")


def test_a_deletion_is_sent_with_the_values_that_it_deletes(server: MockServer, consumer: Consumer) -> None:
    _rule(server, consumer.url, "on_unlink")
    partner = _call(server, "res.partner", "create", {"name": "Azure"})
    assert not consumer.received
    _call(server, "res.partner", "unlink", [partner])
    assert consumer.received[0][2]["name"] == "Azure"


def test_the_receiver_may_call_the_server_and_sees_what_was_written(server: MockServer, consumer: Consumer) -> None:
    seen: list[Any] = []
    _rule(server, consumer.url, "on_create")
    consumer.then = lambda payload: seen.append(_call(server, "res.partner", "read", [payload["_id"]], ["name"]))
    partner = _call(server, "res.partner", "create", {"name": "Azure"})
    assert seen == [[{"id": partner, "name": "Azure"}]]


def test_a_call_that_fails_sends_nothing(server: MockServer, consumer: Consumer) -> None:
    _rule(server, consumer.url)
    with pytest.raises(xmlrpc.client.Fault):
        _call(server, "res.partner", "create", [{"name": "Azure"}, {"name": "B", "country_id": 99999}])
    assert (consumer.received, list(server.webhooks)) == ([], [])


def test_an_error_of_the_receiver_does_not_reach_the_client(server: MockServer, consumer: Consumer) -> None:
    _rule(server, consumer.url)
    consumer.status = 503
    assert _call(server, "res.partner", "create", {"name": "Azure"})
    hook = server.webhooks.last
    assert (hook.sent, hook.status, hook.error, hook.ok) == (True, 503, "503 Service Unavailable", False)


def test_a_receiver_that_does_not_answer_in_a_second_is_given_up(server: MockServer, consumer: Consumer) -> None:
    over = threading.Event()
    consumer.then = lambda payload: over.wait(HANG)
    _rule(server, consumer.url)
    assert _call(server, "res.partner", "create", {"name": "Azure"})
    over.set()
    assert (server.webhooks.last.sent, server.webhooks.last.status) == (True, None)
    assert server.webhooks.last.error.startswith("timed out after 1 s")


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("http://shop.example/hook", "not sent: shop.example is not this machine; allow_webhooks lets webhooks out"),
        ("http://10.0.0.1/hook", "not sent: 10.0.0.1 is not this machine; allow_webhooks lets webhooks out"),
        ("http://127.0.0.1.shop.example/", "not sent: 127.0.0.1.shop.example is not this machine"),
        ("http://127.0.0.1@shop.example/", "not sent: shop.example is not this machine"),
        ("file:///etc/passwd", "not sent: 'file:///etc/passwd' is no URL of a web server"),
        ("http://127.0.0.1:x/", "not sent: Port could not be cast"),
        ("http://127.0.0.1:1/a b\r\nX: 1", "not sent: "),
        ("shop", "not sent: 'shop' is no URL"),
    ],
)
def test_nothing_leaves_this_machine(server: MockServer, url: str, error: str) -> None:
    _rule(server, url)
    assert _call(server, "res.partner", "create", {"name": "Azure"})
    hook = server.webhooks.last
    assert (hook.sent, hook.status) == (False, None)
    assert hook.error.startswith(error) or (error == "not sent: " and hook.error)
    assert hook.payload["name"] == "Azure"


def test_webhooks_may_leave_this_machine_if_they_are_allowed_to(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def refuse(address: tuple[str, int], *args: Any, **kwargs: Any) -> Any:
        asked.append(address[0])
        raise ConnectionRefusedError("no network here")

    with MockServer(fixtures=["base_automation"], allow_webhooks=True) as server:
        _rule(server, "http://shop.example/hook")
        monkeypatch.setattr("http.client.socket.create_connection", refuse)
        server.env["res.partner"].create({"name": "Azure"})
        assert asked == ["shop.example"]
        assert server.webhooks.last.error == "ConnectionRefusedError: no network here"


def test_faults_stand_in_the_place_of_the_receiver(server: MockServer, consumer: Consumer) -> None:
    _rule(server, consumer.url)
    fault = server.faults.add([HttpError(503), Timeout(), Reset(), None], dialect="webhook", model="res.partner")
    for number in range(5):
        _call(server, "res.partner", "create", {"name": f"P{number}"})
    assert fault.hits == 4
    outcomes = [(hook.sent, hook.status, hook.error.partition(":")[0]) for hook in server.webhooks]
    assert outcomes == [
        (False, 503, "503 Service Unavailable"), (False, None, "timed out after 1 s"), (False, None, "Reset()"),
        (True, 200, ""), (True, 200, ""),
    ]  # fmt: skip
    assert [payload["name"] for _, _, payload in consumer.received] == ["P3", "P4"]


def test_the_answer_of_the_receiver_may_be_lost(server: MockServer, consumer: Consumer) -> None:
    _rule(server, consumer.url)
    server.faults.add(Timeout(after=True), dialect="webhook", times=1)
    _call(server, "res.partner", "create", {"name": "Azure"})
    assert len(consumer.received) == 1
    assert (server.webhooks.last.sent, server.webhooks.last.status) == (True, None)


def test_the_sample_of_the_payload_has_the_values_of_a_record(server: MockServer) -> None:
    rule = server.env["base.automation"].browse(_rule(server, "http://127.0.0.1:9/"))
    action = rule.action_server_ids
    first = server.env["res.partner"].with_context(active_test=False).search([], limit=1)
    sample = json.loads(action.webhook_sample_payload)
    assert sample["_action"] == f"Tell the shop(#{action.id})"
    assert (sample["_id"], sample["id"], sample["name"]) == (first.id, first.id, first.name)
    rule.unlink()


def test_code_that_was_left_out_is_told_beside_the_answer() -> None:
    with MockServer(fixtures=["base_automation"]) as server:
        server.strict.start()
        model = server.env["ir.model"].search([("model", "=", "res.partner")]).id
        code = {"name": "Code", "model_id": model, "state": "code", "code": "record.write({'ref': 'x'})"}
        rule = {"name": "R", "model_id": model, "trigger": "on_create", "action_server_ids": [(0, 0, code)]}
        server.env["base.automation"].create(rule)
        assert _call(server, "res.partner", "create", {"name": "Azure"})
        (gap,) = server.calls[-1].gaps
        assert gap.startswith("The server action 'Code' was not run: mockserver never runs the Python code")
        assert gap in server.problems()[0]

        @server.on_call("ir.actions.server", "run")
        def run(actions: Any) -> None:
            env = actions.env
            env["res.partner"].browse(env.context["active_id"]).write({"ref": "x"})

        partner = _call(server, "res.partner", "create", {"name": "Azure"})
        assert server.env["res.partner"].browse(partner).ref == "x"
        assert server.calls[-1].gaps == []


def test_webhooks_are_told_to_other_languages(server: MockServer) -> None:
    _rule(server, "http://shop.example/hook")
    partner = server.env["res.partner"].create({"name": "Azure"})
    base = f"{server.url}/_mock/webhooks"
    (hook,) = requests.get(f"{base}?model=res.partner&url=shop", timeout=HANG).json()["webhooks"]
    assert (hook["record"], hook["sent"], hook["status"]) == ({"model": "res.partner", "id": partner.id}, False, None)
    assert requests.get(f"{base}?url=other", timeout=HANG).json() == {"webhooks": [], "count": 0}
    assert requests.delete(base, timeout=HANG).json() == {"removed": 1}
    assert not server.webhooks


# -- in


def _incoming(server: MockServer, **values: Any) -> str:
    model = server.env["ir.model"].search([("model", "=", "res.partner")]).id
    action = {
        "name": "Mark", "model_id": model, "state": "object_write", "update_path": "ref", "value": "paid",
    }  # fmt: skip
    values = {"name": "In", "model_id": model, "trigger": "on_webhook", "action_server_ids": [(0, 0, action)], **values}
    rule = server.env["base.automation"].create(values)
    assert rule.url.endswith(f"/web/hook/{rule.webhook_uuid}")
    return f"{server.url}/web/hook/{rule.webhook_uuid}"


def test_a_webhook_that_comes_in_runs_its_rule_for_the_record(server: MockServer) -> None:
    url = _incoming(server)
    partner = server.env["res.partner"].create({"name": "Azure"})
    answer = requests.post(url, json={"_model": "res.partner", "_id": partner.id}, timeout=HANG)
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert answer.headers["Content-Type"].startswith("application/json")
    assert partner.ref == "paid"
    partner.write({"ref": False})
    assert requests.get(f"{url}?_model=res.partner&_id={partner.id}", timeout=HANG).json() == {"status": "ok"}
    assert partner.ref == "paid"
    assert server.calls[-1].target == "base.automation._execute_webhook"


@pytest.mark.parametrize(
    "payload", [{}, {"_model": "res.partner", "_id": 99999}, {"_model": "no.model", "_id": 1}, [1]]
)
def test_a_payload_without_a_record_is_an_error(server: MockServer, payload: Any) -> None:
    answer = requests.post(_incoming(server), json=payload, timeout=HANG)
    assert (answer.status_code, answer.json()) == (500, {"status": "error"})
    assert server.errors == []


def test_an_unknown_webhook_is_not_found(server: MockServer) -> None:
    answer = requests.post(f"{server.url}/web/hook/nothing", json={}, timeout=HANG)
    assert (answer.status_code, answer.json()) == (404, {"status": "error"})
    with MockServer() as plain:
        assert requests.post(f"{plain.url}/web/hook/nothing", json={}, timeout=HANG).status_code == 404


def test_the_record_is_found_by_forms_of_the_getter_and_by_no_other_code(server: MockServer) -> None:
    partner = server.env["res.partner"].create({"name": "Azure"})
    url = _incoming(server, record_getter="model.browse(payload['customer_id'])")
    assert requests.post(url, json={"customer_id": partner.id}, timeout=HANG).status_code == 200
    assert partner.ref == "paid"
    url = _incoming(server, record_getter="model.search([('name', '=', payload.get('name'))])")
    assert requests.post(url, json={"name": "Azure"}, timeout=HANG).status_code == 500
    (gap,) = server.calls[-1].gaps
    assert "mockserver never runs the Python code of record_getter" in gap
