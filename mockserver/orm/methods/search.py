"""search and its shortcuts.  Source: versions.md §6.1, §8.9; recorded in core-crud, domains-* (17.0)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from mockserver.errors import DatabaseError
from mockserver.orm.fields.relational import database_id
from mockserver.orm.methods.crud import read_rows, readable_names
from mockserver.orm.query import domain as domains
from mockserver.orm.records.environment import Recordset
from mockserver.orm.rights.access import check_access, check_fields, check_order
from mockserver.orm.schema import api
from mockserver.orm.storage.store import Row

if TYPE_CHECKING:
    from typing_extensions import Self

Item = TypeVar("Item")


def found_rows(records: Recordset, domain: Any, offset: Any, limit: Any, order: str | None) -> Sequence[Row]:
    """Return the rows that `search` finds, in order."""
    check_access(records, "read")
    env, definition = records.env, records._model
    if order and not env.db.profile.rules.restricted_fields_searched:
        check_order(records, order)
    found = env.found(definition, domain)
    if found.nothing and domains.is_false(domain, env.db.profile.rules):
        return ()
    # the clause is checked even if nothing is found
    terms = env.db.kept.terms(env, definition, order or definition.order)
    return found.page(terms, _bound("OFFSET", offset), _bound("LIMIT", limit))


def slice_rows(rows: Sequence[Item], offset: Any, limit: Any) -> Sequence[Item]:
    """Return the part of the rows that an offset and a limit select."""
    first, count = _bound("OFFSET", offset), _bound("LIMIT", limit)
    return rows[first : first + count] if count else rows[first:] if first else rows


def _bound(clause: str, value: Any) -> int:
    """Return a limit or an offset as an integer; 0, False and None mean none."""
    if not value:
        return 0
    number = database_id(value)
    if number < 0:
        raise DatabaseError(f"errors.InvalidRowCountIn{clause.title()}Clause", f"{clause} must not be negative\n")
    return number


class Search(Recordset):
    """Records that match a domain."""

    __slots__ = ()

    def _query_rows(self) -> Iterable[Row]:
        """Return the rows of a model without a table (`_auto = False`), each with an "id" and values as rows hold them.

        They are made when they are asked for, as the superuser, and anew after a change of any record.
        """
        return ()

    @api.model(since=17)
    def search(self, domain: Any, offset: Any = 0, limit: Any = None, order: str | None = None) -> Self:
        """Return the records that match a domain."""
        return self.browse(row["id"] for row in found_rows(self, domain, offset, limit, order))

    @api.model(since=16, until=16, name="search")
    def search_16(
        self, domain: Any, offset: Any = 0, limit: Any = None, order: str | None = None, count: bool = False
    ) -> Recordset | int:
        """Return the records that match a domain, or their number if `count` is set."""
        found = found_rows(self, domain, offset, limit, order)
        return len(found) if count else self.browse(row["id"] for row in found)

    @api.model(until=15, name="search")
    def search_11(
        self, args: Any, offset: Any = 0, limit: Any = None, order: str | None = None, count: bool = False
    ) -> Recordset | int:
        """Return the records that match a domain, or their number if `count` is set."""
        return self.search_16(args, offset, limit, order, count)

    @api.model(since=16)
    def search_count(self, domain: Any, limit: Any = None) -> int:
        """Return how many records match a domain, at most `limit`."""
        check_access(self, "read")
        count = len(self.env.found(self._model, domain))
        return min(count, _bound("LIMIT", limit) or count)

    @api.model(until=15, name="search_count")
    def search_count_11(self, args: Any) -> int:
        """Return how many records match a domain."""
        return Search.search_count(self, args)

    @api.model(since=17, private_since=19)
    def search_fetch(
        self, domain: Any, field_names: Any, offset: Any = 0, limit: Any = None, order: str | None = None
    ) -> Self:
        """Return the records that match a domain; the fields are only checked."""
        for name in field_names or ():
            self._model.field(name)
        check_fields(self, "read", field_names or ())
        return self.browse(row["id"] for row in found_rows(self, domain, offset, limit, order))

    @api.model(until=14, name="search_read")
    def search_read_11(
        self,
        domain: Any = None,
        fields: Any = None,
        offset: Any = 0,
        limit: Any = None,
        order: Any = None,
    ) -> Any:
        """Search and read in one call; any empty domain means all records.

        CloudOffix documents a call with the arguments of `search` and a count as the answer.
        """
        if type(fields) is int and self.env.db.profile.search_read_searches:
            found = self.search_11(domain or [], fields, offset, limit, order)  # offset, limit, order, count
            return found if isinstance(found, int) else found.ids
        return Search.search_read(self, domain, fields, offset, limit, order)

    @api.model(since=15)
    def search_read(
        self,
        domain: Any = None,
        fields: Sequence[str] | None = None,
        offset: Any = 0,
        limit: Any = None,
        order: str | None = None,
        **read_kwargs: Any,
    ) -> list[dict[str, Any]]:
        """Search and read in one call; any empty domain means all records."""
        check_access(self, "read")
        reads_found = self.env.db.profile.rules.search_read_reads_found
        fields = fields if reads_found else readable_names(self, fields)
        rows = found_rows(self, domain or [], offset, limit, order)
        if reads_found:
            fields = readable_names(self, fields) if rows else None
        # `active_test` applies to the search, not to the lines that are read; recorded in domains-1 (17.0)
        records: Recordset = self
        if "active_test" in self.env.context:
            records = self.with_context({k: v for k, v in self.env.context.items() if k != "active_test"})
        return read_rows(records, list(rows), fields, **read_kwargs)
