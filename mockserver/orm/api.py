"""The registry of methods that a client may call: decorators, lookup, and nothing by `getattr`.

A method is a function whose first parameter is the recordset.  `@model` methods take all arguments
of the call; `@record` methods run on the ids that the call passes first.  A function registered for
one model (`@record("res.users")`) with a second parameter named `parent` overrides and may call the
method it hides.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])

# (model or None, method name) → Method
METHODS: dict[tuple[str | None, str], Method] = {}


@dataclass(frozen=True)
class Method:
    """One callable method: `takes_ids` tells whether the first argument of a call is ids."""

    name: str
    function: Callable[..., Any]
    takes_ids: bool
    private: bool = False


class DuplicateMethod(ValueError):
    """Two functions claim the same method of the same model."""


def model(*models: str, private: bool = False) -> Callable[[Function], Function]:
    """Register a method without ids, on every model or on the models named."""
    return _register(models, takes_ids=False, private=private)


def record(*models: str, private: bool = False) -> Callable[[Function], Function]:
    """Register a method whose first argument is ids, on every model or on the models named.

    `private`: usable through `mockserver.env`, refused over the wire with the server's own text.
    """
    return _register(models, takes_ids=True, private=private)


def _register(models: tuple[str, ...], *, takes_ids: bool, private: bool) -> Callable[[Function], Function]:
    def add(function: Function) -> Function:
        name = function.__name__.rstrip("_")
        # Python names the function in its own "missing argument" texts, which clients see
        function.__qualname__ = f"BaseModel.{name}"
        for owner in models or (None,):
            if (owner, name) in METHODS:
                raise DuplicateMethod(f"method {name!r} of {owner or 'every model'} is registered twice")
            METHODS[owner, name] = Method(name, _with_parent(owner, name, function), takes_ids, private)
        find.cache_clear()
        return function

    return add


def _with_parent(owner: str | None, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    parameters = list(inspect.signature(function).parameters)
    if owner is None or len(parameters) < 2 or parameters[1] != "parent":
        return function
    hidden = METHODS[None, name].function

    @functools.wraps(function)
    def overriding(records: Any, *args: Any, **kwargs: Any) -> Any:
        return function(records, functools.partial(hidden, records), *args, **kwargs)

    return overriding


@functools.lru_cache(maxsize=4096)
def find(model_name: str, name: str) -> Method | None:
    """The method that a model answers to under that name, or None."""
    return METHODS.get((model_name, name)) or METHODS.get((None, name))
