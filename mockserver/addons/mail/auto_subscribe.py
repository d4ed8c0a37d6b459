"""Who follows a record because of its values: its responsible user, and the followers of the record that it belongs to.

A kind of message of the other record, such as "Task Created" of a project, names its counterpart of this model
(`parent_id`) and the field that leads from here to there (`relation_field`).
Inferred: from what users of 17.0 see; recorded in flow-rights (17.0).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from mockserver.addons.base_mail import followers
from mockserver.orm.records.environment import Environment, Recordset


class Kinds(NamedTuple):
    """The kinds of messages that decide about a model's followers."""

    own: frozenset[int]  # those of the model itself, or of every model
    counterpart: Mapping[int, int]  # kind of another model → the kind of this one that it stands for
    fields: Mapping[str, str]  # field that leads to the other record → its model


def run(records: Recordset, given: Sequence[Mapping[str, Any]], policy: str) -> None:
    """Subscribe who follows the records because of the values that were written, in their order."""
    env, model = records.env, records._name
    kinds = env.db.derived(("deciding", model), ["mail.message.subtype"], lambda: _kinds(env, model))
    responsible = _has_responsible(records)
    fields = {*kinds.fields, *(("user_id",) if responsible else ())}
    for record, vals in zip(records, given, strict=False):
        if not fields.isdisjoint(vals):
            _subscribe(record, vals, kinds, policy, responsible=responsible)


def _has_responsible(records: Recordset) -> bool:
    field = records._model.fields.get("user_id")
    return field is not None and bool(field.tracking) and field.comodel == "res.users"


def _kinds(env: Environment, model: str) -> Kinds:
    own, counterpart, fields = set(), {}, {}
    rows = env.db.store.rows("mail.message.subtype")
    for row in rows.values():
        parent = rows.get(row.get("parent_id", 0))
        if row.get("res_model") in (None, model):
            own.add(row["id"])
        elif parent is not None and parent.get("res_model") == model and row.get("relation_field"):
            counterpart[row["id"]] = parent["id"]
            fields[row["relation_field"]] = row["res_model"]
    return Kinds(frozenset(own), counterpart, fields)


def _subscribe(record: Recordset, vals: Mapping[str, Any], kinds: Kinds, policy: str, *, responsible: bool) -> None:
    env = record.env
    wanted: dict[int, set[int]] = defaultdict(set)
    assigned = 0
    user = env.sudo()["res.users"].browse(vals.get("user_id") or ()).exists() if responsible else env["res.users"]
    if user and user.active:
        partner = user.partner_id.id
        wanted[partner] |= set(followers.usual_subtypes(env, record._name)[1 if user.share else 0])
        assigned = partner if user.id != env.uid else 0
    for field, model in kinds.fields.items():
        if vals.get(field):
            for row in followers.rows_of(env, model, (vals[field],)):
                held = row.get("subtype_ids") or ()
                wanted[row["partner_id"]] |= {
                    kinds.counterpart.get(id_, id_) for id_ in held if id_ in kinds.counterpart or id_ in kinds.own
                }
    followers.follow(record, wanted, wanted, policy)
    if assigned:
        record._notify_assigned(assigned)
