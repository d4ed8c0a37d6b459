"""Models that a test writes in Python: a class of fields and methods, for `@mockserver.model("x_machine")`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import FunctionType
from typing import Any, TypeVar

from mockserver.orm.records.database import Database
from mockserver.seed import build as seed
from mockserver.seed.check import MODEL_KEYS
from mockserver.server.app import App
from mockserver.testing.overrides import Overrides
from mockserver.testing.overrides.fields import Field
from mockserver.testing.overrides.override import Override, checked

Class = TypeVar("Class", bound=type)
Function = TypeVar("Function", bound=Callable[..., Any])

# the attribute of a function that `model_method` sets
_WITHOUT_IDS = "mockserver_without_ids"


def model_method(function: Function) -> Function:
    """Mark a method of a model class as one whose calls pass no ids, as `@api.model` does on the real server."""
    function.__dict__[_WITHOUT_IDS] = True
    return function


@dataclass(frozen=True, eq=False)
class Definition:
    """A model, or what is added to one, as an addition to every database; `source` names it in errors."""

    name: str
    attributes: Mapping[str, Any]
    fields: Mapping[str, Field]
    source: str

    def __call__(self, database: Database) -> None:
        """Define or extend the model; raises FixtureError."""
        known = database.registry.get(self.name)
        description = {} if known is not None else {"description": self.name}
        defaults = {name: field.default for name, field in self.fields.items() if field.has_default}
        definition = {**description, **self.attributes}
        definition["defaults"] = {**definition.get("defaults", {}), **defaults}
        definition["fields"] = {name: dict(field) for name, field in self.fields.items()}
        methods = database.registry.methods
        # the rows that describe a model are not the test's business: no override sees them
        database.registry = database.registry.with_methods({})
        seed.load(database, {"models": {self.name: definition}}, source=self.source)
        database.registry = database.registry.with_methods(methods)


def define(app: App, overrides: Overrides, name: str, attributes: Mapping[str, Any]) -> Callable[[Class], Class]:
    """The decorator of a class whose fields and methods a model gets; see `Kit.model`."""
    if not isinstance(name, str):
        raise TypeError('model takes the name of the model: @mockserver.model("x_machine")')

    def add(cls: Class) -> Class:
        if not isinstance(cls, type):
            raise TypeError(f"@mockserver.model stands before a class, not before {cls!r}")
        fields, methods = _members(cls)
        app.databases.extend(Definition(name, attributes, fields, f"class {cls.__name__}"))
        for method, function in methods.items():
            ids = False if function.__dict__.get(_WITHOUT_IDS) else None
            overrides.check(name, method, ids)
            overrides.add(Override(name, method, function, ids))
        return cls

    return add


def _members(cls: type) -> tuple[dict[str, Field], dict[str, FunctionType]]:
    """The fields and the methods of a class and of those that it inherits from; raises TypeError for anything else.

    Names in capitals are the class's own.
    """
    found = {name: value for base in reversed(cls.__mro__[:-1]) for name, value in vars(base).items()}
    fields: dict[str, Field] = {}
    methods: dict[str, FunctionType] = {}
    for name, value in found.items():
        if isinstance(value, Field):
            fields[name] = value
        elif name.startswith("__") or name.isupper():
            continue
        elif isinstance(value, FunctionType):
            methods[name] = value
            checked(value)
        else:
            raise TypeError(f"class {cls.__name__}: {_what_else(name, value)}")
    return fields, methods


def _what_else(name: str, value: Any) -> str:
    if name in ("_name", "_inherit"):
        return f"the decorator names the model, not {name}"
    if name.startswith("_") and name[1:] in MODEL_KEYS:
        return f"{name} is said in the decorator: @mockserver.model(…, {name[1:]}={value!r})"
    if isinstance(value, type) and issubclass(value, Field):
        return f"{name} is the class of a field: write {name} = fields.{value.__name__}()"
    if isinstance(value, (staticmethod, classmethod)):
        return f"{name} is a {type(value).__name__}; a method takes the records first (see model_method)"
    return f"{name} is neither a field (fields.Char() …) nor a method: {value!r}"
