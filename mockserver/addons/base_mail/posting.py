"""What a posted message is made of: its author, its parameters, its kind, its attachments."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from typing import Any

from mockserver.addons.base.res_partner_addresses import parse_contact
from mockserver.errors import UserError
from mockserver.orm.records.environment import Environment, Recordset

COMMENT, NOTE = "mail.mt_comment", "mail.mt_note"
# values of a message that a call may give beside the parameters of the method; Source: 17.0
MESSAGE_VALUES = frozenset(
    """
    author_guest_id create_date date email_add_signature email_layout_xmlid incoming_email_cc incoming_email_to
    is_internal mail_activity_type_id mail_server_id message_id outgoing_email_to record_alias_domain_id
    record_company_id record_name reply_to reply_to_force_new tracking_value_ids
    """.split()  # noqa: SIM905
)
# values that say how a message is sent
OPTIONS = frozenset(
    """
    force_email_company force_email_lang force_record_name force_send mail_auto_delete mail_headers model_description
    notify_author notify_author_mention notify_skip_followers resend_existing scheduled_date send_after_commit
    skip_existing subtitles
    """.split()  # noqa: SIM905
)


def author(
    env: Environment, author_id: Any = None, email_from: Any = None, *, required: bool = False
) -> tuple[int | bool, str | bool]:
    """Return the contact and the address of an author: by default the current user's.

    An address finds its contact.  Raises UserError for an author without an address, if one is `required`.
    """
    partners = env.sudo()["res.partner"]
    writer = partners.browse(author_id or ())
    if not writer and email_from:
        address = parse_contact(str(email_from))[1]
        field = "email_normalized" if "email_normalized" in partners._model.fields else "email"
        writer = partners.search([(field, "=", address)], 0, 1) if address else writer
    elif not writer:
        writer = env.user.partner_id
    if email_from is None or email_from is False:
        email_from = (writer.email_formatted if writer else False) or False
    if required and not email_from and not env.su:
        raise UserError(env._("Unable to send message, please configure the sender's email address."))
    return writer.id, email_from


def kept_address(env: Environment, author_id: int | bool, email_from: str | bool, *, given: bool) -> str | bool:
    """Return the address that a message keeps: in some versions none beside an author, unless it was given."""
    return email_from if given or not author_id or env.db.profile.rules.message_keeps_author_address else False


def split(env: Environment, given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return additional parameters as values of the message and options of sending.

    Raises ValueError for unknown ones; in older generations they are ignored.
    """
    known = env["mail.message"]._model.fields
    values = {name: value for name, value in given.items() if name in MESSAGE_VALUES and name in known}
    unknown = [name for name in given if name not in values and name not in OPTIONS]
    if unknown and env.db.profile.rules.message_parameters_checked:
        raise ValueError(f"Those values are not supported when posting or notifying: {', '.join(sorted(unknown))}")
    if not env.db.profile.rules.message_parameters_checked:
        values = {name: value for name, value in given.items() if name in known}
    return values, {name: given[name] for name in OPTIONS if name in given}


_TEXTS = {
    "attachments": "Posting a message should receive attachments as a list of list or tuples (received {given!r})",
    "attachment_ids": "Posting a message should receive attachments records as a list of IDs (received {given!r})",
    "partner_ids": "Posting a message should receive partners as a list of IDs (received {given!r})",
}


def check_lists(
    partner_ids: Any, attachments: Any = None, attachment_ids: Any = None, texts: Mapping[str, str] = _TEXTS
) -> None:
    """Raise the server's ValueError for recipients or attachments that are not lists of ids."""
    if attachments and not all(isinstance(one, (list, tuple)) for one in attachments):
        raise ValueError(texts["attachments"].format(given=attachments))
    if attachment_ids and not _is_ids(attachment_ids):
        raise ValueError(texts["attachment_ids"].format(given=attachment_ids))
    if partner_ids and not _is_ids(partner_ids):
        raise ValueError(texts["partner_ids"].format(given=partner_ids))


def _is_ids(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and all(type(one) is int for one in value)


def subtype(env: Environment, xmlid: str | None = None) -> int | bool:
    """Return the id of a kind of message; that of a note for an unknown one."""
    if xmlid and "." not in xmlid:
        xmlid = f"mail.{xmlid}"
    for name in (xmlid, NOTE):
        found = env.sudo().ref(name, raise_if_not_found=False) if name else None
        if found:
            return found.id
    return False


def message_id(env: Environment, model: Any, res_id: Any) -> str:
    """Return the unique id that a message has in e-mails."""
    number = int(env.db.clock.token(13), 16)
    place = f"{res_id}-{model}" if model and res_id else "private"
    return f"<{number:015d}.{env.db.clock.moment().timestamp():.6f}-openerp-{place}@mockserver>"


def first_message(record: Recordset) -> int | bool:
    """Return the id of the first message of a record, False if there is none."""
    store = record.env.db.store
    rows = store.rows("mail.message")
    found = [
        id_
        for id_ in store.having("mail.message", "res_id", record._ids)
        if rows[id_].get("model") == record._name and rows[id_].get("message_type") != "user_notification"
    ]
    return min(found, default=False)


def add_attachments(
    record: Recordset, attachments: Iterable[Any] | None, attachment_ids: Iterable[int] | None
) -> list[int]:
    """Return the ids of a message's attachments: `(name, content)` are created on the record, others attached to it.

    Only files that wait for a message are attached, as those that the composer uploads.
    """
    env = record.env.sudo()
    found = [int(id_) for id_ in attachment_ids or ()]
    waiting = (
        env["ir.attachment"]
        .browse(found)
        .filtered(
            lambda file: file.res_model == "mail.compose.message" and not file.res_id and file.create_uid.id == env.uid
        )
    )
    if waiting and record:
        waiting.write({"res_model": record._name, "res_id": record.id})
    for given in attachments or ():
        name, content = given[0], given[1]
        if content is not None:
            raw = content.encode() if isinstance(content, str) else bytes(content)
            file = {"name": name, "datas": base64.b64encode(raw).decode(), "type": "binary", "description": name}
            place = {"res_model": record._name, "res_id": record.id} if record else {}
            found.append(int(env["ir.attachment"].create({**file, **place}).id))
    return found
