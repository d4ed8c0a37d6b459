"""Defines models from classes: checks what a class declares, and merges it with the model's known definition.

The fields of a bundled model are in its fixture, with the facts of the real server; its class has the behaviour.  A
class declares fields that no fixture has, and of others only what differs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mockserver import profiles
from mockserver.orm.database import Database
from mockserver.orm.fields.base import Field, make
from mockserver.orm.fields.binary import Binary
from mockserver.orm.fields.relational import One2many
from mockserver.orm.methods import BaseModel
from mockserver.orm.schema.api import Notes, notes
from mockserver.orm.schema.composition import offered, own_functions
from mockserver.orm.schema.model import Constraint, Model, ModelError
from mockserver.orm.schema.registry import Registry
from mockserver.orm.schema.summary import Summary
from mockserver.orm.writing import checks
from mockserver.orm.writing.defaults import METHOD
from mockserver.seed.files import nearest

_KINDS = frozenset({"compute", "inverse", "search", "default"})  # of methods that belong to fields by their names
_OfField = tuple[str, str, str, Notes]  # kind, field, method, and what its decorators say
EVERYWHERE = "base"  # the name under which a class extends every model
_UNIQUE = re.compile(r"\s*unique\s*\(([^()]*)\)\s*$", re.IGNORECASE)
_CHECK = re.compile(r"\s*check\s*\((.*)\)\s*$", re.IGNORECASE | re.DOTALL)
# class attribute → attribute of `Model`, for those that are passed on unchanged
_ATTRIBUTES = {
    "_description": "description", "_order": "order", "_rec_name": "rec_name", "_parent_name": "parent_name",
    "_parent_store": "parent_store", "_log_access": "log_access", "_auto": "auto",
}  # fmt: skip
_KNOWN = frozenset(
    {
        *_ATTRIBUTES, "_rec_names_search", "_name", "_inherit", "_inherits", "_sql_constraints", "_abstract",
        "_transient", "_implied_leaf", "_searched_as",
        "_sorted_as", "_since", "_until", "_writes_at_commit", "_commits_of", "_wraps",
    }
)  # fmt: skip


def names(cls: type) -> tuple[str, tuple[str, ...]]:
    """Return the name of the model that a class defines or extends, and of its mixins."""
    own = vars(cls)
    inherit = own.get("_inherit", ())
    inherited = (inherit,) if isinstance(inherit, str) else tuple(inherit)
    name = own.get("_name") or (inherited[0] if inherited else "")
    if not isinstance(name, str) or not name:
        raise ModelError(f"{location(cls)}: a model class has a _name, or the _inherit of the model that it extends")
    if len(inherited) > 1 and "_name" not in own:
        raise ModelError(f"{location(cls)}: a class with several names in _inherit has a _name")
    return name, tuple(mixin for mixin in inherited if mixin != name)


def location(cls: type, name: str = "", at: str = "") -> str:
    """Return `Order.total (file:line)`, for the text of an error."""
    label = f"{cls.__name__}.{name}" if name else f"class {cls.__name__}"
    if not at:
        code = next((function.__code__ for _, function in own_functions(cls, BaseModel)), None)
        at = f"{code.co_filename}:{code.co_firstlineno}" if code else cls.__module__
    return f"{label} ({at})"


def attach(database: Database, definitions: Iterable[Summary]) -> None:
    """Add bundled classes, which declare no fields, to known models, in one step.

    A class whose model does not exist in this generation, or that extends it in others only, is ignored.
    """
    registry = database.registry
    grown: dict[str, Model] = {}
    for said in definitions:
        model = grown.get(said.model) or registry.get(said.model)
        if model is not None and profiles.offered(registry.generation, said.since, said.until):
            grown[said.model] = _with_class(model, said, said, registry.generation)
    models = {**registry, **grown}
    for name, model in models.items():
        bound = list(_computed_by_mixins(model, models)) if model.mixins else []
        if bound:
            models[name] = grown[name] = model.extended(bound)
    database.registry = registry.evolve(*grown.values())


def _computed_by_mixins(model: Model, models: Mapping[str, Model]) -> Iterator[Field]:
    """Yield fields that a model redeclares, with the methods by which its mixins compute them."""
    for name, field in model.own_fields.items():
        if field.compute or field.related:
            continue
        for mixin in model.mixins:
            mixed = models[mixin].own_fields.get(name) if mixin in models else None
            if mixed is not None and mixed.compute:
                yield field.replace(compute=mixed.compute, inverse=mixed.inverse, search=mixed.search)
                break


def define(database: Database, classes: Sequence[type]) -> list[str]:
    """Define or extend models by classes; return the names of those models, each once.  Raises ModelError."""
    changed: dict[str, None] = {}
    for cls in classes:
        _check_class(cls)
        name, mixins = names(cls)
        if name == EVERYWHERE:
            database.registry = database.registry.extended_everywhere(cls)
            continue
        registry = database.registry
        model = registry.get(name)
        if model is None:
            if "_name" not in vars(cls):
                raise ModelError(
                    f"{location(cls)}: _inherit names {name!r}, which is no model{nearest(name, registry)}"
                )
            model = _new(name, cls, database)
        for mixin in mixins:
            if mixin not in registry:
                raise ModelError(
                    f"{location(cls)}: _inherit names {mixin!r}, which is no model{nearest(mixin, registry)}"
                )
        model = _with_fields(model, cls, registry, mixins)
        said = Summary.of(cls, name, mixins, {own: notes(function) for own, function in own_functions(cls, BaseModel)})
        database.add_model(_with_class(model, cls, said, registry.generation))
        changed[name] = None
    for cls in classes:
        if names(cls)[0] != EVERYWHERE:
            _check_names(database.registry, cls)
    return list(changed)


def _check_class(cls: Any) -> None:
    if not (isinstance(cls, type) and issubclass(cls, BaseModel)):
        raise ModelError(f"a model is a class such as `class Order(models.Model)`, not {cls!r}")
    for name, value in vars(cls).items():
        if isinstance(value, type) and issubclass(value, Field):
            raise ModelError(f"{location(cls, name)} is the class of a field: write {name} = fields.{value.__name__}()")
        if name.startswith("_") and not name.startswith("__") and name not in _KNOWN and not callable(value):
            near = nearest(name, _KNOWN)
            if near:
                raise ModelError(f"{location(cls)}: {name} is nothing that a model class says{near}")


def _new(name: str, cls: type, database: Database) -> Model:
    manual = {"manual": True, "module": ""} if name.startswith("x_") else {}
    abstract, transient = bool(cls._abstract), bool(cls._transient)  # type: ignore[attr-defined]
    logged = bool(cls._log_access and cls._auto)  # type: ignore[attr-defined]
    return Model.define(
        name, {}, profile=database.profile, description=name, abstract=abstract, transient=transient,
        log_access=logged, **manual,
    )  # fmt: skip


# -- what a class declares


def declared(cls: type, generation: int) -> dict[str, Field]:
    """Return the fields in the body of a class that exist in a generation, by name."""
    found = {name: value for name, value in vars(cls).items() if isinstance(value, Field)}
    return {name: f for name, f in found.items() if profiles.offered(generation, f.since, f.until)}


def _with_fields(model: Model, cls: type, registry: Registry, mixins: Sequence[str]) -> Model:
    mixed = {n: f for mixin in mixins for n, f in registry[mixin].fields.items()}
    fields, defaults = [], {}
    for name, field in declared(cls, registry.generation).items():
        known = model.fields.get(name) or mixed.get(name)
        if known is not None and known.type != field.type:
            where = location(cls, name, field.place)
            raise ModelError(f"{where} is a {field.type} field, but {model.name} has it as {known.type}")
        given = {**(field_defaults(name, field) if known is None else known.given), **field.given}
        if given.get("selection_add"):
            given["selection"] = [*(given.get("selection") or []), *given.pop("selection_add")]
        given |= {"type": field.type, "model": model.name}
        given.pop("name", None)
        fields.append(make(name, given))
        if field.has_default:
            defaults[name] = field.default
    attributes = {_ATTRIBUTES[n]: v for n, v in vars(cls).items() if n in _ATTRIBUTES and v is not None}
    inherits = {**model.inherits, **vars(cls).get("_inherits", {})}
    constraints = {c.name: c for c in (*model.constraints, *_constraints(cls, model))}
    return model.extended(
        fields, defaults={**model.defaults, **defaults}, inherits=inherits,
        constraints=tuple(constraints.values()), **attributes,
    )  # fmt: skip


def field_defaults(name: str, field: Field) -> dict[str, Any]:
    """Return the attributes of a new field that the class need not declare."""
    given = field.given
    short = name[:-4] if name.endswith("_ids") else name[:-3] if name.endswith("_id") else name
    defaults: dict[str, Any] = {"string": short.replace("_", " ").title(), "manual": name.startswith("x_")}
    computed = given.get("compute") or given.get("related")
    stored = given.get("store", not computed)
    if computed:
        defaults |= {"store": stored, "readonly": not given.get("inverse"), "copy": False}
        defaults["searchable"] = bool(stored or given.get("search") or given.get("related"))
    if not stored or not field.has_column or isinstance(field, Binary):
        defaults["sortable"] = False
    return defaults


def _constraints(cls: type, model: Model) -> Iterator[Constraint]:
    for name, text, message in vars(cls).get("_sql_constraints", ()):
        try:
            yield table_constraint(name, text, message)
        except ValueError as error:
            raise ModelError(f"{location(cls)}: constraint {name!r}{error}") from None


def table_constraint(name: str, text: str, message: str) -> Constraint:
    """Return the constraint that a text of SQL says; raises ValueError, whose text follows the constraint's name."""
    unique, check = _UNIQUE.match(text), _CHECK.match(text)
    if unique:
        return Constraint(name, message, unique=tuple(column.strip(' "') for column in unique[1].split(",")))
    if not check:
        raise ValueError(f" is UNIQUE(…) or CHECK(…), not {text!r}")
    try:
        checks.parsed(check[1])
    except checks.BadCheck as error:
        raise ValueError(f": {error}") from None
    return Constraint(name, message, check=check[1])


