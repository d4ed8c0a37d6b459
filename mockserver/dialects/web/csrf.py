"""The token that proves that a form was sent by a page of the same session.

It is derived from the session id, so a visitor who is not logged in has one too.
Source: versions.md §1.3; recorded in web-session, attach-images (17.0).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

from werkzeug.exceptions import BadRequest

from mockserver.dialects import Request

FIELD = "csrf_token"
INVALID = "Session expired (invalid CSRF token)"
_WITHOUT_TOKEN = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def token(sid: str) -> str:
    """Return the token of a session."""
    return f"{hashlib.sha1(f'csrf {sid}'.encode()).hexdigest()}o0"


def check(request: Request, sid: str, values: Mapping[str, str]) -> None:
    """Raise werkzeug's BadRequest if the request changes something and the form has no valid token."""
    if request.method in _WITHOUT_TOKEN:
        return
    given = values.get(FIELD, "").encode("utf-8", "replace")
    if not (sid and hmac.compare_digest(given, token(sid).encode())):
        raise BadRequest(INVALID)
