"""The computed fields of res.users.

Source: 17.0; versions.md §7.3 (the password reads as an empty text).
"""

from __future__ import annotations

from html import escape
from zoneinfo import ZoneInfo

from mockserver import api, models
from mockserver.addons.base import res_groups
from mockserver.orm.fields.html import sanitize
from mockserver.orm.records.environment import Recordset
from mockserver.orm.rights.access import allowed, groups_field, user_groups


class Users(models.Model):
    _inherit = "res.users"

    @api.computes("password", "new_password")
    def _compute_password(self) -> None:
        for user in self:
            user.password = user.new_password = _password(user)

    @api.depends("groups_id", "group_ids")
    def _compute_share(self) -> None:
        """Whether the user is not an internal one."""
        for user in self:
            user.share = not res_groups.has_group(user.env, user._ids[0], "base.group_user")

    @api.depends("partner_id.name")
    @api.versions(since=16)
    def _compute_signature(self) -> None:
        for user in self:
            user.signature = _signature(user)

    def _compute_companies_count(self) -> None:
        for user in self:
            user.companies_count = len(user.env.rows(user.env["res.company"]._model, []))

    def _compute_groups_count(self) -> None:
        for user in self:
            user.groups_count = len(user[groups_field(user.env)])

    def _compute_accesses_count(self) -> None:
        for user in self:
            lines = "access_ids" if user.env.db.profile.rules.one_access_model else "model_access"
            user.accesses_count = len(user.sudo().mapped(f"{groups_field(user.env)}.{lines}"))

    def _compute_rules_count(self) -> None:
        for user in self:
            user.rules_count = len(user.sudo().mapped(f"{groups_field(user.env)}.rule_groups"))

    def _compute_tz_offset(self) -> None:
        """The time zone's present offset from UTC, as `+0530`."""
        for user in self:
            user.tz_offset = user.env.db.clock.moment().astimezone(ZoneInfo(user.tz or "UTC")).strftime("%z")

    def _compute_state(self) -> None:
        """`active` for a user who can log in, `new` for one who cannot yet.

        Differs: on the real server a user is `new` until the first login; logins are not recorded here.
        """
        for user in self:
            user.state = "active" if user._rows()[0].get("password") else "new"

    def _compute_is_system(self) -> None:
        for user in self:
            user.is_system = res_groups.has_group(user.env, user._ids[0], "base.group_system")

    def _compute_im_status(self) -> None:
        for user in self:
            user.im_status = "bot" if user._ids[0] == user.env.db.profile.superuser_id else "offline"

    @api.depends("group_ids")
    def _compute_all_group_ids(self) -> None:
        for user in self:
            user.all_group_ids = tuple(sorted(user_groups(user.env.with_user(user))))


def _password(user: Recordset) -> str:
    """Return an empty text; until 11, stars for users who may not write the user.  Source: versions.md §7.3."""
    if user.env.db.profile.rules.passwords_are_stars and user._ids[0] != user.env.uid:
        return "" if allowed(user.env, "res.users", "write") else "********"
    return ""


def _signature(user: Recordset) -> str | None:
    """Return the signature that was written, else one generated from the name."""
    kept: str | None = user._rows()[0].get("signature")
    return kept or (sanitize(f"<p>--<br />{escape(user.name)}</p>") if user.name else None)
