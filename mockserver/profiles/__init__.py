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

__all__ = [
    "DEFAULT", "FIRST", "LAST", "PROFILES", "Profile", "Rules", "UnknownProfile", "get", "offered", "overlap",
]  # fmt: skip

# Recorded in core-envelope (17.0), step 21: every key of the session information, sorted.
SESSION_INFO_17 = (
    "active_ids_limit", "bundle_params", "cache_hashes", "currencies", "db", "display_switch_company_menu",
    "home_action_id", "iap_company_enrich", "is_admin", "is_internal_user", "is_public",
    "is_quick_edit_mode_enabled", "is_system", "max_file_upload_size", "name", "notification_type",
    "odoobot_initialized", "partner_display_name", "partner_id", "profile_collectors", "profile_params",
    "profile_session", "server_version", "server_version_info", "show_effect", "support_url", "tour_disable",
    "uid", "user_companies", "user_context", "user_id", "user_settings", "username", "web.base.url",
    "web_tours", "websocket_worker_version",
)  # fmt: skip


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
    def session_info_keys(self) -> tuple[str, ...]:
        """Keys of the session information."""
        return SESSION_INFO_17

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

PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (
        *(_profile(f"odoo-{major}.0", f"{major}.0", major) for major in range(11, 20)),
        # recorded in core-errors (1.6); versions.md §0
        _profile("flectra-1.6", "1.6", 11, "Flectra"),
        # as its external API document prints; versions.md §0
        _profile("flectra-2.0", "13.0", 13, "Flectra", version_info=(13, 0, 0, "final", 0)),
        # as the document of its API prints
        _profile("cloudoffix-11.0", "11.0", 11),
    )
}


def get(name: str) -> Profile:
    """The profile of that name; raises `UnknownProfile`."""
    try:
        return PROFILES[name]
    except KeyError:
        raise UnknownProfile(name) from None
