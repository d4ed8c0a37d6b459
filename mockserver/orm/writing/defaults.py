"""Default values: the context's `default_<field>`, those that users chose, the model's own, and computed ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Container, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from mockserver.orm.fields.base import Field
from mockserver.orm.fields.numbers import Boolean
from mockserver.orm.fields.relational import Many2one
from mockserver.orm.fields.texts import Char, Html
from mockserver.orm.query import field_rows
from mockserver.orm.query.company_defaults import CHOSEN, PROPERTY, company_default
from mockserver.orm.query.slots import current_company
from mockserver.orm.schema.composition import overridden
from mockserver.orm.writing.commands import SET

if TYPE_CHECKING:
    from mockserver.orm.records.environment import Environment, Recordset
    from mockserver.orm.schema.model import Model

_PLAIN = frozenset({bool, int, float, str})
# {METHOD: name}: the default is what a method of the model returns, such as `_default_categ_id`
METHOD = "method"
# the functions that {"call": name} in a fixture's defaults names
CALLS: dict[str, Callable[[Environment], Any]] = {}


def _call(name: str) -> Callable[[Callable[[Environment], Any]], Callable[[Environment], Any]]:
    def add(function: Callable[[Environment], Any]) -> Callable[[Environment], Any]:
        CALLS[name] = function
        return function

    return add


@_call("user")
def _user(env: Environment) -> int:
    return env.uid


@_call("company")
def _company(env: Environment) -> int | bool:
    company: Recordset = env.company
    return company.id


@_call("lang")
def _lang(env: Environment) -> str:
    return env.lang


@_call("now")
def _now(env: Environment) -> str:
    return env.db.clock.now()


@_call("today")
def _today(env: Environment) -> str:
    return env.db.clock.today().isoformat()


# what is called anew for each record: {field: (the empty records of the model whose default it is, the default)}
Called = dict[str, tuple["Recordset", Any]]


def defaults_for(records: Recordset, given: Container[str]) -> dict[str, Any]:
    """Return `{field: value}` for the fields that are not given and have a default.

    A given record that fields are inherited from keeps the values that it has.
    """
    found, called = _defaults(records, given)
    return found | _call_defaults(records, called)


def completed(records: Recordset, values: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the values of new records with the defaults that they lack.

    Only what a method gives is asked for each record, the rest once for all to which the same fields are given.  A
    `default_get` of the model's own is called for each record, with the names of the fields that lack a value.
    """
    if overridden(type(records), "default_get"):
        return [{**_own_defaults(records, given), **given} for given in values]
    known: dict[frozenset[str], tuple[dict[str, Any], Called]] = {}
    made = []
    for given in values:
        names = frozenset(given)
        if names not in known:
            known[names] = _defaults(records, names)
        found, called = known[names]
        made.append({**found, **_call_defaults(records, called), **given} if called else {**found, **given})
    return made


def _own_defaults(records: Recordset, given: Container[str]) -> dict[str, Any]:
    """Return what a `default_get` of the model's own gives for the fields that lack a value."""
    fields = records._model.fields
    found: Mapping[str, Any] = records.browse().default_get([name for name in fields if name not in given])
    return {name: _as_commands(fields[name], value) for name, value in found.items() if name in fields}


def _call_defaults(records: Recordset, called: Called) -> dict[str, Any]:
    fields = records._model.fields
    return {
        name: _as_commands(fields[name], default_value(owner, name, default))
        for name, (owner, default) in called.items()
    }


def _defaults(records: Recordset, given: Container[str]) -> tuple[dict[str, Any], Called]:
    """Return the defaults of fields that are not given, with the place of those that are called."""
    env, model = records.env, records._model
    found: dict[str, Any] = {}
    called: Called = {}
    parents = {comodel: many2one for comodel, many2one in model.inherits.items() if many2one in given}
    kept = _inherited_through(model, parents.values()) if parents else frozenset[str]()
    for comodel in model.inherits:
        if comodel in env and comodel not in parents:
            inner, inner_called = _defaults(env[comodel], given)
            found |= {n: v for n, v in inner.items() if n in model.inherited_fields}
            called |= {n: v for n, v in inner_called.items() if n in model.inherited_fields}
    mixed = (env.db.registry[mixin].defaults for mixin in reversed(model.mixins) if mixin in env)
    for name, default in {name: d for own in (*mixed, model.defaults) for name, d in own.items()}.items():
        if name in given or name not in model.fields:
            continue
        called.pop(name, None)
        if _is_called(default):
            found[name], called[name] = None, (records, default)
        else:
            plain = type(default) in _PLAIN
            found[name] = default if plain else _as_commands(model.fields[name], default_value(records, name, default))
    outside = chosen_defaults(env, model.name) if env.db.store.rows(CHOSEN) else {}
    for key, value in env.context.items():
        name = key.removeprefix("default_")
        if name != key and name not in kept:
            outside[name] = value
    for name, value in outside.items():
        if name not in given and name in model.fields:
            called.pop(name, None)
            found[name] = _as_commands(model.fields[name], value)
    return found, called


