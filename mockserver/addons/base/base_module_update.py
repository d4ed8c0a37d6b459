"""base.module.update: the wizard that looks for new modules.

Inferred: the actions of the real server's wizard, in all versions.
"""

from __future__ import annotations

from typing import Any

from mockserver import models


class ModuleUpdate(models.TransientModel):
    _inherit = "base.module.update"

    def update_module(self) -> bool:
        """Update the list of modules, and keep how many were changed and added."""
        for wizard in self:
            updated, added = self.env["ir.module.module"].update_list()
            wizard.write({"updated": updated, "added": added, "state": "done"})
        return False

    def action_module_open(self) -> dict[str, Any]:
        """Return the action that shows all modules."""
        return {
            "domain": "[]",
            "name": "Modules",
            "view_mode": f"{self.env.db.profile.rules.list_view},form",
            "res_model": "ir.module.module",
            "view_id": False,
            "type": "ir.actions.act_window",
        }
