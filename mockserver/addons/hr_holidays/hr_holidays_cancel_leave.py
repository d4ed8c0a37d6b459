"""hr.holidays.cancel.leave: an employee gives approved time off back.

Inferred: not recorded.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.errors import ValidationError


class Leave(models.Model):
    _inherit = "hr.leave"

    @api.versions(since=16)
    def action_cancel(self) -> dict[str, Any]:
        """Return the action that opens the wizard."""
        self.ensure_one()
        return {
            "name": self.env._("Cancel Time Off"),
            "type": "ir.actions.act_window",
            "target": "new",
            "res_model": "hr.holidays.cancel.leave",
            "view_mode": "form",
            "views": [[False, "form"]],
            "context": {"default_leave_id": self.id},
        }


class CancelLeave(models.Model):
    _inherit = "hr.holidays.cancel.leave"

    @api.versions(since=16)
    def action_cancel_leave(self) -> dict[str, Any]:
        """Cancel the request, with the reason as a message on it."""
        self.ensure_one()
        if not self.leave_id.can_cancel:
            raise ValidationError(self.env._("This time off cannot be canceled."))
        leave = self.leave_id.sudo()
        leave.message_post(body=f"The time off has been canceled: {self.reason}", subtype_xmlid="mail.mt_note")
        # where there is no such state, requests that were given back are archived
        has_state = "cancel" in dict(leave._model.fields["state"].selection)
        leave.write({"state": "cancel"} if has_state else {"active": False})
        leave._remove_resource_leave()
        leave.meeting_id.write({"active": False})
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Your time off has been canceled."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
