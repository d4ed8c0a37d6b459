"""Company defaults: the values of company-dependent fields where a record has none.

Until 17 a default is a row of `ir.property` without a record, from 18 on one of `ir.default` without a user.
Source: recorded in companies-2 (17.0); Odoo 18.0.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mockserver.orm.fields.base import Field
from mockserver.orm.query.field_rows import field_ids
from mockserver.orm.storage.store import Row

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment

PROPERTY = "ir.property"
CHOSEN = "ir.default"


def company_default(env: Environment, field: Field, company: int) -> Any:
    """Return the default for a company, as a row would hold it; None without one."""
    table, key, owner = (PROPERTY, "fields_id", "res_id") if PROPERTY in env else (CHOSEN, "field_id", "user_id")
    store = env.db.store
    if table not in env or not store.rows(table):
        return _model_default(env, field)
    rows = store.rows(table)
    found = [rows[i] for i in store.having(table, key, field_ids(env, field), without=owner)]
    by_company = {row.get("company_id"): row for row in found if not row.get("condition")}
    row = by_company.get(company) or by_company.get(None)
    if row is None:
        return _model_default(env, field)
    return from_property(field, row) if table == PROPERTY else field.to_store(json.loads(row["json_value"]))


def _model_default(env: Environment, field: Field) -> Any:
    """Return the field's default.  Differs: the server sets it on new records, in the company where they are
    created."""
    default = env.db.registry[field.model].defaults.get(field.name)
    if isinstance(default, dict) and "ref" in default:
        target = env.ref(default["ref"], raise_if_not_found=False)
        return target.id or None if target is not None else None
    return None if isinstance(default, (dict, list)) or callable(default) else field.to_store(default)


def from_property(field: Field, row: Row) -> Any:
    """Return the value of a row of `ir.property`, as the record's own row would hold it."""
    value = row.get(field.property_column)
    return None if value is None else field.from_property(value)


def to_property(field: Field, value: Any) -> Row:
    """Return `{column: value}` of `ir.property` for a value of the field."""
    return {field.property_column: None if value is None else field.to_property(value)}
