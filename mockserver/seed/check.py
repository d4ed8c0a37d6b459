"""Checks a fixture's models and records before anything is stored; every error names its place."""

from __future__ import annotations

import base64
import binascii
import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mockserver.clock import DATE_FORMAT, DATETIME_FORMAT
from mockserver.orm.fields.base import TYPES, Field
from mockserver.orm.schema.model import LOG_FIELDS, MAGIC_FIELDS, Model, Registry
from mockserver.seed.files import FixtureError, nearest

# keys of a model in a fixture; those after `fields` go to the Model as they are
MODEL_KEYS = (
    "description", "order", "rec_name", "rec_names_search", "parent_name", "parent_store", "transient", "abstract",
    "log_access", "inherits", "module", "defaults", "constraints", "fields",
)  # fmt: skip
RECORD_KEYS = ("model", "id", "xmlid", "noupdate", "update", "values")
FIELD_KEYS = tuple(
    f.name
    for f in dataclasses.fields(Field)
    if f.name not in ("name", "model", "manual", "inherited", "module", "selection_add", "since", "until")
)
DEFAULT_CALLS = ("user", "company", "now", "today", "lang")
_X2MANY = ("one2many", "many2many")


@dataclass(frozen=True)
class Place:
    """Where in a fixture something stands."""

    source: str
    index: int
    model: str
    xmlid: str | None

    def error(self, problem: str, field: str | None = None) -> FixtureError:
        """The error for a problem at this place."""
        label = f" ({self.xmlid})" if self.xmlid else ""
        at = f", field {field!r}" if field else ""
        return FixtureError(f"{self.source}: record {self.index}{label} of {self.model}{at}: {problem}")


@dataclass
class Record:
    """One record of a fixture: its place, and what to store."""

    place: Place
    model: str
    xmlid: str | None
    id: int | None
    noupdate: bool
    update: bool
    values: dict[str, Any]


# -- models


def check_model(source: str, name: str, definition: Any, registry: Registry) -> None:
    """Raises FixtureError for a model definition with a wrong key, field type or attribute."""
    where = f"{source}: model {name}"
    if not isinstance(definition, dict):
        raise FixtureError(f"{where}: a model is an object with the keys {', '.join(MODEL_KEYS)}")
    _known_keys(where, definition, MODEL_KEYS)
    fields = definition.get("fields", {})
    if not isinstance(fields, dict):
        raise FixtureError(f"{where}: 'fields' is an object, field name to attributes")
    for field, attributes in fields.items():
        _check_field(f"{where}, field {field!r}", attributes)
    _check_uses(where, definition, _known_fields(name, definition, registry))


def _known_fields(name: str, definition: Mapping[str, Any], registry: Registry) -> set[str]:
    """Names of the fields that the model will have."""
    known = {*definition.get("fields", {}), *MAGIC_FIELDS, "display_name"}
    for other in (name, *definition.get("inherits", ())):
        known |= registry[other].fields.keys() if other in registry else set()
    return known


def _check_uses(where: str, definition: Mapping[str, Any], known: set[str]) -> None:
    """The defaults and constraints speak of fields that are there."""
    for field, default in definition.get("defaults", {}).items():
        if field not in known:
            raise FixtureError(f"{where}, defaults: unknown field {field!r}{nearest(field, known)}")
        if isinstance(default, dict) and default.get("call", "user") not in DEFAULT_CALLS:
            raise FixtureError(f"{where}, default of {field!r}: 'call' is one of {', '.join(DEFAULT_CALLS)}")
    for constraint in definition.get("constraints", ()):
        for field in constraint.get("unique", ()):
            if field not in known:
                raise FixtureError(f"{where}, constraints: unknown field {field!r}{nearest(field, known)}")


def _check_field(where: str, attributes: Any) -> None:
    if not isinstance(attributes, dict) or "type" not in attributes:
        raise FixtureError(f"{where}: a field is an object with at least a 'type'")
    kind = attributes["type"]
    if kind not in TYPES:
        raise FixtureError(f"{where}: unknown field type {kind!r}{nearest(kind, TYPES)} (types: {', '.join(TYPES)})")
    _known_keys(where, attributes, ("type", *FIELD_KEYS))
    if kind in ("many2one", *_X2MANY) and not attributes.get("relation"):
        raise FixtureError(f"{where}: a {kind} needs 'relation', the name of its comodel")
    if kind == "one2many" and not attributes.get("relation_field") and attributes.get("store", True):
        raise FixtureError(f"{where}: a one2many needs 'relation_field', the many2one of its comodel")
    if kind == "selection" and not isinstance(attributes.get("selection"), (list, dict)):
        raise FixtureError(f"{where}: a selection needs 'selection', a list of [value, label]")


def _known_keys(where: str, mapping: Iterable[str], known: Iterable[str]) -> None:
    for key in mapping:
        if key not in known:
            raise FixtureError(f"{where}: unknown key {key!r}{nearest(key, known)}")


# -- records


