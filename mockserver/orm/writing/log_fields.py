"""The log fields of records: who created and changed them, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver.orm.schema.model import Model
from mockserver.orm.storage.store import Row

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment


def log_values(env: Environment, model: Model, *, creating: bool) -> Row:
    """Return the values of the log fields: the user and the time."""
    if not model.log_access:
        return {}
    now = env.db.log_time()
    log: Row = {"write_uid": env.uid, "write_date": now}
    return {"create_uid": env.uid, "create_date": now, **log} if creating else log
