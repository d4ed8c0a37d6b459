"""The rounding of written monetary values to their currency.

Source: versions.md §7.3 (monetary values are rounded to the currency when they are written).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockserver.orm.fields.base import Field
from mockserver.orm.fields.numbers import round_to
from mockserver.orm.query import values
from mockserver.orm.query.computing import smallest_amount
from mockserver.orm.storage.store import Row

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Recordset


def round_monetary(records: Recordset, columns: Row) -> None:
    """Round the monetary values among those about to be stored, in place."""
    fields, monetaries = records._model.fields, records._model.monetaries
    for name, value in columns.items():
        if value and name in monetaries:
            columns[name] = round_to(value, smallest_amount(records.env, _currency(records, fields[name], columns)))


def _currency(records: Recordset, field: Field, columns: Row) -> Any:
    """Return the id of a monetary field's currency: the one written with it, else that of the first record."""
    model = records._model
    name = field.currency_field or next((n for n in ("currency_id", "x_currency_id") if n in model.fields), None)
    if name is None or name in columns:
        return columns.get(name or "")
    row = records.env.db.store.get(model.name, records._ids[0]) if records._ids else None
    return values.value(records.env, model, model.fields[name], row) if row and name in model.fields else None
