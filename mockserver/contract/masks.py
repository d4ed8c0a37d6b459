"""What a step says of single fields of its result: ids, dates, what is hidden, what is compared, in which order."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from mockserver.contract.labels import Labels
from mockserver.contract.moments import relative
from mockserver.contract.paths import values_at
from mockserver.contract.steps import Masks

MASKED = "<masked>"


def masked(result: Any, masks: Masks, labels: Labels, now: datetime) -> Any:
    """Return a result, an object or a list of objects, with the masks of its step applied to each object."""

    def of_record(record: Mapping[str, Any]) -> Any:
        found = dict(record)
        for field, model in masks.ids.items():
            if field in found:
                found[field] = labels.of(model, found[field])
        for field, model in masks.id_keys.items():
            if isinstance(found.get(field), dict):
                found[field] = {str(labels.of(model, int(key))): item for key, item in found[field].items()}
        for field in masks.dates:
            if isinstance(found.get(field), str):
                found[field] = relative(found[field], now)
        for field in masks.hide:
            if found.get(field):
                found[field] = MASKED
        return {path: values_at(found, path) for path in masks.pick} if masks.pick else found

    return each_record(result, of_record) if masks.changes_values else result


def in_order(result: Any, sort: bool | tuple[str, ...]) -> Any:
    """Return a result whose order does not matter in one order: the list itself, or the lists in fields of objects."""
    if sort is True:
        return sorted(result, key=json.dumps) if isinstance(result, list) else result
    fields = sort or ()

    def of_record(record: Mapping[str, Any]) -> Any:
        return {
            field: sorted(value, key=json.dumps) if field in fields and isinstance(value, list) else value
            for field, value in record.items()
        }

    return each_record(result, of_record) if fields else result


def each_record(value: Any, change: Callable[[Mapping[str, Any]], Any]) -> Any:
    """Return the value with every object in its lists changed."""
    if isinstance(value, dict):
        return change(value)
    return [each_record(item, change) for item in value] if isinstance(value, list) else value
