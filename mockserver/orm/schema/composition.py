"""Compose the class of a model's records from the classes that define and extend the model.

As on the real server, the classes are ordered so that `super()` in each finds the one before it: the last extension
comes first, then the classes that it extends, the mixins, and finally the base of all models.  Methods of the given
generation are selected here.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from threading import get_ident
from types import FunctionType
from typing import Any, NamedTuple, TypeVar

from mockserver import profiles
from mockserver.orm.schema.api import Method, Methods, Notes, notes
from mockserver.orm.schema.summary import Definitions, Summary

Classes = tuple[type, ...]
NotesByMethod = Mapping[str, list[tuple[Notes, bool]]]
Made = TypeVar("Made")
PREPARED = "_mockserver_prepared"
_KEPT = "_mockserver_kept"
_WRAPPED = "mockserver_function"
# the modules of the classes that every model inherits, and of those that are the server's own
_TECHNICAL = ("base", "base_automation", "base_mail", "mail", "rest_flectra", "rest_muk")
_OF_EVERY_MODEL, _BUNDLED = "mockserver.orm.", "mockserver.addons."


def compose(name: str, definitions: Classes, base: type, generation: int) -> type:
    """Return the class of the records of a model: `definitions` from the last to the first, then `base`.

    It has `_methods` (the callable methods by name), `_constrains`, `_onchanges`, `_ondeletes` (names of functions).
    """
    owner = next((part for part in definitions if not part.__module__.startswith(_BUNDLED)), base)
    return _kept(owner, (name, definitions, generation, base), lambda: _composed(name, definitions, base, generation))


def _kept(cls: type, key: Hashable, make: Callable[[], Made]) -> Made:
    """Return what `make` makes, once for a class and a key.

    The class itself keeps it: a cache beside it would keep the class of a test when the test is long over.
    """
    kept: dict[Hashable, Any] | None = vars(cls).get(_KEPT)
    if kept is None:
        kept = {}
        setattr(cls, _KEPT, kept)
    found: Made | None = kept.get(key)
    if found is None:
        found = kept[key] = make()
    return found


def _composed(name: str, definitions: Classes, base: type, generation: int) -> type:
    bases = tuple(_variant(part, base, generation) for part in (*definitions, base))
    tables = _tables_of_every_model(base, generation).copy()
    for part in reversed(definitions):
        _add(tables, name, part, base, generation)
    return _make_class(name, _without_repeats(bases), {"_name": name, **_attributes(tables)})


def with_overrides(cls: type, methods: Mapping[str, Method]) -> type:
    """Return a class of records in which the given methods override its own."""
    functions = {name: transactional(method.function, name) for name, method in methods.items()}
    return _make_class(cls.__name__, (cls,), {**functions, "_methods": {**methods_of(cls), **methods}})


def methods_of(cls: type) -> Methods:
    """Return the methods of a class made by `compose`."""
    found: Methods = cls._methods  # type: ignore[attr-defined]
    return found


def overridden(cls: type, name: str) -> bool:
    """Return whether a class of the model, or of a test, has its own version of a method that every model has."""
    return not methods_of(cls)[name].function.__module__.startswith(_OF_EVERY_MODEL)


def _without_repeats(bases: tuple[type, ...]) -> tuple[type, ...]:
    """Return the bases without duplicates and without superclasses of other ones."""
    return tuple(
        base
        for position, base in enumerate(bases)
        if not any(issubclass(other, base) for place, other in enumerate(bases) if place != position and other != base)
        and base not in bases[:position]
    )


def own_functions(cls: type, base: type | None = None) -> Iterator[tuple[str, FunctionType]]:
    """Yield `(name, function)` for a class and the plain classes that it is made of, except those of `base`."""
    for part in _parts(cls, base):
        for name, value in vars(part).items():
            if isinstance(value, FunctionType):
                yield name, value.__dict__.get(_WRAPPED, value)


def _parts(cls: type, base: type | None) -> Classes:
    """Return the plain classes that a class is made of, except those of `base`, the one that it extends last."""

    def parts() -> Classes:
        left = () if base is None else base.__mro__
        return tuple(part for part in reversed(cls.__mro__) if PREPARED in vars(part) and part not in left)

    return _kept(cls, ("parts", base), parts)


def _variant(cls: type, base: type, generation: int) -> type:
    """Return the class for a generation: functions with another method name are added under that name, and those that
    the generation does not have let through to the classes that this one extends."""
    return _kept(cls, ("variant", base, generation), lambda: _made_variant(cls, base, generation))


def _made_variant(cls: type, base: type, generation: int) -> type:
    changed: dict[str, Any] = {}
    for name, function in own_functions(cls, None if cls is base else base):
        noted = notes(function)
        if offered(noted, generation):
            if noted.name not in (None, name) and not noted.for_clients:
                changed[str(noted.name)] = transactional(function, str(noted.name))
        elif cls is not base:
            changed.setdefault(name, _passing_on(cls, name, function))
    return _make_class(cls.__name__, (cls,), changed) if changed else cls


def _passing_on(cls: type, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function in the place of one that a generation does not have: what the class extends is called."""

    def pass_on(self: Any, *args: Any, **kwargs: Any) -> Any:
        extended = getattr(super(cls, self), name, None)
        return function(self, *args, **kwargs) if extended is None else extended(*args, **kwargs)

    return pass_on


