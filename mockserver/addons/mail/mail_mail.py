"""mail.mail: mails that wait, are sent, or are cancelled.

A mail that is sent goes to the outbox of the test (`SentMail`), never out of the process.  Nothing sends waiting mails
by itself: `process_email_queue` does, or `send`.
Source: recorded in flow-activity (17.0), flow-mail (17.0, 18.0, 19.0).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.mail.sent import SentMail
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

_NOBODY = "Error without exception. Probably due to sending an email without computed recipients."
_BETWEEN = re.compile(r"[,;](?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)")  # not within a quoted name


class MailMail(models.Model):
    _inherit = "mail.mail"

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create mails; one of an existing message is a notification."""
        single = isinstance(vals_list, Mapping)
        given = [_complete(self, vals) for vals in ([vals_list] if single else vals_list)]
        return super().create(given[0] if single else given)

    def unlink(self) -> bool:
        """Delete mails, and the messages that exist for them only."""
        own = self.browse(mail.id for mail in self.exists() if not _is_notification(mail)).mail_message_id
        done: bool = super().unlink()
        own.exists().unlink()
        return done

    def mark_outgoing(self) -> bool:
        """Let the mails wait to be sent."""
        return self.write({"state": "outgoing"})

    def cancel(self) -> bool:
        """Cancel the mails."""
        return self.write({"state": "cancel"})

    @api.versions(since=15)
    def action_retry(self) -> None:
        """Let those that failed wait to be sent again."""
        self.filtered(lambda mail: mail.state == "exception").mark_outgoing()

    def send(self, auto_commit: bool = False, raise_exception: bool = False) -> None:
        """Send the mails that wait; those to be deleted after that are."""
        for mail in self.sudo().exists():
            if mail.state == "outgoing":
                _send(mail)

    @api.model
    def process_email_queue(self, ids: Any = None) -> None:
        """Send all mails that wait and whose time has come."""
        waiting = self.sudo().search([("state", "=", "outgoing")], order="id")
        now = self.env.db.clock.now()
        due = waiting.filtered(lambda mail: not mail.scheduled_date or str(mail.scheduled_date) <= now)
        due.filtered(lambda mail: not ids or mail.id in ids).send()

    @api.computes("body_content")
    def _compute_body_content(self) -> None:
        for mail in self:
            mail.body_content = mail.body_html

    def _search_body_content(self, operator: str, value: Any) -> list[Any]:
        return [("body_html", operator, value)]

    def _compute_mail_message_id_int(self) -> None:
        for mail in self:
            mail.mail_message_id_int = mail.mail_message_id.id or 0

    @api.computes("restricted_attachment_count", "unrestricted_attachment_ids")
    def _compute_restricted_attachments(self) -> None:
        for mail in self:
            mail.unrestricted_attachment_ids = mail.attachment_ids
            mail.restricted_attachment_count = 0


def _complete(mails: Recordset, vals: Mapping[str, Any]) -> dict[str, Any]:
    fields = mails._model.fields
    values = dict(vals)
    flag = "is_notification" if "is_notification" in fields else "notification"
    if flag not in values and values.get("mail_message_id"):
        values[flag] = True
    if not values.get("mail_message_id"):
        values.setdefault("message_type", mails.env.db.profile.rules.mail_message_type)
    return values


def _is_notification(mail: Recordset) -> bool:
    fields = mail._model.fields
    return bool(mail["is_notification" if "is_notification" in fields else "notification"])


# -- sending


def _send(mail: Recordset) -> None:
    """Put a mail into the outbox, and tell its notifications; a mail to nobody fails."""
    env = mail.env
    to = _addresses(mail.email_to) + tuple(_address(partner) for partner in mail.recipient_ids if partner.email)
    notes = env["mail.notification"].search([("mail_message_id", "=", mail.mail_message_id.id), *_of_mail(mail)])
    if not to:
        failure = {"failure_type": "mail_email_missing"} if "failure_type" in mail._model.fields else {}
        mail.write({"state": "exception", "failure_reason": _NOBODY, **failure})
        notes.write({"notification_status": "exception", "failure_type": env.db.profile.rules.missing_address_failure})
        return
    env.db.sent.append(_sent(mail, to))
    mail.write({"state": "sent", "failure_reason": False})
    notes.write({"notification_status": "sent"})
    if mail.auto_delete:
        mail.unlink()


def _of_mail(mail: Recordset) -> list[Any]:
    fields = mail.env["mail.notification"]._model.fields
    return [("mail_mail_id" if "mail_mail_id" in fields else "mail_id", "=", mail.id)]


def _addresses(text: Any) -> tuple[str, ...]:
    return tuple(part.strip() for part in _BETWEEN.split(text or "") if part.strip())


def _address(partner: Recordset) -> str:
    return str(partner.email_formatted or partner.email)


def _sent(mail: Recordset, to: tuple[str, ...]) -> SentMail:
    writer = mail.email_from or (mail.author_id.email_formatted if mail.author_id else "")
    return SentMail(
        subject=mail.subject or "", body=mail.body_html or mail.body or "", to=to, cc=_addresses(mail.email_cc),
        sender=writer or "", reply_to=mail.reply_to or "",
        attachments=tuple((file.name, base64.b64decode(file.datas or "")) for file in mail.attachment_ids),
        record=(mail.model, mail.res_id) if mail.model and mail.res_id else None,
        message_id=mail.message_id or "", date=mail.env.db.clock.now(),
        db=mail.env.db.name,
    )  # fmt: skip
