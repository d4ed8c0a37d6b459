"""res.groups: full names, implied groups, and the users who get them.

Source: 17.0; `user_has_groups` versions.md §6.1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mockserver.errors import UserError
from mockserver.orm import conditions
from mockserver.orm.api import model, record
from mockserver.orm.compute import SEARCHES, compute
from mockserver.orm.conditions import Condition
from mockserver.orm.environment import Environment, Recordset
from mockserver.orm.leaf import NEGATIONS, NEGATIVE
from mockserver.orm.methods import crud

Parent = Any

# shown to those alone who work in developer mode, which no external call does
_DEVELOPERS_ONLY = "base.group_no_one"


def with_implied(env: Environment, groups: Iterable[int]) -> set[int]:
    """The groups and all that they imply, whatever the distance."""
    rows = env.db.store.rows("res.groups")
    found: set[int] = set()
    pending = list(groups)
    while pending:
        id_ = pending.pop()
        if id_ not in found and id_ in rows:
            found.add(id_)
            pending += rows[id_].get("implied_ids", ())
    return found


def has_group(env: Environment, uid: int, xmlid: str) -> bool:
    """Whether a user is in the group of that external id; False for an unknown one."""
    group = env.ref(xmlid, raise_if_not_found=False)
    user = env.db.store.get("res.users", uid)
    return bool(group and user) and group._ids[0] in user.get("groups_id", ())  # type: ignore[union-attr]


def is_admin(env: Environment) -> bool:
    """Whether the user at work is the superuser or may manage access rights."""
    return env.su or has_group(env, env.uid, "base.group_erp_manager")


def add_implied(users: Recordset) -> None:
    """Give users the groups that theirs imply: the server stores them all."""
    for user in users.sudo():
        held = user._rows()[0].get("groups_id", ())
        missing = sorted(with_implied(user.env, held) - set(held))
        if missing:
            crud.write(user, {"groups_id": [(4, id_) for id_ in missing]})


def _members(groups: Recordset) -> Recordset:
    store = groups.env.db.store
    return groups.env["res.users"].browse(sorted(store.having("res.users", "groups_id", groups._ids)))


@compute("res.groups", "full_name")
def _full_name(self: Recordset) -> str:
    """`Category / Name`, or the name alone."""
    category = self.category_id.name
    return f"{category} / {self.name}" if category else str(self.name)


@compute("res.groups", "trans_implied_ids")
def _trans_implied(self: Recordset) -> tuple[int, ...]:
    return tuple(sorted(with_implied(self.env, self.implied_ids.ids) - set(self._ids)))


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
    domain = ["&" if slash else "|", ("name", operator, name), ("category_id.name", operator, category)]
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
    if "users" in vals or "implied_ids" in vals:
        add_implied(_members(self))
    return True


@record("res.groups")
def copy(self: Recordset, parent: Parent, default: Mapping[str, Any] | None = None) -> Recordset:
    """A duplicate, named `Name (copy)`."""
    self.ensure_one()
    return parent({**(default or {}), "name": f"{self.name} (copy)"})  # type: ignore[no-any-return]


@model()
def user_has_groups(self: Recordset, groups: str) -> bool:
    """Whether the user is in one of the comma-separated groups, and in none of those with a `!` before."""
    wanted = [name.strip() for name in groups.split(",")]
    for name in (name[1:] for name in wanted if name.startswith("!")):
        if name != _DEVELOPERS_ONLY and has_group(self.env, self.env.uid, name):
            return False
    positive = [name for name in wanted if not name.startswith("!")]
    return not positive or any(
        name != _DEVELOPERS_ONLY and has_group(self.env, self.env.uid, name) for name in positive
    )
