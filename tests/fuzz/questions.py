"""Domains, orders, lists of fields and groups."""

from __future__ import annotations

from typing import Any

from mockserver.orm.fields.base import Field
from mockserver.orm.schema.model import Model
from tests.fuzz.values import NAMES, Values

OPERATORS = ("=", "!=", "<", ">", "<=", ">=", "in", "not in", "like", "ilike", "not ilike", "=like", "=ilike",
"child_of",
             "parent_of", "any", "not any")  # fmt: skip
ODD_OPERATORS = ("<>", "==", "=?", "not =ilike", "IN", "", "is", "any!", "between", "&", "in select", "=,")


def field_name(values: Values, model: Model, *, paths: bool = True) -> Any:
    """Return the name of a field, or a path over relations."""
    if values.spoilt():
        return values.pick(
            *NAMES, "no_field", "name.name", ".", "id.id", "name.", ".name", "display_name.x", 5, None, []
        )
    field = values.random.choice(list(model.fields.values()))
    comodel = values.database.registry.get(field.comodel or "")
    if paths and comodel is not None and values.chance(0.3):
        return f"{field.name}.{values.random.choice(list(comodel.fields))}"
    return field.name


def domain(values: Values, name: str, depth: int = 2) -> Any:
    """Return a domain of a model."""
    model = values.database.registry.get(name)
    if model is None or values.spoilt():
        return values.hostile()
    made: list[Any] = []
    for _ in range(values.random.randrange(4)):
        made += _tree(values, model, depth)
    return made


def _tree(values: Values, model: Model, depth: int) -> list[Any]:
    kind = values.random.randrange(6) if depth else 0
    if kind == 4:
        return [values.pick("&", "|"), *_tree(values, model, depth - 1), *_tree(values, model, depth - 1)]
    if kind == 5:
        return ["!", *_tree(values, model, depth - 1)]
    if values.spoilt():
        return [values.pick("&", "|", "!", "x", 5, None, [], ["name"], ["name", "="], (1, "=", 1), [0, "=", 1], {})]
    return [_leaf(values, model, depth)]


def _leaf(values: Values, model: Model, depth: int) -> Any:
    path = field_name(values, model)
    field = _target(values, model, path)
    if values.spoilt():
        return [path, values.pick(*ODD_OPERATORS, 5, None), values.hostile()]
    operator = values.pick(*OPERATORS)
    if field is None:
        return [path, operator, values.hostile()]
    if operator in ("any", "not any"):
        return [path, operator, domain(values, field.comodel or "res.partner", depth - 1) if depth else []]
    if operator in ("in", "not in"):
        return [path, operator, [_one(values, field) for _ in range(values.random.randrange(4))]]
    if "like" in operator:
        return [path, operator, values.text()]
    return [path, operator, _one(values, field)]


def _one(values: Values, field: Field) -> Any:
    if values.spoilt():
        return values.hostile()
    if field.comodel:
        return values.text() if values.chance(0.1) else values.id(field.comodel)
    return False if values.chance(0.2) else values.fitting(field)


def _target(values: Values, model: Model, path: Any) -> Field | None:
    found: Model | None = model
    field: Field | None = None
    for part in str(path).split("."):
        field = found.fields.get(part) if found is not None else None
        found = values.database.registry.get(field.comodel or "") if field is not None else None
    return field


def order(values: Values, model: Model) -> Any:
    """Return an order."""
    if values.spoilt():
        return values.pick("name sideways", "id, ", ",", "name asc desc", " ", "no_field", "id nulls", 5, [], "name;x",
                           "x" * 2000, "name:day", "partner_id.name")  # fmt: skip
    parts = [f"{field_name(values, model, paths=False)}{values.pick('', ' desc', ' asc', ' DESC')}"
             for _ in range(values.random.randrange(1, 4))]  # fmt: skip
    return values.pick(False, None, ", ".join(parts), ", ".join(parts), ", ".join(parts))


def fields(values: Values, model: Model, most: int = 6) -> Any:
    """Return a list of fields."""
    if values.spoilt():
        return values.pick(values.hostile(), ["no_field"], "name", [5], [None], [["name"]])
    return [field_name(values, model, paths=False) for _ in range(values.random.randrange(most + 1))]


def number(values: Values, *good: Any) -> Any:
    """Return a limit or an offset."""
    return values.hostile() if values.spoilt() else values.pick(*good)


def groupby(values: Values, model: Model) -> Any:
    """Return what to group by."""
    if values.spoilt():
        return values.pick(
            values.hostile(), "name:day", ["create_date:x"], "no_field", [[]], "create_date:week:day", [""]
        )
    made = []
    for _ in range(values.random.randrange(3)):
        field = values.random.choice(list(model.fields.values()))
        part = values.pick("", ":day", ":week", ":month", ":quarter", ":year") if field.timed or field.dated else ""
        made.append(f"{field.name}{part}")
    return made


def aggregates(values: Values, model: Model) -> Any:
    """Return the fields of a read_group."""
    if values.spoilt():
        return values.pick(values.hostile(), ["name:sum"], ["id:nope"], ["x:sum(id)"], ["x:sum(no)"], ["id:sum:max"])
    names = [field_name(values, model, paths=False) for _ in range(values.random.randrange(4))]
    return [f"{name}{values.pick('', '', ':sum', ':max', ':count', ':array_agg', ':count_distinct')}" for name in names]
