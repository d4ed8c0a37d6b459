"""mail.activity.mixin: the activities of a record, and what they say of it.

The first activity, by its deadline, is the next one.  Source: recorded in flow-activity (17.0), flow-crm (17.0–19.0).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from mockserver import api, fields, models
from mockserver.addons.base_mail import bulk
from mockserver.addons.mail import deadlines
from mockserver.orm.records.environment import Environment, Recordset
from mockserver.orm.storage.store import Row

_MODEL = "mail.activity"
_ORDER = (deadlines.OVERDUE, deadlines.TODAY, deadlines.PLANNED)
_SEVERITY = ("warning", "danger")


class MailActivityMixin(models.AbstractModel):
    _inherit = "mail.activity.mixin"

    # -- fields

    def _compute_activity_state(self) -> None:
        self["activity_state"] = False
        for record in self._having_lines("activity_ids"):
            states = set(record.activity_ids.mapped("state"))
            record.activity_state = next((state for state in _ORDER if state in states), False)

    def _search_activity_state(self, operator: str, value: Any) -> list[Any]:
        wanted = set(value) if isinstance(value, (list, tuple, set)) else {value}
        negative = operator in ("!=", "not in")
        if negative:
            wanted = {*_ORDER, False} - wanted
        states = _states(self.env, self._name)
        if False in wanted:
            return [("id", "not in", [id_ for id_, state in states.items() if state not in wanted])]
        return [("id", "in", [id_ for id_, state in states.items() if state in wanted])]

    def _compute_activity_date_deadline(self) -> None:
        self["activity_date_deadline"] = False
        for record in self._having_lines("activity_ids"):
            record.activity_date_deadline = record.activity_ids[:1].date_deadline

    def _search_activity_date_deadline(self, operator: str, value: Any) -> list[Any]:
        if operator == "=" and not value:
            return [("activity_ids", "=", False)]
        return [("activity_ids.date_deadline", operator, value)]

    def _compute_my_activity_date_deadline(self) -> None:
        uid = self.env.uid
        self.my_activity_date_deadline = False
        for record in self._having_lines("activity_ids"):
            own = record.activity_ids.filtered(lambda one: one.user_id.id == uid)
            record.my_activity_date_deadline = own[:1].date_deadline

    def _search_my_activity_date_deadline(self, operator: str, value: Any) -> list[Any]:
        own = [("res_model", "=", self._name), ("user_id", "=", self.env.uid), ("date_deadline", operator, value)]
        return [("activity_ids", "in", self.env[_MODEL].search(own).ids)]

    @api.versions(since=17)
    def _compute_activity_user_id(self) -> None:
        self.activity_user_id = False
        for record in self._having_lines("activity_ids"):
            record.activity_user_id = record.activity_ids[:1].user_id

    @api.versions(since=17)
    def _search_activity_user_id(self, operator: str, value: Any) -> list[Any]:
        return [("activity_ids.user_id", operator, value)]

    @api.computes("activity_exception_decoration", "activity_exception_icon")
    def _compute_activity_exception_decoration(self) -> None:
        self.activity_exception_decoration = self.activity_exception_icon = False
        for record in self._having_lines("activity_ids"):
            kinds = record.activity_ids.activity_type_id.filtered("decoration_type")
            worst = max(kinds, key=lambda kind: _SEVERITY.index(kind.decoration_type), default=None)
            record.activity_exception_decoration = worst.decoration_type if worst else False
            record.activity_exception_icon = worst.icon if worst else False

    def _search_activity_exception_decoration(self, operator: str, value: Any) -> list[Any]:
        return [("activity_ids.activity_type_id.decoration_type", operator, value)]

    # -- archiving and deleting

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change records; archiving them deletes their activities."""
        if vals.get("active") is False:
            _of(self).unlink()
        return super().write(vals)

    def unlink(self) -> bool:
        """Delete records with their activities."""
        ids = self._ids
        done: bool = super().unlink()
        _of(self.browse(ids)).unlink()
        return done

    # -- scheduling

    def activity_schedule(
        self, act_type_xmlid: str = "", date_deadline: Any = None, summary: str = "", note: str = "",
        **act_values: Any,
    ) -> Any:  # fmt: skip
        """Schedule an activity on each record and return the activities; False if the context skips automation."""
        if self.env.context.get("mail_activity_automation_skip"):
            return False
        kind = self._activity_type(act_type_xmlid, act_values)
        values = {
            "activity_type_id": kind.id, "summary": summary or kind.summary, "automated": True,
            "note": note or kind[_note(kind)],
            "date_deadline": str(date_deadline)[:10] if date_deadline else fields.Date.context_today(self),
        } | act_values  # fmt: skip
        if not values.get("user_id"):
            values["user_id"] = kind.default_user_id.id or self._default_activity_user()
        model = self.env["ir.model"].sudo().search([("model", "=", self._name)], 0, 1).id
        place = [{"res_model_id": model, "res_id": id_} for id_ in self._ids]
        return bulk.create_each(self.env[_MODEL], ({**values, **here} for here in place))

    def _default_activity_user(self) -> int | bool:
        return self.env.uid if self.env.db.profile.rules.activity_is_users else False

    def _activity_type(self, xmlid: str, values: Mapping[str, Any]) -> Recordset:
        """Return the type that is named, by external id or in the values; without one, a to-do."""
        kinds = self.env["mail.activity.type"].sudo()
        if not xmlid and values.get("activity_type_id"):
            return kinds.browse(values["activity_type_id"])
        found = self.env.sudo().ref(xmlid, raise_if_not_found=False) if xmlid else None
        found = found or self.env.sudo().ref("mail.mail_activity_data_todo", raise_if_not_found=False)
        return found or kinds.search([("res_model", "in", (False, self._name))], 0, 1)

    def activity_search(
        self, act_type_xmlids: Any = "", user_id: Any = None, additional_domain: Any = None,
        only_automated: bool = True,
    ) -> Any:  # fmt: skip
        """Return the activities of some types that the server scheduled on the records."""
        if self.env.context.get("mail_activity_automation_skip"):
            return False
        domain: list[Any] = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        domain += [("automated", "=", True)] if only_automated else []
        domain += [("user_id", "=", user_id)] if user_id else []
        names = [act_type_xmlids] if isinstance(act_type_xmlids, str) else list(act_type_xmlids or ())
        kinds = [self.env.sudo().ref(name, raise_if_not_found=False) for name in names if name]
        domain += [("activity_type_id", "in", [kind.id for kind in kinds if kind])] if names and any(names) else []
        return self.env[_MODEL].search([*domain, *(additional_domain or ())])

    def activity_reschedule(
        self, act_type_xmlids: Any, user_id: Any = None, date_deadline: Any = None, new_user_id: Any = None,
        only_automated: bool = True,
    ) -> Any:  # fmt: skip
        """Give the activities of some types another deadline or another responsible user; return them."""
        found = self.activity_search(act_type_xmlids, user_id=user_id, only_automated=only_automated)
        values = {"date_deadline": date_deadline} if date_deadline else {}
        values |= {"user_id": new_user_id} if new_user_id else {}
        if found and values:
            found.write(values)
        return found

    def activity_feedback(
        self, act_type_xmlids: Any, user_id: Any = None, feedback: Any = None, attachment_ids: Any = None,
        only_automated: bool = True,
    ) -> bool:  # fmt: skip
        """Mark the activities of some types as done."""
        found = self.activity_search(act_type_xmlids, user_id=user_id, only_automated=only_automated)
        if found is False:
            return False
        if found:
            found.action_feedback(feedback=feedback, attachment_ids=attachment_ids)
        return True

    def activity_unlink(self, act_type_xmlids: Any, user_id: Any = None, only_automated: bool = True) -> bool:
        """Delete the activities of some types."""
        found = self.activity_search(act_type_xmlids, user_id=user_id, only_automated=only_automated)
        if found is False:
            return False
        found.unlink()
        return True

    def activity_send_mail(self, template_id: int) -> bool:
        """Send the mail of a template about each record."""
        template = self.env["mail.template"].browse(template_id).exists()
        if not template:
            return False
        for record in self:
            template.send_mail(record.id)
        return True


