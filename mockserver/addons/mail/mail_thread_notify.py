"""mail.thread: who is notified of its messages, and what a user sees of that on the record.

Source: recorded in flow-mail (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from mockserver import api, models
from mockserver.addons.base_mail import posting
from mockserver.addons.base_mail.mail_thread import text_as_html
from mockserver.addons.mail import notifying
from mockserver.orm.records.environment import Recordset
from mockserver.orm.storage.store import Row

_FAILED = ("exception", "bounce")
_TEXTS = {
    "attachments": "Notification should receive attachments as a list of list or tuples (received {given!r})",
    "attachment_ids": "Notification should receive attachments records as a list of IDs (received {given!r})",
    "partner_ids": "Notification should receive partners given as a list of IDs (received {given!r})",
}


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.returns_id
    def message_notify(
        self, *, body: str = "", subject: Any = False, author_id: int | None = None, email_from: str | None = None,
        model: Any = False, res_id: Any = False, subtype_xmlid: str | None = None, subtype_id: Any = False,
        partner_ids: Any = False, attachments: Any = None, attachment_ids: Any = None, **kwargs: Any,
    ) -> Recordset:  # fmt: skip
        """Send a message to contacts, which is not shown on the record; return it, or nothing without contacts."""
        if self:
            self.ensure_one()
        is_html = bool(kwargs.pop("body_is_html", False))
        values, options = posting.split(self.env, kwargs)
        posting.check_lists(partner_ids, attachments, attachment_ids, texts=_TEXTS)
        if not partner_ids:
            return self.env["mail.message"]
        writer, address = posting.author(self.env, author_id, email_from, required=True)
        place = {"model": self._name, "res_id": self.id} if self else {"model": model, "res_id": res_id}
        fields = self.env["mail.message"]._model.fields
        named = {"record_name": False} if fields["record_name"].store else {}
        named |= {"is_internal": True} if "is_internal" in fields else {}
        kinds = dict(fields["message_type"].selection)  # until 13 there is no kind for one user
        kind = "user_notification" if "user_notification" in kinds else "notification"
        message = self.env["mail.message"].create({
            **named, **values, **place, "message_type": kind, "subject": subject,
            "body": text_as_html(self, body, is_html=is_html), "author_id": writer,
            "email_from": posting.kept_address(self.env, writer, address, given=bool(email_from)),
            "subtype_id": subtype_id or posting.subtype(self.env, subtype_xmlid),
            "partner_ids": [(6, 0, list(partner_ids))],
        })  # fmt: skip
        files = posting.add_attachments(self, attachments, attachment_ids)
        if files:
            message.sudo().write({"attachment_ids": [(6, 0, files)]})
        self._notify_thread(message, options)
        return message

    def _notify_thread(self, message: Recordset, options: Mapping[str, Any]) -> None:
        """Tell the recipients of a message of it."""
        notifying.notify(self, message, options)

    def _notify_assigned(self, partner_id: int) -> None:
        """Tell a contact that the record was assigned to them."""
        if self.env.context.get("mail_auto_subscribe_no_notify"):
            return
        kind, name = self.env._(self._model.description), self.sudo().display_name or ""
        body = f"<p>You have been assigned to the {escape(kind)} <b>{escape(str(name))}</b>.</p>"
        subject = self.env._("You have been assigned to %s").replace("%s", str(name))
        self.sudo().message_notify(
            body=body, body_is_html=True, subject=subject, partner_ids=[partner_id],
            author_id=self.env.user.partner_id.id,
        )  # fmt: skip

    @api.model(since=15)
    def notify_cancel_by_type(self, notification_type: str) -> bool:
        """Cancel the notifications of the user's messages on records of the model that failed."""
        own = [("notification_type", "=", notification_type), ("notification_status", "in", _FAILED),
               ("mail_message_id.model", "=", self._name),
               ("mail_message_id.author_id", "=", self.env.user.partner_id.id)]  # fmt: skip
        self.env.sudo()["mail.notification"].search(own).write({"notification_status": "canceled"})
        return True

    # -- what a user sees of it on the record

    @api.computes("message_needaction", "message_needaction_counter")
    def _compute_message_needaction(self) -> None:
        found = Counter(row["res_id"] for row in _to_read(self))
        self._assign_each("message_needaction_counter", {id_: found[id_] for id_ in self._ids})
        self._assign_each("message_needaction", {id_: found[id_] > 0 for id_ in self._ids})

    def _search_message_needaction(self, operator: str, value: Any) -> list[Any]:
        found = {row["res_id"] for row in _to_read(self.env[self._name])}
        return [("id", "in" if (operator == "=") is bool(value) else "not in", sorted(found))]

    @api.computes("message_has_error", "message_has_error_counter")
    def _compute_message_has_error(self) -> None:
        found = Counter(row["res_id"] for row in _failed(self))
        self._assign_each("message_has_error_counter", {id_: found[id_] for id_ in self._ids})
        self._assign_each("message_has_error", {id_: found[id_] > 0 for id_ in self._ids})

    def _search_message_has_error(self, operator: str, value: Any) -> list[Any]:
        found = {row["res_id"] for row in _failed(self.env[self._name])}
        return [("id", "in" if (operator == "=") is bool(value) else "not in", sorted(found))]

    def _compute_message_has_sms_error(self) -> None:
        self.message_has_sms_error = False

    def _compute_message_attachment_count(self) -> None:
        store = self.env.db.store
        rows = store.rows("ir.attachment")
        found = Counter(
            rows[id_]["res_id"]
            for id_ in store.having("ir.attachment", "res_id", self._ids)
            if rows[id_].get("res_model") == self._name and not rows[id_].get("res_field")
        )
        self._assign_each("message_attachment_count", {id_: found[id_] for id_ in self._ids})

    @api.computes("message_unread", "message_unread_counter")
    def _compute_message_unread(self) -> None:
        self.message_unread, self.message_unread_counter = False, 0


def _to_read(records: Recordset) -> Iterable[Row]:
    """Return the rows of messages on the records, or on any, that the user has not read yet."""
    env = records.env
    partner = env.user.partner_id.id
    return _with_notifications(
        records, lambda note, _: note.get("res_partner_id") == partner and not note.get("is_read")
    )


def _failed(records: Recordset) -> Iterable[Row]:
    """Return the rows of the user's own messages on the records, or on any, that could not be delivered."""
    partner = records.env.user.partner_id.id
    return _with_notifications(
        records,
        lambda note, message: message.get("author_id") == partner and note.get("notification_status") in _FAILED,
    )


def _with_notifications(records: Recordset, keep: Any) -> list[Row]:
    store = records.env.db.store
    rows, messages = store.rows("mail.notification"), store.rows("mail.message")
    notes: Iterable[Row] = rows.values()
    if records._ids:
        here = store.having("mail.message", "res_id", records._ids)
        notes = [rows[id_] for id_ in sorted(store.having("mail.notification", "mail_message_id", here))]
    found: dict[int, Row] = {}
    for note in notes:
        message = messages.get(note["mail_message_id"], {})
        counts = message.get("model") == records._name and message.get("message_type") != "user_notification"
        if counts and keep(note, message):
            found[message["id"]] = message
    return list(found.values())
