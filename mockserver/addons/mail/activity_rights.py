"""Who may use activities: whom the rules permit it, and who may use the record that they are about.

Source: recorded in flow-activity (17.0); Inferred: what users of 17.0 see.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from mockserver.addons.base_mail.mail_message import usable_records
from mockserver.errors import AccessError
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.rights import record_rules
from mockserver.orm.rights.access import check_access
from mockserver.orm.storage.store import Row

_MODEL = "mail.activity"


def usable(env: Environment, rows: Sequence[Row], mode: str) -> list[Row]:
    """Return the rows of the activities that the user may read, write or unlink."""
    if env.su:
        return list(rows)
    if mode == "read":
        found = {row["id"] for row in rows if row.get("user_id") == env.uid}
    else:
        limit = record_rules.limit(env, _MODEL, mode)
        found = {row["id"] for row in (rows if limit is None else limit.allowed(rows))}
    by_record: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if row["id"] not in found and row.get("res_model") in env and row.get("res_id"):
            by_record[row["res_model"]][row["res_id"]].append(row["id"])
    for model, by_id in by_record.items():
        for id_ in usable_records(env, model, list(by_id), mode):
            found.update(by_id[id_])
    return [row for row in rows if row["id"] in found]


def check(activities: Recordset, mode: str) -> None:
    """Raise AccessError unless the user may read, write or unlink (`mode`) the activities."""
    env = activities.env
    if env.su or not activities:
        return
    check_access(activities, mode)
    table = env.db.store.rows(_MODEL)
    rows = [table[id_] for id_ in activities._ids if id_ in table]
    kept = {row["id"] for row in usable(env, rows, mode)}
    refused = [row["id"] for row in rows if row["id"] not in kept]
    if refused:
        text = env.db.profile.rules.message_refusal
        raise AccessError(text.format(kind=activities._model.description, mode=mode, ids=refused[:6], uid=env.uid))
