"""The rows of `ir.model.fields` that describe the fields of models.

There are thousands, and most programs read none of them: they are made when the table is first used.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from mockserver.orm.fields.base import Field
from mockserver.orm.fields.relational import Many2one
from mockserver.orm.storage.store import Row, Store

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment

TABLE = "ir.model.fields"
# what the rows of all fields have
_ALIKE = {"index": False, "selectable": True, "domain": "[]"}


class Part(NamedTuple):
    """Fields of a model whose rows have consecutive ids, and what these rows have in common."""

    first: int
    fields: Sequence[Field]
    common: Row
    copied: str  # the name of the field that tells whether a field is copied

    def rows(self) -> Iterator[Row]:
        """Yield the rows, with their ids."""
        common = {**self.common, **_ALIKE}
        for id_, field in enumerate(self.fields, self.first):
            row = {
                **common, "id": id_, "name": field.name, "field_description": field.string,
                "ttype": field.described_type, "state": "manual" if field.manual else "base",
                "required": field.required, "readonly": field.readonly, "store": field.store,
                "translate": field.translate, "size": field.size or 0, self.copied: field.copy,
            }  # fmt: skip
            if isinstance(field, Many2one):
                row["on_delete"] = field.ondelete or "set null"
            for name in ("relation", "relation_field", "related"):
                value = getattr(field, name)
                if value is not None:
                    row[name] = value
            if field.depends:
                row["depends"] = ",".join(field.depends)
            yield row


class FieldRows:
    """Rows that are made when they are asked for; `known` are those that they follow."""

    def __init__(self, known: FieldRows | None = None) -> None:
        self._known = known
        self._parts: dict[str, list[Part]] = {}
        self._made: dict[int, Row] | None = None

    def add(self, model: str, part: Part) -> None:
        """Add the rows of fields of a model."""
        self._parts.setdefault(model, []).append(part)

    def names(self, model: str) -> set[str]:
        """Return the names of the fields of a model that have a row."""
        return {field.name for part in self._of(model) for field in part.fields}

    def id_of(self, model: str, name: str) -> int | None:
        """Return the id of the row of a field, or None."""
        for part in self._of(model):
            for id_, field in enumerate(part.fields, part.first):
                if field.name == name:
                    return id_
        return None

    def field_of(self, id_: int) -> Field | None:
        """Return the field that a row describes, or None."""
        for part in (part for parts in self._parts.values() for part in parts):
            if part.first <= id_ < part.first + len(part.fields):
                return part.fields[id_ - part.first]
        return self._known.field_of(id_) if self._known else None

    def rows(self) -> dict[int, Row]:
        """Return the rows by id, always the same, which nobody changes."""
        if self._made is None:
            own = sorted((part for parts in self._parts.values() for part in parts), key=lambda part: part.first)
            made = dict(self._known.rows()) if self._known else {}
            made.update((row["id"], row) for part in own for row in part.rows())
            self._made = made
        return self._made

    def _of(self, model: str) -> Iterator[Part]:
        if self._known is not None:
            yield from self._known._of(model)
        yield from self._parts.get(model, ())


def field_ids(env: Environment, field: Field) -> set[int]:
    """Return the ids of the rows that describe a field."""
    return ids_of(env.db.store, field.model, field.name)


def ids_of(store: Store, model: str, name: str) -> set[int]:
    """Return the ids of the rows that describe a field, by its name."""
    later = deferred(store)
    if later is not None:
        id_ = later.id_of(model, name)
        return set() if id_ is None else {id_}
    rows = store.rows(TABLE)
    return {id_ for id_ in store.having(TABLE, "name", (name,)) if rows[id_].get("model") == model}


def described(store: Store, id_: int) -> tuple[str, str]:
    """Return the model and the name of the field that a row describes."""
    later = deferred(store)
    field = None if later is None else later.field_of(id_)
    if field is not None:
        return field.model, field.name
    row = store.rows(TABLE)[id_]
    return row["model"], row["name"]


def deferred(store: Store) -> FieldRows | None:
    """Return the rows of the table if it has not been used yet, else None."""
    found = store.deferred(TABLE)
    return found if isinstance(found, FieldRows) else None
