"""Who is notified of a message, in the web client's inbox or by mail.

Source: recorded in flow-mail (17.0, 18.0, 19.0).  Differs: the mail has the body of the message without the layout and
the signature that the real server puts around it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from mockserver.addons.base_mail import bulk, followers
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.storage.store import Row


class Recipient(NamedTuple):
    """A contact who is notified: `kind` is user, portal or customer, `inbox` whether in the web client."""

    partner: int
    kind: str
    inbox: bool


def recipients(record: Recordset, message: Row, options: Mapping[str, Any]) -> list[Recipient]:
    """Return whom a message is for: those it is addressed to and the followers for its kind, but not its author."""
    env = record.env
    wanted = dict.fromkeys(message.get("partner_ids") or ())
    if message.get("message_type") != "user_notification" and not options.get("notify_skip_followers"):
        wanted |= dict.fromkeys(_followers(env, record, message))
    if not (options.get("notify_author") or env.context.get("mail_notify_author")):
        wanted.pop(message.get("author_id"), None)
    partners = env.db.store.rows("res.partner")
    active = (id_ for id_ in sorted(wanted) if partners.get(id_, {}).get("active"))
    return [_recipient(env, id_) for id_ in active]


def _followers(env: Environment, record: Recordset, message: Row) -> Iterable[int]:
    kind = env.db.store.get("mail.message.subtype", message.get("subtype_id") or 0) or {}
    partners = env.db.store.rows("res.partner")
    for row in followers.rows_of(env, record._name, record._ids):
        if kind.get("id") in (row.get("subtype_ids") or ()):
            share = partners.get(row["partner_id"], {}).get("partner_share", True)
            if not (kind.get("internal") and share):
                yield row["partner_id"]


def _recipient(env: Environment, partner: int) -> Recipient:
    users = env.db.store.rows("res.users")
    own = [users[id_] for id_ in sorted(env.db.store.having("res.users", "partner_id", (partner,)))]
    active = [row for row in own if row.get("active")]
    if not active:
        return Recipient(partner, "customer", False)
    internal = [row for row in active if not row.get("share")]
    if not internal:
        return Recipient(partner, "portal", False)
    return Recipient(partner, "user", internal[0].get("notification_type") == "inbox")


def notify(record: Recordset, message: Recordset, options: Mapping[str, Any]) -> None:
    """Store the notifications of a message and the mails to those who are notified by mail."""
    row = message.sudo()._rows()[0]
    found = recipients(record, row, options)
    if not found:
        return
    inbox = [one.partner for one in found if one.inbox]
    _store(message, inbox, {"notification_type": "inbox", "notification_status": "sent", "is_read": False})
    by_kind: dict[str, list[int]] = defaultdict(list)
    for one in found:
        if not one.inbox:
            by_kind[one.kind].append(one.partner)
    mails = [_mail(record, message, by_kind[kind], options) for kind in ("user", "portal", "customer") if by_kind[kind]]
    forced = options.get("force_send", record.env.context.get("mail_notify_force_send", True))
    if forced and not options.get("scheduled_date"):
        for mail in mails:
            mail.send()


def _mail(record: Recordset, message: Recordset, partners: list[int], options: Mapping[str, Any]) -> Recordset:
    """Create the mail to some of the recipients, and their notifications."""
    env = record.env.sudo()
    values = {
        "mail_message_id": message.id, "body_html": message.sudo().body or "", "is_notification": True,
        "notification": True, "auto_delete": options.get("mail_auto_delete", env.context.get("mail_auto_delete", True)),
        "subject": message.sudo().subject or _subject(record), "recipient_ids": [(6, 0, partners)],
        "scheduled_date": options.get("scheduled_date") or False,
    }  # fmt: skip
    known = env["mail.mail"]._model.fields
    mail = env["mail.mail"].create({name: value for name, value in values.items() if name in known})
    state = {"notification_type": "email", "notification_status": "ready", "is_read": True}
    _store(message, partners, {**state, "mail_mail_id": mail.id, "mail_id": mail.id})
    return mail


def _subject(record: Recordset) -> str | bool:
    name = record.sudo().display_name if record else False
    return record.env.db.profile.rules.notification_subject.format(name=name) if name else False


def _store(message: Recordset, partners: list[int], values: Mapping[str, Any]) -> None:
    author = message.sudo().author_id.id
    rows = [
        {**values, "mail_message_id": message.id, "res_partner_id": partner, "author_id": author}
        for partner in partners
    ]
    bulk.insert(message.env, "mail.notification", rows)
    if partners:
        message.sudo().write({"notified_partner_ids": [(4, partner) for partner in partners]})
