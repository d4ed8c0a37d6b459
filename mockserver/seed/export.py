"""A database as a fixture: the models and records that it has beyond another database."""

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
from mockserver.seed.check import FIELD_KEYS
from mockserver.seed.files import Fixture
from mockserver.seed.links import Links
from mockserver.seed.records import model_xmlid

# written by the ORM itself whenever a model is defined, or exported with the records as their `xmlid`
_GENERATED = ("ir.model", "ir.model.fields", "ir.model.fields.selection", "ir.model.data")
_FLAG = "rest_api"
_MODEL_KEYS = (
    "description", "order", "rec_name", "parent_name", "parent_store", "transient", "abstract", "log_access",
    "inherits", "module", "defaults",
)  # fmt: skip


def difference(database: Database, base: Database) -> Fixture:
    """Return `{"models", "records"}` that turn a copy of `base` into `database`, except for what was deleted."""
    xmlids = _xmlids(database)
    records = [record for model in _tables(database) for record in _records(database, base, model, xmlids)]
    models = dict(_models(database, base))
    absent = Links(database, (models,)).missing(models)
    return {
        **({"absent": absent} if absent else {}),
        "models": models,
        "records": [*records, *_flags(database, base, xmlids)],
    }


def _flags(
    database: Database, base: Database, xmlids: Mapping[tuple[str, int], tuple[str, bool]]
) -> Iterator[dict[str, Any]]:
    """Yield the models whose REST flag differs: the only thing in ir.model that does not follow from the models."""
    before = {row["model"]: bool(row.get(_FLAG)) for row in base.store.rows("ir.model").values()}
    for id_, row in sorted(database.store.rows("ir.model").items()):
        model, flag = database.registry.get(row["model"]), bool(row.get(_FLAG))
        if flag != before.get(row["model"], False) and model is not None and model.module:
            xmlid, _ = xmlids["ir.model", id_]
            yield {"model": "ir.model", "xmlid": xmlid, "update": True, "values": {_FLAG: flag}}


def _tables(database: Database) -> list[Model]:
    return [m for m in database.registry.values() if m.name not in _GENERATED and m.auto and not m.abstract]


def _xmlids(database: Database) -> dict[tuple[str, int], tuple[str, bool]]:
    """Return `{(model, id): (external id, noupdate)}`; models have the external ids that the server gives them."""
    found: dict[tuple[str, int], tuple[str, bool]] = {}
    for row in database.store.rows("ir.model").values():
        model = database.registry.get(row["model"])
        if model is not None:
            found["ir.model", row["id"]] = model_xmlid(model), False
    for row in database.store.rows("ir.model.data").values():
        if row.get("res_id"):
            xmlid = f"{row['module']}.{row['name']}"
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
    database: Database, base: Database, model: Model, xmlids: Mapping[tuple[str, int], tuple[str, bool]]
) -> Iterator[dict[str, Any]]:
    known = base.store.rows(model.name)
    for id_, row in sorted(database.store.rows(model.name).items()):
        if model.name == PROPERTY and row.get("res_id"):
            continue  # the record itself is exported with this value
        old = known.get(id_)
        if old is not None and (old is row or old == row):
            continue
        values = dict(_values(model, row, old or {}, xmlids))
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


def _values(
    model: Model, row: Row, old: Row, xmlids: Mapping[tuple[str, int], tuple[str, bool]]
) -> Iterator[tuple[str, Any]]:
    """Yield what differs from the old row; computed fields are left out, since they are computed again."""
    computed = {field.name for field in model.stored_computes}
    for name in dict.fromkeys(key.partition("@")[0] for key in {**old, **row}):
        field = model.fields.get(name)
        if field is None or name in LOG_FIELDS or name == "id" or name in computed or not _differs(field, row, old):
            continue
        convert = partial(_exported_value, field, xmlids=xmlids)
        company = partial(_company, xmlids=xmlids)
        yield name, varied.exported(field, row, convert(row.get(name)), convert, company)


def _differs(field: Field, row: Row, old: Row) -> bool:
    return row.get(field.name) != old.get(field.name) or (
        varies(field) and slots_of(field, row) != slots_of(field, old)
    )


def _company(id_: int, xmlids: Mapping[tuple[str, int], tuple[str, bool]]) -> str:
    return xmlids.get(("res.company", id_), (str(id_), False))[0]


def _exported_value(field: Field, value: Any, xmlids: Mapping[tuple[str, int], tuple[str, bool]]) -> Any:
    def reference(model: str, id_: int) -> Any:
        xmlid, _ = xmlids.get((model, id_), (None, False))
        return {"ref": xmlid} if xmlid else id_

    if value is None:
        return None
    return field.with_ids(value, reference)
