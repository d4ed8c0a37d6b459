"""What a form shows of a record and of its lines, and the commands that tell a client what to change of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mockserver.orm.fields.relational import Many2one, One2many
from mockserver.orm.records.environment import Recordset
from mockserver.orm.writing.commands import CLEAR, CREATE, DELETE, LINK, UNLINK, UPDATE

# {field: value}; of an x2many {id of a line: its values}
Shown = dict[str, Any]
ShownLines = dict[int, Shown]
Specification = Mapping[str, Any]


def shown(record: Recordset, specification: Specification) -> Shown:
    """Return the values of a record, and those of its lines."""
    names = [name for name in specification if name != "id"]
    if not names:
        return {}
    found: Shown = record.sudo().read(names, None)[0]
    for name in names:
        field = record._model.fields[name]
        if field.x2many:
            wanted = specification[name].get("fields") or {}
            lines = record.sudo().env[field.comodel].browse(found[name]) if field.comodel in record.env else ()
            found[name] = {line._ids[0]: shown(line, wanted) for line in lines}
    return {name: found[name] for name in names}


class FormLines:
    """The lines of a form: which of them are new, and the ids under which the client knows those.

    `sequences` are the last ids given before the form's changes were made.
    """

    def __init__(self, sequences: Mapping[str, int]) -> None:
        self._sequences = sequences
        self._names: dict[tuple[str, int], Any] = {}  # of new lines, by model and id

    def name(self, comodel: str, commands: Sequence[Any], made: Sequence[int]) -> None:
        """Remember the client's ids of the lines that commands have made; of `made` those that are new."""
        names = [command[1] for command in commands if command and command[0] == CREATE and len(command) > 1]
        ids = sorted(id_ for id_ in made if self._is_new(comodel, id_) and (comodel, id_) not in self._names)
        if len(names) == len(ids):
            self._names.update(((comodel, id_), name) for id_, name in zip(ids, names, strict=True))

    def _is_new(self, comodel: str, id_: int) -> bool:
        return id_ > self._sequences.get(comodel, 0)

    def _known_as(self, comodel: str, id_: int) -> Any:
        return (self._names.get((comodel, id_)) or 0) if self._is_new(comodel, id_) else id_

    def changes(
        self, record: Recordset, specification: Specification, now: Shown, before: Shown, restate: bool = False
    ) -> Shown:
        """Return what the client has to change: values as `web_read` shows them, and commands for lines.

        `restate`: commands clear the lines and tell all of them again, as until 16.
        """
        fields = record._model.fields
        changed = {
            name: spec for name, spec in specification.items() if name in now and now[name] != before.get(name, _NEVER)
        }
        simple = {name: spec for name, spec in changed.items() if not fields[name].x2many}
        found: Shown = record.web_read(simple)[0] if simple else {}
        found.pop("id", None)
        for name in changed.keys() - simple.keys():
            told = (self._restated if restate else self._commands)(
                record, name, specification[name].get("fields") or {}, now[name], before.get(name) or {}
            )
            if told:
                found[name] = told
        return {name: found[name] for name in changed if name in found}

    def _commands(
        self, record: Recordset, name: str, wanted: Specification, now: ShownLines, before: ShownLines
    ) -> list[tuple[Any, ...]]:
        field = record._model.fields[name]
        lines = record.env[field.comodel]
        remove = DELETE if isinstance(field, One2many) else UNLINK
        found: list[tuple[Any, ...]] = [(remove, self._known_as(lines._name, id_)) for id_ in before if id_ not in now]
        for id_, values in now.items():
            line, known = lines.browse(id_), self._known_as(lines._name, id_)
            if id_ in before:
                changes = self.changes(line, wanted, values, before[id_])
                if changes:
                    found.append((UPDATE, known, changes))
            elif self._is_new(lines._name, id_):
                found.append((CREATE, known, self.changes(line, wanted, values, {})))
            else:
                found.append((LINK, id_, line.web_read(wanted)[0]))
        return found

    def _restated(
        self, record: Recordset, name: str, wanted: Specification, now: ShownLines, before: ShownLines
    ) -> list[tuple[Any, ...]]:
        lines = record.env[record._model.fields[name].comodel]
        found: list[tuple[Any, ...]] = [(CLEAR,)]
        for id_, values in now.items():
            line, known = lines.browse(id_), self._known_as(lines._name, id_)
            new = self._is_new(lines._name, id_)
            changes = self.changes(line, wanted, values, {} if new else before.get(id_, values), restate=True)
            found.append((CREATE, known, changes) if new else (UPDATE, id_, changes) if changes else (LINK, id_))
        return found


_NEVER = object()  # what a form showed of a field before it showed anything


def with_pairs(record: Recordset, found: Shown) -> Shown:
    """Return changes with `[id, name]` for many2one fields, and in the commands for lines, as until 16."""
    fields = record._model.fields
    told: Shown = {}
    for name, value in found.items():
        field = fields[name]
        if isinstance(field, Many2one) and isinstance(value, dict):
            # a record that is not there has no name, and is none
            value = [value["id"], value["display_name"]] if "display_name" in value else False
        elif field.x2many:
            lines = record.env[field.comodel]
            value = [(*item[:2], with_pairs(lines, item[2])) if len(item) > 2 else item for item in value]
        told[name] = value
    return told
