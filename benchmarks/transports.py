"""(g) A call without a socket, against the same call by the same client library over the socket."""

from __future__ import annotations

import asyncio
import json
import urllib.request
import xmlrpc.client
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from typing import Any

import httpx
import requests

from benchmarks.measuring import Action, Figure, best
from benchmarks.wire import FIELDS, on_one_core
from mockserver import MockServer

CALLS = 25  # a round
AIM = 0.5  # of the time over the socket: twice as fast
JSON = {"Content-Type": "application/json"}


def figures() -> Iterator[Figure]:
    """A read of one record by each client library."""
    for name, client in CLIENTS.items():
        with on_one_core(), MockServer() as server, ExitStack() as stack:
            here, there = (client(server, wired, stack) for wired in (False, True))
            assert here() == there(), name
            costs = best(here, there, number=CALLS, rounds=60)
        shown = f"(g) read of 1 record without a socket, {name}"
        yield Figure(shown, costs[0] * 1e6, "µs", costs[1] * 1e6, "over the socket", AIM)


def _args(server: MockServer) -> tuple[Any, ...]:
    return (server.db, server.uid, server.password, "res.partner", "read", [[3], FIELDS])


def _body(server: MockServer) -> dict[str, Any]:
    call = {"service": "object", "method": "execute_kw", "args": _args(server)}
    return {"jsonrpc": "2.0", "id": 1, "method": "call", "params": call}


def _xmlrpc(server: MockServer, wired: bool, stack: ExitStack) -> Action:
    proxy = xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/object") if wired else server.xmlrpc()
    models, args = stack.enter_context(proxy), _args(server)
    return lambda: models.execute_kw(*args)


def _http_client(server: MockServer, wired: bool, stack: ExitStack) -> Action:
    connection = HTTPConnection(server.host, server.port) if wired else server.http_connection()
    stack.enter_context(closing(connection))
    body = _body(server)

    def call() -> Any:
        connection.request("POST", "/jsonrpc", json.dumps(body), JSON)
        return json.loads(connection.getresponse().read())

    return call


def _urllib(server: MockServer, wired: bool, stack: ExitStack) -> Action:
    cookies = urllib.request.HTTPCookieProcessor()
    opener = urllib.request.build_opener(cookies) if wired else server.opener()
    url, body = f"{server.url}/jsonrpc", _body(server)

    def call() -> Any:
        with opener.open(urllib.request.Request(url, json.dumps(body).encode(), JSON)) as answer:
            return json.load(answer)

    return call


def _requests(server: MockServer, wired: bool, stack: ExitStack) -> Action:
    session = stack.enter_context(requests.Session() if wired else server.requests_session())
    url, body = f"{server.url}/jsonrpc", _body(server)
    return lambda: session.post(url, json=body).json()


def _httpx(server: MockServer, wired: bool, stack: ExitStack) -> Action:
    client = stack.enter_context(httpx.Client() if wired else server.httpx_client())
    url, body = f"{server.url}/jsonrpc", _body(server)
    return lambda: client.post(url, json=body).json()


def _async_httpx(server: MockServer, wired: bool, stack: ExitStack) -> Action:
    loop = stack.enter_context(closing(asyncio.new_event_loop()))
    client = httpx.AsyncClient() if wired else server.httpx_async_client()
    stack.callback(lambda: loop.run_until_complete(client.aclose()))
    url, body = f"{server.url}/jsonrpc", _body(server)
    return lambda: loop.run_until_complete(client.post(url, json=body)).json()


CLIENTS = {
    "xmlrpc.client": _xmlrpc,
    "http.client": _http_client,
    "urllib, odoorpc": _urllib,
    "requests": _requests,
    "httpx": _httpx,
    "httpx, async": _async_httpx,
}
