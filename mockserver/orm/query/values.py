"""Values of fields of any kind: columns, inverses, related and computed fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from mockserver.orm.fields.base import Field, Selection
from mockserver.orm.fields.relational import Many2one, One2many, inverse_name
from mockserver.orm.fields.texts import Char
from mockserver.orm.query import computing, reverse, slots
from mockserver.orm.query.field_rows import field_ids
from mockserver.orm.query.order import sort, without
from mockserver.orm.storage.store import Row

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment
    from mockserver.orm.schema.model import Model


def value(env: Environment, model: Model, field: Field, row: Row) -> Any:
    """Return the value of a field as a row would hold it; the lines of an x2many in their order."""
    if env.db.frames:
        found = computing.frame_value(env.db.frames, model.name, field, row["id"])
        if found is not computing.MISSING:
            return found
    if field.direct:
        return row.get(field.name)
    if field.x2many and not field.related and (field.store or field.compute is None):
        return lines(env, model, field, row)
    if field.column:
        return slots.get(env, field, row)
    if field.compute:
        return computing.value_of(env, model, field, row)
    if field.related:
        # a user who may read the record may read the value at the end of the path
        lines_follow = field.x2many and not env.su
        return related(env.sudo() if lines_follow else env, model, field.related, row)
    if field.name == "display_name":
        return label(env, model, row)
    if field.name == "__last_update":
        return row.get("write_date") or row.get("create_date")
    return None


def resolves(env: Environment, model: Model | None, path: str, *, unloaded: bool = False) -> bool:
    """Return whether every step of a path of fields is there; a related field may come from a module that is not.

    `unloaded`: what to return where a step leads to a model that is not loaded.
    """
    for step in path.split("."):
        if model is None:
            return unloaded
        field = model.fields.get(step)
        if field is None:
            return False
        model = env.db.registry.get(field.comodel) if field.comodel else None
    return True


def related(env: Environment, model: Model, path: str, row: Row) -> Any:
    """Return the value at the end of a path of fields; None where a step is empty."""
    *steps, last = path.split(".")
    at: Row | None = row
    for step in steps:
        field = model.fields.get(step)
        comodel = env.db.registry.get(field.comodel) if field else None
        if field is None or comodel is None or at is None:
            return None
        found = value(env, model, field, at)
        first = found[0] if isinstance(found, tuple) and found else found
        at = env.db.store.get(comodel.name, first) if first else None
        model = comodel
    return value(env, model, model.fields[last], at) if at is not None and last in model.fields else None


def lines(env: Environment, model: Model, field: Field, row: Row) -> tuple[int, ...]:
    """Return the ids of an x2many in the comodel's order, without archived records and unreadable ones.

    With `active_test` false, in the context or the field's own, archived records are included.
    """
    comodel = env.db.registry.get(field.comodel)
    if comodel is None:
        return ()
    if isinstance(field, One2many) or field.mirror:
        ids: Iterable[int] = reverse.lines(env, field, row["id"])
    else:
        ids = row.get(field.name) or ()
    return tuple(row["id"] for row in shown_lines(env, comodel, field, ids)) if ids else ()


def shown_lines(env: Environment, comodel: Model, field: Field, ids: Iterable[int]) -> Sequence[Row]:
    """Return the rows of an x2many with these ids that `lines` shows, in order."""
    if field.context:
        env = env.with_context(**field.context)
    table = env.db.store.rows(comodel.name)
    rows: Sequence[Row] = [table[i] for i in sorted(ids) if i in table]
    active = comodel.active_name
    if field.domain:
        rows = _matching(env, comodel, field.domain, rows)
    if active and env.context.get("active_test", True) and not any(leaf[0] == active for leaf in field.domain or ()):
        rows = [r for r in rows if r.get(active)]
    rows = env.readable(comodel.name, rows)
    if len(rows) > 1:
        rows = sort(env, comodel, rows, without(comodel.order, inverse_name(field)))  # alike in lines of one record
    return rows


def _matching(env: Environment, model: Model, domain: list[Any], rows: Sequence[Row]) -> Sequence[Row]:
    from mockserver.orm.query.domain import compile_domain

    return compile_domain(env, model, domain).filter(rows)


def label(env: Environment, model: Model, row: Row) -> Any:
    """Return the display name of a row, None if it is empty."""
    own = model.fields.get("display_name")
    if own is not None and own.compute:
        return computing.value_of(env, model, own, row)
    return plain_label(env, model, row)


def plain_label(env: Environment, model: Model, row: Row) -> Any:
    """Return the display name of a row from the model's label field."""
    if model.label_field is None or model.label_field not in model.fields:
        return f"{model.name},{row['id']}"
    field = model.fields[model.label_field]
    found = value(env, model, field, row)
    if not found:
        return env.db.profile.rules.missing_name if found is None else env.db.profile.rules.empty_name
    if isinstance(field, Many2one) and field.comodel in env.db.registry:
        return labels(env, env.db.registry[field.comodel], (found,)).get(found)
    if isinstance(field, Selection):
        return dict(translated_selection(env, field) or ()).get(found, found)
    return found if isinstance(found, str) else str(found)


