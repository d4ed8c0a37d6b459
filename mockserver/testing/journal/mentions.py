"""The fields that the arguments of a call mention."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

# `amount:sum`, `total:sum(amount)`, `date:month`
_AGGREGATE = re.compile(r"\w+:\w+\((?P<field>[\w.]+)\)")
# parameters of methods by their content
_VALUES = ("vals", "vals_list", "values")
_DOMAINS = ("domain", "args")
_NAMES = ("fields", "groupby", "aggregates", "specification", "field_names", "fields_to_export", "fields_spec")


def mentioned(arguments: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield `(field or path, value)` for each field in the arguments of a call; None where there is no value."""
    for name, argument in arguments.items():
        if name in _VALUES:
            yield from ((key, value) for vals in _mappings(argument) for key, value in vals.items())
    yield from shown(arguments)


def written(arguments: Mapping[str, Any]) -> Iterator[Any]:
    """Yield the keys of the values that a call writes."""
    for name in _VALUES:
        yield from (key for vals in _mappings(arguments.get(name)) for key in vals)


def shown(arguments: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield those of which the answer depends on the value that a record has."""
    for name, argument in arguments.items():
        if name in _DOMAINS and isinstance(argument, (list, tuple)):
            yield from ((leaf[0], leaf[2]) for leaf in argument if _is_leaf(leaf))
        elif name in _NAMES and isinstance(argument, (str, list, tuple, Mapping)):
            yield from ((_field(text), None) for text in ([argument] if isinstance(argument, str) else argument))


def names_fields(arguments: Mapping[str, Any]) -> bool:
    """Return whether a call says which fields it reads."""
    return any(arguments.get(name) for name in _NAMES)


def _mappings(argument: Any) -> Iterator[Mapping[Any, Any]]:
    for item in argument if isinstance(argument, (list, tuple)) else (argument,):
        if isinstance(item, Mapping):
            yield item


def _is_leaf(leaf: Any) -> bool:
    return isinstance(leaf, (list, tuple)) and len(leaf) == 3 and isinstance(leaf[0], str)


def _field(text: Any) -> Any:
    if not isinstance(text, str):
        return text
    found = _AGGREGATE.fullmatch(text)
    return found["field"] if found else re.split("[:/]", text)[0]
