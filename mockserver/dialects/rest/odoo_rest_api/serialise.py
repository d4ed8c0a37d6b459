"""Records as JSON objects, with the fields that a query asks for.

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
# values that nested blocks may read for one answer, and that they may put into it
MAX_NESTED = 500_000

FLAT = "_classic_write"  # `load` of a read that gives many2one fields as ids

FieldBlocks = dict[str, "Block | None"]
Rows = list[dict[str, Any]]
# the records and the names of fields → a row for each record that there is
Fetch = Callable[["Recordset", "list[str]"], "Rows"]


def _fetch(records: Recordset, names: list[str]) -> Rows:
    rows: Rows = records.call("read", names, FLAT)
    return rows


def serialise(records: Recordset, block: Block, fetch: Fetch = _fetch) -> Rows:
    """Each record as `{field: value}`: a many2one is an id, an x2many a list of ids, a block another object.

    `fetch` reads the records themselves.  Raises what reading raises, UnknownField for a field that is not there,
    ValueError for a block on a field that leads nowhere, `QuerySyntaxError` for blocks that ask for too much.  Of a
    record of which nothing but the id is asked nobody finds out whether it is there.

    Differs: the real server has no limit to what it nests.
    """
    rows, _ = _Serialiser().records(records, block, fetch)
    return rows


class _Serialiser:
    """One answer; `_remaining` is how many values of nested blocks may still be read."""

    def __init__(self) -> None:
        self._remaining = MAX_NESTED

    def records(self, records: Recordset, block: Block, fetch: Fetch = _fetch) -> tuple[Rows, list[int]]:
        """Return the records, and of each how many values it has with all that is nested in it."""
        if not records:  # of which nobody looks at the fields
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
        """Put objects in place of a field's ids; every record is read once, however often it comes.

        Gives the weight that each row gains.
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
    """Return the fields to give, in order; a field that is asked for with all fields is flat, whatever else asks
    for it."""
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
    """Return the values of the fields in the plan's order; raises MissingError for a record that is gone."""
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
    """Return what an empty many2one gives: each field as it is of no record."""
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
    """Return why all fields of users cannot be read: the virtual fields of the groups, and logs for administrators
    alone.

    Source: rest-yezy §3; recorded in yezy-odoo-17.0.
    """
    if in_group(env, "base.group_system"):
        return KeyError("sel_groups_")
    texts, uid = env.db.profile.rules.refusals, env.uid
    log = {"kind": "Users Log", "model": "res.users.log", "mode": "read", "uid": uid}
    groups = texts.groups.format(groups=f"Administration{texts.group_separator}Settings")
    return AccessError(texts.model.format(head=texts.heads["read"].format(**log), groups=groups, **log))
