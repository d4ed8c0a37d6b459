"""What the values of a variant say together: its name, and which of them count."""

from __future__ import annotations

from mockserver.orm.records.environment import Recordset


def making_variants(values: Recordset) -> Recordset:
    """Return the template values whose attribute makes variants."""
    return values.filtered(lambda value: value.attribute_id.create_variant != "no_variant")


def combination_name(values: Recordset) -> str:
    """Return the names of template values, without those that are the only one of their line.

    A line's archived values count too if one of the given ones is archived.
    """
    shown = making_variants(values)
    active = all(shown.mapped("ptav_active"))
    return ", ".join(value.name for value in shown if not _is_single(value, active))


def _is_single(value: Recordset, active: bool) -> bool:
    others = value.attribute_line_id.product_template_value_ids
    return len(others.filtered(lambda other: other.ptav_active) if active else others) == 1
