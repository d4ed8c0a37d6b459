"""Written values, converted and divided by how they are stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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


@dataclass
class Parts:
    """Written values, divided by how they are stored."""

    columns: Row = attribute(default_factory=dict)
    lines: list[tuple[Field, list[commands.Command]]] = attribute(default_factory=list)
    delegated: dict[str, dict[str, Any]] = attribute(default_factory=dict)  # {path of many2one fields: values}
    inverses: dict[str, Any] = attribute(default_factory=dict)  # values whose field has a method that writes them

    def copy(self) -> Parts:
        """Return parts to which others can be added."""
        delegated = {path: {**vals} for path, vals in self.delegated.items()}
        return Parts({**self.columns}, [*self.lines], delegated, {**self.inverses})


def split(records: Recordset, vals: Mapping[str, Any], *, creating: bool) -> Parts:
    """Convert values and divide them by how they are stored; raises the server's error for a bad name or value."""
    parts = _divided(records, vals, creating=creating)
    if not records._model.monetaries.isdisjoint(parts.columns):
        amounts.round_monetary(records, parts.columns)
    return parts


def _divided(records: Recordset, vals: Mapping[str, Any], *, creating: bool) -> Parts:
    """Return `split` without the rounding of amounts."""
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
    return parts


def split_many(records: Recordset, several: Sequence[Mapping[str, Any]]) -> list[Parts]:
    """Return `split` for the values of new records; what those with the same fields have in common is converted once.

    The error is that of the first record that has one.
    """
    if len(several) == 1:
        return [split(records, several[0], creating=True)]
    alike: dict[tuple[str, ...], list[int]] = {}
    for place, vals in enumerate(several):
        alike.setdefault(tuple(vals), []).append(place)
    found: dict[int, Parts] = {}
    try:
        for places in alike.values():
            found.update(zip(places, _split_alike(records, [several[place] for place in places]), strict=True))
    except Exception:
        for vals in several:
            split(records, vals, creating=True)
        raise
    return [found[place] for place in range(len(several))]


def _split_alike(records: Recordset, several: Sequence[Mapping[str, Any]]) -> list[Parts]:
    """Return `split` for the values of new records with the same fields, which are converted one by one."""
    model, env = records._model, records.env
    given = {name: [vals[name] for vals in several] for name in several[0]}
    # the same by identity: equal values may be converted differently
    common = {name: column[0] for name, column in given.items() if len(set(map(id, column))) == 1}
    shared = _divided(records, common, creating=True)
    found = [shared.copy() for _ in several]
    for name in [name for name in given if name not in common and name not in MAGIC_FIELDS]:
        field, column = model.field(name), given[name]
        convert = _converter(records, field)
        if convert is not None:
            different = {id(value): value for value in column}
            converted = {key: convert(value) for key, value in different.items()}
            for parts, value in zip(found, column, strict=True):
                parts.columns[name] = converted[id(value)]
            continue
        empty = field.x2many and not (field.inverse or field.related)
        for parts, value in zip(found, column, strict=True):
            if value or not empty:  # no lines are nothing to add
                _add(parts, env, field, value, creating=True)
    if not model.monetaries.isdisjoint(given):
        for parts in found:
            amounts.round_monetary(records, parts.columns)
    return found


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


def followed(records: Recordset, path: str) -> Any:
    """Return the records at the end of a path of `delegated`, the same ones for none: another name of their field."""
    target: Any = records
    for name in filter(None, path.split(".")):
        target = target._related(name)
    return target


def _delegate(parts: Parts, field: Field, value: Any) -> None:
    path, _, name = (field.related or "").rpartition(".")
    if field.inherited or not field.readonly:
        parts.delegated.setdefault(path, {})[name] = value
