"""The rows that grant and limit: `ir.model.access` and `ir.rule`, or `ir.access`, which stands for both from 20 on.

A row of `ir.access` is for the operations whose letters it has (c, r, u, d).  With a group it permits, in as far as its
domain says; without one it grants nothing, and its domain limits everybody.
Inferred: odoo-20 §4.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from mockserver.orm.database import Database
    from mockserver.orm.storage.store import Row

LETTERS = {"create": "c", "read": "r", "write": "u", "unlink": "d"}


class RecordRule(NamedTuple):
    """A domain that limits which records may be used: the members of `groups`, everybody if there are none."""

    id: int
    name: str
    groups: tuple[int, ...]
    domain: str


def has_rights(db: Database, model: str) -> bool:
    """Return whether there is any access right on the model, for whomever."""
    return any(True for _ in _rows(db, "ir.model.access", model))


def groups_with_right(db: Database, model: str, mode: str) -> list[int | None]:
    """Return the groups that have an access right on the model; None stands for every user."""
    if db.profile.rules.one_access_model:
        return [row["group_id"] for row in _accesses(db, model, mode) if row.get("group_id")]
    rights = _rows(db, "ir.model.access", model)
    return [right.get("group_id") for right in rights if right.get("active", True) and right.get(f"perm_{mode}")]


def record_rules(db: Database, model: str, mode: str) -> list[RecordRule]:
    """Return the active rules of a model in a mode, in id order."""
    if db.profile.rules.one_access_model:
        found = list(_accesses(db, model, mode))
        limits = any(row.get("domain") for row in found)
        return [_of_access(row) for row in found] if limits else []
    rules = _rows(db, "ir.rule", model)
    return [_of_rule(row) for row in rules if row.get("active", True) and row.get(f"perm_{mode}", True)]


def _of_rule(row: Row) -> RecordRule:
    return RecordRule(row["id"], row.get("name") or "", tuple(row.get("groups", ())), row.get("domain_force") or "")


def _of_access(row: Row) -> RecordRule:
    groups = (row["group_id"],) if row.get("group_id") else ()
    return RecordRule(row["id"], row["name"], groups, row.get("domain") or "")


def _accesses(db: Database, model: str, mode: str) -> Iterator[Row]:
    letter = LETTERS[mode]
    return (row for row in _rows(db, "ir.access", model) if row.get("active", True) and letter in row["operation"])


def _rows(db: Database, table: str, model: str) -> Iterator[Row]:
    """Yield the rows about a model, in id order."""
    store = db.store
    rows = store.rows(table)
    if rows:
        models = store.having("ir.model", "model", (model,))
        yield from (rows[id_] for id_ in sorted(store.having(table, "model_id", models)))