def _with_class(model: Model, definition: type | Summary, said: Summary, generation: int) -> Model:
    """Return the model with a class added, and the methods of the class bound to the fields that they are of."""
    attributes: dict[str, Any] = {"rec_names_search": said.searched} if said.searched else {}
    of_fields = list(_of_fields(said, generation))
    defaults = {name: {METHOD: method} for name, method in _defaults(model, definition, of_fields)}
    if defaults:
        attributes["defaults"] = {**model.defaults, **defaults}
    bound = [model.own_fields[name].replace(**methods) for name, methods in _methods(model, of_fields).items()]
    return model.extended(
        bound,
        definitions=(definition, *model.definitions),
        mixins=tuple(dict.fromkeys((*said.mixins, *model.mixins))),
        **attributes,
    )


def _defaults(model: Model, definition: type | Summary, of_fields: Iterable[_OfField]) -> Iterator[tuple[str, str]]:
    """Yield `(field, method)` where a class gives a default by `_default_<field>`, unless it declares another."""
    own = vars(definition) if isinstance(definition, type) else {}
    for kind, name, method, _ in of_fields:
        if kind == "default" and name in model.fields:
            field = own.get(name)
            if not (isinstance(field, Field) and field.has_default):
                yield name, method


def _methods(model: Model, of_fields: Iterable[_OfField]) -> dict[str, dict[str, str]]:
    """Return `{field: {"compute": method, …}}` for methods that belong to fields by their name or `@api.computes`."""
    found: dict[str, dict[str, str]] = {}
    for kind, named, method, said in of_fields:
        for field in said.computes if kind == "compute" and said.computes else (named,):
            own = model.own_fields.get(field) if kind != "default" else None
            if own is not None and not getattr(own, kind) and not (kind == "compute" and own.related):
                found.setdefault(field, {})[kind] = method
    return found


