"""Messages that the server itself writes on records, many at a time: of creations and of changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from mockserver.addons.base_mail import bulk, posting
from mockserver.orm.query.values import labels
from mockserver.orm.records.environment import Environment, Recordset


class Entry(NamedTuple):
    """What is logged on one record: a text, and rows of `mail.tracking.value` without their message.

    `subtype` is the kind of message, of which followers are told; 0 is a note, of which nobody is.
    """

    body: str = ""
    subtype: int = 0
    tracked: tuple[Mapping[str, Any], ...] = ()
    values: Mapping[str, Any] = {}


def write(records: Recordset, entries: Mapping[int, Entry]) -> Recordset:
    """Log an entry on each of the records that has one, and notify; return the messages.

    The author is the current user.  The messages are stored without the checks of a posted one.
    """
    env = records.env
    name = records._name
    author, address = posting.author(env.sudo())
    note = posting.subtype(env)
    common = {
        "model": name, "message_type": "notification", "author_id": author, "reply_to": address,
        "date": env.db.clock.now(), "email_from": posting.kept_address(env, author, address, given=False),
        "add_sign": False, "email_add_signature": False, "reply_to_force_new": False,
    }  # fmt: skip
    named = labels(env.sudo(), records._model, (id_ for id_, entry in entries.items() if entry.subtype))
    rows = [
        {
            **common, "res_id": id_, "body": entry.body, "subtype_id": entry.subtype or note,
            "is_internal": not entry.subtype, "record_name": named.get(id_, False),
            "message_id": posting.message_id(env, name, id_),
            "parent_id": records.browse(id_)._parent_of_message(False) if entry.subtype else False, **entry.values,
        }
        for id_, entry in entries.items()
    ]  # fmt: skip
    ids = bulk.insert(env, "mail.message", rows)
    _track(env, ids, list(entries.values()))
    messages = env.sudo()["mail.message"].browse(ids)
    for message, id_, entry in zip(messages, entries, entries.values(), strict=True):
        if entry.subtype:
            records.sudo().browse(id_)._notify_thread(message, {})
    return messages


def _track(env: Environment, ids: list[int], entries: list[Entry]) -> None:
    """Store the tracked values of messages."""
    rows = [{**row, "mail_message_id": id_} for id_, entry in zip(ids, entries, strict=True) for row in entry.tracked]
    bulk.insert(env, "mail.tracking.value", rows)
