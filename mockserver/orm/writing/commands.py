"""x2many commands 0–6: parsed from written values, and applied to one2many and many2many fields.

Source: versions.md §10; recorded in core-commands (17.0).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from mockserver.orm.fields.base import Field
from mockserver.orm.fields.relational import One2many, invalid_integer
from mockserver.orm.query import reverse
from mockserver.orm.writing import constraints, recompute

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Recordset

CREATE, UPDATE, DELETE, UNLINK, LINK, CLEAR, SET = range(7)
Command = Sequence[Any]
# (UNLINK | LINK | SET, ids)
Link = tuple[int, list[int]]


def parse(field: Field, value: Any, *, takes_ids: bool = True) -> list[Command]:
    """Return a written value as commands: a list of ids becomes SET, False and None CLEAR, an empty list no command.

    Raises ValueError for a value that is not a list.  Without `takes_ids` only lists of commands are accepted;
    Source: versions.md §10.
    """
    if not takes_ids:
        return _parse_without_ids(field, value)
    if value is None or value is False:
        return [(CLEAR,)]
    if not isinstance(value, (list, tuple)):
        raise ValueError(f"Wrong value for {field.model}.{field.name}: {value}")
    if all(isinstance(item, (list, tuple)) for item in value):
        return list(value)
    for item in value:
        if not isinstance(item, int):
            raise invalid_integer(item)
    return [(SET, 0, list(value))]


def _parse_without_ids(field: Field, value: Any) -> list[Command]:
    if value and not isinstance(value, (list, tuple, str, dict)):
        raise TypeError(f"'{type(value).__name__}' object is not iterable")
    given = value if isinstance(value, (list, tuple)) else []
    found: list[Command] = [item for item in given if isinstance(item, (list, tuple))]
    if isinstance(field, One2many) and len(found) < len(given):
        raise TypeError("'int' object is not subscriptable")
    return found


def apply(records: Recordset, field: Field, commands: Sequence[Command], *, creating: bool = False) -> None:
    """Run the commands on a field of the records; `creating`: which have just been created.

    A many2many creates a target once and links it to each record; a one2many creates a line for each record.
    """
    if isinstance(field, One2many):
        apply_to_lines([(record, commands) for record in records], field, creating=creating)
    elif commands:
        links = _links(records.env[field.comodel], commands)
        for record in records:
            (_link_mirror if field.mirror else _link)(record, field, links)


def links(records: Recordset, field: Field, value: Any) -> list[Link]:
    """Run the creates, writes and unlinks of a value that is written to a field without column; return its links."""
    takes_ids = records.env.db.profile.rules.x2many_takes_ids
    return _links(records.env[field.comodel], parse(field, value, takes_ids=takes_ids))


def _links(comodel: Recordset, commands: Sequence[Command]) -> list[Link]:
    """Run creates, writes and unlinks on the comodel; return what is left to link as `(UNLINK | LINK | SET, ids)`."""
    links: list[Link] = []
    for command in commands:
        code = command[0]
        if code == CREATE:
            links.append((LINK, comodel.create(command[2]).ids))
        elif code == UPDATE:
            comodel.browse(command[1]).write(command[2])
        elif code == DELETE:
            comodel.browse(command[1]).unlink()
            links.append((UNLINK, [command[1]]))
        elif code in (UNLINK, LINK):
            links.append((code, [command[1]]))
        elif code in (CLEAR, SET):
            links.append((SET, list(command[2]) if code == SET else []))
    return links


def resulting(record: Recordset, field: Field, before: tuple[int, ...], links: list[Link]) -> tuple[int, ...]:
    """Return the ids that links leave of those before; raises the database's error for a new one that is missing."""
    ids = dict.fromkeys(before)
    for code, given in links:
        if code == UNLINK:
            ids = {id_: None for id_ in ids if id_ not in given}
        else:
            ids = (ids if code == LINK else {}) | dict.fromkeys(given)
    after = tuple(ids)
    new = set(after) - set(before)
    _check_texts(new)
    constraints.check_links(record.env, field, new)
    return after


def _check_texts(ids: Iterable[Any]) -> None:
    """Raise the database's error for a text in the place of an id.  Inferred: the statement fails before it looks."""
    for id_ in ids:
        if isinstance(id_, str):
            raise invalid_integer(id_)


