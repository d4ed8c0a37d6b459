"""res.groups: full names, implied groups, and the users who get them.

Source: 17.0; `user_has_groups` versions.md §6.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.errors import UserError
from mockserver.orm.methods import crud
from mockserver.orm.methods.copying import one_by_one
from mockserver.orm.query import conditions
from mockserver.orm.query.conditions import Condition
from mockserver.orm.query.operators import NEGATIONS, NEGATIVE
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.rights.access import groups_field, in_group, in_groups, user_groups, with_implied
from mockserver.orm.schema.api import model, record
from mockserver.orm.schema.compute import SEARCHES, compute

Parent = Any


def has_group(env: Environment, uid: int, xmlid: str) -> bool:
    """Whether a user is in the group of that external id; False for an unknown one."""
    return in_group(env.with_user(uid), xmlid)


def is_admin(env: Environment) -> bool:
    """Whether the user at work is the superuser or may manage access rights."""
    return env.su or has_group(env, env.uid, "base.group_erp_manager")


def add_implied(users: Recordset) -> None:
    """Give users the groups that theirs imply: the server stores them all, until 18."""
    for user in users.sudo() if groups_field(users.env) == "groups_id" else ():
        held = user._rows()[0].get("groups_id", ())
        missing = sorted(with_implied(user.env, held) - set(held))
        if missing:
            crud.write(user, {"groups_id": [(4, id_) for id_ in missing]})


def _members(groups: Recordset) -> Recordset:
    env = groups.env
    return env["res.users"].browse(sorted(env.db.store.having("res.users", groups_field(env), groups._ids)))


@compute("res.groups", "full_name")
def _full_name(self: Recordset) -> str:
    """`Category / Name`, or the name alone; the category is called privilege from 19 on."""
    category = self[self.env.db.profile.rules.refusals.group_heading].name
    return f"{category} / {self.name}" if category else str(self.name)


@compute("res.groups", "trans_implied_ids")
def _trans_implied(self: Recordset) -> tuple[int, ...]:
    return tuple(sorted(with_implied(self.env, self.implied_ids.ids) - set(self._ids)))


@compute("res.groups", "all_implied_ids")
def _all_implied(self: Recordset) -> tuple[int, ...]:
    """The group and all that it implies."""
    return tuple(sorted(with_implied(self.env, self._ids)))


@compute("res.groups", "all_user_ids")
def _all_users(self: Recordset) -> tuple[int, ...]:
    """The users who are in the group, by themselves or through another group."""
    users = self.env.db.store.rows("res.users")
    return tuple(uid for uid in sorted(users) if self._ids[0] in user_groups(self.env.with_user(uid)))


def _search_full_name(env: Environment, operator: str, value: Any) -> Condition:
    """A text with a slash asks for category and name, one without for either."""
    positive = NEGATIONS[operator] if operator in NEGATIVE else operator
    found: set[int] = set()
    for text in value if isinstance(value, (list, tuple)) else [value]:
        found |= _named(env, "=" if positive == "in" else positive, text)
    return conditions.id_not_in(found) if operator in NEGATIVE else conditions.id_in(found)


SEARCHES["res.groups", "full_name"] = _search_full_name


def _named(env: Environment, operator: str, text: Any) -> set[int]:
    category, slash, name = text.rpartition("/") if isinstance(text, str) else ("", "", text)
    name, category = (name.strip(), category.strip()) if slash else (text, text)
    heading = env.db.profile.rules.refusals.group_heading
    domain = ["&" if slash else "|", ("name", operator, name), (f"{heading}.name", operator, category)]
    return set(env.select(env["res.groups"]._model, domain))


@model("res.groups")
def create(self: Recordset, parent: Parent, vals_list: Any) -> Recordset:
    """New groups; their users get what they imply."""
    groups: Recordset = parent(vals_list)
    add_implied(_members(groups))
    return groups


@record("res.groups")
def write(self: Recordset, parent: Parent, vals: Mapping[str, Any]) -> bool:
    """Change groups; their users get what they imply."""
    if str(vals.get("name") or "").startswith("-"):
        raise UserError('The name of the group can not start with "-"')
    parent(vals)
    if not vals.keys().isdisjoint({"users", "user_ids", "implied_ids"}):
        add_implied(_members(self))
    return True


@record("res.groups")
@one_by_one
def copy(self: Recordset, parent: Parent, default: Mapping[str, Any] | None = None) -> Recordset:
    """A duplicate, named `Name (copy)`."""
    self.ensure_one()
    return parent({**(default or {}), "name": f"{self.name} (copy)"})  # type: ignore[no-any-return]


@model(until=17)
def user_has_groups(self: Recordset, groups: str) -> bool:
    """Whether the user is in one of the comma-separated groups, and in none of those with a `!` before."""
    return in_groups(self.env, groups)
