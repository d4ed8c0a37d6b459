"""What a call asked of the mock that only a real server can do: compute values, run methods, install modules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mockserver import known_methods
from mockserver.orm.database import Database
from mockserver.orm.schema.elsewhere import elsewhere
from mockserver.orm.schema.model import Model
from mockserver.orm.schema.registry import Registry
from mockserver.seed.files import nearest, packs
from mockserver.seed.origins import field_hint, origin
from mockserver.services.call import printable
from mockserver.services.named_arguments import public_methods
from mockserver.testing.journal.mentions import mentioned, names_fields, shown, written

_READS_ALL = ("read", "search_read")  # without a list of fields they read every field
GIVEN = "a fixture, a model class or `mockserver pull` gives it one"
_SHOWN = 5  # fields in one note
_INSTALLS = ("button_immediate_install", "button_install")


def gaps(
    database: Database | None,
    model: str | None,
    method: str,
    arguments: Mapping[str, Any],
    ids: Iterable[Any] = (),
    *,
    failed: bool = False,
) -> list[str]:
    """Return a sentence for each thing that a call asked in vain: those of `named`, fields of a read of all, and models
    and fields that are not there, with where they come from; the method too, for a call that failed."""
    if database is not None and isinstance(model, str) and model not in database.registry:
        told = origin(model, database.profile) or (nearest(model, database.registry) or GIVEN).removeprefix("; ")
        return [f"the mock has no model {printable(model)}: {told}"]
    found = list(named(database, model, method, arguments, ids))
    if database is not None and model is not None:
        if failed and not found and not method.startswith("_") and database.method(model, method) is None:
            told = elsewhere(database.registry, model, method) or nearest(method, public_methods(model, database))
            found.append(f"the mock has no method {printable(method)} of {model}{told or '; an override adds it'}")
        missing = list(dict.fromkeys(_missing_fields(database, model, arguments)))
        found += missing[:_SHOWN]
        if len(missing) > _SHOWN:
            found.append(f"the mock lacks {len(missing) - _SHOWN} more of the fields that the call names")
    if database is not None and model in database.registry and method in _READS_ALL and not names_fields(arguments):
        fields = [name for name, field in database.registry[str(model)].fields.items() if field.uncomputed]
        if fields:
            more = f" and {len(fields) - _SHOWN} more" if len(fields) > _SHOWN else ""
            found.append(f"the mock does not compute {', '.join(fields[:_SHOWN])}{more} of {model}")
    return found


def named(
    database: Database | None, model: str | None, method: str, arguments: Mapping[str, Any], ids: Iterable[Any] = ()
) -> Iterator[str]:
    """Yield a sentence for each field in the arguments that the mock does not compute, for a method that it lacks, and
    for each of the `ids` of modules to install of which it has no models."""
    if database is None or model not in database.registry:
        return
    registry, definition = database.registry, database.registry[str(model)]
    if database.method(definition.name, method) is None:
        if known_methods.known(definition.name, method, database.profile.generation):
            yield f"the mock lacks the method {definition.name}.{printable(method)} of the business modules"
        return
    if not definition.auto and not has_query(registry, definition):
        yield f"the mock makes no rows of {definition.name}"
    if definition.name == "ir.module.module" and method in _INSTALLS:
        for module in _without_models(database, ids):
            yield f"the mock has no models of the module {printable(module)}: installing it changes only its state"
    yield from _not_kept(definition, arguments)
    told = dict.fromkeys(name for path, _ in shown(arguments) for name in _uncomputed(registry, definition, path))
    for name in told:
        yield f"the mock does not compute {name}, as the real server does"


def _not_kept(model: Model, arguments: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each field of which the mock drops the value that a call writes."""
    for name in dict.fromkeys(name for name in written(arguments) if isinstance(name, str)):
        field = model.fields.get(name)
        if field is not None and field.uncomputed and not field.column and not (field.x2many and field.store):
            yield f"the mock does not keep what is written to {model.name}.{name}"


def _without_models(database: Database, ids: Iterable[Any]) -> Iterator[str]:
    """Yield the names of the modules that are neither packs nor those of models that are loaded."""
    known = {*packs(), *(model.module for model in database.registry.values())}
    rows = database.store.rows("ir.module.module")
    for id_ in ids:
        name = rows[id_].get("name") if type(id_) is int and id_ in rows else None
        if name is not None and name not in known:
            yield name


def _missing_fields(database: Database, model: str, arguments: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each field along a path that is not there, with the pack or the version that has it."""
    for path, _ in mentioned(arguments):
        at = database.registry.get(model)
        for name in path.split(".") if isinstance(path, str) else ():
            field = at.fields.get(name) if at is not None else None
            if at is not None and field is None:
                told = field_hint(at, name, database.profile).removeprefix("; ") or "a fixture adds it"
                yield f"the mock has no field {printable(name)} of {at.name}: {told}"
            if field is None:
                break
            at = database.registry.get(field.comodel)


def has_query(registry: Registry, model: Model) -> bool:
    """Return whether a class makes the rows of a model without a table."""
    return registry.records(model.name)._query_rows is not registry.base._query_rows  # type: ignore[attr-defined]


def _uncomputed(registry: Registry, model: Model, path: Any) -> Iterator[str]:
    """Yield the fields along a path that the mock does not compute."""
    at: Model | None = model
    for name in path.split(".") if isinstance(path, str) else ():
        field = at.fields.get(name) if at is not None else None
        if at is None or field is None:
            return
        if field.uncomputed:
            yield f"{at.name}.{name}"
        at = registry.get(field.comodel)
