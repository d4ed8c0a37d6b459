"""Errors of live servers, one class for each cause; messages are one line and hold no secret."""

from __future__ import annotations


class LiveError(Exception):
    """A live server could not be used, or refused the call; the message is one line."""

    def __init__(self, message: str) -> None:
        super().__init__(visible(" ".join(message.split())))


class Unreachable(LiveError):
    """The server cannot be reached: unknown host, connection refused or broken."""


class TlsError(LiveError):
    """The connection is not safe: an untrusted or expired certificate, or no TLS at all."""


class TimedOut(LiveError):
    """The server did not answer in time."""


class Unavailable(LiveError):
    """The server is busy (429 or 503); `retry_after` is the number of seconds that it named, if any."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NotOdoo(LiveError):
    """The answer is not one of the protocol: from another kind of server or a proxy, or a redirect."""


class WrongLogin(LiveError):
    """The server does not accept the login, the password or the API key, or has no such database."""


class RemoteError(LiveError):
    """The call raised an error on the server.

    `name` is the class, such as `odoo.exceptions.AccessError` (over XML-RPC derived from the fault code or the
    traceback); `message` the unchanged text, which may have several lines; `code` the fault code, the code of the
    JSON-RPC error or the HTTP status.
    """

    def __init__(self, name: str, message: str, code: int | str | None = None) -> None:
        super().__init__(f"{name}: {message}" if message else name)
        self.name = name
        self.message = message
        self.code = code


def visible(text: str) -> str:
    """Return the text in one line without control characters: `⏎` for a newline, escapes such as `\\x1b` for others."""
    if text.isprintable():
        return text
    text = text.replace("\n", "⏎")
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
