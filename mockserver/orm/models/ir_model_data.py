"""ir.model.data: external ids.

Source: 17.0; `check_object_reference` is what odoorpc's `env.ref` calls.
"""

from __future__ import annotations

from typing import Any

from mockserver.errors import AccessError
from mockserver.orm.api import model
from mockserver.orm.compute import compute
from mockserver.orm.environment import Recordset


@compute("ir.model.data", "complete_name")
def _complete_name(self: Recordset) -> str:
    """`module.name`."""
    return ".".join(part for part in (self.module, self.name) if part)


@compute("ir.model.data", "reference")
def _reference(self: Recordset) -> str:
    """`model,id`."""
    return f"{self.model},{self.res_id}"


@compute("ir.model.data", "display_name")
def _display_name(self: Recordset) -> str:
    """The name of the record, or the external id where that is gone or nameless."""
    row, env = self._rows()[0], self.env
    target = env[row["model"]].browse(row["res_id"]) if row.get("res_id") and row.get("model") in env else None
    named = target is not None and target.call("exists") and target.display_name
    return str(named or self.complete_name)


@model("ir.model.data")
def check_object_reference(self: Recordset, module: str, xml_id: str, raise_on_access_error: bool = False) -> list[Any]:
    """`[model, id]`; the id is False where the user may not see the record, or it is archived.

    Raises ValueError for an unknown external id, AccessError for the second case if so asked.
    """
    found = self.env.ref(f"{module}.{xml_id}")
    assert found is not None  # an unknown one has raised
    if self.env[found._name].call("search", [("id", "=", found.id)]):
        return [found._name, found.id]
    if raise_on_access_error:
        raise AccessError(f'Not enough access rights on the external ID "{module}.{xml_id}"')
    return [found._name, False]


@model("ir.model.data")
def toggle_noupdate(self: Recordset, model: str, res_id: int) -> None:
    """Turn the `noupdate` of a record's external ids round."""
    for xmlid in self.call("search", [("model", "=", model), ("res_id", "=", res_id)]):
        xmlid.call("write", {"noupdate": not xmlid.noupdate})
