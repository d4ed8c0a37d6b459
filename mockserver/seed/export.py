"""A database as a fixture: the models and records that it has beyond another database, or all that differs."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from mockserver.orm.database import Database
from mockserver.orm.fields.base import Field
from mockserver.orm.query.company_defaults import PROPERTY
from mockserver.orm.query.slots import slots_of, varies
from mockserver.orm.schema.model import LOG_FIELDS, MAGIC_FIELDS, Constraint, Model
from mockserver.orm.storage.store import Row
from mockserver.seed import varied
from mockserver.seed.check import COUNTER, FIELD_KEYS
from mockserver.seed.files import Fixture
from mockserver.seed.links import Links
from mockserver.seed.records import model_xmlid

# written by the ORM itself whenever a model is defined, or exported with the records as their `xmlid`
_GENERATED = ("ir.model", "ir.model.fields", "ir.model.fields.selection", "ir.model.data")
_FLAG = "rest_api"
_NAMES = "ir.model.data"
# (model, id) → external id, noupdate
XmlIds = Mapping[tuple[str, int], tuple[str, bool]]
_MODEL_KEYS = (
    "description", "order", "rec_name", "parent_name", "parent_store", "transient", "abstract", "log_access",
    "inherits", "module", "defaults",
)  # fmt: skip


def difference(database: Database, base: Database) -> Fixture:
    """Return `{"models", "records"}` that turn a copy of `base` into `database`, except for what was deleted.

    The records are those that a person would write; what the server computes is computed again.
    """
    return _difference(database, base, _xmlids(database), stored=False)


def state(database: Database, base: Database) -> Fixture:
    """Return the fixture that turns a copy of `base` into `database`, row by row, with what was deleted.

    `seed/stored.py` loads it.
    """
    xmlids = _xmlids(database)
    found = _difference(database, base, xmlids, stored=True)
    new = {(r["model"], r["id"]): r.get("xmlid") for r in found["records"] if not r.get("update")}
    names = list(_external_ids(database, base, new))
    deleted, sequences = list(_deleted(database, base)), list(_sequences(database, base))
    return {
        "profile": database.profile.name,
        "demo": database.profile.demo,
        "stored": True,
        **found,
        "records": [*names, *found["records"]],  # first the names, since references use them
        **({"deleted": deleted} if deleted else {}),
        **({"sequences": sequences} if sequences else {}),
    }


def _difference(database: Database, base: Database, xmlids: XmlIds, *, stored: bool) -> Fixture:
    records = [r for model in _tables(database) for r in _records(database, base, model, xmlids, stored)]
    models = dict(_models(database, base))
    absent = Links(database, (models,)).missing(models)
    return {
        **({"absent": absent} if absent else {}),
        "models": models,
        "records": [*records, *_flags(database, base, xmlids)],
    }


def _flags(database: Database, base: Database, xmlids: XmlIds) -> Iterator[dict[str, Any]]:
    """Yield the models whose REST flag differs: the only thing in ir.model that does not follow from the models."""
    before = {row["model"]: bool(row.get(_FLAG)) for row in base.store.rows("ir.model").values()}
    for id_, row in sorted(database.store.rows("ir.model").items()):
        model, flag = database.registry.get(row["model"]), bool(row.get(_FLAG))
        if flag != before.get(row["model"], False) and model is not None and model.module:
            xmlid, _ = xmlids["ir.model", id_]
            yield {"model": "ir.model", "xmlid": xmlid, "update": True, "values": {_FLAG: flag}}


def _tables(database: Database) -> list[Model]:
    return [m for m in database.registry.values() if m.name not in _GENERATED and m.auto and not m.abstract]


def _xmlids(database: Database) -> XmlIds:
    """Return the external ids that a fixture can name; models have those that the server gives them."""
    found: dict[tuple[str, int], tuple[str, bool]] = {}
    for row in database.store.rows("ir.model").values():
        model = database.registry.get(row["model"])
        if model is not None:
            found["ir.model", row["id"]] = model_xmlid(model), False
    for row in database.store.rows("ir.model.data").values():
        if row.get("res_id"):
            xmlid = f"{row['module']}.{row['name']}"
            if xmlid.count(".") == 1 and xmlid[0] != ".":
                found.setdefault((row["model"], row["res_id"]), (xmlid, bool(row.get("noupdate"))))
    return found


# -- models


def _models(database: Database, base: Database) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, model in database.registry.items():
        known = base.registry.get(name)
        fields = {
            field.name: attributes(field)
            for field in model.own_fields.values()
            if field.name not in (*MAGIC_FIELDS, "display_name", "__last_update")
            and not (known and field.name in known.own_fields and _same(field, known.own_fields[field.name]))
        }
        definition = {key: value for key, value in _attributes(model, known) if value is not None}
        if known is None or fields or definition:
            yield name, {**definition, "fields": fields}


def _attributes(model: Model, known: Model | None) -> Iterator[tuple[str, Any]]:
    plain = Model(model.name)
    for key in _MODEL_KEYS:
        value = getattr(model, key)
        if value != getattr(known or plain, key):
            yield key, dict(value) if isinstance(value, Mapping) else value
    had = known.constraints if known else ()
    added = [_constraint(c) for c in model.constraints if c not in had]
    yield "constraints", added or None


def _constraint(constraint: Constraint) -> dict[str, Any]:
    rule: dict[str, Any] = {"check": constraint.check} if constraint.check else {"unique": list(constraint.unique)}
    rule |= {"key": list(constraint.key)} if constraint.key else {}
    return {"name": constraint.name, **rule, **({"message": constraint.message} if constraint.message else {})}


def attributes(field: Field) -> dict[str, Any]:
    """Return a field's attributes as a fixture gives them, without those that have their default."""
    usual = {f.name: f.default for f in dataclasses.fields(Field)}
    given = {key: getattr(field, key) for key in FIELD_KEYS}
    return {"type": field.type} | {
        key: list(value) if isinstance(value, tuple) else value for key, value in given.items() if value != usual[key]
    }


