"""External ids (`module.name`): looked up, assigned to records, and generated for export."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver.orm.storage.store import Row

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment, Recordset

MODEL = "ir.model.data"
EXPORT_MODULE = "__export__"
IMPORTING = "_import_current_module"  # the key of the context that names the module of an import
TOKEN_LENGTH = 8


def find(env: Environment, xmlid: str) -> Row | None:
    """Return the `ir.model.data` row of an external id, even if its record no longer exists."""
    module, _, name = xmlid.partition(".")
    rows = env.db.store.rows(MODEL)
    found = env.db.store.having(MODEL, "name", (name,))
    return next((rows[id_] for id_ in sorted(found) if rows[id_].get("module") == module), None)


def assign(env: Environment, xmlid: str, model: str, id_: int, *, noupdate: bool = False) -> None:
    """Give a record an external id; one that another record has is moved."""
    module, _, name = xmlid.partition(".")
    data = env.sudo()[MODEL]
    row = find(env, xmlid)
    if row is None:
        values = {"module": module, "name": name, "model": model, "res_id": id_, "noupdate": noupdate}
        data.call("create", values)
    elif (row.get("model"), row.get("res_id")) != (model, id_):
        data.browse(row["id"]).call("write", {"model": model, "res_id": id_})


def assign_imported(record: Recordset, vals: Mapping[str, Any]) -> None:
    """Give a record the external id that an import wrote into its values, as it does for the lines of a one2many."""
    xmlid, context = vals.get("id"), record.env.context
    if isinstance(xmlid, str) and xmlid:
        full = xmlid if "." in xmlid else f"{context[IMPORTING]}.{xmlid}"
        assign(record.env, full, record._name, record.id, noupdate=bool(context.get("noupdate")))


def ensure(records: Recordset) -> dict[int, str]:
    """Return `{id: external id}`; those without one get `__export__.<table>_<id>_<token>`."""
    env, model = records.env, records._model
    rows = env.db.store.rows(MODEL)
    found: dict[int, str] = {}
    for id_ in sorted(env.db.store.having(MODEL, "res_id", records._ids)):
        row = rows[id_]
        if row.get("model") == model.name:
            found[row["res_id"]] = f"{row['module']}.{row['name']}" if row.get("module") else row["name"]
    for id_ in records._ids:
        if id_ not in found:
            token = env.db.clock.token(TOKEN_LENGTH)
            found[id_] = f"{EXPORT_MODULE}.{model.table}_{id_}_{token}"
            assign(env, found[id_], model.name, id_)
    return found
