"""Transports, sessions and openers that a test passes to client libraries, so that they need no socket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockserver.testing.transports.inprocess import InProcess

if TYPE_CHECKING:
    import urllib.request
    import xmlrpc.client

    import httpx
    import requests

    from mockserver.testing.transports.httpx import Transport as HttpxTransport
    from mockserver.testing.transports.requests import Adapter
    from mockserver.testing.transports.urllib import Connection, Handler
    from mockserver.testing.transports.xmlrpc import Transport as XmlRpcTransport

NOWHERE = "http://mockserver.test"  # a name that never resolves (RFC 6761)


class Transports:
    """The part of `Kit` for clients without a socket.

    Each library is imported on first use; raises ModuleNotFoundError where requests or httpx is not installed.
    The server need not be started; `reset` restores the state at the first start, or at the first use of one of
    these methods.
    """

    inprocess: InProcess

    def remember(self) -> None:
        """Keep the present state for `reset`, unless there is one already."""
        raise NotImplementedError

    @property
    def base_url(self) -> str:
        """The URL for code that needs one: `url` while the server runs, else `http://mockserver.test`.

        The objects of the methods below accept any other URL too.
        """
        return NOWHERE

    def xmlrpc(self, service: str = "object", **options: Any) -> xmlrpc.client.ServerProxy:
        """Return a `ServerProxy` on `/xmlrpc/2/<service>`: `odoo.xmlrpc("object").execute_kw(…)`.

        `options` are those of `ServerProxy`, and `timeout`, the seconds to wait for an answer.
        """
        from mockserver.testing.transports.xmlrpc import proxy

        return proxy(self._reached(), f"{self.base_url}/xmlrpc/2/{service}", **options)

    def xmlrpc_transport(self, **options: Any) -> XmlRpcTransport:
        """Return a transport for `ServerProxy(url, transport=…)`; options of the base class, and `timeout`."""
        from mockserver.testing.transports.xmlrpc import Transport

        return Transport(self._reached(), **options)

    def requests_session(self, **options: Any) -> requests.Session:
        """Return a `requests.Session` that sends every request to this server; options of the adapter."""
        from mockserver.testing.transports.requests import session

        return session(self._reached(), **options)

    def requests_adapter(self, **options: Any) -> Adapter:
        """Return an adapter for `session.mount("https://erp.example.com", …)`; options of `HTTPAdapter`."""
        from mockserver.testing.transports.requests import Adapter

        return Adapter(self._reached(), **options)

    def httpx_client(self, **options: Any) -> httpx.Client:
        """Return an `httpx.Client` with `base_url` that sends every request to this server; its usual options."""
        from mockserver.testing.transports.httpx import client

        return client(self._reached(), self.base_url, **options)

    def httpx_async_client(self, **options: Any) -> httpx.AsyncClient:
        """Return the same as an `httpx.AsyncClient`."""
        from mockserver.testing.transports.httpx import async_client

        return async_client(self._reached(), self.base_url, **options)

    def httpx_transport(self) -> HttpxTransport:
        """Return a transport for `httpx.Client` and `httpx.AsyncClient`: `transport=…`, or one of their `mounts`."""
        from mockserver.testing.transports.httpx import Transport

        return Transport(self._reached())

    def opener(self, *handlers: urllib.request.BaseHandler) -> urllib.request.OpenerDirector:
        """Return an opener with cookies: `odoo.opener().open(url)`, `odoorpc.ODOO(…, opener=odoo.opener())`."""
        from mockserver.testing.transports.urllib import opener

        return opener(self._reached(), *handlers)

    def urllib_handler(self) -> Handler:
        """Return a handler for `opener.add_handler(…)` of an existing opener."""
        from mockserver.testing.transports.urllib import Handler

        return Handler(self._reached())

    def http_connection(self, host: str = "mockserver.test", port: int | None = None, **options: Any) -> Connection:
        """Return an `http.client.HTTPConnection`; its usual options."""
        from mockserver.testing.transports.urllib import Connection

        return Connection(host, port, server=self._reached(), **options)

    def _reached(self) -> InProcess:
        self.remember()
        return self.inprocess
