"""The base of the REST add-ons: where each is mounted, and how it recognises its requests.

Source: rest-collisions §3, §4.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from enum import IntEnum
from typing import ClassVar, NoReturn

from mockserver import errors
from mockserver.dialects import Request, Route
from mockserver.dialects.web.session import COOKIE, SessionDialect


class Evidence(IntEnum):
    """Evidence that a request is for an add-on, from the weakest to the strongest."""

    NONE = 0
    SESSION = 1  # the cookie of a session of an add-on that identifies its clients by session
    PARAMETERS = 2  # names in the query string
    BODY = 3  # the kind of body
    DEPTH = 4  # a path with more parts than other add-ons have
    HEADER = 5  # a header that no other add-on reads
    PATH = 6  # a path that no other add-on has


class RestDialect(SessionDialect):
    """Base of the REST add-ons.  `routes` are those of the add-on; they are mounted below `/<name>`.

    `RestRouter` sends requests for the add-on's own paths there; `Request.path` stays as the client sent it.
    `roots` are the first parts of these paths, `packs` the fixtures with the add-on's tables.
    """

    roots: ClassVar[tuple[str, ...]] = ("api",)
    packs: ClassVar[tuple[str, ...]] = ()

    def offered(self) -> list[Route]:
        """Return the routes, below the prefix of the add-on's name."""
        return [replace(route, rule=f"/{self.name}{route.rule}") for route in super().offered()]

    def recognises(self, request: Request) -> Evidence:
        """Return the strongest evidence that a request below one of the `roots` is for this add-on and not for another.

        Called if several add-ons with the same root are served.
        """
        sid = request.cookie(COOKIE)
        return Evidence.SESSION if sid and self.owns_session(sid) else Evidence.NONE

    def owns_session(self, sid: str) -> bool:
        """Return whether the session identifies a client of this add-on."""
        return False

    def refuse_json(self, request: Request) -> NoReturn:
        """Refuse JSON that was sent to a plain route, as the web framework does.

        Raises the `BadRequest` that is answered as a JSON-RPC error, or what `params` raises for a body that is
        not a JSON object.  Source: rest-muk §1, rest-flectra §1 and their recordings.
        """
        with contextlib.suppress(TypeError, ValueError, RecursionError):
            self.params(request)
        raise errors.BadRequest()


def path_parts(request: Request) -> list[str]:
    """Return the parts of the path."""
    return [part for part in request.path.split("/") if part]
