"""What differs between products and versions, as data; the only module that knows versions.

A profile names a server, such as `odoo-17.0`.  Each entry's source is stated beside it.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import Any

# Recorded in core-envelope (17.0), step 21: every key of the session information, sorted.
_SESSION_INFO_17 = (
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

    `brand` stands in error messages ("Odoo Server Error"); `package` is the root of dotted class
    names (`odoo.exceptions.UserError`).
    """

    name: str
    server_version: str
    version_info: tuple[Any, ...]
    brand: str = "Odoo"
    package: str = "odoo"
    superuser_id: int = 1
    admin_id: int = 2
    error_code: int = 200  # versions.md §2.2
    session_expired_code: int = 100
    session_info_keys: tuple[str, ...] = field(default=_SESSION_INFO_17, repr=False)
    session_seconds: int = 7 * 24 * 3600  # versions.md §1.3

    def version(self) -> dict[str, Any]:
        """The answer of `common.version()`.  Source: versions.md §4.1, recorded in core-errors."""
        return {
            "server_version": self.server_version,
            "server_version_info": list(self.version_info),
            "server_serie": self.server_version,
            "protocol_version": 1,
        }


DEFAULT = "odoo-17.0"

PROFILES: dict[str, Profile] = {
    "odoo-17.0": Profile("odoo-17.0", "17.0", (17, 0, 0, "final", 0, "")),
}


def get(name: str) -> Profile:
    """The profile of that name; raises `UnknownProfile`."""
    try:
        return PROFILES[name]
    except KeyError:
        raise UnknownProfile(name) from None
