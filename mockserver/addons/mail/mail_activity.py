"""mail.activity: what is to be done about a record, by whom and until when.

Source: recorded in flow-activity (17.0), flow-crm (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from mockserver import api, fields, models
from mockserver.addons.base_mail import bulk
from mockserver.addons.mail import activity_rights, deadlines
from mockserver.errors import AccessError, UserError
from mockserver.orm.query.conditions import Condition
from mockserver.orm.records.environment import Recordset
from mockserver.orm.rights import record_rules
from mockserver.orm.rights.access import check_access

if TYPE_CHECKING:
    from typing_extensions import Self


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _default_date_deadline(self) -> str:
        return fields.Date.context_today(self)

    def _default_user_id(self) -> Any:
        return self.env.uid if self.env.db.profile.rules.activity_is_users else False

    def _default_activity_type_id(self) -> Any:
        if not self.env.db.profile.rules.activity_is_to_do:
            return False
        found = self.env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)
        return found.id if found and found.active else False

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create activities; those of somebody else are announced, and who is responsible follows the record."""
        activities = super().create(vals_list)
        others = activities.filtered(lambda one: one.user_id and one.user_id.id != self.env.uid)
        _check_assigned(others)
        if not self.env.context.get("mail_activity_quick_update"):
            others.action_notify()
        _let_follow(activities)
        return activities

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change activities; a new responsible user is notified, and follows the record."""
        activity_rights.check(self, "write")
        moved = self.filtered(lambda one: one.user_id.id != vals["user_id"]) if vals.get("user_id") else self.browse()
        done = super(MailActivity, self.sudo()).write(vals)
        if moved:
            if vals["user_id"] != self.env.uid:
                _check_assigned(moved)
            if not self.env.context.get("mail_activity_quick_update"):
                moved.action_notify()
            _let_follow(moved)
        return done

    def unlink(self) -> bool:
        """Delete activities, as far as the user may."""
        activity_rights.check(self, "unlink")
        return super(MailActivity, self.sudo()).unlink()

    def read(self, fields: Iterable[str] | None = None, load: Any = "_classic_read") -> list[dict[str, Any]]:
        """Read activities; others than the user's have an error of their own."""
        activity_rights.check(self.exists(), "read")
        return super().read(fields, load)

    def _own_limit(self, mode: str) -> Condition | None:
        """Return the condition for activities that the user may read: their own, and those of readable records."""
        if mode != "read":
            return None
        env = self.env
        return Condition(lambda rows: activity_rights.usable(env, rows, "read"), cost=5)

    # -- fields

    @api.depends("res_model", "res_id")
    def _compute_res_name(self) -> None:
        for activity in self:
            activity.res_name = _res_name(activity)

    def _compute_state(self) -> None:
        for activity in self:
            archived = "active" in activity._model.fields and not activity.active
            zone = activity.sudo().user_id.partner_id.tz
            due = activity.date_deadline
            activity.state = deadlines.DONE if archived else deadlines.state(activity.env, due, zone) if due else False

    @api.depends("active")
    def _compute_date_done(self) -> None:
        for activity in self:
            activity.date_done = False if activity.active else activity.date_done or fields.Date.today(activity)

    def _compute_can_write(self) -> None:
        rows = self._rows()
        usable = {row["id"] for row in activity_rights.usable(self.env, rows, "write")}
        for activity in self:
            activity.can_write = activity.id in usable

    @api.depends("summary", "activity_type_id")
    def _compute_display_name(self) -> None:
        for activity in self:
            activity.display_name = activity.summary or activity.sudo().activity_type_id.display_name

    def _compute_has_recommended_activities(self) -> None:
        for activity in self:
            activity.has_recommended_activities = bool(_suggested(activity.previous_activity_type_id))

    @api.onchange("activity_type_id")
    def _onchange_activity_type_id(self) -> None:
        if self.activity_type_id:
            values = _of_type(self.activity_type_id)
            self.date_deadline = values["date_deadline"]
            proposed = {
                "summary": values["summary"], "note": values.get("note"),
                "user_id": values.get("user_id") or self._default_user_id(),
            }  # fmt: skip
            for name, value in proposed.items():
                if value:
                    self[name] = value

    @api.versions(since=15)
    @api.onchange("previous_activity_type_id")
    def _onchange_previous_activity_type_id(self) -> None:
        following = self.previous_activity_type_id.triggered_next_type_id
        if following:
            self.activity_type_id = following.id

    @api.onchange("recommended_activity_type_id")
    def _onchange_recommended_activity_type_id(self) -> None:
        if self.recommended_activity_type_id:
            self.activity_type_id = self.recommended_activity_type_id.id

    # -- doing

    def action_notify(self) -> None:
        """Tell the responsible users of their activities."""
        for activity in self.sudo():
            record, user = _record(activity), activity.user_id
            if not record or not user:
                continue
            what = activity.summary or activity.activity_type_id.name or ""
            subject = f'"{activity.res_name}: {what} assigned to you"'
            author = self.env.user.partner_id.id
            record.message_notify(
                body=_announced(activity), body_is_html=True, subject=subject, partner_ids=user.partner_id.ids,
                author_id=author,
            )  # fmt: skip

    def action_done(self) -> int | bool:
        """Mark the activities as done; see `action_feedback`."""
        return self.action_feedback()

    def action_feedback(self, feedback: Any = False, attachment_ids: Any = None) -> int | bool:
        """Mark the activities as done, which their records tell in a message each; return the first one's id."""
        messages, _ = self._mark_done(feedback, attachment_ids)
        found: int | bool = messages[:1].id
        return found

    def action_done_schedule_next(self) -> Any:
        """Mark the activities as done and open the window for the next one."""
        return self.action_feedback_schedule_next()

    def action_feedback_schedule_next(self, feedback: Any = False, attachment_ids: Any = None) -> Any:
        """Mark the activities as done and return the window for the next one; False if a type makes it itself."""
        context = {
            **self.env.context, "default_previous_activity_type_id": self.activity_type_id.id,
            "activity_previous_deadline": self.date_deadline, "default_res_id": self.res_id,
            "default_res_model": self.res_model,
        }  # fmt: skip
        _, following = self._mark_done(feedback, attachment_ids)
        if following:
            return False
        return {
            "name": self.env._("Schedule an Activity"), "context": context, "view_mode": "form",
            "res_model": "mail.activity", "views": [(False, "form")], "type": "ir.actions.act_window", "target": "new",
        }  # fmt: skip

    def action_close_dialog(self) -> dict[str, Any]:
        """Close the window of the activity."""
        return {"type": "ir.actions.act_window_close"}

    @api.versions(since=16)
    def action_open_document(self) -> dict[str, Any]:
        """Return the window of the activity's record."""
        self.ensure_one()
        return {
            "res_id": self.res_id, "res_model": self.res_model, "target": "current", "type": "ir.actions.act_window",
            "view_mode": "form",
        }  # fmt: skip

    @api.versions(since=18)
    def action_cancel(self) -> None:
        """Delete the activities."""
        self.unlink()

    @api.versions(since=18, until=18)
    def action_snooze(self) -> None:
        """Move the deadlines to a week from today."""
        self._postpone(7)

    @api.versions(since=19)
    def action_reschedule_today(self) -> None:
        """Move the deadlines to today."""
        self._postpone(0)

    @api.versions(since=19)
    def action_reschedule_tomorrow(self) -> None:
        """Move the deadlines to tomorrow."""
        self._postpone(1)

    @api.versions(since=19)
    def action_reschedule_nextweek(self) -> None:
        """Move the deadlines to a week from today."""
        self._postpone(7)

    def _postpone(self, days: int) -> None:
        now = deadlines.today(self.env, self.env.tz)
        self.write({"date_deadline": deadlines.later(now, days, "days").isoformat()})

    def _mark_done(self, feedback: Any, attachment_ids: Any) -> tuple[Recordset, Recordset]:
        """Write the messages of activities that are done; return these and the activities that follow."""
        activities = self.browse(self._ids)
        activities._rows()  # raises MissingError
        messages, following = self.env["mail.message"].sudo(), []
        for activity in activities:
            following += _next_values(activity)
            record = _record(activity).sudo()
            if record:
                messages |= record.message_post(
                    body=_told(activity, feedback), body_is_html=True, author_id=self.env.user.partner_id.id,
                    subtype_xmlid="mail.mt_activities", mail_activity_type_id=activity.activity_type_id.id,
                    attachment_ids=list(attachment_ids or ()),
                )  # fmt: skip
        created = bulk.create_each(self, following)
        kept = activities.filtered(_is_kept)
        kept.write(
            {"active": False, **({"feedback": feedback} if feedback and "feedback" in self._model.fields else {})}
        )
        (activities - kept).unlink()
        return messages, created


