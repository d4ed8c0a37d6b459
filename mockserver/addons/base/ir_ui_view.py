"""ir.ui.view: the architecture of a view, and its type.  Source: Odoo's source of 17.0."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from mockserver import api, models

if TYPE_CHECKING:
    from typing_extensions import Self

_ROOT = re.compile(r"\s*(?:<\?[^>]*>\s*)?<(\w+)")


class View(models.Model):
    _inherit = "ir.ui.view"

    @api.depends("arch_db")
    def _compute_arch(self) -> None:
        for record in self:
            record.arch = record.arch_db

    def _inverse_arch(self) -> None:
        for record in self:
            record.arch_db = record.arch

    @api.model
    def create(self, vals_list: Any) -> Self:
        """Create views; unless it is given, the type is the root element of the architecture."""
        made = self.browse()
        for vals in vals_list if isinstance(vals_list, (list, tuple)) else [vals_list]:
            root = _ROOT.match(str(vals.get("arch") or vals.get("arch_db") or ""))
            own = {"mode": "extension"} if vals.get("inherit_id") else {"type": root[1]} if root else {}
            made |= super().create({**own, **vals})
        return made
