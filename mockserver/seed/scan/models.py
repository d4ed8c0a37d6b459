"""Puts together what the classes of modules say of models, so that it fits a database; the rest is noted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mockserver.orm.database import Database
from mockserver.orm.fields.base import TYPES
from mockserver.orm.schema.model import MAGIC_FIELDS, Constraint
from mockserver.seed.classes import field_defaults
from mockserver.seed.files import Fixture
from mockserver.seed.links import Links, Problem
from mockserver.seed.origins import origin
from mockserver.seed.scan.field_calls import DeclaredField
from mockserver.seed.scan.fields import Fields, choices_with
from mockserver.seed.scan.model_classes import DeclaredModel
from mockserver.seed.scan.notes import Notes, Place

_Definition = dict[str, Any]


def assemble(declared: Sequence[DeclaredModel], database: Database, notes: Notes) -> Fixture:
    """Return the models as a fixture, `{"models", "absent"}`."""
    return _Assembly(declared, database, notes).run()


class _Assembly:
    def __init__(self, declared: Sequence[DeclaredModel], database: Database, notes: Notes) -> None:
        self._database, self._notes = database, notes
        defined = {one.name for one in declared if not one.extends}
        self._known = {*database.registry, *defined}
        self._classes: dict[str, list[DeclaredModel]] = {}
        for one in declared:
            if one.name in self._known:
                self._classes.setdefault(one.name, []).append(one)
            else:
                notes.add(one.place, f"{one.name} is not extended: {self._reason(one.name)}")
        for classes in self._classes.values():
            classes.sort(key=lambda one: one.extends)  # what defines a model goes before what extends it
        self._models: dict[str, _Definition] = {}
        self._places: dict[tuple[str, str | None], Place] = {}

    def run(self) -> Fixture:
        for name in self._ordered():
            self._models[name] = definition = self._header(name)
            for one in self._classes[name]:
                self._places.setdefault((name, None), one.place)
                for field, said in one.fields.items():
                    self._field(name, definition, field, said, one)
        self._finish_related()
        self._mirrors()
        for name in self._models:
            self._drop_incomplete(name)
            self._delegates(name)
            self._constraints(name)
        absent = Links(self._database, [self._models]).missing(self._models)
        self._repair(absent)
        for comodel in absent:
            places = [self._places[key] for key in self._places if self._relation(key) == comodel]
            for place in places:
                self._notes.add(place, f"the model {comodel} is absent, so the field is empty: {self._reason(comodel)}")
        found: Fixture = {"models": {name: _compact(definition) for name, definition in self._models.items()}}
        return {"absent": absent, **found} if absent else found

    def _reason(self, model: str) -> str:
        return origin(model, self._database.profile) or "no module that was read has it"

    def _relation(self, key: tuple[str, str | None]) -> str | None:
        model, field = key
        found = self._models.get(model, {}).get("fields", {}).get(field, {}) if field else {}
        return found.get("relation") if isinstance(found, dict) else None

    def _ordered(self) -> list[str]:
        """Return the names of the models, each after those that it takes fields from."""
        found: dict[str, None] = {}

        def add(name: str, pending: tuple[str, ...]) -> None:
            if name in found or name in pending or name not in self._classes:
                return
            for one in self._classes[name]:
                for other in (*one.inherit, *one.attributes.get("inherits", ())):
                    add(other, (*pending, name))
            found[name] = None

        for name in self._classes:
            add(name, ())
        return list(found)

    # -- of a model

    def _header(self, name: str) -> _Definition:
        definition: _Definition = {}
        classes = self._classes[name]
        if name not in self._database.registry:
            definition = {"description": name, "module": classes[0].module}
        inherit: dict[str, None] = {}
        for one in classes:
            given = dict(one.attributes)
            parents = given.pop("inherits", {})
            kept = {parent: field for parent, field in parents.items() if self._is_known(one, "_inherits", parent)}
            if kept:
                definition["inherits"] = {**definition.get("inherits", {}), **kept}
            inherit |= dict.fromkeys(other for other in one.inherit if self._is_known(one, "_inherit", other))
            definition |= given
            if given.get("auto") is False:
                self._notes.add(one.place, f"{name} has no table: its query is not run, so it has no records")
        if inherit:
            definition["inherit"] = list(inherit)
        return definition

    def _is_known(self, one: DeclaredModel, key: str, other: str) -> bool:
        if other in self._database.registry or other in self._models:
            return True
        why = "it leads back to this model" if other in self._known else self._reason(other)
        self._notes.add(one.place, f"{one.name}: {key} of {other} is left out: {why}")
        return False

    # -- of a field

    def _field(self, model: str, definition: _Definition, name: str, said: DeclaredField, one: DeclaredModel) -> None:
        fields: dict[str, Any] = definition.setdefault("fields", {})
        known = fields.get(name) or self._known_attributes(model, definition, name)
        if name in MAGIC_FIELDS:
            self._notes.add(said.place, f"{model}.{name} is a field that every model has: not read")
            return
        self._places[model, name] = said.place
        given = dict(said.given)
        added = given.pop("selection_add", None)
        if added is not None:
            given["selection"] = choices_with((known or {}).get("selection"), added)
        if known is not None and known.get("type") == said.type:
            fields[name] = {**known, **given} if name in fields or not self._is_own(model, name) else given
        else:
            if known is not None:
                self._notes.add(said.place, f"{model}.{name} becomes a {said.type}, it was a {known.get('type')}")
            fields[name] = self._new(name, said, given)
        self._computed(model, name, fields[name], said, one)
        if said.has_default:
            definition.setdefault("defaults", {})[name] = said.default
        if said.delegate and given.get("relation"):
            definition.setdefault("inherits", {})[given["relation"]] = name

    def _known_attributes(self, model: str, definition: _Definition, name: str) -> _Definition | None:
        return Fields(self._database, self._models).declared(model, name, definition)

    def _is_own(self, model: str, name: str) -> bool:
        return model in self._database.registry and name in self._database.registry[model].own_fields

    @staticmethod
    def _new(name: str, said: DeclaredField, given: _Definition) -> _Definition:
        cls = TYPES[said.type]
        full = {**field_defaults(name, cls(**given, **said.methods)), **given}
        full.pop("manual", None)
        if said.type == "selection" and "related" not in full:
            full.setdefault("selection", [])
        usual = {key: value for key, value in full.items() if key == "string" or getattr(cls, key) != value}
        return {"type": said.type, **usual}

    def _computed(self, model: str, name: str, field: _Definition, said: DeclaredField, one: DeclaredModel) -> None:
        method = said.methods.get("compute")
        if method is None:
            return
        if "type" not in field:
            self._notes.add(said.place, f"{model}.{name}: {method} is not run, the field keeps what it had")
            return
        self._notes.add(said.place, f"{model}.{name}: {method} is not run, so the field is not computed")
        depends = [path for path in one.depends.get(method, ()) if path]
        if depends:
            field["depends"] = depends
        if field.get("store", True):
            field["computed"] = True
            if field.pop("required", False):
                self._notes.add(said.place, f"{model}.{name}: it is not required here, since it is not computed")

    def _finish_related(self) -> None:
        """Give related fields what they have of the field at the end of their path."""
        lookup = Fields(self._database, self._models)
        for model, definition in self._models.items():
            for field in definition.get("fields", {}).values():
                if field.get("related"):
                    end = lookup.at(model, field["related"]) or {}
                    for key in ("relation", "relation_field", "selection", "digits", "currency_field"):
                        if end.get("type") == field.get("type") and key in end:
                            field.setdefault(key, end[key])
                if field.get("type") == "selection":  # that of a model that is not there has unknown choices
                    field.setdefault("selection", [])

    def _mirrors(self) -> None:
        """Let the second of two many2many fields with the same table be the mirror of the first."""
        first: dict[str, tuple[str, str]] = {}
        for model, definition in self._models.items():
            for name, field in definition.get("fields", {}).items():
                table = field.get("relation_table") if field.get("type") == "many2many" else None
                if table and table in first and first[table][0] == field.get("relation"):
                    field["mirror"] = first[table][1]
                elif table:
                    first.setdefault(table, (model, name))

    # -- what does not fit

    def _drop(self, model: str, name: str, why: str) -> None:
        self._notes.add(self._places[model, name], f"{model}.{name} is left out: {why}")
        self._models[model]["fields"].pop(name)
        self._models[model].get("defaults", {}).pop(name, None)

    def _drop_incomplete(self, model: str) -> None:
        for name, field in list(self._models[model].get("fields", {}).items()):
            missing = TYPES[field["type"]].missing_attribute(field) if "type" in field else None
            if missing:
                path = field.get("related")
                why = f"it is related to {path}, of which nothing is known" if path else f"it does not say {missing}"
                self._drop(model, name, why)

    def _delegates(self, model: str) -> None:
        """Take away delegation to a model to which no field leads."""
        definition = self._models[model]
        for parent, field in list(definition.get("inherits", {}).items()):
            fields = Fields(self._database, {model: {**definition, "inherits": {}}})
            if field not in fields.names(model):
                del definition["inherits"][parent]
                self._notes.add(
                    self._places[model, None], f"{model}: _inherits of {parent} is left out: no field {field!r}"
                )

    def _constraints(self, model: str) -> None:
        known = Fields(self._database, self._models).names(model)
        found: dict[str, Any] = {}
        for one in self._classes[model]:
            for place, constraint in one.constraints:
                unknown = [field for field in constraint.unique if field not in known]
                if unknown:
                    text = f"{model}: constraint {constraint.name!r} is left out: no field {unknown[0]!r}"
                    self._notes.add(place, text)
                else:
                    found[constraint.name] = _plain(constraint)
        if found:
            self._models[model]["constraints"] = list(found.values())

    def _repair(self, absent: Iterable[str]) -> None:
        """Take away what names fields that do not exist, until all links hold."""
        while problem := next(self._problems(absent), None):
            model, field, key, text = problem
            definition = self._models[model]
            if field is None:
                self._notes.add(self._places[model, None], f"{model}: {key} is left out: {text}")
                definition.pop(key)
            elif key == "related":
                self._notes.add(self._places[model, field], f"{model}.{field} is not related: {text}")
                definition["fields"][field].pop(key)
            elif key == "mirror":
                definition["fields"][field].pop(key)
            else:
                self._drop(model, field, text)
            self._drop_incomplete(model)

    def _problems(self, absent: Iterable[str]) -> Iterator[Problem]:
        return Links(self._database, [self._models], tuple(absent)).problems(self._models)


def _plain(constraint: Constraint) -> dict[str, Any]:
    said = {"name": constraint.name, "unique": list(constraint.unique), "where": constraint.where}
    said |= {"check": constraint.check, "message": constraint.message}
    return {key: value for key, value in said.items() if value}


def _compact(definition: Mapping[str, Any]) -> _Definition:
    """Return the definition with its fields last and without keys that say nothing."""
    order = sorted(definition, key=lambda key: ("fields", "defaults", "constraints").index(key) if key in _LAST else -1)
    return {key: definition[key] for key in order if definition[key] not in ({}, [])}


_LAST = frozenset({"fields", "defaults", "constraints"})
