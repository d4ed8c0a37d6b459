"""The REST add-ons' common ground: where each is mounted, and which one answers a path that all of them know.

Source: rest-collisions §3, §4.
"""

from __future__ import annotations

import contextlib
import difflib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import ClassVar, NoReturn

from werkzeug.http import parse_cookie

from mockserver import errors
from mockserver.dialects import JSON_TYPES, Request, Route
from mockserver.dialects.web.form import FORM_TYPES, query
from mockserver.dialects.web.session import COOKIE, SessionDialect
from mockserver.profiles import REST_FLAVOURS, Profile

# the first segment after /api of muk_rest's routes, which no model is named like
MUK_WORDS = {
    "authenticate", "life", "refresh", "close", "search", "read", "create", "write", "unlink", "call", "report",
    "binary", "database", "change_master_password",
}  # fmt: skip
_WRITING = ("POST", "PUT")


class UnknownFlavour(ValueError):
    """No REST add-on has that name; the text offers the nearest one."""

    def __init__(self, name: object) -> None:
        near = difflib.get_close_matches(str(name), REST_FLAVOURS, n=1, cutoff=0.3)
        hint = f"; did you mean {near[0]}?" if near else ""
        known = ", ".join(REST_FLAVOURS)
        super().__init__(f"unknown REST flavour {name!r}{hint} (known: {known}; none, all)")


def flavours(chosen: str | Iterable[str] | None, profile: Profile) -> tuple[str, ...]:
    """The names of the REST add-ons that a server has; the first one answers where nothing tells them apart.

    `chosen`: None for the profile's natural one, `none`, `all`, a name or several.  Raises `UnknownFlavour`.
    """
    if chosen is None:
        return (profile.rest_flavour,)
    names = [chosen] if isinstance(chosen, str) else list(chosen)
    if names in (["none"], []):
        return ()
    if names == ["all"]:
        return tuple(sorted(REST_FLAVOURS, key=lambda name: name != profile.rest_flavour))
    for name in names:
        if name not in REST_FLAVOURS:
            raise UnknownFlavour(name)
    return tuple(dict.fromkeys(names))


class RestDialect(SessionDialect):
    """Base of the three.  `routes` are those of the add-on; they are mounted below `/<name>`.

    A request of the natural path gets there by `Placement`; `Request.path` stays what the client sent.
    """

    roots: ClassVar[tuple[str, ...]] = ("api",)
    # the fixture with the tables that the add-on brings
    packs: ClassVar[tuple[str, ...]] = ()

    def offered(self) -> list[Route]:
        """The routes, below the flavour's own prefix."""
        return [replace(route, rule=f"/{self.name}{route.rule}") for route in super().offered()]

    def refuse_json(self, request: Request) -> NoReturn:
        """What the framework makes of JSON that comes to a plain route, whatever it says.

        Raises the `BadRequest` that is answered as a JSON-RPC error, or what `params` raises for no JSON and for
        what is no object.  Source: rest-muk §1, rest-flectra §1 and their recordings.
        """
        with contextlib.suppress(TypeError, ValueError, RecursionError):
            self.params(request)
        raise errors.BadRequest()

    def made(self, sid: str) -> bool:
        """Whether this session was opened by the add-on's own login, and is what it knows a client by."""
        return False


class Placement:
    """Which flavour answers a natural path.  `dialects`: those that are served, the usual one first."""

    def __init__(self, dialects: Sequence[RestDialect]) -> None:
        self._dialects = {dialect.name: dialect for dialect in dialects}
        self._usual = dialects[0].name if dialects else ""
        self.several = len(dialects) > 1
        self._roots = {root for dialect in dialects for root in dialect.roots}

    def path(self, request: Request) -> str:
        """The path to look up: below a flavour's prefix, if it is one of REST; else as it came."""
        path = request.path
        if path[1:].partition("/")[0] not in self._roots:
            return path
        name = self._told(request) if self.several else self._usual
        return f"/{name}{path}"

    def _told(self, request: Request) -> str:
        """The flavour that the request shows signs of; the first sign counts."""
        for name in self._signs(request):
            if name in self._dialects:
                return name
        return self._usual

    def _signs(self, request: Request) -> Iterable[str]:
        root, first, *rest = [part for part in request.path.split("/") if part][:4] + [""] * 2
        if root != "api":
            yield "odoo_rest_api"
        if (first, rest[0]) in (("auth", "get_tokens"), ("auth", "delete_tokens")) and request.method == "POST":
            yield "flectra_rest"
        if not first or first in MUK_WORDS:
            yield "muk_rest"
        environ = request.environ
        if "HTTP_ACCESS_TOKEN" in environ:
            yield "flectra_rest"
        writes, kind = request.method in _WRITING, request.media_type
        if (writes and kind in JSON_TYPES) or (rest[1] if len(rest) > 1 else ""):
            yield "odoo_rest_api"
        names = query(request).keys()
        if (writes and kind in FORM_TYPES) or names & {"field", "filters"}:
            yield "flectra_rest"
        if names & {"query", "filter", "page", "page_size"}:
            yield "odoo_rest_api"
        sid = parse_cookie(environ).get(COOKIE, "")
        if sid:
            yield from (name for name, dialect in self._dialects.items() if dialect.made(sid))
