"""Who may use attachments: those of a record by the rights on it, others the user who created them.

Only internal users may use attachments, except public ones in files of `/web/content`.
Source: recorded in attach-crud (17.0); Inferred for the other versions, whose errors are the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mockserver import models
from mockserver.errors import AccessError
from mockserver.orm.query.conditions import Condition
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.rights import record_rules
from mockserver.orm.rights.access import allowed, check_access, in_group
from mockserver.orm.storage.store import Row

if TYPE_CHECKING:
    from mockserver.orm.methods import BaseModel

_REFUSED = "Sorry, you are not allowed to access this document."


class IrAttachment(models.Model):
    _inherit = "ir.attachment"
    _implied_leaf = ("res_field", "=", False)

    def _own_limit(self, mode: str) -> Condition | None:
        """Return the condition for attachments that the user may read; for other modes `check_use` is asked."""
        if mode != "read":
            return None
        env = self.env
        return Condition(lambda rows: _readable(env, rows), cost=5)

    def read(self, fields: Iterable[str] | None = None, load: Any = "_classic_read") -> list[dict[str, Any]]:
        """Read attachments; older servers have an error of their own for those that the user may not use."""
        if not self.env.db.profile.rules.attachments_ruled:
            check_use(self, "read")
        return super().read(fields, load)


def _readable(env: Environment, rows: Sequence[Row]) -> list[Row]:
    system = in_group(env, "base.group_system")
    found: set[int] = set()
    attached: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        model, id_ = row.get("res_model") or "", row.get("res_id")
        if row.get("public") or (not id_ and (system or row.get("create_uid") == env.uid)):
            found.add(row["id"])
        elif id_ and (system or not row.get("res_field")):
            attached[model][id_].append(row["id"])
    for model, by_id in attached.items():
        for id_ in by_id if model not in env else _readable_ids(env, model, by_id):
            found.update(by_id[id_])
    return [row for row in rows if row["id"] in found]


def _readable_ids(env: Environment, model: str, ids: Iterable[int]) -> list[int]:
    if not allowed(env, model, "read"):
        return []
    table = env.db.store.rows(model)
    return [row["id"] for row in env.readable(model, [table[id_] for id_ in ids if id_ in table])]


def check_use(attachments: Recordset, mode: str, values: Mapping[str, Any] | None = None) -> None:
    """Raise AccessError unless the user may read, write, create or unlink (`mode`) the attachments.

    `values` are those of new attachments, or those that will be written.
    To create and unlink an attachment of a record is to change that record.
    """
    env = attachments.env
    if env.su:
        return
    if not (in_group(env, "base.group_user") or in_group(env, "base.group_system")):
        raise AccessError(_REFUSED)
    system = in_group(env, "base.group_system")
    targets: dict[str, set[int]] = defaultdict(set)
    for row in attachments.sudo()._rows():
        if mode == "read" and row.get("public"):
            continue
        own = row.get("create_uid") == env.uid
        if not system and (row.get("res_field") or not (row.get("res_id") or own)):
            raise AccessError(_REFUSED)
        if row.get("res_model") and row.get("res_id"):
            targets[row["res_model"]].add(row["res_id"])
    model, id_ = (values or {}).get("res_model"), (values or {}).get("res_id")
    if isinstance(model, str) and isinstance(id_, int) and id_:
        targets[model].add(id_)
    for model, ids in targets.items():
        if model in env and not (model == "res.users" and ids == {env.uid}):
            _check_documents(env[model].browse(ids).exists(), "write" if mode in ("create", "unlink") else mode)


def _check_documents(documents: BaseModel, mode: str) -> None:
    check_access(documents, mode)
    record_rules.check(documents, mode)
