"""Model definitions and the registry that holds them.

Both are immutable once made: adding a field gives a new model and a new registry, so that a
savepoint or a snapshot keeps the definitions of its time by keeping one reference.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from mockserver.orm.fields.base import Field, make
from mockserver.orm.fields.relational import Many2many, Many2one, inverse_name
from mockserver.orm.schema.api import Method, Methods
from mockserver.orm.schema.composition import Definitions, compose, depends_of, methods_of, overlaid
from mockserver.profiles import Profile

# name, type, label of the fields that every model has; Source: versions.md §7.1
_MAGIC = (
    ("id", {"type": "integer", "string": "ID", "readonly": True}),
    ("display_name", {"type": "char", "string": "Display Name", "readonly": True, "store": False,
                      "searchable": False, "sortable": False}),
    ("create_uid", {"type": "many2one", "string": "Created by", "relation": "res.users", "readonly": True}),
    ("create_date", {"type": "datetime", "string": "Created on", "readonly": True}),
    ("write_uid", {"type": "many2one", "string": "Last Updated by", "relation": "res.users", "readonly": True}),
    ("write_date", {"type": "datetime", "string": "Last Updated on", "readonly": True}),
)  # fmt: skip
_LAST_UPDATE = {
    "type": "datetime", "string": "Last Modified on", "readonly": True, "store": False, "searchable": False,
    "sortable": False, "copy": False, "depends": ("create_date", "write_date"),
}  # fmt: skip
LOG_FIELDS = frozenset({"create_uid", "create_date", "write_uid", "write_date"})
MAGIC_FIELDS = LOG_FIELDS | {"id"}


def magic_fields(profile: Profile | None) -> dict[str, dict[str, Any]]:
    """name → attributes of the fields that every model has in this profile, in 17.0 without one."""
    magic = {name: dict(attributes) for name, attributes in _MAGIC}
    if profile is None:
        return magic
    magic["id"]["string"] = profile.id_label
    magic["display_name"]["searchable"] = profile.rules.display_name_searchable
    for name in LOG_FIELDS:
        magic[name]["readonly"] = profile.rules.log_fields_readonly
    if profile.rules.last_update:
        magic["__last_update"] = dict(_LAST_UPDATE)
    return magic


class ModelError(ValueError):
    """A model class says what cannot be; the text names the class, what is wrong in it, and file and line."""


class UnknownField(ValueError):
    """A model has no such field; what a client reads is the generation's own text."""

    def __init__(self, field: Any, model: str) -> None:
        super().__init__(f"Invalid field {field!r} on model {model!r}")
        self.field = field
        self.model = model


@dataclass(frozen=True)
class Constraint:
    """A rule of the table: `unique` over fields, or `check`, a condition in SQL such as `amount > 0`."""

    name: str
    message: str
    unique: tuple[str, ...] = ()
    check: str | None = None