def labels(env: Environment, model: Model, ids: Iterable[int]) -> dict[int, Any]:
    """Return `{id: display name}` for the ids that exist."""
    table = env.db.store.rows(model.name)
    rows = [table[id_] for id_ in dict.fromkeys(ids) if id_ in table]
    own = model.fields.get("display_name")
    if own is not None and own.compute and rows:
        return dict(computing.evaluate(env, model, own, [row["id"] for row in rows])["display_name"])
    field = model.fields.get(model.label_field or "")
    if field is None or not isinstance(field, Char) or not field.column or env.db.frames:
        return {row["id"]: plain_label(env, model, row) for row in rows}
    if slots.plain(env, field):
        name = field.name
        return {row["id"]: row.get(name) or plain_label(env, model, row) for row in rows}
    get = slots.getter(env, field)
    return {row["id"]: get(row) or plain_label(env, model, row) for row in rows}


def selection(env: Environment, field: Field) -> list[list[str]] | None:
    """Return the choices of a selection or reference field, `[[value, label]]`."""
    choices = field.selection
    if not isinstance(choices, dict):
        return choices  # type: ignore[no-any-return]
    if choices["call"] == "timezones":
        return [[zone, zone] for zone in _timezones()]
    if choices["call"] == "models":
        return [[model.name, model.description] for model in env.db.registry.values()]
    return languages(env, every=choices["call"] == "all_languages")


def field_label(env: Environment, field: Field) -> str:
    """Return the label of a field in the language of the context, from its row in ir.model.fields."""
    described = env.db.registry.get("ir.model.fields")
    if env.lang == slots.SOURCE or described is None or "field_description" not in described.fields:
        return field.string
    rows = env.db.store.rows("ir.model.fields")
    get = slots.getter(env, described.fields["field_description"])
    return next((get(rows[i]) for i in field_ids(env, field) if i in rows), None) or field.string


def translated_selection(env: Environment, field: Field) -> list[list[str]] | None:
    """Return `selection` with the labels in the language of the context; names of records are not translated."""
    choices = selection(env, field)
    return choices if choices is None or field.selection is not choices else [[key, env._(at)] for key, at in choices]


def languages(env: Environment, *, every: bool = False) -> list[list[str]]:
    """Return `[[code, name]]` of the active languages, or of all, sorted by name."""
    rows = sorted(env.db.store.rows("res.lang").values(), key=lambda row: str(row.get("name")))
    return [[row["code"], row["name"]] for row in rows if every or row.get("active")]


@cache
def _timezones() -> list[str]:
    """Return the names of the time zones; cached, since finding them opens 600 files."""
    return [zone for zone in sorted(available_timezones()) if re.match(r"[A-Z]", zone)]


def _is_timezone(name: Any) -> bool:
    """Return whether there is a time zone of this name, without finding all of them."""
    if not (isinstance(name, str) and re.match(r"[A-Z]", name)):
        return False
    try:
        ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return False
    return True


def allows(env: Environment, field: Field, value: Any) -> bool:
    """Return whether a value is among the current choices of a field whose choices depend on the data."""
    if field.selection == {"call": "languages"}:
        rows = env.db.store.rows("res.lang")
        return any(rows[i].get("active") for i in env.db.store.having("res.lang", "code", (value,)))
    if field.selection == {"call": "timezones"}:
        return _is_timezone(value)
    return any(value == key for key, _ in selection(env, field) or ())
