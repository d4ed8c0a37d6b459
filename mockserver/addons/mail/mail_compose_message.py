"""mail.compose.message: the window in which a mail is written, for one record or for many.

Source: recorded in flow-activity (17.0); Inferred: what users of 17.0 see of many records.
"""

from __future__ import annotations

import ast
from typing import Any

from mockserver import api, models
from mockserver.addons.base_mail import posting
from mockserver.addons.mail.rendering import bodies, inline
from mockserver.errors import ValidationError
from mockserver.orm.records.environment import Recordset

_CLOSE = {"type": "ir.actions.act_window_close"}
_FROM_TEMPLATE = ("subject", "email_from", "reply_to", "lang", "scheduled_date")


class MailComposer(models.TransientModel):
    _inherit = "mail.compose.message"

    # -- what is filled in

    @api.versions(since=17)
    def _compute_model(self) -> None:
        for wizard in self:
            wizard.model = wizard.model or wizard.parent_id.model or self.env.context.get("active_model") or False

    @api.versions(since=17)
    def _compute_res_ids(self) -> None:
        active = self.env.context.get("active_ids") or [self.env.context.get("active_id")]
        for wizard in self:
            parent = [wizard.parent_id.res_id] if wizard.parent_id.res_id else []
            ids = parent or [id_ for id_ in active if id_]
            wizard.res_ids = wizard.res_ids or (repr(ids) if ids else False)

    @api.versions(since=17)
    @api.computes("subject", "email_from", "reply_to", "lang", "scheduled_date", "body", "partner_ids",
                  "attachment_ids", "author_id", "auto_delete", "mail_server_id", "subtype_id")  # fmt: skip
    def _compute_from_template(self) -> None:
        for wizard in self:
            values = wizard._filled_in()
            for name in (*_FROM_TEMPLATE, "body", "partner_ids", "attachment_ids", "author_id", "auto_delete",
                         "mail_server_id", "subtype_id"):  # fmt: skip
                wizard[name] = values[name]

    @api.versions(since=17)
    def _compute_record_name(self) -> None:
        for wizard in self:
            record = wizard._only_record()
            wizard.record_name = record.display_name if record else False

    @api.versions(since=17)
    def _compute_composition_batch(self) -> None:
        for wizard in self:
            wizard.composition_batch = len(wizard._records()) > 1

    @api.versions(since=17)
    def _compute_model_is_thread(self) -> None:
        for wizard in self:
            model = wizard.model
            wizard.model_is_thread = bool(model in self.env and "message_ids" in self.env[model]._model.fields)

    @api.versions(since=17)
    def _compute_subtype_is_log(self) -> None:
        note = posting.subtype(self.env)
        for wizard in self:
            wizard.subtype_is_log = wizard.subtype_id.id == note

    @api.versions(since=16)
    def _compute_render_model(self) -> None:
        for wizard in self:
            wizard.render_model = wizard.model

    def _filled_in(self) -> dict[str, Any]:
        """Return the values of the window that follow from its template and its record."""
        record, template = self._only_record(), self.template_id
        author = posting.author(self.env)
        comment = posting.subtype(self.env, posting.COMMENT) if self.composition_mode == "comment" else False
        named = record.display_name if record and self.composition_mode == "comment" else False
        found = {
            "subject": self.subject or named, "email_from": self.email_from or author[1], "reply_to": self.reply_to,
            "lang": self.lang, "scheduled_date": self.scheduled_date, "body": self.body or "",
            "partner_ids": self.partner_ids, "attachment_ids": self.attachment_ids, "auto_delete": self.auto_delete,
            "author_id": self.author_id.id or author[0], "mail_server_id": self.mail_server_id.id,
            "subtype_id": self.subtype_id.id or comment,
        }  # fmt: skip
        return {**found, **_of_template(template, record)} if template else found

    # -- sending

    @api.versions(since=15)
    def action_send_mail(self) -> dict[str, Any]:
        """Send the mail and close the window."""
        self._send_all()
        return dict(_CLOSE)

    @api.versions(until=14, name="action_send_mail")
    def action_send_mail_14(self) -> dict[str, Any]:
        """Send the mail and close the window."""
        self._send_all()
        return {**_CLOSE, "infos": "mail_sent"}

    @api.versions(until=14)
    def send_mail(self, auto_commit: bool = False) -> None:
        """Send the mail."""
        self._send_all()

    def _send_all(self) -> None:
        for wizard in self:
            records = wizard._records()
            for record in records:
                if wizard.composition_mode == "mass_mail":
                    wizard._send_to(record)
                else:
                    wizard._post_on(record, batch=len(records) > 1)

    def _records(self) -> Recordset:
        """Return the records that the mail is about."""
        model = self.model or self.env.context.get("active_model")
        if not model or model not in self.env:
            return self.env["mail.thread"]
        return self.env[model].browse(_ids(self)).exists()

    def _only_record(self) -> Recordset:
        found = self._records()
        return found if len(found) == 1 else found.browse()

    def _post_on(self, record: Recordset, *, batch: bool) -> None:
        """Write the mail as a message on a record."""
        values = self._rendered(record) if batch else {"subject": self.subject, "body": self.body}
        logged = "is_log" in self._model.fields and self.is_log
        kind = posting.subtype(self.env, None if logged else posting.COMMENT)
        more = {"author_id": self.author_id.id} if self.author_id else {}
        more |= {"email_from": self.email_from} if self.email_from and not self.author_id else {}
        record.message_post(
            body=values["body"] or "", body_is_html=True, subject=values["subject"] or None,
            message_type=self.message_type or "comment", subtype_id=self.subtype_id.id or kind,
            partner_ids=self.partner_ids.ids, attachment_ids=self.attachment_ids.ids,
            parent_id=self.parent_id.id, mail_activity_type_id=self.mail_activity_type_id.id, **more,
        )  # fmt: skip

    def _send_to(self, record: Recordset) -> None:
        """Send the mail about a record to its contact, or to those that are given."""
        values = self._rendered(record)
        to = {"recipient_ids": [(6, 0, self.partner_ids.ids)]} if self.partner_ids else {}
        to = to or (
            self.template_id._values(record.id) if self.template_id else record._message_get_default_recipients()
        )
        mail = self.env["mail.mail"].sudo().create({
            "subject": values["subject"], "body_html": values["body"], "body": values["body"], "model": record._name,
            "res_id": record.id, "author_id": self.author_id.id, "auto_delete": self.auto_delete,
            "email_to": to.get("email_to", False), "recipient_ids": to["recipient_ids"],
            "attachment_ids": [(6, 0, self.attachment_ids.ids)],
            **({"email_from": self.email_from} if self.email_from else {}),
        })  # fmt: skip
        mail.send()

    def _rendered(self, record: Recordset) -> dict[str, Any]:
        """Return subject and body for one of several records."""
        template = self.env["mail.template"].browse()
        names = template._names(record)
        if self.env.db.profile.rules.templates_are_jinja:
            return {
                "subject": inline.render_old(self.subject, names, html=False),
                "body": inline.render_old(self.body, names, html=True),
            }
        subject = inline.render(self.subject, names, text=inline.NOT_RENDERED)
        return {"subject": subject, "body": bodies.render(self.body, names)}

    # -- the template, until 16

    @api.versions(until=16)
    @api.onchange("template_id")
    def _onchange_template_id(self) -> None:
        if self.template_id:
            for name, value in _of_template(self.template_id, self._only_record()).items():
                if name in self._model.fields:
                    self[name] = value


