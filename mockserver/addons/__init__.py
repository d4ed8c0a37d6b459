"""The bundled add-ons: a folder each, with one file for each model; data and field facts are in `fixtures/`.

`definitions(name)` returns what the model classes of the add-on for a pack say; they are imported when they are used.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from mockserver import profiles
from mockserver.addons import summaries
from mockserver.orm.methods import BaseModel
from mockserver.orm.schema.api import Method, Notes, notes
from mockserver.orm.schema.composition import as_method, compose, in_generation, methods_of, own_functions
from mockserver.orm.schema.summary import Summary, class_name, imported

Classes = tuple[type, ...]
NOT_MODELS = ("test", "conftest", "setup")  # how the names of modules begin that are not imported


@functools.cache
def names() -> tuple[str, ...]:
    """Return the names of the bundled add-ons."""
    return tuple(sorted(found.name for found in pkgutil.iter_modules([str(Path(__file__).parent)]) if found.ispkg))


@functools.cache
def definitions(name: str) -> tuple[Summary, ...]:
    """Return what the model classes of a bundled add-on say, in the order of its files, without importing them.

    None for a pack without a folder.
    """
    return tuple(summaries.of_add_on(name)) if name in names() else ()


def classes(name: str) -> Classes:
    """Return the model classes of a bundled add-on themselves."""
    return imported(definitions(name))


def model_classes(package: str) -> Iterator[type]:
    """Yield the model classes in the modules of a package and of its subpackages."""
    root = importlib.import_module(package)
    yield from _in_module(root.__name__, vars(root))
    for found in sorted(pkgutil.iter_modules(root.__path__), key=lambda module: module.name):
        if not found.name.startswith(NOT_MODELS):
            if found.ispkg:
                yield from model_classes(f"{package}.{found.name}")
            else:
                module = importlib.import_module(f"{package}.{found.name}")
                yield from _in_module(module.__name__, vars(module))


def _in_module(name: str, members: Mapping[str, object]) -> Iterator[type]:
    for value in list(members.values()):
        if isinstance(value, type) and issubclass(value, BaseModel) and value.__module__ == name and not value._wraps:
            yield value


@functools.cache
def by_model() -> Mapping[str, Classes]:
    """Return `{model: bundled classes that define or extend it}`, the last one first."""
    found: dict[str, Classes] = {}
    for name in names():
        for cls in classes(name):
            model = summaries.model_names(cls)[0]
            found[model] = (cls, *found.get(model, ()))
    return found


class ByName(Mapping[str, Summary]):
    """What the bundled classes say by the names that dumps have for them; an add-on is read when it is asked for."""

    def __getitem__(self, name: str) -> Summary:
        package, _, rest = name.removeprefix(f"{__name__}.").partition(".")
        if not rest or package not in names():
            raise KeyError(name)
        return self._of(package)[name]

    def __iter__(self) -> Iterator[str]:
        return (name for package in names() for name in self._of(package))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @staticmethod
    @functools.cache
    def _of(package: str) -> Mapping[str, Summary]:
        return {class_name(said): said for said in definitions(package)}


def method(model: str, name: str, generation: int) -> Method | None:
    """Return a method of a bundled add-on's model in a generation, without a database."""
    own = [cls for cls in by_model().get(model, ()) if in_generation(cls, generation)]
    mixed = [part for cls in own for mixin in summaries.model_names(cls)[1:] for part in by_model().get(mixin, ())]
    definitions = tuple(dict.fromkeys((*own, *mixed)))
    return methods_of(compose(model, definitions, BaseModel, generation)).get(name)


def methods() -> Iterator[tuple[str | None, Method]]:
    """Yield `(model, or None for every model, method)` for the methods of the bundled classes, with their spans."""
    for model, found in ((None, (BaseModel,)), *by_model().items()):
        for cls in found:
            for name, function in own_functions(cls, None if cls is BaseModel else BaseModel):
                said = _within(notes(function), cls)
                called = said.name or name
                last = profiles.LAST if said.until is None else said.until
                general = methods_of(compose("", (), BaseModel, last)).get(called) if model else None
                if not called.startswith("__"):
                    yield model, as_method(called, function, said, general)


def _within(said: Notes, cls: type) -> Notes:
    """Return the notes of a method with the generations in which its class extends the model."""
    since, until = cls._since, cls._until  # type: ignore[attr-defined]
    last = [generation for generation in (said.until, until) if generation is not None]
    return said._replace(since=max(said.since, since), until=min(last, default=None))
