"""portal.mixin: documents that customers see on a page of their own.

Source: 17.0.
"""

from __future__ import annotations

import uuid
from typing import Any

from mockserver import api, models
from mockserver.addons.base.windows import window


class PortalMixin(models.AbstractModel):
    _inherit = "portal.mixin"

    def _compute_access_url(self) -> None:
        for record in self:
            record.access_url = "#"

    def _compute_access_warning(self) -> None:
        for record in self:
            record.access_warning = ""

    def _portal_ensure_token(self) -> str:
        """Return the token that opens the document's page; a document without one gets it."""
        if not self.access_token:
            token = str(uuid.UUID(hex=self.env.db.clock.token(32)))
            self.sudo().write({"access_token": token})
        return str(self.access_token)

    def get_portal_url(
        self, suffix: str | None = None, report_type: str | None = None, download: bool | None = None,
        query_string: str | None = None, anchor: str | None = None,
    ) -> str:  # fmt: skip
        """Return the address of the document's page, with the token that opens it."""
        self.ensure_one()
        parts = [self.access_url, suffix or "", "?access_token=", self._portal_ensure_token()]
        parts += [f"&report_type={report_type}" if report_type else "", "&download=true" if download else ""]
        return "".join([*parts, query_string or "", f"#{anchor}" if anchor else ""])

    def _portal_page(self) -> dict[str, Any]:
        """Return the action that opens the document's page."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "target": "self", "url": self.get_portal_url()}

    @api.model
    def action_share(self) -> dict[str, Any]:
        """Return the window that shares the document of the context."""
        context = self.env.context
        shown = {"active_id": context["active_id"], "active_model": context["active_model"]}
        return window(self.env, "portal.share", "Share Document", target="new", context=shown)