def check_record(source: str, index: int, data: Any, registry: Registry) -> Record:
    """The record, its keys, model and field names checked."""
    if not isinstance(data, dict) or not isinstance(data.get("model"), str):
        raise FixtureError(f"{source}: record {index}: a record is an object with a 'model' and 'values'")
    xmlid = data.get("xmlid")
    place = Place(source, index, data["model"], xmlid if isinstance(xmlid, str) else None)
    for key in data:
        if key not in RECORD_KEYS:
            raise place.error(f"unknown key {key!r}{nearest(key, RECORD_KEYS)}")
    model = registry.get(data["model"])
    if model is None:
        raise place.error(f"unknown model {data['model']!r}{nearest(data['model'], registry)}")
    if model.abstract:
        raise place.error(f"{model.name} is abstract and has no records")
    _check_names(place, data)
    values = data.get("values", {})
    if not isinstance(values, dict):
        raise place.error("'values' is an object, field name to value")
    for name in values:
        if name == "id":
            raise place.error("the id stands beside 'model', not in 'values'", name)
        if name not in model.fields:
            raise place.error(f"unknown field of {model.name}{nearest(name, model.fields)}", name)
    noupdate, update = bool(data.get("noupdate")), bool(data.get("update"))
    return Record(place, model.name, place.xmlid, data.get("id"), noupdate, update, dict(values))


def _check_names(place: Place, data: Mapping[str, Any]) -> None:
    """The external id and the id are well formed."""
    xmlid, id_ = data.get("xmlid"), data.get("id")
    if xmlid is not None and (not isinstance(xmlid, str) or xmlid.count(".") != 1 or not all(xmlid.split("."))):
        raise place.error(f"'xmlid' is a text 'module.name', not {xmlid!r}")
    if id_ is not None and (not isinstance(id_, int) or isinstance(id_, bool) or id_ < 1):
        raise place.error(f"'id' is a positive integer, not {id_!r}")


def check_sequence(source: str, index: int, data: Any, registry: Registry) -> tuple[str, int]:
    """(model, next id) of one item of `sequences`."""
    where = f"{source}: sequence {index}"
    if not isinstance(data, dict) or data.keys() != {"model", "next"}:
        raise FixtureError(f"{where}: a sequence is an object with a 'model' and 'next', the id to come")
    name, number = data["model"], data["next"]
    if not isinstance(name, str) or name not in registry:
        raise FixtureError(f"{where}: unknown model {name!r}{nearest(name, registry)}")
    if not _is_integer(number) or number < 1:
        raise FixtureError(f"{where}: 'next' is a positive integer, not {number!r}")
    return name, number


def check_required(record: Record, model: Model) -> None:
    """Raises FixtureError when a required field has neither a value nor a default."""
    for field in model.required_columns:
        given = record.values.get(field.name, model.defaults.get(field.name))
        if given in (None, False) and field.type != "boolean" and field.name not in LOG_FIELDS:
            if field.name in model.inherits.values():
                continue
            if field.type in ("integer", "float", "monetary") and given is not None:
                continue
            raise record.place.error(f"a {model.name} needs a value here", field.name)


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_moment(pattern: str) -> Callable[[Any], bool]:
    def test(value: Any) -> bool:
        try:
            return isinstance(value, str) and datetime.strptime(value, pattern).strftime(pattern) == value
        except ValueError:
            return False

    return test


def _is_base64(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(base64.b64decode(value, validate=True))
    except (binascii.Error, ValueError):
        return False


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_choice(value: Any) -> bool:
    # until 13 a few selections have numbers to choose from
    return isinstance(value, str) or _is_integer(value)


def _is_anything(value: Any) -> bool:
    return True


# field type → (test, what is wanted)
_WANTED: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "char": (_is_text, "a text"),
    "text": (_is_text, "a text"),
    "html": (_is_text, "a text"),
    "selection": (_is_choice, "a text"),
    "reference": (_is_text, "a text 'model,id' or {\"ref\": xmlid}"),
    "integer": (_is_integer, "an integer"),
    "many2one_reference": (_is_integer, 'an id or {"ref": xmlid}'),
    "many2one": (_is_integer, 'an id or {"ref": xmlid}'),
    "float": (_is_number, "a number"),
    "monetary": (_is_number, "a number"),
    "boolean": (lambda value: isinstance(value, bool), "true or false"),
    "date": (_is_moment(DATE_FORMAT), "a date 'YYYY-MM-DD'"),
    "datetime": (_is_moment(DATETIME_FORMAT), "a time 'YYYY-MM-DD HH:MM:SS' in UTC"),
    "binary": (_is_base64, "a base64 text"),
    "image": (_is_base64, "a base64 text"),
}


def check_value(place: Place, field: Field, value: Any, choices: list[list[str]] | None) -> None:
    """Raises FixtureError when a value, its references already replaced by ids, does not suit its field.

    `choices`: `[[value, label]]` of a selection or reference field.
    """
    if value is None or value is False:
        return
    if field.type in _X2MANY:
        if not isinstance(value, list) or not all(_is_integer(v) for v in value):
            raise place.error(f'a {field.type} takes a list of ids or of {{"ref": xmlid}}, not {value!r}', field.name)
        return
    test, wanted = _WANTED.get(field.type, (_is_anything, ""))
    if not test(value):
        article = "an" if field.type in ("integer", "image") else "a"
        raise place.error(f"{article} {field.type} takes {wanted}, not {value!r}", field.name)
    if choices is not None and field.type in ("selection", "reference"):
        keys = [key for key, _ in choices]
        chosen = value.partition(",")[0] if field.type == "reference" else value
        if chosen not in keys:
            names = [str(key) for key in keys]
            listed = ", ".join(names) if len(keys) <= 12 else f"{', '.join(names[:12])} and {len(keys) - 12} more"
            raise place.error(f"{value!r} is not a choice{nearest(chosen, names)} (choices: {listed})", field.name)
