"""The standard library's own clients without a socket: `http.client` and `urllib.request`."""

from __future__ import annotations

import http.client
import socket
import urllib.request
from typing import Any
from urllib.request import BaseHandler

from mockserver.testing.transports.inprocess import InProcess, Line, Response

# all that an opener needs to stay inside the process: no proxies, no files
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
        """Raises ConnectionRefusedError while the server is down."""
        self._server.check()
        # without one the base class has an object that stands for the default
        timeout = self.timeout if isinstance(self.timeout, (int, float)) else socket.getdefaulttimeout()
        self.sock = Line(self._server, timeout, self._scheme)


class Handler(urllib.request.HTTPHandler):
    """Answers every http and https request of the opener that it is added to."""

    handler_order = 400  # before urllib's own, which an opener has already

    def __init__(self, server: InProcess) -> None:
        super().__init__()
        self._server = server

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Return the answer."""
        # do_open calls it as it calls a class of connections
        return self.do_open(Connection, req, server=self._server, scheme=req.type)  # type: ignore[arg-type]

    https_open = http_open
    https_request = urllib.request.HTTPHandler.http_request


def opener(server: InProcess, *handlers: BaseHandler) -> urllib.request.OpenerDirector:
    """Return an opener with cookies and redirects, and what is given besides."""
    director = urllib.request.OpenerDirector()
    given = tuple(type(handler) for handler in handlers)
    for kind in _HANDLERS:
        # one that is given takes the place of the usual one, as with build_opener
        if not any(issubclass(other, kind) for other in given):
            director.add_handler(kind())
    for handler in (Handler(server), *handlers):
        director.add_handler(handler)
    return director
