"""Records as JSON objects, with the fields of a query.

Source: rest-yezy §3; recorded in yezy-odoo-17.0.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from mockserver.clock import DATETIME_FORMAT
from mockserver.dialects.rest.odoo_rest_api.query import Block, QuerySyntaxError
from mockserver.errors import AccessError
from mockserver.orm.fields.base import Field
from mockserver.orm.fields.relational import Many2one
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.records.recordset import missing_record
from mockserver.orm.rights.access import in_group, sees

MINUTES = "%Y-%m-%d-%H-%M"
# values of nested blocks that may be read for one answer, and that it may contain
MAX_NESTED = 500_000

FLAT = "_classic_write"  # the argument `load` of a read that returns many2one fields as ids

FieldBlocks = dict[str, "Block | None"]
Rows = list[dict[str, Any]]
# (records, names of fields) → a row for each existing record
Fetch = Callable[["Recordset", "list[str]"], "Rows"]


def _fetch(records: Recordset, names: list[str]) -> Rows:
    rows: Rows = records.call("read", names, FLAT)
    return rows


def serialise(records: Recordset, block: Block, fetch: Fetch = _fetch) -> Rows:
    """Return each record as `{field: value}`: a many2one as an id, an x2many as a list of ids, a block as an object.

    `fetch` reads the records themselves.  Raises what reading raises, UnknownField for an unknown field, ValueError
    for a block on a field that is not relational, `QuerySyntaxError` for blocks above the limits.  If only the id of
    a record is read, its existence is not checked.

    Differs: the real server has no limit for nested blocks.
    """
    rows, _ = _Serialiser().records(records, block, fetch)
    return rows


class _Serialiser:
    """The state of one answer; `_remaining` is the number of values that nested blocks may still read."""

    def __init__(self) -> None:
        self._remaining = MAX_NESTED

    def records(self, records: Recordset, block: Block, fetch: Fetch = _fetch) -> tuple[Rows, list[int]]:
        """Return the records, and the number of values of each, including nested ones."""
        if not records:  # then the real server does not check the fields
            return [], []
        fields = fields_to_read(records, block)
        rows = read(records, fields, fetch)
        weights = [len(fields)] * len(rows)
        for name, inner in fields.items():
            if inner is not None:
                added = self._nest(records, name, rows, inner)
                weights = [weight + more for weight, more in zip(weights, added, strict=True)]
            elif _field(records, name).timed:
                for row in rows:
                    row[name] = _minutes(row[name])
        return rows, weights

    def _nest(self, records: Recordset, name: str, rows: Rows, block: Block) -> list[int]:
        """Replace a field's ids by objects; every record is read once, even if it occurs several times.

        Returns the number of values added to each row.
        """
        field = _field(records, name)
        if not field.relational:
            raise ValueError(f"{field.model}.{name} leads to no records")
        single = isinstance(field, Many2one)
        links = [([row[name]] if row[name] else []) if single else row[name] for row in rows]
        targets = records.env[field.comodel].browse(dict.fromkeys(id_ for ids in links for id_ in ids))
        self._remaining -= len(targets) * len(fields_to_read(targets, block))
        found, weights = self.records(targets, block) if self._remaining >= 0 else ([], [])
        by_id, weight = dict(zip(targets.ids, found, strict=False)), dict(zip(targets.ids, weights, strict=False))
        added = [sum(weight.get(id_, 0) for id_ in ids) for ids in links]
        if self._remaining < 0 or sum(added) > MAX_NESTED:
            raise QuerySyntaxError(f"nested blocks of more than {MAX_NESTED} values", "this query")
        nothing = empty_values(targets.browse(), block) if single and not all(links) else None
        for row, ids in zip(rows, links, strict=True):
            objects = [by_id[id_] for id_ in ids]
            row[name] = objects if not single else objects[0] if objects else nothing
        return added


def fields_to_read(records: Recordset, block: Block) -> FieldBlocks:
    """Return the fields to read, in order, with their blocks; fields that `*` or an exclusion selects have no block."""
    if not block.everything and not block.excluded:
        return block.included
    if block.excluded and not all(block.included.values()):
        raise ValueError("fields are included beside excluded ones")
    env, definition = records.env, records._model
    if definition.name == "res.users" and env.db.profile.rules.group_choice_fields:
        raise _unreadable_users(env)
    for name in block.excluded:
        definition.field(name)
    names = [name for name, field in definition.fields.items() if sees(env, field) and name not in block.excluded]
    return {**block.included, **dict.fromkeys(names)}


def read(records: Recordset, fields: FieldBlocks, fetch: Fetch = _fetch) -> Rows:
    """Return the values of the fields, in their order; raises MissingError for a record that does not exist."""
    for name in fields:
        _field(records, name)
    names = [name for name in fields if name != "id"]
    found = {row["id"]: row for row in fetch(records, names or ["id"])}
    if not names:
        return [dict.fromkeys(fields, id_) for id_ in records.ids]
    for id_ in records.ids:
        if id_ not in found:
            raise missing_record(records, id_)
    return [{name: found[id_][name] for name in fields} for id_ in records.ids]


def empty_values(no_records: Recordset, block: Block) -> dict[str, Any]:
    """Return the object for an empty many2one: each field with its empty value."""
    values: dict[str, Any] = {}
    for name, inner in fields_to_read(no_records, block).items():
        field = _field(no_records, name)
        if inner is not None and not field.relational:
            raise ValueError(f"{field.model}.{name} leads to no records")
        if isinstance(field, Many2one):
            values[name] = empty_values(no_records.env[field.comodel], inner) if inner else False
        elif field.relational:
            values[name] = []
        else:
            values[name] = False if name == "id" else field.to_read(None)
    return values


def _field(records: Recordset, name: str) -> Field:
    return records._model.field(name)


def _minutes(value: Any) -> Any:
    return datetime.strptime(value, DATETIME_FORMAT).strftime(MINUTES) if value else value


def _unreadable_users(env: Environment) -> Exception:
    """Return the error for reading all fields of users: they include virtual fields of groups and administrators' logs.

    Source: rest-yezy §3; recorded in yezy-odoo-17.0.
    """
    if in_group(env, "base.group_system"):
        return KeyError("sel_groups_")
    texts, uid = env.db.profile.rules.refusals, env.uid
    log = {"kind": "Users Log", "model": "res.users.log", "mode": "read", "uid": uid}
    groups = texts.groups.format(groups="Administration/Settings")
    return AccessError(texts.model.format(head=texts.heads["read"].format(**log), groups=groups, **log))
