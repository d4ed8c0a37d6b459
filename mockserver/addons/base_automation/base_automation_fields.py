"""base.automation from 17: what a trigger fills in by itself, and what rules must satisfy.

Source: 17.0, 18.0, 19.0.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.addons.base_automation import domains, incoming, running
from mockserver.errors import ValidationError
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

_SELECTION, _REFERENCE = ("on_state_set", "on_priority_set"), ("on_stage_set", "on_tag_set")
_USERS = ["user_id", "user_ids", "x_studio_user_id", "x_studio_user_ids"]
# trigger → the types and the names of the field that it is about
_FIELDS: Mapping[str, tuple[list[str], list[str]]] = {
    "on_stage_set": (["many2one"], ["stage_id", "x_studio_stage_id"]),
    "on_tag_set": (["many2many"], ["tag_ids", "x_studio_tag_ids"]),
    "on_priority_set": (["selection"], ["priority", "x_studio_priority"]),
    "on_state_set": (["selection"], ["state", "x_studio_state"]),
    "on_user_set": (["many2one", "many2many"], _USERS),
    "on_archive": (["boolean"], ["active", "x_active"]),
    "on_unarchive": (["boolean"], ["active", "x_active"]),
    "on_time_created": (["datetime"], ["create_date"]),
    "on_time_updated": (["datetime"], ["write_date"]),
}
_MAIL_ACTIONS = ("mail_post", "followers", "next_activity")
_NO_THREAD = "Mail event can not be configured on model {model}. Only models with discussion feature can be used."
_OTHER_MODEL = "Target model of actions {action_names} are different from rule model."
_ONLY_CODE = '"On live update" automation rules can only be used with "Execute Python Code" action type.'
_NO_RECORDS = (
    "Email, follower or activity action types cannot be used when deleting records, "
    "as there are no more records to apply these changes to!"
)
_NO_RECORD = "No record to run the automation on was found."
_NEGATIVE = "Delay must be positive. Set 'Delay mode' to 'Before' to negate the delay."


def _field(rule: Recordset) -> Recordset:
    """Return the field that the trigger of a rule is about, if it is about one."""
    fields = rule.env["ir.model.fields"].sudo()
    types, names = _FIELDS.get(rule.trigger, ([], []))
    if not names:
        return fields
    domain: list[Any] = [("ttype", "in", types), ("name", "in", names), ("model_id", "=", rule.model_id.id)]
    if rule.trigger == "on_user_set":
        domain.append(("relation", "=", "res.users"))
    return fields.search(domain, limit=1)


def _condition(rule: Recordset, name: str) -> list[Any] | None:
    """Return the condition that a trigger stands for, on the field that it is about."""
    trigger, reference = rule.trigger, rule.trg_field_ref
    if trigger in _SELECTION:
        value = rule.trg_selection_field_id.value
        return [(name, "=", value)] if value else None
    if trigger == "on_stage_set":
        return [(name, "=", reference)] if reference else None
    if trigger == "on_tag_set":
        return [(name, "in", [reference])] if reference else None
    if trigger == "on_user_set":
        return [(name, "!=", False)]
    return [(name, "=", trigger == "on_unarchive")] if trigger in ("on_archive", "on_unarchive") else None


class BaseAutomation(models.Model):
    _inherit = "base.automation"
    _since = 17

    def _default_webhook_uuid(self) -> str:
        token = self.env.db.clock.token().encode()
        return str(uuid.UUID(hex=hashlib.sha256(token).hexdigest()[:32], version=4))

    # -- what a trigger fills in

    @api.versions(until=17)
    def _compute_trigger_field_ids(self) -> None:
        for rule in self:
            rule.trigger_field_ids = _field(rule)

    @api.versions(since=18, name="_compute_trigger_field_ids")
    def _compute_trigger_field_ids_18(self) -> None:
        for rule in self:
            fields = self.env["ir.model.fields"].sudo()
            if rule.trigger == "on_create_or_write":
                names = list(domains.fields(rule))
                found = fields.search([("model_id", "=", rule.model_id.id), ("name", "in", names)])
                rule.trigger_field_ids = rule.trigger_field_ids | found
            else:
                rule.trigger_field_ids = fields if rule.trigger in running.TIME else _field(rule)

    def _compute_trg_selection_field_id(self) -> None:
        self.trg_selection_field_id = False

    def _compute_trg_field_ref(self) -> None:
        self.trg_field_ref = False

    def _compute_trg_field_ref_model_name(self) -> None:
        for rule in self:
            about = rule.trigger in _REFERENCE
            rule.trg_field_ref_model_name = (_field(rule).relation if about else False) or False

    def _compute_trg_field_ref_display_name(self) -> None:
        for rule in self:
            model, id_ = rule.trg_field_ref_model_name, rule.trg_field_ref
            shown = model in self.env and id_
            rule.trg_field_ref_display_name = self.env[model].browse(id_).display_name if shown else False

    def _compute_trg_date_id(self) -> None:
        for rule in self:
            rule.trg_date_id = _field(rule) if rule.trigger in running.TIME else False

    @api.computes("trg_date_range", "trg_date_range_type", "trg_date_range_mode")
    def _compute_trg_date_range_data(self) -> None:
        for rule in self:
            timed = rule.trigger in running.TIME
            rule.trg_date_range = rule.trg_date_range if timed else False
            rule.trg_date_range_type = (rule.trg_date_range_type or "hour") if timed else False
            if "trg_date_range_mode" in rule:
                kept = rule.trg_date_range_mode if rule.trigger == "on_time" else False
                rule.trg_date_range_mode = (kept or "after") if timed else False

    def _compute_filter_pre_domain(self) -> None:
        for rule in self:
            name, reference = _field(rule).name, rule.trg_field_ref
            about = rule.trigger == "on_tag_set" and name and reference
            rule.filter_pre_domain = repr([(name, "not in", [reference])]) if about else False

    def _compute_filter_domain(self) -> None:
        for rule in self:
            name = _field(rule).name
            found = _condition(rule, name) if name else None
            rule.filter_domain = repr(found) if found else False

    def _compute_previous_domain(self) -> None:
        for rule in self:
            rule.previous_domain = rule.filter_domain

    def _compute_url(self) -> None:
        base = self.env["ir.config_parameter"].sudo().get_param("web.base.url") or ""
        for rule in self:
            rule.url = f"{base}/web/hook/{rule.webhook_uuid}" if rule.trigger == "on_webhook" else ""

    # -- what rules must satisfy

    @api.constrains("trigger", "model_id")
    def _check_trigger(self) -> None:
        for rule in self:
            if rule.trigger in (running.RECEIVED, running.SENT) and not rule.model_id.is_mail_thread:
                raise ValidationError(self.env._(_NO_THREAD, model=rule.model_id.name))

    @api.constrains("model_id", "action_server_ids")
    def _check_action_server_model(self) -> None:
        for rule in self:
            others = rule.action_server_ids.filtered(lambda action, rule=rule: action.model_id != rule.model_id)
            if others:
                raise ValidationError(self.env._(_OTHER_MODEL, action_names=", ".join(others.mapped("name"))))

    @api.constrains("trigger", "action_server_ids")
    def _check_trigger_state(self) -> None:
        for rule in self:
            states = rule.action_server_ids.mapped("state")
            if rule.trigger == "on_change" and any(state != "code" for state in states):
                raise ValidationError(self.env._(_ONLY_CODE))
            if rule.trigger == "on_unlink" and any(state in _MAIL_ACTIONS for state in states):
                raise ValidationError(self.env._(_NO_RECORDS))

    @api.constrains("trigger", "trg_date_range")
    @api.versions(since=19)
    def _check_time_trigger(self) -> None:
        for rule in self:
            if rule.trigger in running.TIME and rule.trg_date_range < 0:
                raise ValidationError(self.env._(_NEGATIVE))

    # -- webhooks that come in

    def _execute_webhook(self, payload: Any) -> None:
        """Run the rule for the record that its `record_getter` finds in the payload, whatever its conditions."""
        rule = self.sudo()
        rule.ensure_one()
        found: Recordset = rule.env[rule.model_id.model]
        if rule.record_getter:
            try:
                found = incoming.record(found, rule.record_getter, payload)
            except incoming.Unreadable as error:
                running.note(rule, f"mockserver never runs the Python code of record_getter: {error}")
                raise
        if not found.exists():
            raise ValidationError(self.env._(_NO_RECORD))
        running.process(rule, found)

    # -- buttons

    def copy(self, default: Mapping[str, Any] | None = None) -> Self:
        """Copy rules with their actions."""
        made = super().copy(default)
        for old, new in zip(self, made, strict=True):
            for action in old.action_server_ids:
                action.copy({"base_automation_id": new.id, "name": action.name})
        return made

    def action_rotate_webhook_uuid(self) -> None:
        """Give rules new URLs for webhooks that come in."""
        for rule in self:
            rule.write({"webhook_uuid": self._default_webhook_uuid()})