def _ids(wizard: Recordset) -> list[int]:
    if "res_ids" not in wizard._model.fields:
        active = wizard.env.context.get("active_ids") if wizard.composition_mode != "comment" else None
        return list(active or ([wizard.res_id] if wizard.res_id else []))
    try:
        found = ast.literal_eval(wizard.res_ids or "[]")
    except (ValueError, SyntaxError):
        raise ValidationError(f"Invalid res_ids {wizard.res_ids!r} (type {type(wizard.res_ids).__name__!r})") from None
    if isinstance(found, int):
        return [found]
    return [id_ for id_ in found if type(id_) is int]


def _of_template(template: Recordset, record: Recordset) -> dict[str, Any]:
    """Return the values that a template gives to the window: for one record rendered, else as they stand."""
    if record:
        values = template._values(record.id)
        partners = values["recipient_ids"][0][2]
    else:
        values = {name: template[name] for name in (*_FROM_TEMPLATE, "auto_delete")} | {"body": template.body_html}
        partners = []
    found: dict[str, Any] = {name: values.get(name) or False for name in ("subject", "reply_to", "scheduled_date")}
    found |= {"email_from": values["email_from"]} if values.get("email_from") else {}
    return found | {
        "body": values["body"] or "", "partner_ids": template.env["res.partner"].browse(partners),
        "attachment_ids": template.attachment_ids, "auto_delete": template.auto_delete,
        "mail_server_id": template.mail_server_id.id, "lang": template.lang or False,
    }  # fmt: skip
