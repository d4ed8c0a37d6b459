"""Send requests over the protocols of a live server and parse the replies, errors included."""

from __future__ import annotations

import json
import xmlrpc.client
from collections.abc import Mapping
from typing import Any
from xml.parsers.expat import ExpatError

from mockserver.contract.live.connection import Answer, Connection
from mockserver.contract.live.errors import NotOdoo

# {"result": …} or {"error": {…}} (JSON-RPC) or {"fault": {"code", "string"}} (XML-RPC); {} if the result is left out
Reply = dict[str, Any]


def jsonrpc(connection: Connection, service: str, method: str, args: list[Any]) -> Reply:
    """Call a method of `common`, `object` or `db` over `/jsonrpc`."""
    params = {"service": service, "method": method, "args": args}
    request = {"jsonrpc": "2.0", "method": "call", "id": 1, "params": params}
    answer = connection.send_with_retry(
        "POST", "/jsonrpc", {"Content-Type": "application/json"}, json.dumps(request).encode()
    )
    reply = read_json(answer)
    if reply is None:
        raise not_odoo(connection, "/jsonrpc", answer)
    return reply


def xmlrpc1(connection: Connection, service: str, method: str, args: list[Any]) -> Reply:
    """Call a method of a service over `/xmlrpc`, whose fault codes are texts."""
    return _xmlrpc(connection, f"/xmlrpc/{service}", method, args)


def xmlrpc2(connection: Connection, service: str, method: str, args: list[Any]) -> Reply:
    """Call a method of a service over `/xmlrpc/2`."""
    return _xmlrpc(connection, f"/xmlrpc/2/{service}", method, args)


def _xmlrpc(connection: Connection, path: str, method: str, args: list[Any]) -> Reply:
    body = xmlrpc.client.dumps(tuple(args), method, allow_none=True).encode()
    answer = connection.send_with_retry("POST", path, {"Content-Type": "text/xml"}, body)
    reply = read_xml(answer.body)
    if reply is None:
        raise not_odoo(connection, path, answer)
    return reply


def read_xml(document: bytes) -> Reply | None:
    """Return the reply in a methodResponse; None for any other document."""
    try:
        (result,), _ = xmlrpc.client.loads(document)
    except xmlrpc.client.Fault as fault:
        return {"fault": {"code": fault.faultCode, "string": fault.faultString}}
    except (ExpatError, xmlrpc.client.Error, ValueError, LookupError, TypeError):
        return None
    return {"result": result}


def read_json(answer: Answer) -> Reply | None:
    """Return the reply in a JSON-RPC envelope; None for any other body."""
    reply = answer.json()
    return (
        {key: value for key, value in reply.items() if key in ("result", "error")} if isinstance(reply, dict) else None
    )


def json2(
    connection: Connection,
    db: str,
    key: str | None,
    model: str,
    method: str,
    body: Any,
    headers: Mapping[str, str | None] | None = None,
) -> Answer:
    """Call a method over JSON-2; a body of text is sent unchanged, None as no body; a header of None is left out."""
    usual = {"Authorization": f"bearer {key}", "X-Odoo-Database": db, "Content-Type": "application/json"}
    sent = {name: value for name, value in {**usual, **(headers or {})}.items() if value is not None}
    text = None if body is None else body if isinstance(body, str) else json.dumps(body)
    return connection.send_with_retry(
        "POST", f"/json/2/{model}/{method}", sent, None if text is None else text.encode()
    )


def not_odoo(connection: Connection, path: str, answer: Answer) -> NotOdoo:
    """Return the error for an answer that does not follow the protocol."""
    if 300 <= answer.status < 400 and "location" in answer.headers:
        return NotOdoo(f"{connection.url} redirects {path} to {answer.headers['location']}: name that address instead")
    description = f"{answer.status} {answer.kind or 'without a content type'}"
    return NotOdoo(f"{connection.url}{path} answers {description}: is that the address of an Odoo server?")