class Trigger(NamedTuple):
    """A stored computed field to compute anew, and the way back to its records.

    `path` leads from the computed field's model to the model whose field changed.
    """

    model: str
    field: str
    path: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Model:
    """One model; `own_fields` are those defined on it, `fields` adds those of its mixins and parents.

    `definitions` are the classes that say what it does, the last one first.
    """

    name: str
    description: str = ""
    order: str = "id"
    rec_name: str | None = None
    rec_names_search: tuple[str, ...] = ()  # the fields in which a name is looked for; none: the one that names
    parent_name: str = "parent_id"
    parent_store: bool = False
    transient: bool = False
    abstract: bool = False
    log_access: bool = True
    inherits: Mapping[str, str] = field(default_factory=dict)  # {comodel: many2one}
    mixins: tuple[str, ...] = ()  # the models whose fields and methods it has too
    defaults: Mapping[str, Any] = field(default_factory=dict)
    constraints: tuple[Constraint, ...] = ()
    module: str = "base"
    manual: bool = False
    own_fields: Mapping[str, Field] = field(default_factory=dict)
    inherited_fields: Mapping[str, Field] = field(default_factory=dict)
    definitions: Definitions = ()

    @classmethod
    def define(
        cls, name: str, fields: Mapping[str, Mapping[str, Any]], *, profile: Profile | None = None, **attributes: Any
    ) -> Model:
        """A model from plain data; the magic fields of the profile are added where they are not given."""
        manual = attributes.get("manual", False)
        logged = attributes.get("log_access", True)
        magic = {n: a for n, a in magic_fields(profile).items() if logged or n not in LOG_FIELDS}
        given = {n: dict(a) for n, a in fields.items()}
        merged = magic | given if manual else given | {n: a for n, a in magic.items() if n not in given}
        made = {n: make(n, {**a, "model": name}) for n, a in merged.items()}
        constraints = tuple(
            c if isinstance(c, Constraint) else Constraint(**{**c, "unique": tuple(c.get("unique", ()))})
            for c in attributes.pop("constraints", ())
        )
        return cls(name=name, own_fields=made, constraints=constraints, **attributes)

    def extended(self, fields: Iterable[Field] = (), **attributes: Any) -> Model:
        """This model with more fields (by name: replaced) or other attributes."""
        own = dict(self.own_fields) | {f.name: f for f in fields}
        return dataclasses.replace(self, own_fields=own, **attributes)

    def without(self, names: Iterable[str]) -> Model:
        """This model without some of its own fields."""
        gone = set(names)
        return dataclasses.replace(self, own_fields={n: f for n, f in self.own_fields.items() if n not in gone})

    @cached_property
    def fields(self) -> dict[str, Field]:
        """All fields by name."""
        return {**self.own_fields, **self.inherited_fields}

    @cached_property
    def label_field(self) -> str | None:
        """The field that names a record: `rec_name`, else `name`, else `x_name`."""
        if self.rec_name:
            return self.rec_name
        return next((name for name in ("name", "x_name") if name in self.fields), None)

    @cached_property
    def active_name(self) -> str | None:
        """The field that archives a record, if there is one."""
        for name in ("active", "x_active"):
            if name in self.fields and self.fields[name].store:
                return name
        return None

    @cached_property
    def columns(self) -> tuple[Field, ...]:
        """The fields that rows hold."""
        return tuple(f for f in self.fields.values() if f.column)

    @cached_property
    def varying(self) -> Mapping[str, Field]:
        """The columns whose value depends on the language or the company, by name."""
        return {f.name: f for f in self.columns if f.translate or f.company_dependent}

    @cached_property
    def required_columns(self) -> tuple[Field, ...]:
        """The columns that refuse NULL."""
        return tuple(f for f in self.columns if f.required and f.store)

    @cached_property
    def restricted(self) -> Mapping[str, Field]:
        """The fields that are for some groups only, by name."""
        return {name: f for name, f in self.fields.items() if f.groups}

    @cached_property
    def stored_computes(self) -> tuple[Field, ...]:
        """The columns that a function or a path of fields fills."""
        return tuple(f for f in self.columns if f.related or f.compute)

    @cached_property
    def computed_by(self) -> Mapping[str, tuple[str, ...]]:
        """method → the fields that it computes."""
        found: dict[str, tuple[str, ...]] = {}
        for name, f in self.fields.items():
            if f.compute:
                found[f.compute] = (*found.get(f.compute, ()), name)
        return found

    @cached_property
    def table(self) -> str:
        """Name of the database table, which stands in error texts."""
        return self.name.replace(".", "_")

    def field(self, name: str) -> Field:
        """A field; raises the server's error for an unknown one."""
        try:
            return self.fields[name]
        except (KeyError, TypeError):
            raise UnknownField(name, self.name) from None


