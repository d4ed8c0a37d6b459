"""Names of records that stand in a tree, such as `All / Chairs`."""

from __future__ import annotations

from mockserver.orm.records.environment import Recordset


def set_complete_names(records: Recordset) -> None:
    """Give each record the names of those above it, and its own, as its complete name."""
    for record in records:
        above = record.parent_id.complete_name
        record.complete_name = f"{above} / {record.name}" if above else record.name


def set_display_names(records: Recordset) -> None:
    """Give each record its complete name, or with `hierarchical_naming` false in the context its name alone."""
    whole = records.env.context.get("hierarchical_naming", True)
    for record in records:
        record.display_name = record.complete_name if whole else record.name
