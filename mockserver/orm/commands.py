"""x2many commands 0–6: read from a value, and applied to one2many and many2many fields.

Source: versions.md §10; recorded in core-commands (17.0).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from mockserver.orm import constraints, recompute
from mockserver.orm.fields import Field
from mockserver.orm.relational import One2many, invalid_integer

if TYPE_CHECKING:
    from mockserver.orm.environment import Recordset

CREATE, UPDATE, DELETE, UNLINK, LINK, CLEAR, SET = range(7)
Command = Sequence[Any]


def parse(field: Field, value: Any) -> list[Command]:
    """The commands that a written value means: a list of ids sets, an empty list is no command.

    False and None clear.  Raises ValueError for a value that is no list.
    """
    if value is None or value is False:
        return [(CLEAR,)]
    if not isinstance(value, (list, tuple)):
        raise ValueError(f"Wrong value for {field.model}.{field.name}: {value!r}")
    if all(isinstance(item, (list, tuple)) for item in value):
        return list(value)
    for item in value:
        if not isinstance(item, int):
            raise invalid_integer(item)
    return [(SET, 0, list(value))]


def apply(record: Recordset, field: Field, commands: Sequence[Command]) -> None:
    """Run the commands on one record's field."""
    if not commands:
        return
    if isinstance(field, One2many):
        _apply_one2many(record, field, commands)
    elif field.mirror:
        _apply_mirror(record, field, commands)
    else:
        store = record.env.db.store
        row = store.rows(record._name)[record._ids[0]]
        before = row.get(field.name) or ()
        after = _linked(record, field, before, commands)
        if after != before:
            row = dict(store.rows(record._name)[record._ids[0]])
            row.pop(field.name, None)
            store.put(record._name, {**row, field.name: after} if after else row)


def _linked(record: Recordset, field: Field, before: tuple[int, ...], commands: Sequence[Command]) -> tuple[int, ...]:
    """The linked ids after the commands; creates, writes and unlinks on the comodel as they say."""
    comodel = record.env[field.comodel]
    ids = dict.fromkeys(before)
    for command in commands:
        code = command[0]
        if code == CREATE:
            ids[comodel.call("create", command[2]).id] = None
        elif code == UPDATE:
            comodel.browse(command[1]).call("write", command[2])
        elif code == DELETE:
            ids.pop(command[1], None)
            comodel.browse(command[1]).call("unlink")
        elif code == UNLINK:
            ids.pop(command[1], None)
        elif code == LINK:
            ids[command[1]] = None
        elif code in (CLEAR, SET):
            ids = dict.fromkeys(command[2] if code == SET else ())
    after = tuple(ids)
    constraints.check_links(record.env, field, set(after) - set(before))
    return after


def _apply_mirror(record: Recordset, field: Field, commands: Sequence[Command]) -> None:
    """The other side of a many2many: the relation is stored on the comodel's rows."""
    store, comodel, id_ = record.env.db.store, field.comodel, record._ids[0]
    column = field.mirror or ""
    before = tuple(sorted(store.having(comodel, column, (id_,))))
    after = _linked(record, field, before, commands)
    for other in set(before) ^ set(after):
        row = store.get(comodel, other)
        if row is not None:
            held = row.get(column) or ()
            changed = (*held, id_) if other in after else tuple(i for i in held if i != id_)
            store.put(comodel, {**row, column: changed})
    recompute.run(
        record.env, recompute.dependents(record.env, comodel, (column,), set(before) ^ set(after))
    )


def _apply_one2many(record: Recordset, field: Field, commands: Sequence[Command]) -> None:
    comodel = record.env[field.comodel]
    inverse = field.relation_field or ""
    owner = record._ids[0]
    lines = record.env.db.store.having(comodel._name, inverse, (owner,))
    given = _inverse_values(comodel, inverse, record)
    detach = _detach(comodel, inverse)
    for command in commands:
        code = command[0]
        if code == CREATE:
            comodel.call("create", {**command[2], **given})
        elif code == UPDATE:
            comodel.browse(command[1]).call("write", command[2])
        elif code == DELETE:
            comodel.browse(command[1]).call("unlink")
        elif code == UNLINK:
            detach([command[1]])
        elif code == LINK:
            _attach(comodel, [command[1]], given, inverse)
        elif code in (CLEAR, SET):
            kept = list(command[2]) if code == SET else []
            detach(sorted(lines - set(kept)))
            _attach(comodel, kept, given, inverse)


def _inverse_values(comodel: Recordset, inverse: str, record: Recordset) -> dict[str, Any]:
    values: dict[str, Any] = {inverse: record._ids[0]}
    if comodel._model.field(inverse).type == "many2one_reference":
        companion = next((n for n in ("res_model", "model") if n in comodel._model.fields), None)
        if companion:
            values[companion] = record._name
    return values


def _attach(comodel: Recordset, ids: list[int], given: dict[str, Any], inverse: str) -> None:
    rows = comodel.browse(ids)._rows()  # raises MissingError
    moved = [row["id"] for row in rows if row.get(inverse) != given[inverse]]
    if moved:
        comodel.browse(moved).call("write", given)


def _detach(comodel: Recordset, inverse: str) -> Callable[[list[int]], None]:
    """What command 3 does to lines: the inverse is emptied, or the line goes where it cannot be."""
    owned = comodel._model.field(inverse).ondelete == "cascade"

    def detach(ids: list[int]) -> None:
        if ids and owned:
            comodel.browse(ids).call("unlink")
        elif ids:
            comodel.browse(ids).call("write", {inverse: False})

    return detach
