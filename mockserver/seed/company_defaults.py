"""Defaults of company-dependent fields in bundled packs, as the records that they are on the real server.

Until 17 a record of `ir.property` without a record that it is about, from 18 on one of `ir.default` without a user.
The base pack has no such records (recorded in companies-2, 17.0); its defaults stay those of the model.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from mockserver.orm.database import Database
from mockserver.orm.fields.base import Field
from mockserver.orm.query.company_defaults import CHOSEN, PROPERTY, to_property
from mockserver.orm.query.field_rows import field_ids
from mockserver.orm.schema.model import Model
from mockserver.orm.storage.store import Row

# external id or label of a record → (model, id)
Target = Callable[[str], tuple[str, int]]


def store(database: Database, given: Iterable[tuple[str, str, Any]], target: Target, audit: Row) -> None:
    """Store the defaults `(model, field, value)` of packs that concern companies, in place of those of the models."""
    changed: dict[str, Model] = {}
    for name, field_name, value in given:
        model = changed.get(name) or database.registry.get(name)
        field = model.own_fields.get(field_name) if model is not None else None
        called = isinstance(value, dict) and "call" in value  # a default of new records, not of the field
        if model is not None and field is not None and field.company_dependent and not called:
            if value:
                _insert(database, field, value, target, audit)
            left = {key: default for key, default in model.defaults.items() if key != field_name}
            changed[name] = model.extended(defaults=left)
    database.add_model(*changed.values())


def _insert(database: Database, field: Field, value: Any, target: Target, audit: Row) -> None:
    """Insert the record of a default: of the company of the record that it is, else of every company."""
    env, company = database.env(), None
    described = min(field_ids(env, field))
    if isinstance(value, dict):
        comodel, value = target(value["ref"])
        row = database.store.rows(comodel)[value]
        company = row.get("company_id") or next(iter(row.get("company_ids") or ()), None)
    if PROPERTY in env:
        about: Row = {"name": field.name, "type": field.type, "fields_id": described}
        made = {**about, **to_property(field, field.to_store(value)), "company_id": company, **audit}
        table = PROPERTY
    else:
        made = {"field_id": described, "json_value": json.dumps(value), "company_id": company, **audit}
        table = CHOSEN
    database.store.insert(table, {key: item for key, item in made.items() if item is not None})