def _same(field: Field, other: Field) -> bool:
    return attributes(field) == attributes(other)


# -- records


def _records(
    database: Database, base: Database, model: Model, xmlids: XmlIds, stored: bool
) -> Iterator[dict[str, Any]]:
    known = base.store.rows(model.name)
    for id_, row in sorted(database.store.rows(model.name).items()):
        if model.name == PROPERTY and row.get("res_id") and not stored:
            continue  # the record itself is exported with this value
        old = known.get(id_)
        if old is not None and (old is row or old == row):
            continue
        values = dict(_values(model, row, old or {}, xmlids, stored))
        if old is not None and not values:
            continue
        xmlid, noupdate = xmlids.get((model.name, id_), (None, False))
        yield {
            "model": model.name,
            "id": id_,
            **({"xmlid": xmlid} if xmlid else {}),
            **({"noupdate": True} if noupdate else {}),
            **({"update": True} if old is not None else {}),
            "values": values,
        }


def _values(model: Model, row: Row, old: Row, xmlids: XmlIds, stored: bool) -> Iterator[tuple[str, Any]]:
    """Yield what differs from the old row, unless `stored` without what is computed or logged again."""
    left_out = set() if stored else {*LOG_FIELDS, *(field.name for field in model.stored_computes)}
    for name in dict.fromkeys(key.partition("@")[0] for key in {**old, **row}):
        field = model.fields.get(name)
        if field is None or name == "id" or name in left_out or not _differs(field, row, old):
            continue
        convert = partial(_exported_value, field, xmlids=xmlids)
        company = partial(_company, xmlids=xmlids)
        yield name, varied.exported(field, row, convert(row.get(name)), convert, company)


def _differs(field: Field, row: Row, old: Row) -> bool:
    return row.get(field.name) != old.get(field.name) or (
        varies(field) and slots_of(field, row) != slots_of(field, old)
    )


def _company(id_: int, xmlids: XmlIds) -> str:
    return xmlids.get(("res.company", id_), (str(id_), False))[0]


def _exported_value(field: Field, value: Any, xmlids: XmlIds) -> Any:
    def reference(model: str, id_: int) -> Any:
        xmlid, _ = xmlids.get((model, id_), (None, False))
        return {"ref": xmlid} if xmlid else id_

    if value is None:
        return None
    return field.with_ids(value, reference)


# -- what a state has besides


_Names = dict[tuple[str, str], Row]


def _names(database: Database) -> _Names:
    """Return the rows of external ids by module and name, but those of what describes the models."""
    rows = database.store.rows(_NAMES).values()
    return {(row["module"], row["name"]): row for row in rows if row["model"] not in _GENERATED}


def _external_ids(
    database: Database, base: Database, new: Mapping[tuple[str, int], str | None]
) -> Iterator[dict[str, Any]]:
    """Yield the external ids that differ, but those that the `new` records are exported with.

    They are compared by their names, since their own ids depend on what was loaded before.
    """
    known, model = _names(base), database.registry[_NAMES]
    for (module, name), row in sorted(_names(database).items()):
        old = known.get((module, name))
        values = dict(_values(model, row, old or {}, {}, stored=old is None))
        if values and new.get((row["model"], row.get("res_id") or 0)) != f"{module}.{name}":
            yield {"model": _NAMES, **({"id": old["id"], "update": True} if old else {}), "values": values}


def _deleted(database: Database, base: Database) -> Iterator[dict[str, Any]]:
    """Yield the records that `base` has and the database has no longer; external ids go with their records."""
    xmlids = _xmlids(base)
    for model in _tables(database):
        left = database.store.rows(model.name)
        for id_ in sorted(base.store.rows(model.name).keys() - left.keys()):
            xmlid = xmlids.get((model.name, id_), ("", False))[0]
            yield {"model": model.name, **({"xmlid": xmlid} if xmlid else {"id": id_})}
    known, left_names = _names(base), _names(database)
    for row in (known[name] for name in sorted(known.keys() - left_names.keys())):
        if row["model"] in database.registry and row.get("res_id") in database.store.rows(row["model"]):
            yield {"model": _NAMES, "id": row["id"]}


def _sequences(database: Database, base: Database) -> Iterator[dict[str, Any]]:
    """Yield the next ids of models, and the next numbers of counters, that are beyond those of `base`."""
    before = base.store.sequences
    for name, number in sorted(database.store.sequences.items()):
        kind = "model" if name in database.registry else "counter" if COUNTER.fullmatch(name) else None
        if kind and number > before.get(name, 0) and name not in _GENERATED:  # others are of models that are gone
            yield {kind: name, "next": number + 1}
