"""crm.lead: won and lost, conversion, assignment, and the windows that the web client opens.

Source: recorded in flow-crm-1 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from mockserver import api, models
from mockserver.addons.base.windows import stored_window, window
from mockserver.addons.crm.rainbow import message
from mockserver.orm.records.environment import Recordset

Action = dict[str, Any]


class Lead(models.Model):
    _inherit = "crm.lead"

    # -- won and lost

    def action_archive(self) -> None:
        """Archive leads: their probability is 0, except that of leads that stay won."""
        kept = self.env.db.profile.rules.won_is_settled
        archived = self.filtered(lambda lead: lead.active and not (kept and lead.stage_id.is_won))
        super().action_archive()
        if archived:
            archived.write({"probability": 0, "automated_probability": 0})

    def action_unarchive(self) -> None:
        """Unarchive leads: they have no reason of loss any more, and the probability of their stage."""
        revived = self.filtered(lambda lead: not lead.active)
        super().action_unarchive()
        if revived:
            revived.write({_lost_reason(self): False})
            for lead in revived:
                found = 100.0 if lead.stage_id.is_won else 0.0
                lead.write({"probability": found, "automated_probability": found})

    def action_set_lost(self, **additional_values: Any) -> None:
        """Archive leads, with the reason for it; their probability is 0."""
        self.action_archive()
        if self.env.db.profile.rules.won_is_settled:
            self.filtered("probability").write({"probability": 0, "automated_probability": 0})
        if additional_values:
            self.write(additional_values)

    def action_set_won(self) -> bool:
        """Move leads to the next stage that is won, with a probability of 100."""
        self.action_unarchive()
        by_stage: dict[int, list[int]] = defaultdict(list)
        for lead in self:
            stages = lead._stage_find([("is_won", "=", True)], limit=None)
            later = stages.filtered(lambda stage, at=lead.stage_id.sequence: stage.sequence > at)
            stage = later[:1] or stages[-1:]
            by_stage[stage.id or 0].append(lead.id)
        for stage_id, ids in by_stage.items():
            self.browse(ids).write({"stage_id": stage_id, "probability": 100})
        return True

    def action_set_won_rainbowman(self) -> Action | bool:
        """Win a lead; return the web client's congratulations if there is a reason for them."""
        self.ensure_one()
        self.action_set_won()
        text = message(self)
        if not text:
            return True
        leader = self.team_id.user_id
        picture = f"/web/image/res.users/{leader.id}/image_1024" if leader.image_1024 else "/web/static/img/smile.svg"
        return {"effect": {"fadeout": "slow", "message": text, "img_url": picture, "type": "rainbow_man"}}

    @api.versions(since=15)
    def get_rainbowman_message(self) -> str | bool:
        """Return the congratulations for a lead that is won, or False."""
        self.ensure_one()
        return message(self) if self.stage_id.is_won else False

    def action_set_automated_probability(self) -> None:
        """Take the automated probability for the probability."""
        for lead in self:
            lead.write({"probability": lead.automated_probability})

    # -- conversion

    def convert_opportunity(self, partner: Any, user_ids: Any = False, team_id: Any = False) -> bool:
        """Make opportunities of leads that are neither archived nor won, and assign them."""
        for lead in self:
            if lead.active and lead.probability != 100:
                lead.write(lead._convert_opportunity_data(partner, team_id))
        if user_ids or team_id:
            self._handle_salesmen_assignment(user_ids, team_id)
        return True

    def _convert_opportunity_data(self, partner: Any, team_id: Any = False) -> dict[str, Any]:
        """Return the values that make an opportunity of a lead; `partner` is a recordset or empty."""
        now = self.env.db.clock.now()
        customer = partner or self.env["res.partner"]
        values: dict[str, Any] = {"type": "opportunity", "date_open": now, "date_conversion": now}
        if customer != self.partner_id:
            values["partner_id"] = customer.id
        if not self.stage_id:
            values["stage_id"] = self._stage_find(team_id=team_id or self.team_id.id).id
        return values

    def _handle_salesmen_assignment(self, user_ids: Sequence[int] | bool = False, team_id: Any = False) -> None:
        """Give leads a team, and by turns to the salespersons."""
        values = {"team_id": team_id} if team_id else {}
        if not user_ids:
            if values:
                self.write(values)
            return
        users = list(user_ids) if isinstance(user_ids, (list, tuple)) else [user_ids]
        for turn, user in enumerate(users):
            self.browse(self.ids[turn :: len(users)]).write({**values, "user_id": user})

    # -- windows

    def redirect_lead_opportunity_view(self) -> Action:
        """Return the window that shows one lead."""
        self.ensure_one()
        return window(
            self.env, self._name, "Lead or Opportunity", domain=[["type", "=", self.type]], res_id=self.id,
            view_id=False, context={"default_type": self.type},
        )  # fmt: skip

    def action_schedule_meeting(self, smart_calendar: bool = True) -> Action:
        """Return the calendar, in which new meetings are about the opportunity."""
        self.ensure_one()
        contacts = [*self.env.user.partner_id.ids, *self.partner_id.ids]
        opportunity = self.id if self.type == "opportunity" else False
        context = {
            "search_default_opportunity_id": opportunity, "default_opportunity_id": opportunity,
            "default_partner_id": self.partner_id.id, "default_partner_ids": contacts,
            "default_team_id": self.team_id.id, "default_name": self.name,
        }  # fmt: skip
        return stored_window(self.env, "calendar.event", "Meetings", "calendar,list,form", context=context)

    @api.versions(since=16)
    def action_reschedule_meeting(self) -> Action:
        """Return the calendar at the day of the opportunity's meeting."""
        self.ensure_one()
        action = self.action_schedule_meeting(smart_calendar=False)
        nearest = self.meeting_display_date if "meeting_display_date" in self._model.fields else False
        action["context"]["initial_date"] = nearest
        return dict(action)

    @api.versions(since=15)
    def action_show_potential_duplicates(self) -> Action:
        """Return the window of the leads that may be about the same."""
        self.ensure_one()
        modes = "kanban,list,graph,pivot,form,calendar,activity"
        return window(self.env, self._name, "Opportunities", modes, context={"active_test": False, "create": False})

    def action_snooze(self) -> bool:
        """Move the user's next activity a week on."""
        self.ensure_one()
        own = self.activity_ids.filtered(lambda activity: activity.user_id == self.env.user)
        if own:
            own[0].action_snooze()
        return True

    def log_meeting(self, meeting: Any) -> None:
        """Write a note about a meeting."""
        for lead in self:
            lead._message_log(body=f"Meeting scheduled at '{meeting.start}'<br> Subject: {meeting.name}")

    # -- meetings

    @api.computes("meeting_display_date", "meeting_display_label")
    def _compute_meeting_display(self) -> None:
        """The day of the next meeting, else that of the last one."""
        now = self.env.db.clock.now()
        for lead in self:
            starts = sorted(event.start for event in lead.sudo().calendar_event_ids if event.start)
            coming = [start for start in starts if start >= now]
            nearest = coming[0] if coming else starts[-1] if starts else ""
            lead.meeting_display_date = nearest[:10]
            lead.meeting_display_label = "Next Meeting" if coming else "Last Meeting" if starts else "No Meeting"

    @api.versions(since=16, until=16)
    def _compute_calendar_event_count(self) -> None:
        for lead in self:
            lead.calendar_event_count = len(lead.calendar_event_ids)

    @api.versions(until=15)
    def _compute_meeting_count(self) -> None:
        for lead in self:
            lead.meeting_count = self.env["calendar.event"].search_count([("opportunity_id", "=", lead.id)])

    def _compute_kanban_state(self) -> None:
        today = self.env.db.clock.today().isoformat()
        for lead in self:
            due = lead.activity_date_deadline
            lead.kanban_state = "grey" if not due else "green" if due >= today else "red"

    # -- messages

    def _creation_subtype(self) -> Any:
        return self.env.ref("crm.mt_lead_create", raise_if_not_found=False)

    def _creation_message(self) -> str:
        if not self.team_id:
            return "A new lead has been created and is not assigned to any team."
        return f'A new lead has been created for the team "{self.team_id.display_name}".'

    def _track_subtype(self, init_values: Mapping[str, Any]) -> Any:
        """Return the kind of message for a lead that is won, lost, brought back or in another stage."""
        self.ensure_one()
        if "stage_id" in init_values and self.probability == 100 and self.stage_id:
            name = "crm.mt_lead_won"
        elif _lost_reason(self) in init_values and self[_lost_reason(self)]:
            name = "crm.mt_lead_lost"
        elif "stage_id" in init_values:
            name = "crm.mt_lead_stage"
        elif "active" in init_values and self._is_lost_or_restored():
            name = "crm.mt_lead_restored" if self.active else "crm.mt_lead_lost"
        else:
            return super()._track_subtype(init_values)  # type: ignore[misc]
        return self.env.ref(name, raise_if_not_found=False)

    def _is_lost_or_restored(self) -> bool:
        """Return whether a lead that was archived or brought back is one that can be lost."""
        return not (self.env.db.profile.rules.won_is_settled and self.stage_id.is_won)


def _lost_reason(leads: Recordset) -> str:
    return "lost_reason_id" if "lost_reason_id" in leads._model.fields else "lost_reason"
