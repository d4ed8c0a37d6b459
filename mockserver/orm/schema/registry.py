"""The models of one database, and what follows from all of them together: who refers to whom, what depends on what.

Like a model it is immutable: a change gives a new registry, so a savepoint or a snapshot keeps the definitions of its
time by keeping one reference.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from mockserver.orm.fields.base import Field
from mockserver.orm.fields.relational import Many2many, Many2one, inverse_name
from mockserver.orm.schema.api import Method, Methods
from mockserver.orm.schema.composition import Definitions, compose, depends_of, methods_of, overlaid
from mockserver.orm.schema.model import Model


class Trigger(NamedTuple):
    """A stored computed field to compute anew, and the way back to its records.

    `path` leads from the computed field's model to the model whose field changed.
    """

    model: str
    field: str
    path: tuple[str, ...]


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
        """Return a registry with these models added or replaced; fields of mixins and parents follow them."""
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
        """Return a registry where a model, or every one, answers to the method's name by it."""
        return self._with(methods=self.methods | {(model, method.name): method})

    def with_methods(self, methods: Mapping[tuple[str | None, str], Method]) -> Registry:
        """Return a registry of the same models, with these methods of its own."""
        return self._with(methods=methods)

    def extended_everywhere(self, cls: type) -> Registry:
        """Return a registry in which a class extends every model."""
        return self._with(everywhere=(cls, *self.everywhere))

    # -- the classes of records

    def records(self, name: str) -> type[Any]:
        """Return the class of the records of a model; raises KeyError for an unknown one."""
        try:
            return self._classes[name]
        except KeyError:
            found = self.own_records(name)
            own = {n: m for (owner, n), m in self.methods.items() if owner is None}
            own |= {n: m for (owner, n), m in self.methods.items() if owner == name}
            found = self._classes[name] = overlaid(found, own) if own else found
            return found

    def own_records(self, name: str) -> type[Any]:
        """Return the same class without the methods that a test put in the place of others."""
        definitions = tuple(dict.fromkeys((*self._definitions(self._models[name]), *self.everywhere)))
        return compose(name, definitions, self.base, self.generation)

    def _definitions(self, model: Model) -> Iterator[type]:
        yield from model.definitions
        for mixin in model.mixins:
            if mixin in self._models and mixin != model.name:
                yield from self._definitions(self._models[mixin])

    def method(self, model: str, name: str) -> Method | None:
        """Return the method that a model answers to under that name, or None."""
        return self.methods_of(model).get(name)

    def methods_of(self, model: str) -> Methods:
        """Return all of them by name; for an unknown model those of every one."""
        return methods_of(self.records(model) if model in self._models else self._no_model)

    def own_method(self, model: str, name: str) -> Method | None:
        """Return the same without the methods that a test put in the place of others."""
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
        """Return the paths on which the value of a computed or related field depends."""
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
        """Return the stored computed fields of a model: those of one method together, what they depend on before
        them."""
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
    """Return the fields that a model has from its mixins, as its own, and from its parents, by way of the link to
    them."""
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
