"""ir.cron: scheduled actions, none of which runs here.

Source: 17.0.
"""

from __future__ import annotations

from typing import Any

from mockserver.orm.records.environment import Recordset
from mockserver.orm.rights.access import check_access
from mockserver.orm.schema.api import model, record
from mockserver.orm.schema.compute import compute

Parent = Any


@compute("ir.cron", "cron_name", depends=("ir_actions_server_id.name",))
def _cron_name(self: Recordset) -> str | None:
    return self.ir_actions_server_id.name or None


@model("ir.cron")
def create(self: Recordset, parent: Parent, vals_list: Any) -> Recordset:
    """New scheduled actions, each with its server action, which runs code unless told otherwise."""
    made = []
    for vals in vals_list if isinstance(vals_list, (list, tuple)) else [vals_list]:
        state = self.env.context.get("default_state") or "code"
        made.append({"state": state, **vals, "usage": "ir_cron"})
    return parent(made if isinstance(vals_list, (list, tuple)) else made[0])  # type: ignore[no-any-return]


@record("ir.cron")
def method_direct_trigger(self: Recordset) -> bool:
    """Run now; True.  Differs: the code of the action is not run, the time of the last run is noted."""
    check_access(self, "write")
    for cron in self:
        cron.call("write", {"lastcall": self.env.db.clock.now()})
    return True


@model("ir.cron")
def toggle(self: Recordset, model: str, domain: Any) -> bool:
    """Set the jobs at hand active when any record of `model` matches the domain; over the wire there are none."""
    active = bool(self.env[model].call("search_count", domain))
    return self.call("write", {"active": active})  # type: ignore[no-any-return]
