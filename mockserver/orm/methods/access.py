"""check_access_rights and its relatives, and archiving."""

from __future__ import annotations

from mockserver.errors import AccessError
from mockserver.orm.query.conditions import Condition
from mockserver.orm.records.environment import Recordset
from mockserver.orm.rights import record_rules
from mockserver.orm.rights.access import MODES, allowed, check_fields, check_mode, in_groups, refusal, sees
from mockserver.orm.schema import api


def _set_active(records: Recordset, active: bool) -> None:
    name = records._model.active_name
    changed = records.filtered(lambda r: bool(r[name]) is not active) if name else records.browse()
    if name and changed:
        changed.write({name: active})


class Access(Recordset):
    """Checks of access rights, and archiving."""

    __slots__ = ()

    @api.model(until=19)
    def check_access_rights(self, operation: str, raise_exception: bool = True) -> bool | None:
        """Return whether the user may `read`, `write`, `create` or `unlink` records of the model."""
        rules = self.env.db.profile.rules
        if operation not in MODES and not rules.checks_access_mode and self.env.su:
            return True
        check_mode(operation)
        granted = allowed(self.env, self._name, operation)
        if not granted and raise_exception:
            raise refusal(self, operation)
        return None if raise_exception and not rules.check_access_rights_answers else granted

    @api.model(until=17)
    def user_has_groups(self, groups: str) -> bool:
        """Return whether the user is in one of the comma-separated groups, and in none of those prefixed with `!`."""
        return in_groups(self.env, groups)

    def _check_readable(self) -> None:
        """Raise AccessError if the user may not read the records, as a method or a write of theirs begins by doing."""
        if not allowed(self.env, self._name, "read"):
            raise refusal(self, "read")
        record_rules.check(self, "read")

    def _own_limit(self, mode: str) -> Condition | None:
        """Return what limits the records that the user may use in a mode, besides record rules."""
        return None

    @api.versions(until=19)
    def check_access_rule(self, operation: str) -> None:
        """Raise AccessError if a record rule forbids the operation on the records."""
        record_rules.check(self, operation)

    @api.versions(since=18, private_since=19)
    def check_access(self, operation: str) -> None:
        """Raise AccessError if the user may not perform the operation on the records."""
        if operation not in MODES and self.env.su:  # only the rules of records look at it, if there are any records
            if self._ids:
                raise ValueError(f"Invalid mode: {operation!r}")
            return
        check_mode(operation)
        if not allowed(self.env, self._name, operation):
            raise refusal(self, operation)
        record_rules.check(self, operation)

    @api.versions(since=18)
    def has_access(self, operation: str) -> bool:
        """Return whether the user may perform the operation on the records."""
        try:
            self.check_access(operation)
        except AccessError:
            return False
        return True

    @api.model(until=19)
    def check_field_access_rights(self, operation: str, fields: list[str] | None) -> list[str]:
        """Return the fields that the user may read or write; raises AccessError if named ones are not among them."""
        if fields:
            check_fields(self, operation, fields)
            return list(fields)
        return [name for name, field in self._model.fields.items() if sees(self.env, field)]

    @api.versions(until=12, name="toggle_active")
    def toggle_active_11(self) -> None:
        """Archive the active records and unarchive the others."""
        name = self._model.active_name
        active = self.filtered(name) if name else self.browse()
        _set_active(active, False)
        _set_active(self - active, True)

    @api.versions(since=13, until=19)
    def toggle_active(self) -> None:
        """Archive the active records and unarchive the others."""
        name = self._model.active_name
        if name:
            active = self.filtered(name)
            active.action_archive()
            (self - active).action_unarchive()

    @api.versions(since=13)
    def action_archive(self) -> None:
        """Set the active field to False."""
        _set_active(self, False)

    @api.versions(since=13)
    def action_unarchive(self) -> None:
        """Set the active field to True."""
        _set_active(self, True)
