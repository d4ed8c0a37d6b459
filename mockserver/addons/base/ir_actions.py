"""ir.actions.*: external ids, and the views that a window action opens.  Source: 17.0."""

from __future__ import annotations

from typing import Any

from mockserver import models
from mockserver.orm.records.environment import Recordset

_LINES = "ir.actions.act_window.view"


class IrActionsActWindow(models.Model):
    _inherit = "ir.actions.act_window"

    def _compute_xml_id(self) -> None:
        names = self.get_external_id()
        for action in self:
            action.xml_id = names[action.id]

    def _compute_views(self) -> None:
        """The views of `view_ids`, then for each further mode the action's own view or none in particular."""
        for action in self:
            lines = action.view_ids if _LINES in action.env else ()
            found = [[line.view_id.id, line.view_mode] for line in lines]
            named = {mode for _, mode in found}
            missing = [mode for mode in (action.view_mode or "").split(",") if mode not in named]
            own = action.view_id
            if own and own.type in missing:
                missing.remove(own.type)
                found.append([own.id, own.type])
            action.views = found + [[False, mode] for mode in missing]


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def report_action(self, docids: Any, data: Any = None, config: bool = True) -> dict[str, Any]:
        """Return the action that prints the report for records, given by their ids, one id or a recordset.

        Differs: the real server asks an administrator for the layout first, as long as the company has none.
        """
        context = dict(self.env.context)
        if isinstance(docids, Recordset):
            docids = docids.ids
        if docids:
            context["active_ids"] = docids if isinstance(docids, list) else [docids]
        return {
            "context": context, "data": data, "type": "ir.actions.report", "report_name": self.report_name,
            "report_type": self.report_type, "report_file": self.report_file, "name": self.name,
        }  # fmt: skip
