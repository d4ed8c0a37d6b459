"""note.note: a text whose first line is its name, in a stage of the user who looks at it.

Inferred: 11.0 to 16.0.
"""

from __future__ import annotations

import html
import re
from typing import Any

from mockserver import api, models
from mockserver.orm.records.environment import Recordset

_TAG = re.compile(r"<[^>]*>")
# tags that begin or end a line
_BLOCK = re.compile(r"</?(?:p|div|br|li|ul|ol|tr|h[1-6])\b[^>]*>", re.IGNORECASE)


class Note(models.Model):
    _inherit = "note.note"
    _until = 16

    def _default_stage_ids(self) -> Recordset:
        """The first stage of the user."""
        return self.env["note.stage"].search([("user_id", "=", self.env.uid)], limit=1)

    def _compute_name(self) -> None:
        for note in self:
            note.name = _first_line(note.memo or "")

    @api.depends("stage_ids")
    @api.depends_context("uid")
    def _compute_stage_id(self) -> None:
        """The stage among those of the user, else the user's first one."""
        mine = self.env["note.stage"].search([("user_id", "=", self.env.uid)])
        for note in self:
            note.stage_id = (note.sudo().stage_ids & mine)[:1] or mine[:1]

    def _inverse_stage_id(self) -> None:
        for note in self.filtered("stage_id"):
            others = note.sudo().stage_ids.filtered(lambda stage: stage.user_id != self.env.user)
            note.stage_ids = others | note.stage_id

    @api.model
    def name_create(self, name: str) -> Any:
        """Create a note with that text; return its id and name."""
        note = self.create({"memo": name})
        return [note.id, note.display_name]

    def action_close(self) -> None:
        """Mark notes as done today."""
        self.write({"open": False, "date_done": self.env.db.clock.now()[:10]})

    def action_open(self) -> None:
        """Take up notes again."""
        self.write({"open": True})


def _first_line(memo: str) -> str:
    text = html.unescape(_TAG.sub("", _BLOCK.sub("\n", memo))).strip()
    return text.replace("*", "").split("\n", 1)[0]
