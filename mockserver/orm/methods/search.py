"""search and its shortcuts.  Source: versions.md §6.1, §8.9; recorded in core-crud, domains-* (17.0)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from mockserver.errors import DatabaseError
from mockserver.orm import order as orders
from mockserver.orm.access import check_access
from mockserver.orm.api import model
from mockserver.orm.environment import Recordset
from mockserver.orm.methods.crud import read_rows
from mockserver.orm.relational import database_id
from mockserver.orm.store import Row

Item = TypeVar("Item")


@model()
def search(self: Recordset, domain: Any, offset: Any = 0, limit: Any = None, order: str | None = None) -> Recordset:
    """The records that match a domain."""
    return self.browse(row["id"] for row in found_rows(self, domain, offset, limit, order))


@model()
def search_count(self: Recordset, domain: Any, limit: Any = None) -> int:
    """How many records match a domain, at most `limit`."""
    check_access(self, "read")
    count = len(self.env.rows(self._model, domain))
    return min(count, _bound("LIMIT", limit) or count)


@model()
def search_fetch(
    self: Recordset, domain: Any, field_names: Any, offset: Any = 0, limit: Any = None, order: str | None = None
) -> Recordset:
    """The records that match a domain; the fields are checked, the answer is ids."""
    for name in field_names or ():
        self._model.field(name)
    return self.browse(row["id"] for row in found_rows(self, domain, offset, limit, order))


@model()
def search_read(
    self: Recordset,
    domain: Any = None,
    fields: Sequence[str] | None = None,
    offset: Any = 0,
    limit: Any = None,
    order: str | None = None,
    **read_kwargs: Any,
) -> list[dict[str, Any]]:
    """`search` and `read` in one; any empty domain means all records."""
    for name in fields or ():
        self._model.field(name)
    rows = found_rows(self, domain or [], offset, limit, order)
    # what decided which records are found does not decide which lines they show; recorded in domains-1 (17.0)
    context = {key: value for key, value in self.env.context.items() if key != "active_test"}
    return read_rows(self.with_context(context), list(rows), fields, **read_kwargs)


def found_rows(records: Recordset, domain: Any, offset: Any, limit: Any, order: str | None) -> Sequence[Row]:
    """The rows that `search` answers with, in order."""
    check_access(records, "read")
    env, definition = records.env, records._model
    # the clause is checked even where nothing is found
    terms = orders.terms(env, definition, order or definition.order)
    rows = orders.sort_by(env.rows(definition, domain), terms)
    return slice_rows(rows, offset, limit)


def slice_rows(rows: Sequence[Item], offset: Any, limit: Any) -> Sequence[Item]:
    """The part of what was found that an offset and a limit leave."""
    first, count = _bound("OFFSET", offset), _bound("LIMIT", limit)
    return rows[first : first + count] if count else rows[first:] if first else rows


def _bound(clause: str, value: Any) -> int:
    """A limit or an offset; 0, False and None are none."""
    if not value:
        return 0
    number = database_id(value)
    if number < 0:
        raise DatabaseError(f"errors.InvalidRowCountIn{clause.title()}Clause", f"{clause} must not be negative\n")
    return number
