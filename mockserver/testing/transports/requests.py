"""`requests` without a socket: an adapter with connections of urllib3 whose socket is a `Line`."""

from __future__ import annotations

from functools import partial
from typing import Any

from mockserver.testing.transports.inprocess import InProcess, Line, Response

try:
    import requests
    import urllib3
    from requests.adapters import HTTPAdapter
    from urllib3.exceptions import NewConnectionError
except ModuleNotFoundError as missing:
    text = "this needs the package requests: pip install requests"
    raise ModuleNotFoundError(text, name=missing.name) from missing


class HTTPConnection(urllib3.connection.HTTPConnection):
    """A connection of urllib3 whose socket is a `Line`; its class name appears in exceptions, as the pool's does."""

    response_class = Response

    def __init__(self, *args: Any, server: InProcess, scheme: str, **options: Any) -> None:
        super().__init__(*args, **options)
        if scheme == "https":
            self.default_port = 443  # type: ignore[misc]
        self._server = server
        self._scheme = scheme

    def connect(self) -> None:
        """Open the line; raises urllib3's NewConnectionError while the server is down."""
        try:
            self._server.check()
        except OSError as error:
            raise NewConnectionError(self, f"Failed to establish a new connection: {error}") from error
        self.sock = Line(self._server, self.timeout, self._scheme)

    @property
    def is_connected(self) -> bool:
        """Whether it can be reused; there is no socket to check."""
        return self.sock is not None


class HTTPConnectionPool(urllib3.HTTPConnectionPool):
    """A pool of these connections for one host."""

    ConnectionCls = HTTPConnection


class Adapter(HTTPAdapter):
    """An adapter for `Session.mount`; its arguments, such as `max_retries`, are those of the base class.

    Proxies and certificates have no effect.
    """

    def __init__(self, server: InProcess, **options: Any) -> None:
        self._server = server
        super().__init__(**options)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Create pools whose connections reach the app."""
        super().init_poolmanager(*args, **options)
        # factories with the arguments of the usual classes
        pools: Any = {
            scheme: partial(HTTPConnectionPool, server=self._server, scheme=scheme) for scheme in ("http", "https")
        }
        self.poolmanager.pool_classes_by_scheme = pools

    def get_connection_with_tls_context(self, request: Any, verify: Any, proxies: Any = None, cert: Any = None) -> Any:
        """Return the pool of the request's host."""
        return self.poolmanager.connection_from_url(request.url)

    def get_connection(self, url: Any, proxies: Any = None) -> Any:
        """Return the same for requests before 2.32."""
        return self.poolmanager.connection_from_url(url)

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Do nothing: there is no certificate."""

    def send(self, request: Any, *args: Any, proxies: Any = None, **options: Any) -> requests.Response:
        """Return the answer; proxies of the environment are ignored."""
        return super().send(request, *args, **options)


def session(server: InProcess, **options: Any) -> requests.Session:
    """Return a session that sends every request to the app; the options are those of `Adapter`."""
    made = requests.Session()
    made.trust_env = False  # looking for proxies and a .netrc takes a third of a call
    adapter = Adapter(server, **options)
    for prefix in ("http://", "https://"):
        made.mount(prefix, adapter)
    return made
