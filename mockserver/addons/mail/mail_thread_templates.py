"""mail.thread: messages and mails made of templates.

Differs: views cannot be the source of a message.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.base_mail import posting
from mockserver.errors import UserError
from mockserver.orm.records.environment import Recordset


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.versions(until=16)
    def message_post_with_template(
        self, template_id: int, email_layout_xmlid: Any = None, auto_commit: bool = False, **kwargs: Any
    ) -> None:
        """Post the mail of a template on the records."""
        template = self.env["mail.template"].browse(template_id)
        for record in self:
            _post(record, template, kwargs)

    @api.versions(since=17)
    def message_post_with_source(
        self, source_ref: Any, render_values: Any = None, message_type: str = "notification",
        subtype_xmlid: Any = False, subtype_id: Any = False, **kwargs: Any,
    ) -> Recordset:  # fmt: skip
        """Post the mail of a template on the records and return the messages."""
        template = _template(self, source_ref)
        given = {"message_type": message_type, "subtype_xmlid": subtype_xmlid, "subtype_id": subtype_id, **kwargs}
        return self.env["mail.message"].browse([int(_post(record, template, given).id) for record in self])

    @api.versions(since=17)
    def message_mail_with_source(
        self, source_ref: Any, render_values: Any = None, message_type: str = "notification",
        force_email_lang: Any = None, **kwargs: Any,
    ) -> Recordset:  # fmt: skip
        """Send the mail of a template about each record and return the mails."""
        template = _template(self, source_ref)
        return self.env["mail.mail"].browse([template.send_mail(record.id, force_send=True) for record in self])


def _template(records: Recordset, source: Any) -> Recordset:
    """Return the template that is named by its external id; raises UserError for anything else."""
    found: Recordset | None = source if isinstance(source, Recordset) else records.env.ref(str(source))
    if found is None or found._name != "mail.template":
        raise UserError(f"The mock server makes messages of templates (mail.template), not of {source!r}.")
    return found


def _post(record: Recordset, template: Recordset, given: dict[str, Any]) -> Recordset:
    values = template._values(record.id)
    kind = given.get("subtype_xmlid") or (None if given.get("message_type") == "notification" else posting.COMMENT)
    options = {name: value for name, value in given.items() if name not in ("composition_mode", "subtype_xmlid")}
    found = {
        "message_type": "comment", **options, "body": values["body"], "body_is_html": True,
        "subject": values["subject"] or None, "partner_ids": values["recipient_ids"][0][2],
        "attachment_ids": template.attachment_ids.ids, "subtype_xmlid": kind,
    }  # fmt: skip
    return record.message_post(**found)  # type: ignore[no-any-return]
