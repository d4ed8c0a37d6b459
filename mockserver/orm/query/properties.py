"""Properties: values that are defined on another record, which the many2one `definition_record` names.

A row holds `{property name: value}`; `read` shows each definition with its value.
Source: versions.md §7.3, §8.6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockserver.orm.fields.base import Field
from mockserver.orm.fields.relational import Properties, PropertiesDefinition
from mockserver.orm.query.conditions import Condition
from mockserver.orm.storage.store import Row

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment, Recordset
    from mockserver.orm.schema.model import Model

Definition = dict[str, Any]


def _definition_holder(env: Environment, model: Model, field: Field, row: Row) -> tuple[Model, Field, Row] | None:
    """Return the model, field and row that hold the definition of a row's properties."""
    many2one = model.fields.get(field.definition_record or "")
    owner = env.db.registry.get(many2one.comodel) if many2one else None
    if many2one is None or owner is None:
        return None
    holder = env.db.store.get(owner.name, row.get(many2one.name) or 0)
    place = next((f for f in owner.fields.values() if isinstance(f, PropertiesDefinition)), None)
    return (owner, place, holder) if place is not None and holder is not None else None


def definitions(env: Environment, model: Model, field: Field, row: Row) -> list[Definition]:
    """Return the definitions of a row's properties, `[{name, type, string, …}]`."""
    place = _definition_holder(env, model, field, row)
    return list(place[2].get(place[1].name) or ()) if place else []


def read(env: Environment, model: Model, field: Field, row: Row) -> list[Definition]:
    """Return the properties of a row as `read` shows them: each definition with its `value`."""
    held = row.get(field.name) or {}
    return [
        {
            **definition,
            "value": _readable_value(env, definition, held.get(definition["name"], definition.get("default", False))),
        }
        for definition in definitions(env, model, field, row)
    ]


def _readable_value(env: Environment, definition: Definition, value: Any) -> Any:
    comodel = env.db.registry.get(definition.get("comodel") or "")
    if comodel is None or not value:
        return value
    from mockserver.orm.query.values import labels

    ids = value if isinstance(value, (list, tuple)) else [value]
    named = [[id_, name or False] for id_, name in labels(env, comodel, ids).items()]
    return named if definition.get("type") == "many2many" else named[0] if named else False


def redefine(records: Recordset, field: Field, value: Any) -> None:
    """Write a changed definition that was sent with the values (`definition_changed`)."""
    if not isinstance(value, (list, tuple)) or not any(item.get("definition_changed") for item in value):
        return
    kept = [
        {key: item[key] for key in item if key not in ("value", "definition_changed", "definition_deleted")}
        for item in value
        if not item.get("definition_deleted")
    ]
    for row in records._rows():
        place = _definition_holder(records.env, records._model, field, row)
        if place is not None:
            owner, definition, holder = place
            records.env[owner.name].browse(holder["id"]).call("write", {definition.name: kept})


def on_property(field: Properties, name: str, path: str, condition: Condition, *, negative: bool) -> Condition:
    """Return a condition on one property, made from a condition on a column named `path`.

    A property with several values matches if any of them does, or with a negative operator if all do.
    """

    def holds(row: Row) -> bool:
        value = (row.get(field.name) or {}).get(name)
        several = value if isinstance(value, list) and value else [value]
        found = condition.filter([{"id": row["id"], **_as_row(path, one)} for one in several])
        return len(found) == len(several) if negative else bool(found)

    return Condition(lambda rows: [row for row in rows if holds(row)], cost=4)


def _as_row(path: str, value: Any) -> Row:
    return {} if value is None or value is False or value == [] else {path: value}
