"""res.groups: full names, implied groups, and their users.

Source: 17.0; `user_has_groups` versions.md §6.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.errors import UserError
from mockserver.orm.methods import BaseModel
from mockserver.orm.methods.copying import for_each_record
from mockserver.orm.query.operators import OPERATORS, is_negative
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.rights.access import groups_field, in_group, user_groups, with_implied

if TYPE_CHECKING:
    from typing_extensions import Self


def has_group(env: Environment, uid: int, xmlid: str) -> bool:
    """Return whether a user is in the group of that external id; False for an unknown one."""
    return in_group(env.with_user(uid), xmlid)


def is_feature_enabled(env: Environment, xmlid: str) -> bool:
    """Return whether every internal user has a group, as the settings that switch a feature on give it."""
    users, feature = env.ref("base.group_user", False), env.ref(xmlid, False)
    return users is not None and feature is not None and feature.id in with_implied(env, users._ids)


def is_admin(env: Environment) -> bool:
    """Return whether the current user is the superuser or may manage access rights."""
    return env.su or has_group(env, env.uid, "base.group_erp_manager")


def add_implied(users: BaseModel) -> None:
    """Add the groups that users' groups imply; the server stores them until 18."""
    for user in users.sudo() if groups_field(users.env) == "groups_id" else ():
        held = user._rows()[0].get("groups_id", ())
        missing = sorted(with_implied(user.env, held) - set(held))
        if missing:
            BaseModel.write(user, {"groups_id": [(4, id_) for id_ in missing]})


def _members(groups: Recordset) -> BaseModel:
    env = groups.env
    return env["res.users"].browse(sorted(env.db.store.having("res.users", groups_field(env), groups._ids)))


def _groups_named(env: Environment, operator: str, text: Any) -> set[int]:
    category, slash, name = text.rpartition("/") if isinstance(text, str) else ("", "", text)
    name, category = (name.strip(), category.strip()) if slash else (text, text)
    heading = env.db.profile.rules.refusals.group_heading
    domain: list[Any] = ["&" if slash else "|", ("name", operator, name), (f"{heading}.name", operator, category)]
    if slash and heading != "category_id":
        # names of groups have slashes of their own since headings are privileges
        domain = ["|", ("name", operator, text), *domain]
    return set(env.select(env["res.groups"]._model, domain))


class Groups(models.Model):
    _inherit = "res.groups"

    def _compute_full_name(self) -> None:
        for group in self:
            group.full_name = _full_name(group)

    def _search_full_name(self, operator: str, value: Any) -> list[Any]:
        """Return the domain for a search by full name: `category / name`, or a text that may be either."""
        positive = (OPERATORS[operator].negation or operator) if is_negative(operator) else operator
        found: set[int] = set()
        for text in value if isinstance(value, (list, tuple)) else [value]:
            found |= _groups_named(self.env, "=" if positive == "in" else positive, text)
        return [("id", "not in" if is_negative(operator) else "in", sorted(found))]

    def _compute_trans_implied_ids(self) -> None:
        for group in self:
            group.trans_implied_ids = tuple(sorted(with_implied(group.env, group.implied_ids.ids) - set(group._ids)))

    def _compute_all_implied_ids(self) -> None:
        """The group and all that it implies."""
        for group in self:
            group.all_implied_ids = tuple(sorted(with_implied(group.env, group._ids)))

    def _compute_all_user_ids(self) -> None:
        for group in self:
            group.all_user_ids = _all_user_ids(group)

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create groups; their users get the implied groups."""
        groups = super().create(vals_list)
        add_implied(_members(groups))
        return groups

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change groups; their users get the implied groups."""
        if str(vals.get("name") or "").startswith("-"):
            raise UserError('The name of the group can not start with "-"')
        super().write(vals)
        if not vals.keys().isdisjoint({"users", "user_ids", "implied_ids"}):
            add_implied(_members(self))
        return True

    @for_each_record
    def copy(self, default: Mapping[str, Any] | None = None) -> Self:
        """Return a duplicate, named `Name (copy)`."""
        self.ensure_one()
        return super().copy({**(default or {}), "name": f"{self.name} (copy)"})


def _full_name(group: Recordset) -> str:
    """Return `Category / Name`, or the name alone; the category is called privilege from 19 on."""
    category = group[group.env.db.profile.rules.refusals.group_heading].name
    return f"{category} / {group.name}" if category else str(group.name)


def _all_user_ids(group: Recordset) -> tuple[int, ...]:
    """Return the ids of users in the group, directly or through another group."""
    users = group.env.db.store.rows("res.users")
    return tuple(uid for uid in sorted(users) if group._ids[0] in user_groups(group.env.with_user(uid)))
