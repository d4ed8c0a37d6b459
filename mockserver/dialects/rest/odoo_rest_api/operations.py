"""Values of fields in PUT: lists, which replace, and the operations `push`, `pop` and `delete`.

Source: rest-yezy §6; recorded in yezy-odoo-17.0.
"""

from __future__ import annotations

from typing import Any

from mockserver.orm.fields.relational import Many2many
from mockserver.orm.records.environment import Recordset
from mockserver.orm.writing.commands import DELETE, LINK, SET, UNLINK

_CODES = {"push": LINK, "pop": UNLINK, "delete": DELETE}


def x2many_commands(data: Any, *, strict: bool) -> dict[Any, Any]:
    """Return `data` with lists and operations replaced by x2many commands, for any type of field.

    An unknown operation is skipped, or with `strict` raises the RuntimeError of the real server.  Raises TypeError
    if data is not a mapping or an operation has no list.
    """
    return {name: _commands(data[name], strict) for name in data}


def _commands(value: Any, strict: bool) -> Any:
    if isinstance(value, list):
        return [(SET, 0, value)]
    if not isinstance(value, dict):
        return value
    commands = []
    for operation, ids in value.items():
        code = _CODES.get(operation)
        if code is not None:
            commands += [(code, id_, 0) for id_ in ids]
        elif strict:
            raise RuntimeError("dictionary changed size during iteration")
    return commands


def links_missing_record(no_records: Recordset, values: dict[Any, Any]) -> bool:
    """Return whether one of the values links a many2many to a record that does not exist.

    Other failures make PUT answer False; this one leaves the database's transaction aborted.
    """
    fields = no_records._model.fields
    for name, commands in values.items():
        field = fields.get(name) if isinstance(name, str) else None
        if not isinstance(field, Many2many) or not isinstance(commands, list):
            continue
        rows = no_records.env.db.store.rows(field.comodel)
        for code, id_, ids in commands:
            wanted = ids if code == SET else [id_] if code == LINK else []
            if any(type(one) is int and one not in rows for one in wanted):
                return True
    return False
