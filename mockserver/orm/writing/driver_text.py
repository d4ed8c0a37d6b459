"""PostgreSQL's error texts for broken constraints, which some routes pass on to the client.

Source: rest-flectra §3; recorded with the REST routes of 1.6.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mockserver.orm.fields.base import Field
from mockserver.orm.schema.model import Constraint, Model
from mockserver.orm.storage.store import Row


def not_null(model: Model, field: Field, row: Row) -> str:
    """Return the text for a row whose mandatory column is empty."""
    return f'null value in column "{field.name}" of relation "{model.table}" violates not-null constraint\n' + _failing(
        model, row
    )


def check(model: Model, constraint: Constraint, row: Row) -> str:
    """Return the text for a row that violates a check constraint."""
    name = f"{model.table}_{constraint.name}"
    return f'new row for relation "{model.table}" violates check constraint "{name}"\n' + _failing(model, row)


def unique(model: Model, constraint: Constraint, values: Sequence[Any]) -> str:
    """Return the text for values that another row has already."""
    key = f"({', '.join(constraint.key or constraint.unique)})=({', '.join(map(_column, values))})"
    return (
        f'duplicate key value violates unique constraint "{model.table}_{constraint.name}"\n'
        f"DETAIL:  Key {key} already exists.\n"
    )


def no_target(table: str, constraint: str, column: str, target: int, comodel: str) -> str:
    """Return the text for a foreign key whose target does not exist."""
    return (
        f'insert or update on table "{table}" violates foreign key constraint "{constraint}"\n'
        f'DETAIL:  Key ({column})=({target}) is not present in table "{_table(comodel)}".\n'
    )


def referenced(model: Model, field: Field, constraint: str, row: Row, *, restricts: bool) -> str:
    """Return the text for deleting a row's target: the key restricts it, or its column may not become empty."""
    if not restricts:
        return not_null(model, field, {name: value for name, value in row.items() if name != field.name})
    return (
        f'update or delete on table "{_table(field.comodel)}" violates foreign key constraint "{constraint}"'
        f' on table "{model.table}"\n'
        f'DETAIL:  Key (id)=({row[field.name]}) is still referenced from table "{model.table}".\n'
    )


def linked(table: str, constraint: str, column: str, target: int, comodel: str) -> str:
    """Return the text for deleting what the table of a many2many links."""
    return (
        f'update or delete on table "{_table(comodel)}" violates foreign key constraint "{constraint}"'
        f' on table "{table}"\n'
        f'DETAIL:  Key (id)=({target}) is still referenced from table "{table}".\n'
    )


def _table(model: str) -> str:
    return model.replace(".", "_")


def _failing(model: Model, row: Row) -> str:
    """Return the detail line with the row's columns.  Differs: the real order is that of the columns' creation."""
    columns = [name for name, field in model.own_fields.items() if field.column and not field.x2many]
    columns.sort(key=lambda name: name != "id")
    return f"DETAIL:  Failing row contains ({', '.join(_column(row.get(name)) for name in columns)}).\n"


def _column(value: Any) -> str:
    """Return a value as the database prints it, cut after 64 characters."""
    if value is None:
        return "null"
    text = {True: "t", False: "f"}[value] if isinstance(value, bool) else str(value)
    return text if len(text) <= 64 else f"{text[:64]}..."
