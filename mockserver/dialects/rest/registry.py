"""The registry of REST add-ons.

To add one, write its folder with a subclass of `RestDialect`, and name the class in `DIALECTS`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from mockserver.dialects.rest.dialect import RestDialect
from mockserver.dialects.rest.flectra_rest import FlectraRest
from mockserver.dialects.rest.muk_rest import MukRest
from mockserver.dialects.rest.odoo_rest_api import OdooRestApi
from mockserver.profiles import Profile

DIALECTS: tuple[type[RestDialect], ...] = (
    MukRest,
    FlectraRest,
    OdooRestApi,
)


class UnknownFlavour(ValueError):
    """No REST add-on has that name; the text suggests a similar one."""

    def __init__(self, name: object) -> None:
        near = difflib.get_close_matches(str(name), names(), n=1, cutoff=0.3)
        hint = f"; did you mean {near[0]}?" if near else ""
        super().__init__(f"unknown REST add-on {name!r}{hint} (known: {', '.join(names())}; none, all)")


def names() -> list[str]:
    """Return the names of all REST add-ons."""
    return [dialect.name for dialect in DIALECTS]


def select(choice: str | Iterable[str] | None, profile: Profile) -> tuple[type[RestDialect], ...]:
    """Return the REST add-ons that a server has; the first one is the default for ambiguous requests.

    `choice`: None for the profile's own, `none`, `all`, a name or several.  Raises `UnknownFlavour`.
    """
    given = profile.rest_flavour if choice is None else choice
    wanted = [given] if isinstance(given, str) else list(given)
    if wanted in (["none"], []):
        return ()
    known = names()
    if wanted == ["all"]:
        wanted = sorted(known, key=lambda name: name != profile.rest_flavour)
    for name in wanted:
        if name not in known:
            raise UnknownFlavour(name)
    return tuple(DIALECTS[known.index(name)] for name in dict.fromkeys(wanted))
