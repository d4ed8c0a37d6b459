"""Sends the webhooks of a server's automations, to this machine only unless others are allowed.

A receiver has a second to answer.  Differs: redirects and proxies are not followed.
"""

from __future__ import annotations

import http.client
from collections.abc import Callable
from contextlib import closing
from http import HTTPStatus
from urllib.parse import SplitResult, urlsplit

from mockserver.addons.base.webhooks import Webhook
from mockserver.server.listeners import Errors, Listeners, Stop
from mockserver.server.loopback import is_loopback

TIMEOUT = 1.0  # seconds
_TIMED_OUT = "timed out after 1 s: it may or may not have been received"
_REFUSED = "not sent: {host} is not this machine; allow_webhooks lets webhooks out"
_HEADERS = {"Content-Type": "application/json", "User-Agent": "mockserver"}

# called with a webhook and the function that sends it; it may do so or set the outcome itself
Around = Callable[[Webhook, Callable[[], None]], None]
Observer = Callable[[Webhook], object]


class Sender:
    """Sends webhooks in the thread of the call that caused them, after its transaction.

    `allowed`: whether they may leave this machine.  `around` stands in the place of the receiver, if it is set.
    """

    def __init__(self, errors: Errors) -> None:
        self.allowed = False
        self.around: Around | None = None
        self._errors = errors
        self._observers: Listeners[Observer] = Listeners()

    def observe(self, function: Observer) -> Stop:
        """Call a function with every webhook after it was sent, or not; return a function that ends that."""
        return self._observers.add(function)

    def deliver(self, webhook: Webhook) -> None:
        """Send a webhook and store the outcome in it; raises nothing."""
        try:
            if self.around is None:
                self._send(webhook)
            else:
                self.around(webhook, lambda: self._send(webhook))
        except Exception as error:  # a bug of ours, which must not change the answer to the client
            self._errors.append(error)
        self._observers.notify(self._errors, webhook)

    def _send(self, webhook: Webhook) -> None:
        try:
            url = urlsplit(webhook.url)
            host, port = url.hostname or "", url.port
        except ValueError as error:
            webhook.error = f"not sent: {error}"
            return
        if url.scheme not in ("http", "https") or not host:
            webhook.error = f"not sent: {webhook.url!r} is no URL of a web server"
        elif not (self.allowed or host == "localhost" or is_loopback(host)):
            webhook.error = _REFUSED.format(host=host)
        else:
            _request(webhook, url, host, port)


def _request(webhook: Webhook, url: SplitResult, host: str, port: int | None) -> None:
    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    try:
        with closing(kind(host, port, timeout=TIMEOUT)) as connection:
            connection.connect()
            webhook.sent = True
            connection.request("POST", target, webhook.body, _HEADERS)
            with closing(connection.getresponse()) as response:
                answered(webhook, response.status, response.reason)
    except TimeoutError:
        webhook.error = _TIMED_OUT
    except (OSError, http.client.HTTPException, ValueError) as error:
        webhook.error = f"{type(error).__name__}: {error}"


def answered(webhook: Webhook, status: int, reason: str | None = None) -> None:
    """Store the status of an answer; one from 400 is an error."""
    if not reason:
        reason = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""
    webhook.status, webhook.error = status, f"{status} {reason}".strip() if status >= 400 else ""


def timed_out(webhook: Webhook) -> None:
    """Store that there was no answer in time."""
    webhook.status, webhook.error = None, _TIMED_OUT
