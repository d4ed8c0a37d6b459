"""Who follows a record, and for which kinds of messages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from mockserver.addons.base_mail import bulk
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.storage.store import Row

_TABLE = "mail.followers"
# what happens to those who follow already: nothing, other kinds of messages, or more kinds of messages
SKIP, REPLACE, UPDATE = "skip", "replace", "update"


def rows_of(env: Environment, model: str, ids: Iterable[int]) -> list[Row]:
    """Return the rows of the followers of some records, by id."""
    rows = env.db.store.rows(_TABLE)
    found = sorted(env.db.store.having(_TABLE, "res_id", ids))
    return [rows[id_] for id_ in found if rows[id_].get("res_model") == model]


def of(records: Recordset) -> Recordset:
    """Return the followers of some records."""
    found = rows_of(records.env, records._name, records._ids)
    return records.env.sudo()[_TABLE].browse(row["id"] for row in found)


def partners_of(records: Recordset) -> dict[int, tuple[int, ...]]:
    """Return the ids of the contacts that follow each of the records."""
    found: dict[int, dict[int, None]] = {id_: {} for id_ in records._ids}
    for row in rows_of(records.env, records._name, records._ids):
        if row.get("partner_id"):
            found[row["res_id"]][row["partner_id"]] = None
    return {id_: tuple(partners) for id_, partners in found.items()}


def usual_subtypes(env: Environment, model: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the kinds of messages that a new follower gets: an internal user, and anybody else."""
    return env.db.derived(("usual", model), ["mail.message.subtype"], lambda: _usual_subtypes(env, model))


def _usual_subtypes(env: Environment, model: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    rows = [
        row
        for row in env.db.store.rows("mail.message.subtype").values()
        if row.get("default") and row.get("res_model") in (None, model)
    ]
    return tuple(row["id"] for row in rows), tuple(row["id"] for row in rows if not row.get("internal"))


def follow(
    records: Recordset,
    partner_ids: Collection[int],
    subtypes: Collection[int] | Mapping[int, Collection[int]] | None = None,
    policy: str = SKIP,
) -> None:
    """Let contacts follow records, for the given kinds of messages (of all contacts, or by contact), else the usual.

    `policy` says what happens to those who follow a record already.
    """
    env, model = records.env.sudo(), records._name
    known: dict[int, dict[int, Row]] = defaultdict(dict)
    for row in rows_of(env, model, records._ids):
        known[row["res_id"]][row["partner_id"]] = row
    usual = usual_subtypes(env, model) if subtypes is None else ((), ())
    partners = env.db.store.rows("res.partner")
    new: list[dict[str, Any]] = []
    for partner_id in dict.fromkeys(partner_ids):
        share = partners.get(partner_id, {}).get("partner_share", True)
        if subtypes is None:
            wanted: Collection[int] = usual[1] if share else usual[0]
        else:
            wanted = subtypes.get(partner_id, ()) if isinstance(subtypes, Mapping) else subtypes
        for id_ in dict.fromkeys(records._ids):  # a call may name a record twice
            there = known[id_].get(partner_id) if id_ in known else None
            if there is None:
                new.append({"res_model": model, "res_id": id_, "partner_id": partner_id, "subtype_ids": sorted(wanted)})
            elif policy != SKIP:
                _change(env, there, wanted, policy)
    bulk.insert(env, _TABLE, new)


def _change(env: Environment, row: Row, wanted: Collection[int], policy: str) -> None:
    held = set(row.get("subtype_ids") or ())
    ids = set(wanted) | held if policy == UPDATE else set(wanted)
    if ids != held:
        env[_TABLE].browse(row["id"]).write({"subtype_ids": [(6, 0, sorted(ids))]})
