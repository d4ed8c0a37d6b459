"""Whether values that are about to be written change anything."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from mockserver.orm.fields.numbers import Float, Monetary, round_half_up
from mockserver.orm.fields.relational import Many2one


def will_change(record: Any, vals: Mapping[str, Any], names: Collection[str] | None = None) -> bool:
    """Return whether writing the values changes a record, or those of the named fields that are among them."""
    fields = record._model.fields
    wanted = vals if names is None else [name for name in names if name in vals]
    return any(_differs(record, fields[name], vals[name]) for name in wanted if name in fields)


def _differs(record: Any, field: Any, value: Any) -> bool:
    if field.x2many:
        return True
    own = record._rows()[0].get(field.name) if field.column else record[field.name]
    if isinstance(field, Many2one):
        return bool((own or None) != (getattr(value, "id", value) or None))
    if isinstance(field, Monetary):
        step = float(record[field.currency_field or "currency_id"].rounding or 0.01)
        return abs(float(own or 0.0) - float(value or 0.0)) > step / 2
    if isinstance(field, Float):
        places = field.digits[1] if field.digits else 10
        return round_half_up(float(own or 0.0), places) != round_half_up(float(value or 0.0), places)
    return bool((own or False) != (value or False))
