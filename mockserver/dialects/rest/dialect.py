"""The common ground of the REST add-ons: where each is mounted, and how it tells a request of its own.

Source: rest-collisions §3, §4.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from enum import IntEnum
from typing import ClassVar, NoReturn

from werkzeug.http import parse_cookie

from mockserver import errors
from mockserver.dialects import Request, Route
from mockserver.dialects.web.session import COOKIE, SessionDialect


class Evidence(IntEnum):
    """By what a request shows that it is for an add-on, from the weakest to the strongest."""

    NONE = 0
    SESSION = 1  # the cookie of a session that the add-on knows its clients by
    PARAMETERS = 2  # names in the query string
    BODY = 3  # the kind of body
    DEPTH = 4  # a path of more parts than others have
    HEADER = 5  # a header that no other reads
    PATH = 6  # a path that is no other's


class RestDialect(SessionDialect):
    """Base of the REST add-ons.  `routes` are those of the add-on; they are mounted below `/<name>`.

    A request of the natural path gets there by `RestRouter`; `Request.path` stays what the client sent.
    `roots` are the first parts of the natural paths, `packs` the fixtures with the tables that the add-on brings.
    """

    roots: ClassVar[tuple[str, ...]] = ("api",)
    packs: ClassVar[tuple[str, ...]] = ()

    def offered(self) -> list[Route]:
        """Return the routes, below the add-on's own prefix."""
        return [replace(route, rule=f"/{self.name}{route.rule}") for route in super().offered()]

    def recognises(self, request: Request) -> Evidence:
        """Return the strongest sign in a request below one of the `roots` that it is for this add-on and not for
        another.

        It is asked where several add-ons are served and the path may be of any of them.
        """
        sid = parse_cookie(request.environ).get(COOKIE, "")
        return Evidence.SESSION if sid and self.owns_session(sid) else Evidence.NONE

    def owns_session(self, sid: str) -> bool:
        """Return whether this session was opened by the add-on's own login, and is what it knows a client by."""
        return False

    def refuse_json(self, request: Request) -> NoReturn:
        """Return what the framework makes of JSON that comes to a plain route, whatever it says.

        Raises the `BadRequest` that is answered as a JSON-RPC error, or what `params` raises for no JSON and for
        what is no object.  Source: rest-muk §1, rest-flectra §1 and their recordings.
        """
        with contextlib.suppress(TypeError, ValueError, RecursionError):
            self.params(request)
        raise errors.BadRequest()


def path_parts(request: Request) -> list[str]:
    """Return the parts of the path, the root first."""
    return [part for part in request.path.split("/") if part]
