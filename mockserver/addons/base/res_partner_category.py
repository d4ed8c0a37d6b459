"""res.partner.category: names and paths along the hierarchy.

Source: recorded in partners-* (17.0).
"""

from __future__ import annotations

from mockserver.orm.records.environment import Recordset
from mockserver.orm.schema.compute import compute


@compute("res.partner.category", "display_name")
def _category_name(self: Recordset) -> str:
    """`Parent / Child`, or the name alone with `partner_category_display: short` in the context."""
    rows = self.env.db.store.rows("res.partner.category")
    row = rows[self._ids[0]]
    if self.env.context.get("partner_category_display") == "short":
        return str(row.get("name") or "")
    names: list[str] = []
    while row is not None:
        names.insert(0, str(row.get("name") or ""))
        row = rows.get(row.get("parent_id") or 0)  # type: ignore[assignment]
    return " / ".join(names)


@compute("res.partner.category", "parent_path", depends=("parent_id.parent_path",))
def _parent_path(self: Recordset) -> str:
    row = self._rows()[0]
    above = self.env.db.store.get("res.partner.category", row.get("parent_id") or 0) or {}
    return f"{above.get('parent_path') or ''}{row['id']}/"
