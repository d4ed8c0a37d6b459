"""Converts a database to JSON data and back, for `db.dump` and `db.restore`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver.orm.fields.base import TYPES, Field
from mockserver.orm.schema.model import Constraint, Model
from mockserver.orm.storage.store import Row
from mockserver.orm.writing.defaults import METHOD

if TYPE_CHECKING:
    from mockserver.orm.database import Database

FORMAT = 2


class BadDump(ValueError):
    """The data is not a dump of this format."""


def dump(db: Database) -> dict[str, Any]:
    """Return `{"format", "models", "rows", "sequences", "packs", "labels"}`, JSON-able."""
    return {
        "format": FORMAT,
        "models": [_model_data(model) for model in db.registry.values()],
        # a table that was only read is empty, as is that of a custom model that was removed or rolled back
        "rows": {
            name: list(db.store.in_order(name))
            for name in db.store.models()
            if name in db.registry and db.store.rows(name)
        },
        "sequences": db.store.sequences,
        "packs": list(db.loaded.packs),
        "labels": {label: list(target) for label, target in db.loaded.labels.items()},
    }


def load(db: Database, data: Any, classes: Mapping[str, type]) -> None:
    """Fill an empty database from a dump; `classes`: those of the bundled add-ons, by name.  Raises BadDump."""
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise BadDump(f"not a dump of format {FORMAT}")
    try:
        db.registry = db.registry.evolve(*(_model(item, classes) for item in data["models"]))
        for name, rows in data["rows"].items():
            tuples = {f.name for f in db.registry[name].columns if f.x2many}
            for row in rows:
                db.store.put(name, _row(row, tuples))
        db.store.sequences = data["sequences"]
        labels = {label: (str(model), int(id_)) for label, (model, id_) in data["labels"].items()}
        db.loaded = dataclasses.replace(db.loaded, packs=tuple(data["packs"]), labels=labels)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise BadDump(f"the dump is damaged: {type(error).__name__}: {error}") from error
    db.store.forget()


def _row(row: Mapping[str, Any], tuples: set[str]) -> Row:
    return {name: tuple(value) if name in tuples else value for name, value in row.items()}


def _model_data(model: Model) -> dict[str, Any]:
    data = {f.name: getattr(model, f.name) for f in dataclasses.fields(model)}
    data["own_fields"] = [_field_data(field) for field in model.own_fields.values()]
    data["constraints"] = [dataclasses.asdict(constraint) for constraint in model.constraints]
    data["defaults"] = {name: default for name, default in model.defaults.items() if not callable(default)}
    # classes that are not bundled are unknown where the dump is loaded, and are left out there
    data["definitions"] = [class_name(cls) for cls in model.definitions]
    del data["inherited_fields"]
    return data


def class_name(cls: type) -> str:
    """Return the name that a dump has for a class."""
    return f"{cls.__module__}.{cls.__qualname__}"


def _model(data: Mapping[str, Any], classes: Mapping[str, type]) -> Model:
    fields = [_field(item) for item in data["own_fields"]]
    constraints = tuple(Constraint.of(item) for item in data["constraints"])
    definitions = tuple(classes[name] for name in data["definitions"] if name in classes)
    plain = {name: tuple(data[name]) for name in ("rec_names_search", "mixins")}
    own = {field.name: _without_missing_methods(field, definitions) for field in fields}
    defaults = {name: default for name, default in data["defaults"].items() if _has_method(default, definitions)}
    changed = {"own_fields": own, "defaults": defaults, "constraints": constraints, "definitions": definitions}
    return Model(**{**data, **plain, **changed})


def _has_method(default: Any, definitions: tuple[type, ...]) -> bool:
    """Return whether a default can be had: it is no method, or one of the classes has the method."""
    method = default.get(METHOD) if isinstance(default, dict) else None
    return method is None or any(hasattr(cls, method) for cls in definitions)


def _without_missing_methods(field: Field, definitions: tuple[type, ...]) -> Field:
    """Return the field without its methods if one of them is in none of the classes."""
    names = [name for name in (field.compute, field.inverse, field.search) if name]
    if all(any(hasattr(cls, name) for cls in definitions) for name in names):
        return field
    return field.replace(compute=None, inverse=None, search=None)


def _field_data(field: Field) -> dict[str, Any]:
    return {"type": field.type, "name": field.name, **field.given}


def _field(data: Mapping[str, Any]) -> Field:
    attributes = {name: value for name, value in data.items() if name != "type"}
    return TYPES[data["type"]](**attributes)