def property_defaults(records: Recordset, names: Iterable[str]) -> dict[str, Any]:
    """Return `{field: default}` for those of the fields that have one in `ir.property`, until 17.

    A new record need not be given them: they apply as long as it has no value of its own.
    """
    env, fields = records.env, records._model.fields
    if PROPERTY not in env or not env.db.store.rows(PROPERTY):
        return {}
    company = current_company(env)
    found = {n: company_default(env, fields[n], company) for n in names if n in fields and fields[n].company_dependent}
    return {name: value for name, value in found.items() if value is not None}


def _inherited_through(model: Model, parents: Collection[str]) -> frozenset[str]:
    """Return the names of the fields that a model inherits through these many2one fields."""
    fields = model.inherited_fields.values()
    return frozenset(f.name for f in fields if f.related and f.related.partition(".")[0] in parents)


def chosen_defaults(env: Environment, model: str, condition: str | None = None) -> dict[str, Any]:
    """Return `{field: default}` of `ir.default`: the user's own come first, then those of the company, then the oldest.

    Source: recorded in misc-config (17.0).
    """
    company = env.company.id
    if condition:  # which may be any text of a client
        return dict(_chosen_defaults(env, condition, company).get(model, ()))
    key = ("chosen defaults", env.uid, company)
    found = env.db.derived(key, (CHOSEN, field_rows.TABLE), lambda: _chosen_defaults(env, None, company))
    return dict(found.get(model, ()))


def _chosen_defaults(env: Environment, condition: str | None, company: int) -> dict[str, dict[str, Any]]:
    """Return `{model: {field: default}}`."""
    store = env.db.store
    rows = [
        row
        for row in store.in_order(CHOSEN)
        if row.get("user_id") in (None, env.uid)
        and row.get("company_id") in (None, company)
        and row.get("condition") == condition
    ]
    rows.sort(key=lambda row: (row.get("user_id") is None, row.get("company_id") is None))
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        model, name = field_rows.described(store, row["field_id"])
        found.setdefault(model, {}).setdefault(name, json.loads(row["json_value"]))
    return found


def discard(env: Environment, model: str, ids: Iterable[int]) -> None:
    """Delete the chosen defaults that are one of the deleted records."""
    store = env.db.store
    if store.rows(CHOSEN):
        for id_ in store.having(CHOSEN, "json_value", [str(id_) for id_ in ids]):
            owner, name = field_rows.described(store, store.rows(CHOSEN)[id_]["field_id"])
            field = env.db.registry[owner].fields.get(name) if owner in env.db.registry else None
            if isinstance(field, Many2one) and field.comodel == model:
                store.delete(CHOSEN, id_)


def _as_commands(field: Field, value: Any) -> Any:
    """Return a default as `create` takes it: ids become a command."""
    ids = field.x2many and isinstance(value, (list, tuple)) and value and all(type(item) is int for item in value)
    return [(SET, 0, list(value))] if ids else value


def form_value(field: Field, value: Any) -> Any:
    """Return a default as `default_get` gives it: converted, but for a selection, which is not checked."""
    if field.x2many:
        return _as_commands(field, value)
    text = isinstance(field, Char) and not isinstance(field, Html)  # markup is not cleaned here
    if field.dated or field.holds == "number" or isinstance(field, Boolean) or text:
        return field.to_read(field.to_store(value))
    return False if value is None else value


def _is_called(default: Any) -> bool:
    """Return whether a default is a function or names a method."""
    return METHOD in default if isinstance(default, dict) else callable(default)


def default_value(records: Recordset, name: str, default: Any) -> Any:
    """Return the value of a default, calling it if it is a function or `{"method": name}`; records become ids."""
    if not _is_called(default):
        return _resolved(records.env, default)
    empty = records.browse()
    value = getattr(empty, default[METHOD])() if isinstance(default, dict) else default(empty)
    if not hasattr(value, "_ids"):
        return value
    return value.id if isinstance(records._model.fields[name], Many2one) else [(6, 0, value.ids)]


def _resolved(env: Environment, default: Any) -> Any:
    if isinstance(default, dict):
        if set(default) == {"call"}:
            return CALLS[default["call"]](env)
        if set(default) == {"ref"}:
            target = env.ref(default["ref"], raise_if_not_found=False)
            return target.id if target else False
    if isinstance(default, list):
        return [_resolved(env, item) for item in default]
    return default
