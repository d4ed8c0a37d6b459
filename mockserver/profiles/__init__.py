"""What differs between products and versions, in tables; the only package that compares versions.

A profile names a server, such as `odoo-17.0`: a product, in a version, of a generation whose rules it
follows (`rules/`).
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Container
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

from mockserver.profiles.generations import FIRST, class_name, offered, overlap
from mockserver.profiles.rules import Rules, rules
from mockserver.profiles.session_keys import CLOUDOFFIX, FLECTRA, keys

__all__ = [
    "DEFAULT", "FIRST", "GENERATIONS", "LAST", "PROFILES", "Profile", "Rules", "UnknownProfile", "class_name", "get",
    "odoo", "offered", "overlap", "rules", "span_text",
]  # fmt: skip


class UnknownProfile(ValueError):
    """No profile has that name; the text offers the nearest ones."""

    def __init__(self, name: str) -> None:
        near = difflib.get_close_matches(name, PROFILES, n=3, cutoff=0.3)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        super().__init__(f"unknown profile {name!r}{hint} (known: {', '.join(PROFILES)})")


@dataclass(frozen=True)
class Profile:
    """One product in one version.

    `generation` is the Odoo major version whose rules it follows.  `brand` is the name in error messages
    ("Odoo Server Error"); `package` is the root of dotted class names (`odoo.exceptions.UserError`).
    """

    name: str
    server_version: str
    version_info: tuple[Any, ...]
    generation: int
    brand: str = "Odoo"
    package: str = "odoo"
    superuser_id: int = 1
    known_from: str = "the source of Odoo"
    # what this product has in addition to its generation: keys of the session information, API keys, the page of demos
    more_session_keys: tuple[str, ...] = ()
    own_api_keys: bool = False
    starts_demos: bool = False
    # whether fields_get gives a `help` for each field of the base pack
    help_texts: bool = False
    # whether every user may use a custom model for which there are no access rights
    custom_models_open: bool = False
    # whether search_read called with the arguments of `search` (a number in place of the fields) is a search
    search_read_searches: bool = False
    id_label: str = "ID"
    # this product's error text for a missing right on a model, where it differs from that of its generation; a
    # template as `Refusals.model` is
    own_model_refusal: str = ""
    # the REST add-on of this product, where it differs from that of its generation
    own_rest_flavour: str = ""
    demo: bool = True  # whether databases have demonstration data

    def with_demo(self, demo: bool) -> Profile:
        """Return the same profile with or without demonstration data in its databases."""
        return self if demo is self.demo else replace(self, demo=demo)

    @property
    def product(self) -> str:
        """The name of the product: `odoo`, `flectra`, `cloudoffix`."""
        return self.name.rpartition("-")[0]

    @cached_property
    def rules(self) -> Rules:
        """The rules of its generation, with what the profile has of its own."""
        return rules(self.generation, self.name)

    @property
    def error_code(self) -> int:
        """Code of a JSON-RPC error."""
        return self.rules.error_code

    session_expired_code: ClassVar[int] = 100

    @property
    def admin_id(self) -> int:
        """Id of the administrator's user."""
        return self.rules.admin_id

    @property
    def api_keys(self) -> bool:
        """Whether an API key is accepted in place of the password."""
        return self.own_api_keys or self.rules.api_keys

    @property
    def rest_flavour(self) -> str:
        """The name of the REST add-on that is served by default."""
        return self.own_rest_flavour or self.rules.rest_flavour

    def session_info_keys(
        self, *, internal: bool = True, system: bool = True, models: Container[str] = ()
    ) -> tuple[str, ...]:
        """Return the keys of the session information of an administrator, an internal user, or another.

        `models` are those of the database, some of which bring keys along.
        """
        return keys(self.generation, self.more_session_keys, internal=internal, system=system, models=models)

    @property
    def session_seconds(self) -> int:
        """Seconds that a session cookie lives."""
        return self.rules.session_days * 24 * 3600

    def version(self) -> dict[str, Any]:
        """Return the answer of `common.version()`.  Source: versions.md §4.1, recorded in core-errors."""
        return {
            "server_version": self.server_version,
            "server_version_info": list(self.version_info),
            "server_serie": self.server_version,
            "protocol_version": 1,
        }


def _profile(name: str, version: str, generation: int, brand: str = "Odoo", **differences: Any) -> Profile:
    major, minor = map(int, version.split("."))
    info = differences.pop("version_info", (major, minor, 0, "final", 0, ""))
    return Profile(name, version, info, generation, brand, brand.lower(), **differences)


def odoo(major: int, **differences: Any) -> Profile:
    """Return the profile of an Odoo major version; without rules of its own it behaves as the version before."""
    return _profile(f"odoo-{major}.0", f"{major}.0", major, **differences)


DEFAULT = "odoo-17.0"
_FLECTRA_REST = "flectra_rest"
_RECORDED = "recordings of a real server"
_DOCUMENTED = "the document of its API"
_INFERRED = "announcements and notes; none recorded"

PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (
        odoo(11, known_from=_RECORDED),
        odoo(12, known_from=_RECORDED),
        odoo(13, known_from=_RECORDED),
        odoo(14, known_from=_RECORDED),
        odoo(15, known_from=_RECORDED),
        odoo(16, known_from=_RECORDED),
        odoo(17, known_from=_RECORDED),
        odoo(18, known_from=_RECORDED),
        odoo(19, known_from=_RECORDED),
        odoo(20, known_from=_INFERRED),
        # recorded in core-errors (1.6); versions.md §0
        _profile(
            "flectra-1.6",
            "1.6",
            11,
            "Flectra",
            more_session_keys=FLECTRA,
            starts_demos=True,
            own_model_refusal="{head} {groups}\n\n(Document model: {model})",  # recorded with the REST routes (1.6)
            own_rest_flavour=_FLECTRA_REST,
            known_from=_RECORDED,
        ),
        # as its external API document prints; versions.md §0
        _profile(
            "flectra-2.0",
            "13.0",
            13,
            "Flectra",
            version_info=(13, 0, 0, "final", 0),
            own_api_keys=True,
            starts_demos=True,
            help_texts=True,
            id_label="Id",
            custom_models_open=True,
            own_rest_flavour=_FLECTRA_REST,
            known_from=_DOCUMENTED,
        ),
        # as the document of its API prints
        _profile(
            "cloudoffix-11.0",
            "11.0",
            11,
            more_session_keys=CLOUDOFFIX,
            search_read_searches=True,
            known_from=_DOCUMENTED,
        ),
    )
}
GENERATIONS = tuple(sorted({profile.generation for profile in PROFILES.values()}))
LAST = GENERATIONS[-1]


def span_text(having: Collection[int]) -> str:
    """Return the span from the first to the last of these generations, such as `from Odoo 13.0 to 16.0`."""
    first, last = min(having), max(having)
    if first == FIRST:
        return f"until Odoo {last}.0" if last != LAST else "in every version"
    if last == LAST:
        return f"from Odoo {first}.0 on"
    return f"in Odoo {first}.0 only" if first == last else f"from Odoo {first}.0 to {last}.0"


def get(name: str) -> Profile:
    """Return the profile of that name; raises `UnknownProfile`."""
    try:
        return PROFILES[name]
    except KeyError:
        raise UnknownProfile(name) from None