def _note(kind: Recordset) -> str:
    return "default_note" if "default_note" in kind._model.fields else "default_description"


def _of(records: Recordset) -> Recordset:
    """Return all activities of the records, archived ones too."""
    env = records.env.sudo()
    rows = env.db.store.rows(_MODEL)
    found = sorted(env.db.store.having(_MODEL, "res_id", records._ids))
    return env[_MODEL].browse(id_ for id_ in found if rows[id_].get("res_model") == records._name)


def _states(env: Environment, model: str) -> dict[int, str]:
    """Return the state of the next activity by the id of its record, in the time zone of who is responsible.

    In some versions, activities of users without a time zone are not found.
    """
    found: dict[int, list[str]] = defaultdict(list)
    for row in env.db.store.rows(_MODEL).values():
        if row.get("res_model") == model and row.get("active", True) and row.get("date_deadline"):
            zone = _zone(env, row)
            if zone or env.db.profile.rules.activity_zone_optional:
                found[row["res_id"]].append(deadlines.state(env, row["date_deadline"], zone))
    return {id_: min(states, key=_ORDER.index) for id_, states in found.items()}


def _zone(env: Environment, row: Row) -> str | None:
    user = env.db.store.get("res.users", row.get("user_id") or 0) or {}
    partner = env.db.store.get("res.partner", user.get("partner_id") or 0) or {}
    return partner.get("tz")
