"""The keys of the session information: a table.

Source: versions.md §5; recorded in core-envelope (11.0–17.0), web-session (17.0).  The servers of 15.0 and 17.0 had
those of `mail_bot` and `partner_autocomplete` too.
"""

from __future__ import annotations

from collections.abc import Container
from typing import NamedTuple

from mockserver.profiles.generations import FIRST, offered


class Key(NamedTuple):
    """A key, the generations that have it, and who gets it.

    `internal_since` is the first generation that gives it to internal users only, `system_until` the last that gives
    it to administrators only; `model` is one of the module that gives it, if that is not always installed.
    """

    name: str
    since: int = FIRST
    until: int | None = None
    internal_since: int | None = None
    system_until: int | None = None
    model: str = ""

    def for_internal_users(self, generation: int) -> bool:
        """Return whether this generation gives it to internal users only."""
        return self.internal_since is not None and offered(generation, self.internal_since, None)

    def for_system_users(self, generation: int) -> bool:
        """Return whether this generation gives it to administrators only."""
        return self.system_until is not None and offered(generation, FIRST, self.system_until)


# in the order in which the server writes them
KEYS = (
    Key("session_id", until=12),
    Key("uid"),
    Key("is_system"),
    Key("is_superuser", until=11),
    Key("is_admin", 12),
    Key("is_public", 17),
    Key("is_internal_user", 17),
    Key("user_context"),
    Key("db"),
    Key("registry_hash", 19),
    Key("user_settings", 17),
    Key("server_version"),
    Key("server_version_info"),
    Key("support_url", 15),
    Key("name"),
    Key("username"),
    Key("quick_login", 19),
    Key("partner_write_date", 18),
    Key("partner_display_name", 12),
    Key("company_id", until=16),
    Key("partner_id"),
    Key("user_companies", internal_since=14),
    Key("currencies"),
    Key("web.base.url"),
    Key("active_ids_limit", 14),
    Key("profile_session", 15),
    Key("profile_collectors", 15),
    Key("profile_params", 15),
    Key("max_file_upload_size", 14),
    Key("home_action_id", 15),
    Key("cache_hashes", 13, 18),
    Key("bundle_params", 16),
    Key("test_mode", 18),
    Key("view_info", 18),
    Key("groups", 19),
    Key("show_effect", 12, internal_since=14),
    Key("display_switch_company_menu", 13, 18, internal_since=14),
    # of other modules than `web`
    Key("user_id", 15, 15),
    Key("user_id", 17, 17),
    Key("out_of_office_message", 13, 13),
    Key("web_tours", 12, 17, system_until=16),
    Key("tour_disable", 15, 17, system_until=16),
    Key("tour_enabled", 18),
    Key("current_tour", 18),
    Key("notification_type", 14, 17, internal_since=14),
    Key("odoobot_initialized", 15, 15, internal_since=14),
    Key("odoobot_initialized", 17, internal_since=14),
    Key("iap_company_enrich", 15, 15),
    Key("iap_company_enrich", 17),
    Key("is_quick_edit_mode_enabled", 17, 17, model="account.move"),
    Key("websocket_worker_version", 17),
    Key("storeData", 18),
)

# the keys of Flectra's contracts; recorded in core-envelope (1.6)
FLECTRA = ("expiration_date", "expiration_reason", "contracted_module_list", "contract_validation")
# the keys that the document of CloudOffix's API prints in addition
CLOUDOFFIX = ("mfa_login_needed", "is_saas_client", "expiration_datetime", "trial", "background_css")


def keys(
    generation: int,
    more: tuple[str, ...] = (),
    *,
    internal: bool = True,
    system: bool = True,
    models: Container[str] = (),
) -> tuple[str, ...]:
    """Return the keys that a server of the generation gives to an administrator, an internal user, or another.

    `models` are those of the database, as far as they decide.
    """
    return (
        *(
            key.name
            for key in KEYS
            if offered(generation, key.since, key.until)
            and (internal or not key.for_internal_users(generation))
            and (system or not key.for_system_users(generation))
            and (not key.model or key.model in models)
        ),
        *more,
    )
