"""Find the fields and operators in the arguments of a call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from mockserver.orm.database import Database

# parameters that hold paths of fields, possibly followed by an aggregate or a direction
_FIELDS = ("fields", "allfields", "fields_list", "field_names", "groupby", "aggregates", "order", "orderby")
_VALUES = ("vals", "vals_list", "values", "default")
_DOMAINS = ("domain", "args")
_COUNTS = ("__count", "id")

Path = tuple[str, str]  # a model and a path of its fields, such as `partner_id.country_id`


class NamedArgument(NamedTuple):
    """One argument with the name of its parameter."""

    name: str
    value: Any


def by_name(names: Sequence[str], args: Sequence[Any], kwargs: Mapping[str, Any]) -> list[NamedArgument]:
    """Return the arguments with their names."""
    return [NamedArgument(*pair) for pair in (*zip(names, args, strict=False), *kwargs.items())]


def fields_in(database: Database, model: str, argument: NamedArgument) -> Iterator[tuple[Path, str | None]]:
    """Yield each path of fields in an argument, with the operator of its condition in a domain."""
    name, value = argument
    if name in _FIELDS:
        yield from ((path, None) for path in _fields_in_list(model, value))
    elif name in _VALUES:
        for values in value if isinstance(value, (list, tuple)) else [value]:
            yield from _fields_in_values(database, model, values)
    elif name in _DOMAINS and isinstance(value, (list, tuple)):
        yield from _fields_in_domain(database, model, value)
    elif name == "specification" and isinstance(value, Mapping):
        yield from (((model, key), None) for key in value)


def _fields_in_list(model: str, value: Any) -> Iterator[Path]:
    """Yield the names in a list, or in a text with commas such as `order`."""
    items: Iterable[Any] = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else ()
    for item in items:
        words = item.split() if isinstance(item, str) else []
        path = words[0].partition(":")[0].partition("(")[0] if words else ""
        if path and path not in _COUNTS:
            yield model, path


def _fields_in_values(database: Database, model: str, values: Any) -> Iterator[tuple[Path, str | None]]:
    described = database.registry.get(model)
    for name, value in values.items() if isinstance(values, Mapping) else ():
        yield (model, name), None
        field = described.fields.get(name) if described else None
        if field is not None and field.relation and isinstance(value, list):
            for command in value:
                if isinstance(command, (list, tuple)) and len(command) == 3 and isinstance(command[2], Mapping):
                    yield from _fields_in_values(database, field.relation, command[2])


def _fields_in_domain(database: Database, model: str, domain: Sequence[Any]) -> Iterator[tuple[Path, str | None]]:
    for leaf in domain:
        if not (isinstance(leaf, (list, tuple)) and len(leaf) == 3 and isinstance(leaf[0], str)):
            continue
        path, operator, operand = leaf
        yield (model, path), operator if isinstance(operator, str) else None
        comodel = _comodel(database, model, path)
        if operator in ("any", "not any") and comodel and isinstance(operand, (list, tuple)):
            yield from _fields_in_domain(database, comodel, operand)


def _comodel(database: Database, model: str, path: str) -> str | None:
    described = database.registry.get(model)
    field = described.fields.get(path.partition(".")[0]) if described else None
    return field.relation if field else None


def first_unknown_field(database: Database, path: Path) -> str | None:
    """Return the first field of a path that its model lacks, such as `res.partner.mobile`; None if all exist."""
    model, names = path
    for name in names.split("."):
        described = database.registry.get(model)
        if described is None:  # unknown model
            return None
        field = described.fields.get(name)
        if field is None:
            return f"{model}.{name}"
        if not field.relation:  # the rest belongs to this field, as in `date:month`
            return None
        model = field.relation
    return None
