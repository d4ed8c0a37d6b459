"""The HTTP server for one WSGI callable: sockets, threads, start and stop."""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from werkzeug.serving import ThreadedWSGIServer

from mockserver.dialects import MAX_BODY
from mockserver.server.handler import KeepAliveHandler
from mockserver.server.loopback import listening

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

STOP_SECONDS = 2.0  # how long `stop` waits for running calls
POLL_SECONDS = 0.01  # how often the accept loop checks whether to stop
MAX_CONNECTIONS = 500  # at a time, each with a thread and a file; many systems allow a process 1,024 files


class CannotListen(OSError):
    """The address cannot be used: in use, not of this machine, or invalid; the text names host and port."""

    def __init__(self, host: str, port: int, cause: Exception) -> None:
        reason = getattr(cause, "strerror", None) or str(cause)
        super().__init__(getattr(cause, "errno", None), f"cannot listen on {_netloc(host, port)}: {reason}")

    def __str__(self) -> str:
        return str(self.args[1])


class KeepAliveServer(ThreadedWSGIServer):
    """One WSGI callable on one listening socket, a thread for each connection.

    The socket listens as soon as the object exists: a client that connects before `start` waits, and so does one that
    connects while `MAX_CONNECTIONS` are open.
    `errors` has the exceptions raised by the app, in order.  Raises `CannotListen`.
    """

    max_body = MAX_BODY

    def __init__(self, app: WSGIApplication, host: str = "127.0.0.1", port: int = 0) -> None:
        self.errors: list[BaseException] = []
        self._connections: dict[socket.socket, threading.Thread] = {}
        self._connections_lock = threading.Lock()
        self._places = threading.Semaphore(MAX_CONNECTIONS)
        self._accepting = False
        self._thread: threading.Thread | None = None
        self.stopping = False  # then each connection is closed after its present answer
        self._date = (0, "")
        try:
            host = listening(host)
        except ValueError as error:
            raise CannotListen(host, port, error) from None
        # werkzeug prints and exits when the port is taken, so the socket is bound here
        listener = _listening_socket(host, port, self.request_queue_size)
        try:
            super().__init__(host, listener.getsockname()[1], app, KeepAliveHandler, fd=listener.fileno())
        finally:
            listener.close()

    @property
    def url(self) -> str:
        """The address, such as `http://127.0.0.1:8069`, without a slash at the end."""
        return f"http://{_netloc(self.host, self.port)}"

    @property
    def alive(self) -> bool:
        """Whether it listens and accepts connections."""
        return self._thread is not None and self._thread.is_alive() and self.socket.fileno() != -1

    def start(self) -> None:
        """Accept connections in a daemon thread."""
        self._accepting = True
        self._thread = threading.Thread(
            target=self.serve_forever, args=(POLL_SECONDS,), name=f"mockserver {self.port}", daemon=True
        )
        self._thread.start()

    def stop(self, seconds: float | None = None) -> None:
        """Stop accepting, complete the answers that are in progress, and close every connection.

        Wait that long for calls that are running, `STOP_SECONDS` by default; then their connections are cut.
        """
        self._stop_accepting()
        self.stopping = True
        if sys.platform != "win32":  # there it would not wake a thread that waits for a request
            self._close_connections(socket.SHUT_RD, STOP_SECONDS if seconds is None else seconds)
        self._close_connections(socket.SHUT_RDWR, STOP_SECONDS)

    def pause(self) -> None:
        """Stop like `stop`, but keep the port for `resume`: connections are refused meanwhile."""
        self._stop_accepting()
        # a socket that is bound but does not listen refuses connections and reserves its port
        self.socket = _bound_socket(self.host, self.port)
        self._close_connections(socket.SHUT_RDWR, STOP_SECONDS)

    def resume(self) -> None:
        """Accept connections again, after `pause`."""
        if self._thread is None:
            self.socket.listen(self.request_queue_size)
            self.start()

    def _stop_accepting(self) -> None:
        self._accepting = False
        if self._thread is not None:
            self.shutdown()
            self._thread.join()
            self._thread = None
        self.server_close()

    def _close_connections(self, how: int, seconds: float) -> None:
        """Close the connections, or only the way of further requests, and wait for their threads to end."""
        with self._connections_lock:
            connections = dict(self._connections)
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(how)
        deadline = time.monotonic() + seconds
        for thread in connections.values():
            if thread is not threading.current_thread():
                thread.join(max(0.0, deadline - time.monotonic()))

    def process_request(self, request: Any, client_address: Any) -> None:
        """Start a thread for the connection when there is a place for it, and store both for `stop`."""
        while not self._places.acquire(timeout=POLL_SECONDS):
            if not self._accepting:
                self.shutdown_request(request)
                return
        thread = threading.Thread(target=self._serve, args=(request, client_address), daemon=True)
        with self._connections_lock:
            try:
                thread.start()  # RuntimeError where the machine has no more threads
            except BaseException:
                self._places.release()
                raise
            self._connections[request] = thread

    def _serve(self, request: Any, client_address: Any) -> None:
        try:
            self.process_request_thread(request, client_address)
        finally:
            with self._connections_lock:
                del self._connections[request]
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Add an error raised outside of the app to `errors`, unless the client disconnected."""
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, (ConnectionError, TimeoutError)):
            self.errors.append(error)

    def date(self) -> str:
        """Return the `Date` header for the current second."""
        now = int(time.time())
        if self._date[0] != now:
            self._date = (now, time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(now)))
        return self._date[1]


def _listening_socket(host: str, port: int, backlog: int) -> socket.socket:
    listener = _bound_socket(host, port)
    try:
        listener.listen(backlog)
    except OSError as error:
        listener.close()
        raise CannotListen(host, port, error) from None
    return listener


def _bound_socket(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":  # there it would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        raise CannotListen(host, port, error) from None
    return listener


def _netloc(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
