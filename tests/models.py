"""Models of a test's own."""

from __future__ import annotations

from typing import Any

from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.schema.model import Model


def define(env: Environment, name: str, fields: dict[str, dict[str, Any]], **attributes: Any) -> Recordset:
    """Add a model to the test's database; gives its records as the superuser sees them."""
    env.db.add_model(Model.define(name, fields, **attributes))
    return env.db.env(1)[name]


def extend(env: Environment, name: str, fields: dict[str, dict[str, Any]], **attributes: Any) -> Recordset:
    """Add fields to a model, or replace them."""
    made = Model.define(name, fields).own_fields
    env.db.add_model(env.db.registry[name].extended([made[field] for field in fields], **attributes))
    return env.db.env(1)[name]


def one(records: Recordset, *fields: str, **context: Any) -> Any:
    """What `read` shows of one record: the value of one field, or a tuple of several."""
    (row,) = records.with_context(**context).read(list(fields))
    return row[fields[0]] if len(fields) == 1 else tuple(row[field] for field in fields)


def names(records: Recordset) -> list[str]:
    """The names of records, in order."""
    return [record.name for record in records]
