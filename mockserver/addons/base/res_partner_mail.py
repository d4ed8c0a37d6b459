"""Messages on contacts, and their followers.

Differs: neither the creation nor a change of a contact writes a message, and nobody is sent or notified of one.
Source: versions.md §6.3; recorded in misc-partners (17.0), flow-mail-1 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from mockserver import api, models
from mockserver.orm.query import reverse
from mockserver.orm.records.environment import Recordset

_COMMENT, _NOTE = "mail.mt_comment", "mail.mt_note"
# values of a message that a call may give beside the parameters of `message_post`
_MESSAGE_VALUES = frozenset({"date", "reply_to", "is_internal", "record_name", "model", "res_id", "message_id"})


def _check(record: Recordset, partner_ids: Any, values: Iterable[str]) -> None:
    record.ensure_one()
    if partner_ids and not (isinstance(partner_ids, (list, tuple)) and all(type(i) is int for i in partner_ids)):
        raise ValueError(f"Posting a message should receive partners as a list of IDs (received {partner_ids!r})")
    unknown = [name for name in values if name not in _MESSAGE_VALUES]
    if unknown:
        raise ValueError(f"Those values are not supported when posting or notifying: {', '.join(sorted(unknown))}")


def _subtype(record: Recordset, xmlid: str | None) -> int | bool:
    """Return the id of a kind of message; that of a note for an unknown one."""
    if xmlid and "." not in xmlid:
        xmlid = f"mail.{xmlid}"
    found = record.env.sudo().ref(xmlid or _NOTE, raise_if_not_found=False)
    return found.id if found else False


def _message(record: Recordset, body: str, values: dict[str, Any]) -> Recordset:
    author = record.env.sudo().user.partner_id
    defaults = {
        "model": record._name, "res_id": record.id, "record_name": record.display_name, "body": body,
        "author_id": author.id, "email_from": author.email_formatted or False,
    }  # fmt: skip
    return record.env.sudo()["mail.message"].create({**defaults, **values})


def _beside(records: Recordset, model: str, key: str) -> Recordset:
    """Return the records of a model that name one of the records by model and id."""
    store = records.env.db.store
    found = sorted(store.having(model, "res_id", records._ids))
    rows = store.rows(model)
    return records.env.sudo()[model].browse(id_ for id_ in found if rows[id_].get(key) == records._name)


def _followers(records: Recordset) -> Recordset:
    return _beside(records, "mail.followers", "res_model")


def _subscribe(record: Recordset, partners: Iterable[int], subtypes: Iterable[int] | None) -> None:
    """Let contacts follow a record; those who follow it already get the given kinds of messages."""
    known = {follower.partner_id.id: follower for follower in _followers(record)}
    usual = [_subtype(record, _COMMENT)]
    for id_ in partners:
        if id_ in known:
            if subtypes is not None:
                known[id_].write({"subtype_ids": [(6, 0, list(subtypes))]})
            continue
        record.env.sudo()["mail.followers"].create({
            "res_model": record._name, "res_id": record.id, "partner_id": id_,
            "subtype_ids": [(6, 0, list(subtypes) if subtypes is not None else usual)],
        })  # fmt: skip


class Partner(models.Model):
    _inherit = "res.partner"

    @api.versions(since=19, name="message_post")
    def message_post_19(
        self, *, body: str = "", subject: str | None = None, message_type: str = "notification",
        email_from: str | None = None, author_id: int | None = None, parent_id: Any = False,
        subtype_xmlid: str | None = None, subtype_id: Any = False, partner_ids: Any = None, attachments: Any = None,
        attachment_ids: Any = None, body_is_html: bool = False, **kwargs: Any,
    ) -> Recordset:  # fmt: skip
        """Write a message on a contact and return it; a text that is not said to be HTML is escaped."""
        _check(self, partner_ids, kwargs)
        values = {
            "subject": subject or False, "message_type": message_type, "parent_id": parent_id or False,
            "subtype_id": subtype_id or _subtype(self, subtype_xmlid), **kwargs,
            "partner_ids": [(6, 0, list(partner_ids or ()))],
            "attachment_ids": [(6, 0, list(attachment_ids or ()))],
        }  # fmt: skip
        values |= {"author_id": author_id} if author_id else {}
        values |= {"email_from": email_from} if email_from else {}
        message = _message(self, body if body_is_html else escape(body or "", quote=False), values)
        for name, content in attachments or ():
            file = {"name": name, "datas": content, "res_model": self._name, "res_id": self.id}
            message.write({"attachment_ids": [(0, 0, file)]})
        if message_type not in ("notification", "user_notification") and message.author_id:
            _subscribe(self, message.author_id.ids, None)
        return message

    @api.versions(since=17, until=18)
    def message_post(
        self, *, body: str = "", subject: str | None = None, message_type: str = "notification",
        email_from: str | None = None, author_id: int | None = None, parent_id: Any = False,
        subtype_xmlid: str | None = None, subtype_id: Any = False, partner_ids: Any = None, attachments: Any = None,
        attachment_ids: Any = None, body_is_html: bool = False, **kwargs: Any,
    ) -> int:  # fmt: skip
        """Write a message on a contact and return its id; a text that is not said to be HTML is escaped."""
        given = {
            "subject": subject, "message_type": message_type, "email_from": email_from, "author_id": author_id,
            "parent_id": parent_id, "subtype_xmlid": subtype_xmlid, "subtype_id": subtype_id,
            "partner_ids": partner_ids, "attachments": attachments, "attachment_ids": attachment_ids,
        }  # fmt: skip
        return int(Partner.message_post_19(self, body=body, body_is_html=body_is_html, **given, **kwargs).id)

    @api.versions(since=14, until=16, name="message_post")
    def message_post_14(
        self, *, body: str = "", subject: str | None = None, message_type: str = "notification",
        email_from: str | None = None, author_id: int | None = None, parent_id: Any = False,
        subtype_xmlid: str | None = None, subtype_id: Any = False, partner_ids: Any = None, attachments: Any = None,
        attachment_ids: Any = None, **kwargs: Any,
    ) -> int:  # fmt: skip
        """Write a message on a contact, whose text is HTML, and return its id."""
        given = {
            "subject": subject, "message_type": message_type, "email_from": email_from, "author_id": author_id,
            "parent_id": parent_id, "subtype_xmlid": subtype_xmlid, "subtype_id": subtype_id,
            "partner_ids": partner_ids, "attachments": attachments, "attachment_ids": attachment_ids,
        }  # fmt: skip
        return int(Partner.message_post_19(self, body=body, body_is_html=True, **given, **kwargs).id)

    def message_subscribe(self, partner_ids: Any = None, subtype_ids: Any = None) -> bool:
        """Let contacts follow the records, for the given kinds of messages."""
        for record in self if partner_ids else ():
            _subscribe(record, partner_ids, subtype_ids)
        return True

    def message_unsubscribe(self, partner_ids: Any = None) -> bool | None:
        """Let contacts no longer follow the records; return True if there is nothing to do, else nothing."""
        if not partner_ids:
            return True
        _followers(self).filtered(lambda follower: follower.partner_id.id in partner_ids).unlink()
        return None

    def unlink(self) -> bool:
        """Delete contacts with their messages and followers."""
        messages, followers = _beside(self, "mail.message", "model"), _followers(self)
        done: bool = super().unlink()
        messages.unlink()
        followers.unlink()
        return done

    def _compute_message_partner_ids(self) -> None:
        for partner in self:
            partner.message_partner_ids = _followers(partner).partner_id

    def _search_message_partner_ids(self, operator: str, value: Any) -> list[Any]:
        positive = {"!=": "=", "not in": "in"}.get(operator, operator)
        found = self.env.sudo()["mail.followers"].search(
            [("res_model", "=", self._name), ("partner_id", positive, value)]
        )
        return [("id", "in" if positive == operator else "not in", found.mapped("res_id"))]

    def _compute_message_is_follower(self) -> None:
        for partner in self:
            partner.message_is_follower = self.env.sudo().user.partner_id in _followers(partner).partner_id

    def _compute_has_message(self) -> None:
        for partner in self:
            partner.has_message = bool(reverse.lines(partner.env, partner._model.fields["message_ids"], partner.id))