def _of_fields(said: Summary, generation: int) -> Iterator[_OfField]:
    """Yield the methods such as `_compute_total`, which belong to a field."""
    for own_name, noted in said.functions.items():
        method = noted.name or own_name
        _, kind, field = (*method.split("_", 2), "", "")[:3]
        if kind in _KINDS and method.startswith("_") and offered(noted, generation):
            yield kind, field, method, noted


# -- names that a class refers to


def _check_names(registry: Registry, cls: type) -> None:
    """Raise ModelError for an unknown method, field or path that a class refers to."""
    model = registry[names(cls)[0]]
    records = registry.records(model.name)
    for name in declared(cls, registry.generation):
        field = model.fields[name]
        where = location(cls, name, vars(cls)[name].place)
        for kind in ("compute", "inverse", "search"):
            method = getattr(field, kind)
            if method is not None and not callable(getattr(records, method, None)):
                raise ModelError(f"{where}: {kind} names {method!r}, which is no method{nearest(method, dir(records))}")
        if field.related:
            _check_path(registry, model, field.related, f"{where}: related")
        comodel = registry.get(field.comodel)
        if comodel is not None and isinstance(field, One2many) and field.relation_field not in comodel.fields:
            wrong = field.relation_field or ""
            hint = nearest(wrong, comodel.fields)
            raise ModelError(f"{where}: the inverse field {wrong!r} is no field of {comodel.name}{hint}")
    for method, function in own_functions(cls, BaseModel):
        _check_notes(registry, model, notes(function), cls, method, function.__code__)
    _check_cycles(registry, model, cls)


