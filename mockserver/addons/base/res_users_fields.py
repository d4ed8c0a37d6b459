"""The computed fields of res.users.

Source: 17.0; versions.md §7.3 (the password reads as an empty text).
"""

from __future__ import annotations

from html import escape
from zoneinfo import ZoneInfo

from mockserver.addons.base import res_groups
from mockserver.orm.fields.html import sanitize
from mockserver.orm.records.environment import Recordset
from mockserver.orm.rights.access import allowed, groups_field, user_groups
from mockserver.orm.schema.compute import compute


@compute("res.users", "password", "new_password")
def _password(self: Recordset) -> str:
    """Nothing; until 11, stars to those who may not write the user.  Source: versions.md §7.3."""
    if self.env.db.profile.rules.passwords_are_stars and self._ids[0] != self.env.uid:
        return "" if allowed(self.env, "res.users", "write") else "********"
    return ""


@compute("res.users", "share", depends=("groups_id", "group_ids"))
def _share(self: Recordset) -> bool:
    """Whether the user is not an internal one."""
    return not res_groups.has_group(self.env, self._ids[0], "base.group_user")


@compute("res.users", "signature", depends=("partner_id.name",))
def _signature(self: Recordset) -> str | None:
    """The one that was written, else one made of the name."""
    kept: str | None = self._rows()[0].get("signature")
    return kept or (sanitize(f"<p>--<br />{escape(self.name)}</p>") if self.name else None)


@compute("res.users", "companies_count")
def _companies_count(self: Recordset) -> int:
    return len(self.env.rows(self.env["res.company"]._model, []))


@compute("res.users", "groups_count")
def _groups_count(self: Recordset) -> int:
    return len(self[groups_field(self.env)])


@compute("res.users", "accesses_count")
def _accesses_count(self: Recordset) -> int:
    return len(self.sudo().mapped(f"{groups_field(self.env)}.model_access"))


@compute("res.users", "rules_count")
def _rules_count(self: Recordset) -> int:
    return len(self.sudo().mapped(f"{groups_field(self.env)}.rule_groups"))


@compute("res.users", "tz_offset")
def _tz_offset(self: Recordset) -> str:
    """`+0530`: the zone's present distance from UTC."""
    return self.env.db.clock.moment().astimezone(ZoneInfo(self.tz or "UTC")).strftime("%z")


@compute("res.users", "state")
def _state(self: Recordset) -> str:
    """`active` for a user who can log in, `new` for one who cannot yet.

    Differs: on the real server a user is `new` until the first login; logins are not recorded here.
    """
    return "active" if self._rows()[0].get("password") else "new"


@compute("res.users", "is_system")
def _is_system(self: Recordset) -> bool:
    return res_groups.has_group(self.env, self._ids[0], "base.group_system")


@compute("res.users", "im_status")
def _im_status(self: Recordset) -> str:
    return "bot" if self._ids[0] == self.env.db.profile.superuser_id else "offline"


@compute("res.users", "all_group_ids", depends=("group_ids",))
def _all_groups(self: Recordset) -> tuple[int, ...]:
    return tuple(sorted(user_groups(self.env.with_user(self))))
