"""The models of one database, with what is derived from all of them: references and dependencies between fields.

Like a model, a registry is immutable: a change gives a new registry, so a savepoint or a snapshot keeps the definitions
by one reference.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mockserver.orm.fields.base import Field
from mockserver.orm.fields.relational import Many2many, Many2one, inverse_name
from mockserver.orm.schema.api import Method, Methods
from mockserver.orm.schema.composition import (
    compose,
    computed_after,
    depends_of,
    methods_of,
    with_overrides,
)
from mockserver.orm.schema.model import Model
from mockserver.orm.schema.summary import Committing, Definitions, Summary, committing, imported


@dataclass(eq=False, slots=True)  # a frozen one takes three times as long to make, and there are thousands
class Trigger:
    """A stored computed field to recompute, and the path from its records to the changed field; there is one of each.

    `path` leads from the computed field's model to the model whose field changed.  A new record of that model is at its
    end at once where its last step is `joined`: a one2many, or a many2many that the new record stores.
    """

    model: str
    field: str
    path: tuple[Field, ...]
    joined: bool


# the steps of a path to follow through fields that are not stored, which may depend on each other without end
MAX_STEPS = 8

# what a registry has found out about fields
_OF_FIELDS = ("_computations", "_depends", "_roots")


class Registry(Mapping[str, Model]):
    """The models of one database by name, in one generation; `base` is the base class of all records.

    `methods` are the overrides of a test, by model (None: every model) and method name.  `everywhere` are the classes
    that extend every model.  `wrappers` are classes of single models that stand before all others of the model.
    """

    def __init__(
        self,
        models: Mapping[str, Model] | None = None,
        methods: Mapping[tuple[str | None, str], Method] | None = None,
        *,
        base: type,
        generation: int,
        everywhere: Definitions = (),
        wrappers: Mapping[str, type] | None = None,
    ) -> None:
        self.models = dict(models or {})
        self.methods = dict(methods or {})
        self.base = base
        self.generation = generation
        self.everywhere = everywhere
        self.wrappers = dict(wrappers or {})
        self._classes: dict[str, type[Any]] = {}
        self._composed_of: dict[str, Definitions] = {}
        self._computations: dict[str, tuple[tuple[str, ...], ...]] = {}
        # what reads each field of a model's records; see `records.reading`
        self.readers: dict[tuple[str, str], Callable[[Any], Any]] = {}
        self._depends: dict[tuple[str, str], tuple[str, ...]] = {}
        self._roots: dict[tuple[str, str], frozenset[str]] = {}
        # the methods that clients were found to be allowed to call, by model and name; see `services.call`
        self.open_methods: dict[tuple[str, str], Method] = {}

    def __getitem__(self, name: str) -> Model:
        return self.models[name]

    def get(self, name: str, default: Model | None = None) -> Model | None:  # type: ignore[override]
        """Return a model, or None; the method of any mapping takes five times as long."""
        return self.models.get(name, default)

    def __iter__(self) -> Iterator[str]:
        return iter(self.models)

    def __len__(self) -> int:
        return len(self.models)

    def __contains__(self, name: object) -> bool:
        return name in self.models

    def _with(self, **changes: Any) -> Registry:
        kept = {
            "models": self.models, "methods": self.methods, "everywhere": self.everywhere, "wrappers": self.wrappers,
        }  # fmt: skip
        return Registry(**{**kept, **changes}, base=self.base, generation=self.generation)

    def evolve(self, *models: Model, without: Iterable[str] = ()) -> Registry:
        """Return a registry with these models added or replaced; inherited fields are updated."""
        changed = dict(self.models) | {model.name: model for model in models}
        gone = set(without)
        for name in gone:
            changed.pop(name, None)
        touched = gone.union(model.name for model in models)
        for name in _sources_first(changed):
            model = changed[name]
            sources = {*model.inherits, *model.mixins}
            if sources and (name in touched or not touched.isdisjoint(sources)):
                changed[name] = model.replace(inherited_fields=_inherited_fields(model, changed))
                touched.add(name)
        return self._with(models=changed)

    def with_method(self, model: str | None, method: Method) -> Registry:
        """Return a registry in which a method overrides that of the same name in a model, or (None) in every one."""
        return self._with(methods=self.methods | {(model, method.name): method})

    def with_methods(self, methods: Mapping[tuple[str | None, str], Method]) -> Registry:
        """Return a registry of the same models with these overrides."""
        return self._with(methods=methods)

    def extended_everywhere(self, cls: type) -> Registry:
        """Return a registry in which a class extends every model."""
        return self._with(everywhere=(cls, *self.everywhere))

    def with_wrappers(self, wrappers: Mapping[str, type]) -> Registry:
        """Return a registry with these wrappers, which compute no fields: what is known of fields stays true."""
        made = self._with(wrappers=wrappers)
        known = {name: value for name, value in vars(self).items() if name not in vars(made) or name in _OF_FIELDS}
        vars(made).update(known)
        changed = {name for name in {*self.wrappers, *wrappers} if self.wrappers.get(name) is not wrappers.get(name)}
        made._classes = {name: cls for name, cls in self._classes.items() if name not in changed}
        return made

    # -- the classes of records

    def records(self, name: str) -> type[Any]:
        """Return the class of the records of a model; raises KeyError for an unknown one."""
        try:
            return self._classes[name]
        except KeyError:
            found = self.own_records(name)
            own = {n: m for (owner, n), m in self.methods.items() if owner is None}
            own |= {n: m for (owner, n), m in self.methods.items() if owner == name}
            found = self._classes[name] = with_overrides(found, own) if own else found
            return found

    def own_records(self, name: str) -> type[Any]:
        """Return the class of the records of a model without a test's overrides."""
        return compose(name, imported(self._definitions_of(name)), self.base, self.generation)

    def _definitions_of(self, name: str) -> Definitions:
        """Return the classes that the records of a model are made of, the last one first."""
        found = self._composed_of.get(name)
        if found is None:
            wrapper = self.wrappers.get(name)
            first = () if wrapper is None else (wrapper,)
            found = tuple(dict.fromkeys((*first, *self._definitions(self.models[name]), *self.everywhere)))
            self._composed_of[name] = found
        return found

    def _definitions(self, model: Model) -> Iterator[type | Summary]:
        yield from model.definitions
        for mixin in model.mixins:
            if mixin in self.models and mixin != model.name:
                yield from self._definitions(self.models[mixin])

    def method(self, model: str, name: str) -> Method | None:
        """Return the method of a model by name, or None."""
        return self.methods_of(model).get(name)

    def methods_of(self, model: str) -> Methods:
        """Return the methods of a model by name; for an unknown model, those of every model."""
        return methods_of(self.records(model) if model in self.models else self._no_model)

    def own_method(self, model: str, name: str) -> Method | None:
        """Return the method of a model by name without a test's overrides, or None."""
        found = self.own_records(model) if model in self.models else self._plain
        return methods_of(found).get(name)

    @cached_property
    def _plain(self) -> type[Any]:
        """The class of methods that every model has, without overrides."""
        return compose("", imported(self.everywhere), self.base, self.generation)

    @cached_property
    def _no_model(self) -> type[Any]:
        """The class of methods for an unknown model."""
        own = {n: m for (owner, n), m in self.methods.items() if owner is None}
        return with_overrides(self._plain, own) if own else self._plain

    def depends(self, field: Field) -> tuple[str, ...]:
        """Return the paths on which the value of a computed or related field depends."""
        if not field.compute:
            return (field.related,) if field.related else ()
        key = field.model, field.name
        if key not in self._depends:
            definitions = self._definitions_of(field.model)
            self._depends[key] = depends_of(definitions, self.base, self.generation, field.compute, field.depends)
        return self._depends[key]

    def roots(self, field: Field) -> frozenset[str]:
        """Return the fields of its own model on which a computed field depends, directly or through others."""
        found = self._roots.get((field.model, field.name))
        if found is None:
            fields, names = self.models[field.model].fields, set[str]()
            pending = [field]
            while pending:
                for path in self.depends(pending.pop()):
                    step = fields.get(path.partition(".")[0])
                    if step is not None and step.name not in names:
                        names.add(step.name)
                        pending += [step] if step.compute or step.related else []
            found = self._roots[field.model, field.name] = frozenset(names)
        return found

    @cached_property
    def committing(self) -> Sequence[Committing]:
        """The models with a method `_at_commit`, which runs at the end of every transaction that wrote something."""
        return committing({model.name: model.definitions for model in self.models.values()})

    @cached_property
    def restricted(self) -> bool:
        """Whether any field is restricted to groups."""
        return any(model.restricted for model in self.models.values())

    @cached_property
    def referrers(self) -> Mapping[str, list[Field]]:
        """The many2one and many2many columns that point to each model, by comodel."""
        found: dict[str, list[Field]] = defaultdict(list)
        for model in self.models.values():
            for f in model.columns:
                if isinstance(f, (Many2one, Many2many)) and f.relation and model.auto and not model.abstract:
                    found[f.relation].append(f)
        return found

    @cached_property
    def triggers(self) -> Mapping[tuple[str, str], list[Trigger]]:
        """The stored computed fields that depend on each field, by `(model, field)`."""
        found: dict[tuple[str, str], dict[Trigger, None]] = defaultdict(dict)
        for model in self.models.values():
            for f in model.stored_computes if model.auto else ():
                known: dict[tuple[bool, tuple[Field, ...]], Trigger] = {}
                for path in self._stored_paths(model, f):
                    for at, steps, joined in self._steps_along(model, path):
                        trigger = known.get((joined, steps))
                        if trigger is None:
                            trigger = known[joined, steps] = Trigger(model.name, f.name, steps, joined)
                        found[at][trigger] = None
        return {at: [*triggers] for at, triggers in found.items()}

    def computations(self, name: str) -> tuple[tuple[str, ...], ...]:
        """Return the stored computed fields of a model, grouped by method, in an order in which dependencies come
        first."""
        found = self._computations.get(name)
        if found is None:
            found = self._computations[name] = self._in_order(self.models[name])
        return found

    def _in_order(self, model: Model) -> tuple[tuple[str, ...], ...]:
        groups: dict[str, list[str]] = defaultdict(list)  # the fields of a method, by the name of the first of them
        group_of: dict[str, str] = {}
        firsts: dict[str, str] = {}
        for f in model.stored_computes:
            group_of[f.name] = firsts.setdefault(f.compute or f"related {f.name}", f.name)
            groups[group_of[f.name]].append(f.name)
        definitions = self._definitions_of(model.name)
        ordered: dict[str, None] = {}
        visiting: set[str] = set()

        def visit(group: str) -> None:
            if group in visiting or group in ordered:
                return
            visiting.add(group)
            field = model.fields[group]
            later = computed_after(definitions, self.base, self.generation, field.compute) if field.compute else ()
            for path in (*self.depends(field), *later):
                step = path.partition(".")[0]
                if step in group_of:
                    visit(group_of[step])
            ordered[group] = None

        for group in groups:
            visit(group)
        return tuple(tuple(groups[group]) for group in ordered)

    def _stored_paths(self, model: Model, computed: Field) -> Iterable[tuple[str, ...]]:
        """Return the paths on which a computed field depends, directly or through fields that are not stored."""
        paths = dict.fromkeys(tuple(path.split(".")) for path in self.depends(computed))
        pending = deque(paths)
        while pending:
            path = pending.popleft()
            at: Model | None = model
            for i, name in enumerate(path):
                step = None if at is None else at.fields.get(name)
                if step is None:
                    break
                if not step.column:
                    rest = path[i + 1 :] if step.related else ()
                    for source in self.depends(step):
                        further = (*path[:i], *source.split("."), *rest)
                        if further not in paths and len(further) <= MAX_STEPS:
                            paths[further] = None
                            pending.append(further)
                at = self.models.get(step.comodel)
        return paths

    def _steps_along(
        self, model: Model, path: Sequence[str]
    ) -> Iterator[tuple[tuple[str, str], tuple[Field, ...], bool]]:
        """Yield the fields along a path, `(model, field)`, each with the steps that lead to it and whether a new record
        is at their end at once."""
        at: Model | None = model
        joined = True
        steps: tuple[Field, ...] = ()
        for name in path:
            step = None if at is None else at.fields.get(name)
            if at is None or step is None:
                return
            yield (at.name, name), steps, joined
            if not step.relation:
                return
            back = inverse_name(step)
            joined = bool(back)
            steps = (*steps, step)
            if back:  # writing the inverse field changes which record a line belongs to
                yield (step.comodel, back), steps, joined
            for leaf in step.domain or ():  # which lines a field shows depends on these; Inferred: from 17.0
                if not isinstance(leaf, str) and leaf[0] != back:
                    yield (step.comodel, leaf[0]), steps, joined
            at = self.models.get(step.comodel)

    @cached_property
    def read_through(self) -> Mapping[str, set[str]]:
        """The many2one fields that stored computed fields read through, by model.

        The computation fails on a missing target of such a field before the database does.
        """
        found: dict[str, set[str]] = defaultdict(set)
        for model in self.models.values():
            for f in model.columns:
                depends = self.depends(f) if f.compute else ()
                paths = [model.fields[p].related or p if p in model.fields else p for p in (*depends, *f.depends)]
                found[model.name] |= {path.split(".")[0] for path in paths if "." in path}
        return found


