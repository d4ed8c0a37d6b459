"""Checks a fixture's models and records before anything is stored; every error names its location."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.orm.fields.base import TYPES, Field
from mockserver.orm.fields.json_values import is_integer
from mockserver.orm.schema.model import LOG_FIELDS, MAGIC_FIELDS, Model
from mockserver.orm.schema.registry import Registry
from mockserver.seed.files import FixtureError, nearest

# keys of a model in a fixture
MODEL_KEYS = (
    "description", "order", "rec_name", "rec_names_search", "parent_name", "parent_store", "transient", "abstract",
    "log_access", "inherits", "inherit", "auto", "module", "defaults", "constraints", "fields",
)  # fmt: skip
RECORD_KEYS = ("model", "id", "xmlid", "label", "noupdate", "update", "values")
_RECORD_KEYS = frozenset(RECORD_KEYS)
FIELD_KEYS = tuple(
    f.name
    for f in dataclasses.fields(Field)
    if f.name not in ("name", "model", "manual", "inherited", "module", "selection_add", "since", "until")
)
COUNTER = re.compile(r"ir_sequence_\d{3,}(_\d{3,})?")
DEFAULT_CALLS = ("user", "company", "now", "today", "lang")


@dataclass(slots=True)
class Location:
    """The location of a record in a fixture."""

    source: str
    index: int
    model: str
    xmlid: str | None

    def error(self, problem: str, field: str | None = None) -> FixtureError:
        """Return the error for a problem at this location."""
        label = f" ({self.xmlid})" if self.xmlid else ""
        at = f", field {field!r}" if field else ""
        return FixtureError(f"{self.source}: record {self.index}{label} of {self.model}{at}: {problem}")


@dataclass(slots=True)
class Record:
    """One record of a fixture: its location, and what to store."""

    location: Location
    model: str
    xmlid: str | None
    label: str | None  # by which other records of the fixture refer to it, if it has no external id
    id: int | None
    noupdate: bool
    update: bool
    values: Mapping[str, Any]


# -- models


def check_model(source: str, name: str, definition: Any, registry: Registry) -> None:
    """Raise FixtureError for a model definition with a wrong key, field type or attribute."""
    where = f"{source}: model {name}"
    if not isinstance(definition, dict):
        raise FixtureError(f"{where}: a model is an object with the keys {', '.join(MODEL_KEYS)}")
    _known_keys(where, definition, MODEL_KEYS)
    fields = definition.get("fields", {})
    if not isinstance(fields, dict):
        raise FixtureError(f"{where}: 'fields' is an object, field name to attributes")
    for mixin in definition.get("inherit", ()):
        if mixin not in registry:
            raise FixtureError(f"{where}, inherit: unknown model {mixin!r}{nearest(mixin, registry)}")
    own = registry[name].own_fields if name in registry else {}
    for field, attributes in fields.items():
        _check_field(f"{where}, field {field!r}", attributes, own.get(field))
    _check_uses(where, definition, _known_fields(name, definition, registry))


def _known_fields(name: str, definition: Mapping[str, Any], registry: Registry) -> set[str]:
    """Return the names of the fields that the model will have."""
    known = {*definition.get("fields", {}), *MAGIC_FIELDS, "display_name"}
    for other in (name, *definition.get("inherits", ()), *definition.get("inherit", ())):
        known |= registry[other].fields.keys() if other in registry else set()
    return known


def _check_uses(where: str, definition: Mapping[str, Any], known: set[str]) -> None:
    """Raise FixtureError for a default or a constraint of a field that does not exist."""
    for field, default in definition.get("defaults", {}).items():
        if field not in known:
            raise FixtureError(f"{where}, defaults: unknown field {field!r}{nearest(field, known)}")
        if isinstance(default, dict) and default.get("call", "user") not in DEFAULT_CALLS:
            raise FixtureError(f"{where}, default of {field!r}: 'call' is one of {', '.join(DEFAULT_CALLS)}")
    for constraint in definition.get("constraints", ()):
        for field in constraint.get("unique", ()):
            if field not in known:
                raise FixtureError(f"{where}, constraints: unknown field {field!r}{nearest(field, known)}")


def _check_field(where: str, attributes: Any, known: Field | None) -> None:
    """Raise FixtureError for wrong attributes; a `known` field may be changed without saying its type."""
    if not isinstance(attributes, dict) or ("type" not in attributes and known is None):
        raise FixtureError(f"{where}: a field is an object with at least a 'type'")
    kind = attributes.get("type", known and known.type)
    if kind not in TYPES:
        types = ", ".join(sorted(TYPES))
        raise FixtureError(f"{where}: unknown field type {kind!r}{nearest(kind, TYPES)} (types: {types})")
    _known_keys(where, attributes, ("type", *FIELD_KEYS))
    if "type" in attributes and (missing := TYPES[kind].missing_attribute(attributes)):
        raise FixtureError(f"{where}: {_article(kind)} {kind} needs {missing}")


def _article(kind: str) -> str:
    return "an" if kind[0] in "aeiu" else "a"  # a one2many


def _known_keys(where: str, mapping: Iterable[str], known: Iterable[str]) -> None:
    for key in mapping:
        if key not in known:
            raise FixtureError(f"{where}: unknown key {key!r}{nearest(key, known)}")


# -- records


def check_record(source: str, index: int, data: Any, registry: Registry) -> Record:
    """Return the record; raises FixtureError for a wrong key, model or field name."""
    if not isinstance(data, dict) or not isinstance(data.get("model"), str):
        raise FixtureError(f"{source}: record {index}: a record is an object with a 'model' and 'values'")
    xmlid = data.get("xmlid")
    location = Location(source, index, data["model"], xmlid if isinstance(xmlid, str) else None)
    if not data.keys() <= _RECORD_KEYS:
        key = next(key for key in data if key not in RECORD_KEYS)
        raise location.error(f"unknown key {key!r}{nearest(key, RECORD_KEYS)}")
    model = registry.get(data["model"])
    if model is None:
        raise location.error(f"unknown model {data['model']!r}{nearest(data['model'], registry)}")
    if model.abstract:
        raise location.error(f"{model.name} is abstract and has no records")
    _check_names(location, data)
    values = data.get("values", {})
    if not isinstance(values, dict):
        raise location.error("'values' is an object, field name to value")
    if "id" in values or not values.keys() <= model.fields.keys():
        name = next(name for name in values if name == "id" or name not in model.fields)
        if name == "id":
            raise location.error("the id stands beside 'model', not in 'values'", name)
        raise location.error(f"unknown field of {model.name}{nearest(name, model.fields)}", name)
    noupdate, update = bool(data.get("noupdate")), bool(data.get("update"))
    return Record(location, model.name, location.xmlid, data.get("label"), data.get("id"), noupdate, update, values)


def _check_names(location: Location, data: Mapping[str, Any]) -> None:
    """Raise FixtureError for a malformed external id, label or id."""
    for key in ("xmlid", "label"):
        name = data.get(key)
        if name is not None and (not isinstance(name, str) or name.count(".") != 1 or not all(name.split("."))):
            raise location.error(f"{key!r} is a text 'module.name', not {name!r}")
    id_ = data.get("id")
    if id_ is not None and (not isinstance(id_, int) or isinstance(id_, bool) or id_ < 1):
        raise location.error(f"'id' is a positive integer, not {id_!r}")


def check_sequence(source: str, index: int, data: Any, registry: Registry) -> tuple[str, int]:
    """Return `(model or counter, next number)` of one item of `sequences`; raises FixtureError."""
    where = f"{source}: sequence {index}"
    if not isinstance(data, dict) or data.keys() not in ({"model", "next"}, {"counter", "next"}):
        raise FixtureError(f"{where}: a sequence is an object with a 'model' and 'next', the id to come")
    name, number = data.get("model", data.get("counter")), data["next"]
    if not isinstance(name, str) or ("model" in data and name not in registry):
        raise FixtureError(f"{where}: unknown model {name!r}{nearest(name, registry)}")
    if "counter" in data and not COUNTER.fullmatch(name):
        raise FixtureError(f"{where}: a counter is that of an ir.sequence, such as 'ir_sequence_012', not {name!r}")
    if not is_integer(number) or number < 1:
        raise FixtureError(f"{where}: 'next' is a positive integer, not {number!r}")
    return name, number


def check_required(record: Record, model: Model) -> None:
    """Raise FixtureError if a required field has neither a value nor a default."""
    for field in model.required_columns:
        given = record.values.get(field.name, model.defaults.get(field.name))
        missing = given is None if field.zero_is_value else given in (None, False)
        computed = field in model.stored_computes
        if (
            missing
            and not computed
            and field.null_key is None
            and field.name not in (*LOG_FIELDS, *model.inherits.values())
        ):
            raise record.location.error(f"a {model.name} needs a value here", field.name)


def check_value(location: Location, field: Field, value: Any, choices: list[list[str]] | None) -> None:
    """Raise FixtureError if a value, with references already replaced by ids, is wrong for its field.

    `choices`: `[[value, label]]` of a selection or reference field.
    """
    if value is None or value is False:
        return
    test, wanted, _ = field.json_value
    if not test(value):
        raise location.error(f"{_article(field.type)} {field.type} takes {wanted}, not {value!r}", field.name)
    chosen = field.choice(value)
    if choices is not None and chosen is not None:
        keys = [key for key, _ in choices]
        if chosen not in keys:
            names = [str(key) for key in keys]
            listed = ", ".join(names) if len(keys) <= 12 else f"{', '.join(names[:12])} and {len(keys) - 12} more"
            raise location.error(f"{value!r} is not a choice{nearest(chosen, names)} (choices: {listed})", field.name)
