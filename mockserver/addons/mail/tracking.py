"""Changes of tracked fields: at the end of a transaction, each changed record gets one message with all its changes.

What a transaction has created is not tracked, nor what is written with `mail_notrack` or `tracking_disable` in the
context.  Source: recorded in flow-mail, flow-crm (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from mockserver.addons.base_mail.mail_thread import MailThread
from mockserver.addons.mail import log
from mockserver.orm.fields.base import Field
from mockserver.orm.query import slots, values
from mockserver.orm.query.field_rows import field_ids
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.rights.access import sees
from mockserver.orm.storage.store import Row

Key = tuple[str, int]
Touched = Mapping[Key, Row | None]
# notes of the transaction: the rows from which on changes count, and the values of fields that are not stored
_FROM, _COMPUTED = "mail.tracked_from", "mail.computed_before"
# the texts of the messages about the transaction's changes, by record
_TEXT = "mail.tracked_text"
_UNTRACKED = ("tracking_disable", "mail_notrack")


def is_off(env: Environment) -> bool:
    """Return whether changes are not tracked in this context."""
    return any(env.context.get(key) for key in _UNTRACKED)


# -- while the transaction runs


def set_text(records: Recordset, text: str) -> None:
    """Set the text of the messages that tell what this transaction changes of the records."""
    texts = records.env.db.notes.setdefault(_TEXT, {})
    texts.update({(records._name, id_): text for id_ in records._ids})


def before_write(records: Recordset, vals: Mapping[str, Any]) -> None:
    """Note what cannot be known later: the rows of the records, and values of fields that are not stored.

    Raises AccessError if the user may not read them; Source: recorded in flow-rights-1 (17.0).
    """
    env = records.env
    if records._model.tracked and not env.su:
        records._check_readable()
    table, noted = env.db.store.rows(records._name), env.db.notes.setdefault(_FROM, {})
    for id_ in records._ids:
        if id_ in table:
            noted.setdefault((records._name, id_), table[id_])
    names = [f.name for f in records._model.tracked if not f.column and not env.db.registry.roots(f).isdisjoint(vals)]
    computed = env.db.notes.setdefault(_COMPUTED, {}) if names else {}
    for record in records.sudo().exists() if names else ():
        held = computed.setdefault((records._name, record.id), {})
        for name in names:
            held.setdefault(name, _raw(record, name))


def after_untracked_write(records: Recordset) -> None:
    """Let changes count from here on, unless they count already."""
    table, noted = records.env.db.store.rows(records._name), records.env.db.notes.setdefault(_FROM, {})
    for id_ in records._ids:
        if id_ in table:
            noted.setdefault((records._name, id_), table[id_])


def _raw(record: Recordset, name: str) -> Any:
    return values.value(record.env, record._model, record._model.fields[name], record._rows()[0])


# -- at its end


def log_changes(env: Environment, touched: Touched) -> None:
    """Log what the transaction has changed: `touched` are the rows before it."""
    env = env.with_context({key: value for key, value in env.context.items() if not key.startswith("default_")})
    for name, changed in _changed(env, touched).items():
        records = env[name].sudo()
        entries: dict[int, log.Entry] = {}
        for id_, before in changed.items():
            record = records.browse(id_)
            if not record._logs_changes():
                continue
            subtype = record._track_subtype({f: _as_read(record, f, value) for f, value in before.items()})
            rows = tuple(_row(record, field, before[field]) for field in _in_order(record, before))
            text = env.db.notes.get(_TEXT, {}).pop((name, id_), "")
            entries[id_] = log.Entry(body=text, subtype=subtype.id if subtype else 0, tracked=rows)
        log.write(env[name].browse(entries), entries)


def _changed(env: Environment, touched: Touched) -> dict[str, dict[int, dict[str, Any]]]:
    """Return the old values of tracked fields by model, id and name."""
    found: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
    tracked: dict[str, list[Field]] = {}
    noted: Mapping[Key, Row] = env.db.notes.get(_FROM, {})
    computed: Mapping[Key, Mapping[str, Any]] = env.db.notes.get(_COMPUTED, {})
    for key, before in touched.items():
        name, id_ = key
        if before is None:
            continue  # created
        if name not in tracked:
            tracked[name] = _tracked_columns(env, name)
        now = env.db.store.get(name, id_) if tracked[name] else None
        if now is None:
            continue
        old = noted.get(key, before)
        changes = {
            field.name: was
            for field in tracked[name]
            if (was := slots.get(env, field, old)) != (new := slots.get(env, field, now)) and (was or new)
        }
        if changes:
            found[name][id_] = changes
    for (name, id_), held in computed.items():
        if env.db.store.get(name, id_) is not None:
            record = env.sudo()[name].browse(id_)
            changes = {n: was for n, was in held.items() if (was or None) != (_raw(record, n) or None)}
            if changes:
                found[name].setdefault(id_, {}).update(changes)
    return found


def _tracked_columns(env: Environment, name: str) -> list[Field]:
    model = env.db.registry.get(name)
    if model is None or not model.tracked or not issubclass(env.db.registry.records(name), MailThread):
        return []
    return [field for field in model.tracked if field.column and sees(env, field)]


def _in_order(record: Recordset, names: Mapping[str, Any]) -> list[str]:
    """Return names of fields in the order in which their changes are stored; Inferred: alphabetical until 16."""
    fields = record._model.fields
    if record.env.db.profile.rules.tracking_by_sequence:
        return sorted(names, key=lambda name: (_sequence(fields[name]), name), reverse=True)
    return sorted(names)


def _sequence(field: Field) -> int:
    return 100 if field.tracking is True else int(field.tracking)


def _as_read(record: Recordset, name: str, value: Any) -> Any:
    """Return an old value as the record had it."""
    field = record._model.fields[name]
    if field.relational:
        ids = value if isinstance(value, tuple) else (value,) if value else ()
        return record.env[field.comodel].browse(ids)
    return field.to_read(value)


def _row(record: Recordset, name: str, before: Any) -> dict[str, Any]:
    """Return the change of a field as a row of `mail.tracking.value`."""
    env, field = record.env, record._model.fields[name]
    id_ = next(iter(field_ids(env, field)), False)
    row = {
        "field_id": id_, "field": id_, "field_desc": field.string, "field_type": field.type,
        "tracking_sequence": _sequence(field),
    }  # fmt: skip
    if field.type == "monetary":
        currency = field.currency_field or "currency_id"
        row["currency_id"] = record[currency].id if currency in record._model.fields else False
    for when, value in (("old", before), ("new", _raw(record, name))):
        row |= {f"{when}_value_{kind}": held for kind, held in _values(record, field, value)}
    return row


def _values(record: Recordset, field: Field, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield `(kind of column, value)` for one value."""
    env, kind = record.env, field.type
    if kind == "monetary":
        columns = env.db.registry["mail.tracking.value"].fields
        yield "monetary" if "old_value_monetary" in columns else "float", value or 0.0
    elif kind in ("integer", "float", "char", "text", "datetime"):
        yield kind, field.to_read(value)
    elif kind == "date":
        yield "datetime", f"{_day(value)} 00:00:00" if value else False
    elif kind == "boolean":
        yield "integer", int(bool(value))
    elif kind == "selection":
        yield "char", dict(values.translated_selection(env, field) or ()).get(value, value or "")
    elif field.relational:
        ids = value if isinstance(value, tuple) else (value,) if value else ()
        named = values.labels(env, env.db.registry[field.comodel], ids)
        if not field.x2many:
            yield "integer", value or 0
        yield "char", ", ".join(str(named.get(id_, "")) for id_ in ids)
    else:
        yield "text", "" if value is None else str(value)


def _day(value: Any) -> str:
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)
