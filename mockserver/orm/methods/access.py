"""check_access_rights, and archiving."""

from __future__ import annotations

from mockserver.errors import AccessError
from mockserver.orm.access import MODES, allowed, refusal
from mockserver.orm.api import model, record
from mockserver.orm.environment import Recordset


@model()
def check_access_rights(self: Recordset, operation: str, raise_exception: bool = True) -> bool:
    """Whether the user may `read`, `write`, `create` or `unlink` records of the model."""
    if operation not in MODES:
        raise AssertionError("Invalid access mode")
    granted = allowed(self.env, self._name, operation)
    if not granted and raise_exception:
        raise AccessError(refusal(self, operation))
    return granted


@record()
def check_access_rule(self: Recordset, operation: str) -> None:
    """Raise when a record rule keeps the user from the records."""


@record()
def toggle_active(self: Recordset) -> None:
    """Archive the active ones and bring back the archived ones."""
    name = self._model.active_name
    if name:
        active = self.filtered(name)
        active.call("action_archive")
        (self - active).call("action_unarchive")


@record()
def action_archive(self: Recordset) -> None:
    """Set the active field to False."""
    _set_active(self, False)


@record()
def action_unarchive(self: Recordset) -> None:
    """Set the active field to True."""
    _set_active(self, True)


def _set_active(records: Recordset, active: bool) -> None:
    name = records._model.active_name
    changed = records.filtered(lambda r: bool(r[name]) is not active) if name else records.browse()
    if changed:
        changed.call("write", {name: active})
