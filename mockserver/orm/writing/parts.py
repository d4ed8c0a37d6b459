"""Written values, converted and divided by how they are stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field as attribute
from functools import partial
from typing import TYPE_CHECKING, Any

from mockserver.orm.fields.base import Field, Selection
from mockserver.orm.fields.relational import Many2many, Many2one, One2many, Reference, invalid_text
from mockserver.orm.fields.texts import Html
from mockserver.orm.query import values
from mockserver.orm.schema.model import MAGIC_FIELDS
from mockserver.orm.storage.store import Row
from mockserver.orm.writing import amounts, commands

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment, Recordset


_NOTHING: Any = object()  # what no value is


@dataclass
class Parts:
    """Written values, divided by how they are stored."""

    columns: Row = attribute(default_factory=dict)
    lines: list[tuple[Field, list[commands.Command]]] = attribute(default_factory=list)
    delegated: dict[str, dict[str, Any]] = attribute(default_factory=dict)  # {path of many2one fields: values}
    inverses: dict[str, Any] = attribute(default_factory=dict)  # values whose field has a method that writes them


def split(records: Recordset, vals: Mapping[str, Any], *, creating: bool) -> Parts:
    """Convert values and divide them by how they are stored; raises the server's error for a bad name or value."""
    model, parts = records._model, Parts()
    columns, plain, fields = parts.columns, model.plain_columns, model.fields
    # a wrong id reaches the database in a write too
    strict = model.many2ones if creating or not records.env.db.profile.rules.many2one_list_empties else ()
    if not vals.keys() <= fields.keys():
        for name in vals:
            model.field(name)  # raises
    for name, value in vals.items():
        field = plain.get(name)
        if field is not None:
            columns[name] = field.to_store(value, creating=creating or name in strict)
        elif name not in MAGIC_FIELDS:  # those are ignored silently; Source: versions.md §9.5
            _add(parts, records.env, fields[name], value, creating=creating)
    if not model.monetaries.isdisjoint(columns):
        amounts.round_monetary(records, columns)
    return parts


def split_many(records: Recordset, several: Sequence[Mapping[str, Any]]) -> list[Parts]:
    """Return `split` for the values of new records; those that have the same fields are converted field by field."""
    alike: dict[tuple[str, ...], list[int]] = {}
    for place, vals in enumerate(several):
        alike.setdefault(tuple(vals), []).append(place)
    found = [Parts() for _ in several]
    try:
        for names, places in alike.items():
            _split_alike(records, names, [several[place] for place in places], [found[place] for place in places])
    except Exception:
        if len(several) == 1:
            raise
        for vals in several:  # the error is that of the first record that has one
            split(records, vals, creating=True)
        raise
    return found


def _split_alike(
    records: Recordset, names: Iterable[str], several: Sequence[Mapping[str, Any]], found: Sequence[Parts]
) -> None:
    """Convert the values of new records that have the same fields, and add them to the parts of each."""
    model, env = records._model, records.env
    for name in names:
        if name in MAGIC_FIELDS:
            continue
        field = model.field(name)
        convert = _converter(records, field)
        if convert is None:
            empty = field.x2many and not (field.inverse or field.related)
            for parts, vals in zip(found, several, strict=True):
                if vals[name] or not empty:  # no lines are nothing to add
                    _add(parts, env, field, vals[name], creating=True)
            continue
        before = converted = _NOTHING
        for parts, vals in zip(found, several, strict=True):
            if (value := vals[name]) is not before:  # most values are the same in all records
                before, converted = value, convert(value)
            parts.columns[name] = converted
    if not model.monetaries.isdisjoint(names):
        for parts in found:
            amounts.round_monetary(records, parts.columns)


def _converter(records: Recordset, field: Field) -> Callable[[Any], Any] | None:
    """Return what converts the value of a field for new records; None if it does not only become a column."""
    if field.name in records._model.plain_columns:
        return partial(field.to_store, creating=True)
    if field.column and not (field.inverse or field.related or field.x2many):
        return partial(stored, records.env, field, creating=True)
    return None


def _add(parts: Parts, env: Environment, field: Field, value: Any, *, creating: bool) -> None:
    """Convert the value of a field whose type does not do so alone, and add it to the parts."""
    rules = env.db.profile.rules
    if field.inverse:
        parts.inverses[field.name] = value
    if field.related and not field.column:
        if not creating and not field.x2many and rules.related_checked:
            stored(env, field, value, creating=False)
        if field.inherited or values.resolves(env, env.db.registry[field.model], field.related):
            _delegate(parts, field, value)
    elif isinstance(field, (One2many, Many2many)):
        if field.store and (value or not creating):
            parts.lines.append((field, commands.parse(field, value, takes_ids=rules.x2many_takes_ids)))
    elif field.column:
        if field.related:  # stored here, and written to its source
            _delegate(parts, field, value)
        parts.columns[field.name] = stored(env, field, value, creating=creating)


def _converted(env: Environment, field: Field, value: Any, *, creating: bool) -> Any:
    """Return the value as the field converts it; raises the database's error where that does the check."""
    rules = env.db.profile.rules
    if field.timed and isinstance(value, str):
        value = value[:19] if rules.datetime_cut else value
        value = value.replace("T", " ", 1) if rules.iso_datetimes else value
    if isinstance(field, Html) and rules.html_is_text and value and not isinstance(value, (str, bytes)):
        return "<p>Unknown error when sanitizing</p>"
    if field.type == "binary" and value and not (rules.binary_attached or isinstance(value, (str, bytes))):
        raise TypeError(f"{type(value).__name__!r} object is not subscriptable")
    if isinstance(field, Many2one) and not rules.many2one_list_empties:
        creating = True  # a wrong id reaches the database in a write too
    try:
        return field.to_store(value, creating=creating)
    except ValueError:
        unchecked = rules.unchecked_dates
        if field.dated and (unchecked == "always" or (creating and unchecked == "on create")):
            kind = (field.sql_type or field.type).partition(" ")[0]
            raise invalid_text("errors.InvalidDatetimeFormat", kind, value) from None
        raise


def stored(env: Environment, field: Field, value: Any, *, creating: bool) -> Any:
    """Return a value as rows hold it; checks selections whose choices are computed from data."""
    converted = _converted(env, field, value, creating=creating)
    decided_by_data = isinstance(field, Selection) and isinstance(field.selection, dict)
    checked = decided_by_data and env.db.profile.rules.data_selections_checked
    if converted is not None and checked and not values.allows(env, field, converted):
        raise ValueError(f"Wrong value for {field.model}.{field.name}: {value!r}")
    if isinstance(field, Reference) and converted is not None and not creating:
        model, _, id_ = converted.partition(",")
        if env.db.store.get(model, int(id_)) is None:
            return None  # a write checks the target, a create does not
    return converted


def _delegate(parts: Parts, field: Field, value: Any) -> None:
    path, _, name = (field.related or "").rpartition(".")
    if field.inherited or not field.readonly:
        parts.delegated.setdefault(path, {})[name] = value
