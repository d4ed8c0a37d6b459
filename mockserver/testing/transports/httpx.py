"""`httpx` without a socket: one transport for `httpx.Client` and for `httpx.AsyncClient`."""

from __future__ import annotations

import contextlib
import http.client
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import Any, TypeVar

from mockserver.testing.transports.inprocess import InProcess, Response, Sent

try:
    import httpx
    from anyio import to_thread
except ModuleNotFoundError as missing:
    text = "this needs the package httpx: pip install httpx"
    raise ModuleNotFoundError(text, name=missing.name) from missing

PIECE = 1 << 16  # bytes of a body at a time
T = TypeVar("T")


class Transport(httpx.AsyncBaseTransport, httpx.BaseTransport):
    """For `httpx.Client(transport=…)` and `httpx.AsyncClient(transport=…)`; every URL reaches the app."""

    def __init__(self, server: InProcess) -> None:
        self._server = server

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the answer; raises what httpx raises on a socket."""
        request.read()
        with _translated():
            return _response(self._server.respond(_sent(request), _timeout(request)))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the answer; a call that may wait runs in a thread, so that the event loop is not blocked."""
        await request.aread()
        respond = partial(self._server.respond, _sent(request), _timeout(request))
        with _translated():
            return _response(await _in_thread(respond) if self._server.may_wait else respond())


class Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that is read in pieces, as a fault sends it."""

    def __init__(self, response: Response) -> None:
        self._response = response
        self._expected = response.length
        self._received = 0

    def __iter__(self) -> Iterator[bytes]:
        while piece := self._read():
            yield piece

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while piece := await _in_thread(self._read):
            yield piece

    def _read(self) -> bytes:
        with _translated():
            piece = self._response.read1(PIECE)
        self._received += len(piece)
        if not piece and self._expected is not None and self._received < self._expected:
            counts = f"(received {self._received} bytes, expected {self._expected})"
            raise httpx.RemoteProtocolError(f"peer closed connection without sending complete message body {counts}")
        return piece

    def close(self) -> None:
        """Close the response."""
        self._response.close()

    async def aclose(self) -> None:
        """Close the response."""
        self._response.close()


def _sent(request: httpx.Request) -> Sent:
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw]
    return Sent(request.method, request.url.raw_path.decode("ascii"), headers, request.content, request.url.scheme)


def _timeout(request: httpx.Request) -> float | None:
    seconds: float | None = request.extensions.get("timeout", {}).get("read")
    return seconds


def _response(response: Response) -> httpx.Response:
    stream = httpx.ByteStream(response.read()) if response.whole else Body(response)
    extensions = {"http_version": b"HTTP/1.1", "reason_phrase": response.reason.encode("latin-1")}
    return httpx.Response(response.status, headers=response.getheaders(), stream=stream, extensions=extensions)


async def _in_thread(function: Callable[[], T]) -> T:
    # a cancelled task does not wait for the thread, which ends by itself
    return await to_thread.run_sync(function, abandon_on_cancel=True)


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """Raise exceptions of http.client as those of httpx, as httpcore maps them."""
    try:
        yield
    except ConnectionRefusedError as error:
        raise httpx.ConnectError(str(error)) from error
    except TimeoutError as error:
        raise httpx.ReadTimeout(str(error)) from error
    except http.client.HTTPException as error:  # no answer, or nothing that could be the head of one
        raise httpx.RemoteProtocolError("Server disconnected without sending a response.") from error
    except OSError as error:
        raise httpx.ReadError(str(error)) from error


def client(server: InProcess, base_url: str, **options: Any) -> httpx.Client:
    """Return a client that sends every request to the app; the options are those of `httpx.Client`."""
    return httpx.Client(**{"base_url": base_url, "transport": Transport(server), **options})


def async_client(server: InProcess, base_url: str, **options: Any) -> httpx.AsyncClient:
    """Return the same as an `httpx.AsyncClient`."""
    return httpx.AsyncClient(**{"base_url": base_url, "transport": Transport(server), **options})
