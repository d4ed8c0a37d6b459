"""The values of fields in the form of `read`, each field for all rows at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mockserver.orm.fields.base import Field
from mockserver.orm.fields.binary import Binary, column_size, file_struct
from mockserver.orm.fields.relational import Many2one, Properties
from mockserver.orm.query import properties
from mockserver.orm.query.computing import Computed
from mockserver.orm.query.many_values import values_of
from mockserver.orm.query.values import labels
from mockserver.orm.records.environment import Environment
from mockserver.orm.schema.model import Model
from mockserver.orm.storage.store import Row


def dicts(
    columns: Mapping[str, Iterable[Any]],
    number: int,
    empty: Mapping[str, Any] | None = None,
    rows: Sequence[Row] = (),
) -> list[dict[str, Any]]:
    """Return so many dicts of the values of columns, each of which has as many.

    With `empty`, `{name: value where there is none}`, names without a column are those of fields that `rows` hold.
    """
    shown = dict.fromkeys(columns) if empty is None else dict(empty)
    # a copy has the room for all values at once; a dict that is made of pairs grows, which takes twice as long
    found = [shown.copy() for _ in range(number)]
    for name in shown:
        if name in columns:
            for one, value in zip(found, columns[name], strict=True):
                one[name] = value
        else:
            for one, row in zip(found, rows, strict=True):
                if (value := row.get(name)) is not None:
                    one[name] = value
    return found


class Reading:
    """One call of `read`: its rows, and what it has computed of them."""

    def __init__(self, env: Environment, owner: Model, rows: Sequence[Row], load: Any) -> None:
        self._env = env
        self._owner = owner
        self._rows = rows
        self._load = load
        self._computed = Computed()
        self._labels: dict[str, dict[int, Any]] = {}  # display names by model

    def dicts(self, names: Iterable[str]) -> list[dict[str, Any]]:
        """Return a dict for each of the rows: its id, then what `read` shows of each field."""
        rows, fields = self._rows, self._owner.fields
        empties: dict[str, Any] = {"id": 0}
        columns: dict[str, Sequence[Any]] = {}
        for name in names:
            field = fields.get(name) or self._owner.field(name)  # which raises
            empties[name] = field.empty
            if not (field.shown_unchanged and field.direct):
                columns[name] = self._values(field)
        return dicts(columns, len(rows), empties, rows)

    def _values(self, field: Field) -> list[Any]:
        if field.shown_unchanged:
            empty = field.empty
            return [empty if value is None else value for value in self._held(field)]
        if isinstance(field, Many2one):
            return self._many2one(field)
        if field.relational:
            return [list(ids) if ids else [] for ids in self._held(field)]
        if isinstance(field, Properties):
            return [properties.read(self._env, self._owner, field, row) for row in self._rows]
        if isinstance(field, Binary):
            return self._files(field)
        return field.to_read_all(self._held(field), self._bin_size(field))

    def _held(self, field: Field) -> list[Any]:
        return values_of(self._env, self._owner, field, self._rows, self._computed)

    def _many2one(self, field: Field) -> list[Any]:
        ids = self._held(field)
        if self._load != "_classic_read":
            return [id_ or False for id_ in ids]
        if not any(ids):
            return [False] * len(ids)
        named = self._named(field.comodel, ids)
        return [_pair(id_, named) for id_ in ids]

    def _named(self, comodel: str, ids: Sequence[int | None]) -> Mapping[int, Any]:
        """Return `{id: display name}` of records, where they exist."""
        known = self._labels.get(comodel)
        if known is None:
            known = self._labels[comodel] = self._own_names() if comodel == self._owner.name else {}
        unknown = [id_ for id_ in ids if id_ and id_ not in known]
        model = self._env.db.registry.get(comodel) if unknown else None
        if model is not None:
            known.update(labels(self._env, model, unknown))
        return known

    def _own_names(self) -> dict[int, Any]:
        """Return the display names of the rows, if they are read, too."""
        field = self._owner.fields.get("display_name")
        if field is None or not field.compute:
            return {}
        computed = self._computed.values.get((self._owner.name, field.compute), {})
        return dict(computed.get("display_name", {}))

    def _files(self, field: Binary) -> list[Any]:
        env, rules = self._env, self._env.db.profile.rules
        bin_size = self._bin_size(field)
        if rules.binary_structs:
            found = values_of(env.with_context(bin_size=False), self._owner, field, self._rows)
            return [file_struct(value) for value in found]
        if bin_size and field.manual and rules.bin_size_of_column:
            return [column_size(row.get(field.name)) for row in self._rows]
        return [field.to_read(value, bin_size) for value in self._held(field)]

    def _bin_size(self, field: Field) -> bool:
        """Return whether sizes are asked for in the place of the field's contents."""
        context, own = self._env.context, f"bin_size_{field.name}"
        return bool(context.get("bin_size") or (field.name not in self._owner.attached and context.get(own)))


def _pair(id_: int | None, named: Mapping[int, Any]) -> Any:
    if not id_ or id_ not in named:
        return False
    name = named[id_]
    return [id_, False if name is None else name]