class Registry(Mapping[str, Model]):
    """The models of one database by name, in one generation; `base` is the class of what all their records do.

    `methods` are those that a test put in the place of others, by model (None: every one) and name.  `everywhere` are
    the classes that extend every model.
    """

    def __init__(
        self,
        models: Mapping[str, Model] | None = None,
        methods: Mapping[tuple[str | None, str], Method] | None = None,
        *,
        base: type,
        generation: int,
        everywhere: Definitions = (),
    ) -> None:
        self._models = dict(models or {})
        self.methods = dict(methods or {})
        self.base = base
        self.generation = generation
        self.everywhere = everywhere
        self._classes: dict[str, type[Any]] = {}
        self._computations: dict[str, tuple[tuple[str, ...], ...]] = {}

    def __getitem__(self, name: str) -> Model:
        return self._models[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._models)

    def __len__(self) -> int:
        return len(self._models)

    def __contains__(self, name: object) -> bool:
        return name in self._models

    def _with(self, **changes: Any) -> Registry:
        kept = {"models": self._models, "methods": self.methods, "everywhere": self.everywhere}
        return Registry(**{**kept, **changes}, base=self.base, generation=self.generation)

    def evolve(self, *models: Model, without: Iterable[str] = ()) -> Registry:
        """A registry with these models added or replaced; fields of mixins and parents follow them."""
        changed = dict(self._models) | {model.name: model for model in models}
        gone = set(without)
        for name in gone:
            changed.pop(name, None)
        touched = gone.union(model.name for model in models)
        for name, model in changed.items():
            sources = {*model.inherits, *model.mixins}
            if sources and (name in touched or not touched.isdisjoint(sources)):
                changed[name] = dataclasses.replace(model, inherited_fields=_inherited_fields(model, changed))
                touched.add(name)
        return self._with(models=changed)

    def with_method(self, model: str | None, method: Method) -> Registry:
        """A registry where a model, or every one, answers to the method's name by it."""
        return self._with(methods=self.methods | {(model, method.name): method})

    def with_methods(self, methods: Mapping[tuple[str | None, str], Method]) -> Registry:
        """A registry of the same models, with these methods of its own."""
        return self._with(methods=methods)

    def extended_everywhere(self, cls: type) -> Registry:
        """A registry in which a class extends every model."""
        return self._with(everywhere=(cls, *self.everywhere))

    # -- the classes of records

    def records(self, name: str) -> type[Any]:
        """The class of the records of a model; raises KeyError for an unknown one."""
        try:
            return self._classes[name]
        except KeyError:
            found = self.own_records(name)
            own = {n: m for (owner, n), m in self.methods.items() if owner is None}
            own |= {n: m for (owner, n), m in self.methods.items() if owner == name}
            found = self._classes[name] = overlaid(found, own) if own else found
            return found

    def own_records(self, name: str) -> type[Any]:
        """The same class without the methods that a test put in the place of others."""
        definitions = tuple(dict.fromkeys((*self._definitions(self._models[name]), *self.everywhere)))
        return compose(name, definitions, self.base, self.generation)

    def _definitions(self, model: Model) -> Iterator[type]:
        yield from model.definitions
        for mixin in model.mixins:
            if mixin in self._models and mixin != model.name:
                yield from self._definitions(self._models[mixin])

    def method(self, model: str, name: str) -> Method | None:
        """The method that a model answers to under that name, or None."""
        return self.methods_of(model).get(name)

    def methods_of(self, model: str) -> Methods:
        """All of them by name; for an unknown model those of every one."""
        return methods_of(self.records(model) if model in self._models else self._no_model)

    def own_method(self, model: str, name: str) -> Method | None:
        """The same without the methods that a test put in the place of others."""
        found = self.own_records(model) if model in self._models else self._plain
        return methods_of(found).get(name)

    @cached_property
    def _plain(self) -> type[Any]:
        """What every model does."""
        return compose("", self.everywhere, self.base, self.generation)

    @cached_property
    def _no_model(self) -> type[Any]:
        """What a model would do of which nothing is known."""
        own = {n: m for (owner, n), m in self.methods.items() if owner is None}
        return overlaid(self._plain, own) if own else self._plain

    def depends(self, field: Field) -> tuple[str, ...]:
        """The paths on which the value of a computed or related field depends."""
        if not field.compute:
            return (field.related,) if field.related else ()
        said = depends_of(self.records(field.model), field.compute)
        return field.depends if said is None else said

    @cached_property
    def restricted(self) -> bool:
        """Whether any field is for some groups only."""
        return any(model.restricted for model in self._models.values())

    @cached_property
    def referrers(self) -> Mapping[str, list[Field]]:
        """comodel → the many2one and many2many columns that point to it."""
        found: dict[str, list[Field]] = defaultdict(list)
        for model in self._models.values():
            for f in model.columns:
                if isinstance(f, (Many2one, Many2many)) and f.relation and not model.abstract:
                    found[f.relation].append(f)
        return found

    @cached_property
    def triggers(self) -> Mapping[tuple[str, str], list[Trigger]]:
        """(model, field) → the stored computed fields that depend on it."""
        found: dict[tuple[str, str], list[Trigger]] = defaultdict(list)
        for model in self._models.values():
            for f in model.stored_computes:
                for path in self.depends(f):
                    self._follow(model, f, path.split("."), found)
        return found

    def computations(self, name: str) -> tuple[tuple[str, ...], ...]:
        """The stored computed fields of a model: those of one method together, what they depend on before them."""
        found = self._computations.get(name)
        if found is None:
            found = self._computations[name] = self._in_order(self._models[name])
        return found

    def _in_order(self, model: Model) -> tuple[tuple[str, ...], ...]:
        groups: dict[str, list[str]] = defaultdict(list)  # the fields of a method, by the name of the first of them
        group_of: dict[str, str] = {}
        firsts: dict[str, str] = {}
        for f in model.stored_computes:
            group_of[f.name] = firsts.setdefault(f.compute or f"related {f.name}", f.name)
            groups[group_of[f.name]].append(f.name)
        ordered: dict[str, None] = {}
        visiting: set[str] = set()

        def visit(group: str) -> None:
            if group in visiting or group in ordered:
                return
            visiting.add(group)
            for path in self.depends(model.fields[group]):
                step = path.partition(".")[0]
                if step in group_of:
                    visit(group_of[step])
            ordered[group] = None

        for group in groups:
            visit(group)
        return tuple(tuple(groups[group]) for group in ordered)

    def _follow(
        self, model: Model, computed: Field, path: list[str], found: dict[tuple[str, str], list[Trigger]]
    ) -> None:
        at: Model | None = model
        for depth, name in enumerate(path):
            if at is None or name not in at.fields:
                return
            step = at.fields[name]
            found[at.name, name].append(Trigger(model.name, computed.name, tuple(path[:depth])))
            back = inverse_name(step)
            if back:  # what a line points to decides whose line it is
                found[step.comodel, back].append(Trigger(model.name, computed.name, tuple(path[: depth + 1])))
            at = self._models.get(step.comodel)

    @cached_property
    def read_through(self) -> Mapping[str, set[str]]:
        """model → many2one fields that a stored computed field looks through.

        A missing target of such a field is met by that computation before the database sees it.
        """
        found: dict[str, set[str]] = defaultdict(set)
        for model in self._models.values():
            for f in model.columns:
                depends = self.depends(f) if f.compute else ()
                paths = [model.fields[p].related or p if p in model.fields else p for p in (*depends, *f.depends)]
                found[model.name] |= {path.split(".")[0] for path in paths if "." in path}
        return found


def _inherited_fields(model: Model, models: Mapping[str, Model]) -> dict[str, Field]:
    """The fields that a model has from its mixins, as its own, and from its parents, by way of the link to them."""
    inherited: dict[str, Field] = {}
    for mixin in model.mixins:
        for name, f in models[mixin].fields.items() if mixin in models else ():
            if name not in model.own_fields and name not in inherited:
                inherited[name] = f.replace(model=model.name)
    for parent, many2one in model.inherits.items():
        for name, f in models[parent].fields.items() if parent in models else ():
            if name not in model.own_fields and name not in inherited:
                inherited[name] = f.replace(
                    model=model.name, store=False, related=f"{many2one}.{name}", inherited=True, mirror=None,
                    relation_field=None, company_dependent=False, depends=(), compute=None, inverse=None, search=None,
                )  # fmt: skip
    return inherited
