"""Readers: functions that read a field of records as an attribute, made once for each field of a registry.

Most reads are of one record and of what rows hold: a column, or a column at the end of many2one fields.  Such a reader
knows where the value is.  Other fields, several records and values in a frame are read by `Recordset._value_of`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mockserver.orm.fields.base import Field
from mockserver.orm.query import slots, values
from mockserver.orm.query.computing import framed
from mockserver.orm.storage.store import Row

if TYPE_CHECKING:
    from mockserver.orm.query.computing import Frame
    from mockserver.orm.records.environment import Environment
    from mockserver.orm.records.recordset import Recordset
    from mockserver.orm.schema.model import Model
    from mockserver.orm.schema.registry import Registry

Reader = Callable[["Recordset"], Any]
# the fields that a value comes from, by model
_Sources = Mapping[str, frozenset[str]]
# finds the value in a row, or in one that the row leads to
_Find = Callable[["Environment", Row], Any]


def make_reader(registry: Registry, model: Model, field: Field) -> Reader:
    """Return the function that reads a field of records of a model."""
    found = _where(registry, model, field)
    if field.relational and field.comodel not in registry:
        found = None  # which raises
    elif field.x2many and not field.related and (field.store or not field.compute):
        return _lines_reader(registry, model, field)
    if found is None:
        return lambda records: records._value_of(model, field)
    sources, find = found
    if not field.direct:
        return _found_reader(registry, model, field, sources, find)
    return (_record_reader if field.relational else _column_reader)(registry, model, field)


def field_property(model: str, name: str) -> property:
    """Return the attribute of a class of records that reads a field, as the registry of each database has it.

    Python takes three times as long for an attribute that `__getattr__` finds.
    """
    key = model, name

    def read(records: Recordset) -> Any:
        reader = records.env.db.registry.readers.get(key)
        return records.__getattr__(name) if reader is None else reader(records)

    return property(read)


def attribute(field: Field) -> Callable[[Any], Any]:
    """Return the function from what rows hold to the value of an attribute: as `read` shows it, but for early years."""
    if field.timed:
        return _time
    return _day if field.dated else field.to_read


def _time(value: Any) -> Any:
    return False if value is None else value[:19]


def _day(value: Any) -> Any:
    """Return a date or a time with the four digits of the year that Python needs, where `read` leaves zeros out."""
    return False if value is None else value


def _column_reader(registry: Registry, model: Model, field: Field) -> Reader:
    table, name, to_read = model.name, field.name, attribute(field)
    empty, unchanged = to_read(None), to_read is _day or field.shown_unchanged

    def read(records: Recordset) -> Any:
        ids, db = records._ids, records.env.db
        if len(ids) == 1 and not (db.frames and framed(db.frames, table, name)):
            row = db.store.rows(table).get(ids[0])
            if row is not None:
                value = row.get(name)
                return empty if value is None else value if unchanged else to_read(value)
        return records._value_of(model, field) if ids else empty

    return read


def _record_reader(registry: Registry, model: Model, field: Field) -> Reader:
    table, name, cls = model.name, field.name, registry.records(field.comodel)

    def read(records: Recordset) -> Any:
        ids, env = records._ids, records.env
        db = env.db
        if len(ids) == 1 and not (db.frames and framed(db.frames, table, name)):
            row = db.store.rows(table).get(ids[0])
            if row is not None:
                found = row.get(name)
                return cls(env, (found,) if found else ())
        return records._value_of(model, field) if ids else cls(env, ())

    return read


def _found_reader(registry: Registry, model: Model, field: Field, sources: _Sources, find: _Find) -> Reader:
    table, to_read = model.name, attribute(field)
    cls = registry.records(field.comodel) if field.relational else None

    def read(records: Recordset) -> Any:
        ids, env = records._ids, records.env
        db = env.db
        if len(ids) == 1 and not (db.frames and _framed(db.frames, sources)):
            row = db.store.rows(table).get(ids[0])
            if row is not None:
                found = find(env, row)
                return to_read(found) if cls is None else cls(env, (found,) if found else ())
        return records._value_of(model, field)

    return read


def _lines_reader(registry: Registry, model: Model, field: Field) -> Reader:
    table, name, cls = model.name, field.name, registry.records(field.comodel)

    def read(records: Recordset) -> Any:
        ids, env = records._ids, records.env
        db = env.db
        if len(ids) == 1 and not (db.frames and framed(db.frames, table, name)):
            row = db.store.rows(table).get(ids[0])
            if row is not None:
                return cls(env, values.lines(env, model, field, row))
        return records._value_of(model, field) if ids else cls(env, ())

    return read


def _framed(frames: Sequence[Frame], sources: _Sources) -> bool:
    """Return whether a frame may have a value of one of the fields."""
    return any(frame.model in sources and not sources[frame.model].isdisjoint(frame.values) for frame in frames)


def _where(registry: Registry, model: Model, field: Field) -> tuple[_Sources, _Find] | None:
    """Return which fields a value comes from and what finds it; None for one that rows do not hold."""
    own = {model.name: frozenset({field.name})}
    if field.column and not field.x2many:
        return own, lambda env, row: slots.get(env, field, row)
    if field.compute or field.x2many or not field.related:
        return None
    found = _at_end(registry, model, field.related)
    return None if found is None else (_joined(own, found[0]), found[1])


def _at_end(registry: Registry, model: Model, path: str) -> tuple[_Sources, _Find] | None:
    """Return `_where` for the field at the end of a path of many2one columns."""
    step, _, rest = path.partition(".")
    field = model.fields.get(step)
    if field is None or not rest:
        return None if field is None else _where(registry, model, field)
    comodel = registry.get(field.comodel)
    further = _at_end(registry, comodel, rest) if comodel is not None and field.relational and field.direct else None
    if comodel is None or further is None:
        return None
    sources, find = further
    table = comodel.name

    def follow(env: Environment, row: Row) -> Any:
        id_ = row.get(step)
        at = env.db.store.rows(table).get(id_) if id_ else None
        return None if at is None else find(env, at)

    return _joined({model.name: frozenset({step})}, sources), follow


def _joined(some: _Sources, others: _Sources) -> _Sources:
    return {model: some.get(model, frozenset()) | others.get(model, frozenset()) for model in {**some, **others}}
