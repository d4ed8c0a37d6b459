"""What differs between products and versions, as data; the only room that knows versions.

A profile names a server, such as `odoo-17.0`: a product, in a version, of a generation whose rules it
follows (`features.py`).
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from mockserver.profiles.features import FIRST, LAST
from mockserver.profiles.rules import Rules, offered, overlap, rules
from mockserver.profiles.session_keys import CLOUDOFFIX, keys

__all__ = [
    "DEFAULT", "FIRST", "LAST", "PROFILES", "Profile", "Rules", "UnknownProfile", "get", "offered", "overlap",
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

    `generation` is the Odoo major version whose rules it follows.  `brand` stands in error messages
    ("Odoo Server Error"); `package` is the root of dotted class names (`odoo.exceptions.UserError`).
    """

    name: str
    server_version: str
    version_info: tuple[Any, ...]
    generation: int
    brand: str = "Odoo"
    package: str = "odoo"
    superuser_id: int = 1
    admin_id: int = 2
    known_from: str = "the source of Odoo"
    # what this product has beyond its generation: keys of the session information, API keys, the page of demos
    more_session_keys: tuple[str, ...] = ()
    own_api_keys: bool = False
    starts_demos: bool = False
    # whether fields_get gives a `help` for each field of the base pack
    help_texts: bool = False
    # whether everybody uses a custom model for which no access right is given
    custom_models_open: bool = False
    # whether search_read called with the arguments of `search` (a number in place of the fields) is a search
    search_read_searches: bool = False
    id_label: str = "ID"
    # what this product says of a right on a model that a user has not, where it is not what its generation says;
    # with the places of `Refusals.model`
    own_model_refusal: str = ""
    # the REST add-on of this product, where it is not that of its generation
    own_rest_flavour: str = ""

    @property
    def product(self) -> str:
        """The product alone: `odoo`, `flectra`, `cloudoffix`."""
        return self.name.rpartition("-")[0]

    @cached_property
    def rules(self) -> Rules:
        """What this server does."""
        return rules(self.generation)

    @property
    def error_code(self) -> int:
        """Code of a JSON-RPC error."""
        return self.rules.error_code

    session_expired_code: ClassVar[int] = 100

    @property
    def api_keys(self) -> bool:
        """Whether an API key does in place of the password."""
        return self.own_api_keys or self.rules.api_keys

    @property
    def rest_flavour(self) -> str:
        """The name of the REST add-on that such a server has."""
        return self.own_rest_flavour or self.rules.rest_flavour

    def session_info_keys(self, *, internal: bool = True) -> tuple[str, ...]:
        """Keys of the session information that an internal user, or another, is told."""
        return keys(self.generation, self.more_session_keys, internal=internal)

    @property
    def session_seconds(self) -> int:
        """Seconds that a session cookie lives."""
        return self.rules.session_days * 24 * 3600

    def version(self) -> dict[str, Any]:
        """The answer of `common.version()`.  Source: versions.md §4.1, recorded in core-errors."""
        return {
            "server_version": self.server_version,
            "server_version_info": list(self.version_info),
            "server_serie": self.server_version,
            "protocol_version": 1,
        }


def _profile(name: str, version: str, generation: int, brand: str = "Odoo", **differences: Any) -> Profile:
    major, minor = map(int, version.split("."))
    # the administrator is the superuser until 11; Source: versions.md §5
    admin = 1 if generation == 11 else 2
    info = differences.pop("version_info", (major, minor, 0, "final", 0, ""))
    return Profile(name, version, info, generation, brand, brand.lower(), admin_id=admin, **differences)


DEFAULT = "odoo-17.0"
_FLECTRA_REST = "flectra_rest"
_RECORDED = "recordings of a real server"
_DOCUMENTED = "the document of its API"
_KNOWN_FROM = dict.fromkeys((15, 17, 18, 19), _RECORDED)  # of the majors of Odoo

PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (
        *(
            _profile(f"odoo-{major}.0", f"{major}.0", major, known_from=_KNOWN_FROM.get(major, "the source of Odoo"))
            for major in range(FIRST, LAST + 1)
        ),
        # recorded in core-errors (1.6); versions.md §0
        _profile(
            "flectra-1.6",
            "1.6",
            11,
            "Flectra",
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


def get(name: str) -> Profile:
    """The profile of that name; raises `UnknownProfile`."""
    try:
        return PROFILES[name]
    except KeyError:
        raise UnknownProfile(name) from None
