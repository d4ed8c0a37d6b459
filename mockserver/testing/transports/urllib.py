"""The standard library's own clients without a socket: `http.client` and `urllib.request`."""

from __future__ import annotations

import http.client
import socket
import urllib.request
from typing import Any
from urllib.request import BaseHandler

from mockserver.testing.transports.inprocess import InProcess, Line, Response

# the handlers that need no socket: no proxies, no files
_HANDLERS = (
    urllib.request.UnknownHandler,
    urllib.request.HTTPDefaultErrorHandler,
    urllib.request.HTTPRedirectHandler,
    urllib.request.HTTPErrorProcessor,
    urllib.request.HTTPCookieProcessor,
)


class Connection(http.client.HTTPConnection):
    """An `HTTPConnection` whose socket is a `Line`; the other arguments are those of the base class."""

    response_class = Response

    def __init__(self, host: str, port: int | None = None, *, server: InProcess, scheme: str = "http", **options: Any):
        if scheme == "https":
            self.default_port = http.client.HTTPS_PORT
        super().__init__(host, port, **options)
        self._server = server
        self._scheme = scheme

    def connect(self) -> None:
        """Open the line; raises ConnectionRefusedError while the server is down."""
        self._server.check()
        # without a timeout the base class has a sentinel for the default
        timeout = self.timeout if isinstance(self.timeout, (int, float)) else socket.getdefaulttimeout()
        self.sock = Line(self._server, timeout, self._scheme)


class Handler(urllib.request.HTTPHandler):
    """Answers every http and https request of the opener that it is added to."""

    handler_order = 400  # before urllib's own handler, which an opener may have already

    def __init__(self, server: InProcess) -> None:
        super().__init__()
        self._server = server

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Return the answer."""
        # do_open calls `Connection` as its connection class
        return self.do_open(Connection, req, server=self._server, scheme=req.type)  # type: ignore[arg-type]

    https_open = http_open
    https_request = urllib.request.HTTPHandler.http_request


def opener(server: InProcess, *handlers: BaseHandler) -> urllib.request.OpenerDirector:
    """Return an opener with cookies and redirects, and with the given handlers."""
    director = urllib.request.OpenerDirector()
    given = tuple(type(handler) for handler in handlers)
    for kind in _HANDLERS:
        # a given handler replaces the usual one of its class, as in build_opener
        if not any(issubclass(other, kind) for other in given):
            director.add_handler(kind())
    for handler in (Handler(server), *handlers):
        director.add_handler(handler)
    return director