def _sources_first(models: Mapping[str, Model]) -> Iterator[str]:
    """Yield the names of models, each after its mixins and parents."""
    seen: set[str] = set()

    def visit(name: str) -> Iterator[str]:
        if name not in seen and name in models:
            seen.add(name)
            for source in (*models[name].mixins, *models[name].inherits):
                yield from visit(source)
            yield name

    for name in models:
        yield from visit(name)


def _inherited_fields(model: Model, models: Mapping[str, Model]) -> dict[str, Field]:
    """Return the inherited fields of a model: copies of those of its mixins, and related fields for those of its
    parents."""
    inherited: dict[str, Field] = {}
    own, known = model.own_fields, model.inherited_fields
    for mixin in model.mixins:
        for name, f in models[mixin].fields.items() if mixin in models else ():
            if name not in own and name not in inherited:
                old = known.get(name)
                inherited[name] = old if old is not None and old.source is f else f.replace(model=model.name, source=f)
    for parent, many2one in model.inherits.items():
        for name, f in models[parent].fields.items() if parent in models else ():
            if name not in own and name not in inherited:
                old = known.get(name)
                inherited[name] = old if old is not None and old.source is f else f.replace(
                    model=model.name, store=False, related=f"{many2one}.{name}", inherited=True, mirror=None,
                    relation_field=None, company_dependent=False, depends=(), compute=None, inverse=None, search=None,
                    source=f,
                )  # fmt: skip
    return inherited