def _link(record: Recordset, field: Field, links: list[Link]) -> None:
    store, row = record.env.db.store, record._rows()[0]
    before = row.get(field.name) or ()
    after = resulting(record, field, before, links)
    if after != before:
        row = {name: value for name, value in row.items() if name != field.name}
        store.put(record._name, {**row, field.name: after} if after else row)


def _link_mirror(record: Recordset, field: Field, links: list[Link]) -> None:
    """Link on the other side of a many2many, whose relation is stored in the comodel's rows.

    Inferred: a record that its own commands delete cannot be linked, by the foreign key of the relation.
    """
    env, comodel, id_ = record.env, field.comodel, record._ids[0]
    column = field.mirror or ""
    before = tuple(sorted(reverse.lines(env, field, id_)))
    after = resulting(record, field, before, links)
    changed = set(before) ^ set(after)
    if not changed.issubset(before):  # the commands may have deleted the record itself
        constraints.check_links(env, env.db.registry[comodel].fields[column], (id_,))
    for other in changed:
        row = env.db.store.rows(comodel)[other]
        held = row.get(column) or ()
        linked = (*held, id_) if other in after else tuple(i for i in held if i != id_)
        env.db.store.put(comodel, {**row, column: linked})
    recompute.run(env, recompute.dependents(env, comodel, (column,), changed))


def apply_to_lines(
    given: Sequence[tuple[Recordset, Sequence[Command]]], field: Field, *, creating: bool = False
) -> None:
    """Run the commands on the lines of each record; where the generation does so, one call creates all new lines."""
    if not given:
        return
    env = given[0][0].env
    together = env.db.profile.rules.lines_created_together
    new = _NewLines(env[field.comodel], together == "always" or (creating and together == "on create"))
    for record, commands in given:
        _apply_one2many(record, field, commands, new)
    new.create()


def _apply_one2many(record: Recordset, field: Field, commands: Sequence[Command], new: _NewLines) -> None:
    """Run the commands on the lines of a record; those to create are added to `new`."""
    comodel = record.env[field.comodel]
    inverse = field.relation_field or ""
    owner = record._ids[0]
    given = _inverse_values(comodel, inverse, record)
    detach = _detach(comodel, inverse)
    for command in commands:
        code = command[0]
        if code == CREATE:
            new.add({**command[2], **given})
        elif code == UPDATE:
            comodel.browse(command[1]).write(command[2])
        elif code == DELETE:
            comodel.browse(command[1]).unlink()
        elif code == UNLINK:
            detach([command[1]])
        elif code == LINK:
            _attach(comodel, [command[1]], given)
        elif code in (CLEAR, SET):
            new.create()
            kept = list(command[2]) if code == SET else []
            detach(sorted(set(reverse.lines(record.env, field, owner)).difference(kept)))
            _attach(comodel, kept, given)


class _NewLines:
    """Lines to create: each at once, or `together` by one call."""

    def __init__(self, comodel: Recordset, together: bool) -> None:
        self._comodel = comodel
        self._together = together
        self._pending: list[dict[str, Any]] = []

    def add(self, values: dict[str, Any]) -> None:
        """Create a line, or keep its values for the next call of `create`."""
        self._pending.append(values)
        if not self._together:
            self.create()

    def create(self) -> None:
        """Create the lines that are still to be created."""
        values, self._pending = self._pending, []
        if values:
            self._comodel.create(values if len(values) > 1 else values[0])


def _inverse_values(comodel: Recordset, inverse: str, record: Recordset) -> dict[str, Any]:
    model_field = reverse.companion(comodel._model, comodel._model.field(inverse))
    return {inverse: record._ids[0], **({model_field: record._name} if model_field else {})}


def _attach(comodel: Recordset, ids: list[int], given: dict[str, Any]) -> None:
    _check_texts(ids)
    rows = comodel.browse(ids)._rows()  # raises MissingError
    moved = [row["id"] for row in rows if any(row.get(name) != value for name, value in given.items())]
    if moved:
        comodel.browse(moved).write(given)


def _detach(comodel: Recordset, inverse: str) -> Callable[[list[int]], None]:
    """Return the function for command 3: it clears the lines' inverse, or deletes lines that cascade with it."""
    owned = comodel._model.field(inverse).ondelete == "cascade"

    def detach(ids: list[int]) -> None:
        if ids and owned:
            comodel.browse(ids).unlink()
        elif ids:
            comodel.browse(ids).write({inverse: False})

    return detach
