"""ir.actions.server: actions that send mail, add followers or schedule activities.  Inferred: 17.0."""

from __future__ import annotations

from datetime import date
from typing import Any

from mockserver import fields, models
from mockserver.addons.mail import deadlines
from mockserver.orm.records.environment import Recordset

_COMMENT, _NOTE = "mail.mt_comment", "mail.mt_note"


class IrActionsServer(models.Model):
    _inherit = "ir.actions.server"

    def _run_action_mail_post_multi(self) -> bool:
        """Send the mail of the template about the record; or post it as a message or a note."""
        records, template = _active(self), self.template_id
        if not (template and records):
            return False
        method = self.mail_post_method if "mail_post_method" in self else "email"
        if method in ("comment", "note"):
            kind = _COMMENT if method == "comment" else _NOTE
            if "fields_lines" in self:  # until 16
                records.message_post_with_template(template.id, subtype_xmlid=kind)
            else:
                records.message_post_with_source(template, message_type="auto_comment", subtype_xmlid=kind)
        else:
            for record in records:
                template.send_mail(record.id, force_send=False)
        return False

    def _run_action_followers_multi(self) -> bool:
        """Let the contacts follow the record, or those in a field of it."""
        records = _active(self)
        if _has_chatter(records):
            records.message_subscribe(partner_ids=_followers(self, records).ids)
        return False

    def _run_action_remove_followers_multi(self) -> bool:
        """Let the contacts no longer follow the record."""
        records = _active(self)
        if _has_chatter(records):
            records.message_unsubscribe(partner_ids=_followers(self, records).ids)
        return False

    def _run_action_next_activity(self) -> bool:
        """Schedule an activity of the type for the record."""
        if not self.activity_type_id:
            return False
        given: dict[str, Any] = {
            "summary": self.activity_summary or "", "note": self.activity_note or "",
            "activity_type_id": self.activity_type_id.id,
        }  # fmt: skip
        delay = self.activity_date_deadline_range
        if delay > 0:
            today = date.fromisoformat(fields.Date.context_today(self))
            unit = self.activity_date_deadline_range_type or "days"
            given["date_deadline"] = deadlines.later(today, delay, unit).isoformat()
        for record in _active(self):
            user = _responsible(self, record)
            record.activity_schedule(**given, **({"user_id": user} if user else {}))
        return False


def _active(action: Recordset) -> Recordset:
    """Return the record that the action is run for."""
    return action.env[action.model_id.model].browse(action.env.context.get("active_id") or ())


def _has_chatter(records: Recordset) -> bool:
    return records.env.db.method(records._name, "message_subscribe") is not None


def _followers(action: Recordset, records: Recordset) -> Recordset:
    """Return the contacts of an action; from 19 they may be those of a field of the record."""
    found: Recordset = action.partner_ids
    if "followers_type" in action and action.followers_type == "generic":
        name = action.followers_partner_field_name
        found = records.mapped(name) if name in records else found.browse()
    return found


def _responsible(action: Recordset, record: Recordset) -> Any:
    """Return the user of a new activity: the chosen one, or the first in a field of the record."""
    if action.activity_user_type == "specific":
        return action.activity_user_id.id
    name = action.activity_user_field_name
    users = record[name] if action.activity_user_type == "generic" and name in record else None
    return users.ids[0] if users else False
