"""Groups without records that a model shows anyway, such as the stages of a pipeline.

A model says by a method `_expand_<field>(groups, domain)` which groups of that field there are, in their order: of a
relation a recordset, of a selection a list of values.  Where the records of a relation can be folded, each group says
whether its record is.  Only lazy calls have such groups.
Source: recorded in flow-crm-1, flow-project-1 (17.0, 18.0, 19.0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver.orm.bulk.group_by import parse

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Recordset

Group = dict[str, Any]
FOLD = "__fold"


def expanded(
    records: Recordset,
    domain: Any,
    found: list[Group],
    keys: Mapping[str, str],
    measures: Mapping[str, Any],
    order: str,
) -> list[Group]:
    """Return the groups of the first key with those that the model adds, in the order of the model.

    `keys` are the explicit specifications by key, `measures` the values of an empty group.
    """
    first = next(iter(keys), "")
    name = parse(keys[first]).name if first else ""
    method = getattr(type(records), f"_expand_{name}", None)
    if method is None:
        return found
    field = records._model.fields[name]
    existing = [group[first] for group in found if group[first] is not None]
    if not field.relational:
        return _merged(found, first, method(records, existing, domain), measures)
    shown = method(records, records.env[field.comodel].browse(existing), domain).sudo()
    ids = list(reversed(shown.ids)) if order == f"{name} desc" else shown.ids
    merged = _merged(found, first, ids, measures)
    if "fold" in shown._model.fields:
        folded = {record.id: record.fold for record in shown | shown.browse(existing)}
        merged = [{**group, FOLD: folded.get(group[first], False)} for group in merged]
    return merged


def _merged(found: list[Group], key: str, shown: list[Any], measures: Mapping[str, Any]) -> list[Group]:
    by_value = {group[key]: group for group in found}
    return [by_value.get(value) or {key: value, **measures} for value in dict.fromkeys((*shown, *by_value))]