def _check_notes(registry: Registry, model: Model, said: Notes, cls: type, method: str, code: Any) -> None:
    where = location(cls, method, f"{code.co_filename}:{code.co_firstlineno}")
    for path in said.depends or ():
        _check_path(registry, model, path, f"{where}: depends")
    for decorator, fields in (("constrains", said.constrains), ("onchange", said.onchange)):
        for name in fields:
            if name not in model.fields:
                hint = nearest(name, model.fields)
                raise ModelError(f"{where}: {decorator} names {name!r}, which is no field of {model.name}{hint}")


def _check_path(registry: Registry, model: Model, path: str, where: str) -> None:
    owner: Model | None = model
    for name in path.split("."):
        if owner is None:  # a model that is not loaded
            return
        if name not in owner.fields:
            raise ModelError(
                f"{where} names {path!r}, but {name!r} is no field of {owner.name}{nearest(name, owner.fields)}"
            )
        owner = registry.get(owner.fields[name].comodel)


def _check_cycles(registry: Registry, model: Model, cls: type) -> None:
    """Raise ModelError for a computed field that depends on itself through others of the same record."""
    edges: Mapping[str, list[str]] = {
        name: [path for path in registry.depends(field) if "." not in path and path in model.fields]
        for name, field in model.fields.items()
        if field.compute
    }
    for name in declared(cls, registry.generation):
        seen: list[str] = []
        pending = list(edges.get(name, ()))
        while pending:
            step = pending.pop()
            if step == name:
                chain = " → ".join((name, *seen, name)) if seen else f"{name} → {name}"
                raise ModelError(f"{location(cls, name, vars(cls)[name].place)} depends on itself: {chain}")
            if step not in seen and model.fields[step].compute != model.fields[name].compute:
                seen.append(step)
                pending += edges.get(step, ())
