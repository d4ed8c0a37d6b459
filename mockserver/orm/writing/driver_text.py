"""What PostgreSQL says about a broken constraint: some routes tell it to the client as it is.

Source: rest-flectra §3; recorded with the REST routes of 1.6.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mockserver.orm.fields.base import Field
from mockserver.orm.schema.model import Constraint, Model
from mockserver.orm.storage.store import Row


def not_null(model: Model, field: Field, row: Row) -> str:
    """Return a mandatory column of the row is empty."""
    return f'null value in column "{field.name}" of relation "{model.table}" violates not-null constraint\n' + _failing(
        model, row
    )


def check(model: Model, constraint: Constraint, row: Row) -> str:
    """Return a check does not hold for the row."""
    name = f"{model.table}_{constraint.name}"
    return f'new row for relation "{model.table}" violates check constraint "{name}"\n' + _failing(model, row)


def unique(model: Model, constraint: Constraint, values: Sequence[Any]) -> str:
    """Another row has the same values."""
    key = f"({', '.join(constraint.unique)})=({', '.join(map(_column, values))})"
    return (
        f'duplicate key value violates unique constraint "{model.table}_{constraint.name}"\n'
        f"DETAIL:  Key {key} already exists.\n"
    )


def no_target(table: str, constraint: str, column: str, target: int, comodel: str) -> str:
    """Return a foreign key leads nowhere."""
    return (
        f'insert or update on table "{table}" violates foreign key constraint "{constraint}"\n'
        f'DETAIL:  Key ({column})=({target}) is not present in table "{_table(comodel)}".\n'
    )


def referenced(model: Model, field: Field, constraint: str, row: Row, *, restricts: bool) -> str:
    """Return the target of the row's foreign key cannot go: it is restricted, or the column may not become empty."""
    if not restricts:
        return not_null(model, field, {name: value for name, value in row.items() if name != field.name})
    return (
        f'update or delete on table "{_table(field.comodel)}" violates foreign key constraint "{constraint}"'
        f' on table "{model.table}"\n'
        f'DETAIL:  Key (id)=({row[field.name]}) is still referenced from table "{model.table}".\n'
    )


def _table(model: str) -> str:
    return model.replace(".", "_")


def _failing(model: Model, row: Row) -> str:
    """Return the row, column by column.  Differs: the real order is that in which the columns were made."""
    columns = [name for name, field in model.own_fields.items() if field.column and not field.x2many]
    columns.sort(key=lambda name: name != "id")
    return f"DETAIL:  Failing row contains ({', '.join(_column(row.get(name)) for name in columns)}).\n"


def _column(value: Any) -> str:
    """Return a value as the database prints it, cut after 64 characters."""
    if value is None:
        return "null"
    text = {True: "t", False: "f"}[value] if isinstance(value, bool) else str(value)
    return text if len(text) <= 64 else f"{text[:64]}..."
