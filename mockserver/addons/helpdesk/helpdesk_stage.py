"""helpdesk.stage: the stages of teams; tickets in a folded one are closed.

Inferred: until 14.0 the flag of a closing stage is `is_close`, then `fold`.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models


class Stage(models.Model):
    _inherit = "helpdesk.stage"

    def _default_team_ids(self) -> list[int]:
        team = self.env.context.get("default_team_id")
        return [team] if team else []

    @api.versions(since=16)
    def _compute_ticket_count(self) -> None:
        tickets = self.env["helpdesk.ticket"]
        for stage in self:
            stage.ticket_count = tickets.search_count([("stage_id", "=", stage.id)])

    def _closes(self) -> bool:
        """Return whether tickets in the stage are closed."""
        return bool(self["is_close" if "is_close" in self._model.fields else "fold"])

    def _closing(self) -> list[Any]:
        """Return the condition of stages whose tickets are closed."""
        return [("is_close" if "is_close" in self._model.fields else "fold", "=", True)]
