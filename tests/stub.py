"""A server that answers what a test says: for what ours never does."""

from __future__ import annotations

import http.server
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Any

# a key of nobody and its certificate for localhost, signed by itself
CERTIFICATE = Path(__file__).parent / "self_signed.pem"


class Silence(Enum):
    """No answer, and the connection: open until the client gives up, or closed at once."""

    HELD = "held"
    CLOSED = "closed"


Answer = tuple[int, dict[str, str], bytes] | Silence


class Stub(http.server.ThreadingHTTPServer):
    """Gives the answers in order, the last one for ever: `(status, headers, body)`, or what it does without one."""

    daemon_threads = True

    def __init__(self, *answers: Answer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers = list(answers)
        self.requests: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients hang up here, as they should."""


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Stub
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.requests.append(self.path)
        answers = self.server.answers
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Silence):
            if answer is Silence.HELD:
                self.rfile.read(1)  # there is one when the client gives up: the end
            self.close_connection = True
            return
        status, headers, body = answer
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:
        """No line for each request."""


@contextmanager
def stub(*answers: Answer, tls: bool = False) -> Iterator[Stub]:
    """A stub while the block runs."""
    server = Stub(*answers)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
