"""`requests` without a socket: an adapter, whose connections are urllib3's own with a `Line` for a socket."""

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
    """A connection of urllib3 whose socket is a `Line`; its name is in the texts of exceptions, as is the pool's."""

    response_class = Response

    def __init__(self, *args: Any, server: InProcess, scheme: str, **options: Any) -> None:
        super().__init__(*args, **options)
        if scheme == "https":
            self.default_port = 443  # type: ignore[misc]
        self._server = server
        self._scheme = scheme

    def connect(self) -> None:
        """Raises urllib3's NewConnectionError while the server is down."""
        try:
            self._server.check()
        except OSError as error:
            raise NewConnectionError(self, f"Failed to establish a new connection: {error}") from error
        self.sock = Line(self._server, self.timeout, self._scheme)

    @property
    def is_connected(self) -> bool:
        """Whether it may be used again; there is no socket that could be asked."""
        return self.sock is not None


class HTTPConnectionPool(urllib3.HTTPConnectionPool):
    """Such connections, for one host."""

    ConnectionCls = HTTPConnection


class Adapter(HTTPAdapter):
    """For `Session.mount`; its arguments, `max_retries` among them, are those of the base class.

    Proxies, certificates and their checks mean nothing here.
    """

    def __init__(self, server: InProcess, **options: Any) -> None:
        self._server = server
        super().__init__(**options)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Pools whose connections reach the app."""
        super().init_poolmanager(*args, **options)
        # what is called as the classes that stand there usually are
        pools: Any = {
            scheme: partial(HTTPConnectionPool, server=self._server, scheme=scheme) for scheme in ("http", "https")
        }
        self.poolmanager.pool_classes_by_scheme = pools

    def get_connection_with_tls_context(self, request: Any, verify: Any, proxies: Any = None, cert: Any = None) -> Any:
        """Return the pool of the request's host."""
        return self.poolmanager.connection_from_url(request.url)

    def get_connection(self, url: Any, proxies: Any = None) -> Any:
        """Return the same, as requests before 2.32 asks for it."""
        return self.poolmanager.connection_from_url(url)

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Nothing to verify."""

    def send(self, request: Any, *args: Any, proxies: Any = None, **options: Any) -> requests.Response:
        """Return the answer; a proxy of the environment is left out."""
        return super().send(request, *args, **options)


def session(server: InProcess, **options: Any) -> requests.Session:
    """Return a session all of whose requests reach the app; the options are those of `Adapter`."""
    made = requests.Session()
    made.trust_env = False  # looking for proxies and a .netrc takes a third of a call
    adapter = Adapter(server, **options)
    for prefix in ("http://", "https://"):
        made.mount(prefix, adapter)
    return made
