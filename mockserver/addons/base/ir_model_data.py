"""ir.model.data: external ids.

Source: 17.0; `check_object_reference` is what odoorpc's `env.ref` calls.  Until 14 a
client could call three more (versions.md §12 (b)); odoorpc calls `xmlid_to_res_model_res_id` there.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.errors import AccessError
from mockserver.orm.records.environment import Recordset
from mockserver.orm.writing.external_ids import find


def _found(self: Recordset, xmlid: str, missing_is_error: bool) -> tuple[Any, Any]:
    """Return `(model, id)` without access checks; ValueError or `(False, False)` for an unknown external id."""
    row = find(self.env, xmlid)
    if row is not None and row.get("res_id"):
        return row["model"], row["res_id"]
    if missing_is_error:
        raise ValueError(f"External ID not found in the system: {xmlid}")
    return False, False


class IrModelData(models.Model):
    _inherit = "ir.model.data"

    def _compute_complete_name(self) -> None:
        """`module.name`."""
        for record in self:
            record.complete_name = ".".join(part for part in (record.module, record.name) if part)

    def _compute_reference(self) -> None:
        """`model,id`."""
        for record in self:
            record.reference = f"{record.model},{record.res_id}"

    def _compute_display_name(self) -> None:
        for record in self:
            record.display_name = _display_name(record)

    @api.model
    def check_object_reference(self, module: str, xml_id: str, raise_on_access_error: bool = False) -> list[Any]:
        """Return `[model, id]`; the id is False where the user may not see the record, or it is archived.

        Raises ValueError for an unknown external id, and AccessError for the second case with `raise_on_access_error`.
        """
        found = self.env.ref(f"{module}.{xml_id}")
        assert found is not None  # an unknown one has raised
        if self.env[found._name].search([("id", "=", found.id)]):
            return [found._name, found.id]
        if raise_on_access_error:
            raise AccessError(f'Not enough access rights on the external ID "{module}.{xml_id}"')
        return [found._name, False]

    @api.model(until=14)
    def xmlid_to_res_model_res_id(self, xmlid: str, raise_if_not_found: bool = False) -> list[Any]:
        """Return `[model, id]`, or `[False, False]`; with `raise_if_not_found` raises ValueError instead."""
        return list(_found(self, xmlid, raise_if_not_found))

    @api.model(until=14)
    def xmlid_to_res_id(self, xmlid: str, raise_if_not_found: bool = False) -> Any:
        """Return the id, or False; with `raise_if_not_found` raises ValueError instead."""
        return _found(self, xmlid, raise_if_not_found)[1]

    @api.model(until=14)
    def get_object_reference(self, module: str, xml_id: str) -> list[Any]:
        """Return `[model, id]`; raises ValueError for an unknown external id."""
        return list(_found(self, f"{module}.{xml_id}", missing_is_error=True))

    @api.model(since=15)
    def _xmlid_to_res_model_res_id(self, xmlid: str, raise_if_not_found: bool = False) -> tuple[Any, Any]:
        """Return `(model, id)`, or `(False, False)`; with `raise_if_not_found` raises ValueError instead."""
        return _found(self, xmlid, raise_if_not_found)

    @api.model(since=15)
    def _xmlid_to_res_id(self, xmlid: str, raise_if_not_found: bool = False) -> Any:
        """Return the id, or False; with `raise_if_not_found` raises ValueError instead."""
        return _found(self, xmlid, raise_if_not_found)[1]

    @api.model
    def toggle_noupdate(self, model: str, res_id: int) -> None:
        """Invert the `noupdate` of a record's external ids."""
        for xmlid in self.search([("model", "=", model), ("res_id", "=", res_id)]):
            xmlid.write({"noupdate": not xmlid.noupdate})


def _display_name(record: Recordset) -> str:
    """Return the display name of the record, or the external id if there is none."""
    row, env = record._rows()[0], record.env
    target = env[row["model"]].browse(row["res_id"]) if row.get("res_id") and row.get("model") in env else None
    named = target is not None and target.exists() and target.display_name
    return str(named or record.complete_name)
