"""The page of an invoice for its customer.  Source: 17.0."""

from __future__ import annotations

from typing import Any

from mockserver import models


class Move(models.Model):
    _inherit = "account.move"
    _since = 13

    def _compute_access_url(self) -> None:
        super()._compute_access_url()  # type: ignore[misc]
        for move in self:
            if move.is_invoice():
                move.access_url = f"/my/invoices/{move.id}"

    def preview_invoice(self) -> dict[str, Any]:
        """Return the action that opens the invoice's page."""
        action: dict[str, Any] = self._portal_page()
        return action
