"""mail.thread: messages on a record, and those who follow it.

Source: versions.md §6.3; recorded in misc-partners (17.0), flow-mail (17.0, 18.0, 19.0), flow-rights (17.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any, ClassVar

from mockserver import api, models
from mockserver.addons.base_mail import followers, posting
from mockserver.addons.base_mail.mail_message import check_posting
from mockserver.errors import AccessError
from mockserver.orm.query import reverse
from mockserver.orm.records.environment import Recordset
from mockserver.orm.rights import record_rules
from mockserver.orm.rights.access import check_access, in_group

Values = dict[str, Any]


def check_use(records: Recordset, mode: str) -> None:
    """Raise AccessError unless the user may `read` or `write` the records."""
    check_access(records, mode)
    record_rules.check(records, mode)


def text_as_html(records: Recordset, body: Any, *, is_html: bool) -> str:
    """Return the body of a message as HTML; that of users who are no employees is plain text in any case."""
    body = body or ""
    if not records.env.db.profile.rules.message_body_escaped:
        return str(body)
    trusted = records.env.su or in_group(records.env, "base.group_user")
    return str(body) if is_html and trusted else escape(str(body), quote=False)


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"
    # the right on a record that allows to post messages on it
    _mail_post_access: ClassVar[str] = "write"
    # whether every message answers the first one of the record
    _mail_flat_thread: ClassVar[bool] = True

    @api.returns_id
    @api.versions(since=17)
    def message_post(
        self, *, body: str = "", subject: str | None = None, message_type: str = "notification",
        email_from: str | None = None, author_id: int | None = None, parent_id: Any = False,
        subtype_xmlid: str | None = None, subtype_id: Any = False, partner_ids: Any = None, attachments: Any = None,
        attachment_ids: Any = None, body_is_html: bool = False, **kwargs: Any,
    ) -> Recordset:  # fmt: skip
        """Write a message on a record and return it; a text that is not said to be HTML is escaped."""
        given = {
            "subject": subject, "message_type": message_type, "email_from": email_from, "author_id": author_id,
            "parent_id": parent_id, "subtype_xmlid": subtype_xmlid, "subtype_id": subtype_id,
            "partner_ids": partner_ids, "attachments": attachments, "attachment_ids": attachment_ids,
        }  # fmt: skip
        return self._post_message({"body": text_as_html(self, body, is_html=body_is_html), **given}, kwargs)

    @api.returns_id
    @api.versions(since=15, until=16, name="message_post")
    def message_post_15(
        self, *, body: str = "", subject: str | None = None, message_type: str = "notification",
        email_from: str | None = None, author_id: int | None = None, parent_id: Any = False,
        subtype_xmlid: str | None = None, subtype_id: Any = False, partner_ids: Any = None, attachments: Any = None,
        attachment_ids: Any = None, **kwargs: Any,
    ) -> Recordset:  # fmt: skip
        """Write a message, whose text is HTML, on a record and return it."""
        given = {
            "subject": subject, "message_type": message_type, "email_from": email_from, "author_id": author_id,
            "parent_id": parent_id, "subtype_xmlid": subtype_xmlid, "subtype_id": subtype_id,
            "partner_ids": partner_ids, "attachments": attachments, "attachment_ids": attachment_ids,
        }  # fmt: skip
        kwargs.pop("body_is_html", None)  # of the server's own calls
        return self._post_message({"body": body or "", **given}, kwargs)

    @api.returns_id
    @api.versions(since=14, until=14, name="message_post")
    def message_post_14(
        self, *, body: str = "", subject: str | None = None, message_type: str = "notification",
        email_from: str | None = None, author_id: int | None = None, parent_id: Any = False,
        subtype_xmlid: str | None = None, subtype_id: Any = False, partner_ids: Any = None, channel_ids: Any = None,
        attachments: Any = None, attachment_ids: Any = None, add_sign: bool = True, record_name: Any = False,
        **kwargs: Any,
    ) -> Recordset:  # fmt: skip
        """Write a message, whose text is HTML, on a record and return it."""
        more = {"add_sign": add_sign, **({"record_name": record_name} if record_name else {}), **kwargs}
        return MailThread.message_post_15(
            self, body=body, subject=subject, message_type=message_type, email_from=email_from, author_id=author_id,
            parent_id=parent_id, subtype_xmlid=subtype_xmlid, subtype_id=subtype_id, partner_ids=partner_ids,
            attachments=attachments, attachment_ids=attachment_ids, **more,
        )  # fmt: skip

    @api.returns_id
    @api.versions(since=13, until=13, name="message_post")
    def message_post_13(
        self, *, body: str = "", subject: str | None = None, message_type: str = "notification",
        email_from: str | None = None, author_id: int | None = None, parent_id: Any = False, subtype_id: Any = False,
        subtype: str | None = None, partner_ids: Any = None, channel_ids: Any = None, attachments: Any = None,
        attachment_ids: Any = None, add_sign: bool = True, record_name: Any = False, **kwargs: Any,
    ) -> Recordset:  # fmt: skip
        """Write a message, whose text is HTML, on a record and return it."""
        return MailThread.message_post_14(
            self, body=body, subject=subject, message_type=message_type, email_from=email_from, author_id=author_id,
            parent_id=parent_id, subtype_xmlid=subtype or kwargs.pop("subtype_xmlid", None), subtype_id=subtype_id,
            partner_ids=partner_ids, attachments=attachments, attachment_ids=attachment_ids, add_sign=add_sign,
            record_name=record_name, **kwargs,
        )  # fmt: skip

    @api.returns_id
    @api.versions(until=12, name="message_post")
    def message_post_11(
        self, body: str = "", subject: str | None = None, message_type: str = "notification",
        subtype: str | None = None, parent_id: Any = False, attachments: Any = None, content_subtype: str = "html",
        **kwargs: Any,
    ) -> Recordset:  # fmt: skip
        """Write a message on a record and return it; the text is HTML unless `content_subtype` is "plaintext"."""
        text = escape(body or "", quote=False) if content_subtype == "plaintext" else body
        return MailThread.message_post_13(
            self, body=text, subject=subject, message_type=message_type, subtype=subtype, parent_id=parent_id,
            attachments=attachments, **kwargs,
        )  # fmt: skip

    def _post_message(self, given: Values, more: Mapping[str, Any]) -> Recordset:
        """Write a message on a record: check what is given, create it, let its author follow, notify."""
        self.ensure_one()
        values, options = posting.split(self.env, more)
        if given["message_type"] == "user_notification":
            raise ValueError("Use message_notify to send a notification to an user.")
        posting.check_lists(given["partner_ids"], given["attachments"], given["attachment_ids"])
        checked = self.env.db.profile.rules.message_record_checked
        kind = given["subtype_id"] or posting.subtype(self.env, given["subtype_xmlid"])
        if checked == "before":
            check_posting(self, given["parent_id"], kind)
        writer, address = posting.author(self.env, given["author_id"], given["email_from"], required=True)
        if checked == "after":
            check_posting(self, given["parent_id"], kind)
        partners = list(given["partner_ids"] or ())
        if partners and self.env.context.get("mail_post_autofollow"):
            self.message_subscribe(partners)
        values = {
            **values, "model": self._name, "res_id": self.id, "body": given["body"],
            "subject": given["subject"] or False, "message_type": given["message_type"], "author_id": writer,
            "email_from": posting.kept_address(self.env, writer, address, given=bool(given["email_from"])),
            "parent_id": self._parent_of_message(given["parent_id"]),
            "subtype_id": kind, "partner_ids": [(6, 0, partners)],
        }  # fmt: skip
        message = self.env["mail.message"].create(values)
        files = posting.add_attachments(self, given["attachments"], given["attachment_ids"])
        if files:
            message.sudo().write({"attachment_ids": [(6, 0, files)]})
        self._let_author_follow(message)
        self._notify_thread(message, options)
        return message

    def _parent_of_message(self, parent_id: Any) -> int | bool:
        """Return the id of the message that a new one answers: the first of the record, or that of the conversation."""
        messages = self.env.sudo()["mail.message"]
        parent = messages.browse(parent_id or ()).exists()
        if not parent:
            return posting.first_message(self) if self._mail_flat_thread else False
        ancestor = parent.parent_id
        while self._mail_flat_thread and ancestor.parent_id:
            ancestor = ancestor.parent_id
        return (ancestor or parent).id

    def _let_author_follow(self, message: Recordset) -> None:
        """Subscribe who posts, unless the server does so in the name of a user."""
        if message.message_type == "notification" or self.env.context.get("mail_create_nosubscribe"):
            return
        poster = self.env.user
        partner = poster.partner_id if poster.active else message.sudo().author_id.filtered("active")
        followers.follow(self, partner.ids)

    def _notify_thread(self, message: Recordset, options: Mapping[str, Any]) -> None:
        """Tell the recipients of a message of it."""

    # -- followers

    def message_subscribe(self, partner_ids: Any = None, subtype_ids: Any = None) -> bool:
        """Let contacts follow the records, for the given kinds of messages; return False without the right to."""
        if not self or not partner_ids:
            return True
        own = set(partner_ids) == set(self.env.user.partner_id._ids)
        try:
            check_use(self, "read" if own else "write")
        except AccessError:
            if not own:
                raise
            return False
        partners = self.env.sudo()["res.partner"].browse(partner_ids).exists()
        if not own:
            partners = partners.filtered("active")
        followers.follow(self, partners._ids, subtype_ids or None, followers.REPLACE if subtype_ids else followers.SKIP)
        return True

    def message_unsubscribe(self, partner_ids: Any = None) -> bool | None:
        """Let contacts no longer follow the records; return True if there is nothing to do, else nothing."""
        if not partner_ids:
            return True
        check_use(self, "read" if set(partner_ids) == set(self.env.user.partner_id._ids) else "write")
        followers.of(self).filtered(lambda follower: follower.partner_id.id in partner_ids).unlink()
        return None

    @api.depends("message_follower_ids")
    def _compute_message_partner_ids(self) -> None:
        self._assign_each("message_partner_ids", followers.partners_of(self))

    def _inverse_message_partner_ids(self) -> None:
        for record in self:
            before, wanted = followers.of(record).partner_id, record.message_partner_ids
            record.message_unsubscribe((before - wanted).ids)
            record.message_subscribe((wanted - before).ids)

    def _search_message_partner_ids(self, operator: str, value: Any) -> list[Any]:
        """As on the real server, a negated operator finds the records that somebody else follows."""
        leaf = ("partner_id", operator, value)
        found = self.env.sudo()["mail.followers"].search([("res_model", "=", self._name), leaf])
        return [("id", "in", found.mapped("res_id"))]

    def _compute_message_is_follower(self) -> None:
        own = self.env.user.partner_id._ids
        following = {row["res_id"] for row in followers.rows_of(self.env, self._name, self._ids)
                     if row.get("partner_id") in own}  # fmt: skip
        self._assign_each("message_is_follower", {id_: id_ in following for id_ in self._ids})

    def _search_message_is_follower(self, operator: str, value: Any) -> list[Any]:
        own = [("res_model", "=", self._name), ("partner_id", "in", self.env.user.partner_id.ids)]
        found = self.env.sudo()["mail.followers"].search(own)
        return [("id", "in" if (operator == "=") is bool(value) else "not in", found.mapped("res_id"))]

    # -- messages

    def _compute_has_message(self) -> None:
        field = self._model.fields["message_ids"]
        messages = reverse.lines_of(self.env, field, self._ids)
        self._assign_each("has_message", {id_: bool(ids) for id_, ids in zip(self._ids, messages, strict=True)})

    def _search_has_message(self, operator: str, value: Any) -> list[Any]:
        rows = self.env.db.store.rows("mail.message").values()
        found = {row["res_id"] for row in rows if row.get("model") == self._name and row.get("res_id")}
        return [("id", "in" if (operator == "=") is bool(value) else "not in", sorted(found))]

    def unlink(self) -> bool:
        """Delete records with their messages and followers."""
        env, ids = self.env.sudo(), self._ids
        done: bool = super().unlink()
        rows = env.db.store.rows("mail.message")
        written = [id_ for id_ in sorted(env.db.store.having("mail.message", "res_id", ids))
                   if rows[id_].get("model") == self._name
                   and rows[id_].get("message_type") != "user_notification"]  # fmt: skip
        env["mail.message"].browse(written).unlink()
        gone = followers.rows_of(env, self._name, ids)
        env["mail.followers"].browse(row["id"] for row in gone).unlink()
        return done
