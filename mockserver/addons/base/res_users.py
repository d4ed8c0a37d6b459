"""res.users: passwords, groups, companies, preferences.

Source: 17.0; versions.md §5, §7.3 (the password reads as an empty text); recorded in core-errors.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.base import res_groups
from mockserver.errors import AccessDenied, AccessError, RedirectWarning, UserError, ValidationError
from mockserver.orm.methods import BaseModel
from mockserver.orm.methods.copying import for_each_record
from mockserver.orm.query.operators import is_negative
from mockserver.orm.records.environment import Recordset
from mockserver.orm.rights import access
from mockserver.orm.rights.access import groups_field
from mockserver.orm.writing import commands

if TYPE_CHECKING:
    from typing_extensions import Self

# what users may write on their own record without access rights
PREFERENCES = frozenset(
    {"signature", "action_id", "company_id", "email", "name", "image_1920", "lang", "tz", "notification_type"}
)
# what users may read of their own record without access rights, if they read nothing else
_OWN = PREFERENCES | {
    "id", "display_name", "login", "company_ids", "partner_id", "groups_id", "group_ids", "share", "active", "password",
    "tz_offset", "write_date", "image_1024", "image_512", "image_256", "image_128", "avatar_1920", "avatar_1024",
    "avatar_512", "avatar_256", "avatar_128", "res_users_settings_ids",
}  # fmt: skip
_USER_TYPES = ("base.group_user", "base.group_portal", "base.group_public")
_KEPT = "Deleting this profile will compromise critical functionalities."


# -- create, write, unlink


def _refuse_without_login(users: Recordset, values: Mapping[str, Any]) -> None:
    """Raise RedirectWarning for a user without a login; Source: recorded in core-errors (1.6, 15.0)."""
    if users.env.db.profile.rules.users_from_panel and not values.get("login"):
        action = users.env.ref("base.action_res_users", raise_if_not_found=False)
        raise RedirectWarning(
            "You cannot create a new user from here.\n To create new user please go to configuration panel.",
            int(action.id) if action else 0,
            "Go to the configuration panel",
        )


def _demote(users: BaseModel, value: Any) -> None:
    """Remove all groups except those of this write from users who are no longer internal."""
    name = groups_field(users.env)
    field = users._model.fields[name]
    for user in users:
        if not res_groups.has_group(users.env, user._ids[0], "base.group_user"):
            given = [command for command in commands.parse(field, value) if command[0] != commands.CREATE]
            BaseModel.write(user.sudo(), {name: [(commands.CLEAR, 0, 0), *given]})


def _take_password(users: Recordset, values: dict[str, Any]) -> str | None:
    """Remove `password` and `new_password` from written values; return the new password, or None.

    An empty password is one with which nobody can log in.
    """
    given, password, new = "password" in values, values.pop("password", None), values.pop("new_password", None)
    if new and users.env.uid in users._ids:
        raise UserError(
            "Please use the change password wizard (in User Preferences or User menu) to change your own password."
        )
    if given and not isinstance(password, str):
        raise TypeError(f"secret must be unicode or bytes, not {type(password or False).__name__}")
    return str(new or password) if new or given else None


def _keep_password(users: Recordset, password: str | None) -> None:
    """Store a password in the rows under a key that is not a column, so it cannot be read, searched or copied."""
    store = users.env.db.store
    for row in users._rows() if password is not None else ():
        store.put("res.users", {**row, "password": password})


def _refuse_archiving(users: Recordset, values: Mapping[str, Any]) -> None:
    superuser = users.env.db.profile.superuser_id
    if values.get("active") and superuser in users._ids:
        raise UserError("You cannot activate the superuser.")
    if values.get("active") is False and users.env.uid in users._ids:
        raise UserError("You cannot deactivate the user you're currently logged in as.")


def _is_one(users: Recordset, xmlid: str) -> bool:
    found = users.env.ref(xmlid, raise_if_not_found=False)
    return found is not None and found._ids[0] in users._ids


def _bytes(text: str) -> bytes:
    # JSON can carry lone surrogates, which plain UTF-8 refuses
    return str(text).encode("utf-8", "surrogatepass")


class Users(models.Model):
    _inherit = "res.users"

    @api.versions(until=18)
    def _default_groups_id(self) -> Recordset:
        """Return the groups of the template user, to which modules add theirs.

        Source: recorded in flow-hr-1 (17.0).
        """
        template = self.env.sudo().ref("base.default_user", raise_if_not_found=False)
        groups: Recordset = self.env["res.groups"].browse() if template is None else template.groups_id
        return groups

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create users, each with a partner and the groups that its groups imply."""
        users = self.browse()
        for vals in vals_list if isinstance(vals_list, (list, tuple)) else [vals_list]:
            values = vals.copy()
            _refuse_without_login(self, values)
            password = _take_password(self, values)
            if "company_ids" not in values and self.env.company:
                values["company_ids"] = [(6, 0, self.env.company.ids)]
            user = super().create(values)
            _keep_password(user, password)
            res_groups.add_implied(user)
            partner = user.sudo().partner_id
            if partner.company_id:
                partner.write({"company_id": user.company_id.id})
            if partner.active is not user.active:
                partner.write({"active": user.active})
            users |= user
        return users

    def _self_readable(self) -> frozenset[str]:
        """Return what users may read of their own record without access rights, if they read nothing else."""
        return _OWN

    def _self_writeable(self) -> frozenset[str]:
        """Return what users may write on their own record without access rights."""
        return PREFERENCES

    def read(self, fields: Any = None, load: Any = "_classic_read") -> Any:
        """Read users; all users may read their own preferences without access rights."""
        if fields and self._ids == (self.env.uid,):
            own = self._self_readable()
            if all(isinstance(name, str) and name in own for name in fields):
                return BaseModel.read(self.sudo(), fields, load)
        return super().read(fields, load)

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change users.  All users may change their own preferences; a company not allowed to them is then left out."""
        values = dict(vals)
        password = _take_password(self, values)
        _refuse_archiving(self, values)
        if values.get("active"):
            self.filtered(lambda user: not user.active and not user.partner_id.active).partner_id.write(
                {"active": True}
            )
        internal = self.browse(i for i in self._ids if res_groups.has_group(self.env, i, "base.group_user"))
        if self._ids == (self.env.uid,) and password is None and values and values.keys() <= self._self_writeable():
            if values.get("company_id", 0) not in (0, *self.env.user.company_ids.ids):
                del values["company_id"]
            BaseModel.write(self.sudo(), values)
        else:
            super().write(values)
        users = self.exists().sudo()
        _keep_password(users, password)
        groups = groups_field(self.env)
        if groups in values:
            _demote(internal & users, values[groups])
            res_groups.add_implied(users)
        if values.get("company_id"):
            for partner in users.mapped("partner_id").filtered("company_id"):
                partner.write({"company_id": values["company_id"]})
        return True

    def unlink(self) -> bool:
        """Delete users except those that the server needs; their partners stay."""
        env = self.env
        if env.db.profile.rules.unlink_rights_first:
            access.check_access(self, "unlink")
        if env.db.profile.superuser_id in self._ids:
            text = (
                "You can not remove the admin user as it is used internally for resources created by"
                f" {env.db.profile.brand} (updates, module installation, ...)"
            )
            raise UserError(env._(text))
        if _is_one(self, "base.user_admin"):
            raise UserError(
                "You cannot delete the admin user because it is utilized in various places"
                " (such as security configurations,...). Instead, archive it."
            )
        if _is_one(self, "base.template_portal_user_id") or _is_one(self, "base.default_user"):
            raise UserError(f"Deleting the template users is not allowed. {_KEPT}")
        if _is_one(self, "base.public_user"):
            raise UserError(f"Deleting the public user is not allowed. {_KEPT}")
        return super().unlink()

    @for_each_record
    def copy(self, default: Mapping[str, Any] | None = None) -> Self:
        """Return a duplicate without password; name and login end in `(copy)` unless `default` has others."""
        self.ensure_one()
        values = dict(default or {})
        if "partner_id" not in values:
            values.setdefault("name", f"{self.name} (copy)")
        values.setdefault("login", f"{self.login} (copy)")
        return super().copy(values)

    @api.versions(until=19)
    def toggle_active(self) -> None:
        """Archive or unarchive users; the archived partner of an unarchived user is unarchived too."""
        for user in self.filtered(lambda user: not user.active and not user.partner_id.active):
            user.partner_id.toggle_active()
        super().toggle_active()

    @api.depends("totp_secret")
    def _compute_totp_enabled(self) -> None:
        for user in self:
            user.totp_enabled = bool(user.totp_secret)

    @api.versions(since=15)
    def _search_totp_enabled(self, operator: str, value: Any) -> list[Any]:
        having = self.sudo().search([]).filtered("totp_secret")
        return [("id", "in" if (operator == "=") == bool(value) else "not in", having.ids)]

    @api.constrains("company_id", "company_ids", "active")
    def _check_company_is_allowed(self) -> None:
        for user in self.filtered("active"):
            if user.company_id not in user.company_ids:
                allowed = ", ".join(user.mapped("company_ids").mapped("name"))
                text = self.env.db.profile.rules.company_not_allowed_text
                raise ValidationError(self.env._(text, company=user.company_id.name, user=user.name, allowed=allowed))

    @api.constrains("groups_id", "group_ids")
    def _check_one_user_type(self) -> None:
        named = (self.env.ref(xmlid, raise_if_not_found=False) for xmlid in _USER_TYPES)
        types = {group._ids[0] for group in named if group}
        for user in self:
            if len(types & access.user_groups(self.env.with_user(user))) > 1:
                raise ValidationError("The user cannot have more than one user types.")

    @api.model
    def context_get(self) -> dict[str, Any]:
        """Return `{"lang": code, "tz": zone or False}` of the current user, in some generations also their `"uid"`."""
        partner = self.env.sudo().user.partner_id
        rows = self.env.db.store.rows("res.lang").values()
        installed = {row["code"] for row in rows if row.get("active")}
        lang = partner.lang if partner.lang in installed else "en_US"
        told = {"uid": self.env.uid} if self.env.db.profile.rules.context_has_uid else {}
        return {"lang": lang, "tz": partner.tz, **told}

    @api.versions(since=18, name="has_group")
    def has_group_18(self, group_ext_id: str) -> bool:
        """Return whether the user is in the group `module.name`; only internal users may ask about others."""
        self.ensure_one()
        env = self.env
        if not env.su and self != env.user and not access.in_group(env, "base.group_user"):
            raise AccessError("You can ony call user.has_group() with your current user.")
        return group_ext_id != access.DEVELOPERS_ONLY and res_groups.has_group(env, self._ids[0], group_ext_id)

    @api.model(until=17)
    def has_group(self, group_ext_id: str) -> bool:
        """Return whether the current user, or the record's user if there is one, is in the group `module.name`."""
        if not group_ext_id or "." not in group_ext_id:
            raise AssertionError(f"External ID '{group_ext_id}' must be fully qualified")
        return res_groups.has_group(self.env, self._ids[0] if self._ids else self.env.uid, group_ext_id)

    @api.model
    def change_password(self, old_passwd: str, new_passwd: str) -> bool:
        """Change the current user's password and return True; raises AccessDenied for a wrong old one."""
        secret = str((self.env.db.store.get("res.users", self.env.uid) or {}).get("password") or "")
        if not old_passwd or not hmac.compare_digest(_bytes(secret), _bytes(old_passwd)):
            raise AccessDenied()
        new = new_passwd.strip()
        if not new:
            raise UserError("Setting empty passwords is not allowed for security reasons!")
        user = self.env.sudo().user
        BaseModel.write(user, {})
        _keep_password(user, new)
        return True

    @api.over_http
    @api.versions(since=14)
    def api_key_wizard(self) -> dict[str, Any]:
        """Return the window in which a user asks for an API key."""
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.users.apikeys.description",
            "name": "New API Key",
            "target": "new",
            "views": [[False, "form"]],
        }

    def preference_save(self) -> dict[str, Any]:
        """Return the client action that loads the preferences anew."""
        return {"type": "ir.actions.client", "tag": "reload_context"}

    def preference_cancel(self) -> dict[str, Any]:
        """Return the client action that loads the preferences anew."""
        return {"type": "ir.actions.client", "tag": "reload_context"}

    @api.model
    def _name_search(
        self, name: Any, domain: Any = (), operator: str = "ilike", limit: Any = None,
        order: Any = None,
    ) -> list[int]:  # fmt: skip
        """Return the id of the user with exactly that login, else the ids found by name."""
        if name and not is_negative(operator) and isinstance(name, str):
            found: list[int] = self.search([("login", "=", name), *domain], 0, limit, order).ids
            if found:
                return found
        return super()._name_search(name, domain, operator, limit, order)
