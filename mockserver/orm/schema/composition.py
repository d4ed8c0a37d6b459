"""The class of a model's records, made of the classes that say something of the model.

As on the real server, the classes of a model follow each other so that `super()` in one finds the one before it: the
last extension comes first, then what it extends, the mixins, and at the end the base of all models.  What only some
generations have is put in its place here.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from threading import get_ident
from types import FunctionType
from typing import Any

from mockserver import profiles
from mockserver.orm.schema.api import Method, Methods, Notes, notes

Definitions = tuple[type, ...]
PREPARED = "_mockserver_prepared"
_ENTERED = "mockserver_function"


@functools.lru_cache(maxsize=4096)
def compose(name: str, definitions: Definitions, base: type, generation: int) -> type:
    """Return the class of the records of a model: `definitions` from the last to the first, then `base`.

    It has `_methods` (by name, those that calls find), `_constrains`, `_onchanges`, `_ondeletes` (names of functions).
    """
    parts = (*definitions, base)
    bases = tuple(_variant(part, base, generation) for part in parts)
    return _made(name, _without_repeats(bases), {"_name": name, **_tables(parts, base, generation)})


def overlaid(cls: type, methods: Mapping[str, Method]) -> type:
    """Return a class of records with other methods in the place of its own, as overrides want it."""
    functions = {name: entered(method.function, name) for name, method in methods.items()}
    return _made(cls.__name__, (cls,), {**functions, "_methods": {**methods_of(cls), **methods}})


def methods_of(cls: type) -> Methods:
    """Return the methods of a class that `compose` made."""
    found: Methods = cls._methods  # type: ignore[attr-defined]
    return found


def _without_repeats(bases: tuple[type, ...]) -> tuple[type, ...]:
    """Return the bases, without those that another one is made of already."""
    return tuple(
        base
        for position, base in enumerate(bases)
        if not any(issubclass(other, base) for place, other in enumerate(bases) if place != position and other != base)
        and base not in bases[:position]
    )


def own_functions(cls: type, base: type | None = None) -> Iterator[tuple[str, FunctionType]]:
    """`(name, function)` of a class, and of the plain classes that it is made of; not those of `base`."""
    parts = cls.__mro__ if base is None else [part for part in cls.__mro__ if part not in base.__mro__]
    for part in reversed(parts):
        for name, value in vars(part).items() if PREPARED in vars(part) else ():
            if isinstance(value, FunctionType):
                yield name, value.__dict__.get(_ENTERED, value)


@functools.lru_cache(maxsize=4096)
def _variant(cls: type, base: type, generation: int) -> type:
    """Return the class as a generation has it: methods that are another function there stand under their name."""
    renamed: dict[str, Any] = {}
    for name, function in own_functions(cls, None if cls is base else base):
        said = notes(function)
        if said.name not in (None, name) and not said.for_clients and offered(said, generation):
            renamed[str(said.name)] = entered(function, str(said.name))
    return _made(cls.__name__, (cls,), renamed) if renamed else cls


def _made(name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> type:
    # the real server's classes say that they are of this module, and clients read it in the error of a record in an
    # answer.  Differs: they say so in every product.
    return type(name, bases, {"__slots__": (), "__module__": "odoo.api", **namespace}, composed=True)


def offered(said: Notes, generation: int) -> bool:
    """Return whether a generation has what was noted."""
    return profiles.offered(generation, said.since, said.until)


def _tables(parts: tuple[type, ...], base: type, generation: int) -> dict[str, Any]:
    found: dict[str, Method] = {}
    rules: dict[str, tuple[str, ...]] = {}
    changes: dict[str, tuple[str, ...]] = {}
    deletes: dict[str, None] = {}
    for part in reversed(parts):
        for name, function in own_functions(part, None if part is base else base):
            said = notes(function)
            called = said.name or name
            if called.startswith("__") or not offered(said, generation):
                continue
            found[called] = as_method(called, function, said, found.get(called))
            if said.constrains:
                rules[name] = said.constrains
            if said.onchange:
                changes[name] = said.onchange
            if said.ondelete:
                deletes[name] = None
    return {"_methods": found, "_constrains": rules, "_onchanges": changes, "_ondeletes": tuple(deletes)}


def as_method(name: str, function: Callable[..., Any], said: Notes, hidden: Method | None) -> Method:
    """Return the method that a function is; what it does not say is as in the one that it hides."""
    takes_ids = not said.on_model if said.on_model is not None else hidden.takes_ids if hidden else True
    private = said.private or name.startswith("_") or (hidden is not None and hidden.private)
    since = said.private_since or (hidden.private_since if hidden else None)
    return Method(name, function, takes_ids, private, said.since, said.until, since)


def entered(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """Return the function as code calls it on records: outside a transaction it begins one.

    Within one, which is where methods run each other, it is the function itself.
    """
    if name.startswith("_"):
        return function

    @functools.wraps(function)
    def enter(self: Any, *args: Any, **kwargs: Any) -> Any:
        if self.env.db.owner == get_ident():
            return function(self, *args, **kwargs)
        return self.call(name, *args, **kwargs)

    enter.__dict__[_ENTERED] = function
    return enter


def prepare(cls: type) -> None:
    """Make a class body ready: its public methods begin a transaction, and are named as the server's are in errors."""
    spans: dict[str, list[Notes]] = {}
    for name, value in list(vars(cls).items()):
        if not isinstance(value, FunctionType) or name.startswith("__"):
            continue
        said = notes(value)
        called = said.name or name
        if any(profiles.overlap(said.since, said.until, other.since, other.until) for other in spans.get(called, ())):
            raise TypeError(f"class {cls.__name__}: the method {called!r} is defined twice")
        spans.setdefault(called, []).append(said)
        if not called.startswith("_"):
            # Python names the function in its own "missing argument" texts, which clients see
            value.__qualname__ = f"BaseModel.{called}"
            if not said.for_clients:
                setattr(cls, name, entered(value, called))
    setattr(cls, PREPARED, True)


def depends_of(cls: type, name: str) -> tuple[str, ...] | None:
    """Return what `@api.depends` says of a function of a class; None where nothing says it."""
    for part in cls.__mro__:
        found = notes(vars(part).get(name)).depends
        if found is not None:
            return found
    return None
