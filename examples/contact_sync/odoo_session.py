"""Odoo's web session: JSON-RPC with a log-in that is renewed, and patience with a server that is busy or away."""

from __future__ import annotations

import datetime
import email.utils
import time
from collections.abc import Callable
from typing import Any, TypeVar

import requests

T = TypeVar("T")

BUSY = (429, 502, 503, 504)
SESSION_EXPIRED = 100  # code of the error, in all versions
LOST = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)


class OdooError(Exception):
    """The server understood and refused; `name` is such as `odoo.exceptions.AccessError`."""

    def __init__(self, error: dict[str, Any]) -> None:
        data = error.get("data") or {}
        self.code = error.get("code")
        self.name = str(data.get("name", ""))
        super().__init__(data.get("message") or error.get("message") or "unknown error")


class LoginRefused(Exception):
    """A wrong database, login or password: to go on would only lock the account."""


class Busy(Exception):
    """The server, or a proxy before it, asked us to come back; `retry_after` is seconds, or None."""

    def __init__(self, answer: requests.Response) -> None:
        super().__init__(f"{answer.status_code} {answer.reason}")
        self.retry_after = _seconds(answer.headers.get("Retry-After"))


def _seconds(retry_after: str | None) -> float | None:
    """That header has a number or a date."""
    if retry_after is None:
        return None
    if retry_after.isdigit():
        return float(retry_after)
    try:
        moment = email.utils.parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max(0.0, moment.timestamp() - datetime.datetime.now().timestamp())


class Odoo:
    """A web session, opened when it is first needed and again when it has ended."""

    def __init__(
        self,
        url: str,
        db: str,
        login: str,
        password: str,
        *,
        attempts: int = 5,
        timeout: float = 30,
        http: requests.Session | None = None,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._url = url.rstrip("/")
        self._login = {"db": db, "login": login, "password": password}
        self._attempts = attempts
        self._timeout = timeout
        self._http = http or requests.Session()
        self._sleep = sleep
        self._uid: int | None = None

    def call(self, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        """What the method answers.  Raises OdooError or LoginRefused.

        Or `Busy` or one of `LOST`: then it may have been performed.
        """
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        if self._uid is None:
            self._log_in()
        try:
            return self._post("/web/dataset/call_kw", params)
        except OdooError as error:
            if error.code != SESSION_EXPIRED:
                raise
        self._log_in()
        return self._post("/web/dataset/call_kw", params)

    def patiently(self, step: Callable[[], T]) -> T:
        """What `step` gives, tried again while the server is busy or away.

        The answer of a call may be lost after the call was performed, so a step must be one that can be done twice.
        """
        for attempt in range(1, self._attempts):
            wait = 2.0 ** (attempt - 1)
            try:
                return step()
            except Busy as busy:
                wait = wait if busy.retry_after is None else busy.retry_after
            except LOST:
                pass
            self._sleep(wait)
        return step()

    def _log_in(self) -> None:
        try:
            self._uid = self._post("/web/session/authenticate", self._login)["uid"] or None
        except OdooError as error:
            raise LoginRefused(str(error)) from error
        if self._uid is None:  # how some versions say it
            raise LoginRefused("Access Denied")

    def _post(self, path: str, params: dict[str, Any]) -> Any:
        request: dict[str, Any] = {"jsonrpc": "2.0", "method": "call", "id": 1, "params": params}
        answer = self._http.post(self._url + path, json=request, timeout=self._timeout)
        if answer.status_code in BUSY:
            raise Busy(answer)
        answer.raise_for_status()
        body = answer.json()
        if "error" in body:
            raise OdooError(body["error"])
        return body["result"]
