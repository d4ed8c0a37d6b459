"""Define the models of a fixture: new ones completely, those of the base data by their differences."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from mockserver.contract.pull.reader import Row
from mockserver.contract.pull.schema_reader import COMMON, Attributes, ModelSchema, read_model
from mockserver.contract.pull.source import local_source
from mockserver.orm.database import Database
from mockserver.orm.fields.base import TYPES, holds, is_a
from mockserver.orm.fields.numbers import Boolean
from mockserver.orm.fields.relational import Many2many, Many2one, One2many, Reference
from mockserver.seed.export import attributes as exported

# attributes that differ with every version or module, and that clients do not need
_NOT_COMPARED = ("help", "depends", "relation_table", "relation_column")
_PLAIN = ("line", "text", "markup", "number", "choice")  # kinds of fields that may have a default
NOW = timedelta(hours=26)  # a default this close to the moment of reading is taken for today or now


class Definitions:
    """Builds `models` of the fixture; `known` are the external ids of the groups that it will have."""

    def __init__(self, base: Database, schemas: Mapping[str, ModelSchema], known: Collection[str]) -> None:
        self.base = base
        self.schemas = schemas
        self.known_groups = known
        self.notes: list[str] = []

    def all(self, rows: Mapping[str, Mapping[int, Row]], context: Defaults) -> dict[str, Any]:
        """Return model → definition; `rows` determine which computed values to keep and how records are named."""
        found = {}
        for name, schema in sorted(self.schemas.items()):
            own = list(rows.get(name, {}).values())
            definition = (
                self._extension(schema, context)
                if name in self.base.registry
                else self._new_model(schema, own, context)
            )
            if definition:
                found[name] = definition
        _mark_mirrors(found)
        return found

    # -- models that the base data lack

    def _new_model(self, schema: ModelSchema, rows: list[Row], context: Defaults) -> dict[str, Any]:
        about = schema.about
        fields = {
            name: self._field(schema, name, rows)
            for name in sorted(schema.fields)
            if name not in COMMON and not schema.delegated(name)
        }
        label = _rec_name(schema, rows)
        options = {
            "description": about.get("name") or schema.name, "order": about.get("order"), "rec_name": label,
            "transient": about.get("transient"), "abstract": about.get("abstract"), "inherits": schema.inherits,
            "module": about.get("module"),
        }  # fmt: skip
        definition = {key: value for key, value in options.items() if value and not (key == "order" and value == "id")}
        if "create_uid" not in schema.fields:
            definition["log_access"] = False
        defaults = {n: v for n, v in context.of(schema).items() if n in fields}
        return {**definition, "fields": fields, **({"defaults": defaults} if defaults else {})}

    def _field(self, schema: ModelSchema, name: str, rows: list[Row]) -> Attributes:
        given = dict(schema.fields[name])
        groups = given.get("groups")
        if groups and not all(group.strip().lstrip("!") in self.known_groups for group in groups.split(",")):
            del given["groups"]  # without the group nobody could see the field
        if is_a(given["type"], One2many):
            return given
        path, stored = given.get("related"), given.get("store", True)
        if any(row.get(name) not in (None, False, 0, "", []) for row in rows):
            if path and not self._leads_somewhere(schema.name, path):
                path = given.pop("related")
            if not stored and "related" not in given:
                given["kept"] = True
        return given

    def _leads_somewhere(self, model: str, path: str) -> bool:
        at: str | None = model
        for step in path.split("."):
            fields = self._fields(at or "")
            if step not in fields:
                return False
            at = fields[step].get("relation")
        return True

    def _fields(self, model: str) -> Mapping[str, Attributes]:
        if model in self.schemas:
            return self.schemas[model].fields
        known = self.base.registry.get(model)
        return {n: {"relation": f.relation} for n, f in known.fields.items()} if known else {}

    # -- models that the base data have

    def _extension(self, schema: ModelSchema, context: Defaults) -> dict[str, Any]:
        """Return the fields and defaults that differ from those of the base data."""
        model = self.base.registry[schema.name]
        base = read_model(local_source(self.base), schema.name, {}, lambda name: self.base.registry[name].fields)
        fields = {}
        for name, given in sorted(schema.fields.items()):
            if name in COMMON or schema.delegated(name):
                continue
            if name not in model.fields:
                fields[name] = self._field(schema, name, [])
            elif name in model.own_fields and (changed := _differing_attributes(given, base.fields[name])):
                kept = {k: v for k, v in exported(model.own_fields[name]).items() if k not in base.fields[name]}
                fields[name] = {**kept, **base.fields[name], **changed}
                fields[name] = {key: value for key, value in fields[name].items() if value is not None}
        own, other = context.of(schema), context.of(base)
        defaults = {n: v for n, v in own.items() if other.get(n) != v and (n in fields or n in model.own_fields)}
        return {"fields": fields, **({"defaults": defaults} if defaults else {})} if fields or defaults else {}

    def relax(self, models: dict[str, Any], missing: Mapping[str, Collection[str]]) -> None:
        """Make required fields optional if a record has no value for them."""
        for name, fields in sorted(missing.items()):
            for field in sorted(fields):
                definition = models.setdefault(name, {"fields": {}})
                known = self.base.registry.get(name)
                if field not in definition["fields"] and known is not None:
                    definition["fields"][field] = exported(known.own_fields[field])
                definition["fields"][field] = {**definition["fields"][field], "required": False}
                self.notes.append(f"{name}.{field}: not required in the fixture, because a record has no value for it")


def _differing_attributes(given: Attributes, base: Attributes) -> Attributes:
    """Return the attributes that differ, None for those that have their default in `given`."""
    keys = [
        key for key in (*given, *base) if key not in _NOT_COMPARED and not (key == "selection" and _is_dynamic(base))
    ]
    return {key: given.get(key) for key in keys if given.get(key) != base.get(key)}


def _is_dynamic(base: Attributes) -> bool:
    """Return whether the choices of a field depend on the data: languages, time zones or models."""
    return is_a(base["type"], Reference) or len(base.get("selection") or ()) > 100 or base.get("string") == "Language"


def _rec_name(schema: ModelSchema, rows: list[Row]) -> str | None:
    """Return the field that names the records, None if it is `name` or `x_name`."""
    with_names = [row for row in rows if row.get("display_name")]
    usual = next((name for name in ("name", "x_name") if name in schema.fields), None)
    if not with_names or (usual and all(row["display_name"] == row.get(usual) for row in with_names)):
        return None
    texts = [n for n, given in sorted(schema.fields.items()) if holds(given["type"]) in ("line", "text")]
    candidates = (n for n in texts if n not in COMMON and all(row["display_name"] == row.get(n) for row in with_names))
    return next(candidates, None)


def _mark_mirrors(models: Mapping[str, Any]) -> None:
    """Mark the second of two many2many fields with the same table as a mirror of the first."""
    first: dict[tuple[str, frozenset[str]], tuple[str, str, Attributes]] = {}
    for model, definition in models.items():
        for name, given in definition["fields"].items():
            if is_a(given["type"], Many2many) and given.get("relation_table") and given.get("store", True):
                key = given["relation_table"], frozenset((model, given["relation"]))
                known = first.setdefault(key, (model, name, given))
                if known[2] is not given and known[2].get("relation_column") != given.get("relation_column"):
                    given["mirror"] = known[1]


class Defaults:
    """Default values in the form of a fixture: user, company and current time as calls, records as references."""

    def __init__(self, uid: int, company: int | None, moment: datetime, refs: Mapping[tuple[str, int], Any]) -> None:
        self.uid = uid
        self.company = company
        self.moment = moment
        self.refs = refs  # (model, id) → {"ref": external id} or an id

    def of(self, schema: ModelSchema) -> dict[str, Any]:
        """Return field → default, without those that change from day to day."""
        fields = schema.fields
        return {
            n: v
            for n, given in sorted(schema.defaults.items())
            if n in fields
            for v in self._default_of(fields[n], given)
        }

    def _default_of(self, field: Attributes, given: Any) -> Iterator[Any]:
        kind = TYPES[field["type"]]
        if issubclass(kind, Many2one):
            yield from self._record(field["relation"], given)
        elif kind.dated:
            if isinstance(given, str) and abs(datetime.fromisoformat(given) - self.moment) < NOW:
                yield {"call": "now" if kind.timed else "today"}
        elif issubclass(kind, Many2many):
            found = [item for id_ in _ids(given) for item in self._record(field["relation"], id_)]
            if found and all(isinstance(item, dict) and "ref" in item for item in found):
                yield found
        elif kind.holds in _PLAIN and (given or (issubclass(kind, Boolean) and given is False)):
            yield given

    def _record(self, model: str, id_: Any) -> Iterator[Any]:
        if isinstance(id_, (list, tuple)) and id_:
            id_ = id_[0]
        if model == "res.users" and id_ == self.uid:
            yield {"call": "user"}
        elif model == "res.company" and id_ == self.company:
            yield {"call": "company"}
        elif isinstance(self.refs.get((model, id_)), dict):
            yield self.refs[model, id_]


def _ids(commands: Any) -> list[int]:
    """Return the ids of an x2many default, which holds ids or commands."""
    found: list[int] = []
    for item in commands or ():
        if isinstance(item, int):
            found.append(item)
        elif isinstance(item, (list, tuple)) and item:
            found += item[2] if item[0] == 6 else [item[1]] if item[0] == 4 else []
    return found
