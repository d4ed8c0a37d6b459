"""mail.template: mails made of templates.

Differs: reports are not attached.  Source: recorded in flow-activity (17.0), its differences to 19.0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.base_mail import bulk
from mockserver.addons.mail.rendering import bodies, inline
from mockserver.addons.mail.rendering.formats import functions
from mockserver.errors import UserError, ValidationError
from mockserver.orm.methods.copying import for_each_record
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

_DYNAMIC = (
    "subject",
    "body_html",
    "email_from",
    "email_to",
    "email_cc",
    "reply_to",
    "lang",
    "partner_to",
    "scheduled_date",
)
_NOT_SAVED = "Oops! We couldn't save your template due to an issue with this value: {value}. Correct it and try again."
_ADDRESSES = ("email_from", "email_to", "email_cc", "reply_to")


class MailTemplate(models.Model):
    _inherit = "mail.template"

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create templates; from 19 on, those that cannot be rendered are refused."""
        templates = super().create(vals_list)
        templates._check_rendered(_DYNAMIC)
        return templates

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change templates; see `create`."""
        done = super().write(vals)
        self._check_rendered([name for name in _DYNAMIC if name in vals])
        return done

    def _check_rendered(self, names: Sequence[str]) -> None:
        """Raise ValidationError for a field that cannot be rendered for one of the records."""
        if not (names and self.env.db.profile.rules.templates_are_checked):
            return
        for template in self.filtered("model"):
            record = self.env[template.model].search([], 0, 1)
            if not record:
                continue
            given = template._names(record)
            for name in names:
                try:
                    template._body(given) if name == "body_html" else template._line(name, given)
                except UserError:
                    raise ValidationError(_NOT_SAVED.format(value=template[name])) from None

    @api.versions(since=15)
    def send_mail(
        self, res_id: int, force_send: bool = False, raise_exception: bool = False, email_values: Any = None,
        email_layout_xmlid: Any = False,
    ) -> int:  # fmt: skip
        """Create the mail about a record and return its id; `force_send` sends it at once."""
        self.ensure_one()
        return int(self._send((res_id,), force_send, email_values)[0])

    @api.versions(until=14, name="send_mail")
    def send_mail_14(
        self, res_id: int, force_send: bool = False, raise_exception: bool = False, email_values: Any = None,
        notif_layout: Any = False,
    ) -> int:  # fmt: skip
        """Create the mail about a record and return its id; `force_send` sends it at once."""
        self.ensure_one()
        return int(self._send((res_id,), force_send, email_values)[0])

    @api.versions(since=17)
    def send_mail_batch(
        self, res_ids: Sequence[int], force_send: bool = False, raise_exception: bool = False,
        email_values: Any = None, email_layout_xmlid: Any = False,
    ) -> Recordset:  # fmt: skip
        """Create a mail about each record and return them."""
        self.ensure_one()
        return self.env["mail.mail"].browse(self._send(tuple(res_ids), force_send, email_values))

    @api.versions(until=16)
    def generate_email(self, res_ids: Any, fields: Any) -> Any:
        """Return the values of the mail about a record, or by id about several."""
        self.ensure_one()
        ids = [res_ids] if isinstance(res_ids, int) else list(res_ids)
        found = {id_: {name: v for name, v in self._values(id_).items() if name in fields} for id_ in ids}
        return found[res_ids] if isinstance(res_ids, int) else found

    def _send(self, ids: Sequence[int], force_send: bool, email_values: Any) -> list[int]:
        records = self.env[self.model].browse(ids)
        records._rows()  # raises MissingError
        records.read(["id"])
        values = []
        for id_ in ids:
            made = {**self._values(id_), **(email_values or {})}
            if not made.get("email_from"):
                made.pop("email_from", None)
            if isinstance(made.get("recipient_ids"), (list, tuple)) and all(
                type(i) is int for i in made["recipient_ids"]
            ):
                made["recipient_ids"] = [(6, 0, list(made["recipient_ids"]))]
            values.append({name: value for name, value in made.items() if name in self.env["mail.mail"]._model.fields})
        mails = bulk.create_each(self.env["mail.mail"].sudo(), values)
        if force_send:
            mails.send()
        return mails.ids

    def _values(self, id_: int) -> dict[str, Any]:
        """Return the values of the mail about a record."""
        record = self._in_language(id_)
        names = self._names(record)
        found = {name: self._line(name, names) for name in ("subject", *_ADDRESSES)}
        body = self._body(names)
        to = self._recipients(record, names, found["email_to"])
        return {
            **found, **to, "body_html": body, "body": body, "model": self.model, "res_id": id_,
            "auto_delete": self.auto_delete, "mail_server_id": self.mail_server_id.id,
            "scheduled_date": self._line("scheduled_date", names) or False,
            "attachment_ids": [(6, 0, self.attachment_ids.ids)],
        }  # fmt: skip

    def _in_language(self, id_: int) -> Recordset:
        """Return the record, in the language that the template says."""
        record = self.env[self.model].browse(id_)
        lang = self._line("lang", self._names(record))
        return record.with_context(lang=lang) if lang and not self.env.context.get("template_preview_lang") else record

    def _names(self, record: Recordset) -> dict[str, Any]:
        """Return what the expressions of the template may name."""
        env = record.env
        return {
            "object": record, "user": env.user, "ctx": env.context, "is_html_empty": _is_empty, "True": True,
            "company": env.company, **functions(env),
        }  # fmt: skip

    def _line(self, name: str, names: Mapping[str, Any]) -> str | bool:
        """Return a rendered field of one line, False if it is empty."""
        template = self.with_context(lang=names["object"].env.context.get("lang"))[name]
        if not template:
            return False
        if self.env.db.profile.rules.templates_are_jinja:
            return inline.render_old(template, names, html=False) or False
        return inline.render(template, names, text=inline.NOT_RENDERED) or False

    def _body(self, names: Mapping[str, Any]) -> str:
        template = self.with_context(lang=names["object"].env.context.get("lang")).body_html
        if self.env.db.profile.rules.templates_are_jinja:
            return inline.render_old(template, names, html=True)
        return bodies.render(template, dict(names))

    def _recipients(self, record: Recordset, names: Mapping[str, Any], email_to: str | bool) -> dict[str, Any]:
        """Return to whom the mail goes: as the template says, else to the contact of the record."""
        if self.use_default_to:
            return record._message_get_default_recipients()  # type: ignore[no-any-return]
        partners = self._line("partner_to", names)
        ids = [int(part) for part in str(partners or "").split(",") if part.strip().isdigit()]
        known = self.env["res.partner"].sudo().browse(ids).exists().ids
        return {"email_to": email_to, "recipient_ids": [(6, 0, known)]}

    @for_each_record
    def copy(self, default: Mapping[str, Any] | None = None) -> Self:
        """Return a duplicate, named `Name (copy)` unless `default` has a name."""
        self.ensure_one()
        name = (default or {}).get("name") or self.env._("%s (copy)").replace("%s", str(self.name), 1)
        return super().copy({**(default or {}), "name": name})

    def create_action(self) -> bool:
        """Add the template to the actions of its model."""
        for template in self:
            action = self.env["ir.actions.act_window"].create({
                "name": f"Send Mail ({template.name})", "res_model": "mail.compose.message", "view_mode": "form,tree",
                "target": "new", "binding_model_id": template.model_id.id,
                "context": repr({"default_composition_mode": "mass_mail", "default_template_id": template.id}),
            })  # fmt: skip
            template.write({"ref_ir_act_window": action.id})
        return True

    def unlink_action(self) -> bool:
        """Take the template from the actions of its model."""
        self.ref_ir_act_window.unlink()
        return True

    def _compute_render_model(self) -> None:
        for template in self:
            template.render_model = template.model

    def _compute_template_category(self) -> None:
        for template in self:
            owned = bool(template.get_external_id().get(template.id))
            hidden = owned and not template.active
            described = "base_template" if owned and template.description else "hidden_template"
            template.template_category = "hidden_template" if hidden else described if owned else "custom_template"

    def _compute_can_write(self) -> None:
        for template in self:
            template.can_write = template.env.su or template.check_access_rights("write", raise_exception=False)

    def _compute_is_template_editor(self) -> None:
        for template in self:
            template.is_template_editor = bool(self.env.user.has_group("mail.group_mail_template_editor"))


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _message_get_default_recipients(self) -> dict[str, Any]:
        """Return to whom a mail about the record goes: to its contact, else to its address."""
        self.ensure_one()
        fields, none = self._model.fields, self.env.db.profile.rules.no_address
        if self._name == "res.partner":
            return {"recipient_ids": [(6, 0, self.ids)], "email_to": none}
        if "partner_id" in fields and self.partner_id:
            return {"recipient_ids": [(6, 0, self.partner_id.ids)], "email_to": none}
        names = ("email_from", "partner_email", "email", "email_normalized")
        address = next((self[name] for name in names if name in fields and self[name]), none)
        return {"recipient_ids": [(6, 0, [])], "email_to": address}


class _Texts(HTMLParser):
    """Finds whether HTML shows anything."""

    def __init__(self) -> None:
        super().__init__()
        self.shown = False

    def handle_data(self, data: str) -> None:
        self.shown = self.shown or bool(data.strip())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.shown = self.shown or tag in ("img", "hr")


def _is_empty(html: Any) -> bool:
    """Return whether HTML shows nothing, as `<p><br></p>`."""
    texts = _Texts()
    texts.feed(str(html or ""))
    return not texts.shown