def _is_kept(activity: Recordset) -> bool:
    """Return whether an activity stays, archived, when it is done."""
    kind = activity.activity_type_id
    return activity.env.db.profile.rules.done_activities_kept or ("keep_done" in kind._model.fields and kind.keep_done)


def _record(activity: Recordset) -> Recordset:
    env = activity.env
    model = activity.res_model
    if not model or model not in env:
        return env["mail.thread"]
    record = env[model].browse(activity.res_id or ()).exists()
    return record if hasattr(type(record), "message_post") else env["mail.thread"]


def _res_name(activity: Recordset) -> str | bool:
    env, row = activity.env.sudo(), activity._rows()[0]
    if row.get("res_model") not in env or not row.get("res_id"):
        return False
    record = env[row["res_model"]].browse(row["res_id"]).exists()
    return record.display_name if record else False


def _suggested(kind: Recordset) -> Recordset:
    names = kind._model.fields
    found: Recordset = kind["suggested_next_type_ids" if "suggested_next_type_ids" in names else "next_type_ids"]
    return found


def _of_type(kind: Recordset) -> dict[str, Any]:
    """Return what a type of activity proposes."""
    note = "default_note" if "default_note" in kind._model.fields else "default_description"
    values = {"summary": kind.summary, "date_deadline": deadlines.proposed(kind)}
    values |= {"user_id": kind.default_user_id.id} if kind.default_user_id else {}
    return values | ({"note": kind[note]} if kind[note] else {})


