"""base.module.upgrade: the wizard that applies what is scheduled for modules.

Inferred: the texts and actions of the real server's wizard, in all versions.
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.addons.base.ir_module import install, remove
from mockserver.orm.records.environment import Recordset

_CLOSE = {"type": "ir.actions.act_window_close"}
_SCHEDULED = ("to install", "to upgrade", "to remove")


class ModuleUpgrade(models.TransientModel):
    _inherit = "base.module.upgrade"

    def _default_module_info(self) -> str:
        """Return the modules that will change, one a line."""
        return "\n".join(f"{module.name}: {module.state}" for module in self._scheduled())

    @api.model
    def get_module_list(self) -> list[int]:
        """Return the ids of the modules that will change."""
        ids: list[int] = self._scheduled().ids
        return ids

    def upgrade_module(self) -> dict[str, Any]:
        """Install, upgrade and remove the modules for which it is scheduled; return the next action."""
        install(self._scheduled("to install"))
        self._scheduled("to upgrade").write({"state": "installed"})
        remove(self._scheduled("to remove"))
        return dict(_CLOSE)

    @api.model
    def upgrade_module_cancel(self) -> dict[str, Any]:
        """Take back what is scheduled; return the next action."""
        self._scheduled("to install").write({"state": "uninstalled"})
        self._scheduled("to upgrade", "to remove").write({"state": "installed"})
        return dict(_CLOSE)

    def _scheduled(self, *states: str) -> Recordset:
        found: Recordset = self.env["ir.module.module"].search([("state", "in", states or _SCHEDULED)])
        return found
