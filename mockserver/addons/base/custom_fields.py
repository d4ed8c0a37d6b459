"""Custom fields in the registry, as their rows in ir.model.fields say."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from mockserver.errors import ValidationError
from mockserver.orm.fields.base import Field, Selection, is_a, make
from mockserver.orm.fields.binary import Binary
from mockserver.orm.fields.relational import Many2many, Many2one, One2many, Reference
from mockserver.orm.records.environment import Recordset

if TYPE_CHECKING:
    from mockserver.orm.database import Database
    from mockserver.orm.schema.model import Model


def define(record: Recordset) -> None:
    """Add the field that a row defines to its model; one without a name or with an unknown comodel is ignored."""
    db = record.env.db
    row = record._rows()[0]
    owner = db.registry.get(row.get("model") or "")
    kind = row["ttype"]
    relational = is_a(kind, Many2one, One2many, Many2many)
    if owner is None or row.get("state") != "manual" or (relational and row.get("relation") not in db.registry):
        return
    if is_a(kind, One2many) and row.get("relation_field") not in db.registry[row["relation"]].fields:
        return
    stored = bool(row.get("store", True))
    attributes: dict[str, Any] = {
        "type": kind, "model": owner.name, "string": row.get("field_description") or row["name"],
        "required": bool(row.get("required")), "readonly": bool(row.get("readonly")),
        "store": stored, "manual": True, "module": "",
        "copy": bool(row.get(db.profile.rules.copied_field)), "translate": bool(row.get("translate")),
        "size": row.get("size") or None, "related": row.get("related"), "help": row.get("help"),
        "depends": dependencies(row), "searchable": stored or bool(row.get("related")),
        "sortable": stored and not is_a(kind, One2many, Many2many, Binary),
    }  # fmt: skip
    if relational:
        attributes |= {"relation": row["relation"], "ondelete": row.get("on_delete")}
        if not is_a(kind, Many2one):
            attributes |= {"relation_field": row.get("relation_field"), "ondelete": None}
    if is_a(kind, Selection, Reference):
        attributes["selection"] = choices(record)
    db.add_model(owner.extended([make(row["name"], attributes)]))


def forget(db: Database, model: str, name: str, new_name: str | None = None) -> None:
    """Remove a field from its model; its values are deleted, or moved to the column of the new name."""
    owner = db.registry.get(model)
    if owner is None:
        return
    for row in [row for row in db.store.rows(model).values() if name in row]:
        kept = {key: value for key, value in row.items() if key != name}
        db.store.put(model, {**kept, new_name: row[name]} if new_name else kept)
    db.add_model(owner.without([name]))


def dependencies(row: dict[str, Any]) -> tuple[str, ...]:
    """Return the paths on which a custom field depends: what it is related to, or what its row names."""
    if row.get("related"):
        return (row["related"],)
    return tuple(path.strip() for path in (row.get("depends") or "").split(",") if path.strip())


def dependents(db: Database, model: Model, field: Field) -> Iterator[Field]:
    """Yield the custom fields that cannot do without a field: related and computed ones, and its one2many fields."""
    for owner in db.registry.values():
        for other in owner.fields.values():
            if not other.manual or other.inherited:
                continue
            if any((model.name, field.name) in _steps(db, owner, path) for path in other.depends) or (
                isinstance(other, One2many) and (other.comodel, other.relation_field) == (model.name, field.name)
            ):
                yield other


def _steps(db: Database, owner: Model, path: str) -> Iterator[tuple[str, str]]:
    at: Model | None = owner
    for name in path.split("."):
        if at is None or name not in at.fields:
            return
        yield at.name, name
        at = db.registry.get(at.fields[name].comodel)


def choices(field: Recordset) -> list[list[str]]:
    """Return `[[value, label]]` of a custom field."""
    if "selection_ids" in field._model.fields:
        return [[choice.value, choice.name] for choice in field.selection_ids.sorted("sequence, id")]
    text = field._rows()[0].get("selection")
    return [list(pair) for pair in parse_choices(text)] if text else []


def parse_choices(text: Any) -> list[tuple[str, str]]:
    """Return `[(value, label)]` from the text of a list literal; raises ValidationError for anything else."""
    try:
        pairs = ast.literal_eval(text) if isinstance(text, str) else text
        return [(str(value), str(label)) for value, label in pairs]
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        raise ValidationError(
            "The Selection Options expression is not a valid Pythonic expression."
            " Please provide an expression in the [('key','Label'), ...] format."
        ) from None