def _next_values(activity: Recordset) -> list[dict[str, Any]]:
    """Return the values of the activity that follows a done one by itself, if there is one."""
    kind = activity.activity_type_id
    names = kind._model.fields
    if "chaining_type" in names:
        following = kind.triggered_next_type_id if kind.chaining_type == "trigger" else kind.browse()
    else:
        following = kind.default_next_type_id if kind.force_next else kind.browse()
    if not following:
        return []
    following = following.with_context(activity_previous_deadline=activity.date_deadline)
    return [{
        "user_id": activity.env.uid, **_of_type(following), "activity_type_id": following.id, "res_id": activity.res_id,
        "res_model_id": activity.res_model_id.id, "previous_activity_type_id": kind.id,
    }]  # fmt: skip


def _let_follow(activities: Recordset) -> None:
    """Subscribe the responsible users to the records of their activities."""
    by_user: dict[tuple[str, int], list[int]] = defaultdict(list)
    for activity in activities.sudo():
        if activity.user_id and activity.res_model and activity.res_id:
            by_user[activity.res_model, activity.user_id.partner_id.id].append(activity.res_id)
    for (model, partner), ids in by_user.items():
        records = activities.env.sudo()[model].browse(ids).exists()
        if hasattr(type(records), "message_subscribe"):
            records.message_subscribe([partner])


def _check_assigned(activities: Recordset) -> None:
    """Raise UserError for an activity whose responsible user may not read its record."""
    for activity in activities.sudo():
        record, user = _record(activity), activity.user_id
        if not record or not user:
            continue
        seen = record.env.db.env(user.id)[record._name].browse(record.ids)
        try:
            check_access(seen, "read")
            record_rules.check(seen, "read")
        except AccessError:
            text = "Assigned user %s has no access to the document and is not able to handle this activity."
            raise UserError(activity.env._(text).replace("%s", str(user.display_name))) from None


def _lines(text: Any) -> str:
    return "<br>".join(escape(line, quote=False) for line in str(text).split("\n"))


def _told(activity: Recordset, feedback: Any) -> str:
    """Return the text of the message about an activity that is done."""
    kind, own = activity.activity_type_id, activity.user_id.id == activity.env.uid
    head = f"<span>{_lines(kind.name or '')}</span> done"
    if activity.user_id and not own:
        head += f" (originally assigned to <span>{_lines(activity.user_id.name)}</span>)"
    if activity.summary:
        head += f"<span>: </span><span>{_lines(activity.summary)}</span>"
    said = f"<div>{_lines(feedback)}</div>" if feedback else ""
    note = f"<div><strong>Original note:</strong></div><div>{activity.note}</div>" if activity.note else ""
    return f"<div><p>{head}</p>{said}{note}</div>"


def _announced(activity: Recordset) -> str:
    """Return the text of the notification about a new activity."""
    kind = _lines(activity.activity_type_id.name or activity.summary or "")
    due, note = activity.date_deadline, activity.note or ""
    return f"<div><p>{_lines(activity.res_name or '')}: {kind} assigned to you, due on {due}.</p>{note}</div>"
