"""res.partner.category: names and paths along the hierarchy.

Source: recorded in partners-* (17.0).
"""

from __future__ import annotations

from typing import Any

from mockserver import api, models
from mockserver.orm.records.environment import Recordset


class PartnerCategory(models.Model):
    _inherit = "res.partner.category"

    def _compute_display_name(self) -> None:
        for record in self:
            record.display_name = _display_name(record)

    @api.depends("parent_id.parent_path")
    def _compute_parent_path(self) -> None:
        for record in self:
            record.parent_path = _parent_path(record)

    @api.model
    def _name_search(
        self, name: Any, domain: Any = (), operator: str = "ilike", limit: Any = None, order: Any = None
    ) -> list[int]:
        """Return the ids of tags whose name matches; in some generations also of the tags below those.

        In others an empty name matches every tag, whatever the operator.
        """
        if not name and self.env.db.profile.rules.category_empty_name_matches:
            return super()._name_search("", domain, "ilike", limit, order)
        if not name or not operator.endswith("like") or not self.env.db.profile.rules.category_names_reach_down:
            return super()._name_search(name, domain, operator, limit, order)
        found = super()._name_search(name, (), operator)
        return super()._name_search("", [*(domain or ()), ("id", "child_of", found)], "ilike", limit, order)


def _display_name(record: Recordset) -> str:
    """Return `Parent / Child`, or the name alone with `partner_category_display: short` in the context."""
    if record.env.context.get("partner_category_display") == "short":
        return str(record.name or "")
    names: list[str] = []
    category = record.sudo()
    while category:
        names.insert(0, str(category.name or ""))
        category = category.parent_id
    return " / ".join(names)


def _parent_path(record: Recordset) -> str:
    row = record._rows()[0]
    above = record.env.db.store.get("res.partner.category", row.get("parent_id") or 0) or {}
    return f"{above.get('parent_path') or ''}{row['id']}/"
