"""Access to the control API: for programs and browsers of this machine, or for everybody who has the server's token.

A page of any site can send requests to 127.0.0.1.  A foreign page is recognised by `Origin` or `Sec-Fetch-Site`; one
whose own host name resolves to 127.0.0.1 (DNS rebinding) by `Host`.  A token stops both, because no browser adds it to
a request by itself.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Mapping
from typing import Any

from mockserver.control.answers import Refusal
from mockserver.server.loopback import is_loopback
from mockserver.services.call import printable

_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?", re.IGNORECASE)
_TOKEN = re.compile(r"[!-~]+")  # what a header can hold: ASCII without spaces
_FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP")
_SCHEME = "bearer"
_CHALLENGE = (("WWW-Authenticate", 'Bearer realm="mockserver"'),)


class Access:
    """Who may use the control API of a server.

    `token`: what requests must send as `Authorization: Bearer`; if None, only this machine is answered, under local
    names and `hosts`.  Raises ValueError for a token that no header can hold, and for a name that no host can have.
    """

    def __init__(self, token: str | None = None, hosts: Iterable[str] = ()) -> None:
        if token is not None and not _TOKEN.fullmatch(token):
            raise ValueError("the control token is a text of printable ASCII characters without spaces, and not empty")
        self._token = token
        self._hosts = {_checked(host) for host in hosts}

    def check(self, environ: Mapping[str, Any], page: str) -> None:
        """Raise Refusal for a request that may not be answered; a link to the path of the page is allowed."""
        if self._token is None:
            self._check_machine(environ)
            _check_origin(environ, page)
        elif environ.get("PATH_INFO", "") not in (page, page.rstrip("/")):  # which asks for the token and has no data
            _check_token(environ, self._token)

    def _check_machine(self, environ: Mapping[str, Any]) -> None:
        if not is_loopback(environ.get("REMOTE_ADDR", "")) or any(name in environ for name in _FORWARDED):
            raise Refusal(
                403,
                "the control API answers requests of this machine only, and none through a proxy; "
                "for others start the server with a control token (serve --control-token)",
            )
        host = environ.get("HTTP_HOST", "")
        if not self._is_known(host):
            names = ", ".join(["localhost and 127.0.0.1", *sorted(self._hosts)])
            raise Refusal(
                403,
                f"Host is {printable(host)!r}: the control API answers to {names} only; "
                "serve --allow-host permits further names",
            )

    def _is_known(self, host: str) -> bool:
        found = _HOST.fullmatch(host)
        if found is None:
            return False
        name = found["name"].lower()
        # browsers resolve `localhost` and the names below it to the loopback themselves
        local = name == "localhost" or name.endswith(".localhost") or is_loopback(name.strip("[]"))
        return local or name in self._hosts


def _checked(host: str) -> str:
    found = _HOST.fullmatch(host)
    if found is None or found[2]:
        raise ValueError(f"allowed host {host!r}: a host is a name such as odoo.test, without scheme and port")
    return found["name"].lower()


def _check_token(environ: Mapping[str, Any], token: str) -> None:
    """Raise Refusal unless the request has the token; how long the comparison takes does not tell how much is right."""
    scheme, _, given = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != _SCHEME or not given.strip():
        raise Refusal(401, "the control API of this server needs its token: Authorization: Bearer TOKEN", _CHALLENGE)
    if not hmac.compare_digest(given.strip().encode("utf-8", "surrogatepass"), token.encode()):
        raise Refusal(401, "the token is not the control token of this server", _CHALLENGE)


def _check_origin(environ: Mapping[str, Any], page: str) -> None:
    own = f"{environ.get('wsgi.url_scheme', 'http')}://{environ.get('HTTP_HOST', '')}".lower()
    origin = environ.get("HTTP_ORIGIN")
    if origin is not None and origin.lower() != own:
        raise Refusal(403, f"Origin is {printable(origin)!r}: the control API answers its own page only, at {own}")
    site = environ.get("HTTP_SEC_FETCH_SITE", "none")
    followed = environ.get("HTTP_SEC_FETCH_MODE") == "navigate" and environ.get("PATH_INFO") == page
    if site not in ("same-origin", "none") and not (followed and environ["REQUEST_METHOD"] == "GET"):
        raise Refusal(403, f"the request comes from a page of another origin ({printable(site)})")
