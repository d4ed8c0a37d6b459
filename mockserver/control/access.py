"""Access to the control API: for programs and browsers of this machine, never for a page of another origin.

A page of any site can send requests to 127.0.0.1.  A foreign page is recognised by `Origin` or `Sec-Fetch-Site`; one
whose own host name resolves to 127.0.0.1 (DNS rebinding) by `Host`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mockserver.control.answers import Refusal
from mockserver.server.loopback import is_loopback
from mockserver.services.call import printable

_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:\d{1,5})?", re.IGNORECASE)
_FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP")


def check(environ: Mapping[str, Any], page: str) -> None:
    """Raise Refusal for a request from another machine or origin; a link to the path of the page is allowed."""
    if not is_loopback(environ.get("REMOTE_ADDR", "")) or any(name in environ for name in _FORWARDED):
        raise Refusal(403, "the control API answers requests of this machine only, and none through a proxy")
    host = environ.get("HTTP_HOST", "")
    if not _is_local(host):
        raise Refusal(403, f"Host is {printable(host)!r}: the control API answers to localhost and 127.0.0.1 only")
    own = f"{environ.get('wsgi.url_scheme', 'http')}://{host}".lower()
    origin = environ.get("HTTP_ORIGIN")
    if origin is not None and origin.lower() != own:
        raise Refusal(403, f"Origin is {printable(origin)!r}: the control API answers its own page only, at {own}")
    site = environ.get("HTTP_SEC_FETCH_SITE", "none")
    followed = environ.get("HTTP_SEC_FETCH_MODE") == "navigate" and environ.get("PATH_INFO") == page
    if site not in ("same-origin", "none") and not (followed and environ["REQUEST_METHOD"] == "GET"):
        raise Refusal(403, f"the request comes from a page of another origin ({printable(site)})")


def _is_local(host: str) -> bool:
    found = _HOST.fullmatch(host)
    if found is None:
        return False
    name = found["name"].lower()
    # browsers resolve these to the loopback themselves
    return name == "localhost" or name.endswith(".localhost") or is_loopback(name.strip("[]"))
