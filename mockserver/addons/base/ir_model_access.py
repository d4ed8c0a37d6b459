"""ir.model.access: asking for a right.

Source: 17.0; `check` is what erppeek and odooly call.
"""

from __future__ import annotations

from mockserver.orm.records.environment import Recordset
from mockserver.orm.rights.access import MODES, allowed, refusal
from mockserver.orm.schema.api import model


@model("ir.model.access")
def check(self: Recordset, model: str, mode: str = "read", raise_exception: bool = True) -> bool:
    """Whether the user may `read`, `write`, `create` or `unlink` records of a model; AccessError if so asked."""
    if not isinstance(model, str):
        raise AssertionError(f"Not a model name: {model}")
    if mode not in MODES:
        raise AssertionError("Invalid access mode")
    granted = allowed(self.env, model, mode)
    if not granted and raise_exception:
        raise refusal(self.env[model], mode)
    return granted
