"""helpdesk.ticket: what creating and changing tickets sets: customer, number, stage, member of the team, dates.

Inferred: see the package.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver import api, models
from mockserver.orm.methods.copying import for_each_record
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from typing_extensions import Self

_REFERENCE = "ticket_ref"


class Ticket(models.Model):
    _inherit = "helpdesk.ticket"

    def _default_team_id(self) -> Recordset:
        """The team that the user is a member of, else the first one."""
        teams = self.env["helpdesk.team"]
        return teams.search([("member_ids", "in", [self.env.uid])], 0, 1) or teams.search([], 0, 1)

    # -- create, write, copy

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create tickets; each gets a number and a customer, who follows it."""
        single = isinstance(vals_list, Mapping)
        given = [self._new_values(vals) for vals in ([vals_list] if single else vals_list)]
        tickets = super().create(given[0] if single else given)
        now = self.env.db.clock.now()
        for ticket in tickets.sudo():
            dates = {"assign_date": now} if ticket.user_id and not ticket.assign_date else {}
            dates |= {"close_date": now} if ticket.stage_id._closes() and not ticket.close_date else {}
            if dates:
                super(Ticket, ticket).write(dates)
            if ticket.partner_id:
                ticket.message_subscribe(ticket.partner_id.ids)
        return tickets

    def write(self, vals: Mapping[str, Any]) -> bool:
        """Change tickets; the first member and the closing stage set dates, another stage clears the kanban state."""
        values, now = dict(vals), self.env.db.clock.now()
        stage = self.env["helpdesk.stage"].sudo().browse(values.get("stage_id") or ())
        new = self.filtered(lambda ticket: not ticket.assign_date) if values.get("user_id") else self.browse()
        closed = self.browse()
        if "stage_id" in values:
            values |= {"date_last_stage_update": now, "kanban_state": values.get("kanban_state", "normal")}
        if stage and stage._closes():
            closed = self.filtered(lambda ticket: not ticket.close_date)
        elif stage:
            values |= {"closed_by_partner": False, "close_date": False}
        done = super().write(values)
        if new and "assign_date" not in values:
            super(Ticket, new).write({"assign_date": now})
        if closed and "close_date" not in values:
            super(Ticket, closed).write({"close_date": now})
        if values.get("partner_id"):
            self.message_subscribe([values["partner_id"]])
        return done

    @for_each_record
    def copy(self, default: Mapping[str, Any] | None = None) -> Self:
        """Return a duplicate, named `Subject (copy)`."""
        self.ensure_one()
        return super().copy({"name": f"{self.name} (copy)", **(default or {})})

    def _new_values(self, vals: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of a new ticket with its number and the customer of its name and address."""
        values = dict(vals)
        name, address = values.get("partner_name"), values.get("partner_email")
        if name and address and not values.get("partner_id"):
            values["partner_id"] = self.env["res.partner"].find_or_create(f'"{name}" <{address}>')
        if _REFERENCE in self._model.fields:
            values[_REFERENCE] = self.env["ir.sequence"].sudo().next_by_code("helpdesk.ticket")
        return values

    # -- messages

    def _creation_subtype(self) -> Any:
        return self.env.ref("helpdesk.mt_ticket_new", raise_if_not_found=False)

    def _track_subtype(self, init_values: Mapping[str, Any]) -> Any:
        """Return the kind of message for another stage."""
        if "stage_id" in init_values:
            return self.env.ref("helpdesk.mt_ticket_stage", raise_if_not_found=False)
        return super()._track_subtype(init_values)  # type: ignore[misc]
