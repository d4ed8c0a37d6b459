"""Recordset helpers meant for code on the server, which clients could call until 16, and some until 18.

Source: versions.md §2.3, §3.1, §6.1.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import Any

from mockserver.orm.records.environment import Recordset
from mockserver.orm.schema import api


@functools.cache
def _text_class(package: str, model: str) -> type[str]:
    # XML-RPC refuses a subclass of str, and has its name in the error
    return type(model, (str,), {"__module__": f"{package}.api"})


def as_text(records: Recordset) -> str:
    """Return records as a client gets them from these helpers: `res.partner(1, 2)` in JSON, an error over XML-RPC."""
    return _text_class(records.env.db.profile.package, records._name)(records)


class ClientHelpers(Recordset):
    """Recordset helpers as clients could call them."""

    __slots__ = ()

    @api.versions(since=13, until=16, name="filtered_domain", for_clients=True)
    def filtered_domain_as_text(self, domain: Any) -> str:
        """Return the records that match a domain."""
        return as_text(self.filtered_domain(domain))

    @api.versions(until=16, name="filtered", for_clients=True)
    def filtered_as_text(self, func: str) -> str:
        """Return the records in which a path of fields has a true value."""
        return as_text(self.filtered(lambda one: any(one.mapped(func))))

    @api.versions(until=16, name="mapped", for_clients=True)
    def mapped_as_text(self, func: str) -> Any:
        """Return the values of a path of fields."""
        found = self.mapped(func)
        return as_text(found) if isinstance(found, Recordset) else found

    @api.versions(until=16, name="sorted", for_clients=True)
    def sorted_as_text(self, key: str | None = None, reverse: bool = False) -> str:
        """Return the records in the order of a clause, or of the model."""
        return as_text(self.sorted(key, reverse))

    @api.versions(until=16, name="ensure_one", for_clients=True)
    def ensure_one_as_text(self) -> str:
        """Return the records if there is exactly one."""
        return as_text(self.ensure_one())

    @api.versions(since=13, until=16, name="with_user", for_clients=True)
    def with_user_as_text(self, user: Any) -> str:
        """Return the records; their text is the same for every user."""
        return as_text(self)

    @api.versions(until=16, name="with_context", for_clients=True)
    def with_context_as_text(self, *args: Any, **kwargs: Any) -> str:
        """Return the records; their text is the same in every context."""
        return as_text(self)

    @api.versions(since=14, until=16, name="with_company", for_clients=True)
    def with_company_as_text(self, company: Any) -> str:
        """Return the records; their text is the same in every company."""
        return as_text(self)

    @api.versions(until=18, name="sudo", for_clients=True)
    def sudo_as_text(self, flag: bool = True) -> str:
        """Return the records; their text is the same for every user."""
        return as_text(self)

    @api.versions(until=18, name="browse", for_clients=True)
    def browse_as_text(self, ids: Any = None) -> str:
        """Return the records of other ids than those of the call, which have no effect."""
        return as_text(self.browse(ids or ()))

    @api.model(until=16, name="clear_caches", for_clients=True)
    def clear_caches_by_client(self) -> None:
        """Forget what is cached, which is nothing here."""

    @api.versions(until=18, name="update", for_clients=True)
    def update_by_client(self, values: Mapping[str, Any]) -> None:
        """Assign values to the fields of the records."""
        self.call("write", values)

    @api.versions(until=18, name="modified", for_clients=True)
    def modified_by_client(self, fnames: Iterable[str], create: bool = False, before: bool = False) -> None:
        """Compute the fields again that depend on the given ones; they are never out of date here."""
