"""`xmlrpc.client` without a socket."""

from __future__ import annotations

import socket
import xmlrpc.client
from typing import Any

from mockserver.testing.transports.inprocess import InProcess, Sent


class Transport(xmlrpc.client.Transport):
    """A `Transport` for `ServerProxy(url, transport=…)`; its options are those of the base class.

    `timeout`: seconds to wait for an answer; by default those of `socket.setdefaulttimeout`.
    """

    def __init__(self, server: InProcess, *, timeout: float | None = None, **options: Any) -> None:
        super().__init__(**options)
        self._server = server
        self._timeout = timeout

    def single_request(self, host: Any, handler: str, request_body: Any, verbose: bool = False) -> Any:
        """Send one request as the base class does, but without a connection, and return the parsed answer."""
        name, extra, _ = self.get_host_info(host)
        headers = [
            ("Host", name),
            ("Content-Type", "text/xml"),
            ("User-Agent", self.user_agent),
            ("Content-Length", str(len(request_body))),
            *self._headers,
            *extra,
        ]
        timeout = socket.getdefaulttimeout() if self._timeout is None else self._timeout
        response = self._server.respond(Sent("POST", handler, headers, request_body), timeout)
        if response.status == 200:
            self.verbose = verbose
            return self.parse_response(response)
        response.read()
        raise xmlrpc.client.ProtocolError(name + handler, response.status, response.reason, dict(response.getheaders()))


def proxy(
    server: InProcess,
    url: str,
    *,
    use_datetime: bool = False,
    use_builtin_types: bool = False,
    headers: Any = (),
    timeout: float | None = None,
    **options: Any,
) -> xmlrpc.client.ServerProxy:
    """Return a `ServerProxy` with its usual options, and the transport's `timeout`."""
    types = {"use_datetime": use_datetime, "use_builtin_types": use_builtin_types}
    transport = Transport(server, timeout=timeout, headers=headers, **types)
    return xmlrpc.client.ServerProxy(url, transport, **options)
