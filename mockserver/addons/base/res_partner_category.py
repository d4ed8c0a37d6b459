"""res.partner.category: names and paths along the hierarchy.

Source: recorded in partners-* (17.0).
"""

from __future__ import annotations

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


def _display_name(record: Recordset) -> str:
    """`Parent / Child`, or the name alone with `partner_category_display: short` in the context."""
    rows = record.env.db.store.rows("res.partner.category")
    row = rows[record._ids[0]]
    if record.env.context.get("partner_category_display") == "short":
        return str(row.get("name") or "")
    names: list[str] = []
    while row is not None:
        names.insert(0, str(row.get("name") or ""))
        row = rows.get(row.get("parent_id") or 0)  # type: ignore[assignment]
    return " / ".join(names)


def _parent_path(record: Recordset) -> str:
    row = record._rows()[0]
    above = record.env.db.store.get("res.partner.category", row.get("parent_id") or 0) or {}
    return f"{above.get('parent_path') or ''}{row['id']}/"
