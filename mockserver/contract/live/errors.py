"""What can be wrong with a live server: one class a cause, each a line that says what to do; no secret in any."""

from __future__ import annotations


class LiveError(Exception):
    """A live server could not be used, or refused the call; the text is one line."""

    def __init__(self, message: str) -> None:
        super().__init__(visible(" ".join(message.split())))


class Unreachable(LiveError):
    """Nothing answers there: no such host, refused, or the connection broke."""


class TlsError(LiveError):
    """The connection is not safe: an untrusted or expired certificate, or no TLS at all."""


class TimedOut(LiveError):
    """The server did not answer in time."""


class Unavailable(LiveError):
    """The server says that it cannot answer now (429 or 503); `retry_after` in seconds, if it named any."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NotOdoo(LiveError):
    """Something answers, but not with what the protocol says: another server, a proxy's page, a redirect."""


class WrongLogin(LiveError):
    """The server does not accept the login, the password or the API key, or has no such database."""


class RemoteError(LiveError):
    """The call raised an error on the server.

    `name` is the class as the server tells it, such as `odoo.exceptions.AccessError` (over XML-RPC, which tells
    none, what its fault code or traceback says); `message` the text as it came, lines and all; `code` the fault
    code, the code of the JSON-RPC error or the HTTP status.
    """

    def __init__(self, name: str, message: str, code: int | str | None = None) -> None:
        super().__init__(f"{name}: {message}" if message else name)
        self.name = name
        self.message = message
        self.code = code


def visible(text: str) -> str:
    """The text in one line, with nothing that a terminal would obey: `⏎`, and `\\x1b` for other such characters."""
    if text.isprintable():
        return text
    text = text.replace("\n", "⏎")
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
