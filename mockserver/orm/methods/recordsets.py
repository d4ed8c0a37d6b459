"""What a recordset does for code on the server, which clients could call until 16; few could use the answer.

Source: versions.md §2.3, §3.1, §6.1.
"""

from __future__ import annotations

import functools
from typing import Any

from mockserver.orm.records.environment import Recordset
from mockserver.orm.schema.api import record


@functools.cache
def _text_class(package: str, model: str) -> type[str]:
    # XML-RPC refuses a subclass of str, and names it
    return type(model, (str,), {"__module__": f"{package}.api"})


def as_text(records: Recordset) -> str:
    """Records as they reach a client that gets no ids: `res.partner(1, 2)` in JSON, an error over XML-RPC."""
    return _text_class(records.env.db.profile.package, records._name)(records)


@record(since=13, until=16)
def filtered_domain(self: Recordset, domain: Any) -> str:
    """The records that match a domain."""
    return as_text(self.filtered_domain(domain))


@record(until=16)
def filtered(self: Recordset, func: str) -> str:
    """The records in which a path of fields leads to something."""
    return as_text(self.filtered(lambda one: any(one.mapped(func))))


@record(until=16)
def mapped(self: Recordset, func: str) -> Any:
    """The values of a path of fields."""
    found = self.mapped(func)
    return as_text(found) if isinstance(found, Recordset) else found


@record(until=16)
def sorted_(self: Recordset, key: str | None = None, reverse: bool = False) -> str:
    """The records in the order of a clause, or of the model."""
    return as_text(self.sorted(key, reverse))


@record(until=16)
def ensure_one(self: Recordset) -> str:
    """The records, if they are one."""
    return as_text(self.ensure_one())


@record(until=16)
def sudo(self: Recordset) -> str:
    """The records; who looks at them makes no difference to their text."""
    return as_text(self)