def _make_class(name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> type:
    # the real server's classes have this module, which clients see in the error for a record in an answer.
    # Differs: they have it in every product.
    return type(name, bases, {"__slots__": (), "__module__": "odoo.api", **namespace}, composed=True)


def offered(noted: Notes, generation: int) -> bool:
    """Return whether the noted method exists in a generation."""
    return profiles.offered(generation, noted.since, noted.until)


def in_generation(cls: Any, generation: int) -> bool:
    """Return whether a class extends the model of a generation."""
    return profiles.offered(generation, cls._since, cls._until)


class _Tables(NamedTuple):
    """The methods of a model by name, and the names of the functions that decorators mark."""

    methods: dict[str, Method]
    constrains: dict[str, tuple[str, ...]]
    onchanges: dict[str, tuple[str, ...]]
    ondeletes: dict[str, None]

    def copy(self) -> _Tables:
        """Return tables to which the classes of a model can be added."""
        return _Tables(dict(self.methods), dict(self.constrains), dict(self.onchanges), dict(self.ondeletes))


def _tables_of_every_model(base: type, generation: int) -> _Tables:
    def tables() -> _Tables:
        made = _Tables({}, {}, {}, {})
        _add(made, "", base, None, generation)
        return made

    return _kept(base, ("tables", generation), tables)


def _add(tables: _Tables, model: str, part: type, base: type | None, generation: int) -> None:
    """Add what one of the classes of a model says, but for what `base` says."""
    bundled, reads = part.__module__.startswith(_BUNDLED), _is_business(part)
    for name, function in own_functions(part, base):
        noted = notes(function)
        called = noted.name or name
        if called.startswith("__") or not offered(noted, generation):
            continue
        if bundled and not called.startswith("_"):
            owner = profiles.class_name(model, function.__qualname__.partition(".")[0], generation)
            function = _owned_by(owner, function)
        tables.methods[called] = as_method(called, function, noted, tables.methods.get(called), reads=reads)
        if noted.constrains:
            tables.constrains[name] = noted.constrains
        if noted.onchange:
            tables.onchanges[name] = noted.onchange
        if noted.ondelete:
            tables.ondeletes[name] = None


def _attributes(tables: _Tables) -> dict[str, Any]:
    return {
        "_methods": tables.methods, "_constrains": tables.constrains, "_onchanges": tables.onchanges,
        "_ondeletes": tuple(tables.ondeletes),
    }  # fmt: skip


def _owned_by(owner: str, function: FunctionType) -> FunctionType:
    """Return the function with the name of another class in Python's errors."""
    name = f"{owner}.{function.__qualname__.partition('.')[2]}"
    if function.__qualname__ == name:
        return function
    made = FunctionType(function.__code__, function.__globals__, function.__name__, function.__defaults__,
                        function.__closure__)  # fmt: skip
    made.__kwdefaults__, made.__qualname__ = function.__kwdefaults__, name
    made.__dict__.update(function.__dict__)
    return made


def _is_business(part: type) -> bool:
    """Return whether a class is part of a business module, whose methods read the records that they are called on."""
    module = part.__module__
    return module.startswith(_BUNDLED) and module.removeprefix(_BUNDLED).partition(".")[0] not in _TECHNICAL


def as_method(
    name: str, function: Callable[..., Any], noted: Notes, overridden: Method | None, *, reads: bool = False
) -> Method:
    """Return the `Method` of a function; what its notes leave open is taken from the method that it overrides."""
    takes_ids = not noted.on_model if noted.on_model is not None else overridden.takes_ids if overridden else True
    private = noted.private or name.startswith("_") or (overridden is not None and overridden.private)
    since = noted.private_since or (overridden.private_since if overridden else None)
    over_http = noted.over_http or (overridden is not None and overridden.over_http)
    returns_id = noted.returns_id or (overridden is not None and overridden.returns_id)
    reads = reads if overridden is None else overridden.reads_records
    return Method(
        name, function, takes_ids, private, noted.since, noted.until, since, False, over_http, returns_id, reads
    )  # fmt: skip


def transactional(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """Return a function for calls from code, which begins a transaction if none is open.

    Within a transaction, where methods call each other, it calls the function directly.
    """
    if name.startswith("_"):
        return function

    @functools.wraps(function)
    def enter(self: Any, *args: Any, **kwargs: Any) -> Any:
        if self.env.db.owner == get_ident():
            return function(self, *args, **kwargs)
        return self.call(name, *args, **kwargs)

    enter.__dict__[_WRAPPED] = function
    return enter


def prepare(cls: type) -> None:
    """Prepare a class: its public methods begin a transaction, and have the server's names in errors."""
    spans: dict[str, list[Notes]] = {}
    for name, value in list(vars(cls).items()):
        if not isinstance(value, FunctionType) or name.startswith("__"):
            continue
        noted = notes(value)
        called = noted.name or name
        if any(profiles.overlap(noted.since, noted.until, other.since, other.until) for other in spans.get(called, ())):
            raise TypeError(f"class {cls.__name__}: the method {called!r} is defined twice")
        spans.setdefault(called, []).append(noted)
        if not called.startswith("_"):
            # Python's texts about missing arguments name the function, and clients see them
            of_every_model = cls.__module__.startswith(_OF_EVERY_MODEL)
            owner = vars(cls).get("_declared_by", "BaseModel" if of_every_model else cls.__name__)
            value.__qualname__ = f"{owner}.{called}"
            if not noted.for_clients:
                setattr(cls, name, transactional(value, called))
    setattr(cls, PREPARED, True)


def depends_of(
    definitions: Definitions, base: type, generation: int, name: str, facts: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the paths on which the value that a method computes depends: those of all functions that it is made of.

    `facts` are those of the field in its fixture, for bundled functions without `@api.depends`.
    """
    found: dict[str, None] = {}
    said = False
    for noted, bundled in _noted(definitions, base, generation, name):
        if noted.depends is not None or bundled:
            said = True
            found.update(dict.fromkeys(facts if noted.depends is None else noted.depends))
    return tuple(found) if said else facts


def computed_after(definitions: Definitions, base: type, generation: int, name: str) -> tuple[str, ...]:
    """Return the fields after which a method is to compute new records."""
    return tuple(field for noted, _ in _noted(definitions, base, generation, name) for field in noted.after)


def _noted(definitions: Definitions, base: type, generation: int, name: str) -> Iterator[tuple[Notes, bool]]:
    """Yield the notes of the functions that a method is made of, the last first, and whether each is bundled."""
    for part in definitions:
        yield from _notes_by_method(part, base, generation).get(name, ())
    yield from _notes_by_method(base, None, generation).get(name, ())


def _notes_by_method(part: type | Summary, base: type | None, generation: int) -> NotesByMethod:
    """Return the notes of the functions of a class that a generation has, by method."""
    if isinstance(part, Summary):
        return _notes_of_summary(part, generation)
    return _kept(part, ("notes", base, generation), lambda: _offered_notes(_functions(part, base), generation))


@functools.lru_cache(maxsize=4096)
def _notes_of_summary(said: Summary, generation: int) -> NotesByMethod:
    return _offered_notes(((name, noted, True) for name, noted in said.functions.items()), generation)


def _offered_notes(functions: Iterable[tuple[str, Notes, bool]], generation: int) -> NotesByMethod:
    found: dict[str, list[tuple[Notes, bool]]] = {}
    for name, noted, bundled in functions:
        if offered(noted, generation):
            found.setdefault(noted.name or name, []).insert(0, (noted, bundled))
    return found


def _functions(part: type, base: type | None) -> Iterator[tuple[str, Notes, bool]]:
    """Yield `(name, notes, whether it is bundled)` for the functions of a class."""
    for name, function in own_functions(part, base):
        yield name, notes(function), function.__module__.startswith(_BUNDLED)
