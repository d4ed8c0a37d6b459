"""Converts a database to JSON data and back, for `db.dump` and `db.restore`."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mockserver.orm.fields.base import TYPES, Field
from mockserver.orm.schema.model import Constraint, Model
from mockserver.orm.schema.summary import Summary, class_name
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
        "models": [model_data(model) for model in db.registry.values()],
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


def load(db: Database, data: Any, classes: Mapping[str, Summary]) -> None:
    """Fill an empty database from a dump; `classes`: those of the bundled add-ons, by name.  Raises BadDump."""
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise BadDump(f"not a dump of format {FORMAT}")
    try:
        db.registry = db.registry.evolve(*models_of(data["models"], classes))
        for name, rows in data["rows"].items():
            put_rows(db, name, rows)
        db.store.sequences = data["sequences"]
        labels = {label: (str(model), int(id_)) for label, (model, id_) in data["labels"].items()}
        db.loaded = dataclasses.replace(db.loaded, packs=tuple(data["packs"]), labels=labels)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise BadDump(f"the dump is damaged: {type(error).__name__}: {error}") from error
    db.store.forget()


def put_rows(db: Database, model: str, rows: Sequence[dict[str, Any]]) -> None:
    """Store rows that were JSON, and have their ids, in a table that has none of these."""
    tuples = [f.name for f in db.registry[model].columns if f.x2many]
    for row in rows if tuples else ():
        for name in tuples:
            if name in row:
                row[name] = tuple(row[name])
    db.store.put_all(model, rows)


def model_data(model: Model) -> dict[str, Any]:
    """Return a model as JSON-able data."""
    data = {f.name: getattr(model, f.name) for f in dataclasses.fields(model)}
    data["own_fields"] = [_field_data(field) for field in model.own_fields.values()]
    data["constraints"] = [dataclasses.asdict(constraint) for constraint in model.constraints]
    data["defaults"] = {name: default for name, default in model.defaults.items() if not callable(default)}
    # classes that are not bundled are unknown where the dump is loaded, and are left out there
    data["definitions"] = [class_name(part) for part in model.definitions]
    del data["inherited_fields"]
    return data


def models_of(data: Iterable[Mapping[str, Any]], classes: Mapping[str, Summary]) -> list[Model]:
    """Return the models of what `model_data` returned of them; `classes`: those that can be had, by name."""
    known = {item["name"]: item for item in data}
    return [_model(item, [*_parts(item["name"], known, classes)], classes) for item in known.values()]


def _parts(name: str, known: Mapping[str, Mapping[str, Any]], classes: Mapping[str, Summary]) -> Iterator[Summary]:
    """Yield the classes of which the records of a model are made: its own, and those of its mixins and of theirs."""
    pending, seen = [name], {name}
    for model in pending:
        if model in known:
            yield from (classes[cls] for cls in known[model]["definitions"] if cls in classes)
            mixins = [mixin for mixin in known[model]["mixins"] if mixin not in seen]
            pending += mixins
            seen.update(mixins)


def _model(data: Mapping[str, Any], parts: Sequence[Summary], classes: Mapping[str, Summary]) -> Model:
    fields = [_field(item) for item in data["own_fields"]]
    constraints = tuple(Constraint.of(item) for item in data["constraints"])
    definitions = tuple(classes[name] for name in data["definitions"] if name in classes)
    plain = {name: tuple(data[name]) for name in ("rec_names_search", "mixins")}
    own = {field.name: _without_missing_methods(field, parts) for field in fields}
    defaults = {name: default for name, default in data["defaults"].items() if _has_method(default, parts)}
    changed = {"own_fields": own, "defaults": defaults, "constraints": constraints, "definitions": definitions}
    return Model(**{**data, **plain, **changed})


def _has_method(default: Any, parts: Sequence[Summary]) -> bool:
    """Return whether a default can be had: it is no method, or one of the classes has the method."""
    method = default.get(METHOD) if isinstance(default, dict) else None
    return method is None or any(part.has(method) for part in parts)


def _without_missing_methods(field: Field, parts: Sequence[Summary]) -> Field:
    """Return the field without its methods if one of them is in none of the classes."""
    names = [name for name in (field.compute, field.inverse, field.search) if name]
    if all(any(part.has(name) for part in parts) for name in names):
        return field
    return field.replace(compute=None, inverse=None, search=None)


def _field_data(field: Field) -> dict[str, Any]:
    return {"type": field.type, "name": field.name, **field.given}


def _field(data: Mapping[str, Any]) -> Field:
    attributes = {name: value for name, value in data.items() if name != "type"}
    return TYPES[data["type"]](**attributes)
